"""Allowance and tax documents read aloud: facts, base, components, rules, caps, insurance, tax, rounding."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.money import exact
from policy.sentences_rules import SECTIONS, cap_statements, rule_statements
from policy.sentences_scales import scale_rows
from policy.sentences_statement import Statement, Words, article_of, label_of
from policy.sentences_words import condition_phrase, exact_words, joined, money_text, noun, share_text

GIVEN = {"number": "angka", "label": "kata", "bool": "ya atau tidak"}
BASES = {
    "given": "diberikan untuk setiap orang",
    "class": "menurut kelas jabatan",
    "criteria": "jumlah menurut kriteria anggaran",
    "basic": "jumlah dasar dikalikan persentase menurut kriteria anggaran",
}
CHANGES = {
    "first_day": "kelas pada hari pertamanya",
    "last_day": "kelas pada hari terakhirnya",
    "by_days": "setiap kelas sebanding hari-harinya",
}
POINTS = {
    "gross": "Besaran tunjangan",
    "achieved": "Yang dicapai tiap komponen",
    "cut": "Potongan tiap komponen",
    "component": "Yang dibayar tiap komponen",
    "criterion": "Bagian tiap kriteria",
    "cuts": "Jumlah potongan",
    "supplement": "Tiap tambahan",
    "allowance": "Tunjangan semua komponen",
    "held": "Yang ditahan",
    "insurance": "Iuran",
    "tax": "Pajak",
}
MODES = {
    "half_up": "terdekat, tepat di tengah ke atas",
    "half_even": "terdekat, tepat di tengah ke kelipatan genap",
    "floor": "di bawahnya",
    "ceil": "di atasnya",
}
UNKNOWN = "belum diketahui"


def allowance_statements(parameters: Mapping[str, Any]) -> Iterator[Statement]:
    """Everything below `parameters` of a valid allowance document, what it leaves to the default included."""
    words = Words.of(parameters)
    yield from _facts(parameters.get("facts") or {})
    if parameters.get("components") or parameters.get("base"):
        yield from _base(parameters.get("base") or {})
    yield from _components(parameters.get("components") or {})
    for verb in SECTIONS:
        yield from rule_statements(verb, parameters.get(verb), words)
    exempt = condition_phrase(parameters.get("exempt"))
    if exempt:
        text = f"Semua potongan dikecualikan bila {exempt}, tetap dicatat tanpa mengurangi apa pun"
        yield Statement("Pembebasan", "exempt", "Pembebasan", text, {"": exempt})
    yield from cap_statements(parameters.get("caps"), words)
    offsets = [noun(str(fact)) for fact in parameters.get("offsets") or []]
    if offsets:
        text = f"{joined(offsets)} yang diterima dari tempat lain dikurangkan dari tunjangan, paling rendah menjadi Rp0"
        yield Statement("Pengurangan", "offsets", "Diterima dari tempat lain", text, {"": joined(offsets)})
    yield from _insurance(parameters.get("insurance"))
    yield from tax_statements(parameters.get("tax"))
    yield from _rounding(parameters.get("rounding") or {})


def _facts(facts: Mapping[str, Any]) -> Iterator[Statement]:
    for name, spec in facts.items():
        by_day = spec.get("each") == "day"
        if spec.get("given") is not None:
            said = f"diberikan sebagai {GIVEN[str(spec['given'])]}"
            if spec.get("default") is not None:
                said += f", bila tidak diberikan {exact_words(spec['default'])}"
        elif spec.get("sum") is not None:
            terms = [f"{exact_words(exact(times))} × {noun(str(fact))}" for fact, times in spec["sum"].items()]
            said = f"jumlah dari {joined(terms)}"
        else:
            least = spec.get("least") is not None
            terms = [noun(t) if isinstance(t, str) else exact_words(t) for t in spec["least" if least else "greatest"]]
            said = f"yang ter{'kecil' if least else 'besar'} dari {joined(terms)}"
        said += ", setiap hari, lalu dijumlahkan" if by_day else ", sebulan sekali"
        label = label_of(name, spec)
        called = f"`{name}`" if label == str(name).replace("_", " ") else f"`{name}` ({label})"
        text = f"{called}: {said}"
        yield Statement("Fakta sendiri", f"facts.{name}", called, text, {"": said}, article_of(spec))


def _base(base: Mapping[str, Any]) -> Iterator[Statement]:
    by, section, article = str(base.get("by") or "given"), "Besaran tunjangan", article_of(base)
    yield Statement(section, "base.by", section, f"{section}: {BASES[by]}", {"": BASES[by]}, article)
    criteria = joined(str(name).replace("_", " ") for name in base.get("criteria") or [])
    if criteria:
        yield Statement(section, "base.criteria", "Kriteria", f"Kriteria anggaran: {criteria}", {"": criteria}, article)
    for name, amount in (base.get("classes") or {}).items():
        label, money = f"Kelas {name}", money_text(amount)
        yield Statement(section, f"base.classes.{name}", label, f"{label}: {money}", {"": money}, article)
    if by in ("class", "basic"):
        change = CHANGES[str(base.get("change") or "first_day")]
        text = f"Berganti kelas dalam sebulan: dibayar menurut {change}"
        yield Statement(section, "base.change", "Berganti kelas dalam sebulan", text, {"": change}, article)


def _components(components: Mapping[str, Any]) -> Iterator[Statement]:
    section = "Komponen"
    for name, spec in components.items():
        label, weight, article = label_of(name, spec), share_text(spec["weight"]), article_of(spec)
        text = f"{label}: {weight} dari besaran tunjangan"
        yield Statement(section, f"components.{name}.weight", label, text, {"bobot": weight}, article)
        scale, key = spec.get("achievement"), f"components.{name}.achievement"
        if not scale:
            yield Statement(section, key, f"Capaian {label}", f"Capaian {label} selalu 100 %", {"": "100 %"})
        for row in scale_rows(scale, UNKNOWN, periods=True) if scale else []:
            called = f"Capaian {label}" + (f", {row.situation}" if row.situation else "")
            text, facets = f"{called}: {row.whole}", {"": row.whole}
            if "bands" in row.key:
                called, facets = f"Capaian {label}, pita {row.key}", facets | {"rentang": row.situation}
            yield Statement(section, f"{key}.{row.key}", called, text, facets, article_of(scale))
        full = spec.get("cuts_of") == "full"
        base = "bagian penuh menurut bobot" if full else "yang dicapai"
        text = f"Potongan {label} adalah persentase dari {base}"
        yield Statement(section, f"components.{name}.cuts_of", f"Potongan {label}", text, {"dari": base})


def _insurance(block: Mapping[str, Any] | None) -> Iterator[Statement]:
    if block is None:
        return
    section, article = "Iuran jaminan kesehatan", article_of(block)
    parts = "gaji ditambah " + ("besaran tunjangan" if block.get("of") == "gross" else "tunjangan yang dibayarkan")
    shares = {key: share_text(block.get(key) or "0 %") for key in ("employer", "employee")}
    for key, name, how in (
        ("employer", "Iuran pemberi kerja", ", dicatat masuk dan keluar"),
        ("employee", "Iuran pegawai", ", mengurangi yang diterima"),
    ):
        text = f"{name}: {shares[key]} dari dasar iuran{how}"
        yield Statement(section, f"insurance.{key}", name, text, {"": shares[key]}, article)
    said, facets = parts, {"": parts}
    for key, word in (("floor_rupiah", "paling rendah"), ("ceiling_rupiah", "paling tinggi")):
        if block.get(key) is not None:
            facets[word] = money_text(block[key])
            said += f", {word} {facets[word]}"
    text = f"Dasar iuran: {said}, lalu dikurangi gaji, tidak di bawah Rp0"
    yield Statement(section, "insurance.of", "Dasar iuran", text, facets, article)
    when = condition_phrase(block.get("when"))
    if when:
        yield Statement(section, "insurance.when", "Iuran", f"Iuran berlaku hanya bila {when}", {"bila": when})


def tax_statements(block: Mapping[str, Any] | None, table: bool = False) -> Iterator[Statement]:
    """The tax of an allowance document; `table`: the scale of a tax document, which says nothing of who bears it."""
    if block is None:
        return
    section, article = "Pajak", article_of(block)
    if block.get("table") is not None:
        name = str(block["table"])
        yield Statement(section, "tax.table", "Tarif pajak", f"Tarif pajak menurut dokumen {name}", {"": name}, article)
    else:
        for row in scale_rows(block):
            called = f"Pajak, {row.situation}" if row.situation else "Pajak"
            text, facets = f"{called}: {row.whole}", {"": row.whole}
            if "bands" in row.key:
                called, facets = f"Pajak, pita {row.code or row.key}", facets | {"rentang": row.situation}
            yield Statement(section, f"tax.{row.key}", called, text, facets, article)
    if table:
        return
    of = "tunjangan yang dibayarkan"
    if block.get("of") == "increment":
        of = "selisih pajak atas gaji dengan tunjangan dan pajak atas gaji saja"
    yield Statement(section, "tax.of", "Dasar pajak", f"Pajak dihitung dari {of}", {"": of})
    borne = "pemerintah, dicatat masuk dan keluar" if block.get("borne_by") == "government" else "pegawai"
    yield Statement(section, "tax.borne_by", "Penanggung pajak", f"Pajak ditanggung {borne}", {"": borne})
    when = condition_phrase(block.get("when"))
    if when:
        yield Statement(section, "tax.when", "Pajak", f"Pajak berlaku hanya bila {when}", {"bila": when})


def _rounding(points: Mapping[str, Any]) -> Iterator[Statement]:
    section = "Pembulatan"
    for point, how in points.items():
        said = f"ke kelipatan {money_text(how['to'])} {MODES[str(how.get('mode') or 'half_up')]}"
        name = POINTS[str(point)]
        text = f"{name} dibulatkan {said}"
        yield Statement(section, f"rounding.{point}", f"Pembulatan {name}", text, {"": said}, article_of(how))
    if not points:
        yield Statement(section, "rounding", section, "Tidak ada pembulatan: semua jumlah tepat", {"": "tidak ada"})
