"""How the portal stands, in words: every part with its state, what it means, and what to do where it is not well."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.indonesian import grouped
from roster.rights import require
from wfh_portal.night_watch import headline, remedy
from wfh_portal.pages.nights import STATUS_READERS
from wfh_portal.state import Database, State, read_state

SEAL_LATE_AFTER = timedelta(minutes=10)
WORK_LATE_AFTER = timedelta(minutes=30)
LEAST_FREE = 0.1
MOST_CONNECTIONS = 0.8
WORDS = {"ok": ("check", "Baik"), "warn": ("warn", "Perhatikan"), "bad": ("bad", "Rusak")}


@dataclass(frozen=True)
class Part:
    """One part of the portal: `kind` is ok, warn or bad; `remedy` says what to do, empty where all is well."""

    label: str
    kind: str
    text: str
    remedy: str = ""

    @property
    def icon(self) -> str:
        """Beside the word, so that colour is not alone."""
        return WORDS[self.kind][0]

    @property
    def word(self) -> str:
        """The state in a word."""
        return WORDS[self.kind][1]


@require_GET
@require(*STATUS_READERS)
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """The parts of the portal for administrators and auditors, those that are not well first."""
    state = read_state(timezone.now())
    code = request.government.code
    parts = sorted(parts_of(state, code), key=lambda part: ("bad", "warn", "ok").index(part.kind))
    context = {"parts": parts, "state": state, "zone": request.government.zone, "worst": parts[0].kind}
    return render(request, "pages/status.html", context)


def parts_of(state: State, government_code: str) -> list[Part]:
    """Every part, in the order in which a request and its consequences pass them."""
    found = [_cache(state), _timetable(state), _disk(state)]
    database = state.database
    if database is None:
        text = "Basis data tidak menjawab."
        return [Part("Basis data", "bad", text, "Periksa server PostgreSQL; portal pulih sendiri."), *found]
    return [
        _database(database),
        *found,
        _presses(database, government_code),
        _work(state, database),
        _nights(database, government_code),
        _audit(state, database),
        _alerts(database),
    ]


def _database(found: Database) -> Part:
    text = (
        f"PostgreSQL {found.version}, {grouped(found.connections)} dari {grouped(found.connections_most)} sambungan, "
        f"{size_words(found.size_bytes)}."
    )
    if found.connections < found.connections_most * MOST_CONNECTIONS:
        return Part("Basis data", "ok", text)
    return Part("Basis data", "warn", text, "Sambungan hampir habis: naikkan max_connections atau kurangi proses.")


def _cache(state: State) -> Part:
    if state.cache_answers:
        return Part("Valkey", "ok", "Menjawab.")
    text = "Tidak menjawab. Absen dan halaman tetap berjalan tanpa Valkey; pekerjaan malam menunggu."
    return Part("Valkey", "bad", text, "Jalankan lagi Valkey; isinya boleh hilang, pekerjaan dikirim ulang sendiri.")


def _timetable(state: State) -> Part:
    label = "Jadwal dan pekerja"
    if state.timetable_runs and state.ticked_at:
        return Part(label, "ok", f"Terakhir bekerja {ago(state.at - state.ticked_at)} lalu.")
    since = f"Terakhir bekerja {ago(state.at - state.ticked_at)} lalu." if state.ticked_at else "Belum ada tanda kerja."
    return Part(label, "bad", since, "Periksa proses beat dan worker; malam yang terlewat disusulkan sendiri.")


def _disk(state: State) -> Part:
    text = f"{size_words(state.disk_free_bytes)} kosong dari {size_words(state.disk_total_bytes)}."
    if state.disk_free_bytes >= state.disk_total_bytes * LEAST_FREE:
        return Part("Ruang berkas", "ok", text)
    return Part("Ruang berkas", "warn", text, "Perbesar ruang, atau pindahkan cadangan lama dari mesin ini.")


def _presses(found: Database, code: str) -> Part:
    count = next((one.count for one in found.presses if one.government_code == code), 0)
    return Part("Absen hari ini", "ok", f"{grouped(count)} tekanan tercatat." if count else "Belum ada tekanan.")


def _work(state: State, found: Database) -> Part:
    failed = sum(work.count for work in found.work if work.state == "failed")
    waiting = [work for work in found.work if work.state != "failed"]
    count = sum(work.count for work in waiting)
    text = f"{grouped(count)} bagian menunggu atau dikerjakan, {grouped(failed)} disisihkan."
    if any(state.at - work.since > WORK_LATE_AFTER for work in waiting):
        return Part("Pekerjaan panjang", "warn", text, "Ada bagian yang tidak bergerak lebih dari setengah jam.")
    if failed:
        return Part("Pekerjaan panjang", "warn", text, "Lihat Perhitungan malam untuk sebabnya.")
    return Part("Pekerjaan panjang", "ok", text)


def _nights(found: Database, code: str) -> Part:
    bad = found.bad_nights.get(code, ())
    if not bad:
        return Part("Perhitungan malam", "ok", "Dua minggu terakhir selesai sebagaimana mestinya.")
    return Part("Perhitungan malam", "bad", headline(bad[-1]), remedy(bad[-1]))


def _audit(state: State, found: Database) -> Part:
    if found.unsealed_since is None or state.at - found.unsealed_since < SEAL_LATE_AFTER:
        return Part("Segel jejak audit", "ok", f"{grouped(found.unsealed_count)} catatan menunggu segel berikutnya.")
    text = f"{grouped(found.unsealed_count)} catatan belum disegel sejak {ago(state.at - found.unsealed_since)} lalu."
    return Part("Segel jejak audit", "warn", text, "Penyegel dikirim tiap menit: periksa beat dan worker.")


def _alerts(found: Database) -> Part:
    if not found.alerts_unsent:
        return Part("Surat peringatan", "ok", "Tidak ada yang menunggu dikirim.")
    text = f"{grouped(found.alerts_unsent)} peringatan belum diterima server surat."
    return Part("Surat peringatan", "warn", text, "Periksa EMAIL_HOST; peringatan dikirim ulang sendiri.")


def ago(span: timedelta) -> str:
    """How long, in the largest unit that fits: 40 detik, 12 menit, 5 jam, 3 hari."""
    seconds = max(int(span.total_seconds()), 0)
    for size, word in ((86_400, "hari"), (3_600, "jam"), (60, "menit")):
        if seconds >= 2 * size:
            return f"{grouped(seconds // size)} {word}"
    return f"{grouped(seconds)} detik"


def size_words(size_bytes: int) -> str:
    """A size as people read it: 3,2 GB."""
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.1f} {name}".replace(".", ",")
    return f"{size_bytes // 1000} kB"
