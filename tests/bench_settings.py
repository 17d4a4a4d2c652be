"""Production settings for the benchmark's own servers: plain http, a page that sets the floor, queries counted on request."""

import os

os.environ.setdefault("PMO_ENV", "production")
os.environ.setdefault("PMO_SSL_REDIRECT", "0")

from pmo.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench_urls"
MIDDLEWARE = [*MIDDLEWARE, "tests.bench_urls.count_queries"]  # noqa: F405
