"""The big list of naughty strings, through every text of the product's areas of governance."""
