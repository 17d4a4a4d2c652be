"""Field by field: a search finds and quotes what stands on the page that this person gets, and nothing else of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from governance import change_deciding, change_requests, guiding, lessons, policies
from governance.condition_terms import put_conditions
from governance.finding import CHANGE_TEXTS, GATE_TEXTS, GUIDANCE_TEXTS, LESSON_TEXTS
from governance.models import GateReview
from pmo.search.kinds import group_of
from pmo.views.search import KINDS
from portfolio.models import Program
from tests.factories import make_action, make_decision, make_dependency, make_issue, make_milestone, make_risk
from tests.governance.changed import HOUR, a_change, a_submitted_change, with_baseline
from tests.governance.pages import signed_in
from tests.governance.stories import NOON
from tests.governance.written import a_condition

pytestmark = pytest.mark.django_db
CAST = ("pia", "gina", "max", "bea", "tess", "sam", "stella", "fay", "audrey", "adam", "hugo", "olaf")
#: The kind, the row, and the word that one of its fields says.
Field = tuple[str, Any, str]


@pytest.fixture
def people(request: Any) -> dict[str, Any]:
    return {name: request.getfixturevalue(name) for name in CAST}


def word_of(kind: str, place: int, field: str) -> str:
    return f"quokka{kind[:4]}{place}{field.replace('_', '')}"


def say(kind: str, row: Any, *fields: str, place: int = 0) -> list[Field]:
    """Write into each of `fields` a word of its own, and return where they stand."""
    type(row).objects.filter(pk=row.pk).update(**{field: word_of(kind, place, field) for field in fields})
    return [(kind, row, word_of(kind, place, field)) for field in fields]


def a_gate(project: Any, number: int, **values: Any) -> GateReview:
    """Return a review of benefits: of those more than one may be planned, each on a day of its own."""
    day = NOON.date() + dt.timedelta(days=number)
    return GateReview.objects.create(project=project, gate="G6", number=number, planned_on=day, first_planned_on=day, **values)


def gates(project: Any, decider: Any) -> list[Field]:
    held: dict[str, Any] = {"state": "decided", "decision": "go", "held_on": NOON.date()}
    return [
        *say("gates", a_gate(project, 90), "recommendation", "risk_summary"),
        *say("gates", a_gate(project, 91, decided_by=decider, decided_at=NOON, **held), *GATE_TEXTS, "risk_summary", place=1),
        *say("gates", a_gate(project, 92, source="Archive", **held), *GATE_TEXTS, "risk_summary", place=2),
    ]


def changes(project: Any, people: dict[str, Any]) -> list[Field]:
    """A request on which everything was said, before it is sealed by the decision; and one that was taken back."""
    with_baseline(project)
    words = {field: word_of("changes", 0, field) for field in CHANGE_TEXTS}
    late = {name: words[name] for name in ("assessment", "recommendation", "decision_reason")}
    change = a_submitted_change(project, **{name: word for name, word in words.items() if name not in late})
    told = {name: late[name] for name in ("assessment", "recommendation")}
    change_requests.assess(change, by=people["fay"], at=NOON + 2 * HOUR, **told)
    change_deciding.approve(change, by=people["sam"], at=NOON + 3 * HOUR, reason=late["decision_reason"])
    back = a_submitted_change(project)
    change_requests.withdraw(back, by=project.project_manager, at=NOON + HOUR, reason="quokkaback")
    draft = a_change(project)
    return [
        *[("changes", change, word) for word in words.values()],
        ("changes", back, "quokkaback"),
        *say("changes", draft, "description", place=3),
    ]


def rulebook(project: Any, people: dict[str, Any]) -> list[Field]:
    pia, bea, tess = people["pia"], people["bea"], people["tess"]
    peer = guiding.write(project, by=bea, at=NOON, kind="technical", subject="-", text="-")
    office = guiding.write(project, by=pia, at=NOON, kind="technical", subject="-", text="-")
    for note in (peer, office):
        guiding.settle(note, by=project.project_manager, at=NOON, outcome="taken_up", answer="-")
    told = {"title": "-", "category": "data", "what_happened": "-", "why": "-", "next_time": "-"}
    draft, lesson = (lessons.record(project, by=tess, at=NOON, **told) for _ in range(2))
    lessons.publish(lesson, by=pia, at=NOON)
    policy = policies.open_policy(
        by=pia, at=NOON, code="POL-7", title="-", owner=pia, review_by=NOON.date(), text="-", effective_on=NOON.date()
    )
    version = policies.begin_version(policy, by=pia, at=NOON)
    version.revise(by=pia, changes={"text": "quokkapolicy", "change_note": "-"})
    policies.publish(version, by=pia, at=NOON)
    return [
        *say("guidance", peer, *GUIDANCE_TEXTS),
        *say("guidance", office, *GUIDANCE_TEXTS, place=1),
        *say("lessons", draft, *LESSON_TEXTS),
        *say("lessons", lesson, *LESSON_TEXTS, place=1),
        *say("policies", policy, "title"),
        ("policies", policy, "quokkapolicy"),
    ]


def portfolio(project: Any) -> list[Field]:
    entries = {
        "risks": make_risk(project),
        "issues": make_issue(project),
        "decisions": make_decision(project),
        "actions": make_action(project),
        "dependencies": make_dependency(project),
    }
    program = Program.objects.create(code="PR-7", name="-")
    found = [one for kind, row in entries.items() for one in say(kind, row, "title", "description")]
    return [
        *found,
        *say("milestones", make_milestone(project), "name"),
        *say("programs", program, "name", "purpose"),
        *say("projects", project, "purpose"),
    ]


@pytest.fixture
def fields(alpha: Any, beta: Any, people: dict[str, Any]) -> list[Field]:
    """Everything that a search quotes, each field with a word that stands nowhere else. In ALPHA; bea manages BETA."""
    terms = [a_condition(people["olaf"], people["tess"])]
    put_conditions(terms, project=alpha, gate_review=a_gate(alpha, 80), by=people["pia"], at=NOON)
    return [
        *changes(alpha, people),
        *gates(alpha, people["gina"]),
        *rulebook(alpha, people),
        *say("conditions", alpha.conditions.get(), "text"),
        *portfolio(alpha),
    ]


def quoted(kind: str, user: Any, word: str) -> bool:
    group = group_of(KINDS[kind], user, word)
    if group is None:
        return False
    hit = group.hits[0]
    said = "".join(piece.text for piece in (*hit.title_pieces, *hit.said))
    assert (group.total, word in said) == (1, True), (kind, word, said)
    return True


def test_what_is_quoted_stands_on_the_page_that_the_person_gets(fields: list[Field], people: dict[str, Any]) -> None:
    told: dict[str, set[str]] = {name: set() for name in CAST}
    differs = []
    for name, user in people.items():
        client, pages = signed_in(user), {}
        for kind, row, word in fields:
            address = row.get_absolute_url().partition("#")[0]
            if address not in pages:
                reply = client.get(address)
                pages[address] = reply.content.decode() if reply.status_code == 200 else ""
            finds = quoted(kind, user, word)
            if finds is not (word in pages[address]):
                differs.append((name, word, "quoted" if finds else "on the page only"))
            if finds:
                told[name].add(word)
    assert not differs
    assert {name for name in CAST if told[name]} == {*CAST} - {"stella", "adam"}
    assert len(told["pia"]) == len(fields) - 1  # the risks in short of a gate that is known from a record


def test_the_risks_in_short_of_a_gate_are_for_those_who_read_the_registers(
    alpha: Any, beta: Any, people: dict[str, Any]
) -> None:
    """Neither the excerpt nor a count tells them: not in the search, not in the filter of the list."""
    known = say("gates", a_gate(alpha, 92, source="Archive"), "risk_summary", place=2)[0][2]
    both = [word for _, _, word in say("gates", a_gate(alpha, 90), "recommendation", "risk_summary")]
    readers = {"pia": 1, "gina": 1, "audrey": 1, "max": 1, "tess": 1, "sam": 1, "fay": 0, "bea": 0}
    for name, reads in readers.items():
        client = signed_in(people[name])
        words = (both[0], both[1], " ".join(both), known)
        listed = [client.get("/gates/", {"q": word}).context["list"].total for word in words]
        assert listed == [1, reads, reads, 0], name
        found = [group_of(KINDS["gates"], people[name], word) for word in words]
        assert [group.total if group else 0 for group in found] == listed, name


def test_an_excerpt_of_a_gate_never_borrows_its_risks(alpha: Any, fay: Any, pia: Any) -> None:
    """A word that stands in the recommendation too finds the gate; the risks, which say more of the words, stay closed."""
    a_gate(alpha, 90, recommendation="Quokka.", risk_summary="Quokka leaves Alpha for wombats.")
    shown = {user.name: signed_in(user).get("/search/", {"q": "quokka alpha"}).content.decode() for user in (fay, pia)}
    assert "wombats" not in shown[fay.name]
    assert "wombats" in shown[pia.name]


def test_the_reason_for_which_a_change_was_taken_back_stands_on_its_page(alpha: Any, tess: Any) -> None:
    change = a_submitted_change(with_baseline(alpha))
    change_requests.withdraw(change, by=alpha.project_manager, at=NOON + dt.timedelta(hours=1), reason="The vendor is on time.")
    assert "The vendor is on time." in signed_in(tess).get(change.get_absolute_url()).content.decode()
