"""The personnel office gives a one-time code: first sign-in, forgotten password, lost phone."""

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
from core.errors import PortalError
from core.forms import PortalForm
from core.models import AuditEntry
from roster.models import Person, Role
from roster.queries import visible_to
from roster.rights import require


class CodeForm(PortalForm):
    """Whose account, and whether the second factors are lost too."""

    number = forms.CharField(label="NIP atau NI PPPK", max_length=30, help_text="18 angka, spasi boleh.")
    lost_device = forms.BooleanField(
        label="Telepon hilang: hapus pula passkey dan aplikasi autentikator", required=False
    )

    def clean_number(self) -> str:
        """The digits alone."""
        number = "".join(letter for letter in self.cleaned_data["number"] if not letter.isspace())
        if not (number.isdigit() and len(number) == 18):
            raise forms.ValidationError("Tulis 18 angka NIP atau NI PPPK.")
        return number


class NotYours(PortalError):
    """The person is not there, or is not this officer's to serve; it does not say which."""

    def __init__(self) -> None:
        super().__init__("Tidak ada pegawai dengan nomor ini di unit Anda. Periksa angkanya, atau unit kerjanya.")


@transaction.atomic
def give_code(officer: User, number: str, lost_device: bool, at) -> tuple[Person, str, str]:
    """Make the account if there is none and issue its code; returns person, user name and code.

    Nobody makes a code for themselves: whoever finds a signed-in phone could take the account over.
    """
    people = visible_to(officer, timezone.localdate(at)).filter(numbers__number=number).exclude(user=officer)
    person = people.select_related("user", "government").distinct().first()
    if person is None:
        raise NotYours
    if person.user is None:
        # The number names the account; one that is taken belongs to another government's person.
        taken = User.objects.filter(username__iexact=number).exists()
        username = f"{person.government.code}-{number}" if taken else number
        user = User(username=username, full_name=person.display_name)
        user.set_unusable_password()
        user.save()
        person.user = user
        person.save(update_fields=["user"])
    code = issue_first_code(person.user, at, forget_second_factors=lost_device)
    AuditEntry.objects.create(
        at=at,
        government_code=person.government.code,
        actor=officer.username,
        action="first_code_issued",
        subject=f"person:{person.pk}",
        detail={"lost_device": lost_device},
    )
    return person, person.user.username, code


@require_http_methods(["GET", "POST"])
@require(Role.UNIT_HR, Role.HR)
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
        except NotYours as error:
            form.add_error("number", str(error))
        else:
            context |= {"given_to": person, "username": username, "code": code, "form": CodeForm()}
    return render(request, "pages/first_codes.html", context)
