-- Where everybody is expected: few different plans, each written once; a plan that stands unchanged is left alone.
INSERT INTO attendance_dayplan (work_date, planned_at, person_id, place, reasons)
SELECT %(on)s, %(at)s, given.person_id, plan.place, plan.reasons
FROM unnest(%(people)s::bigint[], %(plans)s::bigint[]) AS given (person_id, number)
JOIN unnest(%(places)s::text[], %(reasons)s::jsonb[]) WITH ORDINALITY AS plan (place, reasons, number)
    ON plan.number = given.number
ORDER BY given.person_id
ON CONFLICT (person_id, work_date) DO UPDATE
SET place = EXCLUDED.place, reasons = EXCLUDED.reasons, planned_at = EXCLUDED.planned_at
WHERE attendance_dayplan.place <> EXCLUDED.place OR attendance_dayplan.reasons <> EXCLUDED.reasons
