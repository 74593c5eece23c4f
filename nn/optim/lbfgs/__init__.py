"""L-BFGS: a quasi-Newton method, and its line search."""
