"""Addresses of runs, slips and exports."""

from django.urls import path

from allowances.views import effects, files, objections, people, runs, slips
from core import addresses  # noqa: F401  `<day:on>`

RUN = "perhitungan/<int:pk>/"
SLIP = f"{RUN}slip/<int:person>/"
EFFECTS = "rancangan/<int:draft>/"
EFFECT = f"{EFFECTS}<int:pk>/"

app_name = "allowances"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("draf/", runs.draft, name="draft"),
    path(RUN, runs.run, name="run"),
    path(f"{RUN}pemeriksaan/", runs.run_checks, name="run_checks"),
    path(f"{RUN}unit/", runs.run_units, name="run_units"),
    path(f"{RUN}pegawai/", people.run_people, name="run_people"),
    path(f"{RUN}langkah/<slug:verb>/", runs.run_step, name="run_step"),
    path(f"{RUN}berkas/<slug:kind>/", files.run_file, name="run_file"),
    path(SLIP, slips.slip, name="slip"),
    path(f"{SLIP}pdf/", slips.slip_pdf, name="slip_pdf"),
    path(f"{SLIP}hari/<day:on>/", slips.slip_day, name="slip_day"),
    path(EFFECTS, effects.effects, name="effects"),
    path(EFFECT, effects.effect, name="effect"),
    path(f"{EFFECT}pegawai/", effects.effect_people, name="effect_people"),
    path(f"{EFFECT}pegawai.csv", effects.effect_file, name="effect_file"),
    path(f"{EFFECT}pegawai/<int:person>/", effects.effect_person, name="effect_person"),
    path("slip/", slips.my_slip, name="my_slip"),
    path("slip/<int:pk>/pdf/", slips.my_slip_pdf, name="my_slip_pdf"),
    path("slip/hari/<day:on>/", slips.my_slip_day, name="my_slip_day"),
    path("keberatan/", objections.my_objections, name="my_objections"),
    path("keberatan/baru/", objections.object_to, name="object"),
    path("keberatan/bukti/<str:number>/", objections.objection_sent, name="objection_sent"),
    path("keberatan-pegawai/", objections.objections, name="objections"),
    path("keberatan-pegawai/<int:pk>/", objections.objection, name="objection"),
]
