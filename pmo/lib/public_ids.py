"""Names for rows that have no human code, and whose number would tell how many there are."""

from __future__ import annotations

import secrets


def public_id() -> str:
    """Return a new name of 22 characters that nobody can guess."""
    return secrets.token_urlsafe(16)
