"""A day at its edges: the second before and the second at which the page changes its answer."""

from datetime import date

import pytest

from attendance.plan import DAY_NUMBERS
from attendance.rules import compile_attendance, decide_day, is_decided, whole_minutes
from policy.conditions import CaseError
from policy.documents import Library
from tests.random_documents import text_of

HOURS = [{"when": {"weekday": "fri"}, "in": "07:30", "out": "16:30"}, {"in": "07:30", "out": "16:00"}]
MONDAY, FRIDAY = date(2025, 11, 10), date(2025, 11, 14)


def decide(day, person=None, **blocks):
    """One Monday (unless it says otherwise) by an attendance document of these blocks."""
    library = Library(reads_files=False)
    library.load_texts({"a.yaml": text_of("attendance", {"hours": HOURS} | blocks)})
    return decide_day(compile_attendance(library.find("random-attendance")), {"date": MONDAY} | day, person or {})


def tapped(first, last="16:00:00", **blocks):
    return decide({"in": first, "out": last}, **blocks)


@pytest.mark.parametrize(
    ("seconds", "arrival", "minutes"),
    [
        ("dropped", "07:29:59", 0),
        ("dropped", "07:30:00", 0),
        ("dropped", "07:30:59", 0),
        ("dropped", "07:31:00", 1),
        ("dropped", "07:31:59", 1),
        ("dropped", "07:32:00", 2),
        ("started", "07:30:00", 0),
        ("started", "07:30:01", 1),
        ("started", "07:31:00", 1),
        ("started", "07:31:01", 2),
    ],
)
def test_the_minute_of_lateness(seconds, arrival, minutes):
    assert tapped(arrival, seconds=seconds)["minutes_late"] == minutes


@pytest.mark.parametrize(
    ("seconds", "departure", "minutes"),
    [
        ("dropped", "16:00:00", 0),
        ("dropped", "15:59:59", 0),
        ("dropped", "15:59:01", 0),
        ("dropped", "15:59:00", 1),
        ("dropped", "15:58:01", 1),
        ("started", "15:59:59", 1),
        ("started", "15:59:00", 1),
        ("started", "15:58:59", 2),
        ("started", "16:00:01", 0),
    ],
)
def test_the_minute_of_an_early_leave(seconds, departure, minutes):
    assert tapped("07:30:00", departure, seconds=seconds)["minutes_early"] == minutes


@pytest.mark.parametrize(
    ("tolerance", "arrival", "minutes", "required"),
    [
        ({"kind": "subtract", "minutes": 15}, "07:45:59", 0, "16:00"),
        ({"kind": "subtract", "minutes": 15}, "07:46:00", 1, "16:00"),
        ({"kind": "threshold", "minutes": 15}, "07:45:59", 0, "16:00"),
        ({"kind": "threshold", "minutes": 15}, "07:46:00", 16, "16:00"),
        ({"kind": "flexible", "minutes": 60}, "07:30:59", 0, "16:00"),
        ({"kind": "flexible", "minutes": 60}, "07:31:00", 0, "16:01"),
        ({"kind": "flexible", "minutes": 60}, "08:30:59", 0, "17:00"),
        ({"kind": "flexible", "minutes": 60}, "08:31:00", 1, "17:00"),
        ({"kind": "flexible", "minutes": 60, "make_up": "full"}, "07:30:59", 0, "16:00"),
        ({"kind": "flexible", "minutes": 60, "make_up": "full"}, "07:31:00", 0, "17:00"),
        ({"kind": "flexible", "minutes": 60, "make_up": "full"}, "08:31:00", 1, "17:00"),
        ({"kind": "flexible", "minutes": 60, "earlier": 30}, "07:29:01", 0, "16:00"),
        ({"kind": "flexible", "minutes": 60, "earlier": 30}, "07:29:00", 0, "15:59"),
        ({"kind": "flexible", "minutes": 60, "earlier": 30}, "07:00:00", 0, "15:30"),
        ({"kind": "flexible", "minutes": 60, "earlier": 30}, "06:30:00", 0, "15:30"),
        ({"kind": "flexible", "minutes": 60}, "07:00:00", 0, "16:00"),
    ],
)
def test_tolerance(tolerance, arrival, minutes, required):
    day = tapped(arrival, "17:30:00", tolerance=tolerance)
    assert (day["minutes_late"], day["required_departure"]) == (minutes, required)


