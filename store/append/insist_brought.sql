
DECLARE
  part record;
BEGIN
  IF said ->> 'event' = 'refused' AND EXISTS (
    SELECT FROM jsonb_object_keys(named) AS name
    WHERE name NOT IN ('version', 'n', 'head', 'refusal')
      AND (one.deferred IS NULL OR name NOT IN ('due', 'due_rule', 'counted'))
  ) THEN
    RAISE EXCEPTION 'a refusal moves nothing' USING ERRCODE = 'LC002';
  END IF;
  IF named ? 'voided' AND said ->> 'event' <> 'voided' AND named ->> 'voided' IS NOT NULL THEN
    RAISE EXCEPTION 'nothing but voiding makes an agreement void' USING ERRCODE = 'LC002';
  END IF;
  -- What was given before may go; what is new is given by this line.
  FOR part IN SELECT * FROM (VALUES
    ('approvals', 'approved', one.approvals), ('waivers', 'waived', one.waivers)
  ) AS parts (name, event, before) LOOP
    IF named ->> part.name <> '[]' AND EXISTS (
      SELECT FROM jsonb_array_elements((named ->> part.name)::jsonb) AS given
      WHERE NOT EXISTS (
        SELECT FROM jsonb_array_elements(part.before::jsonb) AS known WHERE known = given
      ) AND (said ->> 'event', said #>> '{actor,id}', said ->> 'n')
        IS DISTINCT FROM (part.event, given ->> 'by', given ->> 'n')
    ) THEN
      RAISE EXCEPTION '% would stand that nobody gave', part.name USING ERRCODE = 'LC002';
    END IF;
  END LOOP;
END
