"""Why a month pays what it pays: a tree from the net amount down to the taps of a day, made from the rules' own steps.

Children are signed and add up exactly to their parent wherever the unit is rupiah; what rounding and limits make of a
sum stands as a child of its own. Nothing here works out pay a second time: the values are those of `month_steps`.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from allowances.book import Amount, times
from allowances.explain_components import component_changes, component_part, component_step
from allowances.explain_payment import CONSEQUENCE, payment_steps
from allowances.given import acting_class, class_amount
from allowances.plan import AllowancePlan
from allowances.rules import month_steps
from allowances.steps import Step, Worked, cited, rest, rounding_words
from allowances.wording import product_words, sum_words
from core.indonesian import rupiah
from core.money import exact, tidy
from policy.conditions import label_key
from policy.sentences_words import article_words, number_words, share_words

__all__ = ["Step", "explain_components", "explain_month", "explain_worked"]


def explain_month(plan: AllowancePlan, given: Mapping[str, Any]) -> Step:
    """The tree of one person's month; its root is net and equals `Evaluation.values["net"]`. Raises CaseError.

    Children of the root: `gross`, `component.NAME` for what each component loses (or gains), `supplement.NAME`,
    `offsets`, `held`, `carried`, `insurance.employee` and `insurance.employer`, `tax`.
    """
    return explain_worked(Worked(plan, month_steps(plan, given)))


def explain_worked(worked: Worked) -> Step:
    """The tree of a month whose steps are already there."""
    return cited(_net(worked))


def _net(worked: Worked) -> Step:
    children: list[Step] = []
    if worked.plan.weights:
        children = [_gross(worked), *[component_step(worked, name) for name in worked.plan.weights]]
    children += payment_steps(worked)
    net, label = worked("net"), "Tunjangan yang dibayarkan"
    if net is None:
        reasons = list(dict.fromkeys(_reasons(children)))
        causes = [reason for reason in reasons if not reason.startswith(CONSEQUENCE)] or reasons
        said = f"Belum diketahui. {' '.join(causes)}"
        article = article_words(str(worked.plan.document.decree))
        return Step(label, None, sentence=said, article=article, children=tuple(children), key="net")
    values = [child.value for child in children if child.value]
    return Step(
        label,
        net,
        sentence=f"Yang dibayarkan bulan ini {rupiah(net)}.",
        arithmetic=sum_words(values, net) if values else "",
        article=article_words(str(worked.plan.document.decree)),
        children=tuple(children),
        key="net",
    )


def explain_components(plan: AllowancePlan, given: Mapping[str, Any]) -> tuple[Step, ...]:
    """Each component as it is paid: its part by weight, and below it, signed, everything that changed it."""
    worked = Worked(plan, month_steps(plan, given))
    steps = []
    for name in plan.weights:
        loss = component_step(worked, name)
        children = (component_part(worked, name), *component_changes(worked, name))
        label, paid = plan.labels[name], worked("paid", name)
        note, article = share_words(plan.weights[name]), article_words(plan.articles[name])
        said, sums = loss.sentence, loss.arithmetic
        steps.append(cited(Step(label, paid, "rupiah", said, sums, article, note, None, children, f"paid.{name}")))
    return tuple(steps)


def _reasons(steps: list[Step]) -> list[str]:
    """Sentences of the deepest unknown steps: they say what is missing."""
    found: list[str] = []
    for step in steps:
        if step.value is None:
            found += _reasons(list(step.children)) or [step.sentence]
    return found


def _gross(worked: Worked) -> Step:
    plan, gross = worked.plan, worked("gross")
    label, article = "Besaran tunjangan", article_words(str(plan.base.get("article") or "not located"))
    if gross is None:
        needed = {"class": "Kelas jabatan", "criteria": "Jumlah menurut kriteria", "basic": "Jumlah dasar"}
        what = needed.get(str(plan.base.get("by")), "Besaran tunjangan")
        said = f"{what} belum ada, maka besaran tunjangan belum diketahui."
        return Step(label, None, sentence=said, article=article, key="gross")
    said, children = _gross_parts(worked)
    rounding = f"{rounding_words(worked, 'gross') or 'Besaran tunjangan dibulatkan'}."
    children = rest(gross, children, "Pembulatan", rounding) if children else []
    values = [child.value for child in children if child.value is not None]
    return Step(
        label,
        gross,
        sentence=said,
        arithmetic=sum_words(values, gross) if len(values) > 1 else "",
        article=article,
        children=tuple(children),
        key="gross",
    )


def _gross_parts(worked: Worked) -> tuple[str, list[Step]]:
    """The sentence of a gross that is known, and its classes or criteria."""
    by, criteria, basic = worked.plan.base.get("by") or "given", worked("criteria"), worked("basic_amount")
    said = worked.quote("base.by")
    if by == "class" and worked("class_base") is not None:
        words, children = _by_class(worked, worked("class_base"))
        return f"{said}. {words}", children
    if by == "criteria" and criteria is not None:
        return f"{said}.", [_criterion(name, amount) for name, amount in criteria.items()]
    if by == "basic" and criteria is not None and basic is not None:
        held = "" if worked.facts.given.get("basic") is not None else f" {_by_class(worked, basic)[0]}"
        children = [_criterion(name, times(basic, share), basic, share) for name, share in criteria.items()]
        return f"{said}. Jumlah dasar {rupiah(basic)}.{held}", children
    return f"{said}; {rupiah(worked('gross'))}.", []


def _criterion(name: str, amount: Amount, basic: Amount = None, share: Amount = None) -> Step:
    label = str(name).replace("_", " ").capitalize()
    said = f"{label}: {rupiah(amount)}."
    words = ""
    if basic is not None and share is not None and amount is not None:
        said, words = f"{label}: {share_words(share)} dari jumlah dasar.", product_words(share, basic, amount)
    return Step(label, amount, sentence=said, arithmetic=words, key=f"criterion.{name}")


def _by_class(worked: Worked, amount: Amount) -> tuple[str, list[Step]]:
    """In words, and a child for every class where the month is divided by days."""
    plan, facts = worked.plan, worked.facts
    classes = facts.given.get("classes")
    change = f"{worked.quote('base.change')}. " if classes and len(classes) > 1 else ""
    if not classes or plan.base.get("change") != "by_days":
        held = acting_class(plan, facts.given)
        quote = worked.quote(f"base.classes.{label_key(held)}")
        return f"{change}{quote}." if quote else f"{change}Kelas {number_words(held)}: {rupiah(amount)}.", []
    whole = sum(exact(entry["days"]) for entry in classes)
    children = []
    for entry in classes:
        days, table = exact(entry["days"]), class_amount(plan, entry["class"])
        part = tidy(Fraction(table) * days / whole)
        name = number_words(entry["class"])
        said = f"Kelas {name}: {rupiah(table)}, selama {number_words(days)} dari {number_words(whole)} hari."
        words = f"{rupiah(table)} × {number_words(days)} / {number_words(whole)} = {rupiah(part)}"
        children.append(Step(f"Kelas {name}", part, sentence=said, arithmetic=words, key="class"))
    return change.strip() or worked.quote("base.change") + ".", children
