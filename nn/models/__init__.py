"""Well-known networks, one file for each; with random parameters, to be trained."""
