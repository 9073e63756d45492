"""The five scales that turn one fact into a share: rate, bands, labels, ratio, mix (regulation format, section 3).

A compiled scale reads facts through a look-up and answers with a `Reading`, or None where it gives nothing (outside
its bands or labels). An unknown is a Reading whose share is None: it is never 0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from core.money import Exact, MoneyError, exact, is_rupiah_rate, is_share, parse_rupiah_rate, parse_share, tidy
from policy.conditions import CaseError, Look, annotates, label_key

FORMS = ("rate", "bands", "labels", "ratio", "mix")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a scale says: a share (rupiah where `rupiah`), the code of a named band, and the amount counted."""

    share: Exact | None
    code: str | None = None
    count: Exact = 1
    rupiah: bool = False


UNKNOWN = Reading(None)
Scale = Callable[[Look], Reading | None]


def number_of(look: Look, name: str) -> Exact | None:
    """The fact as an exact number; None when it was not given. A text there is an error in the case."""
    value = look(name)
    if value is None:
        return None
    if value.__class__ is int:
        return value
    try:
        return exact(value)
    except MoneyError as error:
        raise CaseError(f"Fakta {name} harus angka, bukan {value!r}") from error


def _units(value: Exact, unit: Exact, part: str) -> Exact:
    if unit == 1 and part == "exact":
        return value
    units = Fraction(value) / unit
    if part == "started":
        return -(-units.numerator // units.denominator)
    if part == "full":
        return units.numerator // units.denominator
    return units


def beyond(value: Exact, after: Exact) -> Exact:
    """What counts of a value: beyond `after`, and never below 0 (regulation format, section 3)."""
    return max(value - after, 0)


def rate_reading(spec: Mapping[str, object], value: Exact) -> Reading:
    """The reading of a `rate` at one value of its fact."""
    rupiah = is_rupiah_rate(spec["rate"])
    rate = parse_rupiah_rate(spec["rate"]) if rupiah else parse_share(spec["rate"])
    counted = beyond(value, exact(spec.get("after") or 0))
    units = _units(counted, exact(spec.get("unit") or 1), str(spec.get("part") or "exact"))
    return Reading(tidy(rate * units), None, counted, rupiah)


def _compile_rate(spec: Mapping[str, object], fact: str | None) -> Scale:
    if fact is None:
        flat = rate_reading({"rate": spec["rate"]}, 1)
        return lambda look: flat
    seen: dict[Exact, Reading] = {}

    def read(look: Look) -> Reading:
        value = number_of(look, fact)
        if value is None:
            return UNKNOWN
        found = seen.get(value)
        if found is None:
            found = rate_reading(spec, value)
            if len(seen) < 2000:
                seen[value] = found
        return found

    return read


def band_rows(bands: object) -> list[tuple[str | None, Exact, Exact | None, Fraction]]:
    """(code, from, to, share) in document order; code None for bands without names."""
    named = bands.items() if isinstance(bands, Mapping) else ((None, band) for band in bands)  # type: ignore[attr-defined]
    rows = []
    for code, band in named:
        lowest, limit, share = band
        start = 0 if lowest is None else exact(lowest)
        end = None if limit is None else exact(limit)
        rows.append((None if code is None else str(code), start, end, parse_share(share)))
    return rows


def _compile_bands(spec: Mapping[str, object], fact: str | None) -> Scale:
    name = _needed(fact, "bands")
    after = exact(spec.get("after") or 0)
    rows = [(start, end, Reading(tidy(share), code)) for code, start, end, share in band_rows(spec["bands"])]

    def read(look: Look) -> Reading | None:
        value = number_of(look, name)
        if value is None:
            return UNKNOWN
        counted = beyond(value, after)
        for start, end, reading in rows:
            if counted >= start and (end is None or counted < end):
                return reading
        return None

    return read


def _needed(fact: str | None, form: str) -> str:
    if fact is None:
        raise CaseError(f"Skala {form} memerlukan fact")
    return fact


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise CaseError(f"Harus berupa pasangan nama dan nilai, bukan {value!r}")
    return value


def _label_answer(value: object, periods: bool) -> Scale:
    if isinstance(value, Mapping):
        return compile_scale(value, periods)
    if isinstance(value, str) and label_key(value) == "unknown":
        return lambda look: UNKNOWN
    reading = (
        Reading(parse_rupiah_rate(value), rupiah=True) if is_rupiah_rate(value) else Reading(tidy(parse_share(value)))
    )
    return lambda look: reading


def _compile_labels(spec: Mapping[str, object], fact: str | None, periods: bool) -> Scale:
    name = _needed(fact, "labels")
    labels = _mapping(spec["labels"])
    given = {label: value for label, value in labels.items() if not (annotates(label, value) and not is_share(value))}
    answers = {label_key(label): _label_answer(value, periods) for label, value in given.items()}
    missing = answers.get("missing") or (lambda look: UNKNOWN)

    def read(look: Look) -> Reading | None:
        value = look(name)
        if value is None:
            return missing(look)
        answer = answers.get(label_key(value))
        return None if answer is None else answer(look)

    return read


def _compile_ratio(spec: Mapping[str, object], fact: str | None) -> Scale:
    name = _needed(fact, "ratio")
    ratio = _mapping(spec["ratio"])
    highest = None if ratio.get("at_most") is None else parse_share(ratio["at_most"])
    lowest = None if ratio.get("at_least") is None else parse_share(ratio["at_least"])
    target = ratio["to"]
    by_fact = isinstance(target, str)
    fixed = None if by_fact else exact(target)

    def read(look: Look) -> Reading:
        value = number_of(look, name)
        to = number_of(look, str(target)) if by_fact else fixed
        if value is None or not to:
            return UNKNOWN
        share: Exact = tidy(Fraction(value) / to)
        if highest is not None and share > highest:
            share = tidy(highest)
        if lowest is not None and share < lowest:
            share = tidy(lowest)
        return Reading(share)

    return read


def _compile_mix(spec: Mapping[str, object], periods: bool) -> Scale:
    parts = spec["mix"]
    if not isinstance(parts, list):
        raise CaseError("mix harus berupa daftar bagian")
    weighted = [(parse_share(part["weight"]), compile_scale(part, periods)) for part in parts]

    def read(look: Look) -> Reading | None:
        readings = [scale(look) for _, scale in weighted]
        if any(reading is not None and reading.share is None for reading in readings):
            return UNKNOWN
        total: Exact = 0
        for (weight, _), reading in zip(weighted, readings, strict=True):
            if reading is None or reading.share is None:
                return None
            total += weight * reading.share
        return Reading(tidy(total))

    return read


def form_of(spec: Mapping[str, object]) -> str:
    """Which of the five forms a mapping holds; exactly one, else CaseError."""
    forms = [form for form in FORMS if spec.get(form) is not None]
    if len(forms) != 1:
        raise CaseError(f"Tepat satu skala diperlukan ({', '.join(FORMS)}), ada {len(forms)}")
    return forms[0]


def compile_scale(spec: Mapping[str, object], periods: bool = False) -> Scale:
    """The scale that a mapping describes. `periods`: whether a scale that reads `rating` heeds its `period`."""
    form = form_of(spec)
    fact = None if spec.get("fact") is None else str(spec["fact"])
    if fact == "rating" and periods and spec.get("period") not in (None, "same_month"):
        fact = f"rating@{spec['period']}"
    try:
        if form == "rate":
            return _compile_rate(spec, fact)
        if form == "bands":
            return _compile_bands(spec, fact)
        if form == "labels":
            return _compile_labels(spec, fact, periods)
        if form == "ratio":
            return _compile_ratio(spec, fact)
        return _compile_mix(spec, periods)
    except (MoneyError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, CaseError):
            raise
        raise CaseError(f"Skala {form} tidak dapat dibaca: {error}") from error


def named_bands(spec: Mapping[str, object]) -> list[tuple[str, Fraction]]:
    """(code, share) of the named bands of a scale, those below labels included, in document order."""
    found: list[tuple[str, Fraction]] = []
    if isinstance(spec.get("bands"), Mapping):
        found += [(code, share) for code, _, _, share in band_rows(spec["bands"]) if code is not None]
    if isinstance(spec.get("labels"), Mapping):
        for value in spec["labels"].values():  # type: ignore[attr-defined]
            if isinstance(value, Mapping):
                found += named_bands(value)
    return found
