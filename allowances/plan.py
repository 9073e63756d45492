"""An allowance document, read once: components, rules, caps and points ready to be run for everybody."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from attendance.plan import DAY_NUMBERS, AttendancePlan
from core.money import Exact, exact, parse_share
from policy.conditions import CaseError, Test, compile_condition, label_key, split_condition
from policy.scales import Reading, Scale, band_rows, compile_scale, form_of, named_bands, rate_reading
from policy.sentences_statement import label_of
from policy.vocabulary import DAY_LABELS

PlanFor = Callable[[date], AttendancePlan]


@dataclass(frozen=True, slots=True)
class AllowanceRule:
    """One rule of charges, factors, supplements or holds. `excepts` includes the document's `exempt`.

    `silent_at_zero`: a day without the fact makes no line, and what the scale says depends on the fact alone, so that
    `seen` can keep it by value.
    """

    verb: str
    name: str
    label: str
    article: str
    each: str
    fact: str | None
    form: str
    scale: Scale
    silent_at_zero: bool
    when: Test | None
    excepts: tuple[Test, ...]
    choose_when: Test | None
    choose_except: tuple[Test, ...]
    free: int
    combine: str
    prorate: str | None
    hits: tuple[str, ...]
    of: str
    replaces: bool
    lag_months: int
    weight_of_hits: Fraction
    spec: Mapping[str, Any]
    seen: dict[int, Any] = field(default_factory=dict, compare=False)

    def at(self, value: Exact) -> Reading:
        """The reading of a rate at one amount of its fact."""
        return rate_reading(self.spec, value)


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on the shares that charges may take together, by day or by month."""

    name: str
    charges: frozenset[str]
    per: str
    at: Fraction
    flag: bool


@dataclass(frozen=True, slots=True)
class OwnFact:
    """A fact of the government's own: given, or derived by sum, least or greatest of terms (fact or number, times)."""

    name: str
    by_day: bool
    kind: str
    terms: tuple[tuple[str | Exact, Exact], ...]
    default: object


@dataclass(frozen=True, slots=True)
class AllowancePlan:
    """Everything of a document that does not depend on the person."""

    document: Any
    base: Mapping[str, Any]
    classes: Mapping[str, Exact]
    weights: Mapping[str, Fraction]
    achievements: Mapping[str, Scale | None]
    cuts_of: Mapping[str, str]
    articles: Mapping[str, str]
    labels: Mapping[str, str]
    charges: tuple[AllowanceRule, ...]
    factors: tuple[AllowanceRule, ...]
    supplements: tuple[AllowanceRule, ...]
    holds: tuple[AllowanceRule, ...]
    codes: Mapping[str, tuple[AllowanceRule, Reading | None]]
    caps: tuple[Cap, ...]
    own_facts: tuple[OwnFact, ...]
    offsets: tuple[str, ...]
    insurance: Mapping[str, Any] | None
    insurance_when: Test | None
    tax: Mapping[str, Any] | None
    tax_when: Test | None
    tax_scale: Scale | None
    rounding: Mapping[str, tuple[Exact, str]]
    day_numbers: tuple[str, ...]
    numbers: frozenset[str]
    named: frozenset[str]
    day_labels: frozenset[str]
    attendance: AttendancePlan | PlanFor | None
    programs: dict[Any, Any] = field(default_factory=dict, compare=False)

    def attendance_on(self, on: date | None) -> AttendancePlan | None:
        """The plan that decides taps of that day; None where no document does."""
        return self.attendance(on) if callable(self.attendance) else self.attendance  # type: ignore[arg-type]


def _own_fact(name: str, spec: Mapping[str, Any]) -> OwnFact:
    by_day = spec.get("each") == "day"
    if "given" in spec:
        return OwnFact(name, by_day, str(spec["given"]), (), spec.get("default"))
    kind = next(form for form in ("sum", "least", "greatest") if form in spec)
    if kind == "sum":
        terms = [(str(fact), exact(times)) for fact, times in spec["sum"].items()]
        return OwnFact(name, by_day, kind, tuple(terms), None)
    return OwnFact(
        name, by_day, kind, tuple((term if isinstance(term, str) else exact(term), 1) for term in spec[kind]), None
    )


