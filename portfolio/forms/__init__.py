"""The forms of the portfolio. They turn what is typed into values; rules stand in the models' verbs."""
