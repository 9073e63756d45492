"""Why a component pays what it pays: weight, factors, achievement, rounding; charges stand in `explain_charges`."""

from collections.abc import Mapping
from typing import Any

from allowances.book import Amount, times
from allowances.explain_charges import charge_steps, point_step
from allowances.steps import Step, Worked, freed_words, less, rest, rounding_words, told
from allowances.wording import happened, product_words, scale_sum, steps_words, sum_words
from core.indonesian import rupiah
from core.money import exact
from policy.conditions import Look
from policy.scales import compile_scale, form_of, number_of
from policy.sentences_rules import factor_words
from policy.sentences_scales import fact_of, given_label, keys_read
from policy.sentences_words import NOT_LOCATED, article_words, noun, number_words, share_words

ROUNDED = "Pembulatan"
SHARED_OUT = "dihitung sekali untuk semua komponen, lalu dibagi ke komponen sehingga jumlahnya tepat"


def component_part(worked: Worked, name: str) -> Step:
    """The component's part of gross by its weight."""
    weight, gross, part = worked.plan.weights[name], worked("gross"), worked("part", name)
    said = worked.quote(f"components.{name}.weight")
    known = gross is not None and part is not None
    return Step(
        f"Bagian {worked.plan.labels[name]}",
        part,
        sentence=f"{said} {rupiah(gross)}." if known else f"{said}, yang belum diketahui.",
        arithmetic=product_words(weight, gross, part) if known else "",
        article=article_words(worked.plan.articles[name]),
        note=share_words(weight),
        key=f"part.{name}",
    )


def component_changes(worked: Worked, name: str) -> tuple[Step, ...]:
    """Everything between the component's part and what is paid, signed; adds up to paid - part."""
    steps = [*_factors(worked, name), *_achievement(worked, name), *charge_steps(worked, name)]
    change = less(worked("paid", name), worked("part", name))
    label, sentence, article = _rounding_of(worked)
    return tuple(rest(change, steps, label, sentence, article))


def _rounding_of(worked: Worked) -> tuple[str, str, str]:
    point = next((point for point in ("component", "cuts", "allowance") if point in worked.plan.rounding), None)
    if point is None:
        return ROUNDED, "Selisih pembulatan.", ""
    said = worked.statement(f"rounding.{point}")
    shared = "" if point == "component" else f"; {SHARED_OUT}"
    return ROUNDED, f"{said.text if said else ROUNDED}{shared}.", (said.article if said else "") or NOT_LOCATED


def _factors(worked: Worked, name: str) -> list[Step]:
    replaced, steps = worked("replaced"), []
    before: Amount = worked("part", name)
    lines = [line for line in worked("factor_lines") if name in line.rule.hits]
    winner = [line for line in lines if line.rule.replaces and not line.freed][-1:]
    for line in lines:
        acts = not line.freed and (not replaced or name not in replaced or line in winner)
        does = factor_words(share_words(line.share), worked.plan.labels[name], line.rule.replaces)
        what = f"{happened(line, worked.facts)}: {does}"
        after = times(before, line.share) if acts else before
        arithmetic = ""
        if line.freed:
            what += f". {freed_words(worked, line)}"
        elif not acts:
            what += ". Tidak dihitung: komponen ini digantikan oleh aturan lain"
        elif before is not None and after is not None:
            arithmetic = steps_words(worked.share_sum(line), product_words(line.share, before, after))
        quotes = [quote.removesuffix(".") for quote in worked.row_quotes(line)]
        what = ". ".join([what, *(quote for quote in quotes if not quote.endswith(does))])
        value = less(after, before)
        article = article_words(line.rule.article)
        key = f"factor.{line.rule.name}"
        steps.append(Step(line.rule.label, value, "rupiah", told(what, value), arithmetic, article, key=key))
        before = after
    return steps


def scale_words(worked: Worked, key: str, spec: Mapping[str, Any], look: Look) -> tuple[list[str], list[str]]:
    """The sentences of the document by which a scale reads these facts, with the figures; and what is missing."""
    parts = enumerate(spec["mix"], 1) if form_of(spec) == "mix" else [(0, spec)]
    said: list[str] = []
    missing: list[str] = []
    for number, part in parts:
        before = f"{key}.mix.{number}." if number else f"{key}."
        figures, lacks = _figures(part, look)
        said += [worked.quote(before + row) for row in keys_read(part, look, periods=True)] + [figures]
        missing += lacks
    return [words for words in said if words], missing


