"""kill -9 of PostgreSQL in the middle of the morning: what had a receipt is there, the rest is told plainly."""

import json
import threading
import time

from tests.fault_load import Line, Phone, Press, press_of, send_all
from tests.fault_servers import FAULTS, FaultServers

pytestmark = FAULTS
PLAIN = "Portal sedang tidak dapat menyimpan"


def test_every_receipt_outlives_a_killed_database(faults: FaultServers) -> None:
    faults.start_web()
    phones = faults.phones(240)
    told: list[tuple[int, dict, float]] = []
    killed = threading.Event()

    def kill(count: int) -> None:
        if count >= 80 and not killed.is_set():
            killed.set()
            faults.kill_database()
            threading.Thread(target=come_back, daemon=True).start()

    def come_back() -> None:
        told.extend((faults.health(), faults.health("/readyz")))
        faults.start_database()

    presses = [press_of(phone) for phone in phones]
    answers = send_all(faults.port, presses, threads=6, between=kill)
    assert killed.is_set()
    refused = [answer for answer in answers if answer.status == 503]
    assert {answer.status for answer in answers} <= {302, 503}
    assert refused
    for answer in refused:
        assert PLAIN in answer.text and "TIDAK tercatat" in answer.text
        assert "Traceback" not in answer.text
        assert 20 <= int(answer.retry_after) <= 60
    faults.start_database()
    assert told[0][:2] == (503, {"database": False, "cache": True})
    assert told[1][:2] == (503, {"database": False})
    given = {answer.press.key: answer.receipt_code for answer in answers if answer.receipt_code}
    assert len(given) >= 80
    assert given.items() <= standing(faults, presses).items()
    # The page's script sends again what had no receipt; connections of before the crash heal by themselves.
    again = send_all(faults.port, presses, threads=6)
    assert {answer.status for answer in again} == {302}
    assert standing(faults, presses) == {answer.press.key: answer.receipt_code for answer in again}
    assert given.items() <= standing(faults, presses).items()


def standing(faults: FaultServers, presses: list[Press]) -> dict[str, str]:
    """Receipt code by request key of what is in the database; a key that stands twice fails."""
    rows = "SELECT request_key, receipt_code FROM attendance_punch WHERE request_key = ANY(%s)"
    found = faults.sql(rows, [[press.key for press in presses]])
    assert len(found) == len({key for key, _code in found})
    return dict(found)


def test_pages_and_endpoints_without_a_database_say_so_and_heal(faults: FaultServers) -> None:
    faults.start_web()
    phone = faults.phones(1)[0]
    line = Line(faults.port)
    assert line.ask(phone, "/")[0] == 200
    faults.kill_database()
    for path in ("/", "/absen/", "/masuk/", "/kehadiran/bulan/"):
        status, headers, text = ask_away(line, phone, path)
        if path == "/masuk/" and status == 200:
            continue
        assert (status, PLAIN in text) == (503, True), path
        assert headers.get("Retry-After")
    status, headers, text = ask_away(line, phone, "/api/documents/")
    assert (status, json.loads(text)["code"]) == (503, "unavailable")
    faults.start_database()
    assert {line.ask(phone, "/")[0] for _ in range(16)} == {200}
    assert faults.health()[:2] == (200, {"database": True, "cache": True})
    line.close()


def ask_away(line: Line, phone: Phone, path: str) -> tuple:
    """An answer while the database is away, which must come soon."""
    began = time.monotonic()
    answer = line.ask(phone, path)
    assert time.monotonic() - began < 14, path
    return answer
