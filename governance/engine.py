"""The review engine: the verbs that move a version of any deliverable, whatever its kind.

It locks by one conditional UPDATE, then writes the rest, its history and, last of all, its sign-off. What differs between kinds
stands in kinds.py; what a kind freezes and settles, its content row says (`freeze`, `settle`, `after_…`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from governance.condition_terms import ConditionTerms, put_conditions
from governance.kinds import KindRules, rules_for
from governance.separation import authority, deciding_role, require_writer, writing_role
from governance.signing import Signature, sign
from governance.states import (
    STANDING_STATES,
    WAITING_STATES,
    Decision,
    FindingState,
    ReviewState,
    SignAction,
    VersionState,
    sources_of,
)
from pmo.lib.canonical import canonical_json, sha256_of
from pmo.lib.errors import Refused
from pmo.lib.history import note, save_as
from pmo.lib.transitions import move

S = VersionState
#: What a person declares by each act; stored with the sign-off.
INTENTS = {
    SignAction.SUBMIT: "I submit {what} of {code}, version {version}; it is complete and true to my knowledge.",
    SignAction.WITHDRAW: "I withdraw {what} of {code}, version {version}.",
    SignAction.APPROVE: "I {approve} {what} of {code}, version {version}{with_what}.",
    SignAction.CONDITIONAL: "I approve {what} of {code}, version {version}, on the conditions recorded here.",
    SignAction.RETURN: "I return {what} of {code}, version {version}, with findings to be answered.",
    SignAction.REJECT: "I reject {what} of {code}, version {version}.",
    SignAction.SUPERSEDE: "{what} of {code}, version {version}, is superseded by a later accepted version.",
}


class ReviewVerbs(models.Model):
    """The verbs of `DeliverableVersion`. Kept apart from its columns, so that each can be read on one screen."""

    class Meta:
        abstract = True

    @property
    def rules(self) -> KindRules:
        return rules_for(self.deliverable.kind)

    @property
    def content_row(self) -> Any:
        """Return the one row that holds the content. May query."""
        return getattr(self, self.rules.content_field)

    def submit(self, *, by: Any, at: dt.datetime) -> None:
        """Freeze the content and hand it to the reviewer. Raises Refused: `obstacles`, `not_writer`, `not_draft`."""
        with transaction.atomic():
            require_writer(self, by)
            content = canonical_json(self.content_row.freeze(self, by=by, at=at))
            due_at = self.content_row.review_due_at(at)
            move(
                self,
                sources=sources_of(S.SUBMITTED),
                target=S.SUBMITTED,
                code="not_draft",
                refusal="This version was already submitted. Open it to see where it stands.",
                submitted_by=by,
                submitted_at=at,
                review_due_at=due_at,
                content=content,
                content_sha256=sha256_of(content),
            )
            note(self, by=by, reason="submitted")
            self.deliverable.mark_submitted(by=by, at=at)
            review = self.reviews.model(version=self, role=deciding_role(self), opened_at=at, due_at=due_at)
            save_as(review, by=by, reason="submitted")
            self.content_row.after_submission(self, by=by, at=at)
            self._sign(SignAction.SUBMIT, Signature(by, writing_role(self, by)), self.content_sha256, at)

    def withdraw(self, *, by: Any, at: dt.datetime) -> None:
        """Take a submitted version back before a decision. Raises Refused: `not_writer`, `not_waiting`."""
        self._refuse_latecomer("not_waiting")
        with transaction.atomic():
            require_writer(self, by)
            move(
                self,
                sources=sources_of(S.WITHDRAWN),
                target=S.WITHDRAWN,
                code="not_waiting",
                refusal=f"This version is {self.get_state_display().lower()}; only one that still waits can be withdrawn.",
            )
            note(self, by=by, reason="withdrawn")
            self._close_review(ReviewState.CANCELLED, at)
            self.content_row.after_withdrawal(self, by=by, at=at)
            self._sign(SignAction.WITHDRAW, Signature(by, writing_role(self, by)), self.content_sha256, at)

    def take_up(self, *, by: Any, at: dt.datetime) -> None:
        """Begin the review; the author sees who reads it. A second call by anyone who may decide changes nothing."""
        signature = authority(self, by, timezone.localdate(at))
        if self.state != S.SUBMITTED:
            return
        with transaction.atomic():
            move(
                self,
                sources=[S.SUBMITTED],
                target=S.IN_REVIEW,
                refusal="This version no longer waits for review.",
                code="not_waiting",
            )
            note(self, by=by, reason="taken up for review")
            review = self.reviews.get(state=ReviewState.OPEN)
            review.reviewer, review.acting_for = by, signature.acting_for
            save_as(review, by=by, fields=["reviewer", "acting_for"])

    def approve(self, *, by: Any, at: dt.datetime, terms: Mapping[str, Any], reason: str = "") -> None:
        """Approve (accept) the version: it becomes the one that counts and never changes again.

        `terms` is what the kind asks of the reviewer (for a report the office's ratings). Raises Refused: `already_decided`,
        `findings_open`, what `authority` raises, and what the kind refuses.
        """
        self._refuse_latecomer("already_decided")
        with transaction.atomic():
            self._refuse_open_findings()
            self._decide(Decision.APPROVE, S.APPROVED, SignAction.APPROVE, by=by, at=at, reason=reason, terms=terms)

    def approve_with_conditions(
        self,
        *,
        by: Any,
        at: dt.datetime,
        conditions: Sequence[ConditionTerms],
        terms: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """Approve the version, on conditions that are followed until they are met. Raises Refused.

        `no_conditions`, `findings_open`, `verifier_is_owner`, `condition_incomplete`, `already_decided`, what `authority` and
        the kind refuse (of a document `objection_stands`).
        """
        if not conditions:
            raise Refused("Write at least one condition, or approve without.", "no_conditions")
        for condition in conditions:
            condition.check(timezone.localdate(at))
        self._refuse_latecomer("already_decided")
        with transaction.atomic():
            self._refuse_open_findings()
            given = {**(terms or {}), "conditions": [condition.as_record() for condition in conditions]}
            signing = {"by": by, "at": at, "reason": reason, "terms": given, "conditions": conditions}
            self._decide(Decision.CONDITIONAL, S.CONDITIONAL, SignAction.CONDITIONAL, **signing)

    def return_for_rework(self, *, by: Any, at: dt.datetime, reason: str = "") -> None:
        """Send the version back with its findings; the author answers them in the next one. Raises Refused.

        `no_findings`, `already_decided`.
        """
        self._refuse_latecomer("already_decided")
        with transaction.atomic():
            if not self._open_findings():
                raise Refused("Add at least one finding that says what to mend.", "no_findings")
            self._decide(Decision.RETURN, S.RETURNED, SignAction.RETURN, by=by, at=at, reason=reason)

    def reject(self, *, by: Any, at: dt.datetime, reason: str) -> None:
        """Close the submission for good; a new one needs a new basis. Raises Refused.

        `reason_missing`, `decision_not_for_kind`.
        """
        if not reason.strip():
            raise Refused("Say why it is rejected.", "reason_missing")
        self._refuse_latecomer("already_decided")
        with transaction.atomic():
            self._decide(Decision.REJECT, S.REJECTED, SignAction.REJECT, by=by, at=at, reason=reason)

    def _decide(
        self,
        decision: Decision,
        target: S,
        action: SignAction,
        *,
        by: Any,
        at: dt.datetime,
        reason: str,
        terms: Mapping[str, Any] | None = None,
        conditions: Sequence[ConditionTerms] = (),
    ) -> None:
        self._require_decidable(decision)
        signature = authority(self, by, timezone.localdate(at))
        weighed = self.content_row.weigh(self, decision, terms or {})
        superseded = self._supersede_standing(by=by) if target in STANDING_STATES else []
        if target in STANDING_STATES:
            self._take_number()
        # The state is claimed before anything else is written: of many who decide at once, all but one stop here.
        move(
            self,
            sources=WAITING_STATES,
            target=target,
            code="already_decided",
            refusal=self._already_decided,
            decided_by=by,
            decided_at=at,
            decision_reason=reason,
        )
        self.content_row.settle(decision, weighed, by=by)
        self.record = canonical_json(self._record(decision, signature, weighed, reason, at))
        self.record_sha256 = sha256_of(self.record)
        save_as(self, by=by, fields=["state", "major", "minor", "record", "record_sha256"], reason=str(decision.label))
        self._close_review(ReviewState.DECIDED, at, decision=decision, signature=signature)
        self.content_row.after_decision(self, decision, by=by, at=at)
        put_conditions(conditions, project=self.deliverable.project, version=self, by=by, at=at)
        for earlier in superseded:
            earlier._sign(SignAction.SUPERSEDE, Signature(by, "System"), earlier.record_sha256, at)
        overruled = weighed.get("overruling", {}).get("declared", "")
        self._sign(action, signature, self.record_sha256, at, also=overruled)

    def _require_decidable(self, decision: Decision) -> None:
        if decision not in self.rules.decisions:
            raise Refused(
                f"{decision.label} is not a decision on a {self.deliverable.get_kind_display().lower()}.",
                "decision_not_for_kind",
            )
        if not self.is_waiting:
            raise Refused(self._already_decided(), "already_decided")

    def _record(
        self, decision: Decision, signature: Signature, weighed: Mapping[str, Any], reason: str, at: dt.datetime
    ) -> dict[str, Any]:
        return {
            "deliverable": {
                "kind": self.deliverable.kind,
                "number": self.deliverable.number,
                "project": self.deliverable.project.code,
                "version": self.number,
                **({"label": self.label} if self.rules.is_numbered else {}),
            },
            "content_sha256": self.content_sha256,
            "content": json.loads(self.content),
            "submitted": {"by": self.submitted_by.name if self.submitted_by else "", "submitted_at": self.submitted_at},
            "decision": {
                "decision": str(decision),
                "by": signature.person.name,
                "role": signature.role,
                "acting_for": signature.acting_for.name if signature.acting_for else "",
                "decided_at": at,
                "reason": reason,
            },
            **weighed,
        }

    def _take_number(self) -> None:
        """Give a document that is approved the number that people will call it by: 1.0, then 1.1, or 2.0 after a change."""
        version: Any = self
        if self.rules.is_numbered and (version.is_major_change or not version.major):
            version.major, version.minor = version.major + 1, 0

    def _supersede_standing(self, *, by: Any) -> list[Any]:
        """Let the version that counted so far count no longer; return it, for it is signed off with this one."""
        if self.number == 1:
            return []
        superseded = list(self.deliverable.versions.standing().select_for_update())
        for earlier in superseded:
            move(
                earlier,
                sources=STANDING_STATES,
                target=S.SUPERSEDED,
                refusal="The earlier version was superseded meanwhile.",
                code="already_superseded",
            )
            note(earlier, by=by, reason=f"superseded by version {self.number}")
        return superseded

    def _refuse_latecomer(self, code: str) -> None:
        """Refuse before the write lock is asked for, so that late ones do not hold up the rest. `move` alone decides."""
        manager: Any = type(self)._base_manager
        if not manager.filter(pk=self.pk, state__in=WAITING_STATES).exists():
            raise Refused(self._already_decided(), code)

    def _refuse_open_findings(self) -> None:
        still_open = self._blocking_findings()
        if still_open:
            noun = "finding is" if still_open == 1 else "findings are"
            state = "not closed" if self.rules.answers_block else "open"
            raise Refused(f"{still_open} {noun} {state}. Close what is settled, or return the version.", "findings_open")

    def _open_findings(self) -> int:
        """Return how many findings on any version of this deliverable are open: a new version takes them along."""
        return self.deliverable.versions.filter(findings__state=FindingState.OPEN).count()

    def _blocking_findings(self) -> int:
        """Return how many findings stand in the way of an approval of this kind."""
        rules = self.rules
        rows = self.deliverable.versions.filter(
            findings__state__in=rules.blocking_states, findings__severity__in=rules.blocking
        )
        return rows.count()

    def _already_decided(self) -> str:
        manager: Any = type(self)._base_manager
        decided = manager.filter(pk=self.pk).values_list("state", "decided_at", "decided_by__name").first()
        if decided is None or decided[1] is None:
            return "This version does not wait for a decision."
        state, at, name = decided
        return f"{name} already decided this on {timezone.localtime(at):%d %b %Y %H:%M}: {S(state).label.lower()}."

    def _close_review(
        self, state: ReviewState, at: dt.datetime, *, decision: str = "", signature: Signature | None = None
    ) -> None:
        review = self.reviews.filter(state=ReviewState.OPEN).first()
        if review is None:
            raise Refused("No review of this version is open.", "already_decided")
        review.state, review.closed_at, review.decision = state, at, decision
        if signature:
            review.reviewer, review.acting_for = signature.person, signature.acting_for
        save_as(
            review,
            by=signature.person if signature else None,
            fields=["state", "closed_at", "decision", "reviewer", "acting_for"],
        )

    def _sign(self, action: SignAction, signature: Signature, digest: str, at: dt.datetime, *, also: str = "") -> None:
        intent = f"{self.intent_of(action)} {also}".strip()
        sign(self, action=action, signature=signature, intent=intent, digest=digest, at=at)

    def intent_of(self, action: SignAction) -> str:
        """Return the sentence that a person declares by an act on this version. An approval names the number it gives."""
        kind = self.deliverable.get_kind_display().lower()
        version: Any = self
        gives_number = self.is_waiting and self.rules.is_numbered and action in (SignAction.APPROVE, SignAction.CONDITIONAL)
        return INTENTS[action].format(
            what=kind if self.rules.is_numbered else f"{kind} {self.deliverable.number}",
            code=self.deliverable.project.code,
            version=version.label_if_approved if gives_number else self.label,
            approve=self.rules.approve_verb,
            with_what=self.rules.approves_with,
        )
