"""The four lists of rules read aloud: charges, factors, supplements, holds."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.money import exact, is_rupiah_rate
from policy.scales import form_of
from policy.sentences_scales import Row, scale_rows
from policy.sentences_statement import Statement, Words, article_of, label_of
from policy.sentences_words import HAPPENED, condition_phrase, exact_words, happening, joined, share_text

SECTIONS = {"charges": "Potongan", "factors": "Pengali", "supplements": "Tambahan", "holds": "Penahanan"}
RECORD_WORDS = {
    "day": "setiap hari",
    "month": "untuk sebulan",
    "week": "dari jumlah tiap minggu",
    "run": "dari jumlah hari kerja berturut-turut",
    "leave": "untuk setiap cuti",
    "sanction": "untuk setiap hukuman disiplin",
    "post": "untuk setiap jabatan plt. atau plh.",
}
SUPPLEMENT_OF = {
    "gross": "dari besaran tunjangan",
    "post_gross": "dari besaran tunjangan jabatan yang dirangkap",
    "difference": "dari selisih besaran tunjangan jabatan yang dirangkap, bila lebih besar",
    "allowance": "dari tunjangan semua komponen",
}
HELD = "dari tunjangan ditahan"
REPLACING = ", menggantikan capaian dan potongannya"
PRORATED = {"working_days": "hari kerja", "calendar_days": "hari kalender"}


def rule_statements(verb: str, block: Mapping[str, Any] | None, words: Words) -> Iterator[Statement]:
    """Every rule of one list: what each row costs or gives, then who it is for and what limits it."""
    for name, spec in (block or {}).items():
        yield from _rule(verb, str(name), spec, words)


def _rule(verb: str, name: str, spec: Mapping[str, Any], words: Words) -> Iterator[Statement]:
    section, label, article = SECTIONS[verb], _called(name, spec), article_of(spec)
    each = str(spec.get("each") or ("day" if verb == "charges" else "month"))
    for row in scale_rows(spec):
        called = row.code or (label if row.key == "rate" else _titled(label, row.situation))
        effect, facets = _effect(verb, spec, row, words)
        code = f"{row.code}, " if row.code else ""
        told = row.situation if row.code else _titled(label, row.situation)
        text = f"{told or label}: {code}{effect}"
        if row.code or "bands" in row.key:
            facets["rentang"] = row.situation
        yield Statement(section, f"{verb}.{name}.{row.key}", called, text, facets, article)
    counted = RECORD_WORDS[each]
    if spec.get("fact") is not None or each != "month":
        yield Statement(section, f"{verb}.{name}.each", label, f"{label} dihitung {counted}", {"dihitung": counted})
    yield from _limits(verb, name, spec, label)


def _called(name: str, spec: Mapping[str, Any]) -> str:
    """The label of a rule; without one what its fact is called, with the rule's own name beside it."""
    fact = str(spec.get("fact"))
    return label_of(name, spec) if spec.get("label") or fact not in HAPPENED else f"{happening(fact)} ({name})"


def _titled(label: str, situation: str) -> str:
    return label if label.casefold().startswith(situation.casefold()) else f"{label}, {situation}"


def _effect(verb: str, spec: Mapping[str, Any], row: Row, words: Words) -> tuple[str, dict[str, str]]:
    """What a row does, in words, and its share and target apart."""
    per = {"tiap": row.per.removeprefix("tiap ")} if row.per else {}
    if verb == "charges":
        target = _charged(spec, words)
        return f"{row.share} {target} {row.per}".strip(), {"": row.share, "dikenakan": target} | per
    if verb == "factors":
        hit = _hit(spec, words)
        replaces = spec.get("replaces") is True
        target = f"{hit}{REPLACING}" if replaces else hit
        return factor_words(row.whole, hit, replaces), {"": row.share, "dikenakan": target} | per
    if verb == "supplements":
        target = "" if _in_rupiah(spec) else SUPPLEMENT_OF[str(spec.get("of") or "gross")]
        said = " ".join(filter(None, ("ditambah", row.share, target, row.per)))
        return said, {"": row.share, "dihitung": target} | per
    return f"{row.share} {HELD} {row.per}".strip(), {"": row.share} | per


def _in_rupiah(spec: Mapping[str, Any]) -> bool:
    return form_of(spec) == "rate" and is_rupiah_rate(spec["rate"])


