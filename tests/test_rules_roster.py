"""Who may work from home, as a table; numbers, levels and kinds of employment at the edges of what sheets hold."""

from dataclasses import replace
from datetime import date

import pytest

from roster.rules import (
    MESSAGES,
    OFF_CODES,
    NumberCheck,
    Reason,
    Situation,
    check_number,
    decide,
    employment_of,
    level_of,
    narrower_exception,
    share_is_taken,
)

AT_HOME = Situation(mode="all")


def codes(**changes):
    return [reason.code for reason in decide(replace(AT_HOME, **changes)).reasons]


def test_nobody_speaks_against_it():
    answer = decide(AT_HOME)
    assert (answer.allowed, answer.expected_place, answer.reasons) == (True, "home", ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_active": False}, "not_active"),
        ({"holiday": "Natal"}, "holiday"),
        ({"holiday": ""}, "holiday"),
        ({"works_today": False}, "day_off"),
        ({"away": "on_leave"}, "on_leave"),
        ({"away": "on_duty"}, "on_duty"),
    ],
)
def test_a_day_off_stands_alone(changes, code):
    everything = {"level_excluded": True, "direct_service": True, "unit_mapped": False, "mode": None}
    answer = decide(replace(AT_HOME, **everything, **changes))
    assert (answer.allowed, answer.expected_place) == (False, "off")
    assert [reason.code for reason in answer.reasons] == [code]
    assert code in OFF_CODES


def test_the_off_reasons_come_in_their_order():
    off = {"is_active": False, "holiday": "Natal", "works_today": False, "away": "on_leave"}
    for name, code in zip(off, ("not_active", "holiday", "day_off", "on_leave"), strict=True):
        rest = {key: off[key] for key in list(off)[list(off).index(name) :]}
        assert codes(**rest) == [code]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"level_excluded": True}, ["position_level_excluded"]),
        ({"direct_service": True}, ["direct_service"]),
        ({"discipline_case": True}, ["discipline_case"]),
        ({"exception": "office"}, ["exception_office"]),
        ({"exception": "home"}, []),
        ({"unit_mapped": False}, ["unit_not_mapped"]),
        ({"unit_mapped": False, "exception": "home"}, ["unit_not_mapped"]),
        ({"unit_mapped": False, "has_building": False, "mode": None}, ["unit_not_mapped"]),
        ({"has_building": False}, ["no_building"]),
        ({"has_building": False, "phase_open": False}, ["no_building"]),
        ({"has_building": False, "phase_open": False, "mode": None, "exception": "home"}, []),
        ({"phase_open": False}, ["no_open_phase"]),
        ({"phase_open": False, "mode": None}, ["no_open_phase"]),
        ({"mode": None}, ["weekday_not_in_phase"]),
        ({"mode": None, "assigned": True}, ["weekday_not_in_phase"]),
        ({"mode": "all", "share_taken": True}, []),
        ({"mode": "on_request"}, ["request_not_approved"]),
        ({"mode": "on_request", "share_taken": True}, ["request_not_approved"]),
        ({"mode": "on_request", "assigned": True}, []),
        ({"mode": "scheduled"}, ["not_scheduled"]),
        ({"mode": "scheduled", "share_taken": True}, ["share_full"]),
        ({"mode": "scheduled", "share_taken": True, "assigned": True}, []),
    ],
)
def test_the_table(changes, found):
    answer = decide(replace(AT_HOME, **changes))
    assert [reason.code for reason in answer.reasons] == found
    assert (answer.allowed, answer.expected_place) == ((False, "office") if found else (True, "home"))


def test_all_reasons_are_given_in_the_order_of_the_table():
    personal = {"level_excluded": True, "direct_service": True, "discipline_case": True, "exception": "office"}
    names = ["position_level_excluded", "direct_service", "discipline_case", "exception_office"]
    assert codes(**personal) == names
    assert codes(**personal, mode=None) == [*names, "weekday_not_in_phase"]
    assert codes(**personal, phase_open=False) == [*names, "no_open_phase"]
    assert codes(**personal, has_building=False) == [*names, "no_building"]
    assert codes(**personal, unit_mapped=False) == [*names, "unit_not_mapped"]
    assert codes(**(personal | {"exception": "home"})) == names[:3]


def reason_of(**changes):
    (reason,) = decide(replace(AT_HOME, **changes)).reasons
    return reason


