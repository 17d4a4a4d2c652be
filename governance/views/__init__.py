"""Pages and verbs of governance, one module a noun."""
