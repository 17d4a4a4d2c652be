from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from pmo.models.revising import Revisable
from pmo.roles import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        """Create a person who signs in with `email`; without `password` nobody can sign in as them yet."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, email: str, name: str = "Administrator", password: str | None = None, **fields: Any) -> User:
        user = self.create_user(email, name, password, **{"is_staff": True, "is_superuser": True, **fields})
        user.add_role(Role.ADMINISTRATOR)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def with_role(self, role: Role) -> models.QuerySet[User]:
        """Return the active people who hold `role`, by name."""
        return self.filter(groups__name=role.value, is_active=True).order_by("name")

    def who_act(self) -> models.QuerySet[User]:
        """Return the active people who can be given something to do, by name: an auditor reads everything and does nothing."""
        return self.filter(is_active=True).exclude(groups__name=Role.AUDITOR.value).order_by("name")


class Theme(models.TextChoices):
    SYSTEM = "", "As the system"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class Density(models.TextChoices):
    COMFORTABLE = "", "Comfortable rows"
    COMPACT = "compact", "Compact rows"


class MailChoice(models.TextChoices):
    DIGEST = "digest", "One mail each working morning; at once what is due today, overdue or escalated"
    ALL = "", "Each by itself, at once"
    URGENT = "urgent", "Only what is due today, overdue or escalated"


class User(Revisable, AbstractBaseUser, PermissionsMixin):
    """A person who may sign in, or who is named on a project; the e-mail address is the login."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    title = models.CharField("job title", max_length=120, blank=True)
    department_name = models.CharField("department", max_length=120, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    is_staff = models.BooleanField("may open the reference-data pages", default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    theme = models.CharField(max_length=10, choices=Theme.choices, blank=True, default=Theme.SYSTEM)
    density = models.CharField(max_length=10, choices=Density.choices, blank=True, default=Density.COMFORTABLE)
    keys_enabled = models.BooleanField("single-key shortcuts", default=True)
    mail_choice = models.CharField("mails", max_length=10, choices=MailChoice.choices, blank=True, default=MailChoice.DIGEST)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login", "theme", "density", "keys_enabled", "mail_choice"])

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="pmo_user_email_ci",
                violation_error_message="Someone already signs in with this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of the account; only those who may open Administration follow it."""
        return reverse("person-detail", args=[self.pk])

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @cached_property
    def roles(self) -> frozenset[str]:
        """The role names of this person; one query, kept for this object's life (one request)."""
        if not self.is_active:
            return frozenset()
        return frozenset(self.groups.values_list("name", flat=True))

    @cached_property
    def unread_count(self) -> int:
        """How many notifications are unread: the person of a session brings it along, for others it is one query."""
        counted: int | None = getattr(self, "counted_unread", None)
        return self.notifications.unread().count() if counted is None else counted

    def has_role(self, *roles: Role) -> bool:
        return any(role.value in self.roles for role in roles)

    @property
    def only_reads(self) -> bool:
        """Whether the person watches over the records, and therefore writes none, whatever part of a project is theirs."""
        return self.has_role(Role.AUDITOR)

    def add_role(self, role: Role) -> None:
        group, _ = Group.objects.get_or_create(name=role.value)
        self.groups.add(group)
        self.__dict__.pop("roles", None)

    def remove_role(self, role: Role) -> None:
        self.groups.remove(*Group.objects.filter(name=role.value))
        self.__dict__.pop("roles", None)
