"""Runs as their pages show them: the list, one run with its sums, its people, and what stands in its way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Func, IntegerField, Q, QuerySet, Sum

from allowances.checks import Finding
from allowances.models import Line, Run, RunInput
from allowances.rows import AMOUNTS
from core.models import Job
from core.period import previous_month
from roster.models import Government

LOCKED = (Run.State.LOCKED, Run.State.PAID)
# What a finding is called in the table of checks.
FINDING_LABELS = {
    "missing_document": "Dokumen aturan hilang",
    "stale_draft": "Draf perlu disusun ulang",
    "demonstration_document": "Dokumen peragaan",
    "assumed_document": "Dokumen masih dianggap",
    "empty": "Tidak ada pegawai",
    "days_not_closed": "Hari belum ditutup",
    "set_aside": "Pegawai disisihkan",
    "open_correction": "Koreksi absen belum diputus",
    "total_differs": "Jumlah baris tidak sama dengan total",
    "recomputed_differs": "Hitungan ulang berbeda dari yang tersimpan",
    "net_zero": "Bersih Rp0",
    "large_change": "Berubah lebih dari 50 % dari bulan lalu",
    "shared_account": "Satu rekening dipakai beberapa orang",
}
# Reasons of setting people aside; their findings stand under one heading.
ASIDE_LABELS = {
    "unscored": "Nilai kinerja belum ada",
    "no_class": "Kelas jabatan belum ada",
    "no_gross": "Besaran tunjangan tidak diketahui",
    "unclear_day": "Ada hari yang belum jelas",
    "unknown": "Ada masukan yang belum diketahui",
    "rules": "Aturan tidak dapat dihitung",
}
PASSED = ("days_not_closed", "total_differs", "recomputed_differs", "net_zero", "large_change")


def runs_of(government: Government) -> QuerySet[Run]:
    """All runs, newest month first, with `aside_count`; what was set aside itself is not read."""
    aside = Func("set_aside", function="jsonb_array_length", output_field=IntegerField())
    rows = Run.objects.filter(government=government).defer("set_aside", "policies").annotate(aside_count=aside)
    return rows.order_by("-month", "kind", "-number")


def run_before(run: Run) -> Run | None:
    """The run of the month before that this one is compared with: the same kind, and no draft."""
    rows = Run.objects.filter(government_id=run.government_id, kind=run.kind, month=previous_month(run.month))
    return rows.exclude(state=Run.State.DRAFT).defer("set_aside").order_by("number").first()


def run_sums(run: Run) -> dict[str, Decimal]:
    """Sums of the amounts of all rows, by name without `_rupiah`; one statement."""
    sums = run.inputs.aggregate(**{name: Sum(f"{name}_rupiah") for name in AMOUNTS})
    return {name: sums[name] or Decimal(0) for name in AMOUNTS}


def people_in(run: Run, words: str = "", unit_id: int | None = None) -> QuerySet[RunInput]:
    """Rows of a run by name; `words` are looked for in names, numbers and units. Inputs themselves are not read."""
    rows = run.inputs.defer("given")
    for word in words.split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | Q(number__startswith=word) | Q(unit_name__icontains=word))
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    return rows.order_by("name", "person_id")


def people_aside(run: Run, words: str = "", unit_id: int | None = None) -> list[dict[str, Any]]:
    """Who is not paid in a run, by name: person, number, name, unit_name, reason."""
    wanted = [word.casefold() for word in words.split()[:6]]
    found = []
    for item in run.set_aside:
        text = f"{item.get('name', '')} {item.get('number', '')} {item.get('unit_name', '')}".casefold()
        if all(word in text for word in wanted) and unit_id in (None, item.get("unit")):
            found.append(item)
    return sorted(found, key=lambda item: (item.get("name", ""), item["person"]))


def aside_groups(run: Run) -> list[tuple[str, str, int]]:
    """(heading, what to do, people) of the set-aside, the largest group first."""
    counts = Counter(item["code"] for item in run.set_aside)
    sample = {item["code"]: item["reason"] for item in reversed(run.set_aside)}
    return [(ASIDE_LABELS.get(code, code), sample[code], count) for code, count in counts.most_common()]


@dataclass(frozen=True)
class Brought:
    """Rapel of a run: the largest lines, how many there are, and their sum."""

    lines: list[Line]
    count: int
    total: Decimal


def rapel_of(run: Run, most: int = 8) -> Brought:
    """What other months bring into a run."""
    rows = run.lines.filter(kind__in=["rapel", "carried"], mends_month__isnull=False)
    sums = rows.aggregate(count=Count("pk"), total=Sum("amount_rupiah"))
    size = Func("amount_rupiah", function="abs")
    shown = list(rows.select_related("person").order_by(size.desc(), "pk")[:most]) if sums["count"] else []
    return Brought(shown, sums["count"], sums["total"] or Decimal(0))


@dataclass(frozen=True)
class Check:
    """One kind of finding: how many people, whether it holds the step that comes next, and examples."""

    code: str
    label: str
    kind: str
    icon: str
    word: str
    count: int
    messages: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def names(self) -> bool:
        """Whether there are people to look at."""
        return any(finding.person_id is not None for finding in self.findings)


# The step for which a state waits, as findings name it.
STAGES = {Run.State.DRAFT: "check", Run.State.CHECKED: "approve", Run.State.APPROVED: "lock"}


def checks_of(run: Run, findings: Sequence[Finding]) -> list[Check]:
    """Findings grouped by kind: those that hold the next step, then those that hold a later one, then the rest."""
    groups: dict[str, list[Finding]] = {}
    aside_codes = {item["code"] for item in run.set_aside}
    for finding in findings:
        code = "set_aside" if finding.code in aside_codes and finding.person_id else finding.code
        groups.setdefault(code, []).append(finding)
    made = [_check(run, code, found) for code, found in groups.items()]
    order = {"bad": 0, "warn": 1, "none": 2}
    made.sort(key=lambda check: order[check.kind])
    passed = [Check(code, FINDING_LABELS[code], "ok", "check", "Lolos", 0, ()) for code in PASSED if code not in groups]
    return made + passed


def _check(run: Run, code: str, found: list[Finding]) -> Check:
    stage = STAGES.get(run.state)  # type: ignore[call-overload]
    holding = {finding.stage for finding in found if finding.holds}
    about = {finding.person_id for finding in found if finding.person_id is not None}
    count = len(run.set_aside) if code == "set_aside" else len(about) or 1
    messages = tuple(dict.fromkeys(finding.message for finding in found if finding.person_id is None))
    if not messages:
        messages = tuple(dict.fromkeys(finding.message for finding in found))[:1]
    if stage is not None and stage in holding:
        kind, icon, word = "bad", "bad", "Menahan"
    elif holding and stage is not None:
        later = {"check": "pemeriksaan", "approve": "persetujuan", "lock": "penguncian"}[min(holding)]
        kind, icon, word = "warn", "warn", f"Menahan {later}"
    elif code == "demonstration_document":
        kind, icon, word = "none", "info", "Catatan"
    else:
        kind, icon, word = "warn", "warn", "Tinjau"
    return Check(code, FINDING_LABELS.get(code, code), kind, icon, word, count, messages, tuple(found))


def drafts_under_way(government: Government) -> list[Job]:
    """Drafts that were asked for on a page and are waiting, running or have failed, newest first."""
    states = (Job.State.WAITING, Job.State.RUNNING, Job.State.FAILED)
    rows = Job.objects.filter(government_code=government.code, chain__startswith="draft:", state__in=states)
    return list(rows.order_by("-created_at")[:5])


def units_in(run: Run, most: int) -> list[tuple[int, str]]:
    """(id, name) of at most `most` units of a run, by name."""
    rows = run.inputs.exclude(unit_id=None).order_by("unit_name", "unit_id")
    return list(rows.values_list("unit_id", "unit_name").distinct()[:most])


def unit_name_in(run: Run, unit_id: int) -> str:
    """What a unit was called when the run was drafted; "" where it has nobody in it."""
    return run.inputs.filter(unit_id=unit_id).values_list("unit_name", flat=True).first() or ""
