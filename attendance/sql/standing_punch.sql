-- Why a press was not written: the receipt that stands already, else what the plan says; nothing without a plan.
SELECT kind, place, receipt_number, receipt_code, work_date FROM (
    SELECT 1 AS rank, 'repeated' AS kind, '' AS place, receipt_number, receipt_code, work_date, at
    FROM attendance_punch
    WHERE person_id = %(person)s AND request_key = %(key)s
    UNION ALL
    SELECT 2, 'repeated', '', receipt_number, receipt_code, work_date, at
    FROM attendance_punch
    WHERE %(verb)s = 'in' AND verb = 'in' AND person_id = %(person)s AND work_date = %(work_date)s
    UNION ALL
    -- Expected after all: the plan was made between the two statements, so the press may try again.
    SELECT 3, CASE WHEN place = ANY(%(expected)s) THEN 'again' ELSE 'not_expected' END, place, '', '', work_date, NULL
    FROM attendance_dayplan
    WHERE person_id = %(person)s AND work_date = %(work_date)s
) AS answer
ORDER BY rank, at
LIMIT 1
