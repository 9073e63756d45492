"""The effect of a draft on pages: asked for, computed in chunks, and read by those who may read pay."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allowances import tasks
from allowances.models import EffectRow, Line, RegulationEffect, RunInput
from allowances.operations import effects as operations
from core.audit import AuditEntry
from core.models import Job
from policy.models import PolicyVersion, RegulationDraft
from policy.operations import keep_files, open_draft
from tests.pay_pages import Office, employee, text_of
from tests.runs import MONTH, close_month, make_government, make_person, make_unit, officer, score
from tests.signin import sign_in
from tests.test_regulation_drafts import CASES, HOURS, PAY
from tests.test_regulation_effect import draft_text

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 3, tzinfo=UTC)
DEARER = ("TL2: [31, 61, 1 %]", "TL2: [31, 61, 2 %]")


@pytest.fixture
def office() -> Office:
    office = Office()
    employee(office.unit, "Bagus", facts={})
    return office


@pytest.fixture
def draft(office: Office) -> RegulationDraft:
    return draft_of(office, draft_text(*DEARER))


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """Ids of the rows that a worker would be rung for."""
    ids: list[int] = []
    monkeypatch.setattr(tasks, "send_effect", ids.append)
    return ids


def draft_of(office: Office, text: str) -> RegulationDraft:
    return open_draft(office.government.code, "Rancangan uji", {"tpp.yaml": text.encode()}, office.users["hr"], NOW)


def ask(office: Office, draft: RegulationDraft, who: str = "hr", month: str = "2026-11-01"):
    return office.client(who).post(reverse("allowances:effects", args=[draft.pk]), {"month": month})


def computed(office, draft, sent, capture) -> RegulationEffect:
    with capture(execute=True):
        answer = ask(office, draft)
    assert answer.status_code == 302, text_of(answer)
    for job_id in sent:
        operations.run_chunk(job_id, lambda: NOW)
    return RegulationEffect.objects.get()


def page(office: Office, effect: RegulationEffect, name: str = "effect", who: str = "hr", **query: str) -> str:
    answer = office.client(who).get(reverse(f"allowances:{name}", args=[effect.draft_id, effect.pk]), query)
    assert answer.status_code == 200
    return text_of(answer)


def test_the_page_tells_who_gains_loses_and_stays(office, draft, sent, django_capture_on_commit_callbacks):
    run = office.run()
    effect = computed(office, draft, sent, django_capture_on_commit_callbacks)
    change = EffectRow.objects.get(effect=effect, person=office.wulan)
    # 1 % more of 2,400,000, less 1 % insurance and 5 % tax borne by the person
    assert change.after_rupiah - change.before_rupiah == -(24_000 - 240 - 1_200)
    said = page(office, effect)
    assert "Paling berkurang" in said
    assert "−Rp22.560" in said
    assert "0 bertambah, 1 berkurang" in said
    assert office.unit.name in said
    assert run.total_rupiah == sum(row.before_rupiah for row in EffectRow.objects.filter(effect=effect))


def test_nothing_of_pay_is_touched(office, draft, sent, django_capture_on_commit_callbacks):
    run = office.run()
    before = list(RunInput.objects.values_list()), list(Line.objects.values_list()), PolicyVersion.objects.count()
    computed(office, draft, sent, django_capture_on_commit_callbacks)
    assert before == (
        list(RunInput.objects.values_list()), list(Line.objects.values_list()), PolicyVersion.objects.count(),
    )  # fmt: skip
    run.refresh_from_db()
    assert run.state == "draft"


def test_one_person_side_by_side_reads_both_regulations_aloud(office, draft, sent, django_capture_on_commit_callbacks):
    office.run()
    effect = computed(office, draft, sent, django_capture_on_commit_callbacks)
    url = reverse("allowances:effect_person", args=[draft.pk, effect.pk, office.wulan.pk])
    said = text_of(office.client("hr2").get(url))
    for words in ("Yang berbeda", "Sekarang", "Menurut rancangan", "TL2", "−Rp22.560"):
        assert words in said
    assert "1 %" in said
    assert "2 %" in said
    assert AuditEntry.objects.filter(action="regulation_effect.person_read", subject=f"person:{office.wulan.pk}")


def test_the_list_is_ordered_searched_and_taken_as_a_file(office, draft, sent, django_capture_on_commit_callbacks):
    office.run()
    effect = computed(office, draft, sent, django_capture_on_commit_callbacks)
    said = page(office, effect, "effect_people")
    assert said.index("Wulan") < said.index("Bagus")
    said = page(office, effect, "effect_people", urut="nama")
    assert said.index("Bagus") < said.index("Wulan")
    assert "Wulan" not in page(office, effect, "effect_people", q="bagus")
    answer = office.client("finance").get(reverse("allowances:effect_file", args=[draft.pk, effect.pk]))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert "-22560.00" in lines[2]


def test_a_month_without_a_run_is_computed_from_the_facts_of_today(sent, django_capture_on_commit_callbacks):
    government = make_government("kota-uji")
    person = make_person(make_unit(government), "Sari")
    score(person, "Baik")
    close_month(person)
    hr = officer(government, "hr kota")
    texts = {"jam.yaml": HOURS.encode(), "tpp.yaml": PAY.encode(), "contoh.yaml": CASES.encode()}
    draft = open_draft("kota-uji", "Pertama", texts, hr, NOW)
    client = sign_in(Client(), hr)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("allowances:effects", args=[draft.pk]), {"month": "2026-11-01"}).status_code == 302
    for job_id in sent:
        operations.run_chunk(job_id, lambda: NOW)
    effect = RegulationEffect.objects.get()
    row = EffectRow.objects.get(effect=effect)
    assert (row.before_rupiah, row.after_rupiah) == (None, 6_000_000)
    said = text_of(client.get(reverse("allowances:effect", args=[draft.pk, effect.pk])))
    assert "bulan itu belum dihitung portal" in said
    assert "Rp6.000.000" in said
    said = text_of(client.get(reverse("allowances:effect_person", args=[draft.pk, effect.pk, person.pk])))
    assert "Portal belum menghitung bulan ini" in said
    assert "Pasal 4" in said


def test_people_whom_the_draft_cannot_compute_are_named(office, sent, django_capture_on_commit_callbacks):
    office.run()
    draft = draft_of(office, draft_text("      8: 6000000\n", ""))
    effect = computed(office, draft, sent, django_capture_on_commit_callbacks)
    said = page(office, effect)
    assert "Tidak dapat dihitung dengan rancangan ini" in said
    assert "Wulan" in said
    assert "Kelas 8" in said


def test_a_draft_that_is_refused_says_where_and_nothing_is_computed(office, sent):
    office.run()
    draft = draft_of(office, draft_text("rate: 3 %,", "rate: 0.03,"))
    answer = ask(office, draft)
    assert answer.status_code == 422
    assert "parameters.charges.absent_day.rate" in text_of(answer)
    assert (RegulationEffect.objects.count(), Job.objects.filter(stage=operations.STAGE).count()) == (0, 0)


def test_the_newest_month_that_can_be_compared_is_chosen_at_first(office, draft):
    url = reverse("allowances:effects", args=[draft.pk])
    assert " selected" not in text_of(office.client("hr").get(url)), "without a run nothing can be compared"
    office.run()
    assert '<option value="2026-11-01" selected>November 2026 (draf)</option>' in text_of(office.client("hr").get(url))


@pytest.mark.parametrize("month", ["2026-13-01", "", "1999-01-01", "x"])
def test_a_month_that_is_not_offered_is_refused(office, draft, sent, month):
    office.run()
    assert ask(office, draft, month=month).status_code == 422


def test_files_changed_meanwhile_are_not_computed_under_the_old_name(
    office, draft, sent, django_capture_on_commit_callbacks
):
    office.run()
    with django_capture_on_commit_callbacks(execute=True):
        ask(office, draft)
    keep_files(draft, {"tpp.yaml": draft_text("rate: 3 %,", "rate: 5 %,").encode()}, office.users["hr"], NOW)
    for job_id in sent:
        operations.run_chunk(job_id, lambda: NOW)
    assert not EffectRow.objects.exists()
    assert "berubah selagi dihitung" in page(office, RegulationEffect.objects.get())


def test_asking_again_replaces_and_a_chunk_done_twice_is_done_once(
    office, draft, sent, django_capture_on_commit_callbacks
):
    office.run()
    effect = computed(office, draft, sent, django_capture_on_commit_callbacks)
    operations.run_chunk(sent[0], lambda: NOW)
    assert EffectRow.objects.filter(effect=effect).count() == 2
    Job.objects.filter(pk=sent[0]).update(state=Job.State.WAITING)
    operations.run_chunk(sent[0], lambda: NOW)
    assert EffectRow.objects.filter(effect=effect).count() == 2
    sent.clear()
    again = computed(office, draft, sent, django_capture_on_commit_callbacks)
    assert again.pk != effect.pk
    assert Job.objects.filter(stage=operations.STAGE).count() == 1


def test_while_it_is_computed_the_page_shows_how_far_it_is(office, draft, sent, django_capture_on_commit_callbacks):
    office.run()
    with django_capture_on_commit_callbacks(execute=True):
        ask(office, draft)
    effect = RegulationEffect.objects.get()
    assert "Menghitung akibat" in page(office, effect)
    part = office.client("hr").get(
        reverse("allowances:effect", args=[draft.pk, effect.pk]), headers={"HX-Request": "true"}
    )
    assert "<html" not in text_of(part)
    operations.run_chunk(sent[0], lambda: NOW)
    part = office.client("hr").get(
        reverse("allowances:effect", args=[draft.pk, effect.pk]), headers={"HX-Request": "true"}
    )
    assert part["HX-Refresh"] == "true"


def test_a_chunk_of_an_effect_that_was_replaced_leaves_nothing(
    office, draft, sent, monkeypatch, django_capture_on_commit_callbacks
):
    office.run()
    with django_capture_on_commit_callbacks(execute=True):
        ask(office, draft)
    usual = operations.computed

    def replaced_meanwhile(*about):
        yield from usual(*about)
        RegulationEffect.objects.all().delete()

    monkeypatch.setattr(operations, "computed", replaced_meanwhile)
    operations.run_chunk(sent[0], lambda: NOW)
    assert not EffectRow.objects.exists()


@pytest.mark.parametrize("people", [0, 1, 4_000, 4_001, 85_000])
def test_parts_are_of_nearly_one_size_and_leave_nobody_out(people):
    parts = list(operations._parts(list(range(people))))
    assert [person for part in parts for person in part] == list(range(people))
    sizes = {len(part) for part in parts}
    assert not sizes or (max(sizes) - min(sizes) <= 1 and max(sizes) <= operations.PEOPLE_A_CHUNK)


def test_only_hr_may_ask_and_only_own_drafts_are_found(office, draft, sent):
    office.run()
    for name in ("finance", "auditor"):
        assert ask(office, draft, name).status_code == 404
    for name in ("admin", "leader", "wulan"):
        assert ask(office, draft, name).status_code == 403
    foreign = open_draft("jambi", "Asing", {"tpp.yaml": draft_text(*DEARER).encode()}, office.users["hr"], NOW)
    assert ask(office, foreign).status_code == 404


def test_the_pages_take_few_statements(office, draft, sent, django_capture_on_commit_callbacks):
    office.run()
    effect = computed(office, draft, sent, django_capture_on_commit_callbacks)
    for name, more in (("effects", []), ("effect", []), ("effect_people", []), ("effect_person", [office.wulan.pk])):
        arguments = [draft.pk] if name == "effects" else [draft.pk, effect.pk, *more]
        client = office.client("hr")
        with CaptureQueriesContext(connection) as statements:
            assert client.get(reverse(f"allowances:{name}", args=arguments)).status_code == 200
        assert len(statements) <= 15, (name, len(statements))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("effectrow_known_or_reason", {"after_rupiah": None, "reason": ""}),
        ("effectrow_known_or_reason", {"after_rupiah": 1, "reason": "sebab"}),
        ("effectrow_once", {"after_rupiah": 1}),
    ],
)
def test_the_database_refuses_a_row_that_says_nothing_or_both(office, draft, constraint, values):
    about = {"draft": draft, "government": office.government, "month": MONTH, "fingerprint": "0" * 64}
    effect = RegulationEffect.objects.create(**about, requested_at=NOW)
    EffectRow.objects.create(effect=effect, person=office.wulan, name="Wulan", after_rupiah=1)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        person = office.wulan if constraint == "effectrow_once" else make_person(office.unit, "Lain")
        EffectRow.objects.create(effect=effect, person=person, name="x", **values)
    with pytest.raises(IntegrityError, match="regulationeffect_once"), transaction.atomic():
        RegulationEffect.objects.create(**about, requested_at=NOW)
