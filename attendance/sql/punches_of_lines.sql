-- The punch's key is made of device, PIN and second: sent again, it is the same punch.
WITH waiting AS (
    SELECT line.id, number.person_id, line.local_time,
           'device:' || device.code || ':' || line.pin || ':' || extract(epoch FROM line.local_time)::bigint AS key
    FROM attendance_deviceline AS line
    JOIN attendance_device AS device ON device.id = line.device_id AND device.government_id = %(government)s
    JOIN roster_number AS number
        ON number.government_id = %(government)s AND number.number = line.number
       AND (number.valid_to IS NULL OR number.valid_to > (line.local_time AT TIME ZONE %(zone)s)::date)
    WHERE line.punch_id IS NULL AND line.number <> ''
), fresh AS (
    INSERT INTO attendance_punch (
        person_id, verb, at, work_date, source, request_key, receipt_number, receipt_code, delivered_at, provisional,
        evidence_hash
    )
    SELECT person_id, 'unknown', local_time, (local_time AT TIME ZONE %(zone)s)::date, 'device', key, '', '',
           %(at)s, false, ''
    FROM waiting
    ON CONFLICT (person_id, request_key) DO NOTHING
    RETURNING id, person_id, request_key
)
UPDATE attendance_deviceline AS line
SET punch_id = fresh.id
FROM waiting JOIN fresh ON fresh.person_id = waiting.person_id AND fresh.request_key = waiting.key
WHERE line.id = waiting.id
