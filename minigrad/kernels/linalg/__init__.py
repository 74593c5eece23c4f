"""Forward functions of `minigrad.rules.linalg`."""
