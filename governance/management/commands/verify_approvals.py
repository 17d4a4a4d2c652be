from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.copy_checks import CopiesSeen, verify_copies, verify_signed
from governance.signing import verify_chain, verify_records, verify_versions


class Command(BaseCommand):
    help = (
        "Verify the chain of sign-offs, every digest and column of versions, gates and changes, and every stored PDF with its "
        "seal; name the first that does not hold."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        seen = CopiesSeen()
        for fault in faults(seen):
            raise CommandError(fault)
        self.stdout.write("Every sign-off, every frozen version and every record of a gate or a change holds.")
        self.stdout.write(f"Stored PDFs: {seen.total}, each as it was built.")
        if seen.unsealed:
            self.stdout.write(f"Record copies without a seal, because there was no key: {seen.unsealed}.")
        for signer, count in seen.other_keys.items():
            self.stdout.write(f"Sealed with a key that is not in use today ({signer}): {count}. Was it ever the city's?")


def faults(seen: CopiesSeen) -> Iterator[str]:
    """Yield what does not hold, the chain first, because everything else is proved by it."""
    broken = verify_chain()
    if broken:
        yield f"Sign-off {broken.sequence}: {broken.what}"
    for link in verify_signed():
        yield f"Sign-off {link.sequence}: {link.what}"
    for version, fault in verify_versions():
        yield f"{version}: {fault}"
    for row, fault in verify_records():
        yield f"{row}: {fault}"
    for stored, fault in verify_copies(seen):
        yield f"{stored}: {fault}"
