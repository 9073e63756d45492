-- Everyone's grouped punches of one day with their expectation; times are the office's wall clock.
SELECT plan.person_id, plan.place, plan.reasons, post.unit_id, unit.calendar, unit.service_kind, unit.building_id,
       taps.first_in, taps.last_out, taps.device, taps.provisional,
       fix.in_time, fix.out_time, fix.pending,
       away.kind, %(on)s::date - away.valid_from + 1,
       report.delivered_on, report.verdict, report.planned, report.id IS NOT NULL,
       ceremony.id IS NOT NULL
FROM attendance_dayplan AS plan
LEFT JOIN roster_assignment AS post
    ON post.person_id = plan.person_id AND post.kind = 'definitive' AND post.superseded_at IS NULL
   AND post.valid_from <= %(on)s AND (post.valid_to IS NULL OR post.valid_to > %(on)s)
LEFT JOIN roster_unitdecision AS unit
    ON unit.unit_id = post.unit_id AND unit.superseded_at IS NULL
   AND unit.valid_from <= %(on)s AND (unit.valid_to IS NULL OR unit.valid_to > %(on)s)
LEFT JOIN (
    SELECT person_id,
           min(clock) FILTER (WHERE verb = 'in') AS first_in,
           max(clock) FILTER (WHERE verb = 'out') AS last_out,
           array_agg(clock ORDER BY clock) FILTER (WHERE verb = 'unknown') AS device,
           bool_or(provisional) AS provisional
    FROM (
        -- A queued press counts at its claimed time when an outage was declared for that time, even afterwards.
        SELECT punch.person_id, punch.verb, punch.provisional,
               ((CASE WHEN punch.source = 'offline' AND EXISTS (
                    SELECT FROM attendance_outage AS outage
                    WHERE outage.government_id = %(government)s AND outage.building_id IS NULL
                      AND punch.claimed_at >= outage.starts_at AND punch.claimed_at < outage.ends_at
                      AND punch.claimed_at >= punch.issued_at - interval '2 minutes'
                 ) THEN least(punch.claimed_at, punch.at) ELSE punch.at END) AT TIME ZONE %(zone)s)::time AS clock
        FROM attendance_punch AS punch
        WHERE punch.work_date = %(on)s
    ) AS read
    GROUP BY person_id
) AS taps ON taps.person_id = plan.person_id
LEFT JOIN (
    SELECT person_id,
           (array_agg(claimed_time ORDER BY decided_at DESC) FILTER (WHERE verb = 'in' AND state = 'approved'))[1]
               AS in_time,
           (array_agg(claimed_time ORDER BY decided_at DESC) FILTER (WHERE verb = 'out' AND state = 'approved'))[1]
               AS out_time,
           bool_or(state = 'requested') AS pending
    FROM attendance_correction WHERE work_date = %(on)s GROUP BY person_id
) AS fix ON fix.person_id = plan.person_id
LEFT JOIN attendance_absence AS away
    ON away.person_id = plan.person_id AND away.state = 'approved' AND away.valid_from <= %(on)s
   AND away.valid_to > %(on)s
LEFT JOIN (
    SELECT id, person_id, (delivered_at AT TIME ZONE %(zone)s)::date AS delivered_on, verdict,
           planned_at IS NOT NULL AS planned
    FROM attendance_workreport WHERE work_date = %(on)s
) AS report ON report.person_id = plan.person_id
LEFT JOIN attendance_ceremony AS ceremony ON ceremony.person_id = plan.person_id AND ceremony."on" = %(on)s
JOIN roster_person AS person ON person.id = plan.person_id AND person.government_id = %(government)s
WHERE plan.work_date = %(on)s AND plan.place <> 'off'
  AND (%(people)s::bigint[] IS NULL OR plan.person_id = ANY(%(people)s))
ORDER BY plan.person_id
