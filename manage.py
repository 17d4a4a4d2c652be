#!/usr/bin/env python
"""Run Django's commands; `./dev manage …` does the same inside the project's own environment."""

import os
import sys
from pathlib import Path


def main() -> None:
    # A person at a shell works on this machine, unless a .env says which installation this is.
    # Servers start through pmo.wsgi, which defaults to production.
    if not (Path(__file__).parent / ".env").exists():
        os.environ.setdefault("PMO_ENV", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
