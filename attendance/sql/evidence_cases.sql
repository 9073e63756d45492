WITH press AS (
    SELECT punch.id, punch.person_id, punch.at, punch.work_date, proof.latitude, proof.longitude,
           proof.punch_id IS NULL AS bare
    FROM attendance_punch AS punch
    JOIN roster_person AS person ON person.id = punch.person_id AND person.government_id = %(government)s
    LEFT JOIN attendance_punchevidence AS proof ON proof.punch_id = punch.id
    WHERE punch.source IN ('browser', 'offline') AND punch.work_date BETWEEN %(on)s::date - 30 AND %(on)s
), today AS (
    SELECT * FROM press WHERE work_date = %(on)s
), step AS (
    SELECT person_id, work_date, at, latitude, longitude,
           lag(at) OVER ahead AS before_at, lag(latitude) OVER ahead AS before_latitude,
           lag(longitude) OVER ahead AS before_longitude
    FROM press WHERE latitude IS NOT NULL
    WINDOW ahead AS (PARTITION BY person_id ORDER BY at)
), found AS (
    SELECT person_id, 'missing' AS kind, 'Absen tanpa bukti pendukung apa pun.' AS detail FROM today WHERE bare
    UNION
    SELECT today.person_id, 'copied', 'Titik lokasi sama persis sampai desimal keenam dengan hari sebelumnya.'
    FROM today JOIN press ON press.person_id = today.person_id AND press.work_date < today.work_date
     AND press.latitude = today.latitude AND press.longitude = today.longitude
    UNION
    SELECT today.person_id, 'shared', 'Titik lokasi yang sama dipakai banyak orang pada hari ini.'
    FROM today JOIN (
        SELECT latitude, longitude FROM today WHERE latitude IS NOT NULL
        GROUP BY latitude, longitude HAVING count(DISTINCT person_id) >= %(many)s
    ) AS crowd ON crowd.latitude = today.latitude AND crowd.longitude = today.longitude
    UNION
    SELECT person_id, 'too_fast', 'Jarak dari absen sebelumnya tidak mungkin ditempuh dalam waktu itu.'
    FROM step
    WHERE work_date = %(on)s AND before_at IS NOT NULL
      AND 2 * 6371 * asin(sqrt(least(1,
            power(sin(radians(latitude - before_latitude) / 2), 2)
            + cos(radians(before_latitude)) * cos(radians(latitude))
              * power(sin(radians(longitude - before_longitude) / 2), 2))))
          > 5 + %(fastest)s * extract(epoch FROM at - before_at) / 3600
)
INSERT INTO attendance_evidencecase (person_id, work_date, kind, detail, opened_at, decision)
SELECT person_id, %(on)s, kind, detail, %(at)s, '' FROM found
ON CONFLICT (person_id, work_date, kind) DO NOTHING
