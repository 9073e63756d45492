"""Drafting a month: frozen inputs, lines that add up, nobody paid 0 for what is not known."""

from datetime import date

import pytest

from allowances.frozen import recompute_differences
from allowances.models import RunInput
from allowances.operations import draft_run
from tests.runs import AT, MONTH, close_month, make_government, make_person, make_unit, score

pytestmark = pytest.mark.django_db


@pytest.fixture
def government(db):
    return make_government()


@pytest.fixture
def unit(government):
    return make_unit(government)


def test_a_month_becomes_a_row_and_lines(government, unit):
    person = make_person(unit, job_class=8)
    score(person, "Baik")
    close_month(person, {date(2026, 11, 12): {"minutes_late": 14}})
    run = draft_run(government, MONTH, AT)
    row = RunInput.objects.get(run=run)
    assert (row.gross_rupiah, row.cuts_rupiah) == (6_000_000, 12_000)
    assert row.net_rupiah == row.gross_rupiah - row.cuts_rupiah - row.insurance_employee_rupiah - row.tax_own_rupiah
    lines = {(line.kind, line.name): line.amount_rupiah for line in run.lines.all()}
    assert lines[("component", "productivity")] == 3_600_000
    assert lines[("component", "discipline")] == 2_388_000
    assert sum(lines.values()) == row.net_rupiah == run.total_rupiah
    assert (run.people_count, run.set_aside, run.state) == (1, [], "draft")
    assert set(run.policies) >= {"contoh-tpp", "contoh-tax", "contoh-attendance"}
    assert recompute_differences(run) == []
