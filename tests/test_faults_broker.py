"""Valkey killed with all its data, in the middle of the morning and before it: the portal goes on without."""

import threading

from tests.fault_load import Line, press_of, send_all
from tests.fault_servers import FAULTS, FaultServers

pytestmark = FAULTS
PAGES = ("/", "/absen/", "/kehadiran/bulan/")


def test_the_morning_goes_on_when_the_broker_is_killed_and_comes_back_empty(faults: FaultServers) -> None:
    faults.start_web()
    phones = faults.phones(160)
    killed = threading.Event()

    def kill(count: int) -> None:
        if count >= 40 and not killed.is_set():
            killed.set()
            faults.kill_broker(lose_data=True)

    answers = send_all(faults.port, [press_of(phone) for phone in phones], between=kill)
    assert killed.is_set()
    assert [answer.status for answer in answers if not answer.receipt_code] == []
    line = Line(faults.port)
    for path in PAGES:
        assert line.ask(phones[0], path)[0] == 200, path
    for answer in answers[:5] + answers[-5:]:
        assert line.ask(answer.press.phone, answer.location)[0] == 200
    assert line.ask(None, "/masuk/")[0] == 200
    assert faults.health()[:2] == (503, {"database": True, "cache": False})
    assert faults.health("/readyz")[:2] == (200, {"database": True})
    faults.start_broker()
    again = send_all(faults.port, [answer.press for answer in answers])
    assert {answer.press.key: answer.receipt_code for answer in again} == {
        answer.press.key: answer.receipt_code for answer in answers
    }
    assert faults.health()[:2] == (200, {"database": True, "cache": True})
    line.close()


def test_everybody_gets_a_receipt_while_the_broker_hangs(faults: FaultServers) -> None:
    """Worse than one that is gone: each question to it costs the whole wait, unless nobody goes on asking."""
    faults.start_web()
    phones = faults.phones(120)
    faults.freeze_broker()
    answers = send_all(faults.port, [press_of(phone) for phone in phones])
    assert [answer.status for answer in answers if not answer.receipt_code] == []
    assert faults.health()[:2] == (503, {"database": True, "cache": False})
    faults.freeze_broker(False)
    rows = "SELECT count(*), count(DISTINCT person_id) FROM attendance_punch WHERE person_id = ANY(%s)"
    assert faults.sql(rows, [[phone.person_id for phone in phones]]) == [(len(phones), len(phones))]
