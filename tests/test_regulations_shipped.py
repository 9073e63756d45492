"""The shipped regulations: each with cases of its own, nothing payable that was not read, and their governments."""

from collections import Counter
from datetime import date
from functools import cache

import pytest
from django.test import Client
from django.urls import reverse

from allowances.operations import draft_run
from core.errors import PortalError
from policy.documents import Library
from policy.operations import REGULATIONS
from policy.queries import document_for
from policy.yaml_reader import read_list
from roster.calendar import calendar_day
from roster.eligibility import DayFacts, read_policy
from roster.models import Government
from tests.pay_pages import text_of
from tests.runs import AT, make_government, make_person, make_unit, officer
from tests.signin import sign_in
from tests.test_cases import CASES

RECONSTRUCTED = {
    "badan-gizi-nasional": "Badan Gizi Nasional",
    "flexi-ministry": "Flexi Ministry",
    "jabar": "Jabar",
    "kejaksaan": "Kejaksaan",
    "kemenag": "Kemenag",
    "kemendikdasmen": "Kemendikdasmen",
    "lingkungan-hidup-kehutanan": "Lingkungan Hidup Kehutanan",
    "mahkamah-agung": "Mahkamah Agung",
}


@cache
def shipped() -> Library:
    library = Library()
    library.load_folder(REGULATIONS)
    return library


def with_topic(*topics: str) -> list:
    return [document for document in shipped().documents() if document.topic in topics]


@cache
def all_cases() -> list[dict]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.yaml"))]
    return [case for text in texts for case in read_list(text)]


def cases_of(document_id: str) -> list[dict]:
    return [case for case in all_cases() if case["policy"] == document_id]


def codes_of(document) -> set[str]:
    charges = (document.parameters.get("charges") or {}).values()
    return {code for charge in charges if isinstance(charge.get("bands"), dict) for code in charge["bands"]}


@pytest.mark.parametrize("document", with_topic("attendance", "allowance"), ids=lambda document: document.id)
def test_every_document_has_cases_that_reach_each_of_its_bands(document):
    cases = cases_of(document.id)
    assert cases, f"{document.id} has no cases"
    reached = Counter(code for case in cases for code in case["expect"].get("events", ()))
    assert codes_of(document) <= set(reached)


@pytest.mark.parametrize("document", with_topic("allowance"), ids=lambda document: document.id)
def test_both_edges_of_each_band_stand_in_the_cases(document):
    cases = [*cases_of(document.id), *(cases_of(document.attendance) if document.attendance else [])]
    facts = [facts for case in cases for facts in (case["given"], *case["given"].get("days", []), case["expect"])]
    for charge in (document.parameters.get("charges") or {}).values():
        if charge.get("each", "day") != "day" or not isinstance(charge.get("bands"), dict):
            continue
        edges = {edge for low, high, _ in charge["bands"].values() for edge in (low, high and high - 1) if edge}
        assert edges <= {fact.get(charge["fact"]) for fact in facts}, charge["fact"]


@pytest.mark.parametrize("jurisdiction", RECONSTRUCTED)
def test_what_was_not_read_in_full_may_not_be_paid_and_says_where_it_comes_from(jurisdiction):
    library = shipped()
    documents = [document for document in library.documents() if document.jurisdiction == jurisdiction]
    assert documents
    for document in documents:
        assert (document.status, document.demonstration) == ("assumed", False)
        assert len(library.raw_of(document.id)["note"]) > 100


def test_no_allowance_of_jabar_is_made_up():
    assert shipped().choose("jabar", "allowance", date(2026, 11, 1)) is None


@pytest.mark.parametrize(
    ("on", "document_id"),
    [
        (date(2025, 3, 1), "jabar-attendance-2025"),
        (date(2026, 2, 18), "jabar-attendance-2025"),
        (date(2026, 2, 19), "jabar-attendance-2026-ramadan"),
        (date(2026, 3, 20), "jabar-attendance-2026-ramadan"),
        (date(2026, 3, 21), "jabar-attendance-2026"),
    ],
)
def test_the_hours_of_jabar_change_on_their_day(on, document_id):
    found = shipped().choose("jabar", "attendance", on)
    assert (found.id, found.jurisdiction) == (document_id, "jabar")


@pytest.mark.django_db
def test_migrate_makes_their_governments_without_a_day_to_begin():
    rows = Government.objects.filter(code__in=RECONSTRUCTED).values_list("code", "name", "go_live_on", "demonstration")
    assert {code: name for code, name, _, _ in rows} == RECONSTRUCTED
    assert {(go_live, demonstration) for _, _, go_live, demonstration in rows} == {(None, False)}
    assert not Government.objects.filter(code="indonesia").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "levels", "source"),
    [
        (date(2025, 10, 31), set(), ""),
        (date(2025, 11, 6), set(), "SE 150/KPG.03/BKD"),
        (date(2025, 12, 4), set(), "SE 150/KPG.03/BKD"),
        (date(2026, 3, 31), set(), "SE 188/KPG.03/BKD"),
        (date(2026, 4, 1), {"jpt_madya", "jpt_pratama"}, "SE Mendagri 800.1.5/3349/SJ; SE 188/KPG.03/BKD"),
    ],
)
def test_who_may_work_from_home_in_jabar_changes_with_the_circulars(on, levels, source):
    government = Government.objects.get(code="jabar")
    facts = DayFacts(on=on, day=calendar_day(government, on), away={})
    read_policy(facts, government)
    assert facts.excluded_levels == levels
    assert facts.excluded_services == {"direct_service"}
    assert facts.policy_source == source
    assert facts.discipline_excludes is (source == "")  # no source of Jabar excludes somebody under a discipline case


@pytest.mark.django_db
def test_a_government_without_an_allowance_says_so():
    government = make_government("jabar")
    person = make_person(make_unit(government), "Asep")
    assert document_for("jabar", "allowance", AT.date()) is None
    with pytest.raises(PortalError, match=f"Belum ada dokumen tunjangan yang berlaku untuk {government.name}"):
        draft_run(person.government, date(2026, 11, 1), AT)


@pytest.mark.django_db
def test_the_page_of_runs_says_that_there_is_no_allowance_document():
    for code, says in (("jabar", True), ("contoh", False)):
        government = make_government(code)
        make_unit(government)
        client = sign_in(Client(), officer(government, f"hr-{code}", "hr"))
        page = text_of(client.get(reverse("allowances:runs")))
        assert ("Belum ada peraturan tunjangan" in page) is says
        assert ("Susun draf" in page) is not says
