"""Nodes of a slip with the addresses that its page leads to: the day, the mended month, the objection."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from allowances.models import Run
from allowances.queries.nodes import Node
from core.indonesian import rupiah

DayUrl = Callable[[date], str]
SlipUrl = Callable[[int], str]


def own_day_url(run: Run) -> DayUrl:
    """Address of a day of one's own slip."""
    return lambda on: f"{reverse('allowances:my_slip_day', args=[on.isoformat()])}?hitung={run.pk}"


def day_url(run: Run, person_id: int) -> DayUrl:
    """Address of a day of somebody's slip."""
    return lambda on: reverse("allowances:slip_day", args=[run.pk, person_id, on.isoformat()])


def own_slip_url(run_id: int) -> str:
    """Address of one's own slip of a run."""
    return f"{reverse('allowances:my_slip')}?hitung={run_id}"


def slip_url(person_id: int) -> SlipUrl:
    """Address of somebody's slip of a run."""
    return lambda run_id: reverse("allowances:slip", args=[run_id, person_id])


def objection_url(run: Run, node: Node) -> str:
    """Address of the form with the line chosen."""
    query = QueryDict(mutable=True)
    query["hitung"], query["baris"] = str(run.pk), node.about
    if node.on:
        query["hari"] = node.on.isoformat()
    return f"{reverse('allowances:object')}?{query.urlencode()}"


def linked(nodes: Sequence[Node], run: Run, day: DayUrl, other_slip: SlipUrl, objects: bool) -> list[dict[str, Any]]:
    """Nodes for `components/explain_node.html`; `objects`: the visitor may object to these lines."""
    made = []
    for node in nodes:
        links = []
        if node.on:
            links.append({"url": day(node.on), "text": "Lihat absen hari itu"})
        if node.run_id:
            links.append({"url": other_slip(node.run_id), "text": "Buka slip bulan itu"})
        made.append(
            {
                "label": node.label,
                "amount": node.amount,
                "figure": rupiah(node.amount, signed=True) if node.run_id else "",
                "note": node.note,
                "sentence": node.sentence,
                "arithmetic": node.arithmetic,
                "article": node.article,
                "links": links,
                "children": linked(node.children, run, day, other_slip, objects),
                "objection_url": objection_url(run, node) if objects and node.about and not node.children else "",
            }
        )
    return made
