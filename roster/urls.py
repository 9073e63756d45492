"""Addresses of people, units, buildings and phases."""

from django.urls import path

from roster.views import home_days, imports, people, phases

app_name = "roster"
urlpatterns = [
    path("pegawai/", people.people, name="people"),
    path("pegawai/<int:pk>/", people.person, name="person"),
    path("jadwal-wfh/", home_days.schedule, name="schedule"),
    path("jadwal-wfh/permohonan/", home_days.decide, name="decide_home_days"),
    path("hari-wfh/", home_days.my_home_days, name="my_home_days"),
    path("impor/", imports.imports, name="imports"),
    path("impor/baru/<slug:kind>/", imports.import_new, name="import_new"),
    path("impor/unggahan/<int:pk>/", imports.upload, name="upload"),
    path("impor/unggahan/<int:pk>/temuan.csv", imports.upload_findings, name="upload_findings"),
    path("impor/unggahan/<int:pk>/putuskan/", imports.upload_decide, name="upload_decide"),
    path("impor/riwayat/<int:pk>/", imports.import_run, name="import_run"),
    path("impor/riwayat/<int:pk>/batalkan/", imports.import_undo, name="import_undo"),
    path("tahap/", phases.phases, name="phases"),
    path("tahap/riwayat/", phases.phase_history, name="phase_history"),
    path("tahap/gedung/<str:code>/", phases.building, name="building"),
    path("tahap/gedung/<str:code>/orang/<int:weekday>/<slug:reason>/", phases.building_people, name="building_people"),
    path("tahap/gedung/<str:code>/simpan/", phases.phase_confirm, name="phase_confirm"),
    path("tahap/gedung/<str:code>/akhiri/<int:pk>/", phases.phase_close, name="phase_close"),
]
