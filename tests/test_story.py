"""The whole story in a browser: from a personnel export to a slip whose deduction leads to its punch."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from allowances.models import Line, Run, RunInput
from attendance.models import DayPlan, Punch
from attendance.operations import close_day
from core.period import next_month, previous_month
from performance.models import Behaviour, Indicator
from roster.calendar import calendar_day
from roster.models import Government, Grant, Number, Person, Role, RolloutPhase
from tests.browsing import PASSWORD, PHONE, step

DATA = Path(__file__).parent / "data"
EMPLOYEE = "198902262012022016"  # DEDE RAMDANI, Analis Tata Usaha of Bagian Umum, in Gedung Sate
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def government(transactional_db: None) -> Government:
    """`contoh`, live for the last three working days of the month that has just ended."""
    government, _ = Government.objects.update_or_create(
        code="contoh", defaults={"name": "Pemerintah Provinsi Contoh", "demonstration": True}
    )
    government.go_live_on = working_days(government)[0]
    government.save()
    for name, role in (("admin", Role.ADMINISTRATOR), ("hr-satu", Role.HR), ("hr-dua", Role.HR)):
        user = User.objects.create_user(name, PASSWORD, full_name=name.replace("-", " ").title())
        Grant.objects.create(user=user, government=government, role=role, valid_from=date(2025, 1, 1))
    return government


def working_days(government: Government) -> list[date]:
    """The last three working days of the previous month, from the first of them on."""
    on, found = timezone.localdate().replace(day=1) - timedelta(days=1), []
    while len(found) < 3:
        if calendar_day(government, on).is_working_day("five_day"):
            found.insert(0, on)
        on -= timedelta(days=1)
    return found


def import_file(page, kind: str, file: str) -> None:
    page.goto(f"/kepegawaian/impor/baru/{kind}/")
    page.set_input_files("input[type=file]", DATA / file)
    page.click("text=Unggah dan periksa")
    page.wait_for_selector("text=Belum disimpan")
    page.click("text=Setujui dan simpan")
    page.wait_for_selector("h1:has-text('Hasil impor')")


def open_phase(page) -> None:
    """Thursdays at home in Gedung Sate, after its effect was shown."""
    page.goto("/kepegawaian/tahap/gedung/GDS/")
    page.get_by_label("Kamis").check()
    page.get_by_label("Siapa").select_option("all")
    page.get_by_label("Mulai berlaku").fill(timezone.localdate().isoformat())
    page.get_by_label("Nomor dasar").fill("SE Uji 1/2026")
    page.click("text=Hitung akibat")
    page.wait_for_selector("text=Akibat bila disimpan")
    assert not RolloutPhase.objects.exists(), "nothing is stored before it was confirmed"
    page.click("text=Simpan jadwal")
    page.wait_for_selector("text=Tahap gedung ini")
    assert RolloutPhase.objects.get().building.code == "GDS"


def first_password(page, browser, live_portal: str):
    """HR's one-time code becomes the employee's password; gives the employee's phone."""
    page.goto("/kode-masuk/")
    page.fill("input[name=number]", EMPLOYEE)
    page.click("main form button[type=submit]")
    code = page.locator(".p-receipt p.mono").inner_text()
    username = page.locator(".p-receipt span.mono").first.inner_text()
    phone = browser.new_context(base_url=live_portal, locale="id-ID", viewport=PHONE).new_page()
    phone.set_default_timeout(15_000)
    phone.goto("/masuk/kode/")
    for name, value in {"username": username, "code": code, "password1": PASSWORD, "password2": PASSWORD}.items():
        phone.fill(f"input[name={name}]", value)
    phone.click("main button[type=submit]")
    phone.wait_for_selector("text=Keluar")
    return phone


def check_in(phone, employee: Person) -> None:
    DayPlan.objects.update_or_create(
        person=employee, work_date=timezone.localdate(), defaults={"place": "home", "planned_at": timezone.now()}
    )
    phone.goto("/absen/")
    phone.click("form[data-punch=in] button")
    phone.wait_for_selector("text=Absen masuk diterima")
    number = Punch.objects.get(person=employee, work_date=timezone.localdate()).receipt_number
    assert number in phone.content()


