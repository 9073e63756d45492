-- The expectation of each of these people, held until the transaction ends: one at a time closes a person's day.
SELECT plan.person_id, plan.place, plan.reasons::text
FROM attendance_dayplan AS plan
JOIN roster_person AS person ON person.id = plan.person_id AND person.government_id = %(government)s
WHERE plan.work_date = %(on)s AND plan.person_id = ANY(%(people)s::bigint[])
  AND person.id = ANY(%(people)s::bigint[])  -- else the whole roster is read for each chunk
ORDER BY plan.person_id
FOR NO KEY UPDATE OF plan
