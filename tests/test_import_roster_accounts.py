"""Accounts follow the standing of an import: closed when it ends, open when it comes back, never for another reason."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.operations import set_active
from core.models import AuditEntry
from roster.governments import ensure_governments
from roster.imports_people import undo_import
from roster.models import Government, ImportRun, Person, PersonStatus
from roster.operations import standing_accounts
from roster.operations.standing_accounts import follow_standing_of_the_day
from roster.tasks import follow_standings
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
HEADINGS = "NIP BARU,NAMA,UNOR NAMA,UNOR ID,KEDUDUKAN HUKUM NAMA,GOL AKHIR NAMA\n"
DIMAS, RINA = "198803132018031001", "199001012019032002"
Import = Callable[..., None]


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    """Imports Dimas with a standing and Rina, who is active."""
    ensure_governments({"contoh": "Provinsi Contoh"})

    def once(standing: str, *words: str, rank: str = "III/a") -> None:
        path = tmp_path / "pegawai.csv"
        lines = [f"{DIMAS},Dimas,UNIT A,UA,{standing},{rank}", f"{RINA},Rina,UNIT A,UA,Aktif,III/b"]
        path.write_text(HEADINGS + "\n".join(lines) + "\n", encoding="utf-8")
        call_command("import_roster", str(path), "--government", "contoh", "--format", "json", *words)

    return once


@pytest.fixture
def users(bring: Import) -> dict[str, User]:
    bring("Aktif", "--as-at", "2025-01-01")
    found = {}
    for person in Person.objects.all():
        found[person.name] = person.user = User.objects.create_user(person.name.lower())
        person.save()
    return found


def state(user: User) -> tuple[bool, int]:
    user.refresh_from_db()
    return user.is_active, user.session_epoch


def traces() -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(action__startswith="account.").order_by("pk")
    return list(rows.values_list("action", "actor"))


def test_who_is_no_longer_active_may_not_sign_in_and_loses_the_session(users, bring, client) -> None:
    sign_in(client, users["Dimas"])
    assert client.get("/").status_code == 200
    bring("Pensiun", "--as-at", "2025-11-01")
    assert state(users["Dimas"]) == (False, 1)
    assert client.get("/").status_code == 302
    assert state(users["Rina"]) == (True, 0)
    assert traces() == [("account.closed", "import_roster")]
    entry = AuditEntry.objects.get(action="account.closed")
    assert entry.subject == f"person:{Person.objects.get(name='Dimas').pk}"


def test_who_is_active_again_may_sign_in_again(users, bring) -> None:
    bring("Cuti diluar tanggungan negara", "--as-at", "2025-11-01")
    bring("Aktif", "--as-at", "2025-11-10")
    assert state(users["Dimas"])[0]
    assert [action for action, _ in traces()] == ["account.closed", "account.opened"]


def test_an_undo_opens_what_the_import_closed(users, bring) -> None:
    bring("Pensiun", "--as-at", "2025-11-01")
    undo_import(ImportRun.objects.latest("confirmed_at"), timezone.now())
    assert state(users["Dimas"])[0]


def test_an_undo_closes_what_the_import_opened(users, bring) -> None:
    bring("Pensiun", "--as-at", "2025-11-01")
    bring("Aktif", "--as-at", "2025-11-10")
    undo_import(ImportRun.objects.latest("confirmed_at"), timezone.now())
    assert not state(users["Dimas"])[0]


@pytest.mark.parametrize("words", [("Aktif",), ("Pensiun", "--dry-run"), ("Pensiun", "--as-at", "2100-01-01")])
def test_an_account_stays_while_its_person_is_active_today(users, bring, words) -> None:
    bring(*words)
    assert (state(users["Dimas"]), traces()) == ((True, 0), [])


def test_an_account_closed_for_another_reason_stays_closed(users, bring) -> None:
    set_active([users["Dimas"].pk], False)
    bring("Aktif", rank="III/b")
    assert not state(users["Dimas"])[0]
    undo_import(ImportRun.objects.latest("confirmed_at"), timezone.now())
    assert not state(users["Dimas"])[0]


def test_the_same_file_again_touches_no_account(users, bring) -> None:
    bring("Pensiun", "--as-at", "2025-11-01")
    set_active([users["Dimas"].pk], True)
    bring("Pensiun")
    assert state(users["Dimas"])[0]


def test_accounts_and_rows_stand_or_fall_together(users, bring, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise IntegrityError("the trace cannot be written")

    monkeypatch.setattr(standing_accounts.audit, "record", fail)
    with pytest.raises(IntegrityError), transaction.atomic():
        bring("Pensiun", "--as-at", "2025-11-01")
    assert (state(users["Dimas"]), ImportRun.objects.count()) == ((True, 0), 1)


@pytest.mark.parametrize(
    ("at", "active"),
    [
        # Jakarta is seven hours ahead: its 1 December begins at 17:00 UTC on the last of November.
        (datetime(2026, 11, 30, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 7, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 8, 12, 0, tzinfo=UTC), True),
    ],
)
def test_a_standing_that_was_announced_turns_with_its_day(users, bring, at: datetime, active: bool) -> None:
    begins_on = date(2026, 12, 1)
    for row in PersonStatus.objects.filter(person__name="Dimas"):
        PersonStatus.objects.filter(pk=row.pk).update(valid_to=begins_on)
        PersonStatus.objects.create(
            person=row.person, is_active=False, valid_from=begins_on, recorded_at=row.recorded_at
        )
    follow_standing_of_the_day(Government.objects.get(code="contoh"), at)
    assert state(users["Dimas"])[0] is active
    assert state(users["Rina"]) == (True, 0)


def test_the_timetable_follows_every_government_and_twice_is_once(users, bring) -> None:
    today = timezone.now().date()
    bring("Pensiun", "--as-at", (today - timedelta(days=2)).isoformat())
    set_active([users["Dimas"].pk], True)
    assert (follow_standings(), follow_standings()) == (1, 0)
    assert not state(users["Dimas"])[0]
