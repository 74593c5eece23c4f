"""A graph as lists of numbers, its scopes, and groups of nodes that do not depend on each other in circles."""
