"""The wizard in the browser's terms: who may, what each step shows and keeps, and that a wrong step harms nothing."""

import csv
import datetime as dt
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from governance.models import ProjectStanding
from governance.views.imports import MAX_BODY_BYTES
from pmo.models import User
from portfolio.importing import run as importing
from portfolio.models import ImportRun, Project
from tests.factories import make_project
from tests.portfolio.importing import SMALL, brought_in, checked, imported, portfolio_digest, workbook

pytestmark = pytest.mark.django_db
GET_PAGES = ("import-file", "import-columns", "import-preview", "import-detail")
VERBS = ("import-apply", "import-discard")


@pytest.fixture
def office(pia: User) -> Client:
    return signed_in(pia)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"governance:{name}", args=args)


def send(client: Client, content: bytes | str, name: str = "list.csv") -> Any:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client.post(url("import-new"), {"file": file})


def columns_form(client: Client, run: ImportRun, **changes: Any) -> dict[str, Any]:
    """Return what the browser would send back from the columns page, with `changes`."""
    form = client.get(url("import-columns", run.pk)).context["form"]
    sent = {field.name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in {**sent, **changes}.items()}


def test_a_file_goes_through_all_steps_to_the_report(office: Client) -> None:
    sent = send(office, SMALL)
    run = ImportRun.objects.get()
    assert sent.url == url("import-file", run.pk)
    page = office.get(sent.url)
    assert page.context["headings"][0] == "Project code"
    assert office.get(url("import-columns", run.pk)).status_code == 200
    chosen = office.post(url("import-columns", run.pk), columns_form(office, run, currency="USD"))
    assert chosen.url == url("import-preview", run.pk)
    preview = office.get(chosen.url)
    assert b"3 projects will be created" in preview.content
    assert not Project.objects.exists()
    done = office.post(url("import-apply", run.pk), {"mode": "all"})
    assert done.url == url("import-detail", run.pk)
    report = office.get(done.url)
    assert b"3 projects created" in report.content
    assert Project.objects.count() == 3
    assert ProjectStanding.objects.count() == 3


def test_a_workbook_goes_the_same_way(office: Client) -> None:
    send(office, workbook([["Code", "Name", "Start date"], ["W-1", "From a sheet", dt.date(2026, 1, 5)]]), "list.xlsx")
    run = ImportRun.objects.get()
    assert b"Projects" in office.get(url("import-file", run.pk)).content
    office.post(url("import-columns", run.pk), columns_form(office, run))
    office.post(url("import-apply", run.pk), {"mode": "all"})
    assert Project.objects.get(code="W-1").start_on == dt.date(2026, 1, 5)


@pytest.mark.parametrize("name", ["max", "gina", "stella", "fay", "hugo", "adam", "olaf"])
def test_imports_do_not_exist_for_others(name: str, pia: User, request: pytest.FixtureRequest) -> None:
    run = imported(SMALL, by=pia)
    client = signed_in(request.getfixturevalue(name))
    assert client.get(url("import-list")).status_code == 403
    assert client.get(url("import-new")).status_code == 403
    assert send(client, SMALL).status_code == 403
    for page in (*GET_PAGES, "import-findings-csv", "import-findings-xlsx", "import-lines-csv", "import-lines-xlsx"):
        assert client.get(url(page, run.pk)).status_code == 404
    for verb in VERBS:
        assert client.post(url(verb, run.pk)).status_code == 404
    assert ImportRun.objects.count() == 1


def test_the_auditor_reads_reports_and_imports_nothing(pia: User, audrey: User) -> None:
    run, waiting = imported(SMALL, by=pia), checked(brought_in(SMALL, by=pia))
    client = signed_in(audrey)
    for address in (
        url("import-list"),
        url("import-detail", run.pk),
        url("import-detail", waiting.pk),
        url("import-findings-csv", run.pk),
    ):
        assert client.get(address).status_code == 200
    for address in (
        url("import-new"),
        url("import-file", waiting.pk),
        url("import-columns", waiting.pk),
        url("import-preview", waiting.pk),
    ):
        assert client.get(address).status_code == 403
    for verb in VERBS:
        assert client.post(url(verb, waiting.pk)).status_code == 403


