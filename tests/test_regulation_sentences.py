"""Documents read aloud: every form says what it means, and no figure of any valid document goes unsaid."""

from datetime import date
from pathlib import Path

import pytest

from policy.documents import Library
from policy.sentences import sections_of, statements_of
from policy.validator import validate
from tests.random_documents import text_of

REGULATIONS = Path(__file__).resolve().parent.parent / "regulations"


def read(topic, blocks):
    """The document of a topic with these parameters."""
    return Library().build("uji.yaml", text_of(topic, blocks))


def said(topic, blocks):
    """Every sentence of a valid document."""
    text = text_of(topic, blocks)
    refused = [finding for finding in validate(text, neighbours=[]) if not finding.warning]
    assert refused == []
    return [statement.sentence for statement in statements_of(read(topic, blocks))]


def says(topic, blocks, *sentences):
    """The document says these sentences, word for word."""
    missing = [sentence for sentence in sentences if f"{sentence}." not in said(topic, blocks)]
    assert missing == [], said(topic, blocks)


def charge(name="x", **spec):
    """An allowance document of two components with one charge."""
    parts = {
        "a": {"weight": "60 %", "label": "Produktivitas kerja"},
        "b": {"weight": "40 %", "label": "Disiplin kerja"},
    }
    return {"components": parts, "charges": {name: spec}}


def supplement(**spec):
    return {"supplements": {"x": {"label": "Uang makan", **spec}}}


def hours(**more):
    return {"hours": [{"in": "07:30", "out": "16:00"}], **more}


ATTENDANCE = {
    "Hari Ramadan dan hari Jumat: masuk 08.00, pulang 15.30": {
        "hours": [{"when": {"ramadan": True, "weekday": "fri"}, "in": "08:00", "out": "15:30"}, *hours()["hours"]]
    },
    "Setiap hari kerja: masuk 07.30, pulang 16.00": hours(),
    "Toleransi (dikurangkan): 15 menit pertama tidak dihitung; yang dihitung hanya menit sesudahnya": hours(
        tolerance={"minutes": 15, "kind": "subtract"}
    ),
    "Toleransi (ambang): sampai 15 menit tidak dihitung; lebih dari itu seluruh menitnya dihitung": hours(
        tolerance={"minutes": 15, "kind": "threshold"}
    ),
    "Toleransi (jam kerja fleksibel): masuk sampai 60 menit sesudah jam masuk tidak terlambat, tetapi jam pulang "
    "mundur sebanyak menit itu, paling lama 60 menit; masuk lebih awal memajukan jam pulang, paling banyak 30 menit": (
        hours(tolerance={"minutes": 60, "kind": "flexible", "earlier": 30})
    ),
    "Toleransi (jam kerja fleksibel): masuk sampai 60 menit sesudah jam masuk tidak terlambat, tetapi jam pulang "
    "mundur 60 menit penuh begitu masuk lewat jamnya": hours(
        tolerance={"minutes": 60, "kind": "flexible", "make_up": "full"}
    ),
    "Detik tidak dihitung: 07.30.59 masih tepat waktu untuk masuk 07.30": hours(),
    "Detik yang sudah mulai dihitung satu menit: 07.30.59 adalah terlambat 1 menit": hours(seconds="started"),
    "Absen paling awal: 90 menit sebelum jam masuk; di luar itu dianggap tidak ada": hours(accept={"before_start": 90}),
    "Absen masuk pada atau sesudah jam 12.00 dianggap tidak ada": hours(accept={"arrival_before": "12:00"}),
    "Absen tanpa arah: yang pertama masuk, yang terakhir pulang; yang hanya satu dianggap absen pulang": hours(
        accept={"lone_tap": "departure"}
    ),
    "Absen pulang pada menit 16.00 atau 23.59 dianggap tidak ada": hours(fillers=["16:00", "23:59"]),
    "Tidak ada jam pulang yang diabaikan": hours(fillers=[]),
    "WFH: dianggap hadir tanpa absen": hours(places={"home": "present"}),
    "Rumah dinas: hari bebas, tidak dihitung": hours(places={"rumah_dinas": "free"}),
    "Bila tidak ada absen masuk: terlambat masuk menjadi 240 menit": hours(
        outcomes=[{"when": {"missing_in": 1}, "set": {"minutes_late": 240}}]
    ),
    "Bila absen masuk dan pulang tidak ada: tidak masuk tanpa alasan menjadi 1 hari": hours(
        outcomes=[{"when": {"missing_taps": 2}, "set": {"absent_days": 1}}]
    ),
}


