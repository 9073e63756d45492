"""Numbers, money and times as Indonesian readers write them. Plain functions, no framework."""

from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

MINUS = "\N{MINUS SIGN}"
UNKNOWN = "\N{EM DASH}"
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
# Indonesia has three zones; a clock without its zone's letters is read wrongly by half of the country.
ZONE_LETTERS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def grouped(value: int) -> str:
    """Whole number with a dot between thousands and a true minus: -1234567 -> "−1.234.567"."""
    return (MINUS if value < 0 else "") + f"{abs(value):,}".replace(",", ".")


def decimal(value: int | Fraction, places: int) -> str:
    """Exact number rounded half up in size to `places` digits after a comma; whole for 0 places."""
    scaled = abs(Fraction(value)) * 10**places
    units = int(scaled + Fraction(1, 2))
    whole, rest = divmod(units, 10**places)
    sign = MINUS if value < 0 and units else ""
    return sign + grouped(whole) + (f",{rest:0{places}d}" if places else "")


def rupiah(value: int | Fraction | Decimal | None, signed: bool = False) -> str:
    """Whole rupiah with the sign before Rp: -40000 -> "−Rp40.000"; a part of a rupiah shows two digits; None "—"."""
    if value is None:
        return UNKNOWN
    amount = Fraction(value)
    figure = decimal(abs(amount), 0 if amount.denominator == 1 else 2)
    sign = MINUS if amount < 0 else "+" if signed and amount > 0 else ""
    return f"{sign}Rp{figure}"


def percent(rate: Fraction | int | None, most_places: int = 2) -> str:
    """A rate (1 is everything) as percent with as few digits as it needs: Fraction(1, 200) -> "0,5 %"; None "—"."""
    if rate is None:
        return UNKNOWN
    text = decimal(Fraction(rate) * 100, most_places)
    if "," in text:
        text = text.rstrip("0").rstrip(",")
    return f"{text} %"


def day_words(on: date | None, with_day: bool = True) -> str:
    """Date in words: "Kamis, 19 November 2026", or "19 November 2026"; None "—"."""
    if on is None:
        return UNKNOWN
    words = f"{on.day} {MONTHS[on.month - 1]} {on.year}"
    return f"{DAYS[on.weekday()]}, {words}" if with_day else words


def month_words(on: date | None) -> str:
    """Month in words: "November 2026"; None "—"."""
    return UNKNOWN if on is None else f"{MONTHS[on.month - 1]} {on.year}"


def clock(at: datetime | time | None, zone: str = "Asia/Jakarta", seconds: bool = True) -> str:
    """Instant as the offices' clock shows it, "07.21.48 WIB"; a bare time has no zone and gets none; None "—"."""
    if at is None:
        return UNKNOWN
    letters = ""
    if isinstance(at, datetime):
        at = at.astimezone(ZoneInfo(zone))
        letters = " " + ZONE_LETTERS.get(zone, at.strftime("%Z"))
    return at.strftime("%H.%M.%S" if seconds else "%H.%M") + letters
