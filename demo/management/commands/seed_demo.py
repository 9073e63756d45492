"""Load the demonstration province: invented people, their presses, and the days that the rules made of them."""

import os
from argparse import ArgumentParser
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from attendance.operations import plan_day
from demo import bulk
from demo.accounts import seed_accounts
from demo.bills import seed_bills
from demo.days import seed_evidence, seed_home_days
from demo.happenings import months_over, seed_absences, seed_month, seed_outage, seed_requests, seed_targets
from demo.load import Asked, begin, finish, unfinished
from demo.one_day import day_tables, days_made, make_day, start_of
from demo.pay import months_paid, seed_last, seed_locked
from demo.people import Province, province_of, seed_people
from demo.regulations import seed_draft
from demo.workers import Task, share
from performance.models import Indicator
from roster.models import Government, Person
from wfh_portal.demo_steps import accounts_text

FIRST_DAY = date(2025, 10, 1)
HISTORY_DAYS = 426  # fourteen months


class Command(BaseCommand):
    """Writes a province once; one whose loading stopped on the way is finished, one that stands is left alone."""

    help = "Muat provinsi demonstrasi (orang rekaan) satu kali; pemuatan yang terhenti dilanjutkan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many people, from which seed, in which government, with how much history."""
        parser.add_argument("--people", type=int, default=2000)
        parser.add_argument("--days", type=int, default=HISTORY_DAYS, help="hari riwayat sebelum hari ini")
        parser.add_argument("--without-pay", action="store_true", help="tanpa perhitungan TPP dan tanpa rancangan")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
        parser.add_argument("--government", default="contoh")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the province once, or go on with the load that stopped."""
        government = Government.objects.filter(code=options["government"]).first()
        if government is None:
            raise CommandError(f"Pemerintah {options['government']} belum ada; jalankan migrate lebih dahulu.")
        asked = unfinished(government)
        if asked:
            self._say(
                f"Melanjutkan pemuatan {asked.people} orang yang dimulai {timezone.localtime(asked.at):%d-%m-%Y %H:%M}"
            )
        elif Person.objects.filter(government=government).exists():
            self._say("Provinsi demonstrasi sudah dimuat.")
            return
        else:
            asked = _asked(options)
            self._roster(government, asked)
        province, processes = province_of(government), options["processes"]
        self._history(government, asked, province, processes)
        self._present(government, asked, province)
        self._pay(government, asked)
        self._say(accounts_text(Path(settings.PORTAL_DATA)))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _roster(self, government: Government, asked: Asked) -> None:
        """Who works where and what is known beforehand: whole or not at all."""
        random, first, today = Random(asked.seed), asked.first, asked.today  # noqa: S311 - invented people, no secret
        began = start_of(first, government.zone)
        with transaction.atomic():
            begin(government, asked)
            government.name, government.go_live_on, government.demonstration = "Pemerintah Provinsi Contoh", first, True
            government.save()
            seed_people(government, asked.people, random, began)
            province = province_of(government)
            self._say(f"{asked.people} orang rekaan dalam {len(province.units)} unit")
            seed_absences(province.person_ids, first, today, random, began)
            self._say(f"{seed_bills(government, today, random, asked.at)} tagihan listrik dan air")
            seed_outage(government, first, today, asked.at)
            seed_home_days(government, first, today + timedelta(days=14), began)

    def _history(self, government: Government, asked: Asked, province: Province, processes: int) -> None:
        """Every month's indicators and every day until today, shared by processes; what stands is not made again."""
        ids, months = province.person_ids, list(months_over(asked.first, asked.today))
        rated = set(Indicator.objects.filter(person__government=government).values_list("month", flat=True).distinct())
        tasks = [
            Task(partial(seed_month, ids, month, asked.seed, month == months[-1]))
            for month in months
            if month not in rated
        ]
        made = days_made(government)
        if not made and asked.person_days >= bulk.WORTH_IT_ROWS:
            taken = bulk.take_away(government, asked.at)
            self._say(f"{taken} indeks dan rujukan dilepas dahulu, dibuat kembali sesudahnya")
        for on in (asked.first + timedelta(days=n) for n in range((asked.today - asked.first).days)):
            label = f"  {on:%Y-%m}: hari demi hari ..." if on.day == 1 or on == asked.first else ""
            if on not in made:
                tasks.append(Task(partial(make_day, government, asked, ids, on), label))
        share(tasks, processes, day_tables, self._say)
        bulk.give_back(government)

    def _present(self, government: Government, asked: Asked, province: Province) -> None:
        """Today's plan, what waits for somebody, and the accounts."""
        if Person.objects.filter(government=government, user__isnull=False).exists():
            return
        random, today, now = Random(f"{asked.seed} today"), asked.today, asked.at  # noqa: S311 - no secret
        with transaction.atomic(), connection.cursor() as cursor:
            # The tables are new and may have no statistics yet: nested loops over them take hours.
            cursor.execute("SET LOCAL enable_nestloop = off")
            plan_day(government, today, now)
            seed_evidence(today - timedelta(days=7), today + timedelta(days=83))
            seed_requests(province, today, random, now)
            seed_targets(province.person_ids, today.replace(day=1), random)
            seed_accounts(government, province, FIRST_DAY, now)
            if not asked.with_pay:
                finish(government, asked)

    def _pay(self, government: Government, asked: Asked) -> None:
        """The months that are over, paid but for the last, and a draft of next year's regulation."""
        if not asked.with_pay:
            return
        months, paid = list(months_over(asked.first, asked.today)), months_paid(government)
        self._say(f"Indikator dan penilaian perilaku untuk {len(months)} bulan; perhitungan TPP ...")
        # One after the other: a draft is refused once another month was locked after it.
        for month in months[:-1]:
            if month not in paid:
                seed_locked(government, month, asked.at, self._say)
        with transaction.atomic():
            seed_last(government, months, asked.at, self._say)
            seed_draft(government, asked.at)
            finish(government, asked)


def _asked(options: dict[str, Any]) -> Asked:
    if options["people"] < 40:
        raise CommandError("Paling sedikit 40 orang, agar setiap unit berisi.")
    now = timezone.now()
    today = timezone.localdate(now)
    first = max(FIRST_DAY, today - timedelta(days=options["days"]))
    return Asked(options["people"], options["seed"], first, today, now, not options["without_pay"])
