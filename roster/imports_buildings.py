"""`import_buildings`: codes, addresses, coordinates and networks of buildings.

A building is no decision and has no dates; what a changed one was before stands in the audit log.
"""

import ipaddress
from decimal import Decimal
from typing import Any

from django.db import transaction

from core import audit
from core.importing import ImportKind, Request, register
from roster.models import Building, Government
from roster.roster_lock import lock_roster
from roster.sheet_rows import SheetRow, Tally, sheet_rows

HEADINGS = ("code", "name", "address", "city", "latitude", "longitude", "radius_m", "networks")
FIELDS = HEADINGS[1:]
CODE_LENGTH, CITY_LENGTH, NETWORKS_LENGTH = 40, 120, 500
LARGEST_RADIUS_M = 100_000
SIX_DECIMALS = Decimal("0.000001")

Values = tuple[Any, ...]


def import_buildings(request: Request) -> dict[str, Any]:
    """Read the file, judge every row, write what was accepted; contracts' object. Raises SheetError."""
    rows, tally = _read(request)
    with transaction.atomic():
        if request.write:
            lock_roster(request.government)
        stored = {row.code: row for row in Building.objects.filter(government=request.government)}
        new, changed = [], []
        for code, values in rows.items():
            known = stored.get(code)
            if known is None:
                new.append(Building(government=request.government, code=code, **dict(zip(FIELDS, values, strict=True))))
            elif values == _values_of(known):
                tally.unchanged += 1
            else:
                changed.append((known, values))
        if request.write and (new or changed):
            _write(request, new, changed)
    return tally.summary()


def _read(request: Request) -> tuple[dict[str, Values], Tally]:
    """The accepted rows by code, each once; a row that says the same again counts as unchanged."""
    found: dict[str, tuple[int, Values]] = {}
    tally = Tally()
    for row in sheet_rows(request, HEADINGS, tally):
        code, values = row.word("code", CODE_LENGTH, required=True), _values(row)
        earlier = found.get(code)
        if earlier and not row.errors and earlier[1] != values:
            row.refuse("code", "duplicate_conflict", f"Kode ini sudah ada di baris {earlier[0]} dengan isi lain; "
                       "baris itu yang dipakai. Hapus baris yang salah.")  # fmt: skip
        if row.errors:
            tally.reject(row)
        elif earlier:
            tally.unchanged += 1
        else:
            _warn_half(row, tally)
            found[code] = (row.number, values)
    return {code: values for code, (_, values) in found.items()}, tally


def _values(row: SheetRow) -> Values:
    """Name, address, city, latitude, longitude, radius and networks; half a coordinate is none."""
    name, address = row.word("name", required=True), row.word("address")
    city = row.word("city", CITY_LENGTH)
    latitude, longitude = row.decimal("latitude", -90, 90), row.decimal("longitude", -180, 180)
    radius_m = row.whole("radius_m", 1, LARGEST_RADIUS_M)
    networks = _networks(row)
    if latitude is None or longitude is None:
        return name, address, city, None, None, radius_m, networks
    return name, address, city, latitude.quantize(SIX_DECIMALS), longitude.quantize(SIX_DECIMALS), radius_m, networks


def _networks(row: SheetRow) -> str:
    """Networks in their own notation, one blank between them; `unknown_value` where one is none."""
    words = row.word("networks", NETWORKS_LENGTH).replace(",", " ").replace(";", " ").split()
    found = []
    for word in words:
        try:
            found.append(str(ipaddress.ip_network(word, strict=False)))
        except ValueError:
            row.refuse("networks", "unknown_value", f"{word[:43]} bukan jaringan. Tulis seperti 10.20.0.0/16, "
                       "beberapa dipisah spasi.")  # fmt: skip
    joined = " ".join(dict.fromkeys(found))
    if len(joined) > NETWORKS_LENGTH and not row.errors:
        row.refuse("networks", "too_long", f"Lebih dari {NETWORKS_LENGTH} huruf. Gabungkan jaringannya.")
    return joined


def _warn_half(row: SheetRow, tally: Tally) -> None:
    given = [bool(str(row.cells[column]).strip(" -\u00a0")) for column in ("latitude", "longitude")]
    if given[0] != given[1]:
        column = "longitude" if given[0] else "latitude"
        tally.warn(row, column, "missing", "Koordinat tidak lengkap; gedung disimpan tanpa koordinat. Isi keduanya.")


def _values_of(building: Building) -> Values:
    return tuple(getattr(building, name) for name in FIELDS)


def _write(request: Request, new: list[Building], changed: list[tuple[Building, Values]]) -> None:
    Building.objects.bulk_create(new, batch_size=2000)
    before = {}
    for building, values in changed:
        wanted = dict(zip(FIELDS, values, strict=True))
        before[building.code] = {name: getattr(building, name) for name in FIELDS
                                 if getattr(building, name) != wanted[name]}  # fmt: skip
        for name, value in wanted.items():
            setattr(building, name, value)
    Building.objects.bulk_update([building for building, _ in changed], FIELDS, batch_size=500)
    _trace(request.government, request, [building.code for building in new], before)


def _trace(government: Government, request: Request, new: list[str], before: dict[str, dict[str, Any]]) -> None:
    actor = request.user.get_username() if request.user else "import_buildings"
    detail = {"new": new, "before": before}
    audit.record(request.at, government.code, actor, "buildings.imported", "buildings", detail)


register(
    ImportKind(
        "buildings",
        "Gedung",
        import_buildings,
        headings=HEADINGS,
        about="Satu baris satu gedung. Tanpa koordinat tidak ada bukti lokasi, tetapi absen tetap diterima.",
    )
)
