"""Special functions: error functions, gamma and beta functions, Bessel functions, and logarithms of probabilities.

Most are computed by SciPy. On Tensors its own functions reach them, too: ``scipy.special.gamma(t)``.
"""
