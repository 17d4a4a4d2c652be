"""What every test shares: no network but this machine, and skips that are counted or, in CI, refused.

The cast of people and the factories stand in `tests/cast.py` and `tests/factories.py`.
"""

import datetime as dt
import importlib
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate

REQUIRE_ALL = os.environ.get("PMO_REQUIRE_ALL") == "1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: Half past nine in the city, the morning after the reports of `tests.governance.stories` were due.
FRIDAY = dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.UTC)
pytest_plugins = ["tests.cast"]


def chromium_path() -> str | None:
    names = (os.environ.get("PMO_CHROMIUM", ""), *BROWSERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def weasyprint_loads() -> bool:
    try:
        import weasyprint  # noqa: F401
    except OSError:  # Pango is absent
        return False
    return True


NEEDS = {
    "browser": (chromium_path, "no Chromium or Chrome found; set PMO_CHROMIUM to its path"),
    "pdf": (weasyprint_loads, "Pango is not installed, so WeasyPrint cannot be loaded"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name, (is_there, sentence) in NEEDS.items():
        if item.get_closest_marker(name) and not is_there():
            (pytest.fail if REQUIRE_ALL else pytest.skip)(sentence)
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        pytest.skip("says something about PostgreSQL only")


def _is_this_machine(address: object) -> bool:
    """Say whether `address` is a Unix socket's path or a loopback host."""
    return not isinstance(address, tuple) or str(address[0]) in {"127.0.0.1", "localhost", "::1", ""}


def _allow_only_this_machine(plain):  # type: ignore[no-untyped-def]
    def connect(self, address):  # type: ignore[no-untyped-def]
        if not _is_this_machine(address):
            raise RuntimeError(f"a test tried to reach {address!r}; tests use no network")
        return plain(self, address)

    return connect


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _allow_only_this_machine(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", _allow_only_this_machine(socket.socket.connect_ex))
    yield
    patch.undo()


#: What migrations brought, in their order, by a model that is empty without it.
BROUGHT = {
    "ThresholdSet": ("0002_office_defaults",),
    "DocumentTemplate": ("0004_standard_templates", "0171_short_forms"),
    "RouteStep": ("0020_standard_routes",),
    "TailoringRule": ("0050_gate_defaults",),
    "ClassGates": ("0141_class_gates_defaults",),
}


def _office_defaults_again(**_: Any) -> None:
    """Put back what a migration brought: a test with real transactions ends by emptying every table."""
    for model, names in BROUGHT.items():
        if not apps.get_model("governance", model).objects.exists():
            for name in names:
                importlib.import_module(f"governance.migrations.{name}").add(apps, None)


@pytest.fixture(autouse=True, scope="session")
def _office_defaults():
    """Django says `post_migrate` also after it emptied the tables, so whichever test comes next finds the defaults."""
    post_migrate.connect(_office_defaults_again, sender=apps.get_app_config("governance"))
    yield
    post_migrate.disconnect(_office_defaults_again, sender=apps.get_app_config("governance"))


@pytest.fixture(autouse=True, scope="session")
def _signing_key():
    """Make the key of this run on the day of the stories: one that a browser test made today would not count on that day."""
    from governance import sealing

    with time_machine.travel(FRIDAY):
        sealing.key_file()


@pytest.fixture(autouse=True)
def _it_is_friday(request: pytest.FixtureRequest):
    """Let every test happen on the day after its stories, whatever day it is run on.

    Not in a browser, which keeps its own time; its stories are told relative to today.
    """
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(FRIDAY):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache():
    """Throttles count in the cache; no test inherits another one's tries."""
    cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": chromium_path(), "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real portfolios; skip, with a count, where it is not beside the project."""
    folder = Path(os.environ.get("PMO_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("no folder of real data beside the project; set PMO_REAL_DATA to its path")
    return folder


@pytest.fixture
def world(alpha, beta, pia, gina, max, bea, tess, sam, stella, fay, audrey, adam, hugo, olaf):
    """One of everything, for tests that go through every URL (tests.access_world.World)."""
    from tests.access_world import World

    cast = (pia, gina, max, bea, tess, sam, stella, fay, audrey, adam, hugo, olaf)
    return World(alpha, {person.get_short_name().lower(): person for person in cast})
