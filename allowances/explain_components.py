"""Why a component pays what it pays: weight, factors, achievement, charges by day, rounding."""

from collections.abc import Mapping
from typing import Any

from allowances.book import Amount, times
from allowances.lines import Line
from allowances.steps import Step, Worked, freed_words, less, negative, rest, told
from allowances.wording import (
    article_words,
    happened,
    noun,
    number_words,
    product_words,
    rate_words,
    share_words,
    sum_words,
)
from core.indonesian import rupiah
from core.money import Exact
from policy.scales import compile_scale

ROUNDED = "Pembulatan"


def component_part(worked: Worked, name: str) -> Step:
    """The component's part of gross by its weight."""
    weight, gross, part = worked.plan.weights[name], worked("gross"), worked("part", name)
    label = worked.plan.labels[name]
    share = share_words(weight)
    if part is None:
        sentence = f"Bagian {label} {share} dari besaran tunjangan; besarannya belum ada, maka belum diketahui."
        return Step(f"Bagian {label}", None, sentence=sentence, key=f"part.{name}")
    return Step(
        f"Bagian {label}",
        part,
        sentence=f"Bagian {label} adalah {share} dari {rupiah(gross)}.",
        arithmetic=product_words(weight, gross, part),
        article=article_words(worked.plan.articles[name]),
        note=share,
        key=f"part.{name}",
    )


def component_changes(worked: Worked, name: str) -> tuple[Step, ...]:
    """Everything between the component's part and what is paid, signed; adds up to paid - part."""
    steps = [*_factors(worked, name), *_achievement(worked, name), *_charges(worked, name)]
    change = less(worked("paid", name), worked("part", name))
    label, sentence = _rounding_words(worked)
    return tuple(rest(change, steps, label, sentence))


def _rounding_words(worked: Worked) -> tuple[str, str]:
    rounding = worked.plan.rounding
    point = next((point for point in ("component", "cuts", "allowance") if point in rounding), None)
    if point is None:
        return ROUNDED, "Selisih pembulatan."
    to = rupiah(rounding[point][0])
    if point == "component":
        return ROUNDED, f"Komponen dibulatkan ke {to}."
    whole = "Jumlah potongan" if point == "cuts" else "Jumlah komponen"
    return ROUNDED, f"{whole} dibulatkan sekali ke {to}, lalu dibagi ke komponen sehingga jumlahnya tepat."


def _factors(worked: Worked, name: str) -> list[Step]:
    replaced, steps = worked("replaced"), []
    before: Amount = worked("part", name)
    lines = [line for line in worked("factor_lines") if name in line.rule.hits]
    winner = [line for line in lines if line.rule.replaces and not line.freed][-1:]
    for line in lines:
        acts = not line.freed and (not replaced or name not in replaced or line in winner)
        what = f"{happened(line, worked.facts)}: {share_words(line.share)} dari {worked.plan.labels[name]}"
        after = times(before, line.share) if acts else before
        arithmetic = ""
        if line.freed:
            what += f". {freed_words(worked, line)}"
        elif not acts:
            what += ". Tidak dihitung: komponen ini digantikan oleh aturan lain"
        elif before is not None and after is not None:
            arithmetic = product_words(line.share, before, after)
        if acts and line.rule.replaces:
            what += ". Capaian dan potongan lain hanya ditampilkan"
        value = less(after, before)
        step = Step(line.rule.label, value, sentence=told(what, value), arithmetic=arithmetic)
        steps.append(_with(step, article=article_words(line.rule.article), key=f"factor.{line.rule.name}"))
        before = after
    return steps


def _with(step: Step, **changes: Any) -> Step:
    fields = {name: getattr(step, name) for name in Step.__slots__}  # type: ignore[attr-defined]
    return Step(**{**fields, **changes})