def live_through(government: Government, employee: Person, late_on: date) -> None:
    """The presses of the last working days; the employee is 14 minutes late on one of them."""
    known = {"source": "browser", "provisional": False}
    for on in working_days(government):
        presses = []
        for person in Person.objects.filter(government=government):
            arrival = time(7, 44, 10) if (person == employee and on == late_on) else time(7, 5)
            for verb, clock in (("in", arrival), ("out", time(16, 45))):
                at = datetime.combine(on, clock, JAKARTA)
                presses.append(
                    Punch(person=person, verb=verb, at=at, work_date=on, request_key=f"{verb}-{on}", delivered_at=at,
                          receipt_number=f"{verb}-{on:%d}-{person.pk}", **known)
                )  # fmt: skip
        Punch.objects.bulk_create(presses)


def judge_everybody(government: Government, month: date) -> None:
    people = list(Person.objects.filter(government=government))
    Indicator.objects.bulk_create(
        Indicator(person=p, month=month, name="Naskah", weight_bp=10_000, target=10, realised=9) for p in people
    )
    Behaviour.objects.bulk_create(
        Behaviour(person=p, month=month, behaviour="as", rated_at=timezone.now()) for p in people
    )


def close_other_days(government: Government, month: date, last: date) -> None:
    """Every day since the go-live but the last working one, which the night closes."""
    on = government.go_live_on
    while on < next_month(month):
        if on != last:
            close_day(government, on, datetime.combine(on + timedelta(days=1), time(0, 30), JAKARTA))
        on += timedelta(days=1)


def test_from_a_personnel_export_to_an_explained_allowance(
    government, enter, live_portal, run_command, start_worker, tmp_path
):
    month = previous_month(timezone.localdate())
    admin = enter("admin")
    for kind, file in (("buildings", "buildings.csv"), ("roster", "siasn_export_sample.xlsx")):
        import_file(admin, kind, file)
    assert Person.objects.filter(government=government).count() == 230
    for kind, file in (("units", "units_sample.csv"), ("positions", "positions_sample.csv")):
        import_file(admin, kind, file)
    open_phase(admin)

    employee = Number.objects.get(number=EMPLOYEE).person
    phone = first_password(admin, admin.context.browser, live_portal)
    check_in(phone, employee)

    days = working_days(government)
    live_through(government, employee, late_on=days[1])
    judge_everybody(government, month)
    close_other_days(government, month, days[-1])
    start_worker()
    night = run_command("night", "--government", "contoh", "--date", days[-1].isoformat(), "--month", f"{month:%Y-%m}",
                        "--wait")  # fmt: skip
    assert night.returncode == 0, night.stdout + night.stderr
    run = Run.objects.get(government=government, month=month)
    assert run.state == Run.State.DRAFT
    assert run.people_count > 200, run.set_aside[:3]

    first, second = enter("hr-satu"), enter("hr-dua")
    step(first, run, "Nyatakan diperiksa")
    first.goto(f"/tunjangan/perhitungan/{run.pk}/")
    assert first.get_by_role("link", name="Setujui", exact=True).count() == 0, "the checker may not approve"
    step(second, run, "Setujui")
    step(first, run, "Kunci")
    run.refresh_from_db()
    assert (run.state, run.checked_by.username, run.approved_by.username) == ("locked", "hr-satu", "hr-dua")

    phone.goto("/tunjangan/slip/")
    row = RunInput.objects.get(run=run, person=employee)
    assert f"{row.net_rupiah:,.0f}".replace(",", ".") in phone.content()
    link = phone.locator(f"a[href*='/slip/hari/{days[1].isoformat()}']").first
    assert "TL1" in phone.content()
    phone.goto(link.get_attribute("href"))
    assert "07.44.10" in phone.content(), "the deduction ends at its punch"

    with second.expect_download() as waiting:
        second.goto(f"/tunjangan/perhitungan/{run.pk}/")
        second.get_by_role("link", name="Daftar nominatif").click()
    waiting.value.save_as(tmp_path / "nominatif.xlsx")
    book = openpyxl.load_workbook(tmp_path / "nominatif.xlsx", data_only=True)
    numbers = {cell.value for line in book.worksheets[0].iter_rows() for cell in line if cell.value is not None}
    total = Line.objects.filter(run=run).aggregate(total=Sum("amount_rupiah"))["total"]
    assert total == run.total_rupiah
    assert float(run.total_rupiah) in {float(n) for n in numbers if isinstance(n, int | float)}
