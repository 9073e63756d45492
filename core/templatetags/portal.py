"""Filters and tags of every page: money, numbers, dates, clocks, icons and status tags in Indonesian form."""

from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import indonesian
from core.icons import ICONS

register = template.Library()

# What a status looks like everywhere: kind (colour), icon, word. Colour never stands alone.
STATUSES: dict[str, tuple[str, str, str]] = {
    "office": ("wfo", "office", "WFO"),
    "home": ("wfh", "home", "WFH"),
    "mixed": ("wfh", "home", "WFO dan WFH"),
    "duty": ("dl", "route", "Dinas luar"),
    "leave": ("leave", "cal", "Cuti"),
    "sick": ("leave", "sick", "Cuti sakit"),
    "holiday": ("none", "cal", "Libur"),
    "day_off": ("none", "cal", "Libur"),
    "off": ("none", "cal", "Libur"),
    "none": ("none", "none", "Belum absen"),
    "on_time": ("ok", "check", "Tepat waktu"),
    "late": ("warn", "clock", "Terlambat"),
    "early": ("warn", "early", "Pulang awal"),
    "absent": ("bad", "bad", "Tanpa keterangan"),
    "missing": ("warn", "warn", "Belum lengkap"),
    "outage": ("ok", "off", "Gangguan"),
    "queued": ("warn", "wait", "Antre luring"),
    "unknown": ("none", "wait", "Belum dihitung"),
    "unclear": ("none", "none", "Belum jelas"),
    "provisional": ("none", "wait", "Sementara"),
    "final": ("ok", "check", "Final"),
    "requested": ("none", "wait", "Menunggu"),
    "waiting": ("none", "wait", "Menunggu"),
    "running": ("wfh", "wait", "Berjalan"),
    "done": ("ok", "check", "Selesai"),
    "failed": ("bad", "bad", "Gagal"),
    "approved": ("ok", "check", "Disetujui"),
    "rejected": ("bad", "bad", "Ditolak"),
    "withdrawn": ("none", "none", "Ditarik"),
    "open": ("wfh", "flag", "Diperiksa"),
    "draft": ("none", "doc", "Draf"),
    "checked": ("wfh", "check", "Diperiksa"),
    "locked": ("ok", "lock", "Dikunci"),
    "paid": ("ok", "lock", "Dibayar"),
}


def _known(value: Any) -> Any:
    """None where a template has no such value: a part that is left out is not known, and not zero."""
    return None if value == "" else value


@register.filter
def rupiah(value: int | Fraction | Decimal | None) -> str:
    """Rp9.520.000, −Rp40.000; None is an em dash."""
    return indonesian.rupiah(_known(value))


@register.filter
def rupiah_beda(value: int | Fraction | Decimal | None) -> str:
    """A difference with its sign: +Rp125.000, −Rp61.250, Rp0."""
    return indonesian.rupiah(_known(value), signed=True)


@register.filter
def angka(value: int | Fraction | Decimal | None, places: int = 0) -> str:
    """1.234.567, or with a comma and `places` digits; None is an em dash."""
    if value is None or value == "":
        return indonesian.UNKNOWN
    return indonesian.decimal(Fraction(str(value)), places)


@register.filter
def persen(rate: Fraction | int | None, places: int = 2) -> str:
    """A rate (1 is everything): Fraction(1, 200) -> 0,5 %."""
    return indonesian.percent(_known(rate), places)


@register.filter
def bp(value: int | None) -> str:
    """Basis points: 50 -> 0,5 %."""
    value = _known(value)
    return indonesian.percent(None if value is None else Fraction(value, 10_000))


@register.filter
def tanggal(on: date | datetime | None) -> str:
    """Kamis, 19 November 2026; an instant is read in the current zone."""
    on = _known(on)
    return indonesian.day_words(timezone.localtime(on).date() if isinstance(on, datetime) else on)


@register.filter
def tanggal_saja(on: date | datetime | None) -> str:
    """19 November 2026."""
    on = _known(on)
    return indonesian.day_words(timezone.localtime(on).date() if isinstance(on, datetime) else on, with_day=False)


@register.filter
def bulan(on: date | None) -> str:
    """November 2026."""
    return indonesian.month_words(_known(on))


@register.filter
def jam(at: datetime | time | None, zone: str = "") -> str:
    """07.21.48 WIB, in the government's zone where one is given, else the current one."""
    return indonesian.clock(_known(at), zone or timezone.get_current_timezone_name())


@register.filter
def jam_menit(at: datetime | time | None, zone: str = "") -> str:
    """07.21 WIB (a bare time: 07.21)."""
    return indonesian.clock(_known(at), zone or timezone.get_current_timezone_name(), seconds=False)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon for the eye only; the word beside it speaks. An unknown name is a fault of the template."""
    return format_html('<svg class="ico" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', mark_safe(ICONS[name]))


@register.simple_tag
def status(code: str, text: str = "") -> SafeString:
    """The tag of a status code, with its usual word or `text`. An unknown code is shown as it is, without colour."""
    kind, sign, word = STATUSES.get(code, ("none", "none", code))
    return mark_safe(render_to_string("components/tag.html", {"kind": kind, "icon": sign, "text": text or word}))


@register.filter
def field_id(field: Any) -> str:
    """Id of the input of a bound field, where the error summary leads."""
    return field.id_for_label or field.auto_id
