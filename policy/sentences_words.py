"""Indonesian words of the regulation format: facts, shares, numbers, times and conditions, the same everywhere."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from core.indonesian import day_words, decimal, percent, rupiah
from core.money import Exact, exact, parse_share
from policy import glossary
from policy.conditions import annotates, as_date, label_key

NOT_LOCATED = "pasal belum diverifikasi"
# What a fact of a day is called when it happened; `{n}` is its number.
HAPPENED = {
    "minutes_late": "Terlambat {n} menit",
    "minutes_early": "Pulang {n} menit sebelum waktunya",
    "minutes_away": "Meninggalkan tempat kerja {n} menit",
    "missing_in": "Tidak ada absen masuk",
    "missing_out": "Tidak ada absen pulang",
    "missing_taps": "{n} absen tidak ada",
    "absent_days": "Tidak masuk tanpa alasan",
    "leave_days": "Cuti",
    "permit_days": "Izin",
    "present_days": "Hadir",
    "home_days": "Bekerja dari rumah",
    "ceremonies_missed": "Tidak ikut apel atau upacara",
    "reports_done": "Laporan kerja selesai",
    "reports_late": "Laporan kerja terlambat",
    "reports_missing": "Laporan kerja tidak ada",
    "reports_below": "Laporan kerja di bawah harapan",
}
NOUNS = {
    "rating": "Predikat kinerja",
    "rating@previous_month": "Predikat kinerja bulan sebelumnya",
    "rating@previous_quarter": "Predikat kinerja triwulan sebelumnya",
    "rating@previous_year": "Predikat kinerja tahun sebelumnya",
    "rating_score": "Nilai kinerja",
    "class": "Kelas jabatan",
    "salary": "Gaji",
    "taxable_rupiah": "Penghasilan kena pajak",
    "kind": "Jenis",
    "month": "Bulan ke",
    "place": "Tempat kerja",
    "report": "Laporan kerja",
    "ceremony": "Apel atau upacara",
    "gross": "Besaran tunjangan",
    "day": "Hari ke",
    "days": "Jumlah hari",
}
PLACES = {"home": "WFH", "office": "WFO", "duty": "dinas luar", "leave": "cuti", "holiday": "libur", "day_off": "libur"}
DAYS = {
    "mon": "Senin",
    "tue": "Selasa",
    "wed": "Rabu",
    "thu": "Kamis",
    "fri": "Jumat",
    "sat": "Sabtu",
    "sun": "Minggu",
}
# Conditions that people say in one phrase, by name and compared value.
SAID = {
    ("ramadan", "true"): "hari Ramadan",
    ("ramadan", "false"): "bukan hari Ramadan",
    ("outage", "true"): "ada gangguan sistem yang diumumkan",
    ("outage", "false"): "tidak ada gangguan sistem yang diumumkan",
    ("missing_in", "1"): "tidak ada absen masuk",
    ("missing_in", "0"): "ada absen masuk",
    ("missing_out", "1"): "tidak ada absen pulang",
    ("missing_out", "0"): "ada absen pulang",
    ("missing_taps", "2"): "absen masuk dan pulang tidak ada",
    ("missing_taps", "1"): "salah satu absen tidak ada",
    ("missing_taps", "0"): "kedua absen ada",
    ("ceremony", "missed"): "tidak ikut apel atau upacara",
    ("report", "done"): "laporan kerja selesai",
    ("report", "late"): "laporan kerja terlambat",
    ("report", "missing"): "laporan kerja tidak ada",
    ("report", "below"): "laporan kerja di bawah harapan",
    ("calendar", "five_day"): "kalender lima hari kerja",
    ("calendar", "six_day"): "kalender enam hari kerja",
}
UNITS = ("menit", "hari", "kali", "orang")


def article_words(article: str) -> str:
    """The article as cited; one that nobody has found yet says so, and a bare number what it is a number of."""
    words = NOT_LOCATED if article.strip().casefold() == "not located" else article
    return f"dasar {words}" if words.isdigit() else words  # a number alone would say nothing


def noun(fact: str) -> str:
    """What a fact is called; the name itself where nobody has given it a word."""
    if fact in NOUNS:
        return NOUNS[fact]
    for table in (glossary.PERSON_FACTS, glossary.MONTH_FACTS, glossary.DAY_LABELS, glossary.DAY_FACTS):
        if fact in table:
            return raised(table[fact][1].split(";")[0].split(",")[0])
    return fact


def raised(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def share_words(share: Exact) -> str:
    """A share with all its digits, `1,25 %`; one without a finite decimal to six digits and "sekitar"."""
    finite = (Fraction(share) * 10**10).denominator == 1
    return percent(share, 8) if finite else f"sekitar {percent(share, 6)}"


def number_words(value: object) -> str:
    """A number as people read it; anything else as text."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | Fraction):
        whole = Fraction(value).denominator == 1
        return decimal(value, 0) if whole else decimal(value, 2).rstrip("0").rstrip(",")
    return str(value)


