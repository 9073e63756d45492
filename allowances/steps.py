"""One step of an explanation, and the month that is being explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from allowances.book import Amount
from allowances.given import MonthFacts, day_look, record_look
from allowances.lines import Line
from allowances.plan import AllowancePlan
from allowances.wording import condition_words, number_words
from core.money import Exact, exact_sum, tidy
from policy.conditions import compile_condition


@dataclass(frozen=True, slots=True)
class Step:
    """A value with where it came from. `value` None is unknown; children in rupiah add up to their parent exactly.

    `article` is cited from the document, or says that it has not been verified; `on` is the day of a line; `key` is
    a stable name for pages and tests (`gross`, `component.discipline`, `charge.late`).
    """

    label: str
    value: Exact | None
    unit: str = "rupiah"
    sentence: str = ""
    arithmetic: str = ""
    article: str = ""
    note: str = ""
    on: date | None = None
    children: tuple["Step", ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """A plan and every step of one person's month as the rules made it."""

    plan: AllowancePlan
    steps: Mapping[Any, Any]

    def __call__(self, rule: str, instance: str | None = None) -> Any:
        """The value of a rule, for one component, charge or supplement where it has instances."""
        return self.steps[rule if instance is None else (rule, instance)]

    @property
    def facts(self) -> MonthFacts:
        """Facts of the month."""
        return self.steps["facts"]  # type: ignore[no-any-return]

    def article(self, block: str) -> str:
        """The article of a block of the document, such as `base` or `tax`."""
        spec = self.plan.document.parameters.get(block)
        return str(spec.get("article") or "") if isinstance(spec, Mapping) else ""

    def cap_words(self, line: Line) -> tuple[str, str]:
        """Names and articles of the limits that took something of this line."""
        specs = self.plan.document.parameters.get("caps") or {}
        names = [str(specs[name].get("label") or name) for name in line.limits]
        articles = [str(specs[name].get("article") or "not located") for name in line.limits]
        return ", ".join(names), ", ".join(dict.fromkeys(articles))


def negative(amount: Amount) -> Amount:
    """The amount as something that is taken away; unknown stays unknown."""
    return None if amount is None else -amount


def told(said: str, amount: Amount) -> str:
    """The sentence; where the amount is unknown it says so."""
    unknown = "" if amount is not None or "elum" in said else "; rupiahnya belum diketahui"
    return f"{said}{unknown}."


def less(amount: Amount, other: Amount) -> Amount:
    """The difference; unknown when either is."""
    return None if amount is None or other is None else tidy(amount - other)


def rest(value: Amount, children: list[Step], label: str, sentence: str, article: str = "") -> list[Step]:
    """The children, and one more for what rounding or a limit makes of their sum; nothing where they add up."""
    known = [child.value for child in children if child.unit == "rupiah" and child.value is not None]
    if value is None or len(known) != sum(child.unit == "rupiah" for child in children):
        return children
    missing = tidy(value - exact_sum(known))
    if missing == 0:
        return children
    return [*children, Step(label, missing, sentence=sentence, article=article, key="rest")]


def freed_words(worked: Worked, line: Line) -> str:
    """Why a line is shown and costs nothing."""
    if line.freed == "free":
        first = line.rule.free
        return f"Tidak mengurangi: {number_words(first)} kejadian pertama dalam sebulan dibebaskan"
    if line.freed == "combine":
        kept = "terbesar" if line.rule.combine == "max" else "terkecil"
        return f"Tidak dihitung: hanya yang {kept} yang berlaku"
    conditions = [line.rule.spec.get("except")]
    if line.rule.verb == "charges":
        conditions.append(worked.plan.document.parameters.get("exempt"))
    facts = worked.facts
    look = day_look(worked.plan, line.record, facts) if line.rule.each == "day" else record_look(line.record, facts)
    for condition in conditions:
        test = compile_condition(condition)
        if test and test(look):
            return f"Tidak mengurangi, dikecualikan karena {condition_words(condition or {})}"
    return "Tidak mengurangi, dikecualikan"
