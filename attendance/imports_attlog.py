"""Device files from a USB stick: PIN and local time are trusted, the small integers behind them are not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from attendance.clock import work_date_of
from attendance.models import Device, DeviceLine, DevicePin
from attendance.operations.devices import keep_lines, map_waiting, take_in_waiting
from core.cells import day, text
from core.delimited import BINARY_MAGIC
from core.errors import PortalError, SheetError
from core.findings import Findings, shown
from core.importing import ImportKind, Option, Request, register
from core.tabular import MAX_BYTES, ZIP_MAGIC, open_table

LINE = re.compile(
    r"\s*([0-9A-Za-z]{1,24})\s*[\t| ]\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T\t|]+(\d{1,2}):(\d{2}):(\d{2})\b"
)
CHUNK = 5_000
CODE_LENGTH = 40
RESET_BEFORE_YEAR = 2010
PIN_COLUMNS = ("device", "pin", "nip", "valid_from")
MESSAGES = {
    "unreadable": "Baris ini bukan baris mesin absen (PIN lalu tanggal dan jam). Minta berkas baru dari mesin.",
    "date": "Tanggal atau jam ini tidak ada dalam kalender. Periksa jam mesin.",
    "clock_reset": "Tahun sebelum 2010: jam mesin pernah kembali ke awal. Setel jam mesin, ajukan koreksi hari itu.",
    "date_in_future": "Waktu lebih dari satu jam di depan. Setel jam mesin, ajukan koreksi hari itu.",
    "pin_unknown": "PIN ini belum dipetakan pada tanggal itu. Tambahkan ke daftar PIN; barisnya menunggu.",
}


@dataclass
class _Reading:
    """Lines of one file on their way into the database."""

    device: Device
    pins: dict[str, list[tuple[date, str]]]
    findings: Findings = field(default_factory=Findings)
    lines: int = 0
    accepted: int = 0
    duplicates: int = 0
    # Lines that waited for their PIN and were met again in this file; they get their number at its end.
    met: set[tuple[str, datetime]] = field(default_factory=set)

    def number_on(self, pin: str, on: date) -> str:
        """The number that a PIN stands for on a day; empty when it is unknown then."""
        return next((number for start, number in reversed(self.pins.get(pin, [])) if start <= on), "")


def import_attlog(request: Request) -> dict[str, Any]:
    """Import one device file; options `device` (code) and `pins` (Path of the PIN list).

    Returns `{"lines", "accepted", "duplicates", "errors"}`; `taken_in` counts earlier lines whose PIN is known now.
    Raises PortalError where a file cannot be read.
    """
    code, pin_path = text(request.option("device")), request.option("pins")
    if not 0 < len(code) <= CODE_LENGTH:
        raise PortalError(
            f"Kode mesin belum disebut atau lebih dari {CODE_LENGTH} huruf. Isi kode mesin yang berkasnya diimpor "
            "(--device KODE)."
        )
    _refuse_no_file(request.path)
    with transaction.atomic():
        device, _ = Device.objects.select_related("government").get_or_create(government=request.government, code=code)
        if pin_path:
            _keep_pins(device, Path(pin_path))
        reading = _Reading(device, _pins_of(device))
        for chunk in _chunks(request, reading):
            _take(reading, chunk, request)
        taken_in = map_waiting(device)
        take_in_waiting(request.government, request.at)
        if reading.lines == 0:
            raise SheetError("Berkas ini kosong: tidak ada satu baris absen pun. Ambil berkas baru dari mesin.")
        if not request.write:
            transaction.set_rollback(True)
    errors = sorted(reading.findings.errors, key=lambda finding: finding.row)
    return {
        "lines": reading.lines,
        "accepted": reading.accepted,
        "duplicates": reading.duplicates,
        "errors": [finding.as_dict("line") for finding in errors],
        "taken_in": taken_in,
    }


def _refuse_no_file(path: Path) -> None:
    if not path.is_file():
        raise SheetError(f"Berkas {path.name} tidak ditemukan. Periksa nama dan letaknya.")
    if path.stat().st_size > MAX_BYTES:
        raise SheetError("Berkas ini lebih besar dari 200 MB. Bagi menjadi beberapa berkas.")
    with path.open("rb") as file:
        if file.read(8).startswith((ZIP_MAGIC, *BINARY_MAGIC)):
            raise SheetError("Berkas ini bukan berkas mesin absen (.dat atau .txt). Ambil berkas dari mesin lewat USB.")


def _keep_pins(device: Device, path: Path) -> None:
    rows = []
    with open_table(path, required=PIN_COLUMNS, columns=PIN_COLUMNS) as table:
        for row, cells in table.records():
            if text(cells["device"]) != device.code:
                continue
            pin, number = text(cells["pin"]), _number(cells["nip"])
            try:
                start = day(cells["valid_from"])
            except ValueError:
                start = None
            if start is None:
                found = shown(cells["valid_from"])
                raise SheetError(f"Daftar PIN baris {row}: tanggal {found!r} salah. Tulis seperti 2026-01-31.")
            if not pin or len(pin) > 24 or not re.fullmatch(r"[0-9]{18}", number):
                raise SheetError(
                    f"Daftar PIN baris {row}: PIN atau NIP kosong atau salah bentuk. NIP berisi 18 angka, sebagai teks."
                )
            rows.append(DevicePin(device=device, pin=pin, number=number, valid_from=start))
    DevicePin.objects.bulk_create(
        {(row.pin, row.valid_from): row for row in rows}.values(),
        update_conflicts=True,
        unique_fields=["device", "pin", "valid_from"],
        update_fields=["number"],
    )


def _number(cell: Any) -> str:
    """The digits of a number in a text cell; empty for a numeric cell, whose last digits are lost."""
    return "".join(text(cell).removeprefix("'").split()) if isinstance(cell, str) else ""


def _pins_of(device: Device) -> dict[str, list[tuple[date, str]]]:
    pins: dict[str, list[tuple[date, str]]] = {}
    for row in DevicePin.objects.filter(device=device).order_by("valid_from"):
        pins.setdefault(row.pin, []).append((row.valid_from, row.number))
    return pins


def _chunks(request: Request, reading: _Reading) -> Iterator[list[tuple[int, str, datetime, str]]]:
    """Readable lines (line, PIN, instant, number or empty) in chunks; findings and counts go to `reading`."""
    zone, latest = ZoneInfo(request.government.zone), request.at + timedelta(hours=1)
    chunk: list[tuple[int, str, datetime, str]] = []
    with request.path.open("rb") as file:
        for row, raw in enumerate(file, 1):
            words = raw[:500].decode("utf-8-sig" if row == 1 else "utf-8", "replace").rstrip("\r\n")
            if not words.strip():
                continue
            reading.lines += 1
            request.progress(row)
            problem, pin, at = _judge(words, zone, latest)
            if problem:
                reading.findings.error(row, "", problem, words.strip(), MESSAGES[problem])
                continue
            chunk.append((row, pin, at, reading.number_on(pin, work_date_of(at, str(zone)))))
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    if chunk:
        yield chunk


def _judge(words: str, zone: ZoneInfo, latest: datetime) -> tuple[str, str, datetime | None]:
    found = LINE.match(words)
    if found is None:
        return "unreadable", "", None
    try:
        at = datetime(*(int(part) for part in found.groups()[1:]), tzinfo=zone)
    except ValueError:
        return "date", found[1], None
    if at.year < RESET_BEFORE_YEAR:
        return "clock_reset", found[1], None
    return ("date_in_future", found[1], None) if at > latest else ("", found[1], at)


def _take(reading: _Reading, chunk: list[tuple[int, str, datetime, str]], request: Request) -> None:
    """Count and keep one chunk. A line that waited for its PIN counts as accepted when the PIN is known."""
    pins, times = {item[1] for item in chunk}, [item[2] for item in chunk]
    stored = DeviceLine.objects.filter(
        device=reading.device, pin__in=pins, local_time__range=(min(times), max(times))
    ).values_list("pin", "local_time", "number")
    waiting = {(pin, at) for pin, at, number in stored if not number}
    seen = {(pin, at) for pin, at, number in stored if number} | (waiting & reading.met)
    reading.met |= waiting
    for row, pin, at, number in chunk:
        if not number:
            reading.findings.error(row, "pin", "pin_unknown", pin, MESSAGES["pin_unknown"])
        elif (pin, at) in seen:
            reading.duplicates += 1
        else:
            seen.add((pin, at))
            reading.accepted += 1
    keep_lines(reading.device, [(pin, at, number) for _, pin, at, number in chunk])


register(
    ImportKind(
        "attlog",
        "Berkas mesin absen",
        import_attlog,
        options=(
            Option("device", "Kode mesin", required=True),
            Option("pins", "Daftar PIN (.csv)", "file", required=True, help="Kolom: device, pin, nip, valid_from."),
        ),
        about="Berkas .dat dari USB mesin absen; PIN dan waktu yang dipakai.",
        row_name="line",
    )
)