def scale_words(spec: Mapping[str, Any], look: Any) -> tuple[str, list[str]]:
    """What a scale says of the facts, in words, and the names of facts that it misses."""
    if spec.get("mix"):
        parts = [(part, *scale_words(part, look)) for part in spec["mix"]]
        missing = [fact for _, _, facts in parts for fact in facts]
        return "; ".join(f"{words}, berbobot {part['weight']}" for part, words, _ in parts), missing
    fact = spec.get("fact")
    if fact == "rating" and spec.get("period") not in (None, "same_month"):
        fact = f"rating@{spec['period']}"
    value = None if fact is None else look(fact)
    reading = compile_scale(spec, True)(look)
    share = "belum diketahui" if reading is None or reading.share is None else share_words(reading.share)
    if fact is None:
        return f"tetap {share}", []
    unknown = reading is None or reading.share is None
    if value is None:
        said = "belum ada" if unknown else f"belum ada, dihitung {share}"
        return f"{noun(fact)} {said}", [noun(fact)] if unknown else []
    target = (spec.get("ratio") or {}).get("to")
    if target is not None and isinstance(target, str):
        given = look(target)
        if not given:
            return f"{noun(target)} belum ada", [noun(target)]
        return f"{noun(fact)} {number_words(value)} dari {number_words(given)}: {share}", []
    of = f" dari {number_words(target)}" if target is not None else ""
    nested = [] if not unknown else [noun(fact)]
    return f"{noun(fact)} {number_words(value)}{of}: {share}", nested


def _achievement(worked: Worked, name: str) -> list[Step]:
    spec = (worked.plan.document.parameters["components"][name] or {}).get("achievement")
    points = [pair for pair in worked("line_amounts", name) if pair[0].rule.of == "achievement"]
    label, full, achieved = worked.plan.labels[name], worked("full", name), worked("achieved", name)
    if spec is None and not points:
        return rest(less(achieved, full), [], ROUNDED, "Bagian yang dicapai dibulatkan.")
    share, value = worked("achievement", name), less(achieved, full)
    said, missing = scale_words(spec, worked.facts.look) if spec else ("Tanpa penilaian: 100 %", [])
    if name in worked("replaced"):
        said, missing = "Capaian tidak dihitung karena komponen digantikan", []
    elif share is None:
        why = " dan ".join(dict.fromkeys(missing)) or "Pencapaian"
        said = f"{why} belum ada, maka {label} belum diketahui" if missing else f"{label} belum diketahui"
    own = less(times(full, worked("scale_achievement", name)), full)
    children = [Step(f"Capaian {label}", own, sentence=told(said, own), key=f"scale.{name}")]
    children += [_point(worked, name, line, amount) for line, amount in points]
    children = rest(value, children, ROUNDED, "Bagian yang dicapai dibulatkan, dan tidak kurang dari nol.")
    known = share is not None and full is not None and achieved is not None
    return [
        Step(
            f"Capaian {label}",
            value,
            sentence=told(said, value),
            arithmetic=product_words(share, full, achieved) if known else "",
            article=article_words(str((spec or {}).get("article") or worked.plan.articles[name])),
            note="" if share is None else share_words(share),
            children=tuple(children) if len(children) > 1 else (),
            key=f"achievement.{name}",
        )
    ]


def _point(worked: Worked, name: str, line: Line, amount: Amount) -> Step:
    said = f"{happened(line, worked.facts)}: capaian {worked.plan.labels[name]} berkurang {share_words(line.share)}"
    free = line.freed or name in worked("replaced")
    if line.freed:
        said += f". {freed_words(worked, line)}"
    full, value = worked("full", name), 0 if free else negative(amount)
    return Step(
        line.rule.label,
        value,
        sentence=told(said, value),
        arithmetic="" if free or amount is None else product_words(line.share, full, amount),
        article=article_words(line.rule.article),
        note=line.code if line.code != line.rule.name else "",
        on=line.on,
        key=f"charge.{line.rule.name}",
    )


def _charges(worked: Worked, name: str) -> list[Step]:
    by_rule: dict[str, list[tuple[Line, Amount]]] = {}
    for line, amount in worked("line_amounts", name):
        if line.rule.of != "achievement":
            by_rule.setdefault(line.rule.name, []).append((line, amount))
    steps = [_charge(worked, name, lines) for lines in by_rule.values()]
    base, share = worked("cut_base", name), worked("cut_rate", name)
    cut = worked("cut", name)
    limit = "Potongan dibulatkan"
    if base is not None and cut is not None and times(base, share) != cut and cut == worked("achieved", name):
        limit = f"Potongan tidak melebihi yang dicapai, {rupiah(cut)}"
    return rest(negative(cut), steps, ROUNDED if limit.endswith("bulatkan") else "Batas potongan", f"{limit}.")


