"""What leaving early now would cost, by the document in force and the person's class: said before it is stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from allowances.frozen import choose_documents, plan_of
from allowances.lines import Line
from allowances.rules import evaluate_month
from attendance.consequences import Consequence
from core.errors import PortalError
from core.indonesian import percent
from core.money import exact_sum, round_to
from roster.models import Assignment, Person, PositionClass
from roster.queries import known_on

FACT = "minutes_early"


def price_of_leaving(person: Person, on: date, facts: Mapping[str, Any]) -> Consequence | None:
    """Code, effect, rupiah (None where the class is not known) and article of leaving early on a day.

    `facts` are those of the day as attendance decided it. None where no document is in force, it cannot answer, or
    leaving early costs nothing in it.
    """
    chosen = choose_documents(person.government, on.replace(day=1))
    if chosen is None or not facts.get(FACT):
        return None
    job_class = _class_on(person, on)
    given = {"month": f"{on:%Y-%m}", "days": [_day_of(on, facts)]} | ({"class": job_class} if job_class else {})
    try:
        plan = plan_of(chosen.policy_id, chosen.policies)
        found = evaluate_month(plan, given)
    except (PortalError, ValueError):
        return None
    lines = [line for line in found.lines if line.rule.verb == "charges" and line.rule.fact == FACT]
    costing = [line for line in lines if not line.exempt]
    if not costing:
        return None
    amounts = [found.values[f"cut.{name}"] for name in dict.fromkeys(line.rule.name for line in costing)]
    known = [round_to(amount) for amount in amounts if amount is not None]
    article = "; ".join(dict.fromkeys(line.rule.article for line in costing))
    return Consequence(
        status=costing[0].code,
        effect=_effect(plan.labels, costing),
        rupiah=int(exact_sum(known)) if len(known) == len(amounts) else None,
        article="pasal belum diverifikasi" if article == "not located" else article,
    )


def _day_of(on: date, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Only what leaving early is about: a late arrival of the same day has its price already."""
    kept = {name: facts[name] for name in ("place", "ramadan", "outage", "calendar") if facts.get(name)}
    return {"date": on, "expected_days": 1, "present_days": 1, FACT: facts[FACT]} | kept


def _effect(labels: Mapping[str, str], lines: list[Line]) -> str:
    """Such as "Potongan 0,5 % dari Disiplin kerja"."""
    by_share: dict[str, list[str]] = {}
    for line in lines:
        for component, share in line.shares.items():
            by_share.setdefault(percent(share), []).append(labels.get(component, component))
    parts = [f"{share} dari {' dan '.join(names)}" for share, names in by_share.items()]
    return f"Potongan {', '.join(parts)}" if parts else "Potongan menurut aturan"


def _class_on(person: Person, on: date) -> int | None:
    posts = Assignment.objects.filter(known_on(on), person=person, kind=Assignment.Kind.DEFINITIVE)
    classes = PositionClass.objects.filter(known_on(on), position__in=posts.values("position_id"))
    return classes.values_list("job_class", flat=True).first()
