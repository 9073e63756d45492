"""Record a press of the check-in page: once, at the server's time, in one round trip where nothing is amiss."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from attendance.clock import local_time, next_working_day, work_date_of
from attendance.evidence import Evidence
from attendance.models import Correction, EvidenceCase, Punch, PunchAttempt
from attendance.operations.plans import plan_day
from attendance.operations.receipts import receipt_code, receipt_number
from attendance.queries.outages import outage_at
from attendance.sql import read_sql
from attendance.tokens import PageToken
from core.prepared import Prepared
from roster.models import Person

EVIDENCE_DAYS = 90
# A phone's clock may run ahead of the server's by this much before a claim is called impossible.
CLOCK_SKEW = timedelta(minutes=2)
PRESSES_EXPECTED = ("office", "home", "mixed", "none", "unclear")
# The text of an array: a list would be quoted item by item for every press.
EXPECTED = "{" + ",".join(PRESSES_EXPECTED) + "}"
NOT_EXPECTED = {
    "leave": "Anda tercatat sedang cuti pada hari ini.",
    "duty": "Anda tercatat sedang dinas luar pada hari ini.",
    "holiday": "Hari ini hari libur.",
    "day_off": "Hari ini bukan hari kerja unit Anda.",
    "off": "Kedudukan hukum Anda tidak aktif dalam data kepegawaian.",
}

RECORD = Prepared(
    "record_punch",
    {
        "person": "bigint", "verb": "text", "key": "text", "at": "timestamptz", "work_date": "date", "source": "text",
        "number": "text", "code": "text", "issued_at": "timestamptz", "claimed_at": "timestamptz",
        "delivered_at": "timestamptz", "provisional": "boolean", "hash": "text", "expected": "text[]",
        "has_evidence": "boolean", "latitude": "numeric", "longitude": "numeric", "accuracy": "integer",
        "network": "inet", "device": "text", "expires_on": "date",
    },
    lambda: read_sql("record_punch"),
)  # fmt: skip
STANDING_PUNCH = Prepared(
    "standing_punch",
    {"person": "bigint", "verb": "text", "key": "text", "work_date": "date", "expected": "text[]"},
    lambda: read_sql("standing_punch"),
)


@dataclass(frozen=True)
class Attempt:
    """How a press reached the server: its page's token, and for a queued one the time that the phone claims."""

    token: PageToken
    queued: bool = False
    claimed_at: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """`recorded`, `repeated` (the first receipt again), or why it was only kept: `wrong_date`, `not_expected`,
    `other_account`."""

    kind: str
    person_id: int
    verb: str
    work_date: date
    receipt_number: str = ""
    receipt_code: str = ""
    message: str = ""
    correction_id: int | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def is_receipt(self) -> bool:
        """Whether there is a receipt to show."""
        return self.kind in ("recorded", "repeated")


def record_punch(
    person: Person, verb: str, request_key: str, at: datetime, attempt: Attempt, evidence: Evidence
) -> Outcome:
    """Record one press of `person` (with the government loaded) at the server's instant `at`.

    Idempotent by (person, request key): again gives the first receipt. A queued attempt belongs to the person of its
    token, whoever is signed in. What cannot stand is kept as PunchAttempt with its reason.
    """
    token = attempt.token
    if attempt.queued:
        return _record_queued(person, verb, request_key, at, attempt, evidence)
    work_date = work_date_of(at, person.government.zone)
    if token.person_id != person.pk or token.verb != verb:
        message = "Halaman ini dibuat untuk akun lain. Ini halaman Anda yang baru; tekan sekali lagi."
        return _keep(person, verb, request_key, at, token, "other_account", message)
    if token.work_date != work_date:
        message = (
            f"Halaman itu dibuka pada {token.work_date:%d-%m-%Y}, hari kerja sudah berganti. Tidak ada yang dicatat. "
            "Ini halaman hari ini; tekan sekali lagi bila Anda memang mulai bekerja."
        )
        return _keep(person, verb, request_key, at, token, "wrong_date", message)
    row = _Row(person, verb, request_key, at, work_date, "browser", token.issued_at, None, at, False)
    return _store(row, evidence, token)


