"""Invented bills: 24 months before the first phase and every whole month since, for each building."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from roster.models import Building, Government, RolloutPhase
from savings.operations import BillRow, store_bills

MONTHS_BEFORE = 24
FIRST_PHASE = date(2025, 11, 5)
# Rupiah per unit in a year: tariffs move, so that quantity and price effect both show.
ELECTRICITY_PRICE = {2023: 1445, 2024: 1445, 2025: 1523, 2026: 1560}
WATER_PRICE = {2023: 6300, 2024: 6800, 2025: 7100, 2026: 7400}
HOTTER = (2, 1, 2, 4, 5, 3, 1, 2, 6, 8, 5, 2)  # percent above the quiet months


def seed_bills(government: Government, today: date, random: Random, at: datetime) -> int:
    """Bills of electricity and water; Gedung Sate's are the largest. Returns how many."""
    rows = []
    starts: dict[int, date] = {}
    for building_id, start in RolloutPhase.objects.filter(building__government=government).values_list(
        "building_id", "valid_from"
    ):
        starts[building_id] = min(starts.get(building_id, start), start)
    for number, building in enumerate(Building.objects.filter(government=government).order_by("pk")):
        electricity = 88_000 if number == 0 else random.randint(9_000, 42_000)
        started = starts.get(building.pk, date.max)
        rows += _of_meter(f"5321{number:05}", building.pk, "electricity", electricity, started, today, random)
        rows += _of_meter(f"PDAM-{number + 1:03}", building.pk, "water", electricity // 55, started, today, random)
    return store_bills(government, [("new", row) for row in rows], at)


def _of_meter(
    meter: str, building_id: int, utility: str, base: int, started: date, today: date, random: Random
) -> list[BillRow]:
    prices, unit = (ELECTRICITY_PRICE, "kWh") if utility == "electricity" else (WATER_PRICE, "m3")
    saved_percent = random.choice((0, 2, 4, 7))
    rows = []
    start = date(FIRST_PHASE.year, FIRST_PHASE.month, 1)
    for _ in range(MONTHS_BEFORE):
        start = (start - timedelta(days=1)).replace(day=1)
    while True:
        end = (start + timedelta(days=32)).replace(day=1)
        if end > today:
            return rows
        percent = 100 + HOTTER[start.month - 1] + random.randint(-3, 3) - (saved_percent if end > started else 0)
        usage = base * percent * (end - start).days // 3_000
        price = prices.get(start.year, prices[max(prices)])
        read_type = "estimated" if random.random() < 0.02 else "actual"
        rows.append(
            BillRow(
                meter, building_id, utility, start, end, Decimal(usage), unit, Decimal(usage * price), read_type
            )
        )  # fmt: skip
        start = end
