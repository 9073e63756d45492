"""A drafted month of a few people in a small tree of units, for the tests of exports."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl

from allowances.models import Run
from allowances.operations import approve_run, check_run, draft_run, lock_run
from roster.models import Government, Person, Unit, UnitDecision
from tests.runs import AT, EARLY, MONTH, SINCE, close_month, make_government, make_person, make_unit, officer, score

FORMULA_NAME = '=HYPERLINK("http://jahat","klik")'


@dataclass
class Office:
    """Who is in the test month."""

    government: Government
    top: Unit
    below: Unit
    other: Unit
    people: dict[str, Person]


def make_office() -> Office:
    """Three units, one below another; a late day, an absent day, a name like a formula, and somebody unrated."""
    government = make_government()
    top, other = make_unit(government, "Biro Umum"), make_unit(government, "Dinas Air")
    below = Unit.objects.create(government=government, code="bagian", name="Bagian Rumah Tangga")
    UnitDecision.objects.create(
        unit=below, parent=top, service_kind="administrative", valid_from=SINCE, recorded_at=EARLY
    )
    account = {"bank_name": "Bank Contoh"}
    people = {
        "wulan": make_person(top, "Wulan", 9, bank_account="0012345678", **account),
        "agus": make_person(top, "Agus", 7, bank_account="0000000001", **account),
        "formula": make_person(below, FORMULA_NAME, 8, bank_account="=1+1", **account),
        "budi": make_person(other, "Budi", 6, bank_account="0099", **account),
        "unrated": make_person(other, "Tanpa Nilai", 6, bank_account="0100", **account),
    }
    close_month(people["wulan"], {date(2026, 11, 12): {"minutes_late": 14}})
    close_month(people["agus"], {date(2026, 11, 10): {"absent_days": 1, "present_days": 0}})
    for name in ("formula", "budi", "unrated"):
        close_month(people[name])
    for name, predicate in (("wulan", "Baik"), ("agus", "Cukup"), ("formula", "Baik"), ("budi", "Sangat Baik")):
        score(people[name], predicate)
    return Office(government, top, below, other, people)


def drafted(office: Office) -> Run:
    """The office's month as a draft."""
    return draft_run(office.government, MONTH, AT)


def locked(office: Office, run: Run | None = None) -> Run:
    """The office's month, checked and locked by three people."""
    run = run or drafted(office)
    users = [officer(office.government, name) for name in ("Periksa", "Setuju", "Kunci")]
    check_run(run, users[0], AT)
    approve_run(run, users[1], AT, despite_set_aside=True)
    lock_run(run, users[2], AT)
    return Run.objects.get(pk=run.pk)


def cells(content: bytes, sheet: str | None = None) -> list[tuple[Any, ...]]:
    """The values of a sheet, row by row."""
    book = openpyxl.load_workbook(BytesIO(content))
    return list((book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True))