@pytest.mark.parametrize("sentence", ATTENDANCE)
def test_an_attendance_form_says_what_it_means(sentence):
    says("attendance", ATTENDANCE[sentence], sentence)


LATE = {"fact": "minutes_late", "label": "Terlambat masuk"}
ALPA = {"fact": "absent_days", "label": "Alpa"}
SANCTION = {"each": "sanction", "label": "Hukuman", "fact": "kind"}
RATIO = {"to": 100, "at_most": "100 %", "at_least": "10 %"}
MARCH = {"date": {"from": date(2025, 3, 1), "to": date(2025, 4, 2)}}
CHARGES = [
    (
        charge(**LATE, hits=["b"], bands={"TL1": [1, 31, "0.5 %"], "TL2": [31, 61, "1 %"]}),
        "Terlambat 31 sampai kurang dari 61 menit: TL2, 1 % dari Disiplin kerja",
    ),
    (
        charge(**LATE, after=5, bands={"TL4": [91, None, "1.5 %"]}),
        "Terlambat 91 menit atau lebih (setelah 5 menit pertama): TL4, 1,5 % dari semua komponen",
    ),
    (
        charge(**LATE, rate="0.5 %", unit=7, part="started", after=5, hits=["b"]),
        "Terlambat masuk: 0,5 % dari Disiplin kerja tiap 7 menit yang dimulai, setelah 5 menit pertama",
    ),
    (
        charge(**ALPA, rate="3 %", hits=["a", "b"]),
        "Alpa, Tidak masuk tanpa alasan: 3 % dari semua komponen tiap hari",
    ),
    (
        charge(**ALPA, rate="3 %", of="gross", hits=["b"]),
        "Alpa, Tidak masuk tanpa alasan: 3 % dari seluruh tunjangan (diambil dari Disiplin kerja menurut bobotnya) "
        "tiap hari",
    ),
    (
        charge(each="month", label="Bawahan", rate="5 %", of="achievement", hits=["a"]),
        "Bawahan: 5 % dikurangkan sebagai poin dari capaian Produktivitas kerja",
    ),
    (charge(**SANCTION, labels={"ringan": "10 %"}), "Hukuman, Jenis ringan: 10 % dari semua komponen"),
    (
        charge(**SANCTION, labels={"berat": {"fact": "month", "bands": [[1, 3, "50 %"]]}}),
        "Hukuman, Jenis berat, Bulan ke 1 sampai kurang dari 3: 50 % dari semua komponen",
    ),
    (
        charge(each="month", label="Nilai", fact="rating_score", ratio=RATIO),
        "Nilai, Nilai kinerja: Nilai kinerja dibagi 100 (paling banyak 100 %, paling sedikit 10 %) dari semua komponen",
    ),
    (
        charge(**LATE, rate="1 %", when={"place": ["office", "home"], "class": {"from": 5, "to": 9}}),
        "Terlambat masuk berlaku hanya bila tempat kerja WFO atau WFH dan kelas jabatan 5 sampai kurang dari 9",
    ),
    (
        charge(**LATE, rate="1 %", **{"except": MARCH}),
        "Terlambat masuk dikecualikan bila hari yang dinilai sejak 1 Maret 2025 dan sebelum 2 April 2025, "
        "tetap dicatat tanpa mengurangi apa pun",
    ),
    (
        charge(**LATE, rate="1 %", free=3),
        "Terlambat masuk dibebaskan untuk 3 kejadian pertama dalam sebulan, tetap dicatat",
    ),
    (
        charge(**SANCTION, labels={"ringan": "10 %"}, combine="max"),
        "Hukuman: bila lebih dari satu, yang berlaku hanya yang terbesar, lainnya dicatat",
    ),
    (
        charge(each="leave", label="Cuti", rate="3 %", prorate="working_days"),
        "Cuti berlaku sebanding hari-harinya dari hari kerja bulan itu",
    ),
    (
        charge(fact="missing_taps", rate="1 %", article="4"),
        "Absen tidak ada (x): 1 % dari semua komponen tiap absen — dasar 4",
    ),
    (charge(**ALPA, rate="3 %", each="month"), "Alpa dihitung untuk sebulan"),
    (charge(**ALPA, rate="3 %", each="week"), "Alpa dihitung dari jumlah tiap minggu"),
    (charge(**ALPA, bands=[[3, None, "9 %"]], each="run"), "Alpa dihitung dari jumlah hari kerja berturut-turut"),
]


@pytest.mark.parametrize(("blocks", "sentence"), CHARGES, ids=[sentence[:60] for _, sentence in CHARGES])
def test_a_charge_says_what_it_costs_and_whom(blocks, sentence):
    says("allowance", blocks, sentence)


