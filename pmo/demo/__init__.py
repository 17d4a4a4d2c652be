"""The demo city: a believable portfolio with a year behind it, made through the real verbs, the same every time."""
