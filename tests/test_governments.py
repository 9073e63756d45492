"""A government that joins before any of its regulations are known."""

import pytest
from django.core.management import call_command

from core.models import AuditEntry
from roster.models import Government

pytestmark = pytest.mark.django_db


def refused(capsys, *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        call_command("new_government", *words)
    assert ended.value.code == 1
    return capsys.readouterr().err


def test_it_is_made_once_and_says_what_comes_next(capsys):
    call_command(
        "new_government", "kota-uji", "--name", "Kota Uji", "--zone", "Asia/Makassar", "--go-live", "2026-12-01"
    )
    made = Government.objects.get(code="kota-uji")
    assert (made.name, made.zone, made.go_live_on.isoformat(), made.demonstration) == (
        "Kota Uji", "Asia/Makassar", "2026-12-01", False,
    )  # fmt: skip
    said = capsys.readouterr().out
    assert "first_administrator NAMA --government kota-uji" in said
    assert "/peraturan/rancangan/" in said
    assert AuditEntry.objects.filter(action="government.created", government_code="kota-uji").count() == 1
    assert "sudah ada" in refused(capsys, "kota-uji", "--name", "Lain")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("Kota Uji", "--name", "Kota Uji"), "Kode"),
        (("indonesia", "--name", "Nasional"), "Kode"),
        (("k", "--name", "Kota Uji"), "Kode"),
        (("kota-uji", "--name", " "), "Nama"),
        (("kota-uji", "--name", "x" * 201), "Nama"),
        (("kota-uji", "--name", "Kota Uji", "--zone", "Asia/Bandung"), "Zona"),
        (("kota-uji", "--name", "Kota Uji", "--go-live", "1 Januari"), "Tanggal"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_made(capsys, words, reason):
    before = Government.objects.count()
    said = refused(capsys, *words)
    assert said.startswith(reason)
    assert len(said.strip().splitlines()) == 1
    assert Government.objects.count() == before
