"""Load the demonstration province: invented people, their presses, and the days that the rules made of them."""

from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from attendance.models import Absence
from attendance.operations import close_day, plan_day
from demo.accounts import seed_accounts
from demo.bills import seed_bills
from demo.days import copy_punches, punches_of, seed_evidence, seed_home_days, seed_reports
from demo.happenings import seed_outage, seed_performance, seed_requests
from demo.pay import seed_runs
from demo.people import Province, seed_people
from demo.regulations import seed_draft
from roster.calendar import calendar_day
from roster.models import Government, Person

FIRST_DAY = date(2025, 10, 1)
HISTORY_DAYS = 426  # fourteen months


class Command(BaseCommand):
    """Writes everything or nothing; a province that stands is left alone."""

    help = "Muat provinsi demonstrasi (orang rekaan) satu kali."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many people, from which seed, in which government, with how much history."""
        parser.add_argument("--people", type=int, default=2000)
        parser.add_argument("--days", type=int, default=HISTORY_DAYS, help="days of history before today")
        parser.add_argument("--without-pay", action="store_true", help="no runs and no draft of a regulation")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--government", default="contoh")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the province once."""
        government = Government.objects.filter(code=options["government"]).first()
        if government is None:
            raise CommandError(f"Pemerintah {options['government']} belum ada; jalankan migrate lebih dahulu.")
        if Person.objects.filter(government=government).exists():
            self.stdout.write("Provinsi demonstrasi sudah dimuat.")
            return
        if options["people"] < 40:
            raise CommandError("Paling sedikit 40 orang, agar setiap unit berisi.")
        now, random = timezone.now(), Random(options["seed"])  # noqa: S311 - invented people, no secret
        today = timezone.localdate(now)
        first = max(FIRST_DAY, today - timedelta(days=options["days"]))
        # All or nothing: a broken start must be able to begin again.
        with transaction.atomic(), connection.cursor() as cursor:
            # Fresh tables have no statistics yet, and nested loops over them take hours.
            cursor.execute("SET LOCAL enable_nestloop = off")
            government.name, government.go_live_on, government.demonstration = "Pemerintah Provinsi Contoh", first, True
            government.save()
            began = start_of(first, government.zone)
            province = seed_people(government, options["people"], random, began)
            self.stdout.write(f"{len(province.people)} orang rekaan dalam {len(province.units)} unit")
            seed_absences(province, first, today, random, began)
            self.stdout.write(f"{seed_bills(government, today, random, now)} tagihan listrik dan air")
            seed_outage(government, first, today, now)
            seed_home_days(government, first, today + timedelta(days=14), began)
            self._days(government, province, first, today, random)
            plan_day(government, today, now)
            seed_evidence(today - timedelta(days=7), today + timedelta(days=83))
            seed_requests(province, today, random, now)
            text = seed_accounts(government, province, FIRST_DAY, now)
            months = seed_performance(province, first, today, random)
            self.stdout.write(f"Indikator dan penilaian perilaku untuk {len(months)} bulan")
            if not options["without_pay"]:
                seed_runs(government, months, now, self.stdout.write)
                seed_draft(government, now)
        self.stdout.write(text)

    def _days(self, government: Government, province: Province, first: date, today: date, random: Random) -> None:
        ids = [person.pk for person in province.people]
        on = first
        while on < today:
            day = calendar_day(government, on)
            if on.weekday() < 5 and day.holiday is None:
                away = set(
                    Absence.objects.filter(valid_from__lte=on, valid_to__gt=on).values_list("person_id", flat=True)
                )
                copy_punches(punches_of([i for i in ids if i not in away], on, government.zone, random))
                plan_day(government, on, start_of(on, government.zone))
                seed_reports(on, government.zone, random, judged=on < today - timedelta(days=8))
            # As every night did: half past midnight of the next day.
            close_day(government, on, start_of(on + timedelta(days=1), government.zone) + timedelta(minutes=30))
            if on.day == 1 or on == first:
                self.stdout.write(f"  {on:%Y-%m}: hari demi hari ...")
                self.stdout.flush()
            on += timedelta(days=1)


def start_of(on: date, zone: str) -> datetime:
    """Midnight at which a day begins in the office's zone."""
    return datetime.combine(on, time(), ZoneInfo(zone))


def seed_absences(province: Province, first: date, today: date, random: Random, at: datetime) -> None:
    """Leave and duty travel: one window a person in most quarters, never two at once."""
    rows, kinds = [], (("tahunan", 3), ("dinas_luar", 2), ("sakit", 2))
    for person in province.people:
        start = first + timedelta(days=random.randint(5, 60))
        while start < today:
            kind, days = random.choice(kinds)
            rows.append(
                Absence(person=person, kind=kind, valid_from=start, valid_to=start + timedelta(days=days),
                        decree=f"ST Contoh {random.randint(1, 900)}/{start.year}", recorded_at=at)
            )  # fmt: skip
            start += timedelta(days=random.randint(40, 120))
    Absence.objects.bulk_create(rows, batch_size=5000)
