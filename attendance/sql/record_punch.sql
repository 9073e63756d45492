-- One press: the receipt that stands already, else a new punch with its evidence, else why not.
WITH standing AS (
    SELECT 1 AS rank, at, receipt_number, receipt_code, work_date
    FROM attendance_punch
    WHERE person_id = %(person)s AND request_key = %(key)s
    UNION ALL
    -- The first arrival of a day counts, also when another page of the same day is pressed.
    SELECT 2, at, receipt_number, receipt_code, work_date
    FROM attendance_punch
    WHERE %(verb)s = 'in' AND verb = 'in' AND person_id = %(person)s AND work_date = %(work_date)s
    ORDER BY rank, at
    LIMIT 1
), plan AS (
    SELECT place FROM attendance_dayplan WHERE person_id = %(person)s AND work_date = %(work_date)s
), fresh AS (
    INSERT INTO attendance_punch (
        person_id, verb, at, work_date, source, request_key, receipt_number, receipt_code, issued_at, claimed_at,
        delivered_at, provisional, evidence_hash
    )
    SELECT %(person)s, %(verb)s, %(at)s, %(work_date)s, %(source)s, %(key)s, %(number)s, %(code)s, %(issued_at)s,
           %(claimed_at)s, %(delivered_at)s, %(provisional)s, %(hash)s
    FROM plan
    WHERE plan.place = ANY(%(expected)s) AND NOT EXISTS (SELECT FROM standing)
    ON CONFLICT (person_id, request_key) DO NOTHING
    RETURNING id, receipt_number, receipt_code, work_date
), proof AS (
    INSERT INTO attendance_punchevidence (punch_id, latitude, longitude, accuracy_m, network, device, expires_on)
    SELECT id, %(latitude)s, %(longitude)s, %(accuracy)s, %(network)s, %(device)s, %(expires_on)s
    FROM fresh WHERE %(has_evidence)s
)
SELECT kind, place, receipt_number, receipt_code, work_date FROM (
    SELECT 1 AS rank, 'repeated' AS kind, '' AS place, receipt_number, receipt_code, work_date FROM standing
    UNION ALL
    SELECT 2, 'recorded', '', receipt_number, receipt_code, work_date FROM fresh
    UNION ALL
    SELECT 3, CASE WHEN place = ANY(%(expected)s) THEN 'again' ELSE 'not_expected' END, place, '', '', %(work_date)s
    FROM plan
) AS answer
ORDER BY rank
LIMIT 1
