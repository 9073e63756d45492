"""A new government from nothing but YAML: uploaded, tried on last month, adopted, paid, and quoted on a slip."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from allowances.models import RegulationEffect, Run, RunInput
from attendance.models import DayRecord
from core.period import previous_month
from policy.models import PolicyVersion
from roster.models import Government, Grant, Person, Role
from tests.browsing import PASSWORD, PHONE, step
from tests.runs import close_month, make_person, make_unit, score

CODE = "kota-uji"
# What somebody of that city writes: two regulations, and the examples that stand in them. Names of their own choosing.
HOURS = """
id: kota-uji-jam-kerja
topic: attendance
jurisdiction: kota-uji
title: Jam kerja Pemerintah Kota Uji
decree: Peraturan Wali Kota Uji Nomor 4 Tahun 2026
issued_on: 2026-01-02
valid_from: 2026-01-02
status: in_force
parameters:
  hours:
    - {when: {weekday: fri}, in: "07:15", out: "11:45", article: Pasal 3 ayat (2)}
    - {in: "07:15", out: "15:45", article: Pasal 3 ayat (1)}
  outcomes:
    - {when: {missing_taps: 2}, set: {absent_days: 1}, article: Pasal 6}
"""
PAY = """
id: kota-uji-tpp
topic: allowance
jurisdiction: kota-uji
title: Tambahan penghasilan pegawai Kota Uji
decree: Peraturan Wali Kota Uji Nomor 9 Tahun 2026
issued_on: 2026-01-02
valid_from: 2026-01-02
status: in_force
attendance: jam.yaml
parameters:
  base: {by: class, classes: {8: 4000000, 9: 5000000}, article: Pasal 4}
  components:
    hasil_kerja:
      weight: 55 %
      article: Pasal 7
      achievement: {fact: rating, labels: {Sangat Baik: 100 %, Baik: 100 %, Cukup: 80 %, Kurang: 50 %}}
    kedisiplinan: {weight: 45 %, article: Pasal 8}
  charges:
    mangkir: {label: Tidak masuk kerja, fact: absent_days, rate: 4 %, hits: [kedisiplinan], article: Pasal 9}
    terlambat:
      label: Datang terlambat
      fact: minutes_late
      bands: {T1: [1, 16, 0.25 %], T2: [16, null, 1.5 %]}
      hits: [kedisiplinan]
      article: Pasal 10 ayat (1)
  rounding:
    component: {to: 1}
"""
CASES = """
- name: lima belas menit masih T1
  source: Lampiran I nomor 1
  policy: tpp.yaml
  month: 2026-05
  given: {class: 8, rating: Baik, minutes_late: 15}
  expect: {events: {T1: 1}, kedisiplinan: 1795500, hasil_kerja: 2200000, net: 3995500}
- name: enam belas menit sudah T2
  source: Lampiran I nomor 2
  policy: tpp.yaml
  month: 2026-05
  given: {class: 8, rating: Cukup, date: 2026-05-04, in: "07:31:00", out: "15:45:00"}
  expect: {minutes_late: 16, events: [T2], kedisiplinan: 1773000, net: 3533000}
