"""The phone page over HTTP: works without script, few statements, small, and every answer is a page."""

import gzip
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from attendance.models import DayPlan, Outage, Punch, WorkReport
from attendance.queries.today import today_card
from roster.models import Government, Grant, Person, Role, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    government = Government.objects.create(code="uji", name="Uji")
    user = User.objects.create_user("wulan")
    person = Person.objects.create(government=government, name="Wulan", user=user)
    DayPlan.objects.create(person=person, work_date=timezone.localdate(), place="home", planned_at=timezone.now())
    return person


@pytest.fixture
def page(client, person):
    client.force_login(person.user)
    return client


def forms_of(html):
    found = {}
    for verb, body in re.findall(r'data-punch="(in|out)">(.*?)</form>', html, re.S):
        found[verb] = dict(re.findall(r'name="(key|token)" value="([^"]+)"', body))
    return found


def test_both_verbs_work_without_script_and_end_in_a_receipt(page, person):
    forms = forms_of(page.get("/absen/").content.decode())
    assert set(forms) == {"in", "out"}
    answer = page.post("/absen/", forms["in"], follow=True)
    assert "Absen masuk diterima" in answer.content.decode()
    again = page.post("/absen/", forms["in"], follow=True)
    assert Punch.objects.get().receipt_number in again.content.decode()
    page.post("/absen/", {**forms["out"], "sure": "1"})
    assert sorted(Punch.objects.values_list("verb", flat=True)) == ["in", "out"]


def statements_of(ask):
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    return answer, [query["sql"] for query in captured]


def test_a_press_takes_two_statements_and_its_pages_few(page, person):
    """The account with its standing, and the press itself; the session comes from the cache."""
    html, shown = statements_of(lambda: page.get("/absen/"))
    form = forms_of(html.content.decode())["in"]
    answer, pressed = statements_of(lambda: page.post("/absen/", form))
    assert answer.status_code == 302
    assert len(pressed) == 2, [sql[:80] for sql in pressed]
    assert "INSERT" in pressed[1]
    receipt, read = statements_of(lambda: page.get(answer["Location"]))
    assert receipt.status_code == 200
    assert len(shown) <= 8, [sql[:80] for sql in shown]
    assert len(read) <= 9, [sql[:80] for sql in read]


def test_the_card_shows_the_first_arrival_the_last_departure_and_the_report(person):
    on, at = timezone.localdate(), timezone.now()
    other = Person.objects.create(government=person.government, name="Ayu")
    for place, (who, verb, day) in enumerate(
        [(person, "unknown", on), (person, "in", on), (person, "out", on), (person, "in", on), (person, "out", on),
         (person, "in", on - timedelta(1)), (person, "out", on + timedelta(1)), (other, "in", on)]
    ):  # fmt: skip
        Punch.objects.create(
            person=who, verb=verb, work_date=day, at=at + timedelta(minutes=place), request_key=f"k{place}",
            delivered_at=at,
        )  # fmt: skip
    WorkReport.objects.create(person=person, work_date=on, plan="Menyusun laporan", planned_count=2)
    card = today_card(person, on)
    assert card.place == "home"
    assert (card.first_in, card.last_out) == (Punch.objects.get(request_key="k1"), Punch.objects.get(request_key="k4"))
    assert (card.first_in.at, card.report.plan) == (at + timedelta(minutes=1), "Menyusun laporan")
    assert card.report == WorkReport.objects.get()
    theirs = today_card(other, on)
    assert (theirs.first_in.request_key, theirs.last_out, theirs.report) == ("k7", None, None)
    assert today_card(other, on + timedelta(1)).first_in is None


def test_the_card_tells_the_reasons_of_the_plan_or_without_one_those_of_today(person):
    reasons = [{"code": "a", "message": "Hari WFH", "source": 'SK 1 \t "x"'}, {"code": "b", "message": "Lainnya"}]
    DayPlan.objects.update(reasons=reasons, place="office")
    card = today_card(person, timezone.localdate())
    assert (card.place, card.why) == ("office", ['Hari WFH (SK 1 \t "x")', "Lainnya"])
    DayPlan.objects.all().delete()
    assert today_card(person, timezone.localdate()).why not in ([], card.why)


