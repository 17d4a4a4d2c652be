"""Who is asked before a document is decided, in which order, how many must answer, and what becomes of each part."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from governance import routing
from governance.document_states import PartState
from governance.due import run_due
from governance.models import DeliverableVersion, RouteStep
from governance.seats import part_for
from pmo.lib.errors import Refused
from pmo.models import MailMessage, Notification
from pmo.roles import Role
from tests.factories import make_user
from tests.governance.stories import NOON, a_finding
from tests.governance.test_separation import delegate
from tests.governance.written import a_submitted_document, answer_route, review_all, tick_all

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def bo(alpha):
    """Return the business owner of ALPHA."""
    alpha.business_owner = make_user("Bo Ferris")
    alpha.save()
    return alpha.business_owner


@pytest.fixture
def version(alpha, pia, sam, bo, fay) -> DeliverableVersion:
    """Return a submitted definition of a class 3 project: sponsor and business owner are asked, then finance."""
    return a_submitted_document(alpha)


def part(version: DeliverableVersion, seat: str):
    return version.reviews.get(state="open").parts.get(seat=seat)


def states(version: DeliverableVersion) -> dict[str, str]:
    return dict(version.reviews.latest("pk").parts.values_list("seat", "state"))


def refusal(verb, *arguments, **named) -> str:
    with pytest.raises(Refused) as refused:
        verb(*arguments, **named)
    return str(refused.value.code)


def endorse(version: DeliverableVersion, seat: str, by, **more) -> None:
    routing.give_opinion(part(version, seat), by=by, at=LATER, **{"opinion": "endorse", **more})


def set_step(version_class: int, position: int, seats: list[str], quorum: int | None = None) -> None:
    RouteStep.objects.filter(kind="definition", governance_class=version_class, position__gte=position).delete()
    RouteStep.objects.create(kind="definition", governance_class=version_class, position=position, seats=seats, quorum=quorum)


@pytest.mark.parametrize(
    ("governance_class", "seats"),
    [
        (1, {}),
        (2, {"sponsor": "asked"}),
        (3, {"sponsor": "asked", "business_owner": "asked", "finance": "waiting"}),
        (4, {"sponsor": "asked", "business_owner": "asked", "finance": "waiting", "executive": "waiting"}),
    ],
)
def test_the_class_decides_who_is_asked(alpha, pia, gina, sam, bo, fay, governance_class, seats) -> None:
    alpha.governance_class = governance_class
    alpha.save()
    assert states(a_submitted_document(alpha)) == seats


def test_a_step_is_asked_when_all_of_the_one_before_have_answered(version, sam, bo, fay) -> None:
    endorse(version, "sponsor", sam)
    assert states(version)["finance"] == PartState.WAITING
    endorse(version, "business_owner", bo)
    assert states(version)["finance"] == PartState.ASKED
    assert routing.missing_in(version.reviews.get()) != ""
    endorse(version, "finance", fay)
    assert routing.is_complete(version.reviews.get())


def test_with_a_quorum_the_others_are_no_longer_asked(alpha, pia, sam, bo, fay) -> None:
    set_step(3, 1, ["sponsor", "business_owner"], quorum=1)
    version = a_submitted_document(alpha)
    endorse(version, "business_owner", bo)
    assert states(version) == {"sponsor": "cancelled", "business_owner": "done"}
    assert routing.is_complete(version.reviews.get())
    assert refusal(routing.give_opinion, version.reviews.get().parts.get(seat="sponsor"), by=sam, at=LATER, opinion="endorse")


def test_what_is_asked_is_said_to_who_may_answer_and_settled_by_the_answer(version, sam, bo, fay) -> None:
    told = Notification.objects.filter(key__startswith="part-asked-")
    assert set(told.values_list("recipient__name", flat=True)) == {"Sam Okafor", "Bo Ferris"}
    assert MailMessage.objects.filter(notification__key__startswith="part-asked-").count() == 2
    endorse(version, "sponsor", sam)
    assert told.get(recipient=sam).read_at is not None
    assert told.get(recipient=bo).read_at is None


def test_an_opinion_is_kept_with_its_words_and_its_history(version, sam) -> None:
    endorse(version, "sponsor", sam, opinion="object", note="The second court is not in the budget.")
    done = part(version, "sponsor")
    assert (done.state, done.opinion, done.person, done.done_at) == ("done", "object", sam, LATER)
    assert done.history.latest().history_user == sam


@pytest.mark.parametrize(
    ("terms", "code"), [({"opinion": ""}, "opinion_missing"), ({"opinion": "object", "note": " "}, "note_missing")]
)
def test_an_opinion_says_which_and_an_objection_says_why(version, sam, terms, code) -> None:
    assert refusal(routing.give_opinion, part(version, "sponsor"), by=sam, at=LATER, **terms) == code


def test_only_who_sits_in_the_seat_answers_and_only_once_in_its_turn(version, sam, bo, fay, tess, pia) -> None:
    sponsor = part(version, "sponsor")
    for other in (bo, fay, tess, pia):
        assert refusal(routing.give_opinion, sponsor, by=other, at=LATER, opinion="endorse") == "not_asked"
    assert refusal(routing.give_opinion, part(version, "finance"), by=fay, at=LATER, opinion="endorse") == "part_over"
    endorse(version, "sponsor", sam)
    assert refusal(routing.give_opinion, sponsor, by=sam, at=LATER, opinion="object", note="No.") == "part_over"


def test_a_role_that_was_taken_away_answers_no_more(version, sam, bo, fay) -> None:
    endorse(version, "sponsor", sam)
    endorse(version, "business_owner", bo)
    fay.remove_role(Role.FINANCE)
    assert refusal(routing.give_opinion, part(version, "finance"), by=fay, at=LATER, opinion="endorse") == "not_asked"
    assert part_for(version, fay, LATER) is None


@pytest.mark.parametrize("ended", ["withdrawn", "returned"])
def test_the_route_ends_with_the_review(version, pia, max, sam, ended) -> None:
    if ended == "withdrawn":
        version.withdraw(by=max, at=LATER)
    else:
        a_finding(version, by=pia, section="problem")
        version.return_for_rework(by=pia, at=LATER)
    assert set(states(version).values()) == {"cancelled"}
    late = version.reviews.get().parts.get(seat="sponsor")
    assert refusal(routing.give_opinion, late, by=sam, at=LATER, opinion="endorse") == "not_waiting"
    assert not Notification.objects.filter(key__startswith="part-asked-", read_at=None).exists()


def test_a_seat_whose_person_worked_on_it_is_left_out_with_the_reason(alpha, pia, sam, fay) -> None:
    alpha.business_owner = alpha.project_manager
    alpha.save()
    version = a_submitted_document(alpha)
    left_out = part(version, "business_owner")
    assert left_out.state == PartState.EXCUSED
    assert left_out.note == "Left out: Max Harrow wrote or submitted it."
    assert states(version)["sponsor"] == PartState.ASKED


def test_seats_without_a_person_are_left_out_with_the_reason(alpha, pia, sam) -> None:
    version = a_submitted_document(alpha)
    assert "no business owner" in part(version, "business_owner").note
    assert "no finance analyst" in part(version, "finance").note


def test_nobody_is_asked_twice(alpha, pia, sam, fay) -> None:
    alpha.business_owner = sam
    alpha.save()
    version = a_submitted_document(alpha)
    assert "asked as sponsor already" in part(version, "business_owner").note


# Reassigning, excusing, reminding, stopping


def test_an_open_part_goes_to_somebody_else_who_is_told(version, pia, sam, tess) -> None:
    a_finding(version, by=sam, section="problem")
    routing.reassign(part(version, "sponsor"), tess, by=pia, at=LATER, reason="Sam is on leave.")
    moved = part(version, "sponsor")
    assert (moved.person, moved.asked_at) == (tess, LATER)
    assert "Sam is on leave." in moved.history.latest().history_change_reason
    assert Notification.objects.filter(recipient=tess, key=f"part-asked-{moved.pk}").exists()
    assert refusal(routing.give_opinion, moved, by=sam, at=LATER, opinion="endorse") == "not_asked"
    assert version.findings.get().raised_by == sam, "what was found stays with whoever found it"
    endorse(version, "sponsor", tess)


def test_only_open_work_moves(version, pia, sam, tess) -> None:
    endorse(version, "sponsor", sam)
    assert refusal(routing.reassign, part(version, "sponsor"), tess, by=pia, at=LATER, reason="Leave.") == "part_over"


@pytest.mark.parametrize("person", ["max", "sam", "tess"])
def test_only_who_decides_moves_parts(version, request, person, olaf) -> None:
    by = request.getfixturevalue(person)
    code = refusal(routing.reassign, part(version, "sponsor"), olaf, by=by, at=LATER, reason="Leave.")
    assert code in {"not_reviewer", "own_work"}


def test_a_part_goes_to_nobody_who_worked_on_it_lacks_the_role_or_is_asked_already(version, pia, max, bo, tess, audrey) -> None:
    move = routing.reassign
    assert refusal(move, part(version, "sponsor"), max, by=pia, at=LATER, reason="Leave.") == "own_work"
    assert refusal(move, part(version, "sponsor"), bo, by=pia, at=LATER, reason="Leave.") == "already_asked"
    assert refusal(move, part(version, "sponsor"), audrey, by=pia, at=LATER, reason="Leave.") == "own_work"
    assert refusal(move, part(version, "finance"), tess, by=pia, at=LATER, reason="Leave.") == "wrong_role"
    assert refusal(move, part(version, "sponsor"), tess, by=pia, at=LATER, reason=" ") == "reason_missing"


def test_who_has_a_conflict_of_interest_excuses_themself_and_no_longer_counts(version, sam, bo, fay) -> None:
    endorse(version, "business_owner", bo)
    routing.excuse(part(version, "sponsor"), by=sam, at=LATER, reason="My brother works for the vendor.")
    assert states(version) == {"sponsor": "excused", "business_owner": "done", "finance": "asked"}
    assert "brother" in part(version, "sponsor").note
    assert part_for(version, sam, LATER) is None


def test_others_are_excused_by_who_decides_only(version, pia, bo, max) -> None:
    sponsor = part(version, "sponsor")
    assert refusal(routing.excuse, sponsor, by=bo, at=LATER, reason="Busy.") == "not_reviewer"
    assert refusal(routing.excuse, sponsor, by=max, at=LATER, reason="Busy.") == "own_work"
    assert refusal(routing.excuse, sponsor, by=pia, at=LATER, reason="") == "reason_missing"
    routing.excuse(sponsor, by=pia, at=LATER, reason="Out of office until May.")
    assert refusal(routing.excuse, sponsor, by=pia, at=LATER, reason="Again.") == "part_over"


def test_people_are_reminded_once_a_working_day(version, pia, sam) -> None:
    routing.remind(part(version, "sponsor"), by=pia, at=LATER)
    again = LATER + dt.timedelta(hours=3)
    assert refusal(routing.remind, part(version, "sponsor"), by=pia, at=again) == "reminded_today"
    friday, saturday = LATER + dt.timedelta(days=1), LATER + dt.timedelta(days=2)
    routing.remind(part(version, "sponsor"), by=pia, at=friday)
    assert refusal(routing.remind, part(version, "sponsor"), by=pia, at=saturday) == "reminded_today"
    reminders = Notification.objects.filter(recipient=sam, key__startswith="part-reminder@")
    assert reminders.count() == 2
    assert refusal(routing.remind, part(version, "finance"), by=pia, at=friday) == "not_asked"
    assert refusal(routing.remind, part(version, "sponsor"), by=sam, at=friday) == "not_reviewer"


def test_a_stopped_route_asks_nobody_and_lets_the_version_be_returned_only(version, pia, sam, bo) -> None:
    endorse(version, "sponsor", sam)
    review = version.reviews.get()
    assert refusal(routing.abort_route, review, by=bo, at=LATER, reason="Wrong version.") == "not_reviewer"
    assert refusal(routing.abort_route, review, by=pia, at=LATER, reason=" ") == "reason_missing"
    routing.abort_route(review, by=pia, at=LATER, reason="The wrong version was sent.")
    assert states(version) == {"sponsor": "done", "business_owner": "cancelled", "finance": "cancelled"}
    assert refusal(routing.abort_route, review, by=pia, at=LATER, reason="Again.") == "nobody_asked"
    tick_all(version, by=pia)
    assert refusal(version.approve, by=pia, at=LATER, terms={}) == "route_incomplete"
    a_finding(version, by=pia, section="problem")
    version.return_for_rework(by=pia, at=LATER)


def test_a_reviewer_who_has_not_answered_is_reminded_once_before_the_decision_is_due(version, sam, bo) -> None:
    due = version.reviews.get().due_at
    assert run_due(at=due - dt.timedelta(days=4)).reviewers == 0
    assert run_due(at=due - dt.timedelta(hours=4)).reviewers == 2
    assert run_due(at=due - dt.timedelta(hours=3)).reviewers == 0


# The decision


def test_nothing_is_approved_before_everybody_has_answered_and_everything_is_ticked(version, pia) -> None:
    tick_all(version, by=pia)
    assert refusal(version.approve, by=pia, at=LATER, terms={}) == "route_incomplete"
    answer_route(version)
    version.approve(by=pia, at=LATER, terms={})


@pytest.mark.parametrize("verb", ["approve", "approve_with_conditions"])
def test_nothing_is_approved_while_a_question_is_not_ticked(version, pia, tess, sam, verb) -> None:
    from tests.governance.written import a_condition

    answer_route(version)
    terms = {"terms": {}} if verb == "approve" else {"conditions": [a_condition(sam, tess)]}
    assert refusal(getattr(version, verb), by=pia, at=LATER, **terms) == "checklist_incomplete"
    version.refresh_from_db()
    assert version.is_waiting


def test_the_record_keeps_findings_checklist_and_opinions(version, pia, sam) -> None:
    endorse(version, "sponsor", sam, note="We need it before the summer.")
    a_finding(version, by=pia, severity="minor", section="problem", text="Name the second court.")
    review_all(version, by=pia)
    version.approve(by=pia, at=LATER, terms={})
    record = json.loads(version.record)
    assert [(row["seat"], row["opinion"]) for row in record["opinions"]] == [
        ("sponsor", "endorse"), ("business_owner", "endorse"), ("finance", "endorse"),
    ]  # fmt: skip
    assert record["opinions"][0]["note"] == "We need it before the summer."
    assert [row["text"] for row in record["findings"]] == ["Name the second court."]
    assert {row["holds"] for row in record["checklist"]} == {True}
    assert len(record["checklist"]) == 5


def test_a_return_is_recorded_with_its_findings(version, pia) -> None:
    a_finding(version, by=pia, section="problem", text="Name the second court.")
    version.return_for_rework(by=pia, at=LATER)
    assert [row["text"] for row in json.loads(version.record)["findings"]] == ["Name the second court."]


# What reviewers see and may do


def sees(person, version: DeliverableVersion) -> bool:
    return DeliverableVersion.objects.visible_to(person).filter(pk=version.pk).exists()


def test_who_is_asked_sees_the_version_and_no_one_before_their_turn(version, pia, sam, bo, fay, bea, olaf) -> None:
    assert sees(sam, version)
    assert not any(sees(person, version) for person in (fay, bea, olaf))
    endorse(version, "sponsor", sam)
    endorse(version, "business_owner", bo)
    assert sees(fay, version)
    assert sees(sam, version), "what somebody has reviewed stays open to them"
    routing.excuse(part(version, "finance"), by=pia, at=LATER, reason="Conflict of interest.")
    assert not sees(fay, version)


def test_somebody_from_outside_the_project_sees_what_was_given_to_them(version, pia, olaf) -> None:
    assert not sees(olaf, version)
    routing.reassign(part(version, "sponsor"), olaf, by=pia, at=LATER, reason="Stands in for the sponsor.")
    assert sees(olaf, version)
    assert not DeliverableVersion.objects.visible_to(olaf).exclude(pk=version.pk).exists()


def test_a_delegate_of_the_executive_answers_in_their_name(alpha, pia, gina, sam, bo, fay, tess) -> None:
    set_step(3, 1, ["executive"])
    delegate(gina, tess, kinds=["definition"])
    version = a_submitted_document(alpha)
    assert sees(tess, version)
    endorse(version, "executive", tess)
    done = part(version, "executive")
    assert (done.person, done.acting_for) == (tess, gina)


@pytest.mark.parametrize("limits", [{"kinds": ["status_report"]}, {"highest_class": 2}, {"revoked_at": NOON}])
def test_outside_its_limits_a_delegation_shows_and_allows_nothing(alpha, pia, gina, olaf, limits) -> None:
    set_step(3, 1, ["executive"])
    delegate(gina, olaf, **{"kinds": ["definition"], **limits})
    version = a_submitted_document(alpha)
    assert not sees(olaf, version)
    assert refusal(routing.give_opinion, part(version, "executive"), by=olaf, at=LATER, opinion="endorse") == "not_asked"
