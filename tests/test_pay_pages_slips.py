"""Slips: one's own opens down to the day, adds up, and nobody without the right to pay sees another's."""

import re
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from allowances.models import Line, Run, RunInput
from allowances.queries.nodes import stored_node
from allowances.queries.slips import find_node, newest_slip, slip_of, slips_of
from attendance.models import Punch
from core.models import AuditEntry
from roster.models import Grant, Role
from tests.pay_pages import LATE_ON, Office, employee, text_of
from tests.runs import AT, MONTH, SINCE, change_day, close_month, locked, score
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
OWN = "/tunjangan/slip/"


@pytest.fixture
def office():
    return Office()


def adds_up(nodes):
    for node in nodes:
        if node.children:
            assert sum(Fraction(child.amount) for child in node.children) == node.amount, node.label
            adds_up(node.children)


def test_a_slip_adds_up_at_every_level_and_ends_in_a_day(office):
    slip = slip_of(office.row(office.run()))
    assert slip.alarm == ()
    adds_up((*slip.components, *slip.payments))
    assert sum(Fraction(node.amount) for node in slip.components) == slip.earned
    assert slip.earned + sum(Fraction(node.amount) for node in slip.payments) == Fraction(slip.row.net_rupiah)
    late = find_node(slip, "late", LATE_ON)
    assert late.on == LATE_ON and late.amount < 0 and "31 menit" in late.sentence and late.article
    assert find_node(slip, "late", MONTH) is None and find_node(slip, "lain", None) is None


def test_a_stored_amount_with_sen_still_adds_up(office):
    slip = slip_of(office.row(office.run()))
    for node in (*slip.components, *slip.payments):
        adds_up([stored_node(node, Fraction(node.amount) + Fraction(1, 100))])


def test_the_newest_locked_slip_comes_first_and_a_draft_is_an_estimate(office):
    one = office.client("wulan")
    assert "Belum ada slip" in text_of(one.get(OWN))
    run = office.run()
    page = text_of(one.get(OWN))
    assert "Perkiraan, belum dikunci" in page and "keberatan/baru" not in page
    locked(office.government)
    page = text_of(one.get(OWN))
    assert "Perkiraan" not in page and "keberatan/baru" in page and "Dikunci" in page
    rows = list(slips_of(office.wulan))
    assert newest_slip(rows).run_id == run.pk and newest_slip([]) is None


def test_lines_lead_to_the_punches_of_their_day(office):
    Punch.objects.create(
        person=office.wulan, verb="in", at=datetime(2026, 11, 12, 1, 1, tzinfo=UTC), work_date=LATE_ON,
        receipt_number="AM-261112-7", receipt_code="KODE-7", request_key="k", delivered_at=AT,
    )  # fmt: skip
    run = office.run()
    day = re.search(r'href="(/tunjangan/slip/hari/2026-11-12/\?hitung=\d+)"', text_of(office.client("wulan").get(OWN)))
    page = text_of(office.client("wulan").get(day.group(1)))
    assert "AM-261112-7" in page and "08.01.00 WIB" in page and "31" in page and "berubah sesudah" not in page
    change_day(office.wulan, LATE_ON, AT, minutes_late=0)
    assert "berubah sesudah perhitungan" in text_of(office.client("hr").get(
        reverse("allowances:slip_day", args=[run.pk, office.wulan.pk, "2026-11-12"])
    ))  # fmt: skip
    for on in ("2026-12-01", "kemarin", "2026-13-40"):
        assert office.client("wulan").get(f"/tunjangan/slip/hari/{on}/?hitung={run.pk}").status_code == 404


def test_a_rapel_line_names_its_month_and_why(office):
    locked(office.government)
    from allowances.models import Adjustment

    Adjustment.objects.create(
        person=office.wulan, month=MONTH, source="correction:1", reason="Koreksi absen disetujui", recorded_at=AT
    )
    change_day(office.wulan, LATE_ON, AT, minutes_late=0)
    month = MONTH.replace(month=12)
    score(office.wulan, "Baik", month)
    close_month(office.wulan, month=month)
    from allowances.operations import draft_run

    run = draft_run(office.government, month, datetime(2027, 1, 3, tzinfo=UTC))
    slip = slip_of(office.row(run))
    rapel = next(node for node in slip.payments if node.label == "Rapel November 2026")
    assert rapel.amount > 0 and "Koreksi absen disetujui" in rapel.sentence and slip.alarm == ()
    adds_up([rapel])
    page = text_of(office.client("wulan").get(f"{OWN}?hitung={run.pk}"))
    assert "Rapel November 2026" in page and "Buka slip bulan itu" in page


