"""Every code of the validator is raised at the exact path of the key, on both sides of its edge."""

from pathlib import Path

import pytest

from policy.documents import Library
from policy.validator import validate
from policy.validator_check import Finding

REGULATIONS = Path(__file__).resolve().parent.parent / "regulations"
HEAD = """id: {id}
topic: {topic}
jurisdiction: uji
title: Dokumen uji
decree: Peraturan uji
issued_on: 2025-01-01
valid_from: 2025-01-01
status: assumed
"""
ATTENDANCE = """parameters:
  hours:
    - {in: "07:30", out: "16:00", article: "1"}
"""
ALLOWANCE = """parameters:
  components:
    a: {weight: 60 %, article: "1"}
    b: {weight: 40 %, article: "1"}
  charges:
    late: {fact: minutes_late, bands: {TL1: [1, 31, 0.5 %], TL2: [31, null, 1 %]}, article: "2"}
    weekly: {fact: absent_days, each: week, rate: 1 %, article: "2"}
"""


def found(text: str, library: Library | None = None) -> list[tuple[str, str]]:
    """Codes and paths of a document's findings."""
    return [(finding.code, finding.path) for finding in validate(text, library, neighbours=[])]


def attendance(changes: str = "", body: str = ATTENDANCE) -> str:
    return HEAD.format(id="uji-attendance", topic="attendance") + body + changes


def allowance(changes: str = "", body: str = ALLOWANCE) -> str:
    return HEAD.format(id="uji-tpp", topic="allowance") + body + changes


def only(parameters: str, topic: str = "allowance") -> str:
    """A document with exactly these lines below `parameters`."""
    lines = "".join(f"  {line}\n" for line in parameters.strip().splitlines())
    return HEAD.format(id="uji", topic=topic) + "parameters:\n" + lines


def rule(text: str, verb: str = "charges") -> str:
    """A document with one rule."""
    return only(f"{verb}:\n  x: {{{text}, article: '1'}}")


def hours(text: str, rest: str = "") -> str:
    return only(f'hours:\n  - {{{text}, article: "1"}}\n{rest}', "attendance")


def two_lines(when: str) -> str:
    """Hours whose first line has a condition."""
    line = f'{{when: {{{when}}}, in: "07:30", out: "16:00", article: "1"}}'
    return only(f'hours:\n  - {line}\n  - {{in: "07:30", out: "16:00", article: "1"}}', "attendance")


def test_the_plain_documents_have_no_finding() -> None:
    assert found(attendance()) == []
    assert found(allowance()) == []


@pytest.mark.parametrize(
    "file", sorted(REGULATIONS.rglob("*.yaml")), ids=lambda file: str(file.relative_to(REGULATIONS))
)
def test_shipped_documents_have_no_finding(file: Path) -> None:
    library = Library()
    library.load_folder(REGULATIONS)
    assert validate(file.read_text(), library, str(file)) == []


