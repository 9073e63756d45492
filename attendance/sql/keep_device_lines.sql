INSERT INTO attendance_deviceline (device_id, pin, local_time, number)
SELECT DISTINCT ON (pin, local_time) %(device)s, pin, local_time, number
FROM unnest(%(pins)s::text[], %(times)s::timestamptz[], %(numbers)s::text[]) AS given (pin, local_time, number)
ON CONFLICT (device_id, pin, local_time) DO NOTHING
