"""The daftar nominatif of a whole province as XLSX, beside the same cells written by the writer library alone.

Floor: every cell of the very file, read back beforehand and kept in memory, written by xlsxwriter with three plain
formats and no database. A run is drafted first where the province has none; that is not counted.
"""

import gc
from dataclasses import replace
from io import BytesIO
from typing import Any

from django.db.models import Max
from django.utils import timezone
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from allowances.exports.nominatif import nominatif
from allowances.models import Run
from allowances.operations import draft_run
from bench.measure import Measure, PeakMemory, beside
from performance.models import Behaviour
from performance.operations import score_month
from roster.models import Government

BUDGET_RATIO = 1.5
GOVERNMENT = "contoh"
Cells = list[list[Any]]


def measure(size: int) -> list[Measure]:
    """One file of everybody; memory is that of the first file, before the cells of the floor are held as well."""
    run = run_of_everybody()
    with PeakMemory() as memory:
        content = nominatif(run)
    cells = cells_of(content)
    written = write_alone(cells)
    # What the floor holds is not to be looked through by the collector while the product works.
    gc.collect()
    gc.freeze()
    taken = beside(
        "export_nominatif",
        size,
        product=lambda: nominatif(run),
        floor=lambda: write_alone(cells),
        run_state=run.state,
        people=run.people_count,
        rows=len(cells),
        cells=sum(len(row) for row in cells),
        file_mb=round(len(content) / 1_000_000, 1),
        floor_file_mb=round(len(written) / 1_000_000, 1),
        budget_ratio=BUDGET_RATIO,
    )
    gc.unfreeze()
    return [replace(taken, peak_mb=round(memory.mb, 1))]


def run_of_everybody() -> Run:
    """The largest regular run; where there is none, a draft of the last month that was judged."""
    government = Government.objects.get(code=GOVERNMENT)
    runs = Run.objects.filter(government=government, kind="regular", people_count__gt=0)
    run = runs.order_by("-people_count", "-month").first()
    if run is not None:
        return run
    month = Behaviour.objects.filter(person__government=government).aggregate(last=Max("month"))["last"]
    if month is None:
        raise SystemExit("Nobody was judged in any month; make the province with seed_demo.")
    score_month(government, month, timezone.now())
    return draft_run(government, month, timezone.now())


def cells_of(content: bytes) -> Cells:
    """Every cell of the first sheet: text, a number, or None where it is empty."""
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    return [[_value(cell) for cell in row] for row in sheet.iter_rows()]


def _value(cell: Any) -> str | int | float | None:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if cell != "" else None


def write_alone(cells: Cells) -> bytes:
    """The cells by the writer library, in the mode that the product uses."""
    made = BytesIO()
    book = Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    text, number, empty = (book.add_format({"border": 1, "num_format": form}) for form in ("@", "#,##0", "General"))
    sheet = book.add_worksheet("Nominatif")
    for at, row in enumerate(cells):
        for column, value in enumerate(row):
            if value is None:
                sheet.write_blank(at, column, None, empty)
            elif isinstance(value, str):
                sheet.write_string(at, column, value, text)
            else:
                sheet.write_number(at, column, value, number)
    book.close()
    return made.getvalue()