def test_verbs_want_a_post_and_unknown_imports_do_not_exist(office: Client, pia: User) -> None:
    run = checked(brought_in(SMALL, by=pia))
    for verb in VERBS:
        assert office.get(url(verb, run.pk)).status_code == 405
        assert office.post(url(verb, run.pk + 1)).status_code == 404
    for page in GET_PAGES:
        assert office.get(url(page, run.pk + 1)).status_code == 404


def test_the_upload_wants_its_token(pia: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(pia)
    assert send(client, SMALL).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_body_over_the_limit_is_refused_before_it_is_read(office: Client) -> None:
    answer = office.post(
        url("import-new"), b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(MAX_BODY_BYTES + 1)
    )
    assert answer.status_code == 413
    assert b"20 MB" in answer.content
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("content", [b"", None])
def test_no_file_and_an_empty_file_are_form_errors(office: Client, content: bytes | None) -> None:
    answer = office.post(url("import-new"), {}) if content is None else send(office, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors.as_data()["file"][0].code == ("required" if content is None else "empty")


@pytest.mark.parametrize(("content", "code"), [(b"%PDF-1.7", "wrong_type"), (b"PK\x03\x04broken", "workbook")])
def test_a_refused_file_says_why_and_is_listed(office: Client, content: bytes, code: str) -> None:
    sent = send(office, content, "plan.csv")
    run = ImportRun.objects.get()
    assert (sent.url, run.summary["code"]) == (url("import-detail", run.pk), code)
    assert run.summary["refusal"].encode() in office.get(sent.url, follow=True).content.replace(b"&#x27;", b"'")
    assert b"Refused" in office.get(url("import-list")).content
    for page in ("import-file", "import-columns", "import-preview"):
        assert office.get(url(page, run.pk)).url == url("import-detail", run.pk)


def test_a_file_that_cannot_be_read_yet_can_be_read_in_another_way(office: Client) -> None:
    send(office, "code,x;name\n1,2;3\n")
    run = ImportRun.objects.get()
    page = office.get(url("import-file", run.pk))
    assert run.summary["code"] == "dialect"
    assert run.summary["refusal"].encode() in page.content
    assert office.get(url("import-columns", run.pk)).url == url("import-file", run.pk)
    again = office.post(url("import-file", run.pk), {"delimiter": "semicolon", "encoding": "", "header_row": ""})
    assert again.url == url("import-columns", run.pk)
    run.refresh_from_db()
    assert run.summary["headings"] == ["code,x", "name"]


def test_a_wrong_way_of_reading_is_explained_and_kept(office: Client) -> None:
    send(office, SMALL)
    run = ImportRun.objects.get()
    page = office.post(url("import-file", run.pk), {"delimiter": "", "encoding": "", "header_row": "900"})
    assert page.status_code == 200
    run.refresh_from_db()
    assert run.summary["code"] == "headings"
    assert page.context["form"]["header_row"].value() == "900"
    assert office.post(url("import-file", run.pk), {"delimiter": "", "encoding": "", "header_row": ""}).status_code == 302


@pytest.mark.parametrize("sent", [{"header_row": "0"}, {"header_row": "x"}, {"delimiter": "soup"}, {"encoding": "rot13"}])
def test_nonsense_in_the_reading_form_is_a_form_error(office: Client, sent: dict[str, str]) -> None:
    send(office, SMALL)
    run = ImportRun.objects.get()
    page = office.post(url("import-file", run.pk), sent)
    assert page.status_code == 200
    assert page.context["form"].errors


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"column_0": ""}, "__all__", "missing"),
        ({"column_2": "name"}, "column_2", "twice"),
        ({"column_2": "nonsense"}, "column_2", "invalid_choice"),
        ({"as_of_on": ""}, "as_of_on", "missing"),
        ({"currency": "dollars"}, "currency", "invalid"),
        ({"unit": "7"}, "unit", "invalid_choice"),
        ({"source": ""}, "source", "required"),
        ({"default_class": "9"}, "default_class", "invalid_choice"),
    ],
)
def test_a_wrong_choice_of_columns_is_an_error_at_its_field(
    office: Client, changes: dict[str, str], field: str, code: str
) -> None:
    send(office, SMALL)
    run = ImportRun.objects.get()
    page = office.post(url("import-columns", run.pk), columns_form(office, run, **changes))
    assert page.status_code == 200
    assert page.context["form"].errors.as_data()[field][0].code == code


