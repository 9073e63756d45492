"""The plan and result of a day's work, and the superior's verdict."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from attendance.clock import work_date_of
from attendance.models import WorkReport
from attendance.operations.closing import close_day
from attendance.queries.rights import may_decide
from core import audit
from core.errors import PortalError
from roster.models import Person

VERDICTS = ("accepted", "noted", "below")


def write_plan(person: Person, work_date: date, targets: list[str], at: datetime) -> WorkReport:
    """Keep the targets of a day, one a line; before a result is delivered they may be written anew."""
    if not targets:
        raise PortalError("Target belum diisi. Tulis satu target tiap baris.")
    report, _ = WorkReport.objects.get_or_create(person=person, work_date=work_date)
    if report.delivered_at:
        raise PortalError("Hasil hari itu sudah dikirim; targetnya tidak dapat diubah lagi.")
    report.plan, report.planned_count, report.planned_at = "\n".join(targets), len(targets), at
    report.save(update_fields=["plan", "planned_count", "planned_at"])
    return report


def write_result(person: Person, work_date: date, result: str, done_count: int, at: datetime) -> WorkReport:
    """Deliver the result of a day; until the superior's verdict it may be delivered anew."""
    if not result.strip():
        raise PortalError("Hasil belum diisi. Tulis apa yang selesai hari ini.")
    report, _ = WorkReport.objects.get_or_create(person=person, work_date=work_date)
    if report.verdict:
        raise PortalError("Hasil hari itu sudah diputus atasan.")
    if report.planned_count and done_count > report.planned_count:
        raise PortalError(f"Target hari itu {report.planned_count}; yang tercapai tidak dapat lebih.")
    report.result, report.done_count = result.strip(), done_count
    report.delivered_at = report.delivered_at or at
    report.save(update_fields=["result", "done_count", "delivered_at"])
    return report


def judge_report(report_id: int, verdict: str, user: Any, at: datetime) -> WorkReport:
    """The superior's verdict: accepted, noted or below; a day that is over is decided anew with it.

    Raises PortalError: no such report, one's own, no right, nothing delivered yet, or another word.
    """
    with transaction.atomic():
        waiting = WorkReport.objects.select_for_update(of=("self",)).select_related("person__government")
        report = waiting.filter(pk=report_id).first()
        if report is None:
            raise PortalError("Laporan itu tidak ada lagi; muat ulang halaman.")
        person = report.person
        if person.user_id == user.pk:
            raise PortalError("Laporan sendiri tidak dapat dinilai sendiri.")
        if not may_decide(user, person, work_date_of(at, person.government.zone)):
            raise PortalError("Anda bukan atasan atau kepegawaian dari pegawai ini.")
        if verdict not in VERDICTS:
            raise PortalError("Pilih diterima, diterima dengan catatan, atau di bawah target.")
        if report.delivered_at is None:
            raise PortalError(f"{person.display_name} belum mengirim hasil; belum ada yang dinilai.")
        report.verdict, report.judged_by, report.judged_at = verdict, user, at
        report.save(update_fields=["verdict", "judged_by", "judged_at"])
        about = {"work_date": report.work_date, "verdict": verdict}
        audit.record(at, person.government.code, user.username, "report.judged", f"person:{person.pk}", about)
        close_day(person.government, report.work_date, at, [person.pk])
    return report
