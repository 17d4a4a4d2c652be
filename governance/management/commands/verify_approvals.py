from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.gate_record import verify_gates
from governance.signing import verify_chain, verify_versions


class Command(BaseCommand):
    help = "Verify the chain of sign-offs and the digests of all frozen versions; name the first that does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify_chain()
        if broken:
            raise CommandError(f"Sign-off {broken.sequence}: {broken.what}")
        for version, fault in verify_versions():
            raise CommandError(f"{version}: {fault}")
        for review, fault in verify_gates():
            raise CommandError(f"{review}: {fault}")
        self.stdout.write("Every sign-off and every frozen version holds.")
