-- A score that did not change keeps the time at which it was computed; an imported one is never overwritten.
INSERT INTO performance_monthscore AS stored
    (month, computed_at, source, person_id, score_bp, result, behaviour, predicate, unrated_subordinates)
SELECT %(month)s, %(at)s, 'portal', score.*
FROM unnest(
    %(people)s::bigint[], %(scores)s::int[], %(results)s::text[], %(behaviours)s::text[], %(predicates)s::text[],
    %(unrated)s::int[]
) AS score
ON CONFLICT (person_id, month) DO UPDATE
SET score_bp = EXCLUDED.score_bp, result = EXCLUDED.result, behaviour = EXCLUDED.behaviour,
    predicate = EXCLUDED.predicate, unrated_subordinates = EXCLUDED.unrated_subordinates,
    computed_at = EXCLUDED.computed_at
WHERE stored.source = 'portal'
  AND (stored.score_bp, stored.result, stored.behaviour, stored.predicate, stored.unrated_subordinates)
      IS DISTINCT FROM
      (EXCLUDED.score_bp, EXCLUDED.result, EXCLUDED.behaviour, EXCLUDED.predicate, EXCLUDED.unrated_subordinates)
