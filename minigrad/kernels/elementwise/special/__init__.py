"""Special functions, by SciPy or CuPy, and by series where these have none."""
