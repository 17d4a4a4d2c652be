"""Structured documents: the definition document and the execution plan, from their templates to what is frozen of them."""
