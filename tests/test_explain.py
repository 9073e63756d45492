"""The explanation of a month: it adds up at every level, says its figures, and never makes an unknown into 0."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allowances.explain import Step, explain_components, explain_month
from allowances.rules import compile_allowance, evaluate_month
from attendance.rules import compile_attendance
from policy.conditions import CaseError
from policy.documents import Library
from tests.allowance_documents import PLANS, months, suited
from tests.random_documents import parameters, text_of
from tests.random_months import months as random_months

FOLDER = Path(__file__).resolve().parent.parent / "regulations"
NOVEMBER_13 = date(2025, 11, 13)


def demonstration():
    library = Library()
    library.load_folder(FOLDER)
    attendance = compile_attendance(library.choose("contoh", "attendance", NOVEMBER_13))
    document = library.choose("contoh", "allowance", NOVEMBER_13)
    return compile_allowance(document, attendance, library.tax_table(document, "contoh-tax"))


CONTOH = demonstration()


def jambi():
    library = Library()
    library.load_folder(FOLDER)
    return compile_allowance(library.find("jambi-tpp"), None)


def walk(step: Step):
    yield step
    for child in step.children:
        yield from walk(child)


def find(step: Step, key: str) -> list[Step]:
    return [found for found in walk(step) if found.key == key]


def one(step: Step, key: str) -> Step:
    (found,) = find(step, key)
    return found


def check_adds_up(step: Step) -> None:
    for parent in walk(step):
        parts = [child.value for child in parent.children if child.unit == "rupiah"]
        if parent.value is None:
            assert "elum" in parent.sentence, parent
        elif parts and parent.unit == "rupiah":
            assert None not in parts, f"{parent.label} is known, a part of it is not"
            assert sum(parts) == parent.value, parent.label


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(PLANS)), months())
def test_it_adds_up_at_every_level_and_ends_in_the_paid_amount(name, month):
    plan, facts = PLANS[name], suited(name, month)
    evaluation, tree = evaluate_month(plan, facts), explain_month(plan, facts)
    assert tree.value == evaluation.values["net"]
    check_adds_up(tree)
    assert all(step.label and step.sentence.endswith(".") for step in walk(tree))
    for step in explain_components(plan, facts):
        check_adds_up(step)
        assert step.value == evaluation.values[step.key.removeprefix("paid.")]
    # every line stands once on every component that it hits
    for rule in plan.charges:
        lines = [line for line in evaluation.lines if line.rule is rule]
        shown = find(tree, f"line.{rule.name}") or [s for s in find(tree, f"charge.{rule.name}") if not s.children]
        assert len(shown) == len(lines) * len(rule.hits)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_document_of_the_format_is_explained(data):
    allowance = data.draw(parameters())
    library = Library()
    library.load_texts({"made.yaml": text_of("allowance", allowance)})
    plan = compile_allowance(library.find("random-allowance"), None)
    facts = data.draw(random_months(allowance))
    try:
        evaluation = evaluate_month(plan, facts)
    except CaseError:
        return
    tree = explain_month(plan, facts)
    assert tree.value == evaluation.values["net"]
    check_adds_up(tree)
    for step in explain_components(plan, facts):
        check_adds_up(step)
        assert step.value == evaluation.values[step.key.removeprefix("paid.")]


def test_a_document_without_charges_is_explained():
    tree = explain_month(PLANS["nothing"], {"month": "2025-11", "present_days": 3})
    assert [child.key for child in tree.children] == ["supplement.meals", "tax"]
    library = Library()
    library.load_texts({"made.yaml": text_of("allowance", {"components": {"a": {"weight": "100 %"}}})})
    tree = explain_month(compile_allowance(library.find("random-allowance"), None), {"gross": 5})
    assert (tree.value, [child.value for child in tree.children]) == (5, [5, 0])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(PLANS)), months())
def test_what_rounding_leaves_is_smaller_than_its_step(name, month):
    plan, facts = PLANS[name], suited(name, month)
    steps = {"three": 1000, "classes": 1, "basic": 1, "nothing": 1}[name]
    for step in walk(explain_month(plan, facts)):
        if step.key == "rest" and step.label == "Pembulatan" and "tidak kurang dari nol" not in step.sentence:
            assert abs(step.value) < max(steps, 1)


PRODUCT = re.compile(r"^([0-9,]+) % × Rp([0-9.]+) = (−?)Rp([0-9.]+)(?=$|, menjadi)")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(PLANS)), months())
def test_what_the_arithmetic_says_is_true(name, month):
    for step in walk(explain_month(PLANS[name], suited(name, month))):
        for share, base, minus, product in PRODUCT.findall(step.arithmetic):
            base, product = int(base.replace(".", "")), int(product.replace(".", ""))
            assert Fraction(share.replace(",", ".")) * base / 100 == (-product if minus else product), step


def test_a_rounded_product_says_both_figures():
    facts = {"month": "2025-11", "class": 8, "rating_score": 85, "employment": "pns"}
    employee = one(explain_month(PLANS["classes"], facts), "insurance.employee")
    assert employee.arithmetic == "1 % × Rp6.349.000 = Rp63.490"
    third = [{"class": 5, "days": 10}, {"class": 8, "days": 20}]
    tree = explain_month(PLANS["classes"], {**facts, "classes": third})
    # 1 % of (3,333,333 x 10 + 6,349,000 x 20) / 30, rounded down
    assert one(tree, "insurance.employee").arithmetic == "1 % × Rp5.343.777,67 = Rp53.437,78, menjadi Rp53.437"


def test_how_a_rate_came_about():
    facts = {"month": "2025-11", "class": 8, "rating_score": 85, "minutes_late": 33, "minutes_away": 130}
    tree = explain_month(PLANS["classes"], facts)
    late = one(tree, "line.late")
    assert late.sentence == "Terlambat 33 menit: 0,429 % dari disiplin."
    assert late.arithmetic.startswith("33 × 0,013 % = 0,429 %; 0,429 % × Rp")
    charge = one(tree, "charge.late")
    assert charge.sentence.startswith("Terlambat (late): 0,013 % dari disiplin tiap menit. late: 1 kali")
    assert "1 % dari semua komponen tiap 60 menit penuh." in find(tree, "charge.away")[0].sentence
    assert find(tree, "line.away")[0].arithmetic.startswith("2 × 1 % = 2 %; 2 % × Rp")


def test_one_absent_day_of_ten_million():
    tree = explain_month(
        jambi(), {"month": "2025-11", "gross": 10_000_000, "rating": "Baik", "events": {"absent_day": 1}}
    )
    productivity, discipline = one(tree, "component.productivity"), one(tree, "component.discipline")
    assert (one(productivity, "charge.absent_day").value, one(discipline, "charge.absent_day").value) == (
        -180_000,
        -120_000,
    )
    assert "3 % × Rp6.000.000 = Rp180.000" in one(productivity, "line.absent_day").arithmetic
    # an article that nobody has found yet says so
    assert one(discipline, "line.absent_day").article == "pasal belum diverifikasi"


def late(**day):
    month = {"month": "2025-11", "class": 8, "rating": "Baik", "rank_group": "IX"}
    days = [{"date": NOVEMBER_13, "place": "home", "in": "08:01:00", "out": "16:00:00", **day}]
    return explain_month(CONTOH, {**month, "days": days})


def test_a_late_arrival_says_minutes_taps_code_share_and_article():
    line = one(late(), "line.late")
    assert line.sentence == "Terlambat 31 menit pada 13 November 2025 (masuk 08.01.00): TL2, 1 % dari Disiplin kerja."
    assert line.arithmetic == "1 % × Rp2.400.000 = Rp24.000"
    assert (line.value, line.on, line.note) == (-24_000, NOVEMBER_13, "TL2")
    assert line.article == "Pasal 5 ayat (2) (peragaan)"


def test_an_exempt_line_is_shown_with_nothing_and_why():
    line = one(late(outage=True), "line.late")
    assert line.value == 0
    assert "seharusnya Rp24.000" in line.sentence
    assert line.sentence.endswith(
        "Terlambat masuk dikecualikan bila ada gangguan sistem yang diumumkan, tetap dicatat tanpa mengurangi apa pun."
    )


@pytest.mark.parametrize(
    ("day", "key", "words"),
    [
        ({"out": "15:40:00"}, "line.early", "Pulang 20 menit sebelum waktunya pada 13 November 2025 (pulang 15.40.00)"),
        ({"in": None, "out": None}, "line.absent_day", "13 November 2025 (tidak ada absen masuk dan pulang): 3 %"),
        ({"in": None}, "line.late", "Terlambat 240 menit pada 13 November 2025 (tidak ada absen masuk): TL4"),
        ({"in": "16:30:00", "out": "17:00:00"}, "line.late", "(masuk 16.30.00 tidak diterima)"),
        ({"report": "missing"}, "line.report_missing", "Laporan kerja tidak ada pada 13 November 2025"),
    ],
)  # fmt: skip
def test_what_happened_is_told_with_its_taps(day, key, words):
    assert any(words in line.sentence for line in find(late(**day), key))


def test_a_missing_score_is_told_and_stays_unknown():
    tree = explain_month(CONTOH, {"month": "2025-11", "class": 8, "rank_group": "IX", "events": {"TL1": 2}})
    assert tree.value is None
    assert "Predikat kinerja belum ada, maka Produktivitas kerja belum diketahui." in tree.sentence
    assert "iuran" not in tree.sentence
    assert one(tree, "component.productivity").value is None
    assert one(tree, "component.discipline").value == -24_000
    assert (one(tree, "tax").value, one(tree, "insurance.employee").value) == (None, None)


def test_a_missing_class_is_told_and_stays_unknown():
    tree = explain_month(CONTOH, {"month": "2025-11", "rating": "Baik", "events": {"TL1": 1}})
    assert tree.value is None
    assert one(tree, "gross").sentence == "Kelas jabatan belum ada, maka besaran tunjangan belum diketahui."
    assert one(tree, "line.late").value is None
    assert one(tree, "line.late").arithmetic == ""


def test_three_components_with_caps_points_and_a_replacement():
    plan = PLANS["three"]
    given = {
        "month": "2025-11",
        "criteria": {"beban": 6_000_000, "prestasi": 3_000_000, "kelangkaan": 1_000_000},
        "rating": "Baik",
        "rating_score": 90,
        "unrated_subordinates": 2,
        "salary": 4_000_000,
        "status": "tugas_belajar",
        "carried": 123_456,
        "days": [{"date": date(2025, 11, 3), "absent_days": 1, "minutes_late": 61}],
    }
    tree = explain_month(plan, given)
    check_adds_up(tree)
    assert {"component.a", "component.b", "component.c"} <= {child.key for child in tree.children}
    assert [child.value for child in one(tree, "gross").children] == [6_000_000, 3_000_000, 1_000_000]
    # the cap of a day: 3 % asked, 2 % left, on the component of 5,000,000 x achievement
    absent = one(one(tree, "component.a"), "line.absent")
    assert "paling banyak 2 % dari tiap komponen; selebihnya tidak dipotong; tersisa 2 %." in absent.sentence
    assert absent.article == "Pasal 3; Pasal 18"
    # points: 96 % by the scale less 45 points is 51 %
    assert one(tree, "achievement.a").note == "51 %"
    assert one(one(tree, "component.a"), "charge.unrated").value == -2_250_000
    # component c is replaced by 120 %: charges are shown and cost nothing
    assert one(tree, "factor.study").value == 400_000
    assert all(line.value == 0 for line in find(one(tree, "component.c"), "line.absent"))
    assert one(tree, "carried").value == 123_456
    assert "free" not in one(one(tree, "component.b"), "line.late").sentence
    assert "1 kejadian pertama" in one(one(tree, "component.b"), "line.late").sentence


def test_supplements_holds_and_what_is_paid_later():
    given = {
        "month": "2025-11",
        "criteria": {"beban": 10_000_000},
        "rating": "Baik",
        "rating_score": 100,
        "salary": 0,
        "posts": [{"kind": "plt", "gross": 12_000_000}],
        "profession_allowance": 500_000,
        "days": [{"date": date(2025, 11, 3), "present_days": 1, "reports_missing": 1}],
    }
    tree = explain_month(PLANS["three"], given)
    check_adds_up(tree)
    assert one(tree, "supplement.post").value == 400_000
    assert "20 % × Rp2.000.000 = Rp400.000" in one(tree, "line.post").arithmetic
    assert one(tree, "supplement.meals").value == 37_000
    bonus = one(tree, "supplement.bonus")
    assert (bonus.value, bonus.note) == (0, "dibayar 2 bulan kemudian")
    assert "Rp170.000" in bonus.sentence
    assert one(tree, "offsets").value == -500_000
    # 12.5 % of 10,000,000 + 437,000 - 500,000
    assert one(tree, "held").value == -Fraction(125, 1000) * 9_937_000 + Fraction(0)


def test_booked_in_and_out_takes_nothing():
    facts = {"month": "2025-11", "class": 8, "rating_score": 85, "employment": "pns"}
    tree = explain_month(PLANS["classes"], facts)
    check_adds_up(tree)
    tax = one(tree, "tax")
    assert (tax.value, [child.value for child in tax.children]) == (0, [952_350, -952_350])
    assert one(tree, "insurance.employer").value == 0


def test_a_class_by_days_shows_both_classes():
    facts = {"month": "2025-11", "rating_score": 85, "classes": [{"class": 5, "days": 10}, {"class": 8, "days": 20}]}
    gross = one(explain_month(PLANS["classes"], facts), "gross")
    assert [child.value for child in gross.children] == [Fraction(3_333_333, 3), Fraction(6_349_000 * 2, 3)]
    assert "selama 10 dari 30 hari" in gross.children[0].sentence
