"""Addresses of check-in, corrections and day records."""

from django.urls import path

from attendance.views import check_in, decisions, employee, superior

app_name = "attendance"
urlpatterns = [
    path("absen/", check_in.check_in, name="check_in"),
    path("absen/antrean/", check_in.queue, name="queue"),
    path("absen/bukti/<str:code>/", check_in.receipt, name="receipt"),
    path("bukti/<str:code>/", check_in.verify, name="verify"),
    path("kehadiran/bulan/", employee.my_month, name="my_month"),
    path("kehadiran/koreksi/", employee.correction, name="correction"),
    path("kehadiran/rencana/", employee.work_report, name="work_report"),
    path("kehadiran/cuti/", employee.absences, name="absences"),
    path("kehadiran/tim/", superior.team, name="team"),
    path("kehadiran/persetujuan/", decisions.requests, name="requests"),
    path("kehadiran/laporan/", decisions.reports, name="reports"),
    path("kehadiran/pemeriksaan/", decisions.cases, name="cases"),
    path("kehadiran/gangguan/", superior.outages, name="outages"),
]
