"""Who held which post, class and standing in a month: one statement for a whole government, or for a chunk of it.

Every part of the statement is narrowed to the people asked for, so that a chunk costs what a chunk is.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from core.among import Among
from core.period import next_month
from roster.models import Assignment, Government

_SEGMENTS = """
WITH active AS (
    SELECT DISTINCT ON (person_id) person_id, employment, rank FROM roster_personstatus
    WHERE superseded_at IS NULL AND is_active AND valid_from < %(next)s AND (valid_to IS NULL OR valid_to > %(first)s)
        AND (%(people)s::bigint[] IS NULL OR person_id = ANY(%(people)s::bigint[]))
    ORDER BY person_id, valid_from DESC
), standing AS (
    SELECT DISTINCT person_id FROM roster_personstatus
    WHERE superseded_at IS NULL AND valid_from < %(next)s AND (valid_to IS NULL OR valid_to > %(first)s)
        AND (%(people)s::bigint[] IS NULL OR person_id = ANY(%(people)s::bigint[]))
), numbers AS (
    SELECT DISTINCT ON (person_id) person_id, number FROM roster_number
    WHERE government_id = %(government)s AND (valid_from IS NULL OR valid_from < %(next)s)
        AND (%(people)s::bigint[] IS NULL OR person_id = ANY(%(people)s::bigint[]))
    ORDER BY person_id, valid_from DESC NULLS LAST, id DESC
), service AS (
    SELECT DISTINCT ON (d.unit_id) d.unit_id, d.service_kind FROM roster_unitdecision d
    JOIN roster_unit t ON t.id = d.unit_id AND t.government_id = %(government)s
    WHERE d.superseded_at IS NULL AND d.valid_from < %(next)s AND (d.valid_to IS NULL OR d.valid_to > %(first)s)
    ORDER BY d.unit_id, d.valid_from DESC
)
SELECT p.id, p.title_before, p.name, p.title_after, p.bank_name, p.bank_account, p.tax_category,
    coalesce(n.number, ''), coalesce(s.employment, ''), coalesce(s.rank, ''),
    u.id, u.name, coalesce(o.name, ''), a.level, coalesce(v.service_kind, ''), c.job_class,
    least(coalesce(a.valid_to, %(next)s), coalesce(c.valid_to, %(next)s), %(next)s)
        - greatest(a.valid_from, coalesce(c.valid_from, a.valid_from), %(first)s) AS days
FROM roster_assignment a
JOIN roster_person p ON p.id = a.person_id
JOIN roster_unit u ON u.id = a.unit_id
LEFT JOIN roster_position o ON o.id = a.position_id
LEFT JOIN roster_positionclass c ON c.position_id = a.position_id AND c.superseded_at IS NULL
    AND c.valid_from < least(coalesce(a.valid_to, %(next)s), %(next)s)
    AND (c.valid_to IS NULL OR c.valid_to > greatest(a.valid_from, %(first)s))
LEFT JOIN active s ON s.person_id = p.id
LEFT JOIN standing t ON t.person_id = p.id
LEFT JOIN numbers n ON n.person_id = p.id
LEFT JOIN service v ON v.unit_id = a.unit_id
WHERE p.government_id = %(government)s AND a.kind = 'definitive' AND a.superseded_at IS NULL
    AND a.valid_from < %(next)s AND (a.valid_to IS NULL OR a.valid_to > %(first)s)
    AND (s.person_id IS NOT NULL OR t.person_id IS NULL)
    AND (%(people)s::bigint[] IS NULL OR p.id = ANY(%(people)s::bigint[]))
ORDER BY p.id, greatest(a.valid_from, %(first)s), greatest(a.valid_from, c.valid_from, %(first)s)
"""


@dataclass(slots=True)
class PersonMonth:
    """One person in one month; unit, post and level are those of the last day held.

    `classes`: (class or None where the post has none, calendar days), in order of time, equal neighbours joined.
    """

    person_id: int
    name: str
    number: str
    employment: str
    rank: str
    tax_category: str
    bank_name: str
    bank_account: str
    unit_id: int
    unit_name: str
    position_name: str
    level: str
    service: str
    classes: list[tuple[int | None, int]] = field(default_factory=list)

    @property
    def job_class(self) -> int | None:
        """The class of the last day held."""
        return self.classes[-1][0] if self.classes else None

    @property
    def rank_group(self) -> str:
        """III of III/d, IX of IX; empty where the rank is not known."""
        return self.rank.split("/")[0].strip().upper()


def people_in_month(
    government: Government, month: date, person_ids: Iterable[int] | None = None
) -> dict[int, PersonMonth]:
    """Person id -> what held in `month`, for everyone with a definitive post and in service on any day of it."""
    people = None if person_ids is None else list(person_ids)
    given = {"government": government.pk, "first": month, "next": next_month(month), "people": people}
    found: dict[int, PersonMonth] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SEGMENTS, given)
        for row in cursor.fetchall():
            _take(found, row)
    return found


def _take(found: dict[int, PersonMonth], row: tuple) -> None:
    person_id, before, name, after, bank, account, tax, number, employment, rank = row[:10]
    unit_id, unit_name, position_name, level, service, job_class, days = row[10:]
    person = found.get(person_id)
    if person is None:
        shown = (f"{before} " if before else "") + name + (f", {after}" if after else "")
        person = found[person_id] = PersonMonth(
            person_id, shown, number, employment, rank, tax, bank, account, unit_id, unit_name, position_name, level,
            service,
        )  # fmt: skip
    person.unit_id, person.unit_name, person.position_name = unit_id, unit_name, position_name
    person.level, person.service = level, service
    if person.classes and person.classes[-1][0] == job_class:
        person.classes[-1] = (job_class, person.classes[-1][1] + days)
    else:
        person.classes.append((job_class, days))


def acting_posts(government: Government, month: date, person_ids: Iterable[int] | None = None) -> dict[int, list[dict]]:
    """Person id -> acting posts in `month` in the form of the regulation format: kind, month now reached, class."""
    found = (
        Assignment.objects.filter(
            person__government=government, superseded_at__isnull=True, valid_from__lt=next_month(month)
        )
        .exclude(kind=Assignment.Kind.DEFINITIVE)
        .exclude(valid_to__lte=month)
        .order_by("person_id", "valid_from", "pk")
    )
    if person_ids is not None:
        found = found.filter(Among("person_id", list(person_ids)))
    rows = list(found.values_list("person_id", "kind", "valid_from", "position_id"))
    classes = _classes_on(month, {position_id for *_, position_id in rows if position_id is not None})
    posts: dict[int, list[dict]] = {}
    for person_id, kind, since, position_id in rows:
        reached = max((month.year - since.year) * 12 + month.month - since.month, 0) + 1
        post = {"kind": str(kind), "month": reached}
        if position_id in classes:
            post["class"] = classes[position_id]
        posts.setdefault(person_id, []).append(post)
    return posts


def _classes_on(month: date, position_ids: Collection[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (position_id) position_id, job_class FROM roster_positionclass"
            " WHERE position_id = ANY(%s::bigint[]) AND superseded_at IS NULL"
            " AND valid_from < %s AND (valid_to IS NULL OR valid_to > %s) ORDER BY position_id, valid_from",
            [list(position_ids), next_month(month), month],
        )
        return dict(cursor.fetchall())
