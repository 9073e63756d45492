-- Each person's presses of one day; times are the office's wall clock.
SELECT person_id,
       min(clock) FILTER (WHERE verb = 'in'),
       max(clock) FILTER (WHERE verb = 'out'),
       array_agg(clock ORDER BY clock) FILTER (WHERE verb = 'unknown'),
       bool_or(provisional)
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
    WHERE punch.work_date = %(on)s AND punch.person_id = ANY(%(people)s::bigint[])
    OFFSET 0  -- the clock of a press is worked out once, not once for each thing that asks for it
) AS read
GROUP BY person_id
