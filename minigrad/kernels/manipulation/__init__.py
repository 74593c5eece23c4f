"""Forward functions of `minigrad.rules.manipulation`."""