TWO = charge()["components"]
SCORE = {"fact": "rating_score", "ratio": {"to": "minutes_done"}}
OTHERS = [
    (
        {"components": TWO, "factors": {"x": {"label": "CPNS", "when": {"status": "cpns"}, "rate": "80 %"}}},
        ["CPNS: semua komponen dikalikan 80 %", "CPNS berlaku hanya bila status kepegawaian cpns"],
    ),
    (
        {"components": TWO, "factors": {"x": {"label": "TB", "rate": "50 %", "hits": ["a"], "replaces": True}}},
        ["TB: 50 % dari bagian penuh Produktivitas kerja, menggantikan capaian dan potongannya"],
    ),
    (
        supplement(each="day", fact="present_days", rate="37000 rupiah"),
        ["Uang makan, Hadir: ditambah Rp37.000 tiap hari"],
    ),
    (
        supplement(each="post", rate="20 %", of="difference", lag_months=2),
        [
            "Uang makan: ditambah 20 % dari selisih besaran tunjangan jabatan yang dirangkap, bila lebih besar",
            "Uang makan dihitung untuk setiap jabatan plt. atau plh",
            "Uang makan dibayarkan kemudian, setelah 2 bulan",
        ],
    ),
    (
        {
            "holds": {"x": {"label": "LHKPN", "when": {"late": True}, "rate": "10 %"}},
            "facts": {"late": {"given": "bool"}},
        },
        ["LHKPN: 10 % dari tunjangan ditahan", "LHKPN berlaku hanya bila late ya"],
    ),
    (
        charge(**LATE, rate="1 %") | {"caps": {"c": {"per": "day", "at": "7.5 %", "charges": ["x"]}}},
        [
            "Batas c: potongan Terlambat masuk sehari, jumlahnya paling banyak 7,5 % dari tiap komponen; "
            "selebihnya tidak dipotong"
        ],
    ),
    (
        {"caps": {"c": {"per": "month", "at": "100 %", "over": "flag"}}},
        [
            "Batas c: semua potongan sebulan, bila jumlahnya di atas 100 %, bulan itu diberi tanda `c` "
            "dan tidak ada yang berubah"
        ],
    ),
    (
        {"exempt": {"outage": True}},
        ["Semua potongan dikecualikan bila ada gangguan sistem yang diumumkan, tetap dicatat tanpa mengurangi apa pun"],
    ),
    ({"base": {"by": "given"}}, ["Besaran tunjangan: diberikan untuk setiap orang"]),
    (
        {"base": {"by": "class", "classes": {8: 6349000}, "change": "by_days"}},
        ["Kelas 8: Rp6.349.000", "Berganti kelas dalam sebulan: dibayar menurut setiap kelas sebanding hari-harinya"],
    ),
    (
        {"base": {"by": "criteria", "criteria": ["beban_kerja", "tempat"]}},
        ["Kriteria anggaran: beban kerja dan tempat"],
    ),
    (
        {"base": {"by": "basic", "criteria": ["beban"]}},
        ["Besaran tunjangan: jumlah dasar dikalikan persentase menurut kriteria anggaran"],
    ),
    (
        {
            "components": {
                "a": {
                    "weight": "100 %",
                    "cuts_of": "full",
                    "achievement": {
                        "mix": [
                            {"weight": "60 %", **SCORE},
                            {
                                "weight": "40 %",
                                "fact": "rating",
                                "period": "previous_month",
                                "labels": {"Baik": "90 %", "missing": "40 %"},
                            },
                        ]
                    },
                }
            }
        },
        [
            "a: 100 % dari besaran tunjangan",
            "Potongan a adalah persentase dari bagian penuh menurut bobot",
            "Capaian a, Bagian ke-1 berbobot 60 %, Nilai kinerja: Nilai kinerja dibagi menit kerja yang dilaporkan",
            "Capaian a, Bagian ke-2 berbobot 40 %, Predikat kinerja bulan sebelumnya Baik: 90 %",
            "Capaian a, Bagian ke-2 berbobot 40 %, Predikat kinerja bulan sebelumnya tidak ada: 40 %",
        ],
    ),
    (
        {"components": TWO},
        ["Capaian Disiplin kerja selalu 100 %", "Potongan Disiplin kerja adalah persentase dari yang dicapai"],
    ),
    (
        {"offsets": ["profession_allowance"]},
        ["Tunjangan profesi yang diterima dari tempat lain dikurangkan dari tunjangan, paling rendah menjadi Rp0"],
    ),
    (
        {
            "insurance": {
                "employer": "4 %",
                "employee": "1 %",
                "of": "gross",
                "floor_rupiah": 5067381,
                "ceiling_rupiah": 12000000,
                "when": {"status": "pns"},
            }
        },
        [
            "Iuran pemberi kerja: 4 % dari dasar iuran, dicatat masuk dan keluar",
            "Iuran pegawai: 1 % dari dasar iuran, mengurangi yang diterima",
            "Dasar iuran: gaji ditambah besaran tunjangan, paling rendah Rp5.067.381, paling tinggi "
            "Rp12.000.000, lalu dikurangi gaji, tidak di bawah Rp0",
            "Iuran berlaku hanya bila status kepegawaian pns",
        ],
    ),
    (
        {
            "tax": {
                "fact": "taxable_rupiah",
                "bands": [[0, 5400000, "0 %"], [5400000, None, "5 %"]],
                "of": "increment",
                "borne_by": "government",
            }
        },
        [
            "Pajak, Penghasilan kena pajak 5.400.000 atau lebih: 5 %",
            "Pajak dihitung dari selisih pajak atas gaji dengan tunjangan dan pajak atas gaji saja",
            "Pajak ditanggung pemerintah, dicatat masuk dan keluar",
        ],
    ),
    (
        {"rounding": {"component": {"to": 1}, "tax": {"to": 100, "mode": "floor"}}},
        [
            "Yang dibayar tiap komponen dibulatkan ke kelipatan Rp1 terdekat, tepat di tengah ke atas",
            "Pajak dibulatkan ke kelipatan Rp100 di bawahnya",
        ],
    ),
    ({"exempt": {"outage": True}}, ["Tidak ada pembulatan: semua jumlah tepat"]),
    (
        {
            "facts": {
                "score": {"given": "number", "default": 3},
                "lost": {"sum": {"minutes_late": 2}, "each": "day"},
                "top": {"greatest": ["score", 5]},
            }
        },
        [
            "`score`: diberikan sebagai angka, bila tidak diberikan 3, sebulan sekali",
            "`lost`: jumlah dari 2 × Terlambat masuk, setiap hari, lalu dijumlahkan",
            "`top`: yang terbesar dari score dan 5, sebulan sekali",
        ],
    ),
]


