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
from allowances.steps import Step, Worked, rest
from allowances.wording import article_words, number_words, product_words, share_words, sum_words
from core.indonesian import rupiah
from core.money import exact, tidy

__all__ = ["Step", "explain_components", "explain_month", "explain_worked"]


def explain_month(plan: AllowancePlan, given: Mapping[str, Any]) -> Step:
    """The tree of one person's month; its root is net and equals `Evaluation.values["net"]`. Raises CaseError.

    Children of the root: `gross`, `component.NAME` for what each component loses (or gains), `supplement.NAME`,
    `offsets`, `held`, `carried`, `insurance.employee` and `insurance.employer`, `tax`.
    """
    return explain_worked(Worked(plan, month_steps(plan, given)))


def explain_worked(worked: Worked) -> Step:
    """The tree of a month whose steps are already there."""
    children: list[Step] = []
    if worked.plan.weights:
        children = [_gross(worked), *[component_step(worked, name) for name in worked.plan.weights]]
    children += payment_steps(worked)
    net, label = worked("net"), "Tunjangan yang dibayarkan"
    if net is None:
        reasons = list(dict.fromkeys(_reasons(children)))
        causes = [reason for reason in reasons if not reason.startswith(CONSEQUENCE)] or reasons
        return Step(label, None, sentence=f"Belum diketahui. {' '.join(causes)}", children=tuple(children), key="net")
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
        steps.append(
            Step(label, paid, "rupiah", loss.sentence, loss.arithmetic, article, note, None, children, f"paid.{name}")
        )
    return tuple(steps)


def _reasons(steps: list[Step]) -> list[str]:
    """Sentences of the deepest unknown steps: they say what is missing."""
    found: list[str] = []
    for step in steps:
        if step.value is None:
            found += _reasons(list(step.children)) or [step.sentence]
    return found


def _gross(worked: Worked) -> Step:
    plan, facts, gross = worked.plan, worked.facts, worked("gross")
    label, article = "Besaran tunjangan", article_words(str(plan.base.get("article") or ""))
    if gross is None:
        needed = {"class": "Kelas jabatan", "criteria": "Jumlah menurut kriteria", "basic": "Jumlah dasar"}
        what = needed.get(str(plan.base.get("by")), "Besaran tunjangan")
        said = f"{what} belum ada, maka besaran tunjangan belum diketahui."
        return Step(label, None, sentence=said, article=article, key="gross")
    by, criteria = plan.base.get("by") or "given", worked("criteria")
    children: list[Step] = []
    said = f"Besaran tunjangan {rupiah(gross)}, seperti yang diberikan."
    if by == "class" and worked("class_base") is not None:
        said, children = _by_class(worked, worked("class_base"))
    elif by == "criteria" and criteria is not None:
        said = "Besaran tunjangan adalah jumlah menurut kriteria anggaran."
        children = [_criterion(name, amount) for name, amount in criteria.items()]
    elif by == "basic" and criteria is not None and worked("basic_amount") is not None:
        basic = worked("basic_amount")
        said = f"Besaran tunjangan adalah persentase menurut kriteria dari jumlah dasar {rupiah(basic)}."
        if facts.given.get("basic") is None:
            said += f" {_by_class(worked, basic)[0]}"
        children = [_criterion(name, times(basic, share), basic, share) for name, share in criteria.items()]
    children = rest(gross, children, "Pembulatan", "Besaran tunjangan dibulatkan.") if children else []
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
    if not classes or plan.base.get("change") != "by_days":
        held = acting_class(plan, facts.given)
        when = ""
        if classes:
            first = (plan.base.get("change") or "first_day") == "first_day"
            when = " pada hari pertama bulan ini" if first else " pada hari terakhir bulan ini"
        exactly = f"Kelas jabatan {number_words(held)}{when}: {rupiah(amount)}."
        return exactly, []
    whole = sum(exact(entry["days"]) for entry in classes)
    children = []
    for entry in classes:
        days, table = exact(entry["days"]), class_amount(plan, entry["class"])
        part = tidy(Fraction(table) * days / whole)
        said = (
            f"Kelas jabatan {number_words(entry['class'])} selama {number_words(days)} dari {number_words(whole)} hari."
        )
        words = f"{rupiah(table)} × {number_words(days)} / {number_words(whole)} = {rupiah(part)}"
        children.append(
            Step(f"Kelas {number_words(entry['class'])}", part, sentence=said, arithmetic=words, key="class")
        )
    return f"Besaran tunjangan dibagi menurut hari pada {len(children)} kelas jabatan.", children
