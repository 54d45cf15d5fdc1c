
DECLARE
  who text := said #>> '{actor,id}';
  before jsonb := of_program.roles::jsonb;
  after jsonb := (named ->> 'roles')::jsonb;
BEGIN
  -- In a sandbox, until the first grant, one person is enough for everything.
  IF of_program.sandbox AND of_program.roles = '[]' THEN
    RETURN;
  END IF;
  IF said ->> 'event' = 'role_changed' AND (1 IS DISTINCT FROM (
    SELECT count(DISTINCT (held ->> 'name') || ' ' || (held ->> 'role')) FROM (
      (SELECT jsonb_array_elements(before) EXCEPT SELECT jsonb_array_elements(after))
      UNION ALL (SELECT jsonb_array_elements(after) EXCEPT SELECT jsonb_array_elements(before))
    ) AS differing (held)
  ) OR EXISTS (
    SELECT FROM jsonb_array_elements(after) AS held WHERE held ->> 'name' = who
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(before) AS known WHERE known = held)
  )) THEN
    RAISE EXCEPTION 'a line changes one role, and grants none to who writes it'
      USING ERRCODE = 'LC002';
  END IF;
  IF said ->> 'event' = 'policy_adopted' AND (said ->> 'approver' = who OR NOT EXISTS (
    SELECT FROM lifecycle.entry AS given
    WHERE given.program_id = of_program.id AND given.stream = 0
      AND given.n > (SELECT coalesce(max(last.n), 0) FROM lifecycle.adoption AS last
        WHERE last.program_id = of_program.id)
      AND given.line::jsonb ->> 'event' = 'approved'
      AND given.line::jsonb #>> '{actor,id}' = said ->> 'approver'
  )) THEN
    RAISE EXCEPTION 'nobody else has approved a policy since the last one was adopted'
      USING ERRCODE = 'LC002';
  END IF;
END
