"""The effect of a draft on everybody's month: asked for on a page, computed in chunks by any number of workers.

Rows of a chunk replace those that stand, so a chunk may run again. Nothing but `EffectRow` is written.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection, transaction

from allowances.effect import DraftPlan, plan_of_draft
from allowances.effect_summary import PersonEffect
from allowances.models import EffectRow, RegulationEffect, Run
from allowances.operations.drafting import posted_people
from allowances.operations.facts import read_facts
from allowances.rows import money_text, rupiah_of, sen
from attendance.queries import has_decided_days
from core import audit, jobs
from core.copying import copy_rows
from core.errors import PortalError
from core.indonesian import month_words
from core.models import Job
from policy.models import RegulationDraft
from policy.operations.drafts import fingerprint, read_draft, texts_of
from roster.models import Government

STAGE = "regulation_effect"
PEOPLE_A_CHUNK = 4_000
COLUMNS = (
    "effect_id", "person_id", "number", "name", "unit_name", "job_class", "rank", "before_rupiah", "after_rupiah",
    "reason",
)  # fmt: skip
# Amounts cross as whole sen and facts as the text that they are kept as: a third of the time of model fields.
INPUTS = """
SELECT person_id, number, name, unit_name, job_class, rank, ((net_rupiah - carried_over_rupiah) * 100)::bigint,
    given::text
FROM allowances_runinput WHERE run_id = %s AND person_id BETWEEN %s AND %s ORDER BY person_id
"""


def chain_of(effect: RegulationEffect) -> str:
    """The chain under which `core.jobs.progress` finds the work."""
    return f"effect:{effect.pk}"


def run_of(government: Government, month: date) -> Run | None:
    """The regular run of a month whose frozen facts an effect is computed on."""
    return Run.objects.filter(government=government, month=month, kind="regular", number=1).first()


@transaction.atomic
def request_effect(
    draft: RegulationDraft,
    government: Government,
    month: date,
    user: Any,
    at: datetime,
    send: Callable[[int], None],
) -> RegulationEffect:
    """Ask for the effect on a month; an earlier one of this draft and month is replaced. `send(job id)` on commit.

    The caller has seen that `user` may ask. Raises PortalError: the draft cannot be used, or nothing of the month is
    known yet.
    """
    month = month.replace(day=1)
    RegulationDraft.objects.select_for_update().get(pk=draft.pk)
    plan_of_draft(read_draft(draft), government.code, month)
    run = run_of(government, month)
    if run is None and not has_decided_days(government, month):
        raise PortalError(
            f"{month_words(month)} belum punya hari yang diputuskan dan belum punya perhitungan. Pilih bulan lain."
        )
    for old in RegulationEffect.objects.filter(draft=draft, month=month):
        Job.objects.filter(government_code=government.code, chain=chain_of(old), stage=STAGE).delete()
        old.delete()
    effect = RegulationEffect.objects.create(
        draft=draft, government=government, month=month, run=run, fingerprint=fingerprint(texts_of(draft)),
        requested_by=user, requested_at=at,
    )  # fmt: skip
    chunks = [
        jobs.Chunk(f"{part[0]}-{part[-1]}", {"effect": effect.pk, "first": part[0], "last": part[-1]}, len(part))
        for part in _parts(_people(effect))
    ]
    rows = jobs.plan(government.code, chain_of(effect), STAGE, chunks)
    jobs.mark_sent([job.pk for job in rows], at)
    audit.record(
        at, government.code, getattr(user, "username", ""), "regulation_effect.requested", f"draft:{draft.pk}",
        {"month": month.isoformat(), "run": run.pk if run else None, "fingerprint": effect.fingerprint},
    )  # fmt: skip
    transaction.on_commit(lambda: [send(job.pk) for job in rows])
    return effect


def run_chunk(job_id: int, clock: Callable[[], datetime]) -> None:
    """Do one chunk of an effect, if its row is free. What people can put right stands in the row."""
    job = jobs.claim(job_id, clock())
    if job is None:
        return
    about = job.arguments
    effect = RegulationEffect.objects.select_related("government", "draft", "run").filter(pk=about["effect"]).first()
    if effect is None:
        jobs.finish(job, clock(), 0)
        return
    try:
        with jobs.beating(job, clock):
            count = _store(effect, about["first"], about["last"])
    except PortalError as error:
        jobs.refuse(job, clock(), str(error))
        return
    jobs.finish(job, clock(), count)


def sweep(now: datetime, send: Callable[[int], None]) -> int:
    """Send chunks again whose message or worker was lost; how many."""
    return jobs.sweep(now, [STAGE], send)


def computed(
    government: Government, month: date, run: Run | None, draft: DraftPlan, first: int, last: int
) -> Iterator[PersonEffect]:
    """The effect on people of ids in [first, last]: on the frozen inputs of `run`, else on today's facts."""
    if run is None:
        yield from _on_todays_facts(government, month, draft, first, last)
        return
    with connection.cursor() as cursor:
        cursor.execute(INPUTS, [run.pk, first, last])
        for *about, sen_before, given in cursor:
            after, reason = draft.net_of(orjson.loads(given))
            yield PersonEffect(*about, rupiah_of(sen_before), after, reason)


