"""What every register of a project has: numbered entries with an owner, a state and a tick for the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse

from pmo.lib.errors import Refused
from pmo.lib.finding import each_word
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from pmo.models.revising import Revisable
from portfolio.models.numbering import next_number
from portfolio.models.projects import Project
from portfolio.parts import require_able
from portfolio.states import sources_of


class RegisterQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Any) -> RegisterQuerySet:
        """Return the entries of the projects whose registers `user` may read."""
        return self.filter(project__in=Project.objects.with_registers_for(user))

    def matching(self, text: str) -> RegisterQuerySet:
        """Return the entries whose title or description holds every word of `text`."""
        return self.filter(each_word(text, "title", "description"))

    def open(self) -> RegisterQuerySet:
        return self.filter(status=self.model.OPEN_STATUS)  # type: ignore[attr-defined]

    def on_report(self) -> RegisterQuerySet:
        return self.open().filter(show_on_report=True)


class RegisterEntry(Revisable):
    """What every entry of a register has."""

    OPEN_STATUS = "open"
    URL_NOUN = ""
    MOVES: ClassVar[Mapping[Any, frozenset[Any]]] = {}

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="%(class)ss")
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(max_length=240)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_%(class)ss"
    )
    show_on_report = models.BooleanField("show on report", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.noun} {self.number}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse(f"portfolio:{self.URL_NOUN}-detail", args=[self.project.code, self.number])

    @property
    def noun(self) -> str:
        """The entry's kind as it begins a line: `Risk`, `Decision`."""
        return str(self._meta.verbose_name).capitalize()

    @property
    def is_open(self) -> bool:
        return bool(self.status == self.OPEN_STATUS)  # type: ignore[attr-defined]

    def can_become(self, status: str) -> bool:
        return status in self.MOVES.get(self.status, frozenset())  # type: ignore[attr-defined]

    # Verbs
    @classmethod
    @transaction.atomic
    def record(cls, *, project: Project, by: Any, reason: str = "", **values: Any) -> Any:
        """Add an entry with the next number of its register. Raises Refused: `project_over`, `reads_only`."""
        if not project.is_open:
            raise Refused("The project is over, so its registers are closed. Reopen the project first.", "project_over")
        entry = cls(project=project, number=next_number(cls, project), **values)
        require_able(entry.owner, "owner")
        entry.full_clean()
        save_as(entry, by=by, reason=reason)
        return entry

    def check_revision(self, before: Mapping[str, Any], *, by: Any, reason: str) -> list[str]:
        if before.keys() & {"project", "number", "status"}:
            raise Refused("Project, number and state do not change by editing.", "fixed_for_ever")
        if "owner" in before:
            require_able(self.owner, "owner")
        return []

    @transaction.atomic
    def show(self, *, by: Any, on_report: bool) -> None:
        """Put the entry on the next weekly report, or take it off. An unchanged tick leaves no trace."""
        if self.show_on_report != on_report:
            self.show_on_report = on_report
            save_as(
                self, by=by, fields=["show_on_report"], reason="Shown on the report" if on_report else "Taken off the report"
            )

    def reopen(self, *, by: Any, reason: str) -> None:
        need_reason(reason, "Say why it is open again.")
        self.move_to(self.OPEN_STATUS, by=by, reason=reason, refusal="The entry is open already, or it became something else.")

    @transaction.atomic
    def move_to(self, target: str, *, by: Any, reason: str, refusal: str, **also: Any) -> None:
        """Move the entry's state in one statement with `also`, and write its history. Raises Refused("wrong_status")."""
        sources = sources_of(self.MOVES, target)  # type: ignore[type-var]
        move(self, field="status", sources=sources, target=target, refusal=refusal, code="wrong_status", **also)
        save_as(self, by=by, fields=["status", *also], reason=reason)


def need_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refused(sentence, "reason_missing")


def numbered(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["project", "number"], name=f"portfolio_{name}_number_once")
