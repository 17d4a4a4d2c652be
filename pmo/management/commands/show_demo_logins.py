from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pmo.demo_personas import DEMO_PASSWORD, PERSONAS


class Command(BaseCommand):
    help = "Print the people of the demo city whom one can sign in as. Works in demo mode only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo mode is off. Start the product with ./dev run, or set PMO_DEMO=true.")
        self.stdout.write(f"\nPlumbline is at {settings.BASE_URL}/  (Ctrl-C ends it)")
        self.stdout.write("The sign-in page offers these people with one click. Or type the address, and for everyone the")
        self.stdout.write(f"password: {DEMO_PASSWORD}\n")
        for persona in PERSONAS:
            self.stdout.write(f"  {persona.label:<16} {persona.email:<40} {persona.try_this}")
        self.stdout.write(f"\nMails are written to {settings.VAR_DIR / 'mail'}, not sent.\n")
