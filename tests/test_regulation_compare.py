"""Two documents compared in words: changed, new, gone and reordered, and nothing where they mean the same."""

from datetime import date

import pytest

from policy.documents import Library
from policy.sentences_compare import differences
from tests.random_documents import text_of


def words(topic, before, after):
    """Section and words of every difference of two documents with these parameters."""
    documents = [Library().build("uji.yaml", text_of(topic, blocks)) for blocks in (before, after)]
    return [(difference.section, difference.words) for difference in differences(*documents)]


def late(**changes):
    rule = {
        "label": "Terlambat masuk",
        "fact": "minutes_late",
        "bands": {"TL1": [1, 31, "0.5 %"], "TL2": [31, None, "1 %"]},
    }
    return {"components": {"a": {"weight": "100 %"}}, "charges": {"late": rule | changes}}


def ramadan(leaving="15:00", tail=()):
    lines = [{"when": {"ramadan": True}, "in": "08:00", "out": leaving}, *tail, {"in": "07:30", "out": "16:00"}]
    return {"hours": lines}


def test_a_share_that_changed():
    bands = {"TL1": [1, 31, "0.5 %"], "TL2": [31, None, "1.25 %"]}
    assert words("allowance", late(), late(bands=bands)) == [("Potongan", "TL2: 1 % menjadi 1,25 %")]


def test_an_hour_that_changed():
    assert words("attendance", ramadan(), ramadan("15:30")) == [
        ("Jam kerja", "Hari Ramadan: pulang 15.00 menjadi 15.30")
    ]


def test_a_band_that_moved_says_both_ranges():
    bands = {"TL1": [1, 16, "0.5 %"], "TL2": [16, None, "1 %"]}
    assert words("allowance", late(), late(bands=bands)) == [
        (
            "Potongan",
            "TL1: rentang Terlambat 1 sampai kurang dari 31 menit menjadi Terlambat 1 sampai kurang dari 16 menit",
        ),
        ("Potongan", "TL2: rentang Terlambat 31 menit atau lebih menjadi Terlambat 16 menit atau lebih"),
    ]


def test_what_is_new_and_what_is_gone():
    freed = late(**{"except": {"outage": True}})
    sentence = (
        "Terlambat masuk dikecualikan bila ada gangguan sistem yang diumumkan, tetap dicatat tanpa mengurangi apa pun"
    )
    assert words("allowance", late(), freed) == [("Potongan", f"baru: {sentence}")]
    assert words("allowance", freed, late()) == [("Potongan", f"dihapus: {sentence}")]


def test_lines_that_changed_places():
    friday = {"when": {"weekday": "fri"}, "in": "07:30", "out": "16:30"}
    before = ramadan(tail=[friday])
    after = {"hours": [before["hours"][1], before["hours"][0], before["hours"][2]]}
    assert words("attendance", before, after) == [
        ("Jam kerja", "urutan berubah menjadi: Hari Jumat; Hari Ramadan; Hari lainnya; Toleransi; Detik")
    ]


def test_an_article_that_changed():
    assert words("allowance", late(article="Pasal 5"), late(article="Pasal 6")) == [
        ("Potongan", "TL1: dasar Pasal 5 menjadi Pasal 6"),
        ("Potongan", "TL2: dasar Pasal 5 menjadi Pasal 6"),
    ]


@pytest.mark.parametrize(
    "same",
    [
        {"hours": [{"in": "07:30", "out": "16:00"}], "seconds": "dropped"},
        {"hours": [{"in": "07:30", "out": "16:00"}], "accept": {"lone_tap": "middle", "arrival_before": "closing"}},
        {"hours": [{"in": "07:30", "out": "16:00"}], "fillers": ["23:59"], "places": {"office": "taps"}},
    ],
)
def test_a_default_that_is_spelled_out_is_no_difference(same):
    assert words("attendance", {"hours": same["hours"]}, same) == []


