from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from governance.mails import send_mails


class Command(BaseCommand):
    help = "Send what waits in the outbox, each mail once. The worker does it every half minute; safe to run beside it."

    def handle(self, *args: Any, **options: Any) -> None:
        sent, missed = send_mails(at=timezone.now())
        self.stdout.write(f"sent {sent}, not sent {missed}")
