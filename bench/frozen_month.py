"""A month of a whole province, frozen as a run freezes it: people with varied days, written by COPY."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from allowances.frozen import choose_documents, plan_of
from allowances.models import Run, RunInput
from allowances.plan import AllowancePlan
from allowances.rules import evaluate_net
from core.copying import copy_rows, new_ids
from roster.models import Government, Person

MONTH = date(2026, 10, 1)
AT = datetime(2026, 11, 2, tzinfo=UTC)
RATINGS = ("Sangat Baik", "Baik", "Baik", "Baik", "Cukup", "Kurang")
RANKS = ("II/c", "III/a", "III/b", "III/c", "III/d", "IV/a")
PEOPLE_A_UNIT = 170
COLUMNS = (
    "run_id", "person_id", "unit_name", "number", "name", "rank", "position_name", "job_class", "given",
    "gross_rupiah", "cuts_rupiah", "supplements_rupiah", "rapel_rupiah", "held_rupiah", "insurance_employee_rupiah",
    "insurance_employer_rupiah", "tax_rupiah", "tax_own_rupiah", "carried_over_rupiah", "net_rupiah",
    "verification_code",
)  # fmt: skip


def freeze_month(people: int, seed: int = 7) -> Run:
    """A regular run of October 2026 for the demonstration government with `people` frozen inputs."""
    government = Government.objects.get(code="contoh")
    chosen = choose_documents(government, MONTH)
    if chosen is None:
        raise SystemExit("Dokumen tunjangan contoh tidak dimuat; jalankan migrate lebih dahulu.")
    run = Run.objects.create(
        government=government, month=MONTH, drafted_at=AT, policy_id=chosen.policy_id, policy_sha256=chosen.sha256,
        policies=chosen.policies, people_count=people,
    )  # fmt: skip
    ids = new_ids(Person._meta.db_table, people)
    names = ("id", "government_id", "name", "title_before", "title_after", "sex", "email", "bank_name",
             "bank_account", "tax_category")  # fmt: skip
    copy_rows(
        Person._meta.db_table, names, ((i, government.pk, f"Pegawai {i}", "", "", "", "", "", "", "TK/0") for i in ids)
    )
    copy_rows(RunInput._meta.db_table, COLUMNS, _rows(run, ids, plan_of(run.policy_id, run.policies), seed))
    return run


def _rows(run: Run, ids: list[int], plan: AllowancePlan, seed: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable people, no secret
    for position, person_id in enumerate(ids):
        given = given_of(chance)
        net = evaluate_net(plan, given) or 0
        amounts = (net, 0, 0, 0, 0, 0, 0, 0, 0, 0, net)
        yield (
            run.pk, person_id, f"Unit {position // PEOPLE_A_UNIT}", f"{person_id:018}", f"Pegawai {person_id}",
            chance.choice(RANKS), "Analis", given["class"], json.dumps(given), *amounts, f"{person_id:032}",
        )  # fmt: skip


def given_of(chance: random.Random) -> dict[str, Any]:
    """What a run freezes for one person: one in three days has something to it."""
    days = [_day(MONTH + timedelta(days=offset), chance) for offset in range(31)]
    rated = chance.choice(RATINGS)
    return {
        "month": f"{MONTH:%Y-%m}", "calendar_days": 31, "working_days": 22, "class": chance.choice((7, 8, 9, 10)),
        "level": "pelaksana", "employment": "pns", "status": "pns", "service": "administrative",
        "rank_group": chance.choice(("II", "III", "IV")), "tax_category": "TK/0", "unrated_subordinates": 0,
        "rating": rated, "rating_score": chance.randrange(60, 110), "days": [day for day in days if day],
    }  # fmt: skip


def _day(on: date, chance: random.Random) -> dict[str, Any] | None:
    if on.weekday() > 4:
        return None
    minute, second = chance.randrange(40), chance.randrange(60)
    day: dict[str, Any] = {
        "date": on.isoformat(), "place": "home" if on.weekday() == 3 else "office", "calendar": "five_day",
        "in": f"07:{minute:02}:{second:02}", "out": f"16:{chance.randrange(60):02}:{second:02}", "expected_days": 1,
        "present_days": 1,
    }  # fmt: skip
    drawn = chance.random()
    if day["place"] == "home":
        day |= {"home_days": 1, "report": "done", "reports_done": 1}
    if minute > 30:
        day["minutes_late"] = minute - 30
    if drawn < 0.01:
        day |= {"absent_days": 1, "present_days": 0}
    elif drawn < 0.04:
        day["minutes_early"] = chance.randrange(1, 120)
    elif drawn < 0.06:
        day = {"date": day["date"], "place": "leave", "calendar": "five_day", "expected_days": 0, "present_days": 0,
               "leave": "tahunan", "leave_days": 1}  # fmt: skip
    return day
