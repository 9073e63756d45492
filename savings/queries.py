"""Reads of bills: by building and month, quantity and price effect apart, the ceiling beside the target."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q

from core.money import parse_share, round_to
from policy.queries import document_for
from roster.models import Building, Government, RolloutPhase
from roster.queries import known_on
from savings.models import Bill, Meter
from savings.operations import BillRow
from savings.rules import UNKNOWN_SWITCHABLE_SHARE, UNKNOWN_WORKDAY_SHARE, BillChange, bill_change, ceiling

WORK_DAYS_A_WEEK = 5
SEN = Fraction(1, 100)
NOT_YET = "Belum dapat dibuktikan: perkiraan dengan selang 90 % menyusul pada tahap berikutnya."


def bills_by_meter(government: Government) -> dict[tuple[str, str], list[BillRow]]:
    """(meter, utility) -> its bills that stand now, by period."""
    found: dict[tuple[str, str], list[BillRow]] = defaultdict(list)
    rows = Bill.objects.filter(meter__government=government, superseded_at__isnull=True).order_by("period_from")
    for row in rows.values_list(
        "meter__code", "meter__building_id", "meter__utility", "period_from", "period_to", "usage", "unit",
        "cost_rupiah", "read_type",
    ):  # fmt: skip
        found[row[0], row[2]].append(BillRow(*row))
    return found


@dataclass(frozen=True)
class MonthBill:
    """One bill beside the one of the same month a year before; `change` is None where that cannot be said."""

    period_from: date
    usage: Fraction | None
    unit: str
    cost_rupiah: Fraction
    read_type: str
    change: BillChange | None

    @property
    def quantity_rupiah(self) -> int | Fraction | None:
        """The quantity effect to the sen; the price effect takes the rest, so that the shown parts add up."""
        return round_to(self.change.quantity_effect_rupiah, SEN) if self.change else None

    @property
    def price_rupiah(self) -> int | Fraction | None:
        """What remains of the bill's change beside the quantity effect as shown."""
        return self.change.total_rupiah - self.quantity_rupiah if self.change else None


@dataclass(frozen=True)
class MeterBills:
    """A meter with its bills, the newest first."""

    code: str
    utility: str
    utility_label: str
    bills: tuple[MonthBill, ...]


def meters_of(building: Building) -> list[MeterBills]:
    """Every meter of a building with its standing bills; three statements at most."""
    by_meter: dict[int, list[Bill]] = defaultdict(list)
    meters = list(Meter.objects.filter(building=building).order_by("utility", "code"))
    for bill in Bill.objects.filter(meter__in=meters, superseded_at__isnull=True).order_by("-period_from"):
        by_meter[bill.meter_id].append(bill)
    return [MeterBills(m.code, m.utility, m.get_utility_display(), _compared(by_meter[m.pk])) for m in meters]


def _compared(bills: list[Bill]) -> tuple[MonthBill, ...]:
    by_month = {(b.period_from.year, b.period_from.month): b for b in bills}
    return tuple(
        MonthBill(
            period_from=bill.period_from,
            usage=Fraction(bill.usage) if bill.usage else None,
            unit=bill.unit,
            cost_rupiah=Fraction(bill.cost_rupiah),
            read_type=bill.read_type,
            change=_change(by_month.get((bill.period_from.year - 1, bill.period_from.month)), bill),
        )
        for bill in bills
    )


def _change(before: Bill | None, after: Bill) -> BillChange | None:
    if before is None:
        return None
    return bill_change(
        Fraction(before.usage), Fraction(before.cost_rupiah), Fraction(after.usage), Fraction(after.cost_rupiah)
    )


@dataclass(frozen=True)
class Aim:
    """What the savings document fixes: the target, and the shares that the ceiling uses where none were measured."""

    target: Fraction | None
    target_article: str
    switchable_share: Fraction
    workday_share: Fraction


