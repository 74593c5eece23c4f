"""Forward functions of `minigrad.rules.signal`."""
