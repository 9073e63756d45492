"""Invented figures for the page that shows every part in every state."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from django import forms

from core.forms import PortalForm
from core.icons import ICONS
from core.templatetags.portal import STATUSES
from wfh_portal.pages.parts import Figure


class SampleForm(PortalForm):
    """Fields of each kind, one of them wrong."""

    reason = forms.CharField(label="Alasan keberatan", error_messages={"required": "Tulis alasan keberatan"})
    number = forms.CharField(label="NIP", help_text="18 angka, spasi boleh.", required=False)
    phase = forms.ChoiceField(label="Tahap", choices=[("2", "2: Kamis, semua"), ("3", "3: Kamis dan Jumat")])
    consent = forms.BooleanField(label="Sertakan lokasi sebagai bukti", required=False)


def samples() -> dict[str, Any]:
    """Context of the page; nothing in it comes from the database."""
    late_days = [
        {"on": date(2026, 10, 7), "record": "Masuk 07.47.12 (WFO)", "amount": "17 menit"},
        {"on": date(2026, 10, 20), "record": "Masuk 07.38.05 (WFO)", "amount": "8 menit"},
    ]
    late = {
        "label": "2 kali TL1",
        "amount": -40_000,
        "sentence": "Terlambat 1 sampai kurang dari 31 menit mengurangi 0,5 % tiap kali.",
        "arithmetic": "4.000.000 × 1 % = 40.000",
        "article": "Pasal 14 ayat (2) huruf b, tabel baris 1",
        "days": late_days,
    }
    discipline = {
        "label": "Disiplin",
        "note": "40 %",
        "amount": 3_760_000,
        "sentence": "40 % dari pagu, dikurangi 6 %.",
        "children": [late],
        "open": True,
    }
    return {
        "statuses": list(STATUSES),
        "icons": list(ICONS),
        "figures": [
            Figure("Pegawai", "43.118", icon="people"),
            Figure("TPP bruto", "Rp178.025.145.000"),
            Figure("Menahan persetujuan", "253", "lihat pemeriksaan", "bad", "bad"),
        ],
        "steps": [
            {"label": "Draf", "note": "selesai", "state": "done"},
            {"label": "Diperiksa", "note": "sekarang", "state": "now"},
            {"label": "Disetujui", "state": "later"},
            {"label": "Dikunci", "state": "later"},
        ],
        "nodes": [discipline],
        "form": SampleForm({"number": "19860926 201505 1 001", "phase": "3", "consent": "on"}),
        "amounts": [9_520_000, -476_000, 0, None],
        "rates": [Fraction(1, 200), Fraction(3, 100), Fraction(-1, 3), None],
        "at": datetime(2026, 11, 19, 0, 21, 48, tzinfo=UTC),
    }
