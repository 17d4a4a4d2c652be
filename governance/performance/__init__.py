"""How the office itself does: figures of the last twelve months, each with its formula and the rows behind it."""
