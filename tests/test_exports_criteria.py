"""A document with budget criteria that rounds nothing: sen, criteria columns, and the bundle of such a run."""

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile

import pytest

from allowances.exports import export, slip_pdf
from allowances.exports.reading import AMOUNTS
from allowances.frozen import choose_documents, frozen_plan
from allowances.models import Line, Run, RunInput
from allowances.rows import AMOUNTS as ROW_AMOUNTS
from allowances.rows import money_text, paid_row
from allowances.rules import evaluate_month
from tests.exported_run import cells
from tests.runs import AT, MONTH, make_government, make_person, make_unit

pytestmark = pytest.mark.django_db

CRITERIA = {"beban_kerja": "3333333.33", "prestasi_kerja": 2_000_001, "kondisi_kerja": 1_000_000}


@pytest.fixture
def run(db) -> Run:
    government = make_government("jambi", name="Provinsi Jambi", demonstration=False)
    unit = make_unit(government)
    chosen = choose_documents(government, MONTH)
    run = Run.objects.create(
        government=government, month=MONTH, policy_id=chosen.policy_id, policy_sha256=chosen.sha256,
        policies=chosen.policies, drafted_at=AT,
    )  # fmt: skip
    plan = frozen_plan(run)
    for number, name in enumerate(("Ani", "Beni")):
        person = make_person(unit, name, bank_account=f"00{number}")
        given = {"month": "2026-11", "rating": "Baik", "criteria": CRITERIA, "events": {"TL1": 1 + number, "TL3": 1}}
        row = paid_row(plan, evaluate_month(plan, given))
        amounts = {f"{item}_rupiah": Decimal(money_text(getattr(row, item))) for item in ROW_AMOUNTS}
        RunInput.objects.create(
            run=run, person=person, unit_id=unit.pk, unit_name=unit.name, number=f"{person.pk:018}", name=name,
            rank="III/d", given=given, **amounts,
        )  # fmt: skip
        for line in row.lines:
            Line.objects.create(
                run=run, person=person, kind=line.kind, name=line.name, criteria=line.criteria,
                amount_rupiah=Decimal(money_text(line.amount)),
            )  # fmt: skip
    rows = list(run.inputs.all())
    run.people_count, run.total_rupiah = len(rows), sum(row.net_rupiah for row in rows)
    run.save()
    return run


def hundredths(value: object) -> int:
    """A cell as sen; cells hold binary numbers, sums are made of sen."""
    return round(Fraction(str(value)) * 100)


def test_criteria_stand_apart_and_add_up_to_what_is_paid(run):
    rows = cells(export(run, "nominatif").content)
    heading = next(row for row in rows if row[0] == "No")
    columns = [column for column, name in enumerate(heading) if str(name).startswith("Kriteria ")]
    assert [heading[column] for column in columns][:2] == ["Kriteria beban kerja", "Kriteria prestasi kerja"]
    people = [row for row in rows if isinstance(row[0], int) and isinstance(row[1], str)]
    gross, cuts = 6 + AMOUNTS.index("gross"), 6 + AMOUNTS.index("cuts")
    for row in people:
        assert sum(hundredths(row[column]) for column in columns) == hundredths(row[gross]) - hundredths(row[cuts])
    total = next(row for row in rows if str(row[0]).startswith("JUMLAH"))
    for column in columns:
        assert hundredths(total[column]) == sum(hundredths(row[column]) for row in people)
    assert hundredths(total[6 + AMOUNTS.index("net")]) == int(run.total_rupiah * 100)
    assert run.total_rupiah % 1, "the case must have sen"
    assert "belum diverifikasi" in str(rows[5][0]) and "DUGAAN" in str(rows[5][0])


def test_rekap_and_papers_show_criteria(run):
    rows = cells(export(run, "rekap").content, "Per komponen")
    total = next(row for row in rows if row[0] == "JUMLAH = NETO")
    assert hundredths(total[3]) == int(run.total_rupiah * 100)
    components = [row for row in rows if row[0] == "Komponen"]
    for row in components:
        assert sum(hundredths(cell) for cell in row[4:]) == hundredths(row[3])
    assert export(run, "pdf").content.startswith(b"%PDF")
    assert slip_pdf(run.inputs.first()).content.startswith(b"%PDF")


def test_the_bundle_agrees_to_the_sen(run, tmp_path):
    with ZipFile(BytesIO(export(run, "bundle").content)) as bundle:
        bundle.extractall(tmp_path)
    words = [sys.executable, "-I", "-S", "recompute.py"]
    done = subprocess.run(words, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"2 persons, {run.lines.count()} lines agree\n"), done.stdout
