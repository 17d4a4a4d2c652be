"""allauth's forms in our words and our clothes; what they check stays allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from pmo.lib.forms import style


class Dressed(forms.Form):
    """Gives each widget our class, takes placeholders away (a label says it), and renames what `labels` names."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            style(field)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


CODE_HINT = "Six digits from your authenticator app, or one of your recovery codes."


class LoginForm(Dressed, account.LoginForm):
    labels = {"login": "E-mail address", "password": "Password"}


class ChangePasswordForm(Dressed, account.ChangePasswordForm):
    labels = {"oldpassword": "Password now", "password1": "New password", "password2": "New password, once more"}
    hints = {"password1": "At least 12 characters. A few words in a row are easier to remember than symbols."}


class SetPasswordForm(Dressed, account.SetPasswordForm):
    labels = {"password1": "Password", "password2": "Password, once more"}
    hints = {"password1": ChangePasswordForm.hints["password1"]}


class ResetPasswordForm(Dressed, account.ResetPasswordForm):
    labels = {"email": "E-mail address"}


class ResetPasswordKeyForm(Dressed, account.ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "New password, once more"}
    hints = {"password1": ChangePasswordForm.hints["password1"]}


class ReauthenticateForm(Dressed, account.ReauthenticateForm):
    labels = {"password": "Password"}


class AuthenticateCodeForm(Dressed, mfa.AuthenticateForm):
    labels = {"code": "Code"}
    hints = {"code": CODE_HINT}


class ReauthenticateCodeForm(Dressed, mfa.ReauthenticateForm):
    labels = {"code": "Code"}
    hints = {"code": CODE_HINT}


class ActivateTOTPForm(Dressed, totp.ActivateTOTPForm):
    labels = {"code": "Code"}
    hints = {"code": "Six digits that the app shows for Plumbline."}
