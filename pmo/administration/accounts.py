"""Accounts as verbs: making, editing, deactivating, reactivating, and sending a link to choose a password.

Each verb re-reads who acts inside its transaction: of two administrators who deactivate each other, one is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from smtplib import SMTPException
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from pmo.administration.leaving import left_behind
from pmo.lib.errors import Refused
from pmo.lib.history import note, save_as
from pmo.models import User
from pmo.roles import Role

REASON_MISSING = "Say why. It stands in the history of the account."


def fresh(*people: User) -> list[User]:
    """Return the people as stored now, in the order asked for, without the roles that were read before.

    Their rows are locked until the transaction ends, always in one order, so that two verbs never wait for each other.
    """
    found = User.objects.select_for_update().order_by("pk").in_bulk([person.pk for person in people])
    return [found[person.pk] for person in people]


def require_administrator(keeper: User) -> None:
    """Raise Refused(`not_administrator`) unless `keeper`, read by `fresh`, is one."""
    if not keeper.has_role(Role.ADMINISTRATOR):
        raise Refused("Only an administrator keeps accounts.", "not_administrator")


def is_last_administrator(person: User) -> bool:
    return person.has_role(Role.ADMINISTRATOR) and not User.objects.with_role(Role.ADMINISTRATOR).exclude(pk=person.pk).exists()


@transaction.atomic
def make_account(*, by: User, email: str, name: str, title: str = "", department_name: str = "") -> User:
    """Make an account that nobody can sign in to before its person chose a password.

    Raises Refused(`not_administrator`), ValidationError for bad values.
    """
    require_administrator(*fresh(by))
    person = User(email=email.strip().lower(), name=name, title=title, department_name=department_name)
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    save_as(person, by=by)
    return person


@transaction.atomic
def edit_account(
    person: User, *, by: User, changes: Mapping[str, Any], reason: str = "", version: int | None = None
) -> list[str]:
    """Write changes of name, address, title or department and return the names of the fields that changed.

    With another address the links that were sent to the old one stop working, and the old one is told.
    Raises Refused(`not_administrator`), Stale when somebody else saved meanwhile, ValidationError for bad values.
    """
    keeper, stored = fresh(by, person)
    require_administrator(keeper)
    changed = person.revise(by=by, changes=changes, reason=reason, version=version)
    if "email" in changed:
        transaction.on_commit(partial(tell_old_address, person, stored.email), robust=True)
        EmailAddress.objects.filter(user_id=person.pk).delete()
    return changed


@transaction.atomic
def deactivate(person: User, *, by: User, reason: str, is_confirmed: bool = False) -> None:
    """Take away the right to sign in, and end the person's sessions at once. What they did stays as it is.

    Raises Refused: `not_administrator`, `own_account`, `reason_missing`, `already_deactivated`, `last_administrator`, and
    `leaves_work` where something is left without an owner and nobody confirmed it.
    """
    keeper, stored = fresh(by, person)
    require_administrator(keeper)
    if stored.pk == keeper.pk:
        raise Refused("You cannot deactivate your own account. Ask another administrator.", "own_account")
    if not reason.strip():
        raise Refused(REASON_MISSING, "reason_missing")
    if not stored.is_active:
        raise Refused(f"{stored.name} is deactivated already.", "already_deactivated")
    if is_last_administrator(stored):
        raise Refused("Nobody else is an administrator. Give that role to another person first.", "last_administrator")
    if not is_confirmed and left_behind(stored, on=timezone.localdate()):
        raise Refused("Confirm that what is listed may be left without this person.", "leaves_work")
    person.is_active = stored.is_active = False
    save_as(stored, by=by, fields=["is_active"], reason=reason.strip())
    end_sessions(stored)


@transaction.atomic
def reactivate(person: User, *, by: User, reason: str) -> None:
    """Let the person sign in again, with the roles they had.

    Raises Refused: `not_administrator`, `reason_missing`, `is_active`.
    """
    keeper, stored = fresh(by, person)
    require_administrator(keeper)
    if not reason.strip():
        raise Refused(REASON_MISSING, "reason_missing")
    if stored.is_active:
        raise Refused(f"{stored.name} may sign in already.", "is_active")
    person.is_active = stored.is_active = True
    save_as(stored, by=by, fields=["is_active"], reason=reason.strip())


@transaction.atomic
def reset_second_factor(person: User, *, by: User, reason: str) -> None:
    """Take the authenticator app and the recovery codes off an account whose person lost both; every session ends.

    Raises Refused: `not_administrator`, `own_account`, `reason_missing`, `no_second_factor`.
    """
    keeper, stored = fresh(by, person)
    require_administrator(keeper)
    if stored.pk == keeper.pk:
        raise Refused("Change your own second factor on the page of your account.", "own_account")
    if not reason.strip():
        raise Refused(REASON_MISSING, "reason_missing")
    if not has_second_factor(stored):
        raise Refused(f"{stored.name} has no second factor.", "no_second_factor")
    Authenticator.objects.filter(user=stored).delete()
    note(stored, by=by, reason=f"The second factor was taken off. {reason.strip()}")
    end_sessions(stored)


def has_second_factor(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def end_sessions(person: User) -> int:
    """End every session of the person, and return how many there were."""
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


def tell_old_address(person: User, old_address: str) -> None:
    """Write to the address that an account had until now, so that nobody's account moves to another address unseen."""
    url = settings.BASE_URL + reverse("account_login")
    text = render_to_string("account/email/address_changed_message.txt", {"user": person, "url": url})
    EmailMessage(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}Your sign-in address was changed", text, to=[old_address]).send()


def send_password_link(person: User, *, by: User, request: HttpRequest) -> None:
    """Mail the person a link to choose a password, as if they had asked for it themselves.

    Raises Refused: `not_administrator`, `deactivated`, `too_often`, and `mail_failed` where the mail could not be handed over.
    """
    with transaction.atomic():
        require_administrator(*fresh(by))
    if not person.is_active:
        raise Refused(f"{person.name} is deactivated. Reactivate the account first.", "deactivated")
    if not ratelimit.consume(request, action="reset_password", key=person.email):
        raise Refused("A link was sent a moment ago. Wait a minute.", "too_often")
    form = ResetPasswordForm({"email": person.email})
    if not form.is_valid():
        raise Refused(f"No mail can be sent to {person.email}. Correct the address.", "mail_failed")
    try:
        form.save(request)
    except (OSError, SMTPException) as error:
        raise Refused(
            "The mail could not be handed over. Look at the mail server, then send the link again.", "mail_failed"
        ) from error
    note(person, by=by, reason="A link to choose a password was sent.")
