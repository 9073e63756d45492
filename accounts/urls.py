"""Addresses of sign-in, the account and its second factors. Names are django-allauth's where it looks them up."""

from allauth.account import views as sign_in
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from accounts import views

urlpatterns = [
    path("masuk/", sign_in.login, name="account_login"),
    path("masuk/kode/", views.first_sign_in, name="first_sign_in"),
    path("masuk/nonaktif/", sign_in.account_inactive, name="account_inactive"),
    path("masuk/pengaman/", factor.authenticate, name="mfa_authenticate"),
    path("masuk/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("keluar/", sign_in.logout, name="account_logout"),
    path("akun/", views.account, name="account"),
    path("akun/perangkat-lain/", views.end_other_sessions, name="end_other_sessions"),
    path("akun/pastikan/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("akun/pastikan/kode/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("akun/pastikan/passkey/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("akun/sandi/", sign_in.password_change, name="account_change_password"),
    path("akun/sandi/baru/", sign_in.password_set, name="account_set_password"),
    path("akun/pengaman/", factor.index, name="mfa_index"),
    path("akun/pengaman/aplikasi/", app.activate_totp, name="mfa_activate_totp"),
    path("akun/pengaman/aplikasi/lepas/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("akun/pengaman/passkey/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("akun/pengaman/passkey/tambah/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("akun/pengaman/passkey/<int:pk>/nama/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("akun/pengaman/passkey/<int:pk>/lepas/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("akun/pengaman/cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("akun/pengaman/cadangan/buat/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
