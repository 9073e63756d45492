SELECT person_id,
       (array_agg(claimed_time ORDER BY decided_at DESC) FILTER (WHERE verb = 'in' AND state = 'approved'))[1],
       (array_agg(claimed_time ORDER BY decided_at DESC) FILTER (WHERE verb = 'out' AND state = 'approved'))[1],
       bool_or(state = 'requested')
FROM attendance_correction
WHERE work_date = %(on)s AND person_id = ANY(%(people)s::bigint[])
GROUP BY person_id
