"""Device files from many firmwares and hands: every separator, wrong files, PIN lists typed by somebody."""

from datetime import UTC, date, datetime

import openpyxl
import pytest

from attendance.imports_attlog import import_attlog
from attendance.models import Device, DeviceLine, DevicePin
from core.errors import PortalError
from core.importing import Request
from roster.models import Government

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
NUMBER = "199001012015031001"
HEADER = "device,pin,nip,valid_from\n"


@pytest.fixture
def government():
    return Government.objects.create(code="uji", name="Uji")


@pytest.fixture
def take(government, tmp_path):
    """Import the bytes of a device file with the lines of a PIN list."""

    def run(content: bytes, pins: str = f"M1,1,{NUMBER},2025-01-01\n", device: str = "M1"):
        file, list_file = tmp_path / "a.dat", tmp_path / "pins.csv"
        file.write_bytes(content)
        list_file.write_text(HEADER + pins, encoding="utf-8")
        options = {"device": device, "pins": list_file}
        return import_attlog(Request(file, file.name, government, AT.date(), AT, True, options=options))

    return run


@pytest.mark.parametrize(
    "line",
    [
        "      1\t2025-11-13 07:30:00\t1\t0", "1|2025-11-13 07:30:00|1", "   1   2025-11-13   07:30:00   1",
        "1|2025-11-13|07:30:00|1", "1\t2025-11-13\t07:30:00", "\ufeff1\t2025/11/13 07:30:00\r",
    ],
)  # fmt: skip
def test_every_separator_is_read(take, line):
    found = take(line.encode() + b"\n\n")
    assert (found["lines"], found["accepted"], found["errors"]) == (1, 1, [])
    assert DeviceLine.objects.get().local_time == datetime(2025, 11, 13, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2009-12-31 23:59:59", "clock_reset"), ("2010-01-01 00:00:00", "pin_unknown"),
        ("2025-02-30 07:30:00", "date"), ("2025-11-13 24:00:00", "date"), ("0000-00-00 00:00:00", "date"),
        ("2026-11-24 11:00:00", ""), ("2026-11-24 11:00:01", "date_in_future"),
        ("9999-12-31 23:59:59", "date_in_future"), ("13-11-2025 07:30:00", "unreadable"), ("kemarin", "unreadable"),
    ],
)  # fmt: skip
def test_both_sides_of_every_edge(take, time, code):
    found = take(f"1\t{time}\t1\n".encode())
    assert [error["code"] for error in found["errors"]] == ([code] if code else [])
    assert found["lines"] == found["accepted"] + found["duplicates"] + len(found["errors"]) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b" \r\n\r\n", b"\xff\xd8\xff\xe0 JFIF\n", b"%PDF-1.7\n", b"PK\x03\x04", "1\t2025".encode("utf-16")],
)
def test_what_is_no_device_file_is_refused_and_leaves_nothing(take, content):
    with pytest.raises(PortalError):
        take(content)
    assert not Device.objects.exists()
    assert not DevicePin.objects.exists()


@pytest.mark.parametrize("device", ["", "   ", "D" * 41])
def test_a_device_needs_a_code_of_forty_letters_at_most(take, device):
    with pytest.raises(PortalError, match="Kode mesin"):
        take(b"1\t2025-11-13 07:30:00\n", device=device)


@pytest.mark.parametrize("start", ["2025-11-13", "13-11-2025", "13/11/2025"])
def test_dates_of_a_pin_list_are_read_like_any_others(take, start):
    found = take(b"1\t2025-11-13 07:30:00\n1\t2025-11-12 07:30:00\n", f"M1,1,19900101 201503 1 001,{start}\n")
    assert (found["accepted"], [error["line"] for error in found["errors"]]) == (1, [2])
    assert DevicePin.objects.get().number == NUMBER


@pytest.mark.parametrize(
    "pins", [f"M1,1,{NUMBER},kemarin", f"M1,1,{NUMBER},", f"M1,,{NUMBER},2025-01-01", "M1,1,123,2025-01-01"]
)
def test_a_wrong_line_of_the_pin_list_is_named(take, pins):
    with pytest.raises(PortalError, match="baris 2"):
        take(b"1\t2025-11-13 07:30:00\n", pins + "\n")
    assert take(b"1\t2025-11-13 07:30:00\n", pins.replace("M1", "M2") + "\n")["lines"] == 1


def test_a_number_that_a_sheet_has_damaged_is_not_guessed(government, tmp_path):
    book = openpyxl.Workbook()
    for row in (HEADER.strip().split(","), ["M1", 1, int(NUMBER), date(2025, 1, 1)]):
        book.active.append(row)
    book.save(tmp_path / "pins.xlsx")
    (tmp_path / "a.dat").write_text("1\t2025-11-13 07:30:00\n")
    options = {"device": "M1", "pins": tmp_path / "pins.xlsx"}
    with pytest.raises(PortalError, match="sebagai teks"):
        import_attlog(Request(tmp_path / "a.dat", "a.dat", government, AT.date(), AT, True, options=options))
