"""The check-in under the morning's load: presses at random instants, 300 a second for a minute, then ever more.

The measure is the press, a POST that is answered by the receipt's address. Floor: a view of one INSERT behind the same
middleware, by the same server, in the same run, half before and half after.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.load import Answers
from bench.measure import ROUNDS, Measure
from bench.morning import MARK, Morning
from bench.served import Server, Window, quantile, send, served

RATE = 300
MINUTE_SECONDS = 60
STEP_SECONDS = 10
STEPS = range(300, 1_300, 100)
WARM_UP = 400
OTHER_RATE, OTHER_SECONDS = 100, 10
RECEIPT = "/absen/bukti/"


def measure(size: int, minute_seconds: int = MINUTE_SECONDS) -> list[Measure]:
    """The press beside its floor (of three rounds the one with the middle ratio), then the steps up to saturation."""
    morning = Morning(min(size, ROUNDS * RATE * minute_seconds + sum(STEPS) * STEP_SECONDS))
    try:
        with served() as portal, served("bench.floor_app:application") as floor:
            return [_measured(size, morning, portal, floor, minute_seconds)]
    finally:
        morning.end()


def _measured(size: int, morning: Morning, portal: Server, floor: Server, minute_seconds: int) -> Measure:
    for server, requests in ((portal, morning.presses), (floor, morning.floors)):
        send(server, requests(WARM_UP, server.port), RATE / 2)
    rounds = [_round(morning, portal, floor, minute_seconds) for _ in range(ROUNDS)]
    minute, floors = sorted(rounds, key=lambda each: _ratio(*each, "p99_ms"))[ROUNDS // 2]
    others = {
        "page": _other(portal, morning.pages(OTHER_RATE * OTHER_SECONDS, portal.port)),
        "receipt": _other(portal, morning.receipts(portal.port, OTHER_RATE * OTHER_SECONDS)),
    }
    steps, saturated_at = _steps(morning, portal)
    pressed, floored = minute.summary([302]), floors.summary([302])
    detail = {
        "press": pressed,
        "floor": floored,
        "p50_ratio": _ratio(minute, floors, "p50_ms"),
        "p99_ratio": _ratio(minute, floors, "p99_ms"),
        "rounds": [{"press": press.summary([302]), "floor": under.summary([302])} for press, under in rounds],
        "steps": [step.summary([302]) for step in steps],
        "saturated_at": saturated_at,
        "statements": statements(morning),
        **others,
        **_recorded([window.answers for window in [*(press for press, _ in rounds), *steps]]),
        "people": len(morning.people),
        "day": f"{morning.on}",
        "all_called_in_on_a_free_day": morning.opened,
    }
    return Measure(
        "check_in", size, pressed["p99_ms"] / 1_000, floored["p99_ms"] / 1_000, round(minute.peak_mb, 1), detail
    )


def _round(morning: Morning, portal: Server, floor: Server, minute_seconds: int) -> tuple[Window, Window]:
    """A minute of presses between two halves of a minute of the floor: the machine's clock drifts meanwhile."""
    half = RATE * minute_seconds // 2
    before = send(floor, morning.floors(half, floor.port), RATE)
    minute = send(portal, morning.presses(2 * half, portal.port), RATE)
    after = send(floor, morning.floors(half, floor.port), RATE, seed=8)
    floors = Window(RATE, _together(before.answers, after.answers), before.web_cpu_seconds + after.web_cpu_seconds,
                    before.database_cpu_seconds + after.database_cpu_seconds, before.peak_mb)  # fmt: skip
    return minute, floors


def _ratio(press: Window, floors: Window, quantile_name: str) -> float:
    return round(press.summary([302])[quantile_name] / floors.summary([302])[quantile_name], 2)


def _steps(morning: Morning, portal: Server) -> tuple[list[Window], int | None]:
    """Ever higher rates until one is too much: over 1 % errors, or a queue that grows; None when none was."""
    windows = []
    for rate in STEPS:
        window = send(portal, morning.presses(rate * STEP_SECONDS, portal.port), rate)
        windows.append(window)
        if is_saturated(window):
            return windows, rate
    return windows, None


def is_saturated(window: Window) -> bool:
    """Whether more came than was answered: errors, or a quarter of a second's requests unanswered at the end."""
    answers = window.answers
    errors = sum(status != 302 for status in answers.status)
    last = answers.latency_ms[-len(answers.latency_ms) // 10 :]
    return (
        errors * 100 > len(answers.status)
        or answers.waiting_at_end > window.rate / 4
        or quantile(last, 0.5) > 250
    )  # fmt: skip


def _other(portal: Server, requests: list[str]) -> dict[str, Any]:
    return send(portal, requests, OTHER_RATE).summary([200])


def _together(*parts: Answers) -> Answers:
    whole = Answers()
    for part in parts:
        for name in ("latency_ms", "late_ms", "status", "location", "bytes"):
            getattr(whole, name).extend(getattr(part, name))
        whole.seconds += part.seconds
        whole.cpu_seconds += part.cpu_seconds
        whole.waiting_at_end = max(whole.waiting_at_end, part.waiting_at_end)
        whole.connections = max(whole.connections, part.connections)
    return whole


def _recorded(parts: Sequence[Answers]) -> dict[str, Any]:
    """Whether each press that was answered by a receipt is one punch, with that receipt and no other."""
    told = [place.removeprefix(RECEIPT).strip("/") for part in parts for place in part.location if RECEIPT in place]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT receipt_code), count(DISTINCT (person_id, request_key)), "
            "count(*) FILTER (WHERE receipt_code = ANY(%s)) FROM attendance_punch WHERE request_key LIKE %s "
            "AND work_date >= current_date - 2",
            [told, f"{MARK}%"],
        )
        rows, codes, keys, found = cursor.fetchone()
    return {
        "receipts_told": len(told),
        "receipts_found": found,
        "each_press_one_punch": len(set(told)) == len(told) == found and rows == codes == keys,
    }


def statements(morning: Morning) -> dict[str, int]:
    """SQL statements of the three requests of a check-in, with those of session, account and rights."""
    presser = morning.people[0]
    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = presser.session
    counted: dict[str, int] = {}
    # The first time a connection also plans the statements that it keeps.
    for key in ("first", "counted"):
        form = {"token": morning.token(presser.person_id, "out"), "key": f"{MARK}{key}", "sure": "1"}
        counted["page"], _ = _counted(lambda: client.get("/absen/"))
        counted["press"], answer = _counted(lambda form=form: client.post("/absen/", form))  # type: ignore[misc]
        counted["receipt"], _ = _counted(lambda place=answer["Location"]: client.get(place))  # type: ignore[misc]
    return counted


def _counted(ask: Callable[[], Any]) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    return len(captured), answer
