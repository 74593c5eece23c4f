"""What stands in a box, row by row: its name, its value, its error signal, and both as maps."""
