"""Forward functions of `minigrad.rules.elementwise`."""
