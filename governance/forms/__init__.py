"""Forms of governance, one module a noun. They convert to domain types; they decide nothing."""
