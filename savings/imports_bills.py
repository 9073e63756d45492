"""Import of bills: judged row by row in the file's order, kept all together or not at all.

Two passes in bounded memory would need the file twice; a government's bills are some hundred thousand short rows at
most, so the accepted ones are held as tuples.
"""

from bisect import bisect_right, insort
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.cells import day, number, text
from core.findings import Findings
from core.importing import ImportKind, Option, Request, register
from core.tabular import open_table
from roster.models import Building
from savings.operations import BillRow, store_bills
from savings.queries import bills_by_meter

HEADINGS = ("meter", "building", "utility", "period_start", "period_end", "usage", "unit", "cost_rupiah", "read_type")
UNITS = {"electricity": "kwh", "water": "m3"}
UNIT_SPELLING = {"kwh": "kWh", "m3": "m3"}
READ_TYPES = ("actual", "estimated", "customer")
MAX_LENGTHS = {"meter": 60, "building": 40}
ONE_DAY = timedelta(days=1)
LARGEST_USAGE = Decimal(10) ** 11
LARGEST_COST = Decimal(10) ** 14


@dataclass
class Judge:
    """Judges rows against the stored bills and the rows accepted before."""

    buildings: dict[str, int]
    stored: dict[tuple[str, str], list[BillRow]]
    replace: bool
    findings: Findings

    def row(self, row: int, cells: dict[str, Any]) -> tuple[str, BillRow | None]:
        """("new" | "replaced" | "unchanged", bill), or ("rejected", None) with its errors noted."""
        errors = Findings()
        bill = self._read(row, cells, errors)
        if bill is None or errors.errors:
            self.findings.errors.extend(errors.errors)
            return "rejected", None
        known = self.stored.setdefault((bill.meter, bill.utility), [])
        elsewhere = known and known[0].building_id != bill.building_id
        if elsewhere:
            bill = replace(bill, building_id=known[0].building_id)
        verdict = self._against_known(row, bill, known, cells)
        if verdict == "rejected":
            return verdict, None
        if elsewhere:
            message = (
                "Meter ini tercatat di gedung lain dan tetap dihitung di sana; perbaiki gedung atau nomor meternya."
            )
            self.findings.warning(row, "building", "unknown_value", cells["building"], message)
        self._warn(row, bill, known, cells)
        if verdict == "replaced":
            known[:] = [other for other in known if other.period_from != bill.period_from]
        if verdict != "unchanged":
            insort(known, bill, key=lambda other: other.period_from)
        return verdict, bill

    def _against_known(self, row: int, bill: BillRow, known: list[BillRow], cells: dict[str, Any]) -> str:
        if bill in known:
            return "unchanged"
        shared = [o for o in known if o.period_from < bill.period_to and bill.period_from < o.period_to]
        if not shared:
            return "new"
        same_period = len(shared) == 1 and (shared[0].period_from, shared[0].period_to) == (
            bill.period_from,
            bill.period_to,
        )
        if same_period and self.replace:
            return "replaced"
        other = shared[0]
        last = other.period_to - ONE_DAY
        advice = "pakai pilihan ganti (--replace) bila ini perbaikan" if same_period else "perbaiki tanggalnya"
        message = (
            f"Berbagi hari dengan tagihan {other.period_from.isoformat()} s.d. {last.isoformat()} dari meter yang sama;"
        )
        self.findings.error(row, "period_start", "period_overlap", cells["period_start"], f"{message} {advice}.")
        return "rejected"

    def _warn(self, row: int, bill: BillRow, known: list[BillRow], cells: dict[str, Any]) -> None:
        place = bisect_right(known, bill.period_from, key=lambda other: other.period_from) - 1
        while place >= 0 and known[place].period_from >= bill.period_from:
            place -= 1
        if place >= 0 and known[place].period_to < bill.period_from:
            missing = (bill.period_from - known[place].period_to).days
            message = f"{missing} hari tidak tercakup sejak tagihan sebelumnya; cari tagihan yang hilang."
            self.findings.warning(row, "period_start", "period_gap", cells["period_start"], message)
        if bill.usage == 0:
            message = "Pemakaian 0: disimpan, dihitung sebagai data yang tidak ada, bukan penghematan."
            self.findings.warning(row, "usage", "zero_usage", cells["usage"], message)

    def _read(self, row: int, cells: dict[str, Any], errors: Findings) -> BillRow | None:
        """The bill of a row; every fault is noted in `errors`."""
        words = {name: text(cells[name]) for name in ("meter", "building", "utility", "unit", "read_type")}
        for name in HEADINGS:
            if not text(cells[name]):
                errors.error(row, name, "missing", "", f"Kolom {name} kosong; isi lalu unggah kembali.")
        self._check_words(row, words, errors)
        start, end = (self._day(row, name, cells[name], errors) for name in ("period_start", "period_end"))
        if start and end and end < start:
            message = "Hari terakhir sebelum hari pertama; periksa kedua tanggal."
            errors.error(row, "period_end", "period_order", cells["period_end"], message)
        usage = self._amount(row, "usage", cells["usage"], LARGEST_USAGE, errors)
        cost = self._amount(row, "cost_rupiah", cells["cost_rupiah"], LARGEST_COST, errors)
        if errors.errors or start is None or end is None or usage is None or cost is None:
            return None
        return BillRow(
            meter=words["meter"],
            building_id=self.buildings[words["building"]],
            utility=words["utility"].casefold(),
            period_from=start,
            period_to=end + ONE_DAY,
            usage=usage.quantize(Decimal("0.001")),
            unit=UNIT_SPELLING[words["unit"].casefold()],
            cost_rupiah=cost.quantize(Decimal("0.01")),
            read_type=words["read_type"].casefold(),
        )

    def _check_words(self, row: int, words: dict[str, str], errors: Findings) -> None:
        for name, longest in MAX_LENGTHS.items():
            if len(words[name]) > longest:
                message = f"Lebih dari {longest} huruf; persingkat."
                errors.error(row, name, "too_long", words[name], message)
        building, utility, unit = words["building"], words["utility"].casefold(), words["unit"].casefold()
        if building and building not in self.buildings:
            message = f"Gedung {building[:40]} tidak dikenal; impor gedung lebih dulu atau perbaiki kodenya."
            errors.error(row, "building", "building_unknown", building, message)
        if utility and utility not in UNITS:
            errors.error(row, "utility", "unknown_value", words["utility"], "Tulis electricity atau water.")
        elif unit and utility and unit != UNITS[utility]:
            wanted = UNIT_SPELLING[UNITS[utility]]
            errors.error(row, "unit", "unit_unknown", words["unit"], f"Satuan untuk {utility} ialah {wanted}.")
        elif unit and unit not in UNIT_SPELLING:
            errors.error(row, "unit", "unit_unknown", words["unit"], "Tulis kWh untuk listrik, m3 untuk air.")
        if words["read_type"] and words["read_type"].casefold() not in READ_TYPES:
            message = "Tulis actual, estimated atau customer."
            errors.error(row, "read_type", "unknown_value", words["read_type"], message)

    def _day(self, row: int, column: str, cell: Any, errors: Findings) -> date | None:
        try:
            found = day(cell)
            return found + ONE_DAY - ONE_DAY if found else None
        except (ValueError, OverflowError):  # the last day of the calendar has no day after it
            message = "Tanggal tidak ada atau tidak terbaca; tulis seperti 2026-01-31."
            errors.error(row, column, "date", cell, message)
            return None

    def _amount(self, row: int, column: str, cell: Any, largest: Decimal, errors: Findings) -> Decimal | None:
        try:
            found = number(cell, thousands=column == "cost_rupiah" or not _reads_as_decimal(cell))
        except ValueError:
            errors.error(row, column, "not_a_number", cell, "Bukan angka; tulis angka saja.")
            return None
        if found is not None and found < 0 and column == "usage":
            errors.error(row, column, "negative", cell, "Pemakaian tidak mungkin di bawah 0; periksa tagihan.")
            return None
        if found is not None and abs(found) >= largest:
            errors.error(row, column, "not_a_number", cell, "Angka terlalu besar; periksa tagihan.")
            return None
        return found


