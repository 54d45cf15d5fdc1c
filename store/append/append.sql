
#variable_conflict use_column
DECLARE
  said jsonb := new_line::jsonb;
  named jsonb := changed::jsonb;
  of_program lifecycle.program;
  one lifecycle.agreement;
  is_new boolean := at_n = 0;
  moves boolean := said ->> 'to' IS NOT NULL;
  is_refused boolean := said ->> 'event' = 'refused';
BEGIN
  written := 0;
  SELECT * INTO of_program FROM lifecycle.program WHERE id = at_program;
  policy_now := of_program.policy;
  roles_now := of_program.roles;
  IF at_policy IS NOT NULL AND (at_policy, at_roles) IS DISTINCT FROM (policy_now, roles_now) THEN
    RETURN;
  END IF;
  SELECT * INTO one FROM lifecycle.agreement
    WHERE program_id = at_program AND key = at_stream FOR NO KEY UPDATE;
  IF (coalesce(one.version, 0), coalesce(one.n, 0)) <> (at_version, at_n) THEN
    RETURN;
  END IF;
  PERFORM lifecycle.insist_form(of_program, at_stream, at_n, one.head, said);
  IF NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
    PERFORM lifecycle.insist_right(of_program, at_stream, one.approvals, said);
    IF is_refused OR named ?| ARRAY['approvals', 'waivers', 'voided'] THEN
      PERFORM lifecycle.insist_brought(one, said, named);
    END IF;
  END IF;
  IF NOT coalesce(CASE said ->> 'event'
    WHEN 'transitioned' THEN said ->> 'from' = one.state
      AND concat_ws('|', said ->> 'trigger', said ->> 'from', said ->> 'to') = ANY (@MOVES@)
    WHEN 'created' THEN is_new AND said ->> 'from' IS NULL AND said ->> 'to' = 'proposal'
    WHEN 'taken_over' THEN is_new AND said ->> 'from' IS NULL AND said ->> 'to' = ANY (@ENTERED@)
    WHEN 'refused' THEN NOT (is_new OR moves) AND coalesce(said ->> 'from', one.state) = one.state
    WHEN 'corrected' THEN NOT is_new AND CASE WHEN moves THEN said ->> 'from' = one.state
      -- Back along the last transition that stands.
      AND EXISTS (SELECT FROM lifecycle.entry AS last WHERE last.program_id = at_program
        AND last.stream = at_stream AND last.n = one.moved_n
        AND last.line::jsonb ->> 'to' = one.state AND last.line::jsonb ->> 'from' = said ->> 'to')
      ELSE said ->> 'from' IS NULL END
    ELSE NOT (is_new OR moves) AND said ->> 'from' IS NULL
      AND said ->> 'event' = ANY (@OF_AGREEMENT@)
    END, false) THEN
    RAISE EXCEPTION 'from %, % does not lead where the line says', coalesce(one.state, 'nowhere'),
      coalesce(said ->> 'trigger', said ->> 'event') USING ERRCODE = 'LC002';
  END IF;
  IF (said ->> 'version')::bigint - at_version IS NULL OR (said ->> 'version')::bigint - at_version
    <> ALL (CASE WHEN is_refused THEN ARRAY[0] WHEN moves THEN ARRAY[1] ELSE ARRAY[0, 1] END) THEN
    RAISE EXCEPTION 'the line says another version than it makes' USING ERRCODE = 'LC002';
  END IF;
  one := jsonb_populate_record(one, named - @OWN@);
  one.program_id := at_program;
  one.key := at_stream;
  one.version := (said ->> 'version')::bigint;
  one.n := at_n + 1;
  one.head := encode(sha256(convert_to(new_line, 'UTF8')), 'hex');
  IF moves THEN
    one.state := said ->> 'to';
    one.moved_n := CASE said ->> 'event' WHEN 'transitioned' THEN one.n ELSE 0 END;
  END IF;
  IF said ->> 'document' IS NOT NULL AND NOT is_refused THEN
    one.document := said ->> 'document';
    one.document_version := one.version;
  END IF;
  IF is_new THEN
    one.moved_n := 0;
    INSERT INTO lifecycle.agreement SELECT one.*;
  ELSE
    UPDATE lifecycle.agreement SET @SET@
      WHERE program_id = at_program AND key = at_stream;
  END IF;
  INSERT INTO lifecycle.entry (program_id, stream, n, line, idempotency_key)
    VALUES (at_program, at_stream, one.n, new_line, CASE WHEN NOT is_refused THEN said ->> 'key' END);
  IF at_term IS NOT NULL THEN
    UPDATE lifecycle.term AS t
      SET (starts, ends, signed_on, activated_on, concluded_on, concluded_by) = (
        SELECT r.starts, r.ends, r.signed_on, r.activated_on, r.concluded_on, r.concluded_by
        FROM jsonb_populate_record(t, of_term::jsonb - ARRAY['program_id', 'key', 'term']) AS r)
      WHERE t.program_id = at_program AND t.key = at_stream AND t.term = at_term;
  END IF;
  written := 1;
END
