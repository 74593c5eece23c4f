"""Decompositions of stacks of matrices, shape ``(…, M, N)``: Cholesky, eigenvalues, singular values, QR.

Complex matrices have conjugates where real ones have none: of real numbers, `conj` is the number itself, and `adjoint`
the transpose.
"""
