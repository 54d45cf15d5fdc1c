
#variable_conflict use_column
BEGIN
  IF NOT pg_has_role(session_user, current_user, 'MEMBER') AND NOT EXISTS (
    SELECT FROM lifecycle.program AS p JOIN lifecycle.entry AS e
      ON e.program_id = p.id AND e.stream = 0 AND e.n = p.n
    WHERE p.id = at_program AND e.line::jsonb ->> 'event' = 'policy_adopted'
      AND (p.sandbox OR e.line::jsonb #>> '{actor,id}' = session_user)
  ) THEN
    RAISE EXCEPTION 'what a policy derives is derived anew by who adopts it'
      USING ERRCODE = 'LC002';
  END IF;
  UPDATE lifecycle.agreement AS a SET due = r.due, due_rule = r.due_rule, counted = r.counted
    FROM jsonb_to_recordset(rows::jsonb) AS r
      (key bigint, version bigint, n bigint, due text, due_rule text, counted boolean)
    WHERE a.program_id = at_program AND a.key = r.key AND a.version = r.version AND a.n = r.n;
  GET DIAGNOSTICS written = ROW_COUNT;
END
