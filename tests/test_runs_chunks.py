"""Chunks of a draft: in any order, twice, or at the same moment they come to what everybody at once comes to."""

import threading
import time as clock
from datetime import date, time

import pytest
from django.db import IntegrityError, connection, connections, transaction

from allowances.models import Run, RunInput, SetAside
from allowances.operations import draft_chunk, draft_run
from allowances.operations.run_rows import DraftRows, _held_draft, _replace
from attendance.models import DayRecord
from attendance.queries import frozen_days
from attendance.queries.months import FACTS
from core.copying import ESCAPES, copy_line
from roster.models import Assignment
from tests.runs import AT, MONTH, change_day, close_month, make_government, make_person, make_unit, score

DEADLINE_SECONDS = 20


def some_people(count=9):
    """Every third is not scored, one has no class and one an unclear day: they are set aside."""
    unit = make_unit(make_government())
    people = [make_person(unit, f'Pegawai "{n}" \\ Ö', None if n == 4 else 8 + n % 3) for n in range(count)]
    for number, person in enumerate(people):
        if number % 3:
            score(person, "Baik", score_bp=8_000 + number)
        close_month(person, {date(2026, 11, 2 + number % 5): {"minutes_late": 20 * number, "missing_in": number % 2}})
    for person in people[7:8]:
        change_day(person, date(2026, 11, 12), AT, state="unclear", place="unclear")
    return [person.pk for person in people]


def everything(run):
    """Every stored value but the ids of rows and run, JSON as its text, and the head."""
    with connection.cursor() as cursor:
        found = []
        for table, order in (
            ("allowances_runinput", "person_id"),
            ("allowances_line", "person_id, kind, name, mends_month"),
            ("allowances_setaside", "person_id"),
        ):
            row = "(to_jsonb(one) - '{id,run_id}'::text[])::text"
            cursor.execute(f"SELECT {row} FROM {table} one WHERE run_id = %s ORDER BY {order}", [run.pk])
            found.append([text for (text,) in cursor.fetchall()])
    head = Run.objects.filter(pk=run.pk).values("people_count", "total_rupiah", "set_aside", "drafted_at", "policies")
    return found, head.get()


@pytest.mark.django_db
def test_chunks_in_any_order_and_twice_are_everybody_at_once():
    ids = some_people()
    whole = everything(draft_run(make_government(), MONTH, AT))
    assert len(whole[0][0]) == whole[1]["people_count"] == 4
    assert [item["person"] for item in whole[1]["set_aside"]] == sorted(ids[n] for n in (0, 3, 4, 6, 7))
    government = make_government()
    assert everything(draft_run(government, MONTH, AT)) == whole
    pieces = [ids[6:], ids[:2], list(reversed(ids[2:6]))]
    for again in (False, True):
        if not again:
            Run.objects.all().delete()
        for piece in pieces if again else reversed(pieces):
            draft_chunk(government, MONTH, piece, AT)
        assert everything(Run.objects.get()) == whole


@pytest.mark.django_db
def test_only_the_last_chunk_makes_the_head_and_also_when_it_fails(monkeypatch):
    ids, government = some_people(), make_government()
    draft_chunk(government, MONTH, ids[:5], AT, lambda: False)
    run = Run.objects.get()
    assert (run.people_count, run.set_aside, RunInput.objects.count(), SetAside.objects.count()) == (0, [], 2, 3)
    from allowances.operations import drafting

    def broken(*_about):
        raise RuntimeError("racun")

    monkeypatch.setattr(drafting, "read_facts", broken)
    with pytest.raises(RuntimeError, match="racun"):
        draft_chunk(government, MONTH, ids[5:], AT, lambda: True)
    run.refresh_from_db()
    assert (run.people_count, len(run.set_aside)) == (2, 3)


@pytest.mark.django_db
def test_whoever_is_no_longer_concerned_is_no_longer_set_aside():
    ids, government = some_people(3), make_government()
    run = draft_run(government, MONTH, AT)
    assert [item["person"] for item in run.set_aside] == [ids[0]]
    Assignment.objects.filter(person=ids[0]).update(valid_to=MONTH)
    assert draft_run(government, MONTH, AT).set_aside == []
    assert not SetAside.objects.exists()


@pytest.mark.django_db
def test_nobody_is_set_aside_twice_in_one_run():
    some_people(3)
    row = draft_run(make_government(), MONTH, AT).aside_rows.get()
    with pytest.raises(IntegrityError, match="setaside_once"), transaction.atomic():
        SetAside.objects.create(run=row.run, person=row.person, item=row.item)


def beside(work):
    """Do `work` on another connection; the thread, and where its error goes."""
    errors = []

    def go():
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told to the test
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=go)
    thread.start()
    return thread, errors


