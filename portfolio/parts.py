"""Who can be given a part of a project: not an auditor, whom every verb would refuse later."""

from __future__ import annotations

from typing import Any

from pmo.lib.errors import Refused


def require_able(person: Any, part: str) -> None:
    """Raise Refused(`reads_only`) for an auditor; `part` says as what they were named. None may have any part. One query."""
    if person is not None and person.only_reads:
        raise Refused(f"{person.name} is an auditor and only reads here. Name somebody else as {part}.", "reads_only")