@pytest.mark.parametrize(
    ("arrival", "blocks", "missing"),
    [
        ("15:59:59", {}, 0),
        ("16:00:00", {}, 1),
        ("12:59:59", {"accept": {"arrival_before": "13:00"}}, 0),
        ("13:00:00", {"accept": {"arrival_before": "13:00"}}, 1),
        ("06:30:00", {"accept": {"before_start": 60}}, 0),
        ("06:29:59", {"accept": {"before_start": 60}}, 1),
    ],
)
def test_an_arrival_too_late_or_too_early_to_be_one(arrival, blocks, missing):
    day = tapped(arrival, "17:00:00", **blocks)
    assert (day["missing_in"], day["missing_out"]) == (missing, 0)
    assert day["minutes_late"] == 0 or not missing


@pytest.mark.parametrize(
    ("departure", "blocks", "missing"),
    [
        ("17:00:00", {"accept": {"after_end": 60}}, 0),
        ("17:00:01", {"accept": {"after_end": 60}}, 1),
        ("23:58:59", {"fillers": ["23:59"]}, 0),
        ("23:59:00", {"fillers": ["23:59"]}, 1),
        ("23:59:59", {"fillers": ["23:59"]}, 1),
        ("23:59:00", {}, 1),
        ("23:59:00", {"fillers": ["23:58"]}, 0),
        ("08:00:00", {}, 1),
        ("08:00:01", {}, 0),
    ],
)
def test_a_departure_that_is_none(departure, blocks, missing):
    day = tapped("08:00:00", departure, **blocks)
    assert (day["missing_in"], day["missing_out"], day["missing_taps"]) == (0, missing, missing)
    assert day["minutes_early"] == 0 or not missing


@pytest.mark.parametrize(
    ("kind", "tap", "missing_in", "missing_out"),
    [
        (None, "11:44:59", 0, 1),
        (None, "11:45:00", 1, 0),
        ("middle", "11:44:59", 0, 1),
        ("middle", "11:45:00", 1, 0),
        ("arrival", "15:00:00", 0, 1),
        ("departure", "07:30:00", 1, 0),
    ],
)
def test_a_lone_tap(kind, tap, missing_in, missing_out):
    day = decide({"taps": [tap]}, **({"accept": {"lone_tap": kind}} if kind else {}))
    assert (day["missing_in"], day["missing_out"]) == (missing_in, missing_out)


@pytest.mark.parametrize(
    ("taps", "late", "early", "missing"),
    [
        ([], 0, 0, 2),
        (["15:50:00", "07:40:00", "12:00:00"], 10, 10, 0),
        (["06:00:00", "07:40:00", "16:00:00"], 10, 0, 0),
    ],
)
def test_taps_without_direction(taps, late, early, missing):
    day = decide({"taps": taps}, accept={"before_start": 60})
    assert (day["minutes_late"], day["minutes_early"], day["missing_taps"]) == (late, early, missing)


def test_the_first_line_whose_condition_holds_decides():
    hours = [{"when": {"service": "hospital"}, "in": "08:00", "out": "14:00"}, *HOURS]
    assert decide({"in": "08:00:00", "out": "14:00:00"}, {"service": "Hospital"}, hours=hours)["minutes_late"] == 0
    assert decide({"in": "08:00:00", "out": "16:00:00"}, {"service": "school"}, hours=hours)["minutes_late"] == 30
    assert decide({"date": FRIDAY, "in": "07:30:00", "out": "16:00:00"})["minutes_early"] == 30


def test_a_line_replaces_the_whole_tolerance():
    own = {"kind": "subtract", "minutes": 5}
    hours = [{"in": "07:30", "out": "16:00", "tolerance": own}]
    day = decide({"in": "07:36:00", "out": "16:00:00"}, hours=hours, tolerance={"kind": "flexible", "minutes": 60})
    assert (day["minutes_late"], day["required_departure"]) == (1, "16:00")


@pytest.mark.parametrize(
    ("place", "expected", "present", "home", "leave"),
    [
        ("office", 1, 1, 0, 0),
        ("home", 1, 1, 1, 0),
        ("mixed", 1, 1, 0, 0),
        ("none", 1, 1, 0, 0),
        ("duty", 0, 1, 0, 0),
        ("leave", 0, 0, 0, 1),
        ("holiday", 0, 0, 0, 0),
        ("day_off", 0, 0, 0, 0),
    ],
)
def test_places(place, expected, present, home, leave):
    day = decide({"place": place, "in": "07:40:00", "out": "16:00:00"})
    names = ("expected_days", "present_days", "home_days", "leave_days")
    assert tuple(day[name] for name in names) == (expected, present, home, leave)
    assert day["minutes_late"] == (10 if expected else 0)