def test_a_reason_says_what_and_where_it_is_written():
    written = (("direct_service", "SK 12/2025"), ("holiday", "SKB 3 Menteri"))
    assert reason_of(direct_service=True, sources=written) == Reason(
        "direct_service", "Unit ini memberi layanan langsung.", "SK 12/2025"
    )
    assert reason_of(holiday="Natal", sources=written) == Reason("holiday", "Hari libur: Natal.", "SKB 3 Menteri")
    assert reason_of(holiday="") == Reason("holiday", MESSAGES["holiday"], "")
    assert reason_of(is_active=False, standing="Pensiun") == Reason("not_active", "Kedudukan hukum: Pensiun.", "")
    assert reason_of(is_active=False).message == "Kedudukan hukum tidak aktif."
    # the name of a holiday and the standing colour their own reason alone
    assert reason_of(works_today=False, standing="Aktif").message == "Bukan hari kerja menurut kalender unit."
    assert reason_of(mode=None, standing="Aktif").message == MESSAGES["weekday_not_in_phase"]


@pytest.mark.parametrize(
    ("assigned", "people", "share_bp", "taken"),
    [
        (4, 10, 5000, False),
        (5, 10, 5000, True),
        (0, 10, 0, True),
        (9, 10, 10_000, False),
        (10, 10, 10_000, True),
        (0, 0, 10_000, True),
        # half of 11 is 5.5: five may, a sixth may not
        (4, 11, 5000, False),
        (5, 11, 5000, True),
        (0, 10_000, 1, False),
        (1, 10_000, 1, True),
    ],
)
def test_one_more_fits_or_goes_over_the_share(assigned, people, share_bp, taken):
    assert share_is_taken(assigned, people, share_bp) is taken


def test_the_narrower_exception_wins_then_the_later():
    early, late = date(2026, 1, 1), date(2026, 2, 1)
    assert narrower_exception([]) is None
    assert narrower_exception([(1, late, 9, True), (2, early, 1, False)]) is False
    assert narrower_exception([(1, early, 9, False), (1, late, 1, True)]) is True
    assert narrower_exception([(1, early, 2, True), (1, early, 1, False)]) is True


NIP = "198412312009012003"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (NIP, NumberCheck(NIP, None, date(1984, 12, 31), "F")),
        ("198412312009011003", NumberCheck("198412312009011003", None, date(1984, 12, 31), "M")),
        (f" '{NIP}", NumberCheck(NIP, None, date(1984, 12, 31), "F")),
        ("19841231 200901 2 003", NumberCheck(NIP, None, date(1984, 12, 31), "F")),
        ("", NumberCheck("", "missing")),
        ("'", NumberCheck("", "missing")),
        ("  ", NumberCheck("", "missing")),
        ("1.98412E+17", NumberCheck("", "nip_damaged_number")),
        ("1,98412e17", NumberCheck("", "nip_damaged_number")),
        ("2E17", NumberCheck("", "nip_damaged_number")),
        ("19841231200901200", NumberCheck("", "nip_format")),
        (NIP + "1", NumberCheck("", "nip_format")),
        ("198412312009013003", NumberCheck("", "nip_format")),
        (NIP + "'", NumberCheck("", "nip_format")),
        ("198413012009012003", NumberCheck("198413012009012003", "nip_birth_date")),
        ("198402302009012003", NumberCheck("198402302009012003", "nip_birth_date")),
        ("198402292009012003", NumberCheck("198402292009012003", None, date(1984, 2, 29), "F")),
    ],
)
def test_what_a_number_says(words, found):
    assert check_number(words, words) == found


@pytest.mark.parametrize("cell", [198412312009012003, 1.984e17, 0])
def test_a_cell_that_is_a_number_has_lost_its_digits(cell):
    assert check_number(cell, NIP) == NumberCheck("", "nip_damaged_number")


def test_a_truth_value_is_judged_by_its_words():
    assert check_number(True, "TRUE") == NumberCheck("", "nip_format")


@pytest.mark.parametrize(
    ("echelon", "job", "level"),
    [
        ("I.a", "Struktural", "jpt_madya"),
        ("II.b", "Struktural", "jpt_pratama"),
        ("III.a", "Jabatan Fungsional", "administrator"),
        (" eselon iv.a ", "", "pengawas"),
        ("Eselon  IV", "", "pengawas"),
        ("ESELON II", "", "jpt_pratama"),
        ("V.a", "", "pelaksana"),
        ("IVA", "", "pelaksana"),
        ("", "Jabatan fungsional tertentu", "fungsional"),
        ("-", "Jabatan Pelaksana", "pelaksana"),
        ("Non Eselon", "", "pelaksana"),
    ],
)
def test_levels(echelon, job, level):
    assert level_of(echelon, job) == level


@pytest.mark.parametrize(
    ("kind", "status", "found"),
    [
        ("PNS", "P", "pns"),
        ("PNS", "C", "cpns"),
        ("PNS", " cpns ", "cpns"),
        ("PNS", "", "pns"),
        (" pppk paruh waktu", "C", "pppk"),
        ("PPPK", "P", "pppk"),
        ("Bukan PPPK", "P", "pns"),
    ],
)
def test_kinds_of_employment(kind, status, found):
    assert employment_of(kind, status) == found
