"""Pages of the account itself; sign-in and second factors come from django-allauth with the portal's templates."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import FirstCodeForm
from accounts.operations import WrongCode, end_sessions, redeem_first_code
from accounts.queries import recent_attempts
from accounts.throttle import TooManyAttempts, network_of


@require_GET
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: password, second factors, last sign-ins, other devices."""
    return render(request, "accounts/account.html", {"attempts": recent_attempts(request.user)})


@sensitive_post_parameters("code", "password1", "password2")
@require_http_methods(["GET", "POST"])
@never_cache
def first_sign_in(request: HttpRequest) -> HttpResponse:
    """Choose a password with a one-time code; then signed in, past the second factor if there is one."""
    if request.user.is_authenticated:
        return redirect("account")
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user = redeem_first_code(
                data["username"], data["code"], data["password1"], network_of(request), timezone.now()
            )
        except (WrongCode, TooManyAttempts) as error:
            form.add_error("code", str(error))
        else:
            return perform_password_login(request, {"username": user.username}, Login(user=user))
    return render(request, "accounts/first_sign_in.html", {"form": form})


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End the sessions on every other device."""
    end_sessions([request.user.pk])
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    messages.success(request, "Semua perangkat lain sudah dikeluarkan dari akun Anda.")
    return HttpResponseRedirect("/akun/")
