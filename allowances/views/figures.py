"""Words and figures at the head of a run: its steps, its sums, its documents."""

from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from allowances.frozen import frozen_plan
from allowances.models import Run
from core.errors import PortalError
from core.indonesian import clock, day_words, grouped, month_words, percent, rupiah
from policy.sentences import decree_words

# The sums in the order in which they add up, with their sign.
SUM_ROWS = (
    ("gross", "Pagu", 1),
    ("cuts", "Potongan", -1),
    ("supplements", "Tambahan", 1),
    ("rapel", "Rapel dan bawaan bulan lain", 1),
    ("held", "Ditahan", -1),
    ("insurance_employee", "Iuran jaminan kesehatan pegawai", -1),
    ("tax_own", "Pajak yang ditanggung pegawai", -1),
    ("carried_over", "Kekurangan dibawa ke bulan berikutnya", 1),
)
ALWAYS = ("gross", "cuts")


def sums_of(sums: dict[str, Decimal]) -> dict[str, Any]:
    """The sums that add up to the net, those that are 0 left out; and what the government pays besides."""
    rows = [
        {"label": label, "amount": sign * sums[name]} for name, label, sign in SUM_ROWS if sums[name] or name in ALWAYS
    ]
    besides = [
        {"label": label, "amount": amount}
        for label, amount in (
            ("Iuran jaminan kesehatan pemberi kerja", sums["insurance_employer"]),
            ("Pajak yang ditanggung pemerintah", sums["tax"] - sums["tax_own"]),
        )
        if amount
    ]
    return {"rows": rows, "net": sums["net"], "besides": besides}


def figures_of(run: Run, sums: dict[str, Decimal], before: Run | None) -> list[dict[str, str]]:
    """The four key figures of a run."""
    net = sums["net"]
    figures = [
        {"label": "Pegawai", "value": grouped(run.people_count)},
        {"label": "Bersih dibayar", "value": rupiah(net), "note": f"dari pagu {rupiah(sums['gross'])}"},
    ]
    if before is not None:
        then = before.total_rupiah
        change = f"{'+' if net > then else ''}{percent(Fraction(net - then) / Fraction(then), 1)}" if then else ""
        label = f"Dibanding {month_words(before.month)}"
        figures.append({"label": label, "value": rupiah(net - then, signed=True), "note": change})
    aside = len(run.set_aside)
    kind, icon = ("warn", "warn") if aside else ("ok", "check")
    note = "tidak dibayar dalam perhitungan ini" if aside else "semua dibayar"
    figures.append({"label": "Disisihkan", "value": grouped(aside), "kind": kind, "icon": icon, "note": note})
    return figures


def steps_of(run: Run, waits: str) -> list[dict[str, str]]:
    """Draf, diperiksa, disetujui, dikunci, dibayar: who and when, and for whom it waits."""
    zone = run.government.zone
    taken = (
        ("Draf", run.drafted_at, run.drafted_by, "draft"),
        ("Diperiksa", run.checked_at, run.checked_by, "checked"),
        ("Disetujui", run.approved_at, run.approved_by, "approved"),
        ("Dikunci", run.locked_at, run.locked_by, "locked"),
        ("Dibayar", run.paid_on, None, "paid"),
    )
    later = {"checked": "belum", "approved": "oleh orang kedua", "locked": "tidak dapat diubah; selisih lewat rapel",
             "paid": "menunggu SP2D"}  # fmt: skip
    order = [name for *_, name in taken]
    reached = order.index(run.state)
    made = []
    for place, (label, at, by, name) in enumerate(taken):
        state = "done" if place <= reached else "now" if place == reached + 1 else "later"
        note = later.get(name, "")
        if state == "done" and name == "paid":
            note = f"{day_words(run.paid_on, False)}, SP2D {run.treasury_order}"
        elif state == "done" and at is not None:
            local = at.astimezone(ZoneInfo(zone))
            when = f"{day_words(local.date(), False)} {clock(at, zone, seconds=False)}"
            note = f"{when}, {by}" if by else when
        elif state == "now":
            note = waits.rstrip(".") or note
        made.append({"label": label, "note": note, "state": state})
    return made


def document_words(run: Run) -> str:
    """The decree of the document that the run was computed with."""
    try:
        document = frozen_plan(run).document
    except PortalError:
        return run.policy_id
    return decree_words(document)
