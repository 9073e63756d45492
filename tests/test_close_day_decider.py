"""Days decided together equal days decided one by one, over random documents, people and outages."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.days import OutageWindow, ReadDay, Situation
from attendance.decider import DayDecider
from attendance.rules import compile_attendance
from policy.conditions import CaseError
from policy.documents import Library
from tests.plain_days import decide_plainly
from tests.random_attendance import attendances
from tests.random_documents import text_of

FIRST = date(2025, 11, 3)
RELAXED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
maybe = st.booleans()
ASKS_TAPS = {"when": {"in": ["07:30:00", "08:00:01"]}, "set": {"minutes_late": 77}}


def seldom(values):
    """None most of the time."""
    return st.one_of(st.none(), st.none(), st.none(), values)


@st.composite
def clocks(draw):
    minute = draw(st.sampled_from([389, 419, 449, 450, 451, 465, 480, 705, 720, 900, 959, 960, 961, 990, 1020, 1439]))
    second, fraction = draw(st.sampled_from([0, 0, 1, 29, 30, 59])), draw(st.sampled_from([0, 0, 1, 999_999]))
    return time(minute // 60, minute % 60, second, fraction)


@st.composite
def situations(draw, on):
    places = ["office", "office", "home", "home", "duty", "leave", "holiday", "day_off", "unclear", "moon", "annex"]
    away = draw(seldom(st.sampled_from(["tahunan", "sick", "dinas_luar", "diklat"])))
    reported = draw(maybe)
    return Situation(
        draw(st.sampled_from(places)),
        draw(st.sampled_from([None, "five_day", "six_day"])),
        draw(st.sampled_from([None, "x", "administrative"])),
        away,
        None if away is None else draw(st.integers(1, 3)),
        on + timedelta(days=draw(st.integers(0, 1))) if reported else None,
        draw(st.sampled_from(["", "accepted", "below"])) if reported else None,
        draw(maybe) if reported else None,
        draw(st.integers(0, 5)) == 0,
    )


@st.composite
def readings(draw, on, number):
    return ReadDay(
        number,
        draw(situations(on)),
        '[{"code": "x"}]',
        draw(st.sampled_from([None, 1, 2])),
        draw(st.sampled_from([None, 7, 8])),
        draw(st.one_of(st.none(), clocks(), clocks())),
        draw(st.one_of(st.none(), clocks(), clocks())),
        draw(seldom(st.lists(clocks(), max_size=3).map(sorted))),
        draw(st.sampled_from([None, False, True])),
        draw(seldom(clocks())),
        draw(seldom(clocks())),
        draw(st.sampled_from([None, False, True])),
    )


@st.composite
def outages(draw):
    starts, ends = sorted(draw(st.lists(clocks(), min_size=2, max_size=2)))
    units = draw(seldom(st.sampled_from([frozenset({1}), frozenset({1, 2})])))
    return OutageWindow(f"G-{starts}", starts, ends, draw(seldom(st.sampled_from([7, 8]))), units)


def plainly(read, on, plan, ramadan, windows):
    try:
        return decide_plainly(read, on, plan, ramadan, windows)
    except CaseError as error:
        return str(error)


def together(decider, read):
    try:
        day = decider.decide(read)
    except CaseError as error:
        return str(error)
    made = day.outcome
    first, last = (end and end.replace(microsecond=0) for end in (day.first_in, day.last_out))
    assert (day.person_id, day.unit_id, day.reasons) == (read.person_id, read.unit_id, read.reasons)
    assert made.expected_place == read.situation.expected_place
    return day.state, made.place, first, last, made.required_departure, made.facts, made.labels


@settings(RELAXED, max_examples=120)
@given(st.data())
def test_days_decided_together_equal_days_decided_one_by_one(data):
    library = Library(reads_files=False)
    document = data.draw(attendances())
    if data.draw(st.integers(0, 4)) == 0:
        document["outcomes"] = [*document.get("outcomes", []), ASKS_TAPS]
    library.load_texts({"b.yaml": text_of("attendance", document)})
    plan = compile_attendance(library.find("random-attendance"))
    on, ramadan = FIRST + timedelta(data.draw(st.integers(0, 26))), data.draw(maybe)
    windows = data.draw(st.lists(outages(), max_size=2))
    decider = DayDecider(on, plan, ramadan, windows)
    people = [data.draw(readings(on, number)) for number in range(2)]
    pressed = data.draw(st.lists(st.tuples(clocks(), clocks()), min_size=3, max_size=5))
    # The same situation with other taps, and the same taps in another situation: what is shared is never too much.
    people += [read._replace(first_in=first, last_out=last) for read in people for first, last in pressed]
    for read in [*people, *people[:2]]:
        assert together(decider, read) == plainly(read, on, plan, ramadan, windows)


def plan_of(outcome, **more):
    library = Library(reads_files=False)
    parameters = {"hours": [{"in": "07:30", "out": "16:00"}], "outcomes": [outcome], **more}
    library.load_texts({"b.yaml": text_of("attendance", parameters)})
    return compile_attendance(library.find("random-attendance"))


def test_a_document_may_ask_for_the_taps_themselves():
    plan = plan_of({"when": {"in": "07:10:00"}, "set": {"minutes_late": 99}})
    assert plan.asks_taps
    assert not plan_of({"when": {"missing_in": 1}, "set": {"minutes_late": 99}}).asks_taps
    decider = DayDecider(FIRST, plan, False)
    for clock, late in ((time(7, 10), 99), (time(7, 11), 0), (time(7, 10), 99)):
        read = ReadDay(1, Situation("office"), first_in=clock, last_out=time(16))
        assert decider.decide(read).outcome.facts["minutes_late"] == late


def test_flexible_hours_ask_each_for_their_own_departure():
    flexible = {"minutes": 30, "kind": "flexible"}
    plan = plan_of({"when": {"missing_in": 1}, "set": {"minutes_late": 9}}, tolerance=flexible)
    decider = DayDecider(FIRST, plan, False)
    for clock, departure in ((time(7, 35), "16:05"), (time(7, 40), "16:10"), (time(7, 35), "16:05")):
        outcome = decider.decide(ReadDay(1, Situation("office"), first_in=clock, last_out=time(17))).outcome
        assert (outcome.facts["minutes_late"], outcome.required_departure) == (0, departure)


def test_people_with_the_same_day_share_their_outcome():
    decider = DayDecider(FIRST, plan_of({"when": {"missing_in": 1}, "set": {"minutes_late": 240}}), False)
    clocks_in = (time(7, 1), time(7, 29, 59), time(7, 31), None)
    days = [decider.decide(ReadDay(1, Situation("office"), first_in=tap, last_out=time(16))) for tap in clocks_in]
    assert days[0].outcome is days[1].outcome
    assert [day.outcome.facts["minutes_late"] for day in days] == [0, 0, 1, 240]
    assert [day.first_in for day in days] == list(clocks_in)


@pytest.mark.parametrize("bad", ["moon", "annex"])
def test_a_place_that_no_document_knows_is_refused_every_time(bad):
    decider = DayDecider(FIRST, plan_of({"when": {"missing_in": 1}, "set": {"minutes_late": 240}}), False)
    for _ in range(2):
        with pytest.raises(CaseError, match=bad):
            decider.decide(ReadDay(1, Situation(bad), first_in=time(7)))
