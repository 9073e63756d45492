"""What may be done with a run now, by whom, and why not: one table for the buttons and their confirmations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from allowances import operations
from allowances.forms import ApproveForm, ConfirmForm, PaidForm, ReturnForm
from allowances.models import Run
from allowances.views.access import holds
from roster.models import Role

State = Run.State


@dataclass(frozen=True)
class Verb:
    """A step: from which states, whose right it is, what it means, and what is done."""

    name: str
    label: str
    states: tuple[str, ...]
    role: str
    explains: str
    does: Callable[[Run, Any, datetime, dict[str, Any]], Run]
    done: str
    stage: str = ""
    primary: bool = True


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(
            "periksa", "Nyatakan diperiksa", (State.DRAFT,), Role.HR,
            "Anda menyatakan telah melihat jumlah dan temuan. Sesudah ini draf tidak disusun ulang, dan orang lain "
            "yang menyetujui.",
            lambda run, user, at, data: operations.check_run(run, user, at),
            "Perhitungan diperiksa. Sekarang orang lain menyetujuinya.", "check",
        ),
        Verb(
            "setujui", "Setujui", (State.CHECKED,), Role.HR,
            "Anda menyetujui jumlah ini sebagai orang kedua. Sesudah ini perhitungan dapat dikunci.",
            lambda run, user, at, data: operations.approve_run(run, user, at, bool(data.get("despite_set_aside"))),
            "Perhitungan disetujui. Kunci bila siap dibayar.", "approve",
        ),
        Verb(
            "kunci", "Kunci", (State.APPROVED,), Role.HR,
            "Sesudah dikunci tidak ada angka yang dapat diubah, oleh siapa pun. Koreksi yang datang kemudian dibayar "
            "sebagai rapel. Slip terbuka bagi pegawai, dan berkas bank dapat diunduh.",
            lambda run, user, at, data: operations.lock_run(run, user, at),
            "Perhitungan dikunci. Slip terbuka bagi pegawai.", "lock",
        ),
        Verb(
            "bayar", "Catat pembayaran", (State.LOCKED,), Role.FINANCE,
            "Catat SP2D yang mencairkan perhitungan ini. Sesudahnya tidak dapat diganti.",
            lambda run, user, at, data: operations.mark_paid(run, user, at, data["order_number"], data["paid_on"]),
            "Pembayaran tercatat.",
        ),
        Verb(
            "kembalikan", "Kembalikan ke draf", (State.CHECKED, State.APPROVED), Role.HR,
            "Perhitungan kembali menjadi draf dan harus diperiksa serta disetujui lagi dari awal.",
            lambda run, user, at, data: operations.return_run(run, user, at, data["reason"]),
            "Perhitungan kembali menjadi draf.", primary=False,
        ),
    )
}  # fmt: skip
# Who is waited for in a state, for somebody who cannot do the step.
WAITED = {
    State.DRAFT: "Kepegawaian provinsi memeriksa draf ini.",
    State.CHECKED: "Orang kedua di kepegawaian menyetujui.",
    State.APPROVED: "Kepegawaian provinsi mengunci.",
    State.LOCKED: "Keuangan mencatat pembayaran.",
}


@dataclass(frozen=True)
class Button:
    """A step as a button; `why` says why it cannot be pressed now, empty where it can."""

    verb: Verb
    why: str = ""


def buttons_of(request: HttpRequest, run: Run) -> list[Button]:
    """The steps from the run's state that are the visitor's to take; the main one last."""
    found = []
    for verb in VERBS.values():
        if run.state in verb.states and holds(request, verb.role):
            found.append(Button(verb, why_not(request, run, verb)))
    return sorted(found, key=lambda button: button.verb.primary)


def why_not(request: HttpRequest, run: Run, verb: Verb) -> str:
    """Why the visitor may not take this step now, though the right is theirs."""
    if verb.name == "setujui" and run.checked_by_id == request.user.pk:
        return "Anda yang memeriksa perhitungan ini. Orang lain harus menyetujuinya."
    return ""


def waited_for(request: HttpRequest, run: Run) -> str:
    """Whom the run waits for, where the next step is not the visitor's."""
    steps = [verb for verb in VERBS.values() if verb.primary and run.state in verb.states]
    if steps and not holds(request, steps[0].role):
        return WAITED[run.state]  # type: ignore[index]
    return ""


def form_of(verb: Verb, run: Run, data: Any = None) -> forms.Form:
    """The form of a step's confirmation."""
    if verb.name == "setujui":
        return ApproveForm(data, aside_count=len(run.set_aside))
    return {"kembalikan": ReturnForm, "bayar": PaidForm}.get(verb.name, ConfirmForm)(data)