def _reads_as_decimal(cell: Any) -> bool:
    """A CSV of a program writes `1234.567`; only groups of three digits read as thousands."""
    return isinstance(cell, str) and cell.count(".") == 1 and len(cell.strip().split(".")[0]) > 3


def import_bills(request: Request) -> dict[str, Any]:
    """Read the file, judge every row, write what was accepted; the JSON object of the contract."""
    government = request.government
    judge = Judge(
        buildings=dict(Building.objects.filter(government=government).values_list("code", "pk")),
        stored=bills_by_meter(government),
        replace=bool(request.option("replace")),
        findings=Findings(),
    )
    counts = {"new": 0, "replaced": 0, "unchanged": 0, "rejected": 0}
    accepted: list[tuple[str, BillRow]] = []
    with open_table(request.path, required=HEADINGS) as table:
        for row, cells in table.records():
            verdict, bill = judge.row(row, cells)
            counts[verdict] += 1
            if bill is not None and verdict in ("new", "replaced"):
                accepted.append((verdict, bill))
            request.progress(row)
    if request.write:
        store_bills(government, accepted, request.at, request.user)
    return {
        "rows": sum(counts.values()),
        "accepted": counts["new"] + counts["replaced"],
        "rejected": counts["rejected"],
        "unchanged": counts["unchanged"],
        "errors": [finding.as_dict() for finding in judge.findings.errors],
        "warnings": [finding.as_dict() for finding in judge.findings.warnings],
    }


REPLACE = Option(
    "replace", "Ganti tagihan dengan masa yang sama", kind="flag", help="Tagihan lama disimpan sebagai sudah diganti."
)
KIND = register(
    ImportKind(
        "bills",
        "Tagihan listrik dan air",
        import_bills,
        headings=HEADINGS,
        options=(REPLACE,),
        about="Satu baris satu tagihan satu meter; kedua tanggal termasuk. Gedung diimpor lebih dulu.",
    )
)
