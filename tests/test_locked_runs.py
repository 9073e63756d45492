"""A locked run stays as it is: the database refuses, whoever asks; only the payment can still be recorded."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from allowances.models import Line, Run, RunInput
from allowances.operations import draft_run
from tests.runs import AT, MONTH, close_month, locked, make_government, make_person, make_unit, score

INPUT = (
    "INSERT INTO allowances_runinput (run_id, person_id, unit_name, number, name, rank, position_name, given,"
    " gross_rupiah, cuts_rupiah, supplements_rupiah, rapel_rupiah, held_rupiah, insurance_employee_rupiah,"
    " insurance_employer_rupiah, tax_rupiah, tax_own_rupiah, carried_over_rupiah, net_rupiah, verification_code)"
    " VALUES ({run}, {person}, '', '', '', '', '', '{{}}', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '')"
)
LINE = (
    "INSERT INTO allowances_line (run_id, person_id, kind, name, amount_rupiah, criteria, reason, detail)"
    " VALUES ({run}, {other}, 'component', 'x', 1, '{{}}', '', '{{}}')"
)
REFUSED = {
    "run changed": "UPDATE allowances_run SET total_rupiah = 1 WHERE id = {run}",
    "run opened again": "UPDATE allowances_run SET state = 'draft' WHERE id = {run}",
    "run unlocked quietly": "UPDATE allowances_run SET locked_at = NULL WHERE id = {run}",
    "run deleted": "DELETE FROM allowances_run WHERE id = {run}",
    "paid with another total": "UPDATE allowances_run SET state = 'paid', total_rupiah = 1 WHERE id = {run}",
    "input added": INPUT,
    "input changed": "UPDATE allowances_runinput SET name = 'X' WHERE run_id = {run}",
    "input moved away": "UPDATE allowances_runinput SET run_id = {draft}, person_id = {other} WHERE run_id = {run}",
    "input moved in": "UPDATE allowances_runinput SET run_id = {run}, person_id = {other} WHERE run_id = {draft}",
    "input deleted": "DELETE FROM allowances_runinput WHERE run_id = {run}",
    "line added": LINE,
    "line changed": "UPDATE allowances_line SET amount_rupiah = amount_rupiah + 1 WHERE run_id = {run}",
    "line moved away": "UPDATE allowances_line SET run_id = {draft}, name = name || '2' WHERE run_id = {run}",
    "line moved in": "UPDATE allowances_line SET run_id = {run}, name = name || '2' WHERE run_id = {draft}",
    "line deleted": "DELETE FROM allowances_line WHERE run_id = {run}",
    "inputs emptied": "TRUNCATE allowances_runinput",
    "lines emptied": "TRUNCATE allowances_line",
    "runs emptied": "TRUNCATE allowances_run CASCADE",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def ids(db) -> dict[str, int]:
    """A locked November, a draft December, and somebody who is in neither."""
    government = make_government()
    unit = make_unit(government)
    person, other = make_person(unit), make_person(unit, "Rudi", job_class=None)
    december = date(2026, 12, 1)
    for month in (MONTH, december):
        score(person, "Baik", month)
        close_month(person, month=month)
    run = locked(government)
    draft = draft_run(government, december, AT)
    with connection.cursor() as cursor:
        # Foreign keys are looked at now, else their waiting triggers would refuse a TRUNCATE before ours.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return {"run": run.pk, "draft": draft.pk, "person": person.pk, "other": other.pk}


def refuse(sql: str, ids: dict[str, int]) -> DatabaseError:
    statement = sql.format(**ids | ({"person": ids["other"]} if "runinput (" in sql else {}))
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return refused.value


@pytest.mark.parametrize("what", REFUSED)
def test_the_owner_is_refused(ids, what):
    error = refuse(REFUSED[what], ids)
    assert isinstance(error, IntegrityError)
    assert "dikunci" in str(error) or "dikosongkan" in str(error)


@pytest.mark.parametrize("what", REFUSED)
def test_the_application_is_refused(ids, as_application, what):
    error = refuse(REFUSED[what], ids)
    wanted = ProgrammingError if "emptied" in what else IntegrityError
    assert isinstance(error, wanted), error


def test_the_payment_is_allowed_once(ids, as_application):
    paid = "UPDATE allowances_run SET state = 'paid', treasury_order = %s, paid_on = '2026-12-03' WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(paid, ["SP2D-1", ids["run"]])
        assert cursor.rowcount == 1
    assert refuse("UPDATE allowances_run SET treasury_order = 'SP2D-2' WHERE id = {run}", ids)
    for what in ("line added", "input changed", "line deleted", "run opened again"):
        assert refuse(REFUSED[what], ids)


def test_a_draft_can_still_be_changed_and_deleted(ids, as_application):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE allowances_line SET reason = 'x' WHERE run_id = %s", [ids["draft"]])
        assert cursor.rowcount > 0
    RunInput.objects.filter(run_id=ids["draft"]).delete()
    Line.objects.filter(run_id=ids["draft"]).delete()
    assert Run.objects.filter(pk=ids["draft"]).delete()[1]["allowances.Run"] == 1


def test_what_is_locked_is_also_kept_from_orm_deletes(ids):
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.get(pk=ids["run"]).delete()
    assert Run.objects.filter(pk=ids["run"]).exists()
