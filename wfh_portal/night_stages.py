"""The stages of a night, in their order: each reads the one before, writes its own table, and may run again."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from allowances.models import Run
from allowances.operations import draft_chunk
from allowances.operations.run_rows import settle_head
from allowances.queries.hooks import has_draft
from attendance.operations import close_day, plan_day, score_evidence, take_in_waiting
from core.errors import PortalError
from core.jobs import Chunk
from core.models import Job
from core.period import previous_month
from performance.operations import score_month
from roster.models import Assignment, Government, Person
from roster.queries import known_on

WHOLE = "all"


def chain_name(on: date) -> str:
    """The chain of the night that closes `on`."""
    return f"night:{on.isoformat()}"


@dataclass(frozen=True)
class Night:
    """What one night is about: the day that closes, and the month that is scored and drafted."""

    government: Government
    on: date
    month: date

    def today(self, now: datetime) -> date:
        """The date at `now` in the office's zone."""
        return now.astimezone(ZoneInfo(self.government.zone)).date()


@dataclass(frozen=True)
class Outcome:
    """What a chunk came to: people done, and people set aside, each `{"person", "reason"}`."""

    done_count: int
    set_aside: list[dict] = field(default_factory=list)


Work = Callable[[Night, Sequence[int] | None, datetime], Outcome]


@dataclass(frozen=True)
class Stage:
    """One stage; `by_people`: cut into chunks of people by unit, else one piece."""

    name: str
    label: str
    work: Work
    by_people: bool = True


def _take_in(night: Night, _people: Sequence[int] | None, now: datetime) -> Outcome:
    take_in_waiting(night.government, now)
    return Outcome(0)


def _close(night: Night, people: Sequence[int] | None, now: datetime) -> Outcome:
    closed = close_day(night.government, night.on, now, people)
    return Outcome(closed.written, closed.set_aside)


def _plan(night: Night, people: Sequence[int] | None, now: datetime) -> Outcome:
    """Today, in case it was never planned, and tomorrow; a day that is over keeps the plan that people saw."""
    today, planned = night.today(now), 0
    for on in (night.on + timedelta(days=1), night.on + timedelta(days=2)):
        if on >= today:
            planned = plan_day(night.government, on, now, people)
    return Outcome(planned)


def _evidence(night: Night, _people: Sequence[int] | None, now: datetime) -> Outcome:
    # What it returns are cases, not people: they wait in their own list.
    score_evidence(night.government, night.on, now)
    return Outcome(0)


def _score(night: Night, people: Sequence[int] | None, now: datetime) -> Outcome:
    """The month's scores; last month's too while its draft is not checked yet."""
    before = previous_month(night.month)
    if has_draft(night.government, before):
        score_month(night.government, before, now, people)
    scored = score_month(night.government, night.month, now, people)
    return Outcome(scored.written, scored.set_aside)


def _draft(night: Night, people: Sequence[int] | None, now: datetime) -> Outcome:
    """The month's draft; last month's too while it is not checked yet, for what was learned since."""
    before = previous_month(night.month)

    def is_last() -> bool:
        return _nobody_waits(night, "draft_run")

    if has_draft(night.government, before):
        draft_chunk(night.government, before, people or [], now, is_last)
    done, set_aside = draft_chunk(night.government, night.month, people or [], now, is_last)
    # People without a score yet are the rule until the month is over; the run itself names them.
    return Outcome(done, [item for item in set_aside if item["code"] != "unscored"])


def _nobody_waits(night: Night, stage: str) -> bool:
    """Whether only chunks that are under way are left: each of these must take itself for the last one."""
    waiting = Job.objects.filter(
        government_code=night.government.code, chain=chain_name(night.on), stage=stage, state=Job.State.WAITING
    )
    return not waiting.exists()


def settle_drafts(night: Night, now: datetime) -> None:
    """Make the heads of the night's drafts anew: where the last chunk lost its process, nobody did."""
    months = (previous_month(night.month), night.month)
    drafts = Run.objects.filter(
        government=night.government, month__in=months, kind="regular", number=1, state=Run.State.DRAFT
    )
    for run_id in drafts.values_list("pk", flat=True):
        # Somebody who has checked the run meanwhile is right: then it is no draft any more.
        with suppress(PortalError):
            settle_head(run_id, now)


STAGES: tuple[Stage, ...] = (
    Stage("take_in", "Mengambil baris mesin yang menunggu", _take_in, by_people=False),
    Stage("close_day", "Menutup hari", _close),
    Stage("evidence", "Memeriksa bukti absen", _evidence, by_people=False),
    Stage("plan_day", "Merencanakan hari berikutnya", _plan),
    Stage("score_month", "Menilai bulan", _score),
    Stage("draft_run", "Menyusun draf tunjangan", _draft),
)
BY_NAME = {stage.name: stage for stage in STAGES}


def chunks_of(stage: Stage, night: Night, people_a_chunk: int) -> list[Chunk]:
    """The chunks of a stage: whole units side by side until a chunk is full; a larger unit is cut."""
    about = {"on": night.on.isoformat(), "month": night.month.isoformat(), "people_a_chunk": people_a_chunk}
    if not stage.by_people:
        return [Chunk(WHOLE, about)]
    ordered = _people_by_unit(night)
    pieces = [ordered[start : start + people_a_chunk] for start in range(0, len(ordered), people_a_chunk)]
    return [
        Chunk(f"{number:05}", {**about, "person_ids": piece}, len(piece)) for number, piece in enumerate(pieces, 1)
    ] or [Chunk(WHOLE, {**about, "person_ids": []})]


def _people_by_unit(night: Night) -> list[int]:
    """Everybody of the government, unit by unit; people without a post come last."""
    posted = Assignment.objects.filter(
        known_on(night.on), person__government=night.government, kind=Assignment.Kind.DEFINITIVE
    ).order_by("unit_id", "person_id")
    ordered = list(dict.fromkeys(posted.values_list("person_id", flat=True)))
    seen = set(ordered)
    everybody = Person.objects.filter(government=night.government).order_by("pk").values_list("pk", flat=True)
    return ordered + [person_id for person_id in everybody if person_id not in seen]
