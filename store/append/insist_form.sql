
DECLARE
  number text := (at_stream % 1000000)::text;
  ref text := CASE WHEN at_stream > 0 THEN of_program.code || '-'
    || lpad((at_stream / 1000000)::text, 4, '0') || '-'
    || lpad(number, greatest(3, length(number)), '0') END;
  who text := said #>> '{actor,id}';
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a line is written in a transaction that sees what is committed'
      USING ERRCODE = 'LC002';
  END IF;
  IF of_program.id IS NULL THEN
    RAISE EXCEPTION 'there is no such program' USING ERRCODE = 'LC002';
  END IF;
  IF (said ->> 'program', said ->> 'agreement', said ->> 'sandbox')
    IS DISTINCT FROM (of_program.code, ref, of_program.sandbox::text) THEN
    RAISE EXCEPTION 'the line is one of another stream than %', coalesce(ref, of_program.code)
      USING ERRCODE = 'LC002';
  END IF;
  IF (said ->> 'n', said ->> 'prev') IS DISTINCT FROM ((at_n + 1)::text, at_head) THEN
    RAISE EXCEPTION 'the line is not the next one of %', coalesce(ref, of_program.code)
      USING ERRCODE = 'LC002';
  END IF;
  IF said ->> 'outcome' IS DISTINCT FROM
    (CASE WHEN said ->> 'event' = 'refused' THEN 'refused' ELSE 'ok' END) THEN
    RAISE EXCEPTION 'the line says another end than it reports' USING ERRCODE = 'LC002';
  END IF;
  IF said #>> '{actor,how}' = 'database' AND who IS DISTINCT FROM session_user THEN
    RAISE EXCEPTION 'the line speaks for %, and % is connected', who, session_user
      USING ERRCODE = 'LC002';
  END IF;
END
