"""What a draft would do to a month that was computed: to the rupiah, on the frozen facts, writing nothing."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import call_command

from allowances.effect import DraftPlan, plan_of_draft, side_by_side
from allowances.effect_summary import Effect, summarise
from allowances.models import Line, Run, RunInput
from allowances.operations import draft_run
from allowances.operations.effects import computed
from allowances.rules import evaluate_month
from core.errors import PortalError
from policy.drafts import read_draft_files, stored_library
from policy.models import PolicyVersion
from tests.runs import AT, MONTH, close_month, make_government, make_person, make_unit, score

pytestmark = pytest.mark.django_db
REGULATIONS = Path(__file__).resolve().parent.parent / "regulations" / "contoh"
LATE_ON, ABSENT_ON = date(2026, 11, 12), date(2026, 11, 13)


def shipped(topic: str) -> str:
    return next((REGULATIONS / topic).glob("*.yaml")).read_text(encoding="utf-8")


def draft_text(old: str, new: str, topic: str = "allowance") -> str:
    """The document of the demonstration with another id, and one thing changed."""
    text = shipped(topic).replace(f"id: contoh-{'tpp' if topic == 'allowance' else topic}", f"id: rancangan-{topic}", 1)
    assert text.count(old) == 1, old
    return text.replace(old, new)


@pytest.fixture
def run(db) -> Run:
    """Three people of class 8: one punctual, one 14 minutes late once, one absent for a day."""
    government = make_government()
    unit = make_unit(government)
    facts = {"Tepat": {}, "Telat": {LATE_ON: {"minutes_late": 14}}, "Mangkir": {ABSENT_ON: {"absent_days": 1}}}
    for name, days in facts.items():
        person = make_person(unit, name, job_class=8)
        score(person, "Baik")
        close_month(person, days)
    return draft_run(government, MONTH, AT)


def read_draft(run: Run, texts: dict[str, str]) -> DraftPlan:
    return plan_of_draft(read_draft_files(texts, stored_library(), "rancangan/uji", "contoh"), "contoh", run.month)


def effect_of(run: Run, draft: DraftPlan) -> Effect:
    return summarise(computed(run.government, run.month, run, draft, 0, 10**9))


def names(people) -> list[str]:
    return [person.name for person in people]


def test_the_same_rules_change_nothing(run):
    effect = effect_of(run, read_draft(run, {"a.yaml": draft_text("Peraturan Gubernur Contoh 2/2025", "Rancangan")}))
    assert (effect.whole.people, effect.whole.unchanged, effect.aside) == (3, 3, [])
    assert effect.whole.before == effect.whole.after == run.total_rupiah
    assert effect.gainers == effect.losers == []


def test_a_dearer_first_minute_takes_from_the_one_who_was_late(run):
    draft = read_draft(run, {"a.yaml": draft_text("TL1: [1, 31, 0.5 %]", "TL1: [1, 31, 1 %]")})
    effect = effect_of(run, draft)
    assert (effect.whole.unchanged, names(effect.losers), effect.gainers) == (2, ["Telat"], [])
    # 0.5 % more of 2,400,000 is 12,000 of the component, less 1 % insurance and 5 % tax borne by the person
    assert effect.losers[0].change == -(12_000 - 120 - 600)
    assert effect.whole.change == effect.losers[0].change
    groups = (effect.by_unit["Bagian Uji"], effect.by_class["Kelas 8"])
    assert all((group.people, group.after) == (3, effect.whole.after) for group in groups)


def test_the_explanations_stand_side_by_side_and_end_in_both_nets(run):
    draft = read_draft(run, {"a.yaml": draft_text("rate: 3 %,", "rate: 5 %,")})
    row = RunInput.objects.get(run=run, name__contains="Mangkir")
    before, after = side_by_side(row, draft)
    assert before.value == Fraction(row.net_rupiah)
    change = effect_of(run, draft).losers[0].change
    assert after.value - before.value == change < 0


@pytest.mark.parametrize(("starts", "cut"), [("07:30", 12_000), ("07:45", 0)])
def test_a_draft_of_hours_decides_the_days_anew(run, starts, cut):
    row = RunInput.objects.get(run=run, name__contains="Tepat")
    for day in row.given["days"]:
        day |= {"in": "07:40:00" if day["date"] == "2026-11-10" else "07:10:00", "out": "16:45:00"}
    texts = {
        "tpp.yaml": draft_text("attendance: contoh-attendance", "attendance: rancangan-attendance"),
        "jam.yaml": draft_text('    - {in: "07:30", out: "16:00", article: "Pasal 2 (peragaan)"}',
                               f'    - {{in: "{starts}", out: "16:00", article: "Pasal 2 (peragaan)"}}', "attendance"),
    }  # fmt: skip
    draft = read_draft(run, texts)
    assert evaluate_month(draft.plan, draft.given_of(row.given)).values["cut.late"] == cut
    without = read_draft(run, {"tpp.yaml": draft_text("rate: 3 %,", "rate: 5 %,")})
    assert evaluate_month(without.plan, without.given_of(row.given)).values["cut.late"] == 0, "the days stay as decided"


def test_nothing_is_written(run):
    before = (Line.objects.count(), RunInput.objects.count(), PolicyVersion.objects.count(), run.policy_id)
    effect_of(run, read_draft(run, {"a.yaml": draft_text("rate: 3 %,", "rate: 5 %,")}))
    run.refresh_from_db()
    assert before == (Line.objects.count(), RunInput.objects.count(), PolicyVersion.objects.count(), run.policy_id)


def test_a_class_that_the_draft_lacks_sets_people_aside_by_name(run):
    effect = effect_of(run, read_draft(run, {"a.yaml": draft_text("      8: 6000000\n", "")}))
    assert effect.whole.people == 0
    assert sorted(names(effect.aside)) == ["Mangkir", "Telat", "Tepat"]
    assert "8" in effect.aside[0].reason


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({"a.yaml": "- bukan dokumen"}, "tidak memuat dokumen tunjangan"),
        ({"a.yaml": "bukan dokumen"}, "a.yaml"),
        ({"a.yaml": "id: x\ntopic: allowance\n"}, "a.yaml"),
        ({"a.yaml": draft_text("TL1: [1, 31, 0.5 %]", "TL1: [1, 30, 0.5 %]")}, "bands.TL2"),
        ({"a.yaml": draft_text("rate: 3 %,", "rate: banyak,")}, "parameters.charges.absent_day.rate"),
        ({"a.yaml": shipped("performance")}, "tidak memuat dokumen tunjangan"),
        ({"a.yaml": draft_text("jurisdiction: contoh", "jurisdiction: jambi")}, "hanya dokumen `contoh`"),
        ({"a.yaml": draft_text("{table: contoh-tax,", "{table: tidak-ada,")}, "tidak-ada"),
    ],
)
def test_what_cannot_be_used_is_refused_with_file_and_place(run, texts, reason):
    with pytest.raises(PortalError, match=reason):
        read_draft(run, texts)


def test_the_command_says_it_in_words_and_as_json(run, tmp_path, capsys):
    file = tmp_path / "rancangan.yaml"
    file.write_text(draft_text("TL1: [1, 31, 0.5 %]", "TL1: [1, 31, 1 %]"), encoding="utf-8")
    words = ("regulation_effect", str(file), "--month", "2026-11", "--government", "contoh")
    call_command(*words)
    said = capsys.readouterr().out
    assert "3 pegawai, 2 tidak berubah" in said
    assert "−Rp11.280" in said
    call_command(*words, "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert [person["name"] for person in found["losers"]] == ["Telat"]
    with pytest.raises(SystemExit):
        call_command(
            "regulation_effect", str(tmp_path / "tidak-ada.yaml"), "--month", "2026-11", "--government", "contoh"
        )
    assert "tidak-ada.yaml" in capsys.readouterr().err