@dataclass(frozen=True)
class _Row:
    person: Person
    verb: str
    request_key: str
    at: datetime
    work_date: date
    source: str
    issued_at: datetime
    claimed_at: datetime | None
    delivered_at: datetime
    provisional: bool


def _store(row: _Row, evidence: Evidence, token: PageToken) -> Outcome:
    found = _insert(row, evidence)
    if found is None:
        # No plan yet (a new person, or the evening's plan did not run): plan this one person now, then try again.
        plan_day(row.person.government, row.work_date, row.delivered_at, [row.person.pk])
        found = _insert(row, evidence)
    if found is None:
        message = "Anda tidak ada dalam rencana kerja hari ini. Hubungi kepegawaian unit; tekanan ini sudah disimpan."
        return _keep(row.person, row.verb, row.request_key, row.delivered_at, token, "not_expected", message)
    kind, place, number, code, work_date = found
    if kind == "not_expected":
        message = NOT_EXPECTED.get(place, "Anda tidak diharapkan absen hari ini.") + (
            " Tekanan ini disimpan sebagai percobaan; bila data itu keliru, hubungi kepegawaian unit."
        )
        return _keep(row.person, row.verb, row.request_key, row.delivered_at, token, "not_expected", message)
    if kind == "recorded" and evidence.is_stale(row.claimed_at or row.at):
        _open_case(row, "stale", "Lokasi diambil lebih dari 5 menit dari saat tombol ditekan.")
    return Outcome(kind, row.person.pk, row.verb, work_date, number, code)


def _insert(row: _Row, evidence: Evidence) -> tuple | None:
    """A new receipt, the first one, or the place that says why there is none; None without a plan."""
    number, code = receipt_number(row.verb, row.work_date), receipt_code()
    values = {
        "person": row.person.pk,
        "verb": row.verb,
        "key": row.request_key,
        "at": row.at,
        "work_date": row.work_date,
        "source": row.source,
        "number": number,
        "code": code,
        "issued_at": row.issued_at,
        "claimed_at": row.claimed_at,
        "delivered_at": row.delivered_at,
        "provisional": row.provisional,
        "hash": evidence.fingerprint(),
        "expected": EXPECTED,
        "has_evidence": not evidence.is_empty,
        "latitude": evidence.latitude,
        "longitude": evidence.longitude,
        "accuracy": evidence.accuracy_m,
        "network": evidence.network,
        "device": evidence.device,
        "expires_on": row.work_date + timedelta(days=EVIDENCE_DAYS),
    }
    for _ in range(2):
        if RECORD.rows(values):
            return "recorded", "", number, code, row.work_date
        # A second press that waited for the first one cannot see it in its own snapshot; it can in this statement.
        found = STANDING_PUNCH.rows(values)
        if not found or found[0][0] != "again":
            return found[0] if found else None
    return None


def _record_queued(
    person: Person, verb: str, request_key: str, at: datetime, attempt: Attempt, evidence: Evidence
) -> Outcome:
    token, zone = attempt.token, person.government.zone
    if token.person_id != person.pk:
        person = Person.objects.select_related("government").get(pk=token.person_id)
        zone = person.government.zone
    first = Punch.objects.filter(person=person, request_key=request_key).first()
    if first is not None:
        return Outcome("repeated", person.pk, first.verb, first.work_date, first.receipt_number, first.receipt_code)
    claim = _believable(attempt, at, zone)
    if claim is None:
        return _deliver(person, token, request_key, at, attempt.claimed_at, evidence)
    outage = outage_at(person, claim)
    if outage is None:
        return _deliver(person, token, request_key, at, claim, evidence)
    row = _Row(person, token.verb, request_key, claim, token.work_date, "offline", token.issued_at, claim, at, True)
    outcome = _store(row, evidence, token)
    window = f"{local_time(outage.starts_at, zone):%H.%M}–{local_time(outage.ends_at, zone):%H.%M}"
    note = f"Gangguan {outage.number}, {window}: waktu tekan di perangkat berlaku sementara."
    return Outcome(**{**outcome.__dict__, "notes": (note,)})


