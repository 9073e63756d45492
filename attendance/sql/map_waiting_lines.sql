UPDATE attendance_deviceline AS line
SET number = (
    SELECT pin.number FROM attendance_devicepin AS pin
    WHERE pin.device_id = line.device_id AND pin.pin = line.pin
      AND pin.valid_from <= (line.local_time AT TIME ZONE %(zone)s)::date
    ORDER BY pin.valid_from DESC LIMIT 1
)
WHERE line.device_id = %(device)s AND line.number = '' AND EXISTS (
    SELECT FROM attendance_devicepin AS pin
    WHERE pin.device_id = line.device_id AND pin.pin = line.pin
      AND pin.valid_from <= (line.local_time AT TIME ZONE %(zone)s)::date
)
