"""Rows of a run as files need them: in the order of papers, amounts in whole sen, a few statements for 85,000."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from allowances.models import Run
from core.errors import PortalError
from core.period import next_month
from roster.models import Unit
from roster.queries import subtree

# The columns that add up: gross - cuts + supplements + rapel - held - own insurance - own tax + carried over = net.
ADDING = (
    ("gross", 1),
    ("cuts", -1),
    ("supplements", 1),
    ("rapel", 1),
    ("held", -1),
    ("insurance_employee", -1),
    ("tax_own", -1),
    ("carried_over", 1),
)
AMOUNTS = (*(name for name, _ in ADDING), "net", "insurance_employer", "tax")
RANKS = [
    *(f"{group}/{letter}" for group in ("IV", "III", "II", "I") for letter in "edcba"),
    *("XVII", "XVI", "XV", "XIV", "XIII", "XII", "XI", "X", "IX", "VIII", "VII", "VI", "V", "IV", "III", "II", "I"),
]
FETCH_ROWS = 5_000

# Collation C and an explicit order of ranks: the same order on every server. PNS before PPPK, the highest rank first.
_ROWS = f"""
SELECT i.person_id, i.unit_id, i.unit_name, i.number, i.name, i.rank, i.position_name, i.job_class,
    coalesce(nullif(i.bank_name, ''), p.bank_name), coalesce(nullif(i.bank_account, ''), p.bank_account),
    {", ".join(f"(i.{name}_rupiah * 100)::bigint" for name in AMOUNTS)}
FROM allowances_runinput i JOIN roster_person p ON p.id = i.person_id
WHERE i.run_id = %(run)s AND (%(units)s::bigint[] IS NULL OR i.unit_id = ANY(%(units)s::bigint[]))
ORDER BY upper(i.unit_name) COLLATE "C", i.unit_id NULLS LAST,
    array_position(%(ranks)s::text[], replace(i.rank, ' ', '')) NULLS LAST, i.rank COLLATE "C",
    upper(i.name) COLLATE "C", i.person_id
"""
_CRITERIA = """
SELECT l.person_id, c.key, (sum(c.value::numeric) * 100)::bigint
FROM allowances_line l CROSS JOIN LATERAL jsonb_each_text(l.criteria) c
WHERE l.run_id = %s AND l.criteria <> '{}'::jsonb GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a run; `sen` has the amounts of AMOUNTS in order."""

    person_id: int
    unit_id: int | None
    unit_name: str
    number: str
    name: str
    rank: str
    position_name: str
    job_class: int | None
    bank_name: str
    bank_account: str
    sen: tuple[int, ...]

    @property
    def net_sen(self) -> int:
        """What is paid."""
        return self.sen[len(ADDING)]


def unit_ids(run: Run, unit: Unit | None) -> list[int] | None:
    """The units of an export: the subtree of `unit` on the last day of the run's month; None is everybody.

    Raises PortalError for a unit of another government.
    """
    if unit is None:
        return None
    if unit.government_id != run.government_id:
        raise PortalError("Unit ini bukan unit pemerintah dari perhitungan ini.")
    last = date.fromordinal(next_month(run.month).toordinal() - 1)
    return sorted(subtree(run.government, {unit.pk}, last))


def read_rows(run: Run, units: list[int] | None = None) -> Iterator[Row]:
    """The people of a run by unit, rank and name, read a few thousand at a time."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.itersize = FETCH_ROWS
        cursor.execute(_ROWS, {"run": run.pk, "units": units, "ranks": RANKS})
        while found := cursor.fetchmany(FETCH_ROWS):
            for row in found:
                yield Row(*row[:10], row[10:])


def criteria_sen(run: Run) -> dict[int, dict[str, int]]:
    """Person id -> budget criterion -> sen of all components together; empty where the document has none."""
    found: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CRITERIA, [run.pk])
        for person_id, name, sen in cursor.fetchall():
            found.setdefault(person_id, {})[name] = sen
    return found


class Totals:
    """Running sums of AMOUNTS and of criteria, and the number of people."""

    def __init__(self, criteria: tuple[str, ...] = ()) -> None:
        self.people = 0
        self.sen = [0] * len(AMOUNTS)
        self.criteria = dict.fromkeys(criteria, 0)

    def add(self, row: Row, criteria: dict[str, int] | None = None) -> None:
        """Count one person in. Raises PortalError where the row does not add up to its net."""
        if sum(sign * sen for (_, sign), sen in zip(ADDING, row.sen, strict=False)) != row.net_sen:
            raise PortalError(f"Baris {row.number} tidak berjumlah sama dengan netonya; berkas tidak dibuat.")
        self.people += 1
        self.sen = [total + sen for total, sen in zip(self.sen, row.sen, strict=True)]
        for name, sen in (criteria or {}).items():
            self.criteria[name] = self.criteria.get(name, 0) + sen

    @property
    def net_sen(self) -> int:
        """What is paid to all of them."""
        return self.sen[len(ADDING)]


def held_against_run(run: Run, totals: Totals) -> None:
    """The whole list must be the run: the same people and the same rupiah. Raises PortalError."""
    expected: Any = run.total_rupiah
    if totals.people != run.people_count or totals.net_sen != int(expected * 100):
        raise PortalError(
            f"Jumlah berkas ({totals.people} orang) tidak sama dengan jumlah perhitungan ({run.people_count} orang); "
            "berkas tidak dibuat. Hitung ulang perhitungan ini dan laporkan."
        )
