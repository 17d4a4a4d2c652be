"""The pages of change requests: the form with options as rows, the request, its verbs, the lists, the room, the paper."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from governance.change_requests import Option, begin, edit, options_mark, options_of
from governance.models import ChangeLimits, ChangeRequest
from pmo.lib.pdf import pdf_is_available
from pmo.roles import Role
from tests.governance.changed import (
    HOUR,
    LATER,
    NOTHING,
    REASON,
    WORDS,
    a_change,
    a_submitted_change,
    an_approved_change,
    an_assessed_change,
    with_baseline,
)
from tests.governance.pages import long_signed_in, signed_in
from tests.governance.stories import NOON
from tests.poppler import told

pytestmark = pytest.mark.django_db
DECISION = {"decision-reason": REASON}


@pytest.fixture
def alpha(alpha):
    return with_baseline(alpha)


def address(change, name="detail") -> str:
    return reverse(f"governance:change-{name}", args=[change.project.code, change.number])


def state(change) -> str:
    return ChangeRequest.objects.get(pk=change.pk).state


def sent(options=(NOTHING, LATER), **values) -> dict[str, str]:
    """Return what the form sends."""
    given = {**{name: value for name, value in WORDS.items() if value is not True}, "within_contingency": "on"}
    found = {**given, "title": "Later scanners", "cost_effect": "12,000", "days_effect": "5", "option_count": str(len(options))}
    for row, one in enumerate(options):
        cells = {"title": one.title, "consequence": one.consequence, "cost_effect": "", "days_effect": one.days_effect or ""}
        found |= {f"option_{row}_{name}": str(value) for name, value in cells.items()}
        if one.is_recommended:
            found["recommended"] = str(row)
    return {**found, **values}


# Writing


def test_a_new_request_is_kept_as_a_draft(alpha, max) -> None:
    reply = signed_in(max).post(reverse("governance:change-new", args=[alpha.code]), sent(then="keep"))
    change = ChangeRequest.objects.get()
    assert (reply.status_code, reply.url) == (302, address(change))
    assert (change.state, change.cost_effect, change.days_effect) == ("draft", Decimal(12_000), 5)
    assert options_of(change) == [NOTHING, LATER]


def test_a_new_request_is_submitted_at_once(alpha, max) -> None:
    signed_in(max).post(reverse("governance:change-new", args=[alpha.code]), sent(then="submit"))
    assert ChangeRequest.objects.get().state == "submitted"


def test_what_is_incomplete_stays_a_draft_and_the_page_says_what_is_missing(alpha, max) -> None:
    client = signed_in(max)
    reply = client.post(reverse("governance:change-new", args=[alpha.code]), sent(then="submit", risk_effect=""), follow=True)
    change = ChangeRequest.objects.get()
    assert (change.state, change.description) == ("draft", WORDS["description"])
    assert 'href="#id_risk_effect"' in reply.content.decode()


def test_a_draft_without_a_title_is_not_lost(alpha, max) -> None:
    reply = signed_in(max).post(reverse("governance:change-new", args=[alpha.code]), sent(title=""))
    assert reply.status_code == 422
    assert WORDS["description"] in reply.content.decode()
    assert not ChangeRequest.objects.exists()


def test_options_are_added_and_removed_without_a_script_and_nothing_typed_is_lost(alpha, max) -> None:
    client, url = signed_in(max), reverse("governance:change-new", args=[alpha.code])
    rent = Option("Rent scanners", "Costs more.")
    more = client.post(url, sent(add="1", title="Kept"))
    assert (more.context["form"].count, more.context["form"]["title"].value()) == (3, "Kept")
    three = sent(options=(NOTHING, rent, LATER))
    less = client.post(url, {**three, "remove": "1"}).context["form"]
    assert (less.count, less["option_1_title"].value(), less.rows[1]["is_recommended"]) == (2, LATER.title, True)
    kept = client.post(url, {**three, "remove": "0"}).context["form"]
    assert (kept.count, kept["option_0_title"].value()) == (3, NOTHING.title)
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize("nonsense", ["", "-1", "999", "x", "1e9", "²"])
def test_a_forged_number_of_rows_does_no_harm(nonsense, alpha, max) -> None:
    client, url = signed_in(max), reverse("governance:change-new", args=[alpha.code])
    for more in ({"add": "1"}, {"remove": nonsense}, {}):
        assert client.post(url, {**sent(), "option_count": nonsense, "title": "", **more}).status_code in (200, 422)


def test_two_editors_meet_on_one_field(alpha, max, tess) -> None:
    change = a_change(alpha, by=tess)
    opened, mark = change.version(), options_mark(change)
    edit(change, by=tess, changes={"description": "What Tess wrote."})
    client = signed_in(max)
    mine = sent(description="What Max wrote.", version=str(opened), options_seen=mark, quality_effect="Fewer errors")
    reply = client.post(address(change, "edit"), mine)
    text = reply.content.decode()
    assert reply.status_code == 409
    assert "What Tess wrote." in text
    assert "What Max wrote." in text
    again = {
        **mine,
        "version": str(reply.context["version"]),
        "options_seen": reply.context["mark"],
        "use_description": "stored",
    }
    assert client.post(address(change, "edit"), again).status_code == 302
    change.refresh_from_db()
    assert (change.description, change.quality_effect) == ("What Tess wrote.", "Fewer errors")


def test_two_editors_meet_on_the_options(alpha, max, tess) -> None:
    change = a_change(alpha, by=tess)
    opened, mark = change.version(), options_mark(change)
    rent, borrow = Option("Rent scanners", "Costs more.", is_recommended=True), Option("Borrow", "Slow.", is_recommended=True)
    edit(change, by=tess, changes={}, options=[NOTHING, rent])
    client = signed_in(max)
    mine = sent(options=(NOTHING, borrow), version=str(opened), options_seen=mark)
    reply = client.post(address(change, "edit"), mine)
    assert reply.status_code == 409
    assert "Rent scanners" in reply.content.decode()
    seen = {"version": str(reply.context["version"]), "options_seen": reply.context["mark"]}
    client.post(address(change, "edit"), {**mine, **seen, "use_options": "stored"})
    assert [one.title for one in options_of(change)] == ["Do nothing", "Rent scanners"]
    client.post(address(change, "edit"), {**mine, **seen, "use_options": "typed"})
    assert [one.title for one in options_of(change)] == ["Do nothing", "Borrow"]


def test_what_was_submitted_is_no_longer_edited(alpha, max) -> None:
    change = a_submitted_change(alpha)
    reply = signed_in(max).post(address(change, "edit"), sent(title="Other"))
    assert (reply.status_code, reply.url) == (302, address(change))
    assert ChangeRequest.objects.get().title == "Later scanners"


# Verbs

VERBS = ("submit", "agree", "assess", "approve", "reject", "defer", "resume", "withdraw")


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_are_not_reached_by_a_link(verb, alpha, max) -> None:
    assert signed_in(max).get(address(a_change(alpha), verb)).status_code == 405


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("person", "status"), [("audrey", 403), ("bea", 404), ("olaf", 404), ("stella", 404)])
def test_outsiders_find_nothing_and_readers_change_nothing(verb, person, status, alpha, fay, request) -> None:
    change = an_assessed_change(alpha, assessor=fay)
    client = signed_in(request.getfixturevalue(person))
    assert client.post(address(change, verb), DECISION).status_code == status
    assert state(change) == "assessed"


def test_the_way_of_a_small_change_through_the_pages(alpha, max, pia, sam) -> None:
    change = a_change(alpha)
    assert signed_in(max).post(address(change, "submit")).status_code == 302
    said = {"assessment": "Plausible.", "recommendation": "Approve."}
    assert signed_in(pia).post(address(change, "assess"), said).status_code == 422, (
        "what was stated is confirmed, not passed over"
    )
    said |= {"changes_scope": "no", "within_contingency": "yes", "days_effect": "0", "cost_effect": "0"}
    assert signed_in(pia).post(address(change, "assess"), said).status_code == 302
    assert signed_in(sam).post(address(change, "approve"), DECISION).status_code == 302
    assert state(change) == "approved"


@pytest.mark.parametrize(("verb", "target"), [("approve", "approved"), ("reject", "rejected"), ("defer", "deferred")])
def test_deciding_asks_for_the_password_and_keeps_the_reason(verb, target, alpha, fay, sam) -> None:
    change = an_assessed_change(alpha, assessor=fay)
    client = long_signed_in(sam)
    reply = client.post(address(change, verb), DECISION)
    assert (reply.status_code, "reauthenticate" in reply.url, state(change)) == (302, True, "assessed")
    assert REASON in client.get(address(change)).content.decode()
    assert signed_in(sam).post(address(change, verb), DECISION).status_code == 302
    assert state(change) == target


def test_a_decision_without_a_reason_is_not_taken(alpha, fay, sam) -> None:
    change = an_assessed_change(alpha, assessor=fay)
    assert signed_in(sam).post(address(change, "approve"), {"decision-reason": " "}).status_code == 422
    assert state(change) == "assessed"


def test_the_second_decider_keeps_what_was_typed(alpha, fay, gina, max) -> None:
    gina_two = type(gina).objects.create_user("second@example.org", "Second Executive", "x" * 20)
    gina_two.add_role(Role.EXECUTIVE)
    change = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(100_000))
    signed_in(gina).post(address(change, "approve"), DECISION)
    reply = signed_in(gina_two).post(address(change, "reject"), {"decision-reason": "Too dear."})
    assert (reply.status_code, state(change)) == (409, "approved")


@pytest.mark.parametrize("person", ["max", "fay"])
def test_the_page_offers_requester_and_assessor_no_decision_and_refuses_a_forged_one(person, alpha, fay, max, request) -> None:
    somebody = request.getfixturevalue(person)
    somebody.add_role(Role.EXECUTIVE)
    somebody.add_role(Role.PMO_MANAGER)
    change = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(100_000))
    client = signed_in(somebody)
    assert 'id="decision"' not in client.get(address(change)).content.decode()
    assert client.post(address(change, "approve"), DECISION).status_code == 403
    assert state(change) == "assessed"


def test_agreeing_withdrawing_and_taking_up_again(alpha, tess, max, fay, sam) -> None:
    change = an_assessed_change(alpha, by=tess, assessor=fay)
    refused = signed_in(sam).post(address(change, "approve"), DECISION)
    assert (refused.status_code, state(change)) == (409, "assessed")
    assert signed_in(max).post(address(change, "agree")).status_code == 302
    assert signed_in(sam).post(address(change, "defer"), DECISION).status_code == 302
    assert signed_in(tess).post(address(change, "resume"), {"resume-reason": "Money is there."}).status_code == 302
    assert state(change) == "assessed"
    assert signed_in(tess).post(address(change, "withdraw"), {"withdraw-reason": ""}).status_code == 422
    assert signed_in(tess).post(address(change, "withdraw"), {"withdraw-reason": "No need."}).status_code == 302
    assert state(change) == "withdrawn"


# Reading


def test_the_page_shows_the_computation(alpha, fay, sam, pia) -> None:
    first = an_approved_change(alpha, assessor=fay, decider=sam, cost_effect=Decimal(30_000), days_effect=2)
    change = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(30_000), days_effect=3)
    text = signed_in(pia).get(address(change)).content.decode()
    for words in (first.code, "$60,000", "6 %", "5 days", "2.5 %", "PMO manager", "the limit of the sponsor is 5 %"):
        assert words in text
    assert 'id="decision"' in text


def test_a_decided_request_shows_the_sealed_computation_whatever_follows(alpha, fay, sam, pia, gina) -> None:
    first = an_approved_change(alpha, assessor=fay, decider=sam, cost_effect=Decimal(30_000))
    client = signed_in(pia)
    before = client.get(address(first)).context["page"]
    values = {"wants_baseline": True, "root_cause": "Soil", "days_effect": 8}
    an_approved_change(alpha, assessor=fay, decider=gina, at=NOON + 9 * HOUR, **values)
    ChangeLimits.objects.create(pk=1, low_percent=1, high_percent=2)
    after = client.get(address(first)).context["page"]
    assert (before.panel, before.effects) == (after.panel, after.effects)


def test_a_team_member_without_a_part_in_it_reads_no_amounts(alpha, fay, tess, sam) -> None:
    change = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(43_210))
    assert "43,210" not in signed_in(tess).get(address(change)).content.decode()
    assert "43,210" in signed_in(sam).get(address(change)).content.decode()
    for name in ("change-room-csv", "change-room"):
        reply = signed_in(tess).get(reverse(f"governance:{name}", args=[alpha.code]))
        assert "43210" not in reply.getvalue().decode().replace(",", "")


def test_the_list_asks_for_what_waits_for_me(alpha, beta, bea, fay, pia, sam, max) -> None:
    to_sam = an_assessed_change(alpha, assessor=fay)
    to_pia = an_assessed_change(alpha, assessor=fay, cost_effect=Decimal(60_000))
    to_assess = a_submitted_change(with_baseline(beta), by=bea)
    a_change(alpha)

    def waiting(person) -> set[str]:
        rows = signed_in(person).get(reverse("governance:change-list"), {"waits": "me"}).context["list"].page.object_list
        return {row.code for row in rows}

    assert waiting(sam) == {to_sam.code}
    assert waiting(pia) == {to_pia.code, to_assess.code}
    assert waiting(fay) == {to_assess.code}
    assert waiting(max) == {"CR-P-1001-03"}


def test_filters_narrow_the_list(alpha, beta, bea, fay, pia, sam) -> None:
    small = an_approved_change(alpha, assessor=fay, decider=sam)
    a_submitted_change(with_baseline(beta), by=bea, reason_code="legal")

    def found(**query) -> list[str]:
        rows = signed_in(pia).get(reverse("governance:change-list"), query).context["list"].page.object_list
        return [row.code for row in rows]

    assert found(state="approved") == [small.code]
    assert found(reason_code="legal") == ["CR-P-1002-01"]
    assert found(governance_class="3") == [small.code]
    assert found(authority="manager_sponsor") == [small.code]
    assert found(baseline="new") == []
    assert found(q="beta") == ["CR-P-1002-01"]


def test_exports_are_formula_safe_and_hold_what_the_list_shows(alpha, max, pia) -> None:
    a_change(alpha, title='=HYPERLINK("x")')
    reply = signed_in(pia).get(reverse("governance:change-list-csv"))
    lines = list(csv.reader(io.StringIO(reply.getvalue().decode("utf-8-sig"))))
    title = lines[1][lines[0].index("Change")]
    assert title.endswith('=HYPERLINK("x")')
    assert not title.startswith("=")
    assert signed_in(pia).get(reverse("governance:change-list-xlsx")).status_code == 200


@pytest.mark.parametrize("name", ["change-list", "change-room"])
def test_the_lists_cost_the_same_for_many_rows(name, alpha, max, pia, django_assert_max_num_queries) -> None:
    url = reverse(f"governance:{name}", args=[alpha.code] if name == "change-room" else [])
    client = signed_in(pia)
    a_change(alpha)
    client.get(url)
    with django_assert_max_num_queries(60) as few:
        client.get(url)
    for _ in range(12):
        begin(alpha, by=max, at=NOON, title="More")
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_a_request_costs_the_same_after_many_others(alpha, fay, sam, pia, django_assert_max_num_queries) -> None:
    client = signed_in(pia)
    change = an_assessed_change(alpha, assessor=fay)
    an_approved_change(alpha, assessor=fay, decider=sam, days_effect=1)
    client.get(address(change))
    with django_assert_max_num_queries(60) as few:
        client.get(address(change))
    for _ in range(4):
        an_approved_change(alpha, assessor=fay, decider=sam, days_effect=1)
    with django_assert_max_num_queries(len(few)):
        client.get(address(change))


def test_the_room_shows_the_sums_and_every_baseline(alpha, fay, pia, sam, gina) -> None:
    values = {"wants_baseline": True, "root_cause": "Soil", "days_effect": 8}
    an_approved_change(alpha, assessor=fay, decider=gina, **values)
    alpha.refresh_from_db()
    an_approved_change(alpha, assessor=fay, decider=sam, at=NOON + 9 * HOUR, cost_effect=Decimal(30_000))
    text = signed_in(pia).get(reverse("governance:change-room", args=[alpha.code])).content.decode()
    assert "1 change approved since baseline 1" in text
    assert "(once)" in text
    assert "Baseline 0, original" in text
    assert "CR-P-1001-01" in text


def test_an_empty_room_says_so(alpha, max, audrey) -> None:
    url = reverse("governance:change-room", args=[alpha.code])
    assert "Ask for the first one" in signed_in(max).get(url).content.decode()
    assert "Ask for the first one" not in signed_in(audrey).get(url).content.decode()


def test_the_room_stands_without_any_dates(beta, bea) -> None:
    beta.baseline_number = 0
    assert signed_in(bea).get(reverse("governance:change-room", args=[beta.code])).status_code == 200


@pytest.mark.skipif(not pdf_is_available(), reason="Pango is missing")
def test_the_paper_carries_request_and_signatures(alpha, fay, sam, pia) -> None:
    change = an_approved_change(alpha, assessor=fay, decider=sam)
    reply = signed_in(pia).get(address(change, "pdf"))
    assert reply["Content-Type"] == "application/pdf"
    text = told(["pdftotext", "-layout", "FILE", "-"], reply.content)
    for words in (change.title, "Who signed", "Approved the", "Sam Okafor", change.record_sha256[:8]):
        assert words in text