def test_outcomes_act_in_order_and_nothing_else_is_worked_out_anew():
    rules = [
        {"when": {"missing_in": 1}, "set": {"minutes_late": 240}},
        {"when": {"missing_taps": 2}, "set": {"absent_days": 1, "minutes_late": 0}},
        {"when": {"absent_days": 1, "outage": True}, "set": {"absent_days": 0, "missing_in": 0}},
    ]
    one = decide({"out": "16:00:00"}, outcomes=rules)
    assert (one["minutes_late"], one["absent_days"], one["present_days"]) == (240, 0, 1)
    none = decide({}, outcomes=rules)
    assert (none["minutes_late"], none["absent_days"], none["present_days"]) == (0, 1, 0)
    outage = decide({"outage": True}, outcomes=rules)
    assert (outage["absent_days"], outage["present_days"]) == (0, 1)
    assert (outage["missing_in"], outage["missing_taps"]) == (0, 2)


@pytest.mark.parametrize("word", ["done", "late", "missing", "below"])
def test_a_report_is_counted_once_by_its_word(word):
    day = decide({"in": "07:30:00", "out": "16:00:00", "report": word.title(), "ceremony": "missed", "away": 45})
    counts = {name: day[f"reports_{name}"] for name in ("done", "late", "missing", "below")}
    assert counts == dict.fromkeys(counts, 0) | {word: 1}
    assert (day["ceremonies_missed"], day["minutes_away"]) == (1, 45)


def test_a_decided_day_is_left_as_it_is():
    day = decide(
        {"minutes_late": 7, "report": "missing"}, outcomes=[{"when": {"weekday": "mon"}, "set": {"home_days": 1}}]
    )
    assert (day["minutes_late"], day["reports_missing"], day["home_days"], day["present_days"]) == (7, 0, 0, 0)
    assert day["weekday"] == "mon"


def test_permit_days_alone_do_not_decide_a_day():
    day = decide({"permit_days": 1, "in": "07:31:00", "out": "16:00:00"})
    assert (day["permit_days"], day["minutes_late"], day["expected_days"]) == (1, 1, 1)


def test_without_a_document_a_day_is_present_without_minutes():
    plan = compile_attendance(None)
    day = decide_day(plan, {"in": "09:00:00", "away": 5, "report": "late"}, {})
    assert (day["present_days"], day["minutes_late"], day["missing_taps"]) == (1, 0, 0)
    assert (day["minutes_away"], day["reports_late"]) == (5, 1)
    assert decide_day(plan, {"place": "leave"}, {})["leave_days"] == 1


QUOTED = 'Jam ditulis dalam tanda kutip seperti "07:31:00", bukan '


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ({"in": "7.30"}, QUOTED + "'7.30'"),
        ({"out": 57_600}, QUOTED + "57600"),
        ({"in": "25:00"}, "Tidak ada jam '25:00'"),
        ({"date": "2025-13-01"}, "Bukan tanggal: '2025-13-01' (tulis 2026-10-05)"),
        ({"date": 5}, "Bukan tanggal: 5 (tulis 2026-10-05)"),
        (
            {"taps": "07:31:00"},
            """taps ditulis sebagai daftar jam seperti ["07:31:00", "16:02:00"], bukan '07:31:00'""",
        ),
        ({"in": "07:31:00", "away": "lama"}, "away ditulis sebagai menit, bukan 'lama'"),
    ],
)
def test_what_cannot_be_a_day_is_told(day, told):
    with pytest.raises(CaseError) as refusal:
        decide(day)
    assert str(refusal.value) == told


def test_a_place_that_nobody_knows_is_told_with_those_that_are_known():
    with pytest.raises(CaseError) as refusal:
        decide({"place": "Moon"}, places={"annex": "taps"})
    told = str(refusal.value)
    assert told.startswith("Tempat moon tidak dikenal; yang dikenal: ")
    known = told.split(": ")[1].split(", ")
    assert {"office", "home", "leave", "annex"} <= set(known)


def test_a_day_that_no_line_of_hours_is_for_is_told():
    hours = [{"when": {"weekday": "fri"}, "in": "07:30", "out": "16:30"}]
    with pytest.raises(CaseError) as refusal:
        decide({"in": "07:30:00"}, hours=hours)
    assert str(refusal.value) == "Tidak ada baris hours dari random-attendance yang cocok untuk hari 2025-11-10"


def test_a_document_without_hours_is_told():
    class Half:
        id, parameters = "half", {"tolerance": {"minutes": 5}}

    with pytest.raises(CaseError, match="^Dokumen kehadiran half tidak lengkap: KeyError"):
        compile_attendance(Half)


