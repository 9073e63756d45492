"""Attendance documents read aloud: hours, seconds, tolerance, accepted taps, fillers, places, outcomes."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.money import exact
from policy.conditions import label_key
from policy.glossary import DEFAULT_PLACES
from policy.sentences_statement import Statement, article_of
from policy.sentences_words import PLACES, clock_words, condition_phrase, exact_words, joined, noun, raised, unit_of

HOURS, TAPS, PLACED, OUTCOMES = "Jam kerja", "Absen", "Tempat kerja", "Akibat"
TREATED = {
    "taps": "wajib absen",
    "present": "dianggap hadir tanpa absen",
    "excused": "tidak masuk dengan izin, dihitung sebagai hari cuti",
    "free": "hari bebas, tidak dihitung",
}
PLACE_NAMES = PLACES | {"mixed": "WFO dan WFH sehari", "none": "tanpa tempat", "holiday": "hari libur"}
PLACE_NAMES |= {"day_off": "bukan hari kerja"}
LONE = {
    "middle": "dianggap absen masuk bila sebelum tengah hari kerja, selain itu absen pulang",
    "arrival": "dianggap absen masuk",
    "departure": "dianggap absen pulang",
}


def attendance_statements(parameters: Mapping[str, Any]) -> Iterator[Statement]:
    """Everything below `parameters` of a valid attendance document, what it leaves to the default included."""
    yield from _hours(parameters["hours"])
    yield _tolerance(HOURS, "tolerance", "Toleransi", parameters.get("tolerance"))
    started = parameters.get("seconds") == "started"
    said = "yang sudah mulai dihitung satu menit" if started else "tidak dihitung"
    counted = "07.30.59 adalah terlambat 1 menit" if started else "07.30.59 masih tepat waktu untuk masuk 07.30"
    yield Statement(HOURS, "seconds", "Detik", f"Detik {said}: {counted}", {"": said})
    yield from _accept(parameters.get("accept") or {})
    fillers = parameters.get("fillers", ["23:59"])
    times = joined([clock_words(time) for time in fillers or []], "atau")
    text = f"Absen pulang pada menit {times} dianggap tidak ada" if times else "Tidak ada jam pulang yang diabaikan"
    yield Statement(TAPS, "fillers", "Jam pulang yang diabaikan", text, {"": times or "tidak ada"})
    yield from _places(parameters.get("places") or {})
    yield from _outcomes(parameters.get("outcomes") or [])


def _hours(lines: list[Mapping[str, Any]]) -> Iterator[Statement]:
    taken: dict[str, int] = {}
    for line in lines:
        when = condition_phrase(line.get("when"))
        key = _unique(f"hours.{when}", taken)
        name = raised(when) if when else ("Hari lainnya" if len(lines) > 1 else "Setiap hari kerja")
        facets = {"masuk": clock_words(line["in"]), "pulang": clock_words(line["out"])}
        text = f"{name}: masuk {facets['masuk']}, pulang {facets['pulang']}"
        if line.get("arrival_before") is not None:
            limit = line["arrival_before"]
            facets["batas absen masuk"] = "jam pulang" if limit == "closing" else clock_words(limit)
            text += f"; absen masuk harus sebelum {facets['batas absen masuk']}"
        yield Statement(HOURS, key, name, text, facets, article_of(line))
        if line.get("tolerance"):
            yield _tolerance(HOURS, f"{key}.tolerance", f"Toleransi {name}", line["tolerance"])


def _unique(key: str, taken: dict[str, int]) -> str:
    taken[key] = taken.get(key, 0) + 1
    return key if taken[key] == 1 else f"{key} #{taken[key]}"


def _tolerance(section: str, key: str, name: str, block: Mapping[str, Any] | None) -> Statement:
    if not block:
        return Statement(
            section, key, name, f"{name}: tidak ada, terlambat dihitung sejak jam masuk", {"": "tidak ada"}
        )
    minutes = f"{exact_words(exact(block['minutes']))} menit"
    facets = {"": minutes}
    if block["kind"] == "subtract":
        said = f"{minutes} pertama tidak dihitung; yang dihitung hanya menit sesudahnya"
    elif block["kind"] == "threshold":
        said = f"sampai {minutes} tidak dihitung; lebih dari itu seluruh menitnya dihitung"
    else:
        said = f"masuk sampai {minutes} sesudah jam masuk tidak terlambat"
        if block.get("make_up") == "full":
            said += f", tetapi jam pulang mundur {minutes} penuh begitu masuk lewat jamnya"
        else:
            said += f", tetapi jam pulang mundur sebanyak menit itu, paling lama {minutes}"
        earlier = exact(block.get("earlier") or 0)
        if earlier:
            facets["masuk lebih awal"] = f"paling banyak {exact_words(earlier)} menit"
            said += f"; masuk lebih awal memajukan jam pulang, paling banyak {exact_words(earlier)} menit"
        facets["diganti"] = "penuh" if block.get("make_up") == "full" else "sebanyak menit itu"
    kinds = {"subtract": "dikurangkan", "threshold": "ambang", "flexible": "jam kerja fleksibel"}
    facets["cara"] = kinds[str(block["kind"])]
    return Statement(section, key, name, f"{name} ({facets['cara']}): {said}", facets, article_of(block))


def _accept(block: Mapping[str, Any]) -> Iterator[Statement]:
    for key, name, word in (
        ("before_start", "Absen paling awal", "sebelum jam masuk"),
        ("after_end", "Absen paling akhir", "sesudah jam pulang"),
    ):
        minutes = block.get(key)
        value = "tanpa batas" if minutes is None else f"{exact_words(exact(minutes))} menit {word}"
        said = value if minutes is None else f"{value}; di luar itu dianggap tidak ada"
        yield Statement(TAPS, f"accept.{key}", name, f"{name}: {said}", {"": value}, article_of(block))
    limit = block.get("arrival_before") or "closing"
    value = "jam pulang" if limit == "closing" else f"jam {clock_words(limit)}"
    text = f"Absen masuk pada atau sesudah {value} dianggap tidak ada"
    yield Statement(TAPS, "accept.arrival_before", "Batas absen masuk", text, {"": value}, article_of(block))
    value = LONE[str(block.get("lone_tap") or "middle")]
    text = f"Absen tanpa arah: yang pertama masuk, yang terakhir pulang; yang hanya satu {value}"
    yield Statement(TAPS, "accept.lone_tap", "Absen tunggal tanpa arah", text, {"": value}, article_of(block))


def _places(own: Mapping[Any, Any]) -> Iterator[Statement]:
    treated = DEFAULT_PLACES | {label_key(place): str(value) for place, value in own.items() if str(value) in TREATED}
    for place, treatment in treated.items():
        name = raised(PLACE_NAMES.get(place, place.replace("_", " ")))
        value = TREATED[treatment]
        yield Statement(PLACED, f"places.{place}", name, f"{name}: {value}", {"": value})


def _outcomes(outcomes: list[Mapping[str, Any]]) -> Iterator[Statement]:
    taken: dict[str, int] = {}
    for outcome in outcomes:
        when = condition_phrase(outcome["when"])
        name = f"Bila {when}" if when else "Selalu"
        facets = {_fact(fact): _amount(str(fact), value) for fact, value in outcome["set"].items()}
        said = joined(f"{fact} menjadi {value}" for fact, value in facets.items())
        key = _unique(f"outcomes.{when}", taken)
        yield Statement(OUTCOMES, key, name, f"{name}: {said}", facets, article_of(outcome))


def _fact(fact: object) -> str:
    words = noun(str(fact))
    return words if words == fact else words[:1].lower() + words[1:]


def _amount(fact: str, value: object) -> str:
    return f"{exact_words(exact(value))} {unit_of(fact)}".strip()
