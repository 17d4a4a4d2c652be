"""One-click sign-in: there in demo mode, for the demo people only, and nowhere else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pmo.demo_personas import DEMO_PASSWORD, PERSONAS
from tests.factories import make_user

ADELA = PERSONAS[0]


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def adela(db):
    return make_user(ADELA.name, email=ADELA.email)


def test_demo_mode_offers_each_persona_on_the_sign_in_page(client, db, demo):
    page = client.get("/accounts/login/").content.decode()
    assert all(persona.email in page for persona in PERSONAS)
    assert DEMO_PASSWORD in page


def test_without_demo_mode_the_sign_in_page_names_nobody(client, db):
    page = client.get("/accounts/login/").content.decode()
    assert not any(persona.email in page for persona in PERSONAS)
    assert DEMO_PASSWORD not in page


def test_one_click_signs_in_and_leads_on(client, adela, demo):
    answer = client.post("/accounts/demo/", {"email": ADELA.email, "next": "/accounts/sessions/"})
    assert answer.url == "/accounts/sessions/"
    assert client.session["_auth_user_id"] == str(adela.pk)


def test_one_click_as_another_persona_changes_the_person(client, adela, demo, olaf):
    client.force_login(olaf)
    client.post("/accounts/demo/", {"email": ADELA.email})
    assert client.session["_auth_user_id"] == str(adela.pk)


def test_one_click_does_not_exist_without_demo_mode(client, adela):
    assert client.post("/accounts/demo/", {"email": ADELA.email}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_one_click_is_for_the_demo_people_only(client, demo, pia):
    assert client.post("/accounts/demo/", {"email": pia.email}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_one_click_needs_a_form(client, adela, demo):
    assert client.get("/accounts/demo/").status_code == 405


def test_a_demo_sign_in_never_leads_to_another_site(client, adela, demo):
    assert "evil" not in client.post("/accounts/demo/", {"email": ADELA.email, "next": "https://evil.example"}).url


def test_the_logins_are_printed_in_demo_mode_only(demo, capsys):
    call_command("show_demo_logins")
    printed = capsys.readouterr().out
    assert DEMO_PASSWORD in printed
    assert all(persona.email in printed for persona in PERSONAS)


def test_the_logins_are_not_printed_otherwise():
    with pytest.raises(CommandError):
        call_command("show_demo_logins")


def test_personas_have_one_address_each():
    assert len({persona.email for persona in PERSONAS}) == len(PERSONAS) == 13


@pytest.mark.parametrize("more", [{"PMO_DEMO": "true"}, {"DEBUG": "true"}, {"SECRET_KEY": None}, {"PMO_ENV": "staging"}])
def test_production_refuses_to_start_with_demo_debug_or_without_a_key(tmp_path, more):
    wanted = {"PMO_ENV": "production", "SECRET_KEY": "x" * 60, "PMO_VAR": str(tmp_path), "ALLOWED_HOSTS": "example.org"}
    env = {"PATH": os.environ["PATH"], **{name: text for name, text in {**wanted, **more}.items() if text is not None}}
    run = subprocess.run([sys.executable, "-c", "import pmo.settings"], env=env, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "ImproperlyConfigured" in run.stderr


def test_the_readme_lists_the_same_people_and_password():
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text()
    assert DEMO_PASSWORD in readme
    assert [persona.email for persona in PERSONAS] == re.findall(r"^\| `([^`]+@[^`]+)`", readme, flags=re.M)
