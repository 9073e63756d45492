SELECT person_id FROM attendance_ceremony WHERE "on" = %(on)s AND person_id = ANY(%(people)s::bigint[])
