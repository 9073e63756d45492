SELECT person_id, kind, %(on)s::date - valid_from + 1
FROM attendance_absence
WHERE person_id = ANY(%(people)s::bigint[]) AND state = 'approved' AND valid_from <= %(on)s AND valid_to > %(on)s
