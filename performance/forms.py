"""Forms of performance: rows of numbers that people type with a comma or a dot."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from core.errors import PortalError
from performance.operations import Target

ROWS = 8
LARGEST = Decimal(10) ** 12


def number_of(text: str, what: str) -> Decimal | None:
    """A number as people write it (1.250,5 or 1250.5); None where nothing is written. Raises PortalError."""
    word = text.strip().replace(" ", "")
    if not word:
        return None
    if "," in word:
        word = word.replace(".", "").replace(",", ".")
    try:
        value = Decimal(word)
    except InvalidOperation as error:
        raise PortalError(f"{what}: tulis angka, misalnya 12 atau 12,5.") from error
    if not value.is_finite() or abs(value) >= LARGEST:
        raise PortalError(f"{what}: angka terlalu besar. Tulis paling banyak dua belas angka.")
    if value != value.quantize(Decimal("0.01")):
        raise PortalError(f"{what}: paling banyak dua angka di belakang koma.")
    return value


def targets_of(posted: Mapping[str, str]) -> list[Target]:
    """The indicators of a posted table; empty rows are left out. Raises PortalError."""
    targets = []
    for row in range(1, ROWS + 1):
        name = posted.get(f"name-{row}", "").strip()
        weight = number_of(posted.get(f"weight-{row}", ""), f"Bobot baris {row}")
        target = number_of(posted.get(f"target-{row}", ""), f"Target baris {row}")
        if not name and weight is None and target is None:
            continue
        if not name or weight is None or target is None:
            raise PortalError(f"Baris {row}: isi nama, bobot dan target, atau kosongkan semuanya.")
        if not 0 < weight <= 100:
            raise PortalError(f"Bobot baris {row} harus lebih dari 0 sampai 100 %.")
        targets.append(Target(name, int(weight * 100), target, posted.get(f"unit-{row}", "")))
    return targets
