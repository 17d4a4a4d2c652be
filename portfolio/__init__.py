"""Programs and projects with their milestones, registers and imports. May import `pmo.models` and `pmo.lib`.

Knows nothing of reviews, money ledgers or people's files.
"""
