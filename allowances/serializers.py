"""Runs and slips as endpoints answer them; amounts are exact text. Docstrings are the schema's own descriptions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from allowances.exports.cells import run_code
from allowances.frozen import month_of_run
from allowances.models import Run, RunInput
from allowances.queries.slip_days import SlipDay
from core.api import ExactField


class StepSerializer(serializers.Serializer):
    """Satu langkah penjelasan; langkah di bawahnya berjumlah tepat sama dengan jumlahnya."""

    label = serializers.CharField(help_text="Sebutan langkah ini")
    value = ExactField(source="amount", allow_null=True, help_text="Jumlah yang tepat; null: belum diketahui")
    unit = serializers.CharField(help_text="Satuan jumlahnya: rupiah")
    sentence = serializers.CharField(help_text="Aturannya dibacakan, dengan angka orang ini")
    arithmetic = serializers.CharField(allow_blank=True, help_text="Hitungannya; kosong bila tidak ada yang dihitung")
    article = serializers.CharField(allow_blank=True, help_text="Pasal, atau 'pasal belum diverifikasi'")
    note = serializers.CharField(allow_blank=True, help_text="Bobot, kode kejadian, atau keterangan pendek")
    on = serializers.DateField(allow_null=True, help_text="Hari yang menjadi sebabnya")
    key = serializers.CharField(allow_blank=True, help_text="Nama tetap untuk program, misalnya charge.late")

    def get_fields(self) -> dict[str, serializers.Field]:
        """With its children, which are steps again."""
        fields = super().get_fields()
        fields["children"] = StepSerializer(many=True, help_text="Langkah di bawahnya")
        return fields


class RunSerializer(serializers.ModelSerializer):
    """Satu perhitungan."""

    code = serializers.SerializerMethodField(help_text="Kode pendek, misalnya TPP-2026-11")
    title = serializers.SerializerMethodField(help_text="Bulan dan jenisnya dalam kata")
    aside_count = serializers.SerializerMethodField(help_text="Pegawai yang disisihkan")
    total = ExactField(source="total_rupiah", help_text="Jumlah bersih, rupiah")

    class Meta:
        model = Run
        fields = ("id", "code", "title", "month", "kind", "number", "state", "people_count", "aside_count", "total",
                  "policy_id", "policy_sha256", "drafted_at", "locked_at", "paid_on", "treasury_order")  # fmt: skip

    def get_code(self, run: Run) -> str:
        """As on files and papers."""
        return run_code(run)

    def get_title(self, run: Run) -> str:
        """As on the pages."""
        return month_of_run(run)

    def get_aside_count(self, run: Run) -> int:
        """Counted by the database in a list."""
        counted = getattr(run, "aside_count", None)
        return len(run.set_aside) if counted is None else counted


class AmountsSerializer(serializers.Serializer):
    """gross - cuts + supplements + rapel - held - insurance_employee - tax_own + carried_over = net."""

    gross = ExactField()
    cuts = ExactField()
    supplements = ExactField()
    rapel = ExactField()
    held = ExactField()
    insurance_employee = ExactField()
    insurance_employer = ExactField()
    tax = ExactField()
    tax_own = ExactField()
    carried_over = ExactField()
    net = ExactField()


class RunDetailSerializer(RunSerializer):
    """Satu perhitungan dengan jumlah dan dokumen yang dipakainya."""

    policies = serializers.DictField(child=serializers.CharField(), help_text="Dokumen yang dipakai: id dan sha256")
    sums = AmountsSerializer(help_text="Jumlah semua pegawai, rupiah")
    checked_at = serializers.DateTimeField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)

    class Meta(RunSerializer.Meta):
        fields = (*RunSerializer.Meta.fields, "policies", "checked_at", "approved_at", "sums")


class PaidPersonSerializer(serializers.ModelSerializer):
    """Siapa yang dibayar dan berapa."""

    person = serializers.IntegerField(source="person_id", help_text="Nomor orang di alamat slipnya")
    gross = ExactField(source="gross_rupiah")
    net = ExactField(source="net_rupiah")

    class Meta:
        model = RunInput
        fields = ("person", "number", "name", "unit_name", "position_name", "job_class", "gross", "net")


class SlipRowSerializer(serializers.ModelSerializer):
    """Satu slip sendiri dalam daftar."""

    run = RunSerializer()
    estimate = serializers.SerializerMethodField(help_text="Belum dikunci: masih dapat berubah")
    gross = ExactField(source="gross_rupiah")
    net = ExactField(source="net_rupiah")

    class Meta:
        model = RunInput
        fields = ("run", "estimate", "gross", "net")

    def get_estimate(self, row: RunInput) -> bool:
        """Until the lock."""
        return row.run.state not in (Run.State.LOCKED, Run.State.PAID)


class CriterionSerializer(serializers.Serializer):
    """Satu kriteria anggaran, dari semua komponen."""

    label = serializers.CharField()
    value = ExactField()

    def to_representation(self, pair: tuple[str, Any]) -> dict[str, Any]:
        """From a (label, amount) pair."""
        return super().to_representation({"label": pair[0], "value": pair[1]})


class SlipSerializer(serializers.Serializer):
    """Slip dengan penjelasannya, sama seperti di halaman dan di PDF."""

    run = RunSerializer()
    person = PaidPersonSerializer(source="row")
    estimate = serializers.SerializerMethodField(help_text="Belum dikunci: masih dapat berubah")
    document_title = serializers.CharField(help_text="Judul peraturan yang dipakai")
    decree = serializers.CharField(allow_blank=True, help_text="Nomor peraturannya")
    verification_code = serializers.CharField(source="row.verification_code", allow_blank=True)
    alarm = serializers.ListField(
        child=serializers.CharField(), help_text="Kosong bila hitungan ulang sama sampai rupiah terakhir"
    )
    earned = ExactField(help_text="Jumlah komponen sesudah potongan, rupiah")
    criteria = CriterionSerializer(many=True, help_text="Rincian kriteria anggaran; jumlahnya sama dengan `earned`")
    base = StepSerializer(allow_null=True, help_text="Dari mana pagunya")
    tree = StepSerializer(help_text="Dari yang diterima sampai ke absen sehari")

    def get_estimate(self, slip: Any) -> bool:
        """Until the lock."""
        return not slip.locked


class PunchSerializer(serializers.Serializer):
    """Satu absen."""

    verb = serializers.CharField(help_text="in, out, atau unknown dari mesin")
    at = serializers.DateTimeField()
    source = serializers.CharField(help_text="Dari mana datangnya")
    receipt_number = serializers.CharField(allow_blank=True)
    provisional = serializers.BooleanField()


class DayFactSerializer(serializers.Serializer):
    """Satu fakta hari itu yang dipakai slip."""

    name = serializers.CharField()
    label = serializers.CharField()
    value = serializers.IntegerField()


@extend_schema_field({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}:[0-9]{2}$", "example": "08:01:00"})
class ClockField(serializers.TimeField):
    """A time of the office's clock; the format `time` of schemas asks for a zone."""


