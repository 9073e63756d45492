"""One person's slip as PDF: the explanation of the page (`allowances.queries.slips`), indented line by line."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from allowances.exports.cells import Export, decided_words, frozen_at, is_draft, moment_words, run_code, run_words
from allowances.exports.nominatif import basis_of, criteria_names, criterion_heading
from allowances.exports.paper import paper_head
from allowances.exports.printing import print_paper
from allowances.exports.words import rupiah_in_words
from allowances.frozen import frozen_plan
from allowances.models import RunInput
from allowances.queries.nodes import Node
from allowances.queries.slips import Slip, slip_of
from core.errors import PortalError
from core.indonesian import decimal, rupiah

PDF = "application/pdf"
CLOSING = (
    "Slip ini dibuat oleh sistem dari perhitungan yang dibekukan. Bila ada baris yang tidak sesuai, ajukan keberatan "
    "di portal sebelum batasnya."
)


def slip_pdf(run_input: RunInput) -> Export:
    """The slip of a row of a run. Raises PortalError where the rules do not give what was stored: that is an alarm."""
    run, slip = run_input.run, slip_of(run_input)
    if slip.alarm:
        raise PortalError(
            "Hitungan ulang slip ini tidak sama dengan yang tersimpan; slip tidak dibuat. Laporkan ke kepegawaian."
        )
    plan = frozen_plan(run)
    net, gross = Fraction(run_input.net_rupiah), Fraction(run_input.gross_rupiah)
    data = paper_head(run, "SLIP TAMBAHAN PENGHASILAN PEGAWAI", run_input.name) | {
        "facts": _facts(run_input),
        "summary": [
            [slip.tree.label, rupiah(net)],
            ["Pagu", rupiah(gross)],
            ["Dibayar dari pagu", "—" if slip.paid_share is None else f"{decimal(slip.paid_share * 100, 1)} %"],
        ],
        "words": rupiah_in_words(net),
        "parts": _parts(slip),
        "total": _row(slip.tree),
        "criteria": _criteria(run_input, criteria_names(plan)),
        "verification": slip.code_words,
        "basis": basis_of(plan),
        "closing": CLOSING,
    }
    content = print_paper("slip", [data], int(frozen_at(run).timestamp()))
    state = "-DRAF" if is_draft(run) else ""
    return Export(f"{run_code(run)}-slip-{run_input.number or run_input.person_id}{state}.pdf", PDF, content)


def _parts(slip: Slip) -> list[dict[str, Any]]:
    """The explanation as the page tells it: where the ceiling comes from, the components, what becomes of their sum."""
    parts = [
        ("Dari mana pagunya", [slip.base] if slip.base else [], ""),
        ("Dari mana angkanya", slip.components, rupiah(slip.earned)),
        ("", slip.payments, ""),
    ]
    return [
        {"heading": heading, "steps": [row for node in nodes for row in _told(node, 0)], "sum": earned}
        for heading, nodes, earned in parts
        if nodes
    ]


def _facts(run_input: RunInput) -> list[list[str]]:
    run, zone = run_input.run, run_input.run.government.zone
    job_class = f", kelas jabatan {run_input.job_class}" if run_input.job_class is not None else ""
    status = (
        f"{run.get_state_display()} {moment_words(frozen_at(run), zone)}" if run.locked_at else decided_words(run)[0]
    )
    pairs = [
        ["Nama", run_input.name],
        ["NIP", run_input.number],
        ["Golongan", run_input.rank],
        ["Jabatan", f"{run_input.position_name}{job_class}"],
        ["Unit", run_input.unit_name],
        ["Rekening", f"{run_input.bank_name} {run_input.bank_account}".strip()],
        ["Perhitungan", run_words(run)],
        ["Status", status],
    ]
    return [pair for pair in pairs if pair[1]]


def _told(node: Node, depth: int) -> Iterator[dict[str, Any]]:
    """A step and all below it, with how deep each stands."""
    yield _row(node, depth)
    for child in node.children:
        yield from _told(child, depth + 1)


def _row(node: Node, depth: int = 0) -> dict[str, Any]:
    texts = {name: getattr(node, name) for name in ("label", "note", "sentence", "arithmetic", "article")}
    return texts | {"depth": depth, "value": rupiah(node.amount, signed=node.run_id is not None)}


def _criteria(run_input: RunInput, names: tuple[str, ...]) -> list[list[str]]:
    """Budget criteria of all components together; none where the document has none."""
    sums = dict.fromkeys(names, Fraction(0))
    for line in run_input.run.lines.filter(person_id=run_input.person_id, kind="component"):
        for name, amount in line.criteria.items():
            sums[name] = sums.get(name, Fraction(0)) + Fraction(amount)
    return [[criterion_heading(name), rupiah(amount)] for name, amount in sums.items()]
