"""The settings of a real installation: safe by default, complete in the example."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
ONLY_FOR_DEV = {"PYTHON", "PMO_VENV", "PMO_NO_SYSTEM", "PMO_CHROMIUM", "PMO_REQUIRE_ALL", "PMO_REAL_DATA"}


def named_in_settings() -> set[str]:
    text = (ROOT / "pmo" / "settings.py").read_text()
    names = set(re.findall(r"env\.\w+\(\s*[\"']([A-Z_]+)[\"']", text))
    return names | {"SECRET_KEY"}


def named_in_example() -> set[str]:
    return set(re.findall(r"^#? ?([A-Z_]+)=", EXAMPLE, flags=re.M))


def test_the_example_names_every_setting_and_no_other():
    assert named_in_example() - ONLY_FOR_DEV == named_in_settings()


def production(tmp_path, **more: str) -> dict[str, str]:
    example = dict(re.findall(r"^([A-Z_]+)=\"?([^\"\n]*)\"?$", EXAMPLE, flags=re.M))
    return {**example, "PATH": os.environ["PATH"], "SECRET_KEY": "k" * 25 + "Zq7-" * 10, "PMO_VAR": str(tmp_path), **more}


@pytest.mark.slow
def test_djangos_own_list_finds_nothing_under_the_shipped_example(tmp_path):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    run = subprocess.run(command, cwd=ROOT, env=production(tmp_path), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def told(tmp_path, expression: str, **more: str) -> str:
    code = f"from pmo import settings; print({expression})"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=production(tmp_path, **more), capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def test_production_sends_cookies_over_https_only_and_counts_throttles_in_the_database(tmp_path):
    expression = "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.CACHES['default']['BACKEND']"
    assert told(tmp_path, expression) == "True True django.core.cache.backends.db.DatabaseCache"


def test_a_proxy_is_trusted_only_when_it_is_announced(tmp_path):
    expression = "hasattr(settings, 'SECURE_PROXY_SSL_HEADER'), getattr(settings, 'ALLAUTH_TRUSTED_PROXY_COUNT', 0)"
    assert told(tmp_path, expression) == "False 0"
    assert told(tmp_path, expression, PMO_BEHIND_PROXY="true") == "True 1"


def test_sqlite_keeps_what_it_acknowledged(tmp_path):
    options = told(tmp_path, "settings.DATABASES['default']['OPTIONS']")
    assert "synchronous=FULL" in options
    assert "IMMEDIATE" in options
    assert "ATOMIC_REQUESTS" not in options


OPEN_TO_ANYONE = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "demo-sign-in",
    "healthz",
    "mfa_authenticate",
    "readyz",
}


def test_pages_without_sign_in_are_these_and_no_others():
    views = {name: pattern.callback for name, pattern in walk(get_resolver().url_patterns)}
    assert {name for name, view in views.items() if not getattr(view, "login_required", True)} == OPEN_TO_ANYONE


def walk(patterns, prefix: str = ""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from walk(pattern.url_patterns, space)
        else:
            yield f"{prefix}{pattern.name}", pattern
