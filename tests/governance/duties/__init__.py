"""Attempts to break the separation of duties, each a function that prepares its stage and returns the act to be tried."""