def todays_facts(government: Government, month: date, draft: DraftPlan, person_id: int) -> dict[str, Any]:
    """What the rules are given for one person of a month without a run. Raises PortalError: set aside, or no post."""
    facts = read_facts(government, month, draft.plan, [person_id]).get(person_id)
    if facts is None or facts.aside is not None:
        raise PortalError(facts.aside[1] if facts and facts.aside else "Pegawai ini tidak memegang jabatan bulan itu.")
    return facts.given


def _on_todays_facts(
    government: Government, month: date, draft: DraftPlan, first: int, last: int
) -> Iterator[PersonEffect]:
    people = [person_id for person_id in posted_people(government, month) if first <= person_id <= last]
    for person_id, facts in read_facts(government, month, draft.plan, people).items():
        person = facts.person
        after, reason = draft.net_of(facts.given) if facts.aside is None else (None, facts.aside[1])
        yield PersonEffect(
            person_id, person.number, person.name[:520], person.unit_name[:250], person.job_class, person.rank[:20],
            None, after, reason[:250],
        )  # fmt: skip


def _people(effect: RegulationEffect) -> list[int]:
    if effect.run is not None:
        return list(effect.run.inputs.order_by("person_id").values_list("person_id", flat=True))
    return sorted(posted_people(effect.government, effect.month))


def _parts(people: list[int]) -> Iterable[list[int]]:
    """Parts of nearly the same size, so that no worker waits long for another at the end."""
    count = -(-len(people) // PEOPLE_A_CHUNK)
    return (people[len(people) * part // count : len(people) * (part + 1) // count] for part in range(count))


def _is_held(effect: RegulationEffect) -> bool:
    """Whether the effect still stands; it cannot be replaced until the transaction ends, and chunks do not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM allowances_regulationeffect WHERE id = %s FOR KEY SHARE", [effect.pk])
        return cursor.fetchone() is not None


def _store(effect: RegulationEffect, first: int, last: int) -> int:
    draft = plan_of_draft(read_draft(effect.draft), effect.government.code, effect.month)
    if fingerprint(texts_of(effect.draft)) != effect.fingerprint:
        raise PortalError("Berkas rancangan berubah selagi dihitung. Hitung lagi.")
    found = computed(effect.government, effect.month, effect.run, draft, first, last)
    values = [
        (effect.pk, one.person_id, one.number, one.name, one.unit_name, one.job_class, one.rank,
         None if one.before is None else money_text(sen(one.before)),
         None if one.after is None else money_text(one.after), one.reason)
        for one in found
    ]  # fmt: skip
    with transaction.atomic():
        if not _is_held(effect):
            return 0
        EffectRow.objects.filter(effect=effect, person_id__gte=first, person_id__lte=last).delete()
        return copy_rows(EffectRow._meta.db_table, COLUMNS, values)
