"""/accounts/: allauth's pages by name. Sign-up, social sign-in and address changes are left out: an administrator does that."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.urls import path, re_path

from pmo.views.account import SessionList, account_home, end_session, preferences_set
from pmo.views.demo import demo_sign_in, offered_password, offered_personas

# Functions, so that each page asks anew whether demo mode is on.
ENTRANCE = {"personas": offered_personas, "demo_password": offered_password, "office_name": settings.OFFICE_NAME}

urlpatterns = [
    path("", account_home, name="account"),
    path("preferences/", preferences_set, name="preferences-set"),
    # Signing in and out
    path("login/", account.LoginView.as_view(extra_context=ENTRANCE), name="account_login"),
    path("demo/", demo_sign_in, name="demo-sign-in"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.ReauthenticateView.as_view(extra_context=ENTRANCE), name="account_reauthenticate"),
    # /accounts/password/
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # /accounts/2fa/
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    # /accounts/sessions/
    path("sessions/", SessionList.as_view(), name="usersessions_list"),
    path("sessions/<int:pk>/end/", end_session, name="session-end"),
]
