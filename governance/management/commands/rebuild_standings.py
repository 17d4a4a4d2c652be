from typing import Any

from django.core.management.base import BaseCommand

from governance.standings import rebuild_standings


class Command(BaseCommand):
    help = "Rebuild the read model of lists and dashboards from accepted reports and imported facts."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_standings()} standings changed")