def _figures(spec: Mapping[str, Any], look: Look) -> tuple[str, list[str]]:
    """The person's own number on a scale whose row does not name it; and which facts are missing."""
    form, fact = form_of(spec), fact_of(spec, periods=True)
    if form == "mix":
        parts = [_figures(part, look) for part in spec["mix"]]
        return ". ".join(said for said, _ in parts if said), [fact for _, lacks in parts for fact in lacks]
    reading = compile_scale(spec, True)(look)
    unknown = reading is None or reading.share is None
    value = look(fact) if fact else None
    lacks = [noun(fact)] if fact and unknown else []
    if value is None:
        return "", lacks
    if form == "labels":
        given = given_label(spec, value)
        return _figures(given, look) if isinstance(given, Mapping) else ("", lacks)
    if form != "ratio" or reading is None or reading.share is None:
        target = (spec.get("ratio") or {}).get("to")
        return f"{noun(fact)} {number_words(value)}", [noun(target)] if isinstance(target, str) and unknown else lacks
    target = spec["ratio"]["to"]
    of = number_words(number_of(look, target) if isinstance(target, str) else exact(target))
    return f"{noun(fact)} {number_words(value)} dari {of}: {share_words(reading.share)}", []


def _achieved_words(worked: Worked, name: str, spec: Mapping[str, Any] | None) -> tuple[str, str]:
    """The sentence of an achievement, and how its share came about."""
    label, key = worked.plan.labels[name], f"components.{name}.achievement"
    if name in worked("replaced"):
        return "Capaian tidak dihitung karena komponen digantikan", ""
    if spec is None:
        return worked.quote(key), ""
    words, missing = scale_words(worked, key, spec, worked.facts.look)
    if worked("achievement", name) is None:
        why = " dan ".join(dict.fromkeys(missing))
        return (f"{why} belum ada, maka {label} belum diketahui" if why else f"{label} belum diketahui"), ""
    return ". ".join(words) or f"Capaian {label}", scale_sum(spec, worked.facts.look, periods=True)


def _achievement(worked: Worked, name: str) -> list[Step]:
    spec = (worked.plan.document.parameters["components"][name] or {}).get("achievement")
    points = [pair for pair in worked("line_amounts", name) if pair[0].rule.of == "achievement"]
    label, full, achieved = worked.plan.labels[name], worked("full", name), worked("achieved", name)
    rounding = f"{rounding_words(worked, 'achieved') or 'Bagian yang dicapai dibulatkan'}."
    if spec is None and not points:
        return rest(less(achieved, full), [], ROUNDED, rounding)
    share, value = worked("achievement", name), less(achieved, full)
    said, how = _achieved_words(worked, name, spec)
    own = less(times(full, worked("scale_achievement", name)), full)
    children = [Step(f"Capaian {label}", own, sentence=told(said, own), arithmetic=how, key=f"scale.{name}")]
    children += [point_step(worked, name, line, amount) for line, amount in points]
    children = rest(value, children, ROUNDED, f"{rounding} Capaian tidak kurang dari nol.")
    known = share is not None and full is not None and achieved is not None
    return [
        Step(
            f"Capaian {label}",
            value,
            sentence=told(said, value),
            arithmetic=steps_words(how, _point_sum(worked, name), product_words(share, full, achieved))
            if known
            else "",
            article=article_words(str((spec or {}).get("article") or worked.plan.articles[name])),
            note="" if share is None else share_words(share),
            children=tuple(children) if len(children) > 1 else (),
            key=f"achievement.{name}",
        )
    ]


def _point_sum(worked: Worked, name: str) -> str:
    """`96 % − 45 % = 51 %`: what points leave of an achievement; empty where none act."""
    lines = [line for line, _ in worked("line_amounts", name) if line.rule.of == "achievement" and not line.freed]
    share = worked("scale_achievement", name)
    if not lines or share is None or name in worked("replaced"):
        return ""
    points, left = [line.shares[name] for line in lines], worked("achievement", name)
    made = "" if share - sum(points) == left else f", menjadi {share_words(left)}"
    terms = " − ".join(share_words(point) for point in (share, *points))
    return f"{terms} = {share_words(share - sum(points))}{made}"


def component_step(worked: Worked, name: str) -> Step:
    """What a component loses between its part and what is paid, with everything below it."""
    label, weight = worked.plan.labels[name], share_words(worked.plan.weights[name])
    part, paid = worked("part", name), worked("paid", name)
    changes = component_changes(worked, name)
    value, article = less(paid, part), article_words(worked.plan.articles[name])
    if paid is None:
        unknown = next((step.sentence for step in changes if step.value is None), "Besaran tunjangan belum ada.")
        key = f"component.{name}"
        return Step(f"Potongan {label}", None, "rupiah", unknown, "", article, weight, None, changes, key)
    arithmetic = sum_words([part, *[step.value for step in changes if step.value]], paid)
    return Step(
        f"Penyesuaian {label}" if value is not None and value > 0 else f"Potongan {label}",
        value,
        sentence=f"Dari bagian {label} sebesar {rupiah(part)} ({weight}) dibayarkan {rupiah(paid)}.",
        arithmetic=arithmetic if any(step.value for step in changes) else "",
        article=article,
        note=weight,
        children=changes,
        key=f"component.{name}",
    )
