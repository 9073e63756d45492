"""One person's slip as PDF: the same explanation as on the page, indented line by line."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from allowances.exports.cells import Export, decided_words, frozen_at, is_draft, moment_words, run_code, run_words
from allowances.exports.nominatif import basis_of, criteria_names, criterion_heading
from allowances.exports.paper import paper_head
from allowances.exports.printing import print_paper
from allowances.exports.words import rupiah_in_words
from allowances.frozen import explain_input, frozen_plan, recompute_differences
from allowances.models import RunInput
from core.errors import PortalError
from core.indonesian import decimal, month_words, rupiah

PDF = "application/pdf"
CLOSING = (
    "Slip ini dibuat oleh sistem dari perhitungan yang dibekukan. Bila ada baris yang tidak sesuai, ajukan keberatan "
    "di portal sebelum batasnya."
)


def slip_pdf(run_input: RunInput) -> Export:
    """The slip of a row of a run. Raises PortalError where the rules do not give what was stored: that is an alarm."""
    run = run_input.run
    if recompute_differences(run, [run_input.person_id]):
        raise PortalError(
            "Hitungan ulang slip ini tidak sama dengan yang tersimpan; slip tidak dibuat. Laporkan ke kepegawaian."
        )
    plan = frozen_plan(run)
    root = explain_input(run_input)
    amounts = {name: Fraction(getattr(run_input, f"{name}_rupiah")) for name in ("net", "gross", "carried_over")}
    paid_share = f"{decimal(amounts['net'] * 100 / amounts['gross'], 1)} %" if amounts["gross"] else "—"
    basis = basis_of(plan)
    steps = [told for child in root.children for told in (*_told(child, 0), *_brought(run_input, child))]
    if amounts["carried_over"]:
        steps.append(_plain("Dibawa ke bulan depan", rupiah(amounts["carried_over"], signed=True)))
    data = paper_head(run, "SLIP TAMBAHAN PENGHASILAN PEGAWAI", run_input.name) | {
        "facts": _facts(run_input),
        "summary": [
            ["Diterima di rekening", rupiah(amounts["net"])],
            ["Pagu", rupiah(amounts["gross"])],
            ["Dibayar dari pagu", paid_share],
        ],
        "words": rupiah_in_words(amounts["net"]),
        "steps": steps,
        "total_label": "Diterima di rekening",
        "total": rupiah(amounts["net"]),
        "criteria": _criteria(run_input, criteria_names(plan)),
        "verification": _in_fours(run_input.verification_code),
        "basis": basis,
        "closing": CLOSING,
    }
    content = print_paper("slip", [data], int(frozen_at(run).timestamp()))
    state = "-DRAF" if is_draft(run) else ""
    return Export(f"{run_code(run)}-slip-{run_input.number or run_input.person_id}{state}.pdf", PDF, content)


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


def _told(step: Any, depth: int) -> Iterator[dict[str, Any]]:
    """A step and all below it, with how deep each stands."""
    if step.unit == "rupiah":
        value = rupiah(step.value) if step.key == "gross" else rupiah(step.value, signed=True)
    else:
        value = "" if step.value is None else f"{decimal(Fraction(step.value), 0)} {step.unit}"
    yield {
        "depth": depth,
        "label": step.label,
        "note": step.note,
        "sentence": step.sentence,
        "arithmetic": step.arithmetic,
        "article": step.article,
        "value": value,
    }
    for child in step.children:
        yield from _told(child, depth + 1)


def _brought(run_input: RunInput, step: Any) -> Iterator[dict[str, Any]]:
    """Below what other months bring: each month with its reason, and what it was due and paid."""
    if step.key != "carried":
        return
    lines = run_input.run.lines.filter(
        person_id=run_input.person_id, kind__in=["rapel", "carried"], mends_month__isnull=False
    )
    for line in lines.order_by("mends_month", "kind", "name"):
        kind = "Rapel" if line.kind == "rapel" else "Dari"
        told = _plain(
            f"{kind} {month_words(line.mends_month)}", rupiah(line.amount_rupiah, signed=True), 1, line.reason
        )
        if line.kind == "rapel":
            due, paid, earlier = (rupiah(Fraction(line.detail[name])) for name in ("due", "paid", "earlier"))
            told["arithmetic"] = f"Seharusnya {due}, sudah dibayar {paid}, rapel sebelumnya {earlier}"
        yield told


def _plain(label: str, value: str, depth: int = 0, sentence: str = "") -> dict[str, Any]:
    blank = dict.fromkeys(("note", "arithmetic", "article"), "")
    return blank | {"depth": depth, "label": label, "sentence": sentence, "value": value}


def _criteria(run_input: RunInput, names: tuple[str, ...]) -> list[list[str]]:
    """Budget criteria of all components together; none where the document has none."""
    sums = dict.fromkeys(names, Fraction(0))
    for line in run_input.run.lines.filter(person_id=run_input.person_id, kind="component"):
        for name, amount in line.criteria.items():
            sums[name] = sums.get(name, Fraction(0)) + Fraction(amount)
    return [[criterion_heading(name), rupiah(amount)] for name, amount in sums.items()]


def _in_fours(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
