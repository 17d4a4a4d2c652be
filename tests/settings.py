"""Settings of the test run: the local ones, made fast, silent and private to this run."""

import atexit
import os
import shutil
import tempfile

os.environ["PMO_ENV"] = "local"
os.environ.pop("PMO_DEMO", None)
# A folder of its own, so that no test touches the files that `./dev run` keeps in `var/`.
os.environ["PMO_VAR"] = tempfile.mkdtemp(prefix="plumbline-test-")
atexit.register(shutil.rmtree, os.environ["PMO_VAR"], ignore_errors=True)
# What a worker would do is kept and not done: a test that asks for it does it.
os.environ["PMO_TASKS_BACKEND"] = "django_tasks.backends.dummy.DummyBackend"
# The stories happen in one city, wherever the tests run.
os.environ["TZ"] = "America/Chicago"
os.environ["EMAIL_URL"] = "memorymail://"
# The browser driver runs an event loop in the test's own thread; Django would refuse plain queries beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from pmo.settings import *  # noqa: E402, F403  (the environment must be ready before the settings are read)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["debug"] = True  # type: ignore[index]  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in life: each thread of a live server has its own connection. Nobody pulls the plug, so it need not be synced.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;PRAGMA foreign_keys=ON;"  # noqa: F405
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
