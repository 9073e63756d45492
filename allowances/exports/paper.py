"""The official daftar nominatif as PDF: what the press needs of a run, in parts of some hundred people."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any

from allowances.exports.cells import (
    DRAFT_BANNER,
    RUN_KINDS,
    SIGNERS,
    decided_words,
    frozen_at,
    is_draft,
    run_code,
    run_words,
)
from allowances.exports.nominatif import TITLE, basis_of, criteria_names, criterion_heading
from allowances.exports.printing import print_paper
from allowances.exports.reading import ADDING, Row, Totals, criteria_sen, held_against_run, read_rows, unit_ids
from allowances.exports.words import rupiah_in_words
from allowances.frozen import frozen_plan
from allowances.models import Run
from core.indonesian import grouped, month_words, rupiah
from core.money import format_number
from roster.models import Unit

ROWS_A_PART = 300
HEADINGS = (
    "No", "Nama\nNIP", "Golongan, kelas\nJabatan", "Pagu (bruto)", "Potongan (−)", "Tambahan (+)", "Rapel (+)",
    "Ditahan (−)", "Iuran jaminan (−)", "PPh 21 (−)", "Dibawa ke bulan depan (+)", "Diterima (neto)", "Rekening",
)  # fmt: skip
WIDTHS_MM = (9, 0, 40, 20, 18, 17, 17, 17, 16, 17, 17, 20, 25)


def paper_head(run: Run, heading: str, scope: str) -> dict[str, Any]:
    """What every page of a paper of this run carries."""
    return {
        "title": f"{heading.title()} {run_code(run)}",
        "government": run.government.name,
        "draft": is_draft(run),
        "banner": DRAFT_BANNER,
        "code": run_code(run),
        "footnote": scope,
        "heading": heading,
        "subheading": f"{RUN_KINDS.get(run.kind, run.kind)}, {month_words(run.month)}",
    }


def figure(sen: int) -> str:
    """Sen as people read rupiah in a column: 1.234.567, with two digits where there are sen."""
    text = format_number(Fraction(sen, 100))
    return f"{text}0" if len(text.partition(",")[2]) == 1 else text


def figures(totals: Totals | Row) -> list[str]:
    """The amounts that add up, and the net."""
    return [figure(sen) for sen in totals.sen[: len(ADDING) + 1]]


def nominatif_pdf(run: Run, unit: Unit | None = None) -> bytes:
    """The paper, for the subtree of `unit` or for everybody. Raises PortalError where it would not be the run."""
    plan = frozen_plan(run)
    criteria = criteria_names(plan)
    by_person = criteria_sen(run) if criteria else {}
    scope = f"{unit.name} dan unit di bawahnya" if unit else "Seluruh unit"
    whole = Totals(criteria)
    head = paper_head(run, TITLE, scope) | {
        "headings": HEADINGS,
        "widths": WIDTHS_MM,
        "facts": [
            ["Perhitungan", f"{run_words(run)} ({run_code(run)})"],
            ["Cakupan", scope],
            ["Dasar", basis_of(plan)],
            ["Status", f"{run.get_state_display()}. {'; '.join(decided_words(run))}"],
        ],
        "signers": SIGNERS,
        "total_label": "", "totals": [], "criteria": [], "words": "",
    }  # fmt: skip
    parts = [head | {"units": units} for units in _parts(run, unit, whole, by_person)]
    if unit is None:
        held_against_run(run, whole)
    parts = parts or [head | {"units": []}]
    parts[-1] |= {
        "total_label": f"JUMLAH SELURUHNYA ({grouped(whole.people)} orang)",
        "totals": figures(whole),
        "criteria": [[criterion_heading(name), rupiah(Fraction(sen, 100))] for name, sen in whole.criteria.items()],
        "words": rupiah_in_words(Fraction(whole.net_sen, 100)),
    }
    return print_paper("nominatif", parts, int(frozen_at(run).timestamp()))


def _parts(
    run: Run, unit: Unit | None, whole: Totals, by_person: dict[int, dict[str, int]]
) -> Iterator[list[dict[str, Any]]]:
    """Tables of units, as many together as make a part; a large unit goes on in the next part."""
    part: list[dict[str, Any]] = []
    room = ROWS_A_PART
    for (name, _), people in groupby(read_rows(run, unit_ids(run, unit)), key=lambda row: (row.unit_name, row.unit_id)):
        rows, sums = [], Totals()
        for row in people:
            whole.add(row, by_person.get(row.person_id))
            sums.add(row)
            rows.append(_cells(whole.people, row))
        title = name or "Tanpa unit"
        for start in range(0, len(rows), ROWS_A_PART):
            piece = rows[start : start + ROWS_A_PART]
            if len(piece) > room and part:
                yield part
                part, room = [], ROWS_A_PART
            ends = start + ROWS_A_PART >= len(rows)
            part.append(
                {
                    "name": title if start == 0 else f"{title} (lanjutan)",
                    "rows": piece,
                    "label": f"Jumlah {title} ({grouped(sums.people)} orang)",
                    "totals": figures(sums) if ends else None,
                }
            )
            room -= len(piece)
    if part:
        yield part


def _cells(number: int, row: Row) -> list[str]:
    job_class = f"kelas {row.job_class}" if row.job_class is not None else ""
    rank = ", ".join(word for word in (row.rank, job_class) if word)
    return [
        str(number),
        f"{row.name}\n{row.number}",
        f"{rank}\n{row.position_name}",
        *figures(row),
        f"{row.bank_name}\n{row.bank_account}",
    ]
