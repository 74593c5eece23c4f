"""Samples of the error function and its relatives, with SciPy's values."""

from __future__ import annotations

from scipy import special

from tests.samples.registry import anywhere, between, unary

unary("erf", anywhere, special.erf)
unary("erfc", anywhere, special.erfc)
unary("erfinv", between(-0.8, 0.8), special.erfinv)
unary("erfcinv", between(0.2, 1.8), special.erfcinv)
unary("ndtr", anywhere, special.ndtr)
unary("ndtri", between(0.1, 0.9), special.ndtri)
