"""The recapitulation of a run: by unit, by component and criterion, and who was set aside for which reason."""

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.db import connection
from xlsxwriter import Workbook

from allowances.exports.book import Styles, head_lines, start_sheet, workbook, write_row
from allowances.exports.cells import rupiah_of_sen
from allowances.exports.nominatif import (
    AMOUNT_HEADINGS,
    basis_of,
    criteria_names,
    criterion_heading,
    has_sen,
    write_total,
)
from allowances.exports.reading import Totals, criteria_sen, held_against_run, read_rows, unit_ids
from allowances.exports.words import rupiah_in_words
from allowances.frozen import frozen_plan
from allowances.models import Run
from allowances.plan import AllowancePlan
from roster.models import Unit

TITLE = "REKAPITULASI TAMBAHAN PENGHASILAN PEGAWAI"
KINDS = {
    "component": "Komponen",
    "supplement": "Tambahan",
    "offset": "Diterima di tempat lain",
    "held": "Ditahan",
    "insurance": "Iuran jaminan pegawai",
    "tax": "PPh 21 pegawai",
    "rapel": "Rapel",
    "carried": "Dibawa antarbulan",
}
_LINES = """
SELECT l.kind, l.name, count(*), (sum(l.amount_rupiah) * 100)::bigint,
    (SELECT coalesce(jsonb_object_agg(t.key, t.sen), '{}') FROM (
        SELECT c.key, (sum(c.value::numeric) * 100)::bigint AS sen
        FROM allowances_line m
        JOIN allowances_runinput j ON j.run_id = m.run_id AND j.person_id = m.person_id
        CROSS JOIN LATERAL jsonb_each_text(m.criteria) c
        WHERE m.run_id = %(run)s AND m.kind = l.kind AND m.name = l.name
            AND (%(units)s::bigint[] IS NULL OR j.unit_id = ANY(%(units)s::bigint[]))
        GROUP BY c.key) t)
FROM allowances_line l JOIN allowances_runinput i ON i.run_id = l.run_id AND i.person_id = l.person_id
WHERE l.run_id = %(run)s AND (%(units)s::bigint[] IS NULL OR i.unit_id = ANY(%(units)s::bigint[]))
GROUP BY l.kind, l.name
"""


def line_sums(
    run: Run, plan: AllowancePlan, units: list[int] | None
) -> list[tuple[str, str, int, int, dict[str, int]]]:
    """(kind, name, people, sen, sen by criterion) of every name among the lines, in the document's order."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"run": run.pk, "units": units})
        found = [(*row[:4], _mapping(row[4])) for row in cursor.fetchall()]
    kinds = {kind: place for place, kind in enumerate(KINDS)}
    names = {name: place for place, name in enumerate((*plan.weights, *(rule.name for rule in plan.supplements)))}
    last = len(kinds) + len(names)
    return sorted(found, key=lambda row: (kinds.get(row[0], last), row[0], names.get(row[1], last), row[1]))


def _mapping(value: Any) -> dict[str, int]:
    return json.loads(value) if isinstance(value, str) else value


def line_label(plan: AllowancePlan, kind: str, name: str) -> str:
    """What people call a line: the document's label, else its kind."""
    if kind == "component":
        return plan.labels.get(name, name)
    for rule in plan.supplements:
        if kind == "supplement" and rule.name == name:
            return rule.label
    return KINDS.get(kind, name)


def rekap(run: Run, unit: Unit | None = None) -> bytes:
    """Three sheets, for the subtree of `unit` or for everybody. Raises PortalError where it would not be the run."""
    plan, units = frozen_plan(run), unit_ids(run, unit)
    scope = f"{unit.name} dan unit di bawahnya" if unit else "seluruh unit"
    with workbook(run, "Rekapitulasi") as (book, made):
        styles = Styles(book, has_sen(run))
        lines = head_lines(run, TITLE, scope, basis_of(plan))
        whole = _by_unit(book, styles, run, lines, plan, units)
        if unit is None:
            held_against_run(run, whole)
        _by_component(book, styles, run, lines, plan, units)
        _set_aside(book, styles, run, lines, units)
    return made.getvalue()


