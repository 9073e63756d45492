"""One step of an explanation, and the month that is being explained."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from allowances.book import Amount
from allowances.given import MonthFacts, day_look, record_look
from allowances.lines import Line
from allowances.plan import AllowancePlan
from allowances.wording import share_sum, sum_words
from core.money import Exact, exact_sum, tidy
from policy.conditions import Look, compile_condition
from policy.sentences import statements_of
from policy.sentences_scales import keys_read
from policy.sentences_statement import Statement
from policy.sentences_words import NOT_LOCATED, article_words

SENTENCES = "sentences of the document"


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

    def _all(self) -> Mapping[str, Statement]:
        programs = self.plan.programs
        if SENTENCES not in programs:
            programs[SENTENCES] = {said.key: said for said in statements_of(self.plan.document)}
        return programs[SENTENCES]  # type: ignore[no-any-return]

    def statement(self, key: str) -> Statement | None:
        """The sentence of the document with this key (`policy.sentences`); None where it has none."""
        return self._all().get(key)

    def quote(self, key: str) -> str:
        """The words of that sentence, without full stop; "" where there is none."""
        said = self.statement(key)
        return said.text if said else ""

    def row_quotes(self, line: Line) -> list[str]:
        """The rows of a rule's scale that made a line."""
        rule = line.rule
        prefix = f"{rule.verb}.{rule.name}."
        keys = [f"{prefix}{key}" for key in keys_read(rule.spec, self.line_look(line))] if not line.event else []
        if line.event:
            ends = (f".bands.{line.code}", f"{prefix}bands.{line.code}", f"{prefix}rate")
            keys = [key for key in self._all() if key.startswith(prefix) and key.endswith(ends)][:1]
        return [f"{quote}." for key in keys if (quote := self.quote(key))]

    def share_sum(self, line: Line) -> str:
        """How the share of a line came about."""
        return share_sum(line, self.facts, self.line_look(line))

    def line_look(self, line: Line) -> Look:
        """What the facts of the line's record are."""
        if line.rule.each == "day":
            return day_look(self.plan, line.record, self.facts)
        return self.facts.look if line.rule.each == "month" else record_look(line.record, self.facts)

    def cap_words(self, line: Line) -> tuple[str, str]:
        """The limits that took something of this line: their sentences and their articles."""
        specs = self.plan.document.parameters.get("caps") or {}
        articles = [article_words(str(specs[name].get("article") or "not located")) for name in line.limits]
        return ". ".join(self.quote(f"caps.{name}") for name in line.limits), "; ".join(dict.fromkeys(articles))


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


def rounding_words(worked: Worked, *points: str) -> str:
    """The sentence of the first of these points of rounding that the document names; "" for none."""
    return next((words for point in points if (words := worked.quote(f"rounding.{point}"))), "")


def freed_words(worked: Worked, line: Line) -> str:
    """The sentence of the document by which a line is shown and costs nothing."""
    rule = line.rule
    if line.freed in ("free", "combine"):
        return worked.quote(f"{rule.verb}.{rule.name}.{line.freed}")
    look = worked.line_look(line)
    for key, condition in (
        (f"{rule.verb}.{rule.name}.except", rule.spec.get("except")),
        ("exempt", worked.plan.document.parameters.get("exempt") if rule.verb == "charges" else None),
    ):
        test = compile_condition(condition)
        if test and test(look) and worked.quote(key):
            return worked.quote(key)
    # Where days are summed, a condition on their labels has already left them out; its sentence still says why.
    return worked.quote(f"{rule.verb}.{rule.name}.except") or worked.quote("exempt") or "Dikecualikan"


def cited(step: Step, above: str = NOT_LOCATED) -> Step:
    """The step with an article and its sum everywhere.

    What only divides a step stands under the article of that step; parts that were not reckoned otherwise are added.
    """
    article = step.article or above
    below = article if step.key != "net" else NOT_LOCATED
    parts = [child.value for child in step.children if child.unit == "rupiah" and child.value]
    arithmetic = step.arithmetic
    if not arithmetic and step.value is not None and len(parts) > 1:
        arithmetic = sum_words(parts, step.value)
    children = tuple(cited(child, below) for child in step.children)
    return replace(step, article=article, arithmetic=arithmetic, children=children)