HEAD_CASES = [
    ("- satu\n- dua\n", "not_yaml", ""),
    ("", "not_yaml", ""),
    ("a: [1, 2", "not_yaml", ""),
    ("a: &x {b: *x}\n", "not_yaml", ""),
    ("a: !!python/name:os.system x\n", "not_yaml", ""),
    (attendance("id: lagi\n"), "duplicate_key", "id"),
    (attendance().replace('out: "16:00"', 'in: "16:00"'), "duplicate_key", "parameters.hours.0.in"),
    (allowance().replace("TL2:", "TL1:"), "duplicate_key", "parameters.charges.late.bands.TL1"),
    (attendance().replace("title: Dokumen uji\n", ""), "head_missing", "title"),
    (attendance().replace("issued_on: 2025-01-01\n", ""), "head_missing", "issued_on"),
    (attendance().replace("status: assumed\n", ""), "head_missing", "status"),
    (attendance().replace("topic: attendance", "topic: wages"), "head_value", "topic"),
    (attendance().replace("status: assumed", "status: final"), "head_value", "status"),
    (attendance().replace("valid_from: 2025-01-01", "valid_from: 2025-02-30"), "head_value", "valid_from"),
    (attendance("valid_to: 2025-01-01\n"), "head_value", "valid_to"),
    (attendance("demonstration: 1\n"), "head_value", "demonstration"),
    (attendance("colour: red\n"), "unknown_key", "colour"),
    (attendance("extends: nowhere\n"), "extends_missing", "extends"),
    (attendance("extends: uji-attendance\n"), "extends_cycle", "extends"),
    (attendance(body=""), "key_missing", "parameters"),
    (attendance(body="parameters: 3\n"), "value", "parameters"),
    (allowance("attendance: nowhere\n"), "reference_missing", "attendance"),
]
ATTENDANCE_CASES = [
    (only("seconds: dropped", "attendance"), "key_missing", "parameters.hours"),
    (hours('in: "07:30"'), "key_missing", "parameters.hours.0.out"),
    (hours('in: "07:30", out: 16:00'), "time_format", "parameters.hours.0.out"),
    (hours('in: "7.30", out: "16:00"'), "time_format", "parameters.hours.0.in"),
    (hours('in: "22:00", out: "06:00"'), "value", "parameters.hours.0.out"),
    (hours('when: {weekday: fri}, in: "07:30", out: "16:00"'), "hours_uncovered", "parameters.hours"),
    (two_lines("weekday: friday"), "value", "parameters.hours.0.when.weekday"),
    (two_lines("weather: rain"), "unknown_name", "parameters.hours.0.when.weather"),
    (hours('in: "07:30", out: "16:00", lunch: 60'), "unknown_key", "parameters.hours.0.lunch"),
    (hours('in: "07:30", out: "16:00"', "seconds: counted"), "value", "parameters.seconds"),
    (hours('in: "07:30", out: "16:00"', "tolerance: {kind: flexible}"), "key_missing", "parameters.tolerance.minutes"),
    (hours('in: "07:30", out: "16:00"', "tolerance: {minutes: 5}"), "key_missing", "parameters.tolerance.kind"),
    (
        hours('in: "07:30", out: "16:00"', "tolerance: {minutes: lima, kind: subtract}"),
        "number_format",
        "parameters.tolerance.minutes",
    ),
    (hours('in: "07:30", out: "16:00"', "fillers: [23:59]"), "time_format", "parameters.fillers.0"),
    (hours('in: "07:30", out: "16:00"', "places: {home: remote}"), "value", "parameters.places.home"),
    (
        hours('in: "07:30", out: "16:00"', "outcomes: [{when: {missing_in: 1}, article: '1'}]"),
        "key_missing",
        "parameters.outcomes.0.set",
    ),
    (
        hours('in: "07:30", out: "16:00"', "outcomes: [{when: {missing_in: 1}, set: {late: 1}, article: '1'}]"),
        "unknown_name",
        "parameters.outcomes.0.set.late",
    ),
]
SCALE_CASES = [
    (rule("fact: minutes_late, rate: 0.5"), "rate_format", "parameters.charges.x.rate"),
    (rule("fact: minutes_late, rate: banyak"), "rate_format", "parameters.charges.x.rate"),
    (rule("fact: minutes_late, rate: 0.5%"), "rate_format", "parameters.charges.x.rate"),
    (rule("fact: minutes_late, rate: 37000 rupiah"), "rate_format", "parameters.charges.x.rate"),
    (rule("fact: minutes_late, rate: -1 %"), "rate_format", "parameters.charges.x.rate"),
    (rule("fact: minutes_late"), "scale_count", "parameters.charges.x"),
    (rule("fact: minutes_late, rate: 1 %, ratio: {to: 3}"), "scale_count", "parameters.charges.x"),
    (rule("fact: lateness, rate: 1 %"), "unknown_name", "parameters.charges.x.fact"),
    (rule("bands: [[0, null, 1 %]]"), "key_missing", "parameters.charges.x.fact"),
    (rule("rate: 1 %, each: run"), "key_missing", "parameters.charges.x.fact"),
    (rule("fact: minutes_late, rate: 1 %, unit: 0"), "value", "parameters.charges.x.unit"),
    (rule("fact: minutes_late, rate: 1 %, after: dua"), "number_format", "parameters.charges.x.after"),
    (
        rule("fact: minutes_late, bands: {A: [1, 31, 1 %], B: [32, null, 2 %]}"),
        "band_gap",
        "parameters.charges.x.bands.B",
    ),
    (
        rule("fact: minutes_late, bands: {A: [1, 31, 1 %], B: [30, null, 2 %]}"),
        "band_overlap",
        "parameters.charges.x.bands.B",
    ),
    (
        rule("fact: minutes_late, bands: {A: [1, null, 1 %], B: [30, 40, 2 %]}"),
        "band_overlap",
        "parameters.charges.x.bands.B",
    ),
    (rule("fact: minutes_late, bands: [[1, 31, 1 %], [40, 40, 2 %]]"), "band_order", "parameters.charges.x.bands.1"),
    (rule("fact: minutes_late, bands: {A: [1, 31, 1.5]}"), "rate_format", "parameters.charges.x.bands.A.2"),
    (
        rule("fact: minutes_late, rate: 1 %, when: {place: [home, office], mood: bad}"),
        "unknown_name",
        "parameters.charges.x.when.mood",
    ),
    (
        rule("fact: minutes_late, rate: 1 %, when: {class: {from: lima}}"),
        "number_format",
        "parameters.charges.x.when.class.from",
    ),
    (rule("fact: minutes_late, rate: 1 %, when: {shift: off}"), "value", "parameters.charges.x.when.shift"),
    (rule("fact: minutes_late, rate: 1 %, hits: [c]"), "unknown_name", "parameters.charges.x.hits"),
    (rule("fact: minutes_late, rate: 1 %, hits: []"), "value", "parameters.charges.x.hits"),
    (rule("fact: minutes_late, rate: 1 %, each: year"), "value", "parameters.charges.x.each"),
    (rule("fact: minutes_late, rate: 1 %, colour: red"), "unknown_key", "parameters.charges.x.colour"),
    (rule("fact: rating_score, ratio: {at_most: 100 %}", "holds"), "key_missing", "parameters.holds.x.ratio.to"),
    (rule("fact: rating_score, ratio: {to: 0}", "holds"), "value", "parameters.holds.x.ratio.to"),
    (rule("fact: rating, labels: {Baik: 1}", "factors"), "rate_format", "parameters.factors.x.labels.Baik"),
    (rule("mix: [{weight: 60 %, rate: 1 %}, {weight: 41 %, rate: 2 %}]"), "weights_sum", "parameters.charges.x.mix"),
    (rule("mix: [{rate: 1 %}]"), "key_missing", "parameters.charges.x.mix.0.weight"),
]
ALLOWANCE_CASES = [
    (  # the income is a fact inside the scales of a tax only
        only("tax: {rate: 5 %, when: {taxable_rupiah: {from: 5000000}}, article: '1'}"),
        "unknown_name",
        "parameters.tax.when.taxable_rupiah",
    ),
    (allowance().replace("60 %", "59.9 %"), "weights_sum", "parameters.components"),
    (allowance().replace("weight: 60 %, ", ""), "key_missing", "parameters.components.a.weight"),
    (only("base: {by: class}"), "key_missing", "parameters.base.classes"),
    (only("base: {by: criteria}"), "key_missing", "parameters.base.criteria"),
    (only("base: {by: class, classes: {7: banyak}}"), "number_format", "parameters.base.classes.7"),
    (only("base: {by: rank}"), "value", "parameters.base.by"),
    (only("facts: {f: {given: number, sum: {salary: 1}}}"), "scale_count", "parameters.facts.f"),
    (only("facts: {a: {sum: {b: 1}}, b: {least: [a, 3]}}"), "fact_cycle", "parameters.facts.a"),
    (only("facts: {a: {greatest: [nothing, 3]}}"), "unknown_name", "parameters.facts.a.greatest"),
    (only("offsets: [nothing]"), "unknown_name", "parameters.offsets"),
    (only("rounding: {total: {to: 1}}"), "unknown_name", "parameters.rounding.total"),
    (only("rounding: {cuts: {mode: floor}}"), "key_missing", "parameters.rounding.cuts.to"),
    (only("rounding: {component: {to: 1}, cuts: {to: 1}}"), "value", "parameters.rounding.cuts"),
    (only("tax: {table: nowhere, article: '1'}"), "reference_missing", "parameters.tax.table"),
    (only("insurance: {employer: 0.04, article: '1'}"), "rate_format", "parameters.insurance.employer"),
    (only("bonus: 3"), "unknown_key", "parameters.bonus"),
    (
        allowance("  caps: {day: {per: day, at: 2 %, charges: [late, weekly], article: '1'}}\n"),
        "cap_scope",
        "parameters.caps.day.charges",
    ),
    (
        allowance("  caps: {day: {per: day, at: 2 %, charges: [early], article: '1'}}\n"),
        "unknown_name",
        "parameters.caps.day.charges",
    ),
    (allowance("  caps: {day: {per: day, article: '1'}}\n"), "key_missing", "parameters.caps.day.at"),
    (allowance("  caps: {day: {at: 1 %, article: '1'}}\n"), "key_missing", "parameters.caps.day.per"),
    (
        allowance("    early: {fact: minutes_early, bands: {TL2: [1, null, 1 %]}, article: '1'}\n"),
        "duplicate_code",
        "parameters.charges.early.bands.TL2",
    ),
    (
        allowance("    early: {fact: minutes_early, bands: {late: [1, null, 1 %]}, article: '1'}\n"),
        "duplicate_code",
        "parameters.charges.early.bands.late",
    ),
    (allowance().replace(', article: "2"}', "}", 1), "article_missing", "parameters.charges.late"),
    (only("components: {a: {weight: 100 %}}"), "article_missing", "parameters.components.a"),
    (
        only(
            "components: {a: {weight: 100 %, article: '1', achievement: {fact: rating_score, bands: [[1, null, 1 %]]}}}"
        ),
        "band_gap",
        "parameters.components.a.achievement.bands.0",
    ),
    (
        only(
            "components: {a: {weight: 100 %, article: '1', achievement: {fact: rating_score, bands: [[0, 100, 1 %]]}}}"
        ),
        "band_gap",
        "parameters.components.a.achievement.bands.0",
    ),
]