class SlipDaySerializer(serializers.Serializer):
    """Satu hari di balik slip: yang dipakai slip, dan absen yang tercatat."""

    on = serializers.DateField()
    counted = serializers.SerializerMethodField(help_text="false: hari libur, atau hari yang tidak dihitung")
    place = serializers.SerializerMethodField(help_text="office, home, duty, leave, dan seterusnya")
    time_in = ClockField(source="used_in", allow_null=True, help_text="Absen masuk yang dipakai")
    time_out = ClockField(source="used_out", allow_null=True, help_text="Absen pulang yang dipakai")
    facts = serializers.SerializerMethodField()
    changed = serializers.BooleanField(help_text="Catatannya berubah sesudah perhitungan; selisihnya lewat rapel")
    punches = serializers.SerializerMethodField()

    def get_counted(self, day: SlipDay) -> bool:
        """Whether the slip knows the day."""
        return day.used is not None

    def get_place(self, day: SlipDay) -> str:
        """Empty where the day did not count."""
        return str((day.used or {}).get("place") or "")

    @extend_schema_field(DayFactSerializer(many=True))
    def get_facts(self, day: SlipDay) -> list[dict[str, Any]]:
        """Only those that are not 0."""
        return [{"name": name, "label": label, "value": value} for name, label, value in day.facts]

    @extend_schema_field(PunchSerializer(many=True))
    def get_punches(self, day: SlipDay) -> list[dict[str, Any]]:
        """In order of their time."""
        rows = [
            {"verb": punch.verb, "at": punch.at, "source": source, "receipt_number": punch.receipt_number,
             "provisional": punch.provisional}
            for punch, source in day.punches
        ]  # fmt: skip
        return PunchSerializer(rows, many=True).data  # type: ignore[return-value]
