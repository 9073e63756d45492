"""Endpoints of runs and slips: the queries of the pages, with the rights and the traces of the pages."""

from datetime import date

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import FreshSignIn
from allowances.models import RunInput
from allowances.queries import runs as queries
from allowances.queries.slip_days import day_of_slip
from allowances.queries.slips import slip_of, slips_of
from allowances.serializers import (
    PaidPersonSerializer,
    RunDetailSerializer,
    RunSerializer,
    SlipDaySerializer,
    SlipRowSerializer,
    SlipSerializer,
)
from allowances.views.access import PAY, holds, input_or_404, record_read, record_slip_read, run_or_404
from core.api import Pages, endpoint, paged
from roster.api import GovernmentView, HasRole
from roster.models import Role

ON = OpenApiParameter("on", OpenApiTypes.DATE, OpenApiParameter.PATH, description="Hari dalam bulan slip itu")
TRACE = "Pembacaan data tunjangan orang lain dicatat."


class ReadsPay(BasePermission):
    """A role of the view for the whole government, as on the pay pages."""

    def has_permission(self, request: Request, view: "PayView") -> bool:
        """Judged after `HasRole`, which knows the standing."""
        return holds(request, *view.roles)


class PayView(GovernmentView):
    """Pay of others: a right of its own, and a fresh sign-in."""

    roles = PAY
    permission_classes = [IsAuthenticated, HasRole, ReadsPay, FreshSignIn]


class OwnView(GovernmentView):
    """One's own pay, with a fresh sign-in; reading it leaves no trace."""

    roles = (Role.EMPLOYEE,)
    permission_classes = [IsAuthenticated, HasRole, FreshSignIn]

    def own_row(self, request: Request, pk: int) -> RunInput:
        """One's own row in a run; 404 where there is none."""
        rows = slips_of(request.person) if request.person is not None else RunInput.objects.none()
        row = rows.filter(run_id=pk).first()
        if row is None:
            raise Http404
        return row


class Runs(PayView):
    @endpoint("Perhitungan/runs", "Semua perhitungan, yang terbaru dahulu", paged(RunSerializer), asks=Pages.parameters)
    def get(self, request: Request) -> Response:
        return Pages.answer(self, queries.runs_of(request.government), RunSerializer)


class OneRun(PayView):
    @endpoint("Perhitungan/run", "Satu perhitungan dengan jumlah dan dokumennya", RunDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        run = run_or_404(request, pk)
        run.sums = queries.run_sums(run)
        return Response(RunDetailSerializer(run).data)


class RunPeople(PayView):
    @endpoint(
        "Perhitungan/run_people", "Siapa yang dibayar dalam perhitungan itu", paged(PaidPersonSerializer),
        asks=[*Pages.parameters, OpenApiParameter("q", str, description="Nama, NIP, atau unit")], about=TRACE,
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        run = run_or_404(request, pk)
        words = request.query_params.get("q", "").strip()[:100]
        answer = Pages.answer(self, queries.people_in(run, words), PaidPersonSerializer)
        about = {"words": words, "people": len(answer.data["results"])}
        record_read(request, timezone.now(), "run.people_read", f"run:{run.pk}", about)
        return answer


class PersonSlip(PayView):
    @endpoint("Slip/slip", "Slip seseorang dengan penjelasannya", SlipSerializer, about=TRACE)
    def get(self, request: Request, pk: int, person: int) -> Response:
        row = input_or_404(request, pk, person)
        record_slip_read(request, timezone.now(), person, row.run)
        return Response(SlipSerializer(slip_of(row)).data)


class PersonSlipDay(PayView):
    @endpoint("Slip/slip_day", "Satu hari di balik slip seseorang", SlipDaySerializer, asks=[ON], about=TRACE)
    def get(self, request: Request, pk: int, person: int, on: date) -> Response:
        row = input_or_404(request, pk, person)
        record_slip_read(request, timezone.now(), person, row.run, "slip_day")
        return _day(row, on)


class OwnSlips(OwnView):
    @endpoint(
        "Slip sendiri/own_slips",
        "Slip sendiri, yang terbaru dahulu",
        paged(SlipRowSerializer),
        asks=Pages.parameters,
    )
    def get(self, request: Request) -> Response:
        rows = slips_of(request.person).defer("given") if request.person is not None else RunInput.objects.none()
        return Pages.answer(self, rows, SlipRowSerializer)


class OwnSlip(OwnView):
    @endpoint("Slip sendiri/own_slip", "Satu slip sendiri dengan penjelasannya", SlipSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(SlipSerializer(slip_of(self.own_row(request, pk))).data)


class OwnSlipDay(OwnView):
    @endpoint("Slip sendiri/own_slip_day", "Satu hari di balik slip sendiri", SlipDaySerializer, asks=[ON])
    def get(self, request: Request, pk: int, on: date) -> Response:
        return _day(self.own_row(request, pk), on)


def _day(row: RunInput, on: date) -> Response:
    day = day_of_slip(row, on)
    if day is None:
        raise Http404
    return Response(SlipDaySerializer(day).data)
