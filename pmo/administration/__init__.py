"""Accounts and roles: who may sign in, as what, and who decided that. Imports every app; no app imports it."""
