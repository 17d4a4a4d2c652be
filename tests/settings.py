"""Settings of the test run: the local ones, made fast, silent and private to this run."""

import os
import tempfile

os.environ["PMO_ENV"] = "local"
os.environ.pop("PMO_DEMO", None)
# A folder of its own, so that no test touches the files that `./dev run` keeps in `var/`.
os.environ["PMO_VAR"] = os.environ.get("PMO_TEST_VAR") or tempfile.mkdtemp(prefix="plumbline-test-")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ["PMO_TASKS_BACKEND"] = "django_tasks.backends.immediate.ImmediateBackend"
os.environ["EMAIL_URL"] = "memorymail://"
# The browser driver runs an event loop in the test's own thread; Django would refuse plain queries beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from pmo.settings import *  # noqa: F403  (the environment must be ready before the settings are read)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["debug"] = True  # type: ignore[index]  # noqa: F405
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