def aim_on(government: Government, on: date) -> Aim:
    """The aim on `on`; no document means no target and the cautious shares."""
    document = document_for(government.code, "savings", on)
    parameters = document.parameters if document else {}
    target, shares = parameters.get("target", {}), parameters.get("ceiling", {})
    return Aim(
        target=parse_share(target["share"]) if "share" in target else None,
        target_article=str(target.get("article", "")),
        switchable_share=_share(shares, "switchable_share", UNKNOWN_SWITCHABLE_SHARE),
        workday_share=_share(shares, "working_day_share", UNKNOWN_WORKDAY_SHARE),
    )


def _share(values: Mapping[str, Any], name: str, unknown: Fraction) -> Fraction:
    return parse_share(values[name]) if name in values else unknown


def building_ceiling(building: Building, on: date, aim: Aim) -> Fraction | None:
    """The ceiling under the phases open on `on`, every weekday with its largest share; None without a phase."""
    shares = RolloutPhase.objects.filter(known_on(on), building=building).values_list("max_share_bp", flat=True)
    return _ceiling_of(list(shares), aim)


def _ceiling_of(shares_bp: list[int], aim: Aim) -> Fraction | None:
    if not shares_bp:
        return None
    home_days = min(Fraction(sum(shares_bp), 10_000), Fraction(WORK_DAYS_A_WEEK))
    return ceiling(home_days, WORK_DAYS_A_WEEK, aim.switchable_share, aim.workday_share)


@dataclass(frozen=True)
class BuildingRow:
    """One building of the overview."""

    code: str
    name: str
    first_phase_on: date | None
    ceiling: Fraction | None
    last_bill_on: date | None
    meter_count: int


def building_rows(government: Government, on: date, aim: Aim) -> list[BuildingRow]:
    """Every building with its first phase, ceiling on `on` and last bill; four statements, whatever the size."""
    phases: dict[int, list[int]] = defaultdict(list)
    for building_id, share in RolloutPhase.objects.filter(known_on(on), building__government=government).values_list(
        "building_id", "max_share_bp"
    ):
        phases[building_id].append(share)
    first: dict[int, date] = {}
    known = Q(superseded_at__isnull=True)
    for building_id, start in RolloutPhase.objects.filter(known, building__government=government).values_list(
        "building_id", "valid_from"
    ):
        first[building_id] = min(first.get(building_id, start), start)
    meter_count: dict[int, int] = defaultdict(int)
    last_bill: dict[int, date] = {}
    for building_id in Meter.objects.filter(government=government).values_list("building_id", flat=True):
        meter_count[building_id] += 1
    for building_id, start in (
        Bill.objects.filter(known, meter__government=government)
        .order_by("meter__building_id", "-period_from")
        .distinct("meter__building_id")
        .values_list("meter__building_id", "period_from")
    ):
        last_bill[building_id] = start
    return [
        BuildingRow(
            b.code, b.name, first.get(b.pk), _ceiling_of(phases[b.pk], aim), last_bill.get(b.pk), meter_count[b.pk]
        )
        for b in Building.objects.filter(government=government).order_by("name")
    ]


@dataclass(frozen=True)
class LeadershipOverview:
    """What leadership sees first: no measured saving, and the reason in words."""

    buildings: int
    buildings_open: int
    buildings_billed: int
    last_bill_on: date | None
    target: Fraction | None
    highest_ceiling: Fraction | None
    measured: None
    reason: str


def leadership_overview(government: Government, on: date) -> LeadershipOverview:
    """Counts, target and highest ceiling side by side; the measured value is unknown and says why."""
    aim = aim_on(government, on)
    rows = building_rows(government, on, aim)
    ceilings = [row.ceiling for row in rows if row.ceiling is not None]
    return LeadershipOverview(
        buildings=len(rows),
        buildings_open=len(ceilings),
        buildings_billed=sum(1 for row in rows if row.last_bill_on),
        last_bill_on=max((row.last_bill_on for row in rows if row.last_bill_on), default=None),
        target=aim.target,
        highest_ceiling=max(ceilings, default=None),
        measured=None,
        reason=NOT_YET,
    )