def _hit(spec: Mapping[str, Any], words: Words) -> str:
    hits = spec.get("hits")
    if not isinstance(hits, list) or set(map(str, hits)) == set(words.components):
        names = list(words.components.values())
        return names[0] if len(names) == 1 else "semua komponen"
    return joined(words.components.get(str(hit), str(hit)) for hit in hits)


def factor_words(share: str, hit: str, replaces: bool) -> str:
    """What a factor does: `disiplin dikalikan 50 %`, or how it takes the place of everything else."""
    return f"{share} dari bagian penuh {hit}{REPLACING}" if replaces else f"{hit} dikalikan {share}"


def charge_words(of: str, hit: str) -> str:
    """What the share of a charge is of: `dari disiplin`, all of the allowance, or points of the achievement."""
    if of == "gross":
        return f"dari seluruh tunjangan (diambil dari {hit} menurut bobotnya)"
    return f"dikurangkan sebagai poin dari capaian {hit}" if of == "achievement" else f"dari {hit}"


def _charged(spec: Mapping[str, Any], words: Words) -> str:
    hit, of = _hit(spec, words), str(spec.get("of") or "component")
    if of != "component":
        return charge_words(of, hit)
    several = hit == "semua komponen" or (isinstance(spec.get("hits"), list) and len(spec["hits"]) > 1)
    return f"dari masing-masing {hit}" if several and hit != "semua komponen" else charge_words(of, hit)


def _limits(verb: str, name: str, spec: Mapping[str, Any], label: str) -> Iterator[Statement]:
    """What narrows a rule: when, except, free, combine, prorate, lag."""
    free, lag = exact(spec.get("free") or 0), exact(spec.get("lag_months") or 0)
    when, spared = condition_phrase(spec.get("when")), condition_phrase(spec.get("except"))
    said = {}
    if when:
        said["when"] = ("berlaku hanya bila", when, "")
    if spared:
        freed = "tetap dicatat tanpa mengurangi apa pun" if verb == "charges" else "tetap dicatat tanpa akibat"
        said["except"] = ("dikecualikan bila", spared, f", {freed}")
    if free:
        said["free"] = ("dibebaskan untuk", f"{exact_words(free)} kejadian pertama dalam sebulan", ", tetap dicatat")
    if spec.get("combine") in ("max", "min"):
        largest = "terbesar" if spec["combine"] == "max" else "terkecil"
        said["combine"] = (": bila lebih dari satu, yang berlaku", f"hanya yang {largest}", ", lainnya dicatat")
    if spec.get("prorate"):
        said["prorate"] = ("berlaku sebanding", f"hari-harinya dari {PRORATED[str(spec['prorate'])]} bulan itu", "")
    if lag and verb in ("supplements", "holds"):
        said["lag_months"] = ("dibayarkan kemudian, setelah", f"{exact_words(lag)} bulan", "")
    for key, (verb_words, value, rest) in said.items():
        text = f"{label} {verb_words} {value}{rest}".replace(" : ", ": ")
        facet = verb_words.removeprefix(": ")
        yield Statement(SECTIONS[verb], f"{verb}.{name}.{key}", label, text, {facet: value})


def cap_statements(caps: Mapping[str, Any] | None, words: Words) -> Iterator[Statement]:
    """Every cap: how much charges may take together by day or month, and what becomes of the rest."""
    for name, spec in (caps or {}).items():
        label, at = f"Batas {label_of(name, spec)}", share_text(spec["at"])
        per = "sehari" if spec["per"] == "day" else "sebulan"
        named = spec.get("charges")
        which = "semua potongan" if spec["per"] == "month" else "semua potongan harian"
        if named is not None:
            which = "potongan " + joined(words.charges.get(str(charge), str(charge)) for charge in named)
        if spec.get("over") == "flag":
            over = f"bila jumlahnya di atas {at}, bulan itu diberi tanda `{name}` dan tidak ada yang berubah"
        else:
            over = f"jumlahnya paling banyak {at} dari tiap komponen; selebihnya tidak dipotong"
        kind = "hanya ditandai" if spec.get("over") == "flag" else "membatasi"
        facets = {"": at, "rentang waktu": per, "atas": which, "cara": kind}
        text = f"{label}: {which} {per}, {over}"
        yield Statement("Batas potongan", f"caps.{name}", label, text, facets, article_of(spec))
