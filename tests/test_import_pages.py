"""Import by page: nothing before the confirmation, once however often it is pressed, and undone as a whole."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.importing import kinds
from core.models import AuditEntry
from roster.models import Building, ImportRun, Number, Person, Upload, UploadFinding, UploadPart
from roster.operations.uploads import forget_uploads
from savings.models import Bill
from tests.rights.world import build_world
from tests.signin import sign_in

DATA = Path(__file__).parent / "data"
HEADER = "NIP BARU,NAMA,UNOR NAMA,UNOR ID,TMT JABATAN\n"
GOOD = "199001012015011001,Sari Rahayu,Sekretariat,S-1,2024-01-01\n"
OTHER = "199102022015011002,Budi Santoso,Sekretariat,S-1,2024-01-01\n"
BAD = "1.99E+17,=Ani,Sekretariat,S-1,2024-01-01\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def hr(world):
    return sign_in(Client(), world.home.users["hr"])


def sheet(text: str, name: str = "pegawai.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def send(client, text, kind="roster", **more):
    return client.post(reverse("roster:import_new", args=[kind]), {"file": sheet(text), **more})


def uploaded(client, text, kind="roster", **more) -> Upload:
    answer = send(client, text, kind, **more)
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[-1])


def decide(client, upload, action="confirm", seen=None):
    upload.refresh_from_db()
    data = {"action": action, "seen": seen or upload.previewed_at.isoformat()}
    return client.post(reverse("roster:upload_decide", args=[upload.pk]), data, follow=True)


def test_upload_shows_every_finding_and_writes_nothing(hr):
    people = Person.objects.count()
    upload = uploaded(hr, HEADER + GOOD + BAD)
    assert Person.objects.count() == people
    assert not ImportRun.objects.exists()
    page = hr.get(reverse("roster:upload", args=[upload.pk])).content.decode()
    assert "nip_damaged_number" in page
    assert "Setujui dan simpan" in page
    assert upload.report["accepted"] == 1
    assert upload.report["rejected"] == 1
    finding = upload.findings.get(level="errors")
    assert (finding.row, finding.column) == (3, "NIP BARU")


def test_confirming_twice_is_once_and_leaves_a_trace_and_no_file(hr, world):
    upload = uploaded(hr, HEADER + GOOD)
    first = decide(hr, upload)
    second = decide(hr, upload)
    assert "Hasil impor" in first.content.decode()
    assert second.redirect_chain[-1] == first.redirect_chain[-1]
    assert ImportRun.objects.count() == 1
    assert Number.objects.filter(number="199001012015011001").count() == 1
    assert not UploadPart.objects.exists()
    trace = AuditEntry.objects.get(action="import_confirmed")
    assert trace.actor == world.home.users["hr"].username
    assert trace.detail["counts"]["accepted"] == 1


def test_another_importer_of_the_same_government_may_confirm(hr, world):
    upload = uploaded(hr, HEADER + GOOD)
    decide(sign_in(Client(), world.home.users["administrator"]), upload)
    assert ImportRun.objects.get().confirmed_by == world.home.users["administrator"]


def test_a_preview_older_than_another_import_must_be_checked_again(hr):
    late, early = uploaded(hr, HEADER + OTHER), uploaded(hr, HEADER + GOOD)
    decide(hr, early)
    assert "Periksa ulang" in decide(hr, late).content.decode()
    assert not Number.objects.filter(number="199102022015011002").exists()
    assert "sudah tidak berlaku" in hr.get(reverse("roster:upload", args=[late.pk])).content.decode()
    seen = late.previewed_at.isoformat()
    decide(hr, late, "again")
    assert "Data berubah" in decide(hr, late, seen=seen).content.decode()
    decide(hr, late)
    assert Number.objects.filter(number="199102022015011002").exists()


def test_undo_takes_everything_back_once(hr):
    decide(hr, uploaded(hr, HEADER + GOOD))
    run = ImportRun.objects.get()
    url = reverse("roster:import_undo", args=[run.pk])
    assert "dibatalkan seluruhnya" in hr.post(url, follow=True).content.decode()
    assert not Number.objects.filter(number="199001012015011001").exists()
    assert "sudah dibatalkan" in hr.post(url, follow=True).content.decode()
    assert AuditEntry.objects.filter(action="import_undone").count() == 1


def test_undo_is_refused_once_a_run_has_used_it(hr, settings):
    settings.ROSTER_IMPORT_USED = "tests.test_import_pages.always_used"
    decide(hr, uploaded(hr, HEADER + GOOD))
    run = ImportRun.objects.get()
    assert "sudah dipakai" in hr.get(reverse("roster:import_run", args=[run.pk])).content.decode()
    assert "sudah dipakai" in hr.post(reverse("roster:import_undo", args=[run.pk]), follow=True).content.decode()
    assert Number.objects.filter(number="199001012015011001").exists()


def always_used(run) -> bool:
    return True


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "kosong"),
        (b"\n\n\n", "kosong"),
        (b"NIP BARU,NAMA\n1,2\n", "UNOR NAMA"),
        (b"%PDF-1.7\n\x00\x01\x02\xff\xfe\x00", "bukan lembar kerja"),
        (b"PK\x03\x04rusak sekali", "Berkas"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "bukan lembar kerja"),
    ],
)
@pytest.mark.parametrize("kind", ["roster", "bills"])
def test_a_file_that_is_no_sheet_is_told_on_the_page_and_not_kept(hr, kind, content, word):
    answer = send(hr, content, kind)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert word in told or (kind == "bills" and "Judul kolom" in told)
    assert not Upload.objects.exists()
    assert not UploadPart.objects.exists()


def test_every_registered_kind_has_its_page_and_asks_for_its_file(hr):
    assert {"roster", "bills", "attlog"} <= {kind.kind for kind in kinds()}
    for kind in kinds():
        url = reverse("roster:import_new", args=[kind.kind])
        page = hr.get(url).content.decode()
        assert kind.label in page
        for option in kind.options:
            assert f"option_{option.name}" in page
        assert "Pilih berkasnya" in hr.post(url).content.decode()
    assert hr.get(reverse("roster:import_new", args=["tidak-ada"])).status_code == 404


def test_a_file_that_is_too_large_is_told_and_thrown_away(hr, monkeypatch):
    monkeypatch.setattr("core.uploads.MAX_BYTES", 100)
    monkeypatch.setattr("core.uploads.ENVELOPE_BYTES", 10)
    answer = send(hr, HEADER + GOOD * 50)
    assert answer.status_code == 422
    assert "lebih besar dari 200 MB" in answer.content.decode()
    assert not UploadPart.objects.exists()


def test_bills_with_their_option_stand_in_the_history_and_cannot_be_undone(hr, world):
    Building.objects.filter(pk=world.home.building.pk).update(code="G-1")
    head = "meter,building,utility,period_start,period_end,usage,unit,cost_rupiah,read_type\n"
    row = "M1,G-1,electricity,2025-01-01,2025-01-31,{},kWh,1000,actual\n"
    decide(hr, uploaded(hr, head + row.format(10), "bills"))
    again = uploaded(hr, head + row.format(12), "bills")
    assert again.report["rejected"] == 1
    decide(hr, uploaded(hr, head + row.format(12), "bills", option_replace="on"))
    assert [int(bill.usage) for bill in Bill.objects.filter(superseded_at=None)] == [12]
    run = ImportRun.objects.filter(kind="bills").latest("pk")
    assert "diperbaiki dengan mengimpor" in hr.get(reverse("roster:import_run", args=[run.pk])).content.decode()
    assert (
        "tidak dapat dibatalkan" in hr.post(reverse("roster:import_undo", args=[run.pk]), follow=True).content.decode()
    )


def test_device_file_comes_with_its_pins(hr):
    pins = SimpleUploadedFile("pins.csv", (DATA / "attlog_sample.pins.csv").read_bytes())
    data = {"option_device": "BCD-01", "option_pins": pins}
    upload = uploaded(hr, (DATA / "attlog_sample.dat").read_bytes(), "attlog", **data)
    assert upload.report["lines"] > 0
    assert decide(hr, upload).status_code == 200
    upload.refresh_from_db()
    assert upload.confirmed_at is not None


def test_findings_as_csv_cannot_act_as_formulas(hr):
    upload = uploaded(hr, HEADER + GOOD.replace("Sari Rahayu", "=1+1"))
    text = b"".join(hr.get(reverse("roster:upload_findings", args=[upload.pk])).streaming_content).decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text
    assert text.splitlines()[0] == "tingkat,baris,kolom,kode,nilai,keterangan"


def test_findings_are_paged_and_can_be_narrowed(hr):
    upload = uploaded(hr, HEADER + BAD * 120 + GOOD)
    url = reverse("roster:upload", args=[upload.pk])
    assert len(hr.get(url).context["page"].object_list) == 50
    assert hr.get(url, {"page": 3, "level": "errors"}).context["page"].number == 3
    assert hr.get(url, {"page": "x", "level": "apa saja"}).status_code == 200


@pytest.mark.parametrize("who", ["employee", "supervisor", "unit_hr", "finance", "leadership", "auditor"])
def test_only_hr_and_administrator_import(world, who):
    client = sign_in(Client(), world.home.users[who])
    assert client.get(reverse("roster:imports")).status_code == 403
    assert send(client, HEADER + GOOD).status_code == 403
    assert not Upload.objects.exists()


def test_a_grant_bounded_to_a_unit_does_not_import_for_the_government(world):
    user = world.home.users["hr2"]
    user.grants.update(unit=world.home.unit)
    assert sign_in(Client(), user).get(reverse("roster:imports")).status_code == 403


def test_nothing_of_another_government_is_there(hr, world):
    upload = uploaded(hr, HEADER + GOOD)
    abroad = sign_in(Client(), world.abroad.users["hr"])
    assert decide(abroad, upload).status_code == 404
    assert abroad.get(reverse("roster:upload", args=[upload.pk])).status_code == 404
    decide(hr, upload)
    run = ImportRun.objects.get()
    assert abroad.get(reverse("roster:import_run", args=[run.pk])).status_code == 404
    assert abroad.post(reverse("roster:import_undo", args=[run.pk])).status_code == 404
    assert "pegawai.csv" not in abroad.get(reverse("roster:imports")).content.decode()


def test_what_nobody_confirms_is_gone_after_a_day(hr):
    now = timezone.now()
    waiting, confirmed = uploaded(hr, HEADER + GOOD + BAD), uploaded(hr, HEADER + BAD)
    decide(hr, confirmed)
    assert forget_uploads(now) == 0
    Upload.objects.update(created_at=now - timedelta(hours=25))
    assert "lebih dari sehari" in decide(hr, waiting).content.decode()
    assert forget_uploads(now) == 1
    assert list(Upload.objects.all()) == [confirmed]
    assert not UploadFinding.objects.exists()
    assert hr.get(reverse("roster:upload", args=[confirmed.pk])).status_code == 200


def test_discarding_writes_nothing(hr):
    upload = uploaded(hr, HEADER + GOOD)
    assert "dibuang" in decide(hr, upload, "discard").content.decode()
    assert not Upload.objects.exists()
    assert not ImportRun.objects.exists()


def test_pages_take_few_statements(hr, django_assert_max_num_queries):
    decide(hr, uploaded(hr, HEADER + GOOD))
    upload, run = uploaded(hr, HEADER + OTHER + BAD), ImportRun.objects.get()
    for name, args in (("imports", []), ("upload", [upload.pk]), ("import_run", [run.pk])):
        with django_assert_max_num_queries(15):
            assert hr.get(reverse(f"roster:{name}", args=args)).status_code == 200


def test_the_whole_roster_comes_in_by_pages_in_its_order(hr, world):
    Building.objects.filter(government=world.home.government).update(code="LAMA")
    files = [
        ("buildings", "buildings.csv"),
        ("roster", "siasn_export_sample.xlsx"),
        ("units", "units_sample.csv"),
        ("positions", "positions_sample.csv"),
        ("phases", "phases_sample.csv"),
    ]
    for kind, name in files:
        upload = uploaded(hr, (DATA / name).read_bytes(), kind)
        assert upload.report["accepted"] > 0, kind
        assert "Hasil impor" in decide(hr, upload).content.decode()
        again = uploaded(hr, (DATA / name).read_bytes(), kind)
        assert again.report["accepted"] == (230 if kind == "roster" else 0), kind
    assert [run.kind for run in ImportRun.objects.order_by("pk")] == [kind for kind, _ in files]
    page = hr.get(reverse("roster:imports"))
    assert page.context["page"].paginator.count == len(files)
    assert "Tahap WFH gedung" in page.content.decode()
