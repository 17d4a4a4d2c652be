"""The one error that says: this may not be done now, and here is why."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """A verb refuses: the sentence is for the person, the code for tests. Nothing has been changed."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code=code)
        self.sentence = message
