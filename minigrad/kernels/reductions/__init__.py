"""Forward functions of `minigrad.rules.reductions`."""
