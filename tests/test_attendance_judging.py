"""Reports, odd evidence and outages of one unit: who judges, what follows from it, and what the pages show."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import DayPlan, DayRecord, EvidenceCase, WorkReport
from attendance.operations import close_day, declare_outage, judge_report, score_evidence
from attendance.operations.evidence import decide_case
from attendance.queries.outages import outage_at
from attendance.queries.reports import people_at_home, report_day, report_rows, report_totals
from core.errors import PortalError
from roster.models import Unit, UnitDecision
from roster.queries import visible_to
from roster.rights import standing_of
from tests.rights.world import Side, build_world
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 18, 3, tzinfo=UTC)
TODAY, MONDAY = date(2026, 11, 18), date(2026, 11, 16)
STRANGERS = ["employee", "peer", "finance", "administrator", "leadership", "auditor", "stranger"]


@pytest.fixture
def side() -> Side:
    return build_world().home


def at_home(side: Side, name: str, delivered: datetime | None, verdict: str = "") -> WorkReport:
    person = side.people[name]
    DayPlan.objects.create(person=person, work_date=MONDAY, place="home", planned_at=AT)
    return WorkReport.objects.create(
        person=person, work_date=MONDAY, plan="Telaah", planned_count=2, done_count=2, planned_at=AT,
        result="Selesai" if delivered else "", delivered_at=delivered, verdict=verdict,
    )  # fmt: skip


def monday(hour: int, days: int = 0) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=days), time(hour), tzinfo=UTC)


def case_of(side: Side, name: str = "employee") -> EvidenceCase:
    return EvidenceCase.objects.create(
        person=side.people[name], work_date=MONDAY, kind="copied", detail="Titik sama persis.", opened_at=AT
    )


def test_a_team_sees_what_is_missing_before_what_is_below_late_and_done(side):
    at_home(side, "employee", monday(9))
    at_home(side, "peer", monday(2, 1))
    at_home(side, "finance", None)
    at_home(side, "auditor", monday(9), "below")
    head = side.users["head"]
    people = visible_to(head, TODAY).exclude(user=head)
    assert report_day(people, TODAY) == MONDAY
    found = people_at_home(people, MONDAY, side.government.zone)
    rows = report_rows(found, standing_of(head, TODAY), MONDAY, TODAY)
    assert [row.state for row in rows] == ["missing", "below", "late", "done"]
    totals = report_totals(found)
    made = [row.report for row in rows if row.report]
    assert totals.missing == 1
    assert totals.planned == sum(report.planned_count for report in made) > 0
    assert totals.done == sum(report.done_count for report in made) > 0
    assert all(row.mine for row in rows)


def test_late_is_told_by_the_offices_clock_not_by_utc(side):
    at_home(side, "employee", datetime(2026, 11, 16, 16, 59, tzinfo=UTC))  # 23.59 WIB
    at_home(side, "peer", datetime(2026, 11, 16, 17, 1, tzinfo=UTC))  # 00.01 WIB, Tuesday
    head = side.users["head"]
    found = people_at_home(visible_to(head, TODAY), MONDAY, side.government.zone)
    rows = report_rows(found, standing_of(head, TODAY), MONDAY, TODAY)
    assert [row.state for row in rows if row.report] == ["late", "done"], "in the order that the database gives"
    assert {row.report.person_id: row.state for row in rows if row.report} == {
        side.people["employee"].pk: "done",
        side.people["peer"].pk: "late",
    }


def test_a_verdict_below_counts_from_the_day_it_is_about(side):
    report = at_home(side, "employee", monday(9))
    judge_report(report.pk, "below", side.users["head"], AT)
    report.refresh_from_db()
    assert (report.verdict, report.judged_by, report.judged_at) == ("below", side.users["head"], AT)
    assert DayRecord.objects.get(person=report.person, work_date=MONDAY).labels["report"] == "below"
    judge_report(report.pk, "accepted", side.users["head"], AT)
    assert DayRecord.objects.get(person=report.person, work_date=MONDAY).labels["report"] != "below"


def test_nothing_delivered_is_not_judged_and_words_are_known(side):
    head = side.users["head"]
    with pytest.raises(PortalError, match="belum mengirim"):
        judge_report(at_home(side, "employee", None).pk, "accepted", head, AT)
    with pytest.raises(PortalError, match="Pilih"):
        judge_report(at_home(side, "peer", monday(9)).pk, "sempurna", head, AT)
    with pytest.raises(PortalError, match="tidak ada lagi"):
        judge_report(0, "accepted", head, AT)


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_and_oneself_judge_neither_report_nor_case(side, name):
    report, case = at_home(side, "employee", monday(9)), case_of(side)
    with pytest.raises(PortalError):
        judge_report(report.pk, "accepted", side.users[name], AT)
    with pytest.raises(PortalError):
        decide_case(case.pk, side.users[name], "Sudah dicek", AT)


def test_a_case_is_judged_once_with_words_and_changes_no_day(side):
    person = side.people["employee"]
    close_day(side.government, MONDAY, AT, [person.pk])
    before = DayRecord.objects.filter(person=person).values().get()
    case, head = case_of(side), side.users["head"]
    with pytest.raises(PortalError, match="belum diisi"):
        decide_case(case.pk, head, "  ", AT)
    decide_case(case.pk, head, "Duduk di meja yang sama", AT)
    with pytest.raises(PortalError, match="sudah diputus"):
        decide_case(case.pk, head, "Lagi", AT)
    assert DayRecord.objects.filter(person=person).values().get() == before
    assert score_evidence(side.government, MONDAY, AT) == 0


def test_pages_judge_several_at_once_and_a_refused_one_stops_nobody(side):
    report, case = at_home(side, "employee", monday(9)), case_of(side)
    own = at_home(side, "head", monday(9))
    client = sign_in(Client(), side.users["head"])
    url = f"{reverse('attendance:reports')}?tanggal={MONDAY}"
    assert "Belum diputus" in client.get(url).content.decode()
    chosen = [str(own.pk), "x", "9" * 30, str(report.pk)]
    html = client.post(url, {"chosen": chosen, "verdict": "noted"}, follow=True).content.decode()
    assert "1 laporan diputus" in html
    assert "sendiri" in html
    assert set(WorkReport.objects.order_by("pk").values_list("verdict", flat=True)) == {"noted", ""}
    cases = reverse("attendance:cases")
    assert "Titik sama persis" in client.get(cases).content.decode()
    assert (
        "Sudah diperiksa" in client.post(cases, {"chosen": case.pk, "decision": "Wajar"}, follow=True).content.decode()
    )
    assert client.get(f"{reverse('attendance:reports')}?tanggal=kapan").status_code == 404


def test_an_outage_of_a_unit_holds_below_it_and_nowhere_else(side):
    person, stranger = side.people["employee"], side.people["stranger"]
    UnitDecision.objects.filter(unit=side.unit).update(parent=side.other_unit)
    start = monday(0)
    declare = {"starts_at": start, "ends_at": start + timedelta(hours=2), "user": None, "at": AT}
    declare_outage(side.government, **declare, reason="Kabel putus", unit=side.unit)
    assert outage_at(person, start) is not None
    assert outage_at(stranger, start) is None
    declare_outage(side.government, **declare, reason="Kabel induk putus", unit=side.other_unit)
    assert outage_at(stranger, start) is not None
    close_day(side.government, MONDAY, AT, [person.pk, stranger.pk])
    numbers = {row.person_id: row.labels.get("outage_numbers") for row in DayRecord.objects.all()}
    assert numbers[stranger.pk] == ["G-2026-2"]
    assert numbers[person.pk] == ["G-2026-1", "G-2026-2"]


def test_a_unit_of_another_government_is_refused_by_form_and_operation(side):
    foreign = UnitDecision.objects.exclude(unit__government=side.government).first().unit
    start = monday(0)
    with pytest.raises(PortalError, match="bukan milik"):
        declare_outage(side.government, start, start + timedelta(hours=1), "Kabel", None, AT, unit=foreign)
    client = sign_in(Client(), side.users["hr"])
    # The page names units by code, and both governments have a U1.
    Unit.objects.filter(pk=foreign.pk).update(code="LUAR")
    sent = {"starts_at": "2026-11-16T07:00", "ends_at": "2026-11-16T08:00", "reason": "Kabel", "unit": "LUAR"}
    assert client.post(reverse("attendance:outages"), sent).status_code == 422
    sent |= {"unit": side.unit.code, "building": side.building.pk}
    html = client.post(reverse("attendance:outages"), sent, follow=True).content.decode()
    assert "Gedung Satu, Unit U1" in html


def test_the_network_of_a_press_is_the_one_before_trusted_proxies(side, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    DayPlan.objects.create(
        person=side.people["employee"], work_date=timezone.localdate(), place="home", planned_at=timezone.now()
    )
    client = sign_in(Client(headers={"x-forwarded-for": "1.2.3.4, 10.20.30.40"}), side.users["employee"])
    html = client.get(reverse("attendance:check_in")).content.decode()
    key, token = (html.split(f'name="{name}" value="')[1].split('"')[0] for name in ("key", "token"))
    client.post(reverse("attendance:check_in"), {"key": key, "token": token})
    assert side.people["employee"].punch_set.get().evidence.network == "10.20.30.40"