def test_place_and_calendar_are_the_days_then_the_persons_then_the_usual():
    assert decide({})["place"] == "office"
    assert decide({}, {"place": "Home"})["place"] == "home"
    assert decide({"place": "Duty"}, {"place": "home"})["place"] == "duty"
    assert decide({})["calendar"] == "five_day"
    assert decide({}, {"calendar": "six_day"})["calendar"] == "six_day"
    assert decide({"calendar": "five_day"}, {"calendar": "six_day"})["calendar"] == "five_day"


def test_conditions_see_the_day_then_the_person_then_what_is_usual():
    hours = [{"when": {"service": "hospital"}, "in": "08:00", "out": "14:00"}, *HOURS]
    tapped_at = {"in": "08:00:00", "out": "14:00:00"}
    assert decide(tapped_at | {"service": "hospital"}, {"service": "school"}, hours=hours)["minutes_late"] == 0
    assert decide(tapped_at | {"service": "school"}, {"service": "hospital"}, hours=hours)["minutes_late"] == 30
    usual = [{"when": {"run": "regular", "calendar": "five_day"}, "in": "09:00", "out": "14:00"}, *HOURS]
    assert decide(tapped_at, hours=usual)["minutes_late"] == 0
    assert decide(tapped_at, {"calendar": "six_day"}, hours=usual)["minutes_late"] == 30


def test_a_day_holds_every_number_the_weekday_and_the_required_departure():
    day = decide({"in": "07:30:00", "out": "16:00:00", "remark": "x", "note": None})
    assert (day["date"], day["weekday"], day["remark"]) == (MONDAY, "mon", "x")
    assert "note" not in day
    assert {day[name] for name in DAY_NUMBERS if name not in ("expected_days", "present_days")} == {0}
    assert decide({"date": "2025-11-14"})["weekday"] == "fri"
    free = decide({"date": None, "place": "leave"})
    assert (free["weekday"], free["required_departure"]) == (None, None)
    assert free["leave_days"] == 1


def test_what_was_not_missed_or_said_counts_for_nothing():
    day = decide({"in": "07:30:00", "out": "16:00:00", "ceremony": "attended", "report": "entah"})
    assert day["ceremonies_missed"] == 0
    assert [day[f"reports_{name}"] for name in ("done", "late", "missing", "below")] == [0, 0, 0, 0]
    assert decide({"in": "07:30:00", "ceremony": "Missed"})["ceremonies_missed"] == 1
    assert (day["missing_in"], day["missing_out"], day["missing_taps"]) == (0, 0, 0)


def test_one_direction_alone_leaves_the_other_missing():
    only_in, only_out = decide({"in": "07:30:00"}), decide({"out": "16:00:00"})
    assert (only_in["missing_in"], only_in["missing_out"]) == (0, 1)
    assert (only_out["missing_in"], only_out["missing_out"]) == (1, 0)
    # a direction outranks taps without one
    both = decide({"in": "07:40:00", "taps": ["07:30:00", "16:00:00"]})
    assert (both["minutes_late"], both["missing_out"]) == (10, 1)


def test_seconds_of_the_required_departure_are_said_where_there_are_any():
    hours = [{"in": "07:30", "out": "16:00:30"}]
    assert decide({"in": "07:30:00", "out": "16:00:30"}, hours=hours)["required_departure"] == "16:00:30"


@pytest.mark.parametrize(
    ("seconds", "started", "minutes"),
    [
        (-60, True, 0),
        (0, True, 0),
        (1, True, 1),
        (60, True, 1),
        (61, True, 2),
        (1, False, 0),
        (59, False, 0),
        (60, False, 1),
    ],
)
def test_whole_minutes(seconds, started, minutes):
    assert whole_minutes(seconds, started) == minutes


@pytest.mark.parametrize(
    ("day", "decided"),
    [
        ({}, False),
        ({"permit_days": 1}, False),
        ({"minutes_late": 0}, True),
        ({"present_days": 1}, True),
        ({"in": 1}, False),
    ],
)
def test_which_days_are_decided(day, decided):
    assert is_decided(day) is decided


def test_an_excused_or_absent_day_is_not_present():
    absent = decide({}, outcomes=[{"when": {"missing_taps": 2}, "set": {"absent_days": 2}}])
    assert (absent["absent_days"], absent["present_days"]) == (2, 0)
    leave = decide({"place": "leave"})
    assert (leave["present_days"], leave["leave_days"]) == (0, 1)
