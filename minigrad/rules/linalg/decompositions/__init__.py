"""Cholesky, eigenvalue, singular value and QR decompositions.

All of them take stacks of matrices, shape ``(…, M, N)``. The rules are those of the literature:

- Cholesky: I. Murray, "Differentiation of the Cholesky decomposition", 2016.
- Eigenvalues: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
  differentiation", 2008.
- SVD: J. Townsend, "Differentiating the singular value decomposition", 2016.
- QR: S. Walter, L. Lehmann, "Algorithmic differentiation of linear algebra functions", 2010, and M. Seeger and others,
  "Auto-differentiating linear algebra", 2017, which also has the others.

``cholesky`` and ``eigh`` of a symmetric matrix give it a symmetric error signal. NumPy reads one triangle alone; we
differentiate the function of a symmetric matrix, whose two triangles change together.

Complex matrices have conjugates where real ones have none: of real numbers, `conj` is the number itself, and `adjoint`
the transpose.
"""
