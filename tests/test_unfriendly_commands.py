"""Commands given nonsense: one plain sentence on standard error, exit 1, nothing left behind, never a traceback."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from allowances.models import Run
from core.period import previous_month
from tests.exported_run import drafted, make_office

pytestmark = pytest.mark.django_db


def refused(*words: str) -> str:
    """The sentence with which a command refuses; it says nothing on standard output."""
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(*words, "--government", "contoh", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert out.getvalue() == ""
    told = err.getvalue().strip()
    assert "\n" not in told
    assert told.endswith(".")
    return told


@pytest.fixture
def office(db):
    made = make_office()
    drafted(made)
    return made


def export(out: object) -> tuple[str, ...]:
    return ("export_allowance", "--month", "2026-11", "--kind", "nominatif", "--out", str(out))


def test_a_folder_is_no_file_for_an_export(office, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    for place in ("/", ".", "there"):
        assert "folder" in refused(*export(place))
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


def test_a_place_that_is_not_there_leaves_no_part_of_the_file(office, tmp_path):
    assert "tidak dapat ditulis" in refused(*export(tmp_path / "none" / "a.xlsx"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("month", ["2026-13", "2026-05-05", "Mei", "2026", "0000-01"])
def test_the_night_names_a_month_that_is_none(office, month):
    assert f"Bulan '{month}' tidak terbaca" in refused("night", "--date", "2026-11-13", "--month", month)


def test_the_night_judges_no_month_that_has_not_begun_or_lies_before_the_start(office):
    office.government.refresh_from_db()
    before = previous_month(office.government.go_live_on)
    for month in (f"{before:%Y-%m}", "2026-12", "2999-01"):
        assert "Pilih bulan dari" in refused("night", "--date", "2026-11-13", "--month", month)
    assert not Run.objects.exclude(month=date(2026, 11, 1)).exists()