def _by_unit(
    book: Workbook, styles: Styles, run: Run, lines: list[str], plan: AllowancePlan, units: list[int] | None
) -> Totals:
    criteria = criteria_names(plan)
    by_person = criteria_sen(run) if criteria else {}
    headings = (*AMOUNT_HEADINGS, *((criterion_heading(name), 14) for name in criteria))
    sheet, at = start_sheet(book, styles, run, "Per unit", lines, (("No", 6), ("Unit", 50), ("Orang", 9), *headings))
    whole = Totals(criteria)
    groups = groupby(read_rows(run, units), key=lambda row: (row.unit_name, row.unit_id))
    for number, ((name, _), rows) in enumerate(groups, 1):
        part = Totals(criteria)
        for row in rows:
            own = by_person.get(row.person_id, {})
            part.add(row, own)
            whole.add(row, own)
        write_row(sheet, at, [number, name or "Tanpa unit", part.people], styles.text, styles.whole)
        for column, sen in enumerate((*part.sen, *part.criteria.values()), 3):
            sheet.write_number(at, column, rupiah_of_sen(sen), styles.amount)
        at += 1
    write_total(sheet, styles, at, "JUMLAH SELURUHNYA", whole, 3, 0)
    words = rupiah_in_words(Fraction(whole.net_sen, 100))
    sheet.write_string(at + 2, 1, f"Terbilang: {words}", styles.strong)
    return whole


def _by_component(
    book: Workbook, styles: Styles, run: Run, lines: list[str], plan: AllowancePlan, units: list[int] | None
) -> None:
    criteria = criteria_names(plan)
    columns = (("Jenis", 26), ("Nama", 44), ("Orang", 10), ("Jumlah", 18))
    headings = (*columns, *((criterion_heading(name), 16) for name in criteria))
    sheet, at = start_sheet(book, styles, run, "Per komponen", lines, headings)
    total, by_name = 0, dict.fromkeys(criteria, 0)
    for kind, name, people, sen, parts in line_sums(run, plan, units):
        total += sen
        cells: list[Any] = [KINDS.get(kind, kind), line_label(plan, kind, name)]
        write_row(sheet, at, cells, styles.text, styles.whole)
        sheet.write_number(at, 2, people, styles.whole)
        amounts: list[int | Decimal] = [rupiah_of_sen(sen)]
        for criterion in criteria:
            by_name[criterion] += parts.get(criterion, 0)
            amounts.append(rupiah_of_sen(parts.get(criterion, 0)))
        for column, amount in enumerate(amounts, 3):
            sheet.write_number(at, column, amount, styles.amount)
        at += 1
    sums = [rupiah_of_sen(total), *(rupiah_of_sen(sen) for sen in by_name.values())]
    write_row(sheet, at, ["JUMLAH = NETO", None, None, *sums], styles.total_text, styles.total_amount)


def _set_aside(book: Workbook, styles: Styles, run: Run, lines: list[str], units: list[int] | None) -> None:
    columns = (("No", 6), ("NIP", 22), ("Nama", 40), ("Unit", 44), ("Alasan", 80))
    sheet, at = start_sheet(book, styles, run, "Disisihkan", lines, columns)
    count = 0
    for count, cells in enumerate(set_aside_rows(run, units), 1):
        write_row(sheet, at + count - 1, [count, *cells], styles.text, styles.whole)
    total = [f"{count} orang tidak dibayar dalam perhitungan ini", *[None] * (len(columns) - 1)]
    write_row(sheet, at + count, total, styles.total_text, styles.total_amount)


def set_aside_rows(run: Run, units: list[int] | None) -> Iterator[tuple[str, str, str, str]]:
    """(number, name, unit, reason) of everybody who is not paid in the run, by unit and name."""
    chosen = [item for item in run.set_aside if units is None or item.get("unit") in units]
    names = ("number", "name", "unit_name", "reason")
    rows = [tuple(str(item.get(name) or "") for name in names) for item in chosen]
    yield from sorted(rows, key=lambda row: (row[2].upper(), row[1].upper(), row[0]))  # type: ignore[misc]
