-- One press, written with its evidence where a plan expects it and nothing stands in its place: one row, else none.
WITH fresh AS (
    INSERT INTO attendance_punch (
        person_id, verb, at, work_date, source, request_key, receipt_number, receipt_code, issued_at, claimed_at,
        delivered_at, provisional, evidence_hash
    )
    SELECT %(person)s, %(verb)s, %(at)s, %(work_date)s, %(source)s, %(key)s, %(number)s, %(code)s, %(issued_at)s,
           %(claimed_at)s, %(delivered_at)s, %(provisional)s, %(hash)s
    FROM attendance_dayplan
    WHERE person_id = %(person)s AND work_date = %(work_date)s AND place = ANY(%(expected)s)
        -- The first arrival of a day counts, also when another page of the same day is pressed.
        AND NOT EXISTS (
            SELECT FROM attendance_punch
            WHERE %(verb)s = 'in' AND verb = 'in' AND person_id = %(person)s AND work_date = %(work_date)s
        )
    ON CONFLICT (person_id, request_key) DO NOTHING
    RETURNING id
), proof AS (
    INSERT INTO attendance_punchevidence (punch_id, latitude, longitude, accuracy_m, network, device, expires_on)
    SELECT id, %(latitude)s, %(longitude)s, %(accuracy)s, %(network)s, %(device)s, %(expires_on)s
    FROM fresh WHERE %(has_evidence)s
)
SELECT id FROM fresh
