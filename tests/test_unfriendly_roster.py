"""Personnel exports sent by a clumsy hand: many imports and undoings, far dates, units without a code."""

import json
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.errors import PortalError
from roster.governments import ensure_governments
from roster.imports_people import undo_import
from roster.models import Assignment, ImportRun, Person, PersonStatus, Unit

HEADER = "NIP BARU,NAMA,UNOR ID,UNOR NAMA,SATUAN KERJA KERJA NAMA,TMT JABATAN,KEDUDUKAN HUKUM NAMA\n"
NUMBERS = [f"19880313201803100{number}" for number in range(1, 5)]
pytestmark = pytest.mark.django_db


def run(tmp_path, *lines, extra=()):
    path = tmp_path / "pegawai.csv"
    path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
    out = StringIO()
    ensure_governments({"contoh": "Provinsi Contoh"})
    call_command("import_roster", str(path), "--government", "contoh", "--format", "json", *extra, stdout=out)
    return json.loads(out.getvalue())


def known() -> list[list[tuple]]:
    """Everything that the roster holds to be so now."""
    now = {"superseded_at": None}
    span = ("valid_from", "valid_to")
    posts = Assignment.objects.filter(**now).values_list("person__numbers__number", "unit__code", *span)
    statuses = PersonStatus.objects.filter(**now).values_list("person__numbers__number", "is_active", *span)
    people = Person.objects.values_list("numbers__number", "name")
    return [sorted(map(tuple, rows), key=str) for rows in (posts, statuses, people)]


def random_lines(random: Random) -> list[str]:
    lines = []
    for number in random.sample(NUMBERS, random.randint(1, 4)):
        unit, name = random.choice("ABC"), random.choice(("Sari", "Sari Dewi"))
        start = random.choice(("", "2020-01-01", "2022-05-01", "2024-03-01", "2030-01-01"))
        standing = random.choice(("Aktif", "Aktif", "Aktif", "Pensiun"))
        lines.append(f"{number},{name},U{unit},UNIT {unit},DINAS,{start},{standing}")
    return lines


@pytest.mark.parametrize("seed", range(12))
def test_any_walk_of_imports_and_undoings_comes_back_to_where_it_was(tmp_path, seed):
    random, before = Random(seed), []
    for _ in range(14):
        if before and random.random() < 0.4:
            undo_import(ImportRun.objects.filter(undone_at=None).latest("confirmed_at"), timezone.now())
            assert known() == before.pop()
            continue
        stands, count = known(), ImportRun.objects.count()
        run(
            tmp_path,
            *random_lines(random),
            extra=("--as-at", random.choice(("2015-01-01", "2025-06-01", "2026-01-01"))),
        )
        if ImportRun.objects.count() > count:
            before.append(stands)
    while before:
        undo_import(ImportRun.objects.filter(undone_at=None).latest("confirmed_at"), timezone.now())
        assert known() == before.pop()


def test_what_somebody_changed_after_the_import_is_not_undone_over_his_head(tmp_path):
    run(tmp_path, f"{NUMBERS[0]},Sari,UA,UNIT A,DINAS,2020-01-01,Aktif")
    run(tmp_path, f"{NUMBERS[0]},Sari,UB,UNIT B,DINAS,2024-01-01,Aktif")
    now = timezone.now()
    post = Assignment.objects.get(superseded_at=None, unit__code="UA")
    Assignment.objects.filter(pk=post.pk).update(superseded_at=now)
    post.pk, post.recorded_at, post.superseded_at, post._state.adding = None, now, None, True
    post.save()
    stands = known()
    with pytest.raises(PortalError, match="sudah diubah"):
        undo_import(ImportRun.objects.latest("confirmed_at"), timezone.now())
    assert known() == stands


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2024-02-29"])
def test_any_day_may_be_the_day_of_the_import(tmp_path, day):
    found = run(tmp_path, f"{NUMBERS[0]},Sari,UA,UNIT A,DINAS,2020-01-01,Aktif", extra=("--as-at", day))
    assert found["accepted"] == 1


def test_a_unit_without_code_and_work_unit_is_named_so_that_it_can_be_mapped(tmp_path):
    run(tmp_path, f"{NUMBERS[0]},Sari,,UNIT A,,2020-01-01,Aktif", f"{NUMBERS[1]},Dewi,,UNIT A,DINAS,2020-01-01,Aktif")
    assert sorted(Unit.objects.values_list("code", flat=True)) == ["DINAS / UNIT A", "UNIT A"]