def test_a_stored_amount_that_the_rules_do_not_give_raises_the_alarm(office):
    run = office.run()
    line = Line.objects.get(run=run, person=office.wulan, name="tax")
    Line.objects.filter(pk=line.pk).update(amount_rupiah=line.amount_rupiah - 1)
    page = text_of(office.client("hr").get(reverse("allowances:slip", args=[run.pk, office.wulan.pk])))
    assert "Hitungan ulang tidak sama" in page
    RunInput.objects.filter(run=run).update(given={"days": "rusak"})
    for answer in (office.client("wulan").get(OWN), office.client("hr").get(
        reverse("allowances:slip", args=[run.pk, office.wulan.pk])
    )):  # fmt: skip
        assert answer.status_code == 200 and "Hitungan ulang tidak sama" in text_of(answer)


def test_who_sees_whose_pay(office):
    run = office.run()
    peer = employee(office.unit, "Rekan")
    boss = User.objects.create_user("atasan")
    Grant.objects.create(
        government=office.government, user=boss, role=Role.SUPERVISOR, unit=office.unit, valid_from=SINCE
    )
    narrow = User.objects.create_user("hr-unit")
    Grant.objects.create(government=office.government, user=narrow, role=Role.HR, unit=office.unit, valid_from=SINCE)
    unit_hr = User.objects.create_user("kepegawaian-unit")
    Grant.objects.create(
        government=office.government, user=unit_hr, role=Role.UNIT_HR, unit=office.unit, valid_from=SINCE
    )
    urls = [
        reverse("allowances:slip", args=[run.pk, office.wulan.pk]),
        reverse("allowances:slip_pdf", args=[run.pk, office.wulan.pk]),
        reverse("allowances:slip_day", args=[run.pk, office.wulan.pk, "2026-11-12"]),
        reverse("allowances:run_people", args=[run.pk]),
        reverse("allowances:run_file", args=[run.pk, "nominatif"]),
    ]
    for url in urls:
        for user in (
            peer.user,
            boss,
            narrow,
            unit_hr,
            office.wulan.user,
            office.users["admin"],
            office.users["leader"],
        ):
            assert sign_in(Client(), user).get(url).status_code == 403, (url, user)
    for name in ("hr", "finance", "auditor"):
        assert office.client(name).get(urls[0]).status_code == 200
    assert sign_in(Client(), peer.user).get(f"{OWN}?hitung={run.pk}").status_code == 404
    abroad = Office("jambi", "jauh ")
    for url in urls:
        assert abroad.client("hr").get(url).status_code == 404


def test_pay_asks_for_a_fresh_sign_in(office):
    run = office.run()
    stale = sign_in(Client(), office.users["hr"], fresh=False)
    own = sign_in(Client(), office.wulan.user, fresh=False)
    for client, url in (
        (stale, reverse("allowances:runs")),
        (stale, reverse("allowances:run", args=[run.pk])),
        (stale, reverse("allowances:slip", args=[run.pk, office.wulan.pk])),
        (own, OWN),
    ):
        assert client.get(url).status_code in (302, 403), url


def test_reading_anothers_slip_leaves_a_trace_and_ones_own_does_not(office):
    run = office.run()
    office.client("wulan").get(OWN)
    assert not AuditEntry.objects.filter(action="slip.read").exists()
    office.client("auditor").get(reverse("allowances:slip", args=[run.pk, office.wulan.pk]))
    entry = AuditEntry.objects.get(action="slip.read")
    assert (entry.actor, entry.subject) == ("auditor", f"person:{office.wulan.pk}")


def test_a_slip_asks_the_database_little(office):
    locked(office.government)
    one = office.client("wulan")
    one.get(OWN)
    with CaptureQueriesContext(connection) as queries:
        answer = one.get(OWN)
    assert len(queries) <= 15 and len(answer.content) < 100_000, len(queries)


def test_strange_addresses_are_not_there(office):
    office.run()
    one = office.client("wulan")
    for query in ("hitung=x", "hitung=", "hitung=99999999999999999999999", "hitung=-1"):
        assert one.get(f"{OWN}?{query}").status_code == 404, query
    assert office.client("hr").get("/tunjangan/perhitungan/99999999999999999999999/").status_code == 404


def test_the_pdf_of_ones_own_slip(office):
    run = office.run()
    answer = office.client("wulan").get(reverse("allowances:my_slip_pdf", args=[run.pk]))
    assert answer.content[:4] == b"%PDF" and answer["Content-Disposition"].startswith("attachment")
    assert Run.objects.get(pk=run.pk).state == "draft"