def until_somebody_waits():
    end = clock.monotonic() + DEADLINE_SECONDS
    while clock.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        clock.sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_two_chunks_write_side_by_side_and_the_same_people_one_after_the_other(transactional_db):
    ids, government = some_people(), make_government()
    whole = everything(draft_run(government, MONTH, AT))
    run = Run.objects.get()
    with _held_draft(run.pk, "FOR SHARE"):
        _replace(run.pk, ids[:5], DraftRows())  # not committed yet
        other, errors = beside(lambda: draft_chunk(government, MONTH, ids[5:], AT, lambda: False))
        other.join(DEADLINE_SECONDS)
        assert not other.is_alive() and errors == []
        same, errors = beside(lambda: draft_chunk(government, MONTH, ids, AT))
        until_somebody_waits()
    same.join(DEADLINE_SECONDS)
    assert not same.is_alive() and errors == []
    assert everything(run) == whole


@pytest.mark.django_db(transaction=True)
def test_rows_written_meanwhile_are_replaced_and_not_doubled(transactional_db):
    ids, government = some_people(), make_government()
    whole = everything(draft_run(government, MONTH, AT))
    run, item = Run.objects.get(), {"person": ids[0], "code": "lama", "reason": "kabar lama"}
    _replace(run.pk, ids, DraftRows())
    with _held_draft(run.pk, "FOR SHARE"):
        _replace(run.pk, ids[:1], DraftRows(set_aside=[item]))
        same, errors = beside(lambda: draft_chunk(government, MONTH, ids, AT))
        until_somebody_waits()  # at the unique index: its own delete could not see the row
    same.join(DEADLINE_SECONDS)
    assert not same.is_alive() and errors == []
    assert everything(run) == whole


def slow_days(person):
    """The days of the format, record by record."""
    days = []
    for record in DayRecord.objects.filter(person=person).order_by("work_date"):
        labels = {name: value for name, value in record.labels.items() if name != "outage_numbers"}
        day = {"date": record.work_date.isoformat(), "place": record.place, **labels}
        if record.first_in:
            day["in"] = record.first_in.isoformat("seconds")
        if record.last_out:
            day["out"] = record.last_out.isoformat("seconds")
        day |= {"expected_days": record.expected_days, "present_days": record.present_days}
        day |= {name: getattr(record, name) for name in FACTS if getattr(record, name)}
        if "missing_in" in day or "missing_out" in day:
            day["missing_taps"] = day.get("missing_in", 0) + day.get("missing_out", 0)
        free = {"date", "place", "calendar", "ramadan", "expected_days", "present_days"}.issuperset(day)
        if not (free and record.place in ("day_off", "holiday") and not record.expected_days):
            days.append(day)
    return days


@pytest.mark.django_db
def test_days_read_as_one_text_are_the_days_read_one_by_one():
    person = make_person(make_unit(make_government()))
    changes = [
        {"first_in": time(7, 30, 59, 999_999), "last_out": time(16, 0)},
        {"minutes_late": 14, "minutes_early": 3, "reports_done": 1, "labels": {}},
        {"missing_in": 1, "missing_out": 1, "labels": {"outage_numbers": [3, 4]}},
        {"missing_out": 1, "labels": {"outage": True, "outage_numbers": ["GG-1"], "calendar": "six_day"}},
        {"place": "leave", "present_days": 0, "labels": {"leave": 'cuti "besar" \\ ö', "leave_day": 2}},
        {"place": "holiday", "expected_days": 0, "present_days": 0},
        {"place": "day_off", "expected_days": 0, "present_days": 0, "labels": {"ceremony": "missed"}},
        {"place": "day_off", "expected_days": 0, "present_days": 1, "labels": {"ramadan": True}},
        {"place": "day_off", "expected_days": 0, "first_in": time(0, 0)},
        {"place": "holiday", "expected_days": 0, "absent_days": 1, "labels": {"calendar": "five_day"}},
        {"state": "unclear", "place": "unclear", "expected_days": 0, "present_days": 0},
        {"state": "unclear", "place": "day_off", "expected_days": 0, "present_days": 0},
    ]
    close_month(person, {date(2026, 11, 2 + number): facts for number, facts in enumerate(changes)})
    found = frozen_days(MONTH, [person.pk])[person.pk]
    assert found.days == slow_days(person)
    assert (found.unclear_count, found.first_unclear_on) == (2, date(2026, 11, 12))
    assert frozen_days(date(2026, 12, 1), [person.pk]) == frozen_days(MONTH, []) == {}


@pytest.mark.parametrize(
    "row",
    [
        (1, "Wulan", None, "{}"), ("a\\N", None, "b\tc"), ("\\N",), (None,), ("d\ne", "f\rg", "h\0i"), (True, False),
        ("tab\tand", "none"), (AT, MONTH), ("", None, ""), ('{"nama": "\\"x\\""}', None),
    ],
)  # fmt: skip
def test_a_line_for_copy_is_what_its_values_are_one_by_one(row):
    def text(value):
        if value is None:
            return "\\N"
        if isinstance(value, bool):
            return "ft"[value]
        return value.translate(ESCAPES) if isinstance(value, str) else getattr(value, "isoformat", value.__str__)()

    assert copy_line(row) == "\t".join(text(value) for value in row)
