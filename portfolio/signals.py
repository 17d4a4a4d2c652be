"""What this app tells those above it, whom it does not know. See `docs/decisions/0045-an-ending-is-announced.md`."""

from __future__ import annotations

from django.dispatch import Signal

#: A project was held, taken up, closed, cancelled or reopened. Sent by the verbs of `Project`, inside their transaction, once
#: for each change, with `project` (as it stands now), `was` (its status before), `by` (a person, or None for the system) and
#: `reason`. A listener that raises takes the change back.
status_changed = Signal()

#: Fields of a project were revised. Sent by `Project.revise`, inside its transaction, once for each revision that changed
#: something, with `project` (as it stands now), `changed` (the names of the fields), `by` and `reason`. A listener that raises
#: takes the revision back.
revised = Signal()
