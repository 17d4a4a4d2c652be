"""The rows of the access table that came with each area, with what makes an object for each of their addresses.

An area has `ROWS`, and `arguments(world, name)`, which returns what the pattern of a name in `ROWS` needs; `prepare(world)`
makes the objects, once, before anybody asks.
"""