def _in_order(facts: list[OwnFact]) -> tuple[OwnFact, ...]:
    """Own facts so that each stands after those it is derived from; CaseError for a ring."""
    names = {fact.name: fact for fact in facts}
    done: dict[str, OwnFact] = {}

    def visit(fact: OwnFact, trail: tuple[str, ...]) -> None:
        if fact.name in trail:
            raise CaseError(f"Fakta sendiri saling menunggu: {' -> '.join([*trail, fact.name])}")
        for term, _ in fact.terms:
            if isinstance(term, str) and term in names and term not in done:
                visit(names[term], (*trail, fact.name))
        done[fact.name] = fact

    for fact in facts:
        visit(fact, ())
    return tuple(done.values())


def _silent_at_zero(verb: str, spec: Mapping[str, Any], form: str, fact: str | None) -> bool:
    """Whether a fact of 0 can make no line, so that most days need no second look. A factor of 0 % is a line."""
    if fact is None or spec.get("fact") not in DAY_NUMBERS:
        return False
    if form == "rate":
        return verb != "factors"
    return form == "bands" and all(start > 0 for _, start, _, _ in band_rows(spec["bands"]))


def _rule(
    verb: str,
    name: str,
    spec: Mapping[str, Any],
    weights: Mapping[str, Fraction],
    exempt: Any,
    names: tuple[frozenset[str], frozenset[str]],
) -> AllowanceRule:
    each = str(spec.get("each") or ("day" if verb == "charges" else "month"))
    excepts = [condition for condition in (spec.get("except"), exempt if verb == "charges" else None) if condition]
    when, choose_when, tests, choose_excepts = spec.get("when"), None, [], []
    if each in ("week", "run"):
        chosen, when = split_condition(when, *names)
        choose_when = compile_condition(chosen)
        for condition in excepts:
            by_label, by_number = split_condition(condition, *names)
            # labels and numbers mixed: the labels choose the days, the numbers have no say
            (choose_excepts if by_label else tests).append(compile_condition(by_label or by_number))
    else:
        tests = [compile_condition(condition) for condition in excepts]
    hits = spec.get("hits")
    hit = tuple(weights) if not isinstance(hits, list) else tuple(str(component) for component in hits)
    form = form_of(spec)
    fact = None if spec.get("fact") is None else str(spec["fact"])
    return AllowanceRule(
        verb=verb,
        name=name,
        label=label_of(name, spec),
        article=str(spec.get("article") or "not located"),
        each=each,
        fact=fact,
        form=form,
        scale=compile_scale(spec),
        silent_at_zero=each == "day" and not spec.get("prorate") and _silent_at_zero(verb, spec, form, fact),
        when=compile_condition(when),
        excepts=tuple(test for test in tests if test),
        choose_when=choose_when,
        choose_except=tuple(test for test in choose_excepts if test),
        free=int(exact(spec.get("free") or 0)),
        combine=str(spec.get("combine") or "sum"),
        prorate=spec.get("prorate"),
        hits=hit,
        of=str(spec.get("of") or ("gross" if verb == "supplements" else "component")),
        replaces=spec.get("replaces") is True,
        lag_months=int(exact(spec.get("lag_months") or 0)),
        weight_of_hits=sum((weights[component] for component in hit), Fraction(0)),
        spec=spec,
    )


def _codes(charges: tuple[AllowanceRule, ...]) -> dict[str, tuple[AllowanceRule, Reading | None]]:
    """Which codes events may name, in document order: named bands (also those below labels) with their reading, and
    charges by rate with None. A charge with unnamed bands or labels, or with `prorate`, has no code to be given."""
    codes: dict[str, tuple[AllowanceRule, Reading | None]] = {}
    for charge in charges:
        if charge.prorate:
            continue
        if charge.form == "rate":
            codes[charge.name] = (charge, None)
        for code, share in named_bands(charge.spec):
            codes.setdefault(code, (charge, Reading(share, code)))
    return codes


