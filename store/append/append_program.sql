
#variable_conflict use_column
DECLARE
  said jsonb := new_line::jsonb;
  named jsonb := changed::jsonb;
  one lifecycle.program;
  what text := said ->> 'event';
BEGIN
  SELECT * INTO one FROM lifecycle.program WHERE id = at_program FOR NO KEY UPDATE;
  PERFORM lifecycle.insist_form(one, 0, one.n, one.head, said);
  IF NOT what = ANY (@OF_PROGRAM@) OR (said ->> 'from', said ->> 'to', said ->> 'version')
    IS DISTINCT FROM (NULL::text, NULL::text, NULL::text) THEN
    RAISE EXCEPTION '% is nothing that happens to a program', what USING ERRCODE = 'LC002';
  END IF;
  IF (SELECT array_agg(name) FROM jsonb_object_keys(named) AS name) IS DISTINCT FROM
    (CASE what WHEN 'role_changed' THEN ARRAY['roles'] WHEN 'policy_adopted' THEN ARRAY['time_zone']
    END) THEN
    RAISE EXCEPTION 'a line of % puts nothing else in force', what USING ERRCODE = 'LC002';
  END IF;
  IF NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
    PERFORM lifecycle.insist_right(one, 0, '[]', said);
    PERFORM lifecycle.insist_others(one, said, named);
  END IF;
  IF what = 'policy_adopted' THEN
    IF NOT EXISTS (SELECT FROM lifecycle.policy AS p WHERE p.program_id = at_program
      AND p.digest = said ->> 'policy'
      AND p.digest = encode(sha256(convert_to(p.body, 'UTF8')), 'hex')) THEN
      RAISE EXCEPTION 'there is no such policy as the line adopts' USING ERRCODE = 'LC002';
    END IF;
    INSERT INTO lifecycle.adoption (program_id, n, digest, effective_on)
      VALUES (at_program, one.n + 1, said ->> 'policy', said ->> 'effective_on');
    one.policy := said ->> 'policy';
  END IF;
  UPDATE lifecycle.program SET n = one.n + 1,
    head = encode(sha256(convert_to(new_line, 'UTF8')), 'hex'), policy = one.policy,
    roles = coalesce(named ->> 'roles', one.roles),
    time_zone = coalesce(named ->> 'time_zone', one.time_zone)
    WHERE id = at_program;
  INSERT INTO lifecycle.entry (program_id, stream, n, line, idempotency_key)
    VALUES (at_program, 0, one.n + 1, new_line, CASE WHEN what <> 'refused' THEN said ->> 'key' END);
  written := 1;
END
