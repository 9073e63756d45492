"""Says when a night did not finish: once a night and government, by mail and in the log."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import alerts
from core.indonesian import clock, day_words, grouped
from roster.models import Government
from wfh_portal.night_stages import BY_NAME
from wfh_portal.night_states import NightState, Status, begun_days, chain_name, governments_in_use, nights_of

# People come from six on; until then somebody can still do something.
OVERDUE_AT = time(5, 30)
WATCHED_DAYS = 7


def check(now: datetime) -> int:
    """Raise an alert for every night that has not ended when people wake, and send what was not sent; how many new."""
    raised = 0
    for government in governments_in_use():
        for state in nights_of(government, begun_days(government, now, WATCHED_DAYS)):
            if is_bad(government, state, now):
                raised += _raise(government, state, now)
    alerts.deliver(now)
    return raised


def look_at_end(government: Government, on: date, now: datetime) -> None:
    """At the end of a night: an alert at once where something was set aside."""
    [state] = nights_of(government, [on])
    if state.status == Status.ASIDE:
        _raise(government, state, now)
        alerts.deliver(now)


def is_bad(government: Government, state: NightState, now: datetime) -> bool:
    """Whether somebody must be told: something was set aside, or it is late and the night has not ended."""
    return state.status == Status.ASIDE or (state.status != Status.WELL and is_overdue(government, state.on, now))


def is_overdue(government: Government, on: date, now: datetime) -> bool:
    """Whether the night that closes `on` should have ended by now."""
    return now >= datetime.combine(on + timedelta(days=1), OVERDUE_AT, ZoneInfo(government.zone))


def _raise(government: Government, state: NightState, now: datetime) -> bool:
    title = f"{headline(state)}: {government.name}"
    text = f"{headline(state)} untuk {government.name}. {account(state, government.zone)} {remedy(state)}"
    return alerts.raise_once(now, government.code, chain_name(state.on), title, text)


def headline(state: NightState) -> str:
    """What is the matter, in a line."""
    on = day_words(state.on)
    return {
        Status.WELL: f"Malam {on} selesai",
        Status.ASIDE: f"Malam {on} selesai, tetapi ada yang disisihkan",
        Status.OPEN: f"Malam {on} belum selesai",
        Status.MISSING: f"Malam {on} belum dimulai",
    }[state.status]


def account(state: NightState, zone: str) -> str:
    """Which stage, how many people, since when; no name of anybody."""
    if state.status == Status.MISSING:
        return f"Hari {day_words(state.on)} belum ditutup untuk seorang pun."
    if state.status == Status.ASIDE:
        labels = ", ".join(f"“{BY_NAME[stage.stage].label}”" for stage in state.stages if stage.chunks_failed)
        return f"{grouped(state.people_aside)} pegawai disisihkan pada tahap {labels}; yang lain sudah dihitung."
    since = f" sejak pukul {clock(state.stages[-1].planned_at, zone)}" if state.stages else ""
    people = (
        f" {grouped(state.people_done)} pegawai selesai, {grouped(state.people_open)} belum."
        if state.stages and state.stages[-1].people
        else ""
    )
    return f"Malam ini berada pada tahap “{state.stage_label}”{since}.{people}"


def remedy(state: NightState) -> str:
    """What the personnel office and the operators can do."""
    again = f"manage.py night --date {state.on.isoformat()} --wait"
    if state.status == Status.ASIDE:
        return (
            "Buka halaman Perhitungan malam, perbaiki data pegawai yang disisihkan, "
            f"lalu minta pengelola sistem menjalankan: {again}"
        )
    return (
        "Pastikan worker dan beat berjalan serta basis data dan antrean menjawab (/healthz); malam ini lalu berlanjut "
        f"sendiri. Bila tidak, minta pengelola sistem menjalankan: {again}"
    )