"""


@pytest.fixture
def city(transactional_db: None) -> Government:
    """A city that no document knows, with three people whose last month was watched, and two people of HR."""
    month = previous_month(timezone.localdate().replace(day=1))
    call_command("new_government", CODE, name="Pemerintah Kota Uji", go_live=month.isoformat(), verbosity=0)
    city = Government.objects.get(code=CODE)
    for name in ("hr-satu", "hr-dua"):
        user = User.objects.create_user(name, PASSWORD, full_name=name.replace("-", " ").title())
        Grant.objects.create(user=user, government=city, role=Role.HR, valid_from=date(2025, 1, 1))
    unit = make_unit(city, "Bagian Umum")
    for name, facts in (("Tuti", {}), ("Lambat", {late_on(month): late()}), ("Mangkir", {late_on(month): absent()})):
        account = User.objects.create_user(name.lower(), PASSWORD, full_name=name)
        person = make_person(unit, name, job_class=8, user=account)
        score(person, "Baik", month)
        close_month(person, {on: punctual() for on in working(month)} | facts, month)
    return city


def working(month: date) -> list[date]:
    """Weekdays of the month."""
    days = [month + timedelta(days=day) for day in range(31)]
    return [on for on in days if on.month == month.month and on.weekday() < 5]


def punctual() -> dict[str, object]:
    return {"first_in": time(7, 5), "last_out": time(16)}


def late_on(month: date) -> date:
    """The second Tuesday of the month."""
    return next(on for on in (month + timedelta(days=day) for day in range(7, 14)) if on.weekday() == 1)


def late() -> dict[str, object]:
    return {"minutes_late": 20, "first_in": time(7, 35), "last_out": time(15, 50)}


def absent() -> dict[str, object]:
    return {"absent_days": 1, "present_days": 0}


def written(folder: Path, **texts: str) -> list[Path]:
    """The texts as files, as somebody saves them."""
    files = [folder / f"{name}.yaml" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def upload(page, files: list[Path]) -> None:
    page.goto("/peraturan/rancangan/")
    page.get_by_label("Judul").fill("Peraturan pertama Kota Uji")
    page.set_input_files("main input[type=file]", files)
    page.get_by_role("button", name="Unggah", exact=True).click()
    page.wait_for_selector("h1:has-text('Peraturan pertama Kota Uji')")


def test_a_government_writes_nothing_but_yaml(city, enter, start_worker, tmp_path):
    month = previous_month(timezone.localdate().replace(day=1))
    start_worker()
    writer = enter("hr-satu")

    writer.goto("/tunjangan/")
    assert "Belum ada peraturan tunjangan" in writer.content()

    broken = PAY.replace("rate: 4 %", "rate: 0.04")
    upload(writer, written(tmp_path, jam=HOURS, tpp=broken, contoh=CASES))
    assert "parameters.charges.mangkir.rate" in writer.content(), "what is wrong is named with its place"
    assert writer.get_by_role("link", name="Berlakukan", exact=True).count() == 0

    writer.set_input_files("main input[type=file]", written(tmp_path, tpp=PAY))
    writer.get_by_role("button", name="Tambahkan berkas").click()
    writer.wait_for_selector("text=semua contoh lulus")
    assert "parameters.charges.mangkir.rate" not in writer.content()
    assert "Pasal 10 ayat (1)" in writer.content(), "the regulation is read aloud"

    writer.get_by_role("link", name="Lihat akibatnya pada tunjangan").click()
    writer.get_by_label("Bulan").select_option(month.isoformat())
    writer.get_by_role("button", name="Hitung akibat").click()
    writer.wait_for_selector("text=Jumlah bersih menurut rancangan")
    # 4,000,000 three times, less 1.5 % and 4 % of 1,800,000
    assert "Rp11.901.000" in writer.content()
    writer.get_by_role("link", name="Lihat semua pegawai").first.click()
    writer.get_by_role("link", name="Mangkir").click()
    writer.wait_for_selector("text=Menurut rancangan")
    assert "Pasal 9" in writer.content()
    assert not PolicyVersion.objects.filter(jurisdiction=CODE).exists(), "looking adopts nothing"
    draft_id = RegulationEffect.objects.get().draft_id

    writer.goto(f"/peraturan/rancangan/{draft_id}/")
    assert writer.get_by_role("link", name="Berlakukan", exact=True).count() == 0, "not by who wrote it"
    adopter = enter("hr-dua")
    adopter.goto(f"/peraturan/rancangan/{draft_id}/")
    adopter.get_by_role("link", name="Berlakukan", exact=True).click()
    adopter.locator("main form input[type=checkbox]").check()
    adopter.get_by_role("button", name="Berlakukan sekarang").click()
    adopter.wait_for_load_state()
    adopted = dict(PolicyVersion.objects.filter(jurisdiction=CODE).values_list("document_id", "body"))
    assert adopted == {"kota-uji-jam-kerja": HOURS, "kota-uji-tpp": PAY}

    run = run_the_month(writer, adopter, city, month)
    assert run.total_rupiah == 11_901_000

    phone = enter("lambat", PHONE)
    phone.goto("/tunjangan/slip/")
    said = phone.content()
    row = RunInput.objects.get(run=run, person=Person.objects.get(name="Lambat"))
    assert row.net_rupiah == 3_973_000
    assert "Rp3.973.000" in said
    for article in ("Pasal 4", "Pasal 7", "Pasal 10 ayat (1)", "Peraturan Wali Kota Uji Nomor 9 Tahun 2026"):
        assert article in said, article
    phone.goto(phone.locator(f"a[href*='/slip/hari/{late_on(month).isoformat()}']").first.get_attribute("href"))
    assert "07.35" in phone.content()


def run_the_month(writer, adopter, city: Government, month: date) -> Run:
    """Asked for, checked, approved by the other person, and locked, on pages."""
    writer.goto("/tunjangan/")
    writer.get_by_label("Bulan").fill(f"{month:%Y-%m}")
    writer.get_by_role("button", name="Susun draf", exact=True).click()
    deadline = datetime.now(ZoneInfo("UTC")) + timedelta(seconds=60)
    while not (run := Run.objects.filter(government=city, month=month, people_count=3).first()):
        assert datetime.now(ZoneInfo("UTC")) < deadline
        writer.wait_for_timeout(250)
    step(writer, run, "Nyatakan diperiksa")
    step(adopter, run, "Setujui")
    step(writer, run, "Kunci")
    run.refresh_from_db()
    assert run.state == Run.State.LOCKED
    assert DayRecord.objects.filter(person__government=city).exists()
    return run
