from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.signing import verify_chain, verify_records, verify_versions


class Command(BaseCommand):
    help = "Verify the chain of sign-offs and every digest of versions, gates and changes; name the first that does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify_chain()
        if broken:
            raise CommandError(f"Sign-off {broken.sequence}: {broken.what}")
        for version, fault in verify_versions():
            raise CommandError(f"{version}: {fault}")
        for row, fault in verify_records():
            raise CommandError(f"{row}: {fault}")
        self.stdout.write("Every sign-off, every frozen version and every record of a gate or a change holds.")
