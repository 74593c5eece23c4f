"""Functions that reduce or accumulate along axes: sums, products, extrema, statistics, norms."""