@pytest.mark.parametrize(("blocks", "sentences"), OTHERS, ids=[sentences[0][:60] for _, sentences in OTHERS])
def test_everything_else_of_an_allowance_says_what_it_means(blocks, sentences):
    says("allowance", blocks, *sentences)


def test_a_tax_table_says_its_rates_and_nothing_of_who_bears_them():
    sentences = said("tax", {"tax": {"fact": "rank_group", "labels": {"III": "5 %"}}})
    assert "Pajak, Golongan ruang III: 5 %." in sentences
    assert not any("ditanggung" in sentence for sentence in sentences)


def test_every_shipped_document_can_be_read():
    library = Library()
    library.load_folder(REGULATIONS)
    for document in library.documents():
        assert all(sections_of(document).values()), document.id


def test_a_calendar_says_its_days():
    holidays = [{"date": date(2026, 1, 1), "name": "Tahun Baru Masehi", "kind": "holiday", "decree": "SKB 1/2025"}]
    blocks = {
        "working_days": {"five_day": ["mon", "tue", "wed", "thu", "fri"]},
        "ramadan": [{"valid_from": date(2026, 2, 18), "valid_to": date(2026, 3, 20)}],
        "holidays": holidays,
    }
    says(
        "calendar",
        blocks,
        "Lima hari kerja: Senin, Selasa, Rabu, Kamis, dan Jumat",
        "Ramadan: 18 Februari 2026 sampai sebelum 20 Maret 2026",
        "Kamis, 1 Januari 2026: Tahun Baru Masehi, libur nasional — SKB 1/2025",
    )


@pytest.mark.parametrize(
    ("topic", "blocks", "sentence"),
    [
        (
            "eligibility",
            {"excluded_levels": {"levels": ["jpt_madya"]}},
            "Jenjang yang tidak boleh bekerja dari rumah, jenjang: jpt madya",
        ),
        ("performance", {"result": {"below": "70.5 %"}}, "Hasil kerja, di bawah ekspektasi: 70,5 %"),
        ("savings", {"not_worse": {"points": 2}}, "Batas kinerja tidak turun, poin: 2"),
    ],
)
def test_a_simple_document_says_its_values(topic, blocks, sentence):
    says(topic, blocks, sentence)
