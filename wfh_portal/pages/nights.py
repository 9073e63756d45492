"""How nights went: a note on home pages when one did not finish, and the page with every stage."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.indonesian import clock, day_words, grouped
from core.models import Job
from roster.models import Government, Person, Role
from roster.rights import require
from wfh_portal.night_stages import BY_NAME
from wfh_portal.night_states import NightState, Status, begun_days, chain_name, nights_of, people_aside
from wfh_portal.night_watch import account, headline, is_bad, remedy
from wfh_portal.pages.parts import Note, Section, Todo, actions

SHOWN_NIGHTS = 14
SHOWN_NOTES = 3
SHOWN_PEOPLE = 200
READERS = (Role.HR, Role.ADMINISTRATOR, Role.AUDITOR)
STATUS_READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
WORDS = {
    Status.WELL: ("ok", "check", "Selesai"),
    Status.ASIDE: ("warn", "warn", "Ada yang disisihkan"),
    Status.OPEN: ("wfh", "wait", "Berjalan"),
    Status.MISSING: ("none", "none", "Belum dimulai"),
}


def section_of_nights(government: Government, now: datetime, *, with_remedy: bool) -> list[Section]:
    """What a home page says of nights: what is wrong first, then the night that the figures are of.

    `with_remedy`: for those who can do something; others read what it means for the figures.
    """
    states = nights_of(government, begun_days(government, now, SHOWN_NIGHTS))
    if not states:
        return []
    last = next((state for state in reversed(states) if state.status in (Status.WELL, Status.ASIDE)), None)
    bad = [state for state in reversed(states) if is_bad(government, state, now)][:SHOWN_NOTES]
    notes = []
    for state in bad:
        about = account(state, government.zone)
        more = remedy(state) if with_remedy else _meaning(state, last)
        notes.append(Note(headline(state), f"{about} {more}", _kind(state), _kind(state)))
    onward = actions(("Lihat setiap tahap", "nights", "check")) if with_remedy else []
    return [Section("Perhitungan malam", notes=notes, todos=_lines(government, states[-1], last), actions=onward)]


def _kind(state: NightState) -> str:
    return "warn" if state.status == Status.ASIDE else "bad"


def _meaning(state: NightState, last: NightState | None) -> str:
    if state.status == Status.ASIDE:
        return "Angka pegawai yang disisihkan belum termasuk di halaman ini; kepegawaian memperbaikinya."
    until = f"masih menurut malam {day_words(last.on)}" if last else "belum ada"
    return f"Kehadiran yang diputuskan, nilai, dan TPP di halaman ini {until}; kepegawaian menanganinya."


def _lines(government: Government, newest: NightState, last: NightState | None) -> list[Todo]:
    lines = []
    if newest.status == Status.OPEN:
        done, total = newest.people_done, newest.people_done + newest.people_open
        end = f"{grouped(done)} dari {grouped(total)} pegawai" if total else ""
        lines.append(Todo(f"Malam {day_words(newest.on)}: {newest.stage_label}", end, "wfh", "wait"))
    if last:
        end = f"pukul {clock(last.ended_at, government.zone, seconds=False)}" if last.ended_at else ""
        lines.append(Todo(f"Malam terakhir yang selesai: {day_words(last.on)}", end, "ok", "ok"))
    else:
        lines.append(Todo("Belum ada malam yang selesai", "", "none", "none"))
    return lines


@dataclass(frozen=True)
class NightRow:
    """One night of the list."""

    state: NightState
    kind: str
    icon: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class StageRow:
    """One stage of a night: its chunks, and the hosts that did them."""

    label: str
    chunks: int
    done: int
    aside: int
    cut: int
    people: int
    people_done: int
    attempts: int
    workers: list[str]


@require_GET
@require(*READERS)
@never_cache
def nights(request: HttpRequest) -> HttpResponse:
    """The last two weeks of nights; one of them (?malam=YYYY-MM-DD) with its stages, hosts and people set aside."""
    now, government = timezone.now(), request.government
    local = now.astimezone(ZoneInfo(government.zone))
    states = list(reversed(nights_of(government, begun_days(government, now, SHOWN_NIGHTS))))
    chosen = _chosen(request.GET.get("malam", ""), states, government, local)
    context: dict[str, Any] = {
        "nights": [NightRow(state, *WORDS[state.status], chosen is not None and state == chosen) for state in states],
        "chosen": chosen,
        "may_see_status": bool(request.roles & set(STATUS_READERS)),
        "zone": government.zone,
    }
    if chosen is not None:
        bad = is_bad(government, chosen, now)
        context |= {
            "stages": _stage_rows(government, chosen.on),
            "aside": _named(government, chosen.on),
            "headline": headline(chosen),
            "account": f"{account(chosen, government.zone)} {remedy(chosen)}" if bad else "",
            "kind": _kind(chosen),
        }
    return render(request, "pages/nights.html", context)


def _chosen(words: str, states: list[NightState], government: Government, local: datetime) -> NightState | None:
    """The night that was asked for, else the newest that is bad, else the newest."""
    for state in states:
        if state.on.isoformat() == words:
            return state
    return next((state for state in states if is_bad(government, state, local)), states[0] if states else None)


def _stage_rows(government: Government, on: date) -> list[StageRow]:
    rows = (
        Job.objects.filter(government_code=government.code, chain=chain_name(on))
        .values("stage")
        .annotate(
            chunks=Count("pk", filter=~Q(state="split")),
            done=Count("pk", filter=Q(state="done")),
            aside=Count("pk", filter=Q(state="failed")),
            cut=Count("pk", filter=Q(state="split")),
            attempts=Count("pk", filter=Q(attempts__gt=1)),
            workers=ArrayAgg("worker", distinct=True, filter=~Q(worker=""), default=[]),
        )
        .order_by("stage")
    )
    by_stage = {row["stage"]: row for row in rows}
    [state] = nights_of(government, [on])
    return [
        StageRow(
            BY_NAME[stage.stage].label,
            *(by_stage[stage.stage][name] for name in ("chunks", "done", "aside", "cut")),
            stage.people,
            stage.people_done,
            by_stage[stage.stage]["attempts"],
            by_stage[stage.stage]["workers"],
        )
        for stage in state.stages
    ]


def _named(government: Government, on: date) -> list[dict[str, Any]]:
    """People set aside with their names, the first of them."""
    found = people_aside(government.code, on)[:SHOWN_PEOPLE]
    names = dict(
        Person.objects.filter(government=government, pk__in=[one.person_id for one in found]).values_list("pk", "name")
    )
    return [{"pk": one.person_id, "name": names.get(one.person_id, "—"), "about": one} for one in found]
