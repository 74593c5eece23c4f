"""Writes into leaves, and the graphs that `backward` refuses after them."""
