from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pmo.demo.city import build_city
from portfolio.models import Project


class Command(BaseCommand):
    help = "Load the demo city: forty projects with a year of weekly reports. Refuses under production settings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Do nothing where there are projects already.")
        parser.add_argument("--weeks", type=int, default=52, help="Weeks of reports, 13 at least (default 52).")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo city is not for production: its people and figures are invented.")
        if options["weeks"] < 13:
            raise CommandError("Give 13 weeks or more: the ratings of the last twelve are part of every page.")
        if Project.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are projects already. Load the demo city into an empty database.")
        began = time.monotonic()
        built = build_city(timezone.now(), options["weeks"])
        seconds = time.monotonic() - began
        self.stdout.write(f"The demo city is there: {built.projects} projects, {built.reports} reports ({seconds:.0f} s).")
