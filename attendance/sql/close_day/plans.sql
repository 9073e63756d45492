-- The expectation of each of these people, held until the transaction ends: one at a time closes a person's day.
SELECT person_id, place, reasons::text
FROM attendance_dayplan
WHERE work_date = %(on)s AND person_id = ANY(%(people)s)
ORDER BY person_id
FOR NO KEY UPDATE