def test_a_forged_token_is_answered_by_a_fresh_page(page):
    answer = page.post("/absen/", {"key": "k", "token": "1.in.20260101.0:forged"})
    assert answer.status_code == 409
    assert "data-punch" in answer.content.decode()
    assert not Punch.objects.exists()


def test_anybody_may_verify_a_receipt_and_learns_no_name(page, client, person):
    page.post("/absen/", forms_of(page.get("/absen/").content.decode())["in"])
    page.logout()
    html = page.get(reverse("attendance:verify", args=[Punch.objects.get().receipt_code])).content.decode()
    assert "Bukti ini asli" in html
    assert "Wulan" not in html
    assert page.get(reverse("attendance:verify", args=["tebakan"])).status_code == 404


def test_reading_writes_nothing(page):
    for name in ("check_in", "my_month", "correction", "work_report", "team", "requests"):
        with CaptureQueriesContext(connection) as captured:
            assert page.get(reverse(f"attendance:{name}")).status_code == 200
        writes = [q["sql"] for q in captured if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
        assert writes == []


def test_an_administrator_declares_an_outage(client, person):
    boss = User.objects.create_user("admin")
    Grant.objects.create(
        government=person.government, user=boss, role=Role.ADMINISTRATOR, valid_from=timezone.localdate() - timedelta(1)
    )
    client.force_login(boss)
    sent = {"starts_at": "2026-11-19T07:05", "ends_at": "2026-11-19T08:00", "reason": "Jaringan"}
    html = client.post("/kehadiran/gangguan/", sent, follow=True).content.decode()
    assert "G-2026-1" in html
    wrong = client.post("/kehadiran/gangguan/", {**sent, "ends_at": "2026-11-19T07:00"})
    assert wrong.status_code == 422
    unit = Unit.objects.create(government=person.government, code="U-77", name="Bidang Aset")
    Unit.objects.create(government=person.government, code="U-78", name="Bidang Aset")
    Unit.objects.create(government=Government.objects.create(code="lain", name="Lain"), code="U-79", name="Lain")
    for words, problem in (("bidang aset", "Ada lebih dari satu unit"), ("U-79", "Tidak ada unit bernama ini")):
        answer = client.post("/kehadiran/gangguan/", {**sent, "unit": words})
        assert answer.status_code == 422
        assert problem in answer.content.decode()
    client.post("/kehadiran/gangguan/", {**sent, "unit": "U-77"})
    assert Outage.objects.get(unit=unit).number == "G-2026-2"


def test_the_first_load_stays_within_sixty_kilobytes(page):
    html = page.get("/absen/").content
    assets = re.findall(r'(?:href|src)="/static/([^"]+)"', html.decode())
    total = len(gzip.compress(html)) + sum(
        len(gzip.compress((settings.BASE_DIR / "static" / name).read_bytes())) for name in assets
    )
    assert len(assets) >= 4
    assert total <= 60 * 1024


def test_leaving_early_is_asked_before_it_is_stored(page, person, monkeypatch):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from attendance import consequences
    from attendance.views import check_in

    person.government, _ = Government.objects.get_or_create(code="contoh", defaults={"name": "Contoh"})
    person.save()
    at = datetime(2026, 11, 19, 15, 12, tzinfo=ZoneInfo("Asia/Jakarta"))
    monkeypatch.setattr(check_in.timezone, "now", lambda: at)
    DayPlan.objects.create(person=person, work_date=at.date(), place="home", planned_at=at)
    answer = consequences.Consequence("PSW2", "−1 % disiplin", -100_000, "Pasal 14")
    monkeypatch.setattr(consequences, "_asked", [lambda *_: answer])
    form = forms_of(page.get("/absen/").content.decode())["out"]
    html = page.post("/absen/", form).content.decode()
    for words in ("48 menit lebih awal", "PSW2", "−Rp100.000", "Pasal 14"):
        assert words in html
    assert not Punch.objects.exists()
    page.post("/absen/", {**form, "sure": "1"})
    assert Punch.objects.get().verb == "out"
