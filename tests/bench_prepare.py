"""Fill the benchmark's database and print the session cookies of its two visitors, as one JSON line."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from pmo.models import User  # noqa: E402
from tests.bench_city import build  # noqa: E402


def cookie(email: str) -> str:
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    build(int(sys.argv[1]))
    sys.stdout.write(json.dumps({"manager": cookie("pia@bench.example"), "reader": cookie("stella@bench.example")}) + "\n")
