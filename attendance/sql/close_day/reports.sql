SELECT person_id, (delivered_at AT TIME ZONE %(zone)s)::date, verdict, planned_at IS NOT NULL
FROM attendance_workreport
WHERE work_date = %(on)s AND person_id = ANY(%(people)s::bigint[])
