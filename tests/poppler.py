"""What Poppler's tools say of a PDF: other eyes than the library that wrote it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile

import pytest


def told(command: list[str], made: bytes) -> str:
    """Return what a tool says of `made`, which FILE in `command` stands for; without the tool skip the test, in CI fail it."""
    if not shutil.which(command[0]):
        refuse = pytest.fail if os.environ.get("PMO_REQUIRE_ALL") == "1" else pytest.skip
        refuse(f"{command[0]} of poppler-utils is not installed")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(made)
        file.flush()
        wanted = [file.name if part == "FILE" else part for part in command]
        return subprocess.run(wanted, capture_output=True, check=True).stdout.decode()