# One document for each way in which a key that is no figure may be said otherwise.
KINDS = [
    ("attendance", {"seconds": "started"}),
    ("attendance", {"tolerance": {"minutes": 0, "kind": "threshold"}}),
    ("attendance", {"accept": {"lone_tap": "arrival"}}),
    ("attendance", {"fillers": []}),
    ("attendance", {"places": {"duty": "taps"}}),
    ("attendance", {"outcomes": [{"when": {"missing_in": 1}, "set": {"absent_days": 1}}]}),
    *(
        ("allowance", late(**change))
        for change in (
            {"each": "week"},
            {"of": "gross"},
            {"of": "achievement"},
            {"when": {"place": "home"}},
            {"except": {"date": {"from": date(2025, 3, 1)}}},
            {"free": 1},
            {"combine": "max"},
            {"combine": "min"},
            {"prorate": "calendar_days"},
            {"after": 5},
            {"fact": "minutes_early"},
        )
    ),
    ("allowance", late() | {"exempt": {"outage": True}}),
    ("allowance", late() | {"caps": {"c": {"per": "day", "at": "5 %"}}}),
    ("allowance", late() | {"offsets": ["profession_allowance"]}),
    ("allowance", late() | {"base": {"by": "criteria", "criteria": ["x"]}}),
    ("allowance", late() | {"insurance": {"employee": "1 %"}}),
    ("allowance", late() | {"tax": {"rate": "5 %"}}),
    ("allowance", late() | {"rounding": {"cuts": {"to": 1}}}),
    ("allowance", late() | {"holds": {"h": {"rate": "10 %"}}}),
    ("allowance", late() | {"factors": {"h": {"rate": "10 %"}}}),
    ("allowance", late() | {"supplements": {"h": {"rate": "10 %"}}}),
    ("allowance", late() | {"facts": {"h": {"given": "label"}}}),
    ("allowance", late() | {"components": {"a": {"weight": "100 %", "cuts_of": "full"}}}),
]


@pytest.mark.parametrize(("topic", "change"), KINDS, ids=[str(change)[-60:] for _, change in KINDS])
def test_whatever_a_key_changes_is_said_both_ways(topic, change):
    plain = late() if topic == "allowance" else {"hours": [{"in": "07:30", "out": "16:00"}]}
    changed = plain | change
    assert words(topic, plain, changed)
    assert words(topic, changed, plain)


INNER = [
    ("caps", {"c": {"per": "month", "at": "5 %"}}, {"c": {"per": "month", "at": "5 %", "over": "flag"}}),
    ("caps", {"c": {"per": "month", "at": "5 %"}}, {"c": {"per": "month", "at": "5 %", "charges": ["late"]}}),
    ("factors", {"f": {"rate": "5 %"}}, {"f": {"rate": "5 %", "replaces": True}}),
    ("supplements", {"f": {"rate": "5 %"}}, {"f": {"rate": "5 %", "of": "allowance"}}),
    ("supplements", {"f": {"rate": "5 %"}}, {"f": {"rate": "5 %", "lag_months": 1}}),
    ("insurance", {"employee": "1 %"}, {"employee": "1 %", "of": "gross"}),
    ("insurance", {"employee": "1 %"}, {"employee": "1 %", "when": {"status": "pns"}}),
    ("tax", {"rate": "5 %"}, {"rate": "5 %", "of": "increment"}),
    ("tax", {"rate": "5 %"}, {"rate": "5 %", "borne_by": "government"}),
    ("tax", {"rate": "5 %"}, {"rate": "5 %", "when": {"status": "pns"}}),
    ("tax", {"rate": "5 %"}, {"table": "tabel"}),
    ("rounding", {"tax": {"to": 1}}, {"tax": {"to": 1, "mode": "half_even"}}),
    ("base", {"by": "class", "classes": {1: 5}}, {"by": "class", "classes": {1: 5}, "change": "by_days"}),
    ("facts", {"x": {"sum": {"absent_days": 1}}}, {"x": {"sum": {"absent_days": 1}, "each": "day"}}),
    ("facts", {"x": {"least": ["absent_days", 1]}}, {"x": {"greatest": ["absent_days", 1]}}),
]


@pytest.mark.parametrize(("key", "before", "after"), INNER, ids=[f"{key} {after}" for key, _, after in INNER])
def test_a_choice_inside_a_block_is_said(key, before, after):
    assert words("allowance", late() | {key: before}, late() | {key: after})


def test_documents_of_two_topics_are_not_compared():
    tax = Library().build("a", text_of("tax", {"tax": {"rate": "5 %"}}))
    with pytest.raises(ValueError, match="adalah dokumen tax"):
        differences(tax, Library().build("b", text_of("allowance", late())))
