"""The same press many times over, and thousands of phones that deliver their queues at nine o'clock."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.fault_load import Answer, Phone, Press, press_of, send_all
from tests.fault_servers import FAULTS, FaultServers

pytestmark = FAULTS
PHONES_IN_OUTAGE, PHONES_WITHOUT = 4_500, 500


def test_every_request_sent_three_times_at_once_is_one_press(faults: FaultServers) -> None:
    faults.start_web()
    phones = faults.phones(150)
    waited = queued(phones[100:], datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20))
    presses = [press_of(phone) for phone in phones[:100]] + waited
    storm = [press for press in presses for _ in range(3)]
    answers = send_all(faults.port, storm, threads=12)
    assert {answer.status for answer in answers} == {302}
    codes: dict[str, set[str]] = {}
    for answer in answers:
        codes.setdefault(answer.press.key, set()).add(answer.receipt_code)
    rows = faults.sql(
        "SELECT request_key, receipt_code FROM attendance_punch WHERE request_key = ANY(%s)", [list(codes)]
    )
    assert len(rows) == len(presses)
    assert {key: {code} for key, code in rows} == codes
    assert corrections(faults, phones) == dict.fromkeys(people(phones[100:]), 1)


def queued(phones: list[Phone], claimed_at: datetime) -> list[Press]:
    """Presses that waited on phones since `claimed_at`, from pages made ten minutes before."""
    issued_at = claimed_at - timedelta(minutes=10)
    return [Press(phone, phone.token(issued_at=issued_at), claimed_at=claimed_at) for phone in phones]


def declare_outage(faults: FaultServers, phone: Phone, around: datetime) -> None:
    """An outage of the phone's whole government, around an instant."""
    faults.sql(
        "INSERT INTO attendance_outage (government_id, number, starts_at, ends_at, reason, declared_at)"
        " VALUES (%s, 'G-UJI-1', %s, %s, 'uji', now())",
        [phone.government_id, around - timedelta(hours=1), around + timedelta(minutes=15)],
    )


def test_thousands_of_phones_deliver_their_queues_at_once(faults: FaultServers) -> None:
    faults.start_web()
    claimed_at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    inside, outside = faults.phones(PHONES_IN_OUTAGE), faults.phones(PHONES_WITHOUT)
    declare_outage(faults, inside[0], claimed_at)
    delivered = queued(inside, claimed_at) + queued(outside, claimed_at)
    answers = send_all(faults.port, delivered, threads=16)
    assert Counter(answer.status for answer in answers) == {302: len(delivered)}
    assert len({answer.receipt_code for answer in answers}) == len(delivered)
    again = send_all(faults.port, [answer.press for answer in answers[::10]], threads=16)
    assert codes(again).items() <= codes(answers).items()

    credited = punches(faults, inside)
    assert len(credited) == len(inside)
    assert {row[2:] for row in credited} == {(claimed_at, claimed_at, True, "offline")}
    late = punches(faults, outside)
    assert len(late) == len(outside)
    for _person, _code, at, claim, provisional, source in late:
        assert (claim, provisional, source) == (claimed_at, False, "offline")
        assert at > claimed_at
    assert corrections(faults, outside) == dict.fromkeys(people(outside), 1)
    assert corrections(faults, inside) == {}


def codes(answers: list[Answer]) -> dict[str, str]:
    """Receipt code by request key."""
    return {answer.press.key: answer.receipt_code for answer in answers}


def people(phones: list[Phone]) -> list[int]:
    """Whose phones these are."""
    return [phone.person_id for phone in phones]


def corrections(faults: FaultServers, phones: list[Phone]) -> dict[int, int]:
    """How many corrections were filled in for each of these people."""
    counted = "SELECT person_id, count(*) FROM attendance_correction WHERE person_id = ANY(%s) GROUP BY 1"
    return dict(faults.sql(counted, [people(phones)]))


def punches(faults: FaultServers, phones: list[Phone]) -> list[tuple]:
    """Everything that stands of these people."""
    return faults.sql(
        "SELECT person_id, receipt_code, at, claimed_at, provisional, source FROM attendance_punch"
        " WHERE person_id = ANY(%s)",
        [people(phones)],
    )
