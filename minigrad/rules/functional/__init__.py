"""Functions of functions: one applied along axes, and one defined piece by piece."""
