"""The review engine, status reports, computed health, standings and publication.

May import `budgets`, `staffing`, `portfolio`, `pmo.models` and `pmo.lib`; imported by `pmo.views` alone.
"""
