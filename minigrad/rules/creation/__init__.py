"""Arrays made from a few numbers: evenly and geometrically spaced ones."""
