"""Who may agree, report and judge, what is refused, and the pages where it happens."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.errors import PortalError
from core.models import AuditEntry
from core.period import previous_month
from performance import locks
from performance.models import Behaviour, Indicator, MonthScore
from performance.operations import Target, rate, set_indicators, set_realisation
from roster.models import Assignment, Government, Grant, Level, Person, Role, Unit, UnitDecision
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
SINCE = date(2025, 1, 1)
NOW = timezone.now()
MONTH = previous_month(timezone.localdate())


@pytest.fixture
def unit() -> Unit:
    government = Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})[0]
    unit = Unit.objects.create(government=government, code="U1", name="Biro")
    UnitDecision.objects.create(unit=unit, service_kind="administrative", valid_from=SINCE, recorded_at=NOW)
    return unit


def add(unit: Unit, name: str) -> Person:
    user = User.objects.create_user(name.lower(), "kereta-malam-ke-garut", full_name=name)
    person = Person.objects.create(government=unit.government, name=name, user=user)
    Assignment.objects.create(person=person, unit=unit, level=Level.PELAKSANA, valid_from=SINCE, recorded_at=NOW)
    return person


@pytest.fixture
def head(unit: Unit) -> Person:
    head = add(unit, "Hendra")
    UnitDecision.objects.filter(unit=unit).update(head=head)
    return head


@pytest.fixture
def dimas(unit: Unit, head: Person) -> Person:
    return add(unit, "Dimas")


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_asked", [lambda government, month: month == MONTH])


def test_the_head_judges_and_the_month_is_scored_at_once(dimas: Person, head: Person) -> None:
    set_indicators(
        dimas, MONTH, [Target("Naskah", 6000, Decimal(10)), Target("Lapor", 4000, Decimal(2))], head.user, NOW
    )
    first, second = Indicator.objects.order_by("-weight_bp").values_list("pk", flat=True)
    assert set_realisation(dimas, MONTH, {first: Decimal(10)}, dimas.user, NOW) == 1
    assert MonthScore.objects.get(person=dimas).score_bp is None, "one is still unknown"
    set_realisation(dimas, MONTH, {second: Decimal(1)}, dimas.user, NOW)
    assert rate(dimas, MONTH, "as", "", head.user, NOW)
    score = MonthScore.objects.get(person=dimas)
    assert (score.score_bp, score.result, score.predicate) == (8000, "as", "Baik")
    assert not rate(dimas, MONTH, "as", "", head.user, NOW), "the same again changes nothing"
    assert AuditEntry.objects.filter(action="behaviour.rated").count() == 1


def test_targets_agreed_again_keep_what_was_realised(dimas: Person, head: Person) -> None:
    set_indicators(dimas, MONTH, [Target("Naskah", 10000, Decimal(10))], head.user, NOW)
    set_realisation(dimas, MONTH, {Indicator.objects.get().pk: Decimal(7)}, dimas.user, NOW)
    set_indicators(
        dimas, MONTH, [Target("Naskah", 5000, Decimal(20)), Target("Baru", 5000, Decimal(1))], head.user, NOW
    )
    assert dict(Indicator.objects.values_list("name", "realised")) == {"Naskah": 7, "Baru": None}


def test_a_supervisor_of_the_unit_judges_and_a_stranger_does_not(unit: Unit, dimas: Person) -> None:
    peer, boss = add(unit, "Peer"), User.objects.create_user("boss")
    Grant.objects.create(government=unit.government, user=boss, role=Role.SUPERVISOR, unit=unit, valid_from=SINCE)
    assert rate(dimas, MONTH, "above", "", boss, NOW)
    ended = User.objects.create_user("mantan")
    Grant.objects.create(
        government=unit.government, user=ended, role=Role.SUPERVISOR, unit=unit, valid_from=SINCE,
        valid_to=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    for user in (peer.user, ended):
        with pytest.raises(PortalError, match="bukan atasan"):
            rate(dimas, MONTH, "as", "", user, NOW)


def test_nobody_judges_or_sets_targets_for_oneself(head: Person) -> None:
    with pytest.raises(PortalError, match="tidak oleh diri sendiri"):
        rate(head, MONTH, "above", "above", head.user, NOW)
    with pytest.raises(PortalError, match="tidak oleh diri sendiri"):
        set_indicators(head, MONTH, [Target("A", 10000, Decimal(1))], head.user, NOW)


def test_what_was_judged_is_not_changed_behind_the_judgement(dimas: Person, head: Person) -> None:
    set_indicators(dimas, MONTH, [Target("Naskah", 10000, Decimal(10))], head.user, NOW)
    one = Indicator.objects.get().pk
    set_realisation(dimas, MONTH, {one: Decimal(7)}, dimas.user, NOW)
    rate(dimas, MONTH, "as", "", head.user, NOW)
    with pytest.raises(PortalError, match="sudah dinilai"):
        set_realisation(dimas, MONTH, {one: Decimal(20)}, dimas.user, NOW)
    page = sign_in(Client(), dimas.user).get(f"/kinerja/?bulan={MONTH:%Y-%m}").content.decode()
    assert "sudah dinilai atasan" in page
    assert "capaian 70 %" in page
    assert f"realised-{one}" not in page
    assert set_realisation(dimas, MONTH, {one: Decimal(8)}, head.user, NOW) == 1


def test_a_locked_month_takes_nothing_more(dimas: Person, head: Person, locked: None) -> None:
    for act in (
        lambda: rate(dimas, MONTH, "as", "", head.user, NOW),
        lambda: set_indicators(dimas, MONTH, [Target("A", 10000, Decimal(1))], head.user, NOW),
        lambda: set_realisation(dimas, MONTH, {}, dimas.user, NOW),
    ):
        with pytest.raises(PortalError, match="sudah dikunci"):
            act()
    assert not Behaviour.objects.exists()


@pytest.mark.parametrize(
    ("targets", "reason"),
    [
        ([], "satu sampai"),
        ([Target("A", 9999, Decimal(1))], "100 %"),
        ([Target("A", 5000, Decimal(1)), Target("a ", 5000, Decimal(1))], "tidak boleh sama"),
        ([Target("A", 10000, Decimal(0))], "lebih dari 0"),
        ([Target("A", 10001, Decimal(1)), Target("B", -1, Decimal(1))], "lebih dari 0"),
        ([Target(" ", 10000, Decimal(1))], "harus diisi"),
    ],
)
def test_targets_that_cannot_be_weighed_are_refused(dimas: Person, head: Person, targets, reason: str) -> None:
    with pytest.raises(PortalError, match=reason):
        set_indicators(dimas, MONTH, targets, head.user, NOW)
    assert not Indicator.objects.exists()


def test_a_month_to_come_and_a_word_that_is_none_are_refused(dimas: Person, head: Person) -> None:
    with pytest.raises(PortalError, match="belum mulai"):
        rate(dimas, date(2099, 1, 1), "as", "", head.user, NOW)
    with pytest.raises(PortalError, match="ekspektasi"):
        rate(dimas, MONTH, "great", "", head.user, NOW)


def indicator(person: Person, **changes: object) -> Indicator:
    values = {"month": MONTH, "name": "A", "weight_bp": 1, "target": 1, **changes}
    return Indicator.objects.create(person=person, **values)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("indicator_once_a_month", indicator),
        ("indicator_weight_share", lambda p: indicator(p, name="B", weight_bp=10001)),
        ("indicator_weight_share", lambda p: indicator(p, name="B", weight_bp=0)),
        ("indicator_target_positive", lambda p: indicator(p, name="B", target=0)),
        (
            "behaviour_once_a_month",
            lambda p: Behaviour.objects.create(person=p, month=MONTH, behaviour="as", rated_at=NOW),
        ),
        ("monthscore_once_a_month", lambda p: MonthScore.objects.create(person=p, month=MONTH, computed_at=NOW)),
    ],
)
def test_the_database_refuses(dimas: Person, name: str, make) -> None:
    indicator(dimas)
    Behaviour.objects.create(person=dimas, month=MONTH, behaviour="as", rated_at=NOW)
    MonthScore.objects.create(person=dimas, month=MONTH, computed_at=NOW)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make(dimas)


class TestPages:
    def test_the_head_judges_a_list_and_sees_how_predicates_spread(self, client: Client, dimas: Person, head: Person):
        sign_in(client, head.user)
        url = f"/kinerja/nilai/?bulan={MONTH:%Y-%m}"
        assert "Dimas" in client.get(url).content.decode()
        page = client.post(url, {f"behaviour-{dimas.pk}": "above"}, follow=True).content.decode()
        assert "1 penilaian disimpan" in page
        assert Behaviour.objects.get().behaviour == "above"
        client.post(
            f"/kinerja/nilai/{dimas.pk}/?bulan={MONTH:%Y-%m}", {"part": "judge", "behaviour": "as", "result": "above"}
        )
        assert MonthScore.objects.get(person=dimas).predicate == "Baik"
        page = client.post(url, {f"behaviour-{dimas.pk}": "above"}, follow=True).content.decode()
        assert Behaviour.objects.get().result == "above", "the list keeps the result that was judged"
        assert "Sangat Baik" in page

    def test_targets_and_realisation_are_typed_as_people_write_numbers(self, client, dimas: Person, head: Person):
        sign_in(client, head.user)
        url = f"/kinerja/nilai/{dimas.pk}/?bulan={MONTH:%Y-%m}"
        row = {"part": "targets", "name-1": "Naskah", "weight-1": "100", "target-1": "1.250,5", "unit-1": "berkas"}
        client.post(url, row)
        made = Indicator.objects.get()
        assert made.target == Decimal("1250.5")
        assert "1250,5" in client.get(url).content.decode()
        page = client.post(url, {**row, "weight-1": "banyak"}, follow=True).content.decode()
        assert "Bobot baris 1: tulis angka" in page
        mine = sign_in(Client(), dimas.user)
        page = mine.post(
            f"/kinerja/?bulan={MONTH:%Y-%m}", {f"realised-{made.pk}": "625,25"}, follow=True
        ).content.decode()
        assert "Realisasi disimpan" in page
        assert MonthScore.objects.get(person=dimas).score_bp == 5000

    def test_a_foreign_id_in_the_post_changes_nothing(self, client: Client, unit: Unit, dimas: Person) -> None:
        peer = add(unit, "Peer")
        sign_in(client, peer.user)
        page = client.post("/kinerja/nilai/", {f"behaviour-{dimas.pk}": "below"}, follow=True).content.decode()
        assert "bukan atasan" in page
        assert not Behaviour.objects.exists()
        assert client.get(f"/kinerja/nilai/{dimas.pk}/").status_code == 404

    @pytest.mark.parametrize("query", ["bulan=2099-01", "bulan=kemarin", "bulan=2026-13"])
    def test_a_month_that_is_none_is_not_found(self, client: Client, head: Person, query: str) -> None:
        sign_in(client, head.user)
        assert client.get(f"/kinerja/nilai/?{query}").status_code == 404

    def test_the_list_costs_the_same_for_more_people(self, client: Client, unit: Unit, dimas: Person, head: Person):
        sign_in(client, head.user)
        client.get("/kinerja/nilai/")
        with CaptureQueriesContext(connection) as few:
            client.get("/kinerja/nilai/")
        for number in range(20):
            add(unit, f"Orang{number}")
        with CaptureQueriesContext(connection) as many:
            client.get("/kinerja/nilai/")
        assert len(few) == len(many)
        assert len(many) <= 15, [query["sql"][:90] for query in many]
