"""The personnel office gives a one-time code: first sign-in, forgotten password, lost phone."""

from datetime import date, datetime

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.freshness import require_fresh
from accounts.models import User
from accounts.operations import CODE_LIFETIME, issue_first_code
from core import audit
from core.errors import PortalError
from core.forms import PortalForm
from roster.models import Person, Role
from roster.queries import visible_to
from roster.rights import require, roles_of
from wfh_portal.pages.person_accounts import account_for, digits_of


class CodeForm(PortalForm):
    """Whose account, and whether the second factors are lost too."""

    number = forms.CharField(label="NIP atau NI PPPK", max_length=30, help_text="18 angka, spasi boleh.")
    lost_device = forms.BooleanField(
        label="Telepon hilang: hapus pula passkey dan aplikasi autentikator", required=False
    )

    def clean_number(self) -> str:
        """The digits alone."""
        number = digits_of(self.cleaned_data["number"])
        if not (number.isdigit() and len(number) == 18):
            raise forms.ValidationError("Tulis 18 angka NIP atau NI PPPK.")
        return number


class NotYours(PortalError):
    """The person is not there, or is not this officer's to serve; it does not say which."""

    def __init__(self) -> None:
        super().__init__("Tidak ada pegawai dengan nomor ini di unit Anda. Periksa angkanya, atau unit kerjanya.")


class NeedsHigher(PortalError):
    """The account holds an office that this officer must not be able to step into."""


def _refuse_takeover(officer: User, user: User, on: date) -> None:
    """Whoever can set a password can act as its owner, and then one person could check and approve alone."""
    theirs = roles_of(user, on) - {Role.EMPLOYEE, Role.SUPERVISOR}
    if Role.ADMINISTRATOR in theirs:
        raise NeedsHigher("Kode untuk administrator hanya dibuat operator server: manage.py first_administrator.")
    if theirs and Role.ADMINISTRATOR not in roles_of(officer, on):
        raise NeedsHigher("Akun ini memegang hak khusus. Kodenya hanya dapat dibuat oleh administrator.")


@transaction.atomic
def give_code(officer: User, number: str, lost_device: bool, at: datetime) -> tuple[Person, str, str]:
    """Make the account if there is none and issue its code; returns person, user name and code.

    Nobody makes a code for themselves: whoever finds a signed-in phone could take the account over.
    """
    people = visible_to(officer, timezone.localdate(at)).filter(numbers__number=number).exclude(user=officer)
    person = people.select_related("user", "government").distinct().first()
    if person is None:
        raise NotYours
    if person.user is not None:
        _refuse_takeover(officer, person.user, timezone.localdate(at))
    code = issue_first_code(account_for(person), at, forget_second_factors=lost_device)
    audit.record(
        at,
        person.government.code,
        officer.username,
        "first_code_issued",
        f"person:{person.pk}",
        {"lost_device": lost_device},
    )
    return person, person.user.username, code


@require_http_methods(["GET", "POST"])
@require(Role.UNIT_HR, Role.HR, Role.ADMINISTRATOR)
@require_fresh
@never_cache
def first_codes(request: HttpRequest) -> HttpResponse:
    """Ask for the number; show the code once."""
    form = CodeForm(request.POST or None)
    context = {"form": form, "hours": int(CODE_LIFETIME.total_seconds() // 3600)}
    if request.method == "POST" and form.is_valid():
        try:
            person, username, code = give_code(
                request.user, form.cleaned_data["number"], form.cleaned_data["lost_device"], timezone.now()
            )
        except (NotYours, NeedsHigher) as error:
            form.add_error("number", str(error))
        else:
            context |= {"given_to": person, "username": username, "code": code, "form": CodeForm()}
    return render(request, "pages/first_codes.html", context)