def _caps(parameters: Mapping[str, Any], charges: tuple[AllowanceRule, ...]) -> tuple[Cap, ...]:
    """The caps, those of a day before those of the month; a day cap holds charges that are by day only."""
    caps = [
        Cap(
            str(name),
            frozenset(
                charge.name
                for charge in charges
                if (spec.get("charges") is None or charge.name in map(str, spec["charges"]))
                and (spec["per"] == "month" or charge.each == "day")
            ),
            str(spec["per"]),
            parse_share(spec["at"]),
            spec.get("over") == "flag",
        )
        for name, spec in (parameters.get("caps") or {}).items()
    ]
    return tuple(sorted(caps, key=lambda cap: cap.per != "day"))


def _words(value: object) -> Iterator[str]:
    """Every key and text of a block, at any depth."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield str(key)
            yield from _words(below)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, str):
        yield value


def for_frozen_days(plan: AllowancePlan) -> AllowancePlan:
    """The plan without numbers of a day that the document never names: no rule looks at them.

    For months as runs freeze them, with their `days`, and for amounts only: sums that nobody names are not made.
    """
    numbers = tuple(name for name in plan.day_numbers if name in plan.named)
    return replace(plan, day_numbers=numbers, numbers=frozenset(numbers), programs={})


def read_plan(document: Any, attendance: AttendancePlan | PlanFor | None, tax_document: Any | None) -> AllowancePlan:
    """The plan of an allowance document's parameters (regulation format, section 5)."""
    parameters: Mapping[str, Any] = document.parameters
    components = {str(name): spec or {} for name, spec in (parameters.get("components") or {}).items()}
    weights = {name: parse_share(spec["weight"]) for name, spec in components.items()}
    own = _in_order([_own_fact(str(name), spec) for name, spec in (parameters.get("facts") or {}).items()])
    own_day_labels = {fact.name for fact in own if fact.by_day and fact.kind in ("label", "bool")}
    day_labels = DAY_LABELS | own_day_labels
    day_numbers = (*DAY_NUMBERS, *(fact.name for fact in own if fact.by_day and fact.kind != "label"))
    exempt = parameters.get("exempt")

    def rules(verb: str) -> tuple[AllowanceRule, ...]:
        specs = (parameters.get(verb) or {}).items()
        names = day_labels, frozenset(day_numbers)
        return tuple(_rule(verb, str(name), spec, weights, exempt, names) for name, spec in specs)

    charges = rules("charges")
    base, tax, insurance = parameters.get("base") or {}, parameters.get("tax"), parameters.get("insurance")
    tax_spec = tax_document.parameters["tax"] if tax and tax_document is not None and "table" in tax else tax
    return AllowancePlan(
        document=document,
        base=base,
        classes={label_key(name): exact(amount) for name, amount in (base.get("classes") or {}).items()},
        weights=weights,
        achievements={
            name: compile_scale(spec["achievement"], True) if spec.get("achievement") else None
            for name, spec in components.items()
        },
        cuts_of={name: str(spec.get("cuts_of") or "achieved") for name, spec in components.items()},
        articles={name: str(spec.get("article") or "not located") for name, spec in components.items()},
        labels={name: label_of(name, spec) for name, spec in components.items()},
        charges=charges,
        factors=rules("factors"),
        supplements=rules("supplements"),
        holds=rules("holds"),
        codes=_codes(charges),
        caps=_caps(parameters, charges),
        own_facts=own,
        offsets=tuple(str(fact) for fact in parameters.get("offsets") or []),
        insurance=insurance,
        insurance_when=compile_condition((insurance or {}).get("when")),
        tax=tax,
        tax_when=compile_condition((tax or {}).get("when")),
        tax_scale=compile_scale(tax_spec) if tax_spec and "table" not in tax_spec else None,
        rounding={
            str(point): (exact(spec["to"]), str(spec.get("mode") or "half_up"))
            for point, spec in (parameters.get("rounding") or {}).items()
        },
        day_numbers=day_numbers,
        numbers=frozenset(day_numbers),
        named=frozenset(day_numbers) & {*_words(parameters), *_words(tax_spec)},
        day_labels=day_labels,
        attendance=attendance,
    )
