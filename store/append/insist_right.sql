
DECLARE
  who text := said #>> '{actor,id}';
  event text := said ->> 'event';
  what text := coalesce(said ->> 'trigger', event);
  role text := said ->> 'role';
  today text := to_char(CASE WHEN of_program.sandbox THEN (said ->> 'recorded_at')::timestamptz
    ELSE clock_timestamp() END AT TIME ZONE of_program.time_zone, 'YYYY-MM-DD');
BEGIN
  IF NOT of_program.sandbox AND said #>> '{actor,how}' IS DISTINCT FROM 'database' THEN
    RAISE EXCEPTION 'the line says that % acted, which the database has not proved', who
      USING ERRCODE = 'LC002';
  END IF;
  IF event = 'refused' THEN
    RETURN;
  END IF;
  IF event = 'restored' THEN
    RAISE EXCEPTION 'only who owns a database restores it' USING ERRCODE = 'LC002';
  END IF;
  IF role IS NULL THEN
    RAISE EXCEPTION '% would do % in no role', who, what USING ERRCODE = 'LC002';
  END IF;
  -- In a sandbox everybody has every role, until the first grant.
  IF NOT (of_program.sandbox AND of_program.roles = '[]') AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(of_program.roles::jsonb) AS held
    WHERE held ->> 'name' = who AND held ->> 'role' = role
      AND (held ->> 'until' IS NULL OR held ->> 'until' >= today)
  ) THEN
    RAISE EXCEPTION '% does not hold the role % today', who, role USING ERRCODE = 'LC002';
  END IF;
  IF event = 'waived' THEN
    -- Whose a waiver is, the policy says.
    NULL;
  ELSIF (CASE event WHEN 'transitioned' THEN what || '|' || role = ANY (@PULLERS@)
    WHEN 'corrected' THEN role = 'decider' OR role = 'staff' AND said ->> 'to' IS NULL
    ELSE event || '|' || role = ANY (@DOERS@) END) THEN
    NULL;
  ELSIF (CASE event WHEN 'transitioned' THEN what ELSE event END) = ANY (@DECIDED@) AND (
    said ->> 'approver' IS NOT NULL AND role IN ('staff', 'decider')
    OR said ->> 'on_behalf_of' IS NOT NULL AND said ->> 'item' IS NOT NULL
  ) THEN
    -- Which roles record what a body decided, the policy says.
    NULL;
  ELSE
    RAISE EXCEPTION 'the role % may not do %', role, what USING ERRCODE = 'LC002';
  END IF;
  IF said ->> 'approver' IS NULL OR at_stream = 0 THEN
    RETURN;
  END IF;
  IF said ->> 'approver' = who AND event = ANY (@WRITING@) OR NOT EXISTS (
    SELECT FROM jsonb_array_elements(standing_approvals::jsonb) AS given
    WHERE given ->> 'by' = said ->> 'approver'
      AND given ->> 'deed' = (@APPROVED_AS@)
  ) THEN
    RAISE EXCEPTION 'no approval of % by % stands', what, said ->> 'approver'
      USING ERRCODE = 'LC002';
  END IF;
END
