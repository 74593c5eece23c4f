"""Linear algebra: matrix products, einsum, linear systems, decompositions."""
