"""Leaf helpers: they know no app and no table of ours."""