def _believable(attempt: Attempt, at: datetime, zone: str) -> datetime | None:
    """The claimed instant, if it lies between the making of the page and the delivery, on the page's work date."""
    claim, token = attempt.claimed_at, attempt.token
    if claim is None or not token.issued_at - CLOCK_SKEW <= claim <= at + CLOCK_SKEW:
        return None
    return min(claim, at) if work_date_of(claim, zone) == token.work_date else None


def _deliver(
    person: Person, token: PageToken, request_key: str, at: datetime, claim: datetime | None, evidence: Evidence
) -> Outcome:
    """Delivery counts, and a correction with the claimed time is filled in for the superior."""
    zone = person.government.zone
    if work_date_of(at, zone) == token.work_date:
        row = _Row(person, token.verb, request_key, at, token.work_date, "offline", token.issued_at, claim, at, False)
        outcome = _store(row, evidence, token)
    else:
        message = "Percobaan ini sampai setelah hari kerjanya lewat, jadi tidak dicatat sebagai absen hari ini."
        outcome = _keep(person, token.verb, request_key, at, token, "wrong_date", message)
    if claim is None or outcome.kind in ("not_expected", "repeated"):
        return outcome
    correction_id = _fill_in_correction(person, token, request_key, at, claim)
    note = "Koreksi dengan waktu tekan di perangkat sudah diisikan untuk diperiksa atasan."
    return Outcome(**{**outcome.__dict__, "correction_id": correction_id, "notes": (note,)})


def _fill_in_correction(
    person: Person, token: PageToken, request_key: str, at: datetime, claim: datetime
) -> int | None:
    zone = person.government.zone
    punch = Punch.objects.filter(person=person, request_key=request_key).first()
    try:
        with transaction.atomic():
            made = Correction.objects.create(
                person=person,
                work_date=token.work_date,
                verb=token.verb,
                claimed_time=local_time(claim, zone).replace(microsecond=0),
                reason="Diantre di perangkat karena jaringan terputus; waktu menurut jam perangkat.",
                punch=punch,
                requested_at=at,
                due_on=next_working_day(work_date_of(at, zone), 2),
            )
    except IntegrityError:
        return None  # One open correction of this verb and day is there already.
    return made.pk


def _keep(
    person: Person, verb: str, request_key: str, at: datetime, token: PageToken | None, reason: str, message: str
) -> Outcome:
    work_date = work_date_of(at, person.government.zone)
    PunchAttempt.objects.bulk_create(
        [
            PunchAttempt(
                person=person,
                verb=verb,
                request_key=request_key,
                at=at,
                token_work_date=token.work_date if token else None,
                reason=reason,
            )
        ],
        ignore_conflicts=True,
    )
    return Outcome(reason, person.pk, verb, work_date, message=message)


def keep_forged(person: Person, verb: str, request_key: str, at: datetime) -> Outcome:
    """Keep a press whose token this portal did not make."""
    message = "Halaman absen tidak dikenali. Tidak ada yang dicatat; ini halaman yang baru, tekan sekali lagi."
    return _keep(person, verb, request_key, at, None, "forged_token", message)


def _open_case(row: _Row, kind: str, detail: str) -> None:
    EvidenceCase.objects.bulk_create(
        [
            EvidenceCase(
                person=row.person, work_date=row.work_date, kind=kind, detail=detail, opened_at=row.delivered_at
            )
        ],
        ignore_conflicts=True,
    )
