SELECT post.person_id, post.unit_id, unit.calendar, unit.service_kind, unit.building_id
FROM roster_assignment AS post
LEFT JOIN roster_unitdecision AS unit
    ON unit.unit_id = post.unit_id AND unit.superseded_at IS NULL
   AND unit.valid_from <= %(on)s AND (unit.valid_to IS NULL OR unit.valid_to > %(on)s)
WHERE post.person_id = ANY(%(people)s::bigint[]) AND post.kind = 'definitive' AND post.superseded_at IS NULL
  AND post.valid_from <= %(on)s AND (post.valid_to IS NULL OR post.valid_to > %(on)s)