def _charge(worked: Worked, name: str, lines: list[tuple[Line, Amount]]) -> Step:
    rule, label = lines[0][0].rule, worked.plan.labels[name]
    children = tuple(_line(worked, name, line, amount) for line, amount in lines)
    values = [child.value for child in children]
    value = None if None in values else sum(v for v in values if v is not None)
    costing = [line for line, _ in lines if not line.freed and name not in worked("replaced")]
    share: Exact = sum(line.shares[name] for line in costing)
    counts: dict[str, int] = {}
    for line, _ in lines:
        counts[line.code] = counts.get(line.code, 0) + 1
    said = ", ".join(f"{n} kali" + (f" {code}" if code != rule.name else "") for code, n in counts.items())
    free = len(lines) - len(costing)
    said += f", {free} di antaranya tidak mengurangi" if free else ""
    base = worked("cut_base", name)
    known = base is not None and value is not None
    return Step(
        rule.label,
        value,
        sentence=told(f"{rule.label}: {said}; seluruhnya {share_words(share)} dari {label}", value),
        arithmetic=product_words(share, base, -value) if known and share else "",
        article=article_words(rule.article),
        note=" ".join(f"{n}× {code}" for code, n in counts.items() if code != rule.name),
        children=children,
        key=f"charge.{rule.name}",
    )


def _line(worked: Worked, name: str, line: Line, amount: Amount) -> Step:
    label, kept, base = worked.plan.labels[name], line.shares[name], worked("cut_base", name)
    code = f"{line.code}, " if line.code != line.rule.name else ""
    of = f"{share_words(line.share)} dari seluruh tunjangan, yaitu " if line.rule.of == "gross" else ""
    how = rate_words(line)
    said = f"{happened(line, worked.facts)}: {code}{of}{share_words(line.asked)} dari {label}"
    said += f" ({how})" if how else ""
    article, note = article_words(line.rule.article), line.code if code else ""
    arithmetic, value = "", negative(amount)
    if line.freed:
        would = f" (seharusnya {rupiah(amount)})" if amount else ""
        said, value, note = f"{said}{would}. {freed_words(worked, line)}", 0, note or "dibebaskan"
    elif name in worked("replaced"):
        said, value = f"{said}. Hanya ditampilkan: komponen ini digantikan oleh aturan lain", 0
    else:
        if kept != line.asked:
            caps, articles = worked.cap_words(line)
            said += f". Batas {caps} menyisakan {share_words(kept)}"
            article = f"{article}; {article_words(articles)}"
        if amount is not None:
            arithmetic = product_words(kept, base if base is not None else 0, amount)
    return Step(
        line.rule.label,
        value,
        sentence=told(said, value),
        arithmetic=arithmetic,
        article=article,
        note=note,
        on=line.on,
        key=f"line.{line.rule.name}",
    )


def component_step(worked: Worked, name: str) -> Step:
    """What a component loses between its part and what is paid, with everything below it."""
    label, weight = worked.plan.labels[name], share_words(worked.plan.weights[name])
    part, paid = worked("part", name), worked("paid", name)
    changes = component_changes(worked, name)
    value = less(paid, part)
    if paid is None:
        unknown = next((step.sentence for step in changes if step.value is None), "Besaran tunjangan belum ada.")
        return Step(f"Potongan {label}", None, sentence=unknown, note=weight, children=changes, key=f"component.{name}")
    arithmetic = sum_words([part, *[step.value for step in changes if step.value]], paid)
    return Step(
        f"Penyesuaian {label}" if value is not None and value > 0 else f"Potongan {label}",
        value,
        sentence=f"Dari bagian {label} sebesar {rupiah(part)} ({weight}) dibayarkan {rupiah(paid)}.",
        arithmetic=arithmetic if any(step.value for step in changes) else "",
        article=article_words(worked.plan.articles[name]),
        note=weight,
        children=changes,
        key=f"component.{name}",
    )
