"""People, capacity and resource plans. May import `portfolio`, `pmo.models` and `pmo.lib`. Holds no tables yet."""