@pytest.mark.parametrize(("text", "code", "path"), HEAD_CASES + ATTENDANCE_CASES + SCALE_CASES + ALLOWANCE_CASES)
def test_one_fault_gives_one_finding_at_its_key(text: str, code: str, path: str) -> None:
    findings = found(text)
    assert findings == [(code, path)]


def test_what_lies_just_inside_the_edges_is_accepted() -> None:
    assert found(rule("fact: minutes_late, bands: {A: [1, 31, 1 %], B: [31, null, 2 %]}")) == []
    assert found(rule("fact: home_days, rate: 37000 rupiah", "supplements")) == []
    assert (
        found(rule("each: post, when: {kind: [plt, plh], days: {from: 30}}, rate: 20 %, of: post_gross", "supplements"))
        == []
    )
    assert found(hours('in: "07:30:00", out: "16:00", tolerance: {minutes: 60, kind: flexible, earlier: 30}')) == []
    assert (
        found(only("tax: {fact: taxable_rupiah, bands: [[0, 5000000, 0 %], [5000000, null, 5 %]], article: '1'}")) == []
    )
    assert found(only("exempt: {place: duty}\nrounding: {gross: {to: 0.01, mode: floor}, cuts: {to: 1}}")) == []


def test_a_warning_refuses_nothing() -> None:
    assert validate(only("components: {a: {weight: 100 %}}"))[0].warning


