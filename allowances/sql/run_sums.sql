-- One run: people, nets and lines summed up, who gets nothing or has no account, and whether another month was locked.
SELECT rows.people, rows.net, (SELECT coalesce(sum(amount_rupiah), 0) FROM allowances_line WHERE run_id = %(run)s),
       rows.zero_count, rows.without_account,
       EXISTS (
           SELECT FROM allowances_run AS other
           WHERE other.government_id = %(government)s AND other.kind = 'regular' AND other.id <> %(run)s
             AND other.locked_at > rows.read_at
       )
FROM (
    SELECT count(*) AS people, coalesce(sum(net_rupiah), 0) AS net, min(read_at) AS read_at,
           count(*) FILTER (WHERE net_rupiah = 0) AS zero_count,
           count(*) FILTER (WHERE bank_account = '' AND net_rupiah > 0) AS without_account
    FROM allowances_runinput WHERE run_id = %(run)s
) AS rows
