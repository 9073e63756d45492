-- Superior -> how many subordinates have no judgement for the month; on the last day that the month had.
SELECT below.superior_id, count(*)
FROM (
    SELECT unit.head_id AS superior_id, post.person_id
    FROM roster_unitdecision AS unit
    JOIN roster_assignment AS post
        ON post.unit_id = unit.unit_id AND post.kind = 'definitive' AND post.superseded_at IS NULL
       AND post.valid_from <= %(last)s AND (post.valid_to IS NULL OR post.valid_to > %(last)s)
    WHERE unit.superseded_at IS NULL AND unit.valid_from <= %(last)s
      AND (unit.valid_to IS NULL OR unit.valid_to > %(last)s) AND unit.head_id IS NOT NULL
    UNION
    SELECT unit.head_id, child.head_id
    FROM roster_unitdecision AS unit
    JOIN roster_unitdecision AS child
        ON child.parent_id = unit.unit_id AND child.superseded_at IS NULL AND child.valid_from <= %(last)s
       AND (child.valid_to IS NULL OR child.valid_to > %(last)s) AND child.head_id IS NOT NULL
    WHERE unit.superseded_at IS NULL AND unit.valid_from <= %(last)s
      AND (unit.valid_to IS NULL OR unit.valid_to > %(last)s) AND unit.head_id IS NOT NULL
) AS below
JOIN roster_person AS superior ON superior.id = below.superior_id AND superior.government_id = %(government)s
WHERE below.person_id <> below.superior_id
  AND below.superior_id = ANY(%(people)s)
  AND NOT EXISTS (
      SELECT FROM performance_behaviour AS judged
      WHERE judged.person_id = below.person_id AND judged.month = %(month)s
  )
  AND NOT EXISTS (
      SELECT FROM performance_monthscore AS brought
      WHERE brought.person_id = below.person_id AND brought.month = %(month)s AND brought.source = 'ekinerja'
        AND brought.predicate <> ''
  )
  AND NOT EXISTS (
      SELECT FROM roster_personstatus AS standing
      WHERE standing.person_id = below.person_id AND standing.superseded_at IS NULL AND NOT standing.is_active
        AND standing.valid_from <= %(last)s AND (standing.valid_to IS NULL OR standing.valid_to > %(last)s)
  )
GROUP BY below.superior_id
