"""Rights: who may do what, where, until when; given and ended by an administrator."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.freshness import require_fresh
from core.forms import PortalForm
from roster.forms import UnitField
from roster.grants import GrantRefused, end_grant, give_grant
from roster.models import Government, Grant, Person, Role
from roster.rights import require
from wfh_portal.pages.person_accounts import account_for, digits_of

ROLES = [(role.value, role.label) for role in Role if role != Role.EMPLOYEE]
PAGE_ROWS = 50


class GrantForm(PortalForm):
    """A right for a person of the roster."""

    number = forms.CharField(label="NIP atau NI PPPK", max_length=30, help_text="18 angka, spasi boleh.")
    role = forms.ChoiceField(label="Hak", choices=ROLES)
    unit = UnitField(label="Unit", help_text="Nama atau kode unit. Kosong: seluruh pemerintah.")
    valid_from = forms.DateField(label="Berlaku mulai", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    valid_to = forms.DateField(
        label="Berakhir sebelum", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args, government: Government, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.government = self.fields["unit"].government = government

    def clean_number(self) -> Person:
        """The person of one's own government."""
        number = digits_of(self.cleaned_data["number"])
        person = Person.objects.filter(government=self.government, numbers__number=number).first()
        if person is None:
            raise forms.ValidationError("Tidak ada pegawai dengan nomor ini di pemerintah Anda.")
        return person


@require_http_methods(["GET", "POST"])
@require(Role.ADMINISTRATOR)
@require_fresh
@never_cache
def grants(request: HttpRequest) -> HttpResponse:
    """Rights that hold now or later, and a form for one more."""
    now, today = timezone.now(), timezone.localdate()
    form = GrantForm(request.POST or None, government=request.government, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            give_grant(
                user=account_for(data["number"]),
                government=request.government,
                role=data["role"],
                unit=data["unit"],
                valid_from=data["valid_from"],
                valid_to=data["valid_to"],
                by=request.user,
                at=now,
            )
        except GrantRefused as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(reverse("grants"))
    held = (
        Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), government=request.government)
        .select_related("user", "unit")
        .order_by("user__full_name", "pk")
    )
    page = Paginator(held, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "pages/grants.html", {"form": form, "page": page, "today": today})


@require_POST
@require(Role.ADMINISTRATOR)
@require_fresh
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one right of one's own government today."""
    grant = get_object_or_404(Grant.objects.select_related("government"), pk=pk, government=request.government)
    try:
        end_grant(grant, timezone.localdate(), request.user, timezone.now())
    except GrantRefused as error:
        return render(request, "pages/refused.html", {"message": str(error)}, status=409)
    return HttpResponseRedirect(reverse("grants"))
