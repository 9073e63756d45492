-- What every unit is paid in a run and in the run before it, and where the difference comes from.
-- A person counts as stayed where both runs pay them in the same unit; the parts add up to paid - paid_before.
WITH now AS (
    SELECT person_id, coalesce(unit_id, 0) AS unit_id, unit_name, job_class, gross_rupiah, cuts_rupiah, supplements_rupiah,
        rapel_rupiah, held_rupiah, insurance_employee_rupiah + tax_own_rupiah - carried_over_rupiah AS taken_rupiah, net_rupiah
    FROM allowances_runinput WHERE run_id = %(run)s
), before AS (
    SELECT person_id, coalesce(unit_id, 0) AS unit_id, unit_name, job_class, gross_rupiah, cuts_rupiah, supplements_rupiah,
        rapel_rupiah, held_rupiah, insurance_employee_rupiah + tax_own_rupiah - carried_over_rupiah AS taken_rupiah, net_rupiah
    FROM allowances_runinput WHERE run_id = %(before)s
)
SELECT unit_id,
    coalesce(max(now.unit_name), max(before.unit_name)) AS unit_name,
    count(now.person_id) AS people,
    coalesce(sum(now.net_rupiah), 0) AS paid,
    coalesce(sum(before.net_rupiah), 0) AS paid_before,
    coalesce(sum(now.net_rupiah) FILTER (WHERE before.person_id IS NULL), 0) AS joined,
    count(*) FILTER (WHERE before.person_id IS NULL) AS joined_people,
    -coalesce(sum(before.net_rupiah) FILTER (WHERE now.person_id IS NULL), 0) AS gone,
    count(*) FILTER (WHERE now.person_id IS NULL) AS gone_people,
    coalesce(sum(now.gross_rupiah - before.gross_rupiah), 0) AS gross,
    count(*) FILTER (WHERE now.gross_rupiah <> before.gross_rupiah) AS gross_people,
    -coalesce(sum(now.cuts_rupiah - before.cuts_rupiah), 0) AS cuts,
    count(*) FILTER (WHERE now.cuts_rupiah <> before.cuts_rupiah) AS cuts_people,
    coalesce(sum(now.supplements_rupiah - before.supplements_rupiah), 0) AS supplements,
    count(*) FILTER (WHERE now.supplements_rupiah <> before.supplements_rupiah) AS supplements_people,
    coalesce(sum(now.rapel_rupiah - before.rapel_rupiah), 0) AS rapel,
    count(*) FILTER (WHERE now.rapel_rupiah <> before.rapel_rupiah) AS rapel_people,
    -coalesce(sum(now.held_rupiah - before.held_rupiah), 0) AS held,
    count(*) FILTER (WHERE now.held_rupiah <> before.held_rupiah) AS held_people,
    -coalesce(sum(now.taken_rupiah - before.taken_rupiah), 0) AS taken,
    count(*) FILTER (WHERE now.taken_rupiah <> before.taken_rupiah) AS taken_people
FROM now FULL JOIN before USING (person_id, unit_id)
GROUP BY unit_id
ORDER BY unit_name, unit_id
