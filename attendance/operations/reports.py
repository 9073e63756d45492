"""Absences with their decree, and the plan and result of a day's work."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from attendance.models import Absence, WorkReport
from core import audit
from core.errors import PortalError
from roster.models import Person


def record_absence(
    person: Person, kind: str, valid_from: date, valid_to: date, decree: str, at: datetime, user: Any = None
) -> Absence:
    """Record an approved leave, duty travel or training (`valid_to` exclusive). Raises PortalError on an overlap."""
    if kind not in Absence.Kind.values or valid_to <= valid_from:
        raise PortalError("Jenis atau tanggal tidak masuk akal; akhir harus sesudah awal.")
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                person=person,
                kind=kind,
                valid_from=valid_from,
                valid_to=valid_to,
                decree=decree,
                recorded_at=at,
                decided_by=user,
                decided_at=at,
            )
            actor = getattr(user, "username", "")
            audit.record(at, person.government.code, actor, "absence.recorded", f"person:{person.pk}", {"kind": kind})
            return absence
    except IntegrityError as error:
        raise PortalError("Tanggal itu bertindih dengan cuti atau dinas lain yang sudah disetujui.") from error


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


def judge_report(report_id: int, verdict: str, user: Any) -> None:
    """The superior's verdict: accepted, noted or below; never on oneself."""
    report = WorkReport.objects.select_related("person").get(pk=report_id)
    if report.person.user_id == user.pk:
        raise PortalError("Laporan sendiri tidak dapat dinilai sendiri.")
    if verdict not in ("accepted", "noted", "below"):
        raise PortalError("Putusan tidak dikenal.")
    report.verdict = verdict
    report.save(update_fields=["verdict"])