def test_an_order_of_dates_that_the_file_contradicts_is_an_error(office: Client) -> None:
    send(office, "code,name,start date\n1,a,25/12/2026\n2,b,01/02/2026\n")
    run = ImportRun.objects.get()
    assert importing.options_of(run).date_order == "dmy"
    page = office.post(url("import-columns", run.pk), columns_form(office, run, date_order="mdy"))
    assert page.context["form"].errors.as_data()["date_order"][0].code == "order"


def test_words_of_phases_can_be_given_a_phase(office: Client) -> None:
    send(office, "code,name,phase\n1,a,Design\n2,b,Vorentwurf\n3,c,IT\n")
    run = ImportRun.objects.get()
    form = office.get(url("import-columns", run.pk)).context["form"]
    assert {word: field.value() for field, word in form.phases} == {"Design": "planning", "Vorentwurf": "", "IT": ""}
    office.post(url("import-columns", run.pk), columns_form(office, run, phase_1="definition"))
    run.refresh_from_db()
    assert run.options["import"]["phases"] == {"Design": "planning", "Vorentwurf": "definition", "IT": ""}
    assert run.summary["remarks"] == 0, "a word that was left on purpose needs no remark"
    office.post(url("import-apply", run.pk), {"mode": "all"})
    assert list(Project.objects.order_by("code").values_list("phase", flat=True)) == ["planning", "definition", "intake"]


def test_what_was_chosen_stands_there_when_the_step_is_opened_again(office: Client) -> None:
    send(office, SMALL)
    run = ImportRun.objects.get()
    changes = {"source": "City list", "as_of_on": "2026-10-01", "currency": "eur", "unit": "1000", "column_6": "comment"}
    office.post(url("import-columns", run.pk), columns_form(office, run, **changes))
    again = columns_form(office, run)
    assert {name: str(again[name]) for name in changes} == {**changes, "currency": "EUR"}


def test_rejected_rows_offer_the_choice_and_all_or_none_imports_none(office: Client, pia: User) -> None:
    run = checked(brought_in(SMALL + ",Nameless,,,,,\n", by=pia))
    page = office.get(url("import-preview", run.pk))
    assert page.context["caption"] == "Rejected rows"
    assert b'value="accepted"' in page.content
    before = portfolio_digest()
    assert office.post(url("import-apply", run.pk), {"mode": "all"}).url == url("import-preview", run.pk)
    assert portfolio_digest() == before
    assert office.post(url("import-apply", run.pk), {"mode": "accepted"}).url == url("import-detail", run.pk)
    assert Project.objects.count() == 3


def test_a_preview_overtaken_by_others_is_made_anew(office: Client, pia: User) -> None:
    run = checked(brought_in(SMALL, by=pia))
    make_project(code="A-2", name="Opened by hand")
    page = office.post(url("import-apply", run.pk), {"mode": "all"}, follow=True)
    assert [str(message.level_tag) for message in page.context["messages"]] == ["error"]
    run.refresh_from_db()
    assert (run.summary["created"], run.summary["changed"]) == (2, 1)
    assert office.post(url("import-apply", run.pk), {"mode": "all"}).url == url("import-detail", run.pk)