def test_rings_of_documents() -> None:
    library = Library()
    one, two = attendance("extends: two\n").replace("id: uji-attendance", "id: one"), attendance("extends: one\n")
    library.load_texts({"one.yaml": one, "two.yaml": two.replace("id: uji-attendance", "id: two")})
    findings = validate(one, library, "one.yaml", neighbours=[])
    assert [(finding.code, finding.path) for finding in findings] == [("extends_cycle", "extends")]


@pytest.mark.parametrize(
    ("first", "second", "overlaps"),
    [
        ("valid_from: 2025-01-01", "valid_from: 2025-01-01", True),
        ("valid_from: 2025-01-01", "valid_from: 2025-02-01", False),
        ("valid_from: 2025-01-01\nvalid_to: 2025-02-02", "valid_from: 2025-02-01", True),
        ("valid_from: 2025-01-01\nvalid_to: 2025-02-01", "valid_from: 2025-02-01", False),
    ],
)
def test_two_documents_on_one_day(first: str, second: str, overlaps: bool) -> None:
    library = Library()
    other = attendance().replace("id: uji-attendance", "id: other").replace("valid_from: 2025-01-01", first)
    library.load_texts({"other.yaml": other})
    findings = validate(attendance().replace("valid_from: 2025-01-01", second), library, "mine.yaml")
    expected = [("validity_overlap", "valid_from")] if overlaps else []
    assert [(finding.code, finding.path) for finding in findings] == expected


def test_messages_say_what_to_do() -> None:
    finding = validate(hours('in: "07:30", out: 16:00'))[0]
    assert isinstance(finding, Finding)
    assert '"16:00"' in finding.message
