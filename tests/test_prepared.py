"""A statement that is planned once for each connection gives the rows of the plain one, wherever planning fails too."""

from datetime import UTC, date, datetime

import pytest
from django.db import DataError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from attendance.evidence import Evidence
from attendance.models import DayPlan, Punch, PunchEvidence
from attendance.operations import Attempt, record_punch
from attendance.tokens import PageToken
from core.prepared import Prepared
from roster.models import Government, Person

DAY = date(2026, 11, 19)
AT = datetime(2026, 11, 19, 0, 21, 48, tzinfo=UTC)
TYPES = {"word": "text", "number": "bigint"}
TEXT = "SELECT %(word)s || 'x', %(number)s + 1, %(word)s IS NULL"
VALUES = {"word": "a'b%", "number": 4}


def sent(statement: Prepared, expected: tuple = ("a'b%x", 5, False), **values: object) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert statement.rows(VALUES | values) == [expected]
    return [query["sql"].split()[0] for query in captured]


def fresh(name: str, text: str = TEXT) -> Prepared:
    return Prepared(name, TYPES, lambda: text)


@pytest.mark.django_db(transaction=True)
def test_it_is_planned_once_and_gives_the_same_rows():
    statement = fresh("once")
    assert sent(statement) == ["PREPARE", "EXECUTE"]
    assert sent(statement) == ["EXECUTE"]
    assert sent(statement, (None, 5, True), word=None) == ["EXECUTE"]
    connection.close()
    assert sent(statement) == ["PREPARE", "EXECUTE"]


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_asks_nothing_of_its_caller_is_planned_as_well():
    statement = Prepared("bare", {}, lambda: "SELECT 7")
    for words in (["PREPARE", "EXECUTE"], ["EXECUTE"]):
        with CaptureQueriesContext(connection) as captured:
            assert statement.rows() == [(7,)]
        assert [query["sql"].split()[0] for query in captured] == words


@pytest.mark.django_db(transaction=True)
def test_another_text_of_the_same_name_is_another_statement():
    assert sent(fresh("same")) == ["PREPARE", "EXECUTE"]
    assert sent(fresh("same", TEXT.replace("+ 1", "+ 2")), ("a'b%x", 6, False)) == ["PREPARE", "EXECUTE"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pooled", ["DEALLOCATE ALL", "DISCARD ALL"])
def test_behind_a_pooler_the_plain_statement_is_sent(pooled):
    statement = fresh("pooled")
    sent(statement)
    with connection.cursor() as cursor:
        cursor.execute(pooled)
    assert sent(statement) == ["EXECUTE", "SELECT"]
    assert sent(statement) == ["SELECT"]
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_never_put_at_risk():
    statement = fresh("inside")
    with transaction.atomic():
        assert sent(statement) == ["SELECT"]


def begin_request() -> None:
    """What Django does to a kept connection when a request begins."""
    connection.health_check_enabled = True
    connection.close_if_unusable_or_obsolete()


def end_server_side() -> None:
    """The server ends this connection, as when it starts again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()


@pytest.mark.django_db(transaction=True)
def test_a_first_statement_that_reads_proves_its_connection_and_is_asked_again_on_a_new_one():
    statement = Prepared("proof", TYPES, lambda: TEXT, reads=True)
    sent(statement)
    begin_request()
    assert sent(statement) == ["EXECUTE"]
    assert connection.health_check_done
    end_server_side()
    begin_request()
    assert sent(statement)[-2:] == ["PREPARE", "EXECUTE"]
    # Lost in the midst of a request: what went before may belong together with this, so it is told.
    end_server_side()
    with pytest.raises(OperationalError):
        statement.rows(VALUES)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_first_statement_that_writes_is_never_sent_twice():
    statement = fresh("writes")
    sent(statement)
    end_server_side()
    begin_request()
    assert sent(statement) == ["PREPARE", "EXECUTE"]
    assert connection.health_check_done
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_an_error_of_a_connection_that_lives_is_told_and_not_asked_again():
    wrong = Prepared("limit", TYPES, lambda: f"{TEXT} FROM pg_sleep(1)", reads=True)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 50")
    begin_request()
    with CaptureQueriesContext(connection) as captured, pytest.raises(OperationalError):
        wrong.rows(VALUES)
    assert [query["sql"].split()[0] for query in captured] == ["PREPARE", "EXECUTE"]
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_an_error_of_the_statement_itself_is_told():
    statement = fresh("wrong", "SELECT %(word)s, 1 / %(number)s")
    with pytest.raises(DataError):
        statement.rows({"word": "a", "number": 0})


@pytest.mark.django_db(transaction=True)
def test_a_press_is_the_same_planned_or_plain():
    government = Government.objects.create(code="uji", name="Uji")
    evidence = Evidence(None, None, None, None, "10.0.0.1", "d1")
    rows = []
    for name, inside in (("Satu", False), ("Dua", True)):
        person = Person.objects.create(government=government, name=name)
        DayPlan.objects.create(person=person, work_date=DAY, place="home", planned_at=AT)
        kinds = []
        # Beyond five times the server may change to a plan that fits any values.
        for verb, key in [("in", "k1"), ("in", "k1"), ("in", "k2"), *[("out", f"k{place}") for place in range(3, 10)]]:
            attempt = Attempt(PageToken(person.pk, verb, DAY, AT))
            if inside:
                with transaction.atomic():
                    kinds.append(record_punch(person, verb, key, AT, attempt, evidence).kind)
            else:
                kinds.append(record_punch(person, verb, key, AT, attempt, evidence).kind)
        shown = Punch.objects.filter(person=person).order_by("pk").values_list("verb", "at", "request_key", "source")
        proofs = PunchEvidence.objects.filter(punch__person=person).values_list("network", "device", "expires_on")
        rows.append((kinds, list(shown), list(proofs)))
    assert rows[0] == rows[1]
    assert rows[0][0] == ["recorded", "repeated", "repeated", *["recorded"] * 7]
    assert len(rows[0][1]) == len(rows[0][2]) == 8