def test_a_finished_import_has_no_way_back_into_the_steps(office: Client, pia: User) -> None:
    run = imported(SMALL, by=pia)
    before = portfolio_digest()
    for page in ("import-file", "import-columns", "import-preview"):
        assert office.get(url(page, run.pk)).url == url("import-detail", run.pk)
    office.post(url("import-apply", run.pk), {"mode": "accepted"})
    office.post(url("import-discard", run.pk))
    assert portfolio_digest() == before
    assert ImportRun.objects.filter(pk=run.pk, state="imported").exists()


def test_an_open_import_is_discarded(office: Client, pia: User) -> None:
    run = brought_in(SMALL, by=pia)
    assert office.post(url("import-discard", run.pk)).url == url("import-list")
    assert not ImportRun.objects.exists()


def test_each_kind_of_row_is_shown_by_pages(office: Client, pia: User) -> None:
    imported(SMALL, by=pia)
    rows = "".join(f"P-{n},Project {n},,,,,\n" for n in range(60))
    run = checked(brought_in(SMALL.replace("350000", "360000") + rows, by=pia))
    for show, count in (("created", 60), ("changed", 1), ("unchanged", 2), ("rejected", 0), ("remarks", 0), ("quality", 0)):
        page = office.get(url("import-preview", run.pk), {"show": show})
        assert page.context["page"].paginator.count == count
    assert len(office.get(url("import-preview", run.pk), {"show": "created", "page": 2}).context["table"].rows) == 10
    assert office.get(url("import-preview", run.pk), {"show": "nonsense", "page": "x"}).status_code == 200


def test_the_report_can_be_taken_away_and_no_cell_is_a_formula(office: Client, pia: User) -> None:
    text = SMALL + "A-7,=cmd|'/C calc'!A0,,,,=1+1,\n,+1+1,,,,,\n"
    run = imported(text, by=pia, is_accepting_rows=True)
    answer = office.get(url("import-findings-csv", run.pk))
    rows = list(csv.DictReader(StringIO(b"".join(answer).decode("utf-8-sig"))))  # type: ignore[arg-type]
    assert {row["Code"] for row in rows} == {"not_an_amount", "code_missing"}
    assert all(cell[:1] not in set("=+-@") for row in rows for cell in row.values())
    for name in ("import-findings-xlsx", "import-lines-xlsx"):
        book = CalamineWorkbook.from_filelike(BytesIO(b"".join(office.get(url(name, run.pk)))))  # type: ignore[arg-type]
        assert book.sheet_names == ["Rows", "About"]
        assert len(book.get_sheet_by_name("Rows").to_python()) >= 3


def test_hostile_text_is_shown_as_text_on_every_page(office: Client, pia: User) -> None:
    evil = "<script>alert(1)</script>"
    text = f"code,name,{evil},rating\n1,{evil},{evil},{evil}\n/,x,,\n"
    run = checked(brought_in(text, f"{evil}.csv".replace("/", ""), by=pia))
    for page in ("import-file", "import-columns", "import-preview"):
        for show in ("created", "rejected"):
            assert evil.encode() not in office.get(url(page, run.pk), {"show": show}).content
    importing.apply(run, by=pia, at=dt.datetime.now(dt.UTC), is_accepting_rows=True)
    assert evil.encode() not in office.get(url("import-detail", run.pk)).content


def test_the_list_costs_the_same_for_three_imports_and_for_thirty(
    office: Client, pia: User, django_assert_max_num_queries: Any
) -> None:
    for count in (3, 27):
        for _ in range(count):
            brought_in(SMALL, by=pia)
        with django_assert_max_num_queries(14):
            assert office.get(url("import-list")).status_code == 200


def test_the_preview_costs_the_same_for_three_rows_and_for_three_hundred(
    office: Client, pia: User, django_assert_max_num_queries: Any
) -> None:
    for count in (3, 300):
        rows = "".join(f"Q{count}-{n},Project {n},,,,,\n" for n in range(count))
        run = checked(brought_in(SMALL.splitlines()[0] + "\n" + rows, by=pia))
        with django_assert_max_num_queries(14):
            assert office.get(url("import-preview", run.pk)).status_code == 200