def exact_words(value: object) -> str:
    """A number of a document with all its digits, so that no two numbers read alike; dates in words."""
    if isinstance(value, date):
        return day_words(value, False)
    if isinstance(value, Fraction) and value.denominator != 1:
        return percent(value / 100, 40).removesuffix(" %")
    return number_words(value)


def share_text(text: object) -> str:
    """A share as a document writes it, `1.25 %`, as people read it, `1,25 %`, with all its digits."""
    return percent(parse_share(text), 40)


def money_text(amount: object) -> str:
    """Rupiah of a document with all its digits: `Rp5.000.000`, `Rp0,01`, `Rp0,125`."""
    value = exact(amount)
    return rupiah(value) if (value * 100).denominator == 1 else f"Rp{exact_words(value)}"


def unit_of(fact: str | None) -> str:
    """What a fact is counted in where people say it: menit, hari, kali, orang; empty for anything else."""
    if fact == "missing_taps":
        return "absen"
    unit = glossary.DAY_FACTS.get(fact or "", glossary.MONTH_FACTS.get(fact or "", ("", "")))[0]
    return unit if unit in UNITS else ""


def clock_words(value: object) -> str:
    """`"07:30"` as `07.30`."""
    return str(value).replace(":", ".")


def joined(words: Iterable[str], last: str = "dan") -> str:
    """`a`, `a dan b`, `a, b, dan c`."""
    parts = list(words)
    if len(parts) < 3:
        return f" {last} ".join(parts)
    return f"{', '.join(parts[:-1])}, {last} {parts[-1]}"


def span_words(start: object, end: object, unit: str) -> str:
    """A half-open range: `31 sampai kurang dari 61 menit`, `91 menit atau lebih`, `kurang dari 31 menit`."""
    after = f" {unit}" if unit else ""
    if end is None:
        return f"{exact_words(start)}{after} atau lebih"
    if start is None:
        return f"kurang dari {exact_words(end)}{after}"
    return f"{exact_words(start)} sampai kurang dari {exact_words(end)}{after}"


def happening(fact: str, span: str = "") -> str:
    """What a fact is called when it happened, with a range: `Terlambat 31 sampai kurang dari 61 menit`."""
    words = HAPPENED.get(fact)
    if words is None:
        return f"{noun(fact)} {span}".strip()
    placed = re.search(r"\{n\} (\w+)", words)
    if placed is None:
        return f"{words} {span}".strip()
    if not span and placed.start() == 0:
        span = placed.group(1)
    return raised(" ".join(words.replace(placed.group(0), span).split()))


def condition_phrase(condition: Mapping[str, object] | None) -> str:
    """A condition as one phrase: `hari Ramadan dan hari Jumat`; empty where there is none."""
    asked = [(str(name), wanted) for name, wanted in (condition or {}).items()]
    kept = [(name, wanted) for name, wanted in asked if not annotates(name, wanted)]
    return joined(_asked(name, wanted) for name, wanted in kept)


def _asked(name: str, wanted: object) -> str:
    if isinstance(wanted, Mapping):
        return f"{_name(name)} {_range(name, wanted)}"
    values = list(wanted) if isinstance(wanted, list | tuple) else [wanted]
    said = [SAID.get((name, label_key(value))) for value in values]
    if all(said):
        return joined([words for words in said if words], "atau")
    if name == "weekday":
        return "hari " + joined([DAYS.get(label_key(value), str(value)) for value in values], "atau")
    named = PLACES if name == "place" else {}
    words = [_value(named.get(label_key(value)), value) for value in values]
    unit = f" {unit_of(name)}" if unit_of(name) else ""
    return f"{_name(name)} {joined(words, 'atau')}{unit}"


def _value(named: str | None, value: object) -> str:
    # places that read alike ("libur") keep their own name beside the word
    if named is None:
        return exact_words(value)
    return f"{named} ({value})" if named == "libur" else named


def _name(name: str) -> str:
    words = noun(name)
    return words if words == name else words[:1].lower() + words[1:]


def _range(name: str, bounds: Mapping[str, object]) -> str:
    low, high = bounds.get("from"), bounds.get("to")
    dated = as_date(low if low is not None else high) is not None
    if dated:
        ends = [("sejak", low), ("sebelum", high)]
        return " dan ".join(f"{word} {exact_words(as_date(end) or end)}" for word, end in ends if end is not None)
    return span_words(low, high, unit_of(name))
