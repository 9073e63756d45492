"""kill -9 of a web process in the middle of the morning: what had a receipt stands, once."""

from tests.fault_load import press_of, send_all
from tests.fault_servers import FAULTS, FaultServers

pytestmark = FAULTS


def punches(faults: FaultServers, answers) -> dict[str, list[str]]:
    """Receipt codes that stand in the database, by request key."""
    keys = [answer.press.key for answer in answers]
    found: dict[str, list[str]] = {}
    for key, code in faults.sql(
        "SELECT request_key, receipt_code FROM attendance_punch WHERE request_key = ANY(%s)", [keys]
    ):
        found.setdefault(key, []).append(code)
    return found


def test_presses_survive_a_killed_web_process(faults: FaultServers) -> None:
    faults.start_web()
    phones = faults.phones(200)
    killed: list[int] = []

    def kill(count: int) -> None:
        if count >= 60 and not killed:
            killed.append(faults.kill_web_worker())

    answers = send_all(faults.port, [press_of(phone) for phone in phones], threads=16, between=kill)
    print({status: sum(answer.status == status for answer in answers) for status in {a.status for a in answers}})
    assert killed
    assert {answer.status for answer in answers} <= {302, 0}
    standing = punches(faults, answers)
    for answer in answers:
        if answer.receipt_code:
            assert standing[answer.press.key] == [answer.receipt_code]
    again = send_all(faults.port, [answer.press for answer in answers], threads=16)
    assert {answer.status for answer in again} == {302}
    standing = punches(faults, answers)
    assert all(len(codes) == 1 for codes in standing.values())
    assert {answer.press.key: [answer.receipt_code] for answer in again} == standing
