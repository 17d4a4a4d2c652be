"""The one search over everything: what is looked through, by kind, always through `visible_to`."""
