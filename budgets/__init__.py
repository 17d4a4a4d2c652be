"""The cost center and project budgets. May import `staffing`, `portfolio`, `pmo.models` and `pmo.lib`. Holds no tables yet."""
