"""The pages by which gate records of another house come in: the file, the preview, the report; and one past gate by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from governance.gate_history.planning import Origin
from governance.gate_history.run import bring_in, carry_out
from governance.models import GateReview, SignOff
from pmo.lib.errors import Refused
from portfolio.models import ImportRun, Project
from tests.factories import make_project
from tests.governance.gated import a_planned
from tests.governance.stories import NOON

pytestmark = pytest.mark.django_db
GOOD = "Code,Name,G0,G1\nW1,Pumps,2020-01-01,2020-02-01\nW2,Pipes,2020-05-01,2020-04-01\n"
ORIGIN = Origin("Water works", "USD")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, text: str = GOOD, **some: Any) -> Any:
    file = SimpleUploadedFile("gates.csv", text.encode())
    values = {"file": file, "source": "Water works", "currency": "USD", **some}
    return client.post(reverse("governance:gate-import"), values)


def test_the_file_is_looked_at_before_anything_comes_on_record(pia) -> None:
    client = signed_in(pia)
    answer = send(client)
    run = ImportRun.objects.get()
    assert answer.url == reverse("governance:gate-import-preview", args=[run.pk])
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "4 gates will come on record (4 held, 0 planned)" in page.content.decode()
    assert "G1 (01 Apr 2020 00:00) lies before G0" in page.content.decode()
    assert client.get(answer.url, {"show": "created"}).content.decode().count("G0 ") >= 2
    assert not GateReview.objects.exists()
    assert not Project.objects.filter(source="Water works").exists()


def test_carrying_it_out_ends_in_a_report_that_stays(pia, audrey) -> None:
    client = signed_in(pia)
    run = ImportRun.objects.get(pk=send(client).url.rstrip("/").split("/")[-1])
    answer = client.post(reverse("governance:gate-import-apply", args=[run.pk]), {"mode": "all"})
    assert answer.url == run.get_absolute_url()
    assert GateReview.history.filter(source="Water works", history_user=pia).count() == 4
    report = signed_in(audrey).get(run.get_absolute_url())
    assert "4 gates came on record" in report.content.decode()
    assert client.get(reverse("governance:gate-import-preview", args=[run.pk])).url == run.get_absolute_url()
    lines = client.get(reverse("governance:import-lines-csv", args=[run.pk]))
    assert "G0 Intake held 01 Jan 2020" in b"".join(lines.streaming_content).decode()
    findings = client.get(reverse("governance:import-findings-csv", args=[run.pk]))
    assert "gates_out_of_order" in b"".join(findings.streaming_content).decode()
    assert "gates.csv" in client.get(reverse("governance:import-list"), {"q": "Water"}).content.decode()


@pytest.mark.parametrize(
    ("text", "some", "field"),
    [
        ("a,b\n1,2\n", {}, None),
        ("Code,G0\nW1,2020-01-01\n", {}, None),
        (GOOD, {"source": " "}, "source"),
        (GOOD, {"currency": "dollars"}, "currency"),
        ("", {}, "file"),
    ],
)
def test_what_cannot_be_read_is_said_on_the_form_and_nothing_is_kept(text: str, some: dict, field: str | None, pia) -> None:
    answer = send(signed_in(pia), text, **some)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field or "__all__"]
    assert some.get("currency", "USD") in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_rejected_rows_are_left_out_only_when_that_is_chosen(pia) -> None:
    client = signed_in(pia)
    run = bring_in((GOOD + "W3,Valves,soon,\n").encode(), "g.csv", ORIGIN, by=pia, at=NOON)
    url = reverse("governance:gate-import-apply", args=[run.pk])
    assert client.post(url, {"mode": "all"}).url == reverse("governance:gate-import-preview", args=[run.pk])
    assert not GateReview.objects.exists()
    assert client.post(url, {"mode": "accepted"}).url == run.get_absolute_url()
    assert GateReview.objects.count() == 4


def test_what_changed_since_the_preview_is_looked_at_again(pia) -> None:
    run = bring_in(GOOD.encode(), "g.csv", ORIGIN, by=pia, at=NOON)
    make_project(code="W1")
    url = reverse("governance:gate-import-apply", args=[run.pk])
    assert signed_in(pia).post(url).url == reverse("governance:gate-import-preview", args=[run.pk])
    run.refresh_from_db()
    assert (run.state, run.summary["created"], run.summary["changed"]) == ("checked", 1, 1)
    assert not GateReview.objects.exists()


def test_it_is_carried_out_once_and_by_the_pmo_manager(pia, max) -> None:
    run = bring_in(GOOD.encode(), "g.csv", ORIGIN, by=pia, at=NOON)
    for person, code in ((max, "not_importer"), (pia, ""), (pia, "run_closed")):
        if not code:
            carry_out(run, by=person, at=NOON, is_accepting_rows=False)
            continue
        with pytest.raises(Refused) as caught:
            carry_out(run, by=person, at=NOON, is_accepting_rows=False)
        assert caught.value.code == code
    assert GateReview.objects.count() == 4


def test_a_file_without_a_row_to_take_says_so(pia) -> None:
    run = bring_in(b"Code,G0,G1\n,2020-01-01,\n", "g.csv", ORIGIN, by=pia, at=NOON)
    page = signed_in(pia).get(reverse("governance:gate-import-preview", args=[run.pk]))
    assert "No row can be imported" in page.content.decode()
    with pytest.raises(Refused) as caught:
        carry_out(run, by=pia, at=NOON, is_accepting_rows=True)
    assert caught.value.code == "nothing_to_import"


def test_an_import_of_gates_has_no_steps_of_the_other_wizard(pia) -> None:
    run = bring_in(GOOD.encode(), "g.csv", ORIGIN, by=pia, at=NOON)
    client = signed_in(pia)
    for name in ("import-file", "import-columns", "import-preview"):
        assert client.get(reverse(f"governance:{name}", args=[run.pk])).status_code == 404
    assert client.post(reverse("governance:import-apply", args=[run.pk])).status_code == 404
    assert client.get(run.get_absolute_url()).url == reverse("governance:gate-import-preview", args=[run.pk])
    assert client.post(reverse("governance:import-discard", args=[run.pk])).status_code == 302
    assert not ImportRun.objects.exists()


def test_applying_is_asked_by_post_alone(pia) -> None:
    run = bring_in(GOOD.encode(), "g.csv", ORIGIN, by=pia, at=NOON)
    assert signed_in(pia).get(reverse("governance:gate-import-apply", args=[run.pk])).status_code == 405


def test_a_past_gate_is_recorded_by_hand_without_a_signature(pia, max) -> None:
    project = make_project(code="P1", project_manager=max)
    planned = a_planned(project)
    client = signed_in(pia)
    url = reverse("governance:gate-past", args=["P1"])
    assert client.get(url).status_code == 200
    values = {"gate": "G0", "held_on": "2025-03-12", "planned_on": "", "source": "Minutes of 12 Mar 2025"}
    refused = client.post(url, {**values, "held_on": "2999-01-01"})
    assert refused.status_code in (409, 422)
    assert "Minutes of 12 Mar 2025" in refused.content.decode()
    answer = client.post(url, values)
    review = GateReview.objects.exclude(pk=planned.pk).get()
    assert answer.url == review.get_absolute_url()
    assert (review.decision, review.held_on, review.planned_on) == ("go", dt.date(2025, 3, 12), dt.date(2025, 3, 12))
    assert not SignOff.objects.exists()
    assert "Known from a record" in client.get(answer.url).content.decode()


def test_the_manager_of_a_project_records_no_past_gate(pia, max) -> None:
    make_project(code="P1", project_manager=max)
    assert signed_in(max).get(reverse("governance:gate-past", args=["P1"])).status_code == 403
