"""Samples of the gamma and beta functions, with SciPy's values."""

from __future__ import annotations

from scipy import special

import minigrad as mg
from tests.samples.registry import PRIMITIVES, between, binary, positive, sample, unary

unary("gamma", positive, special.gamma)
unary("gammaln", positive, special.gammaln)
unary("rgamma", positive, special.rgamma)
unary("digamma", positive, special.psi)
for _name, _reference in (("gamma", special.gamma), ("gammaln", special.gammaln), ("digamma", special.psi)):
    sample(_name, getattr(mg, _name), [-0.4, -1.6, 7.5], reference=_reference)
for _n in (0, 1, 3):
    sample(
        "polygamma", lambda x, n=_n: mg.polygamma(n, x), positive(3), reference=lambda x, n=_n: special.polygamma(n, x)
    )
sample(
    "polygamma", lambda x: PRIMITIVES["polygamma"](x, order=2), positive(2), reference=lambda x: special.polygamma(2, x)
)
binary("beta", positive, positive, special.beta)
binary("betaln", positive, positive, special.betaln)
for _d in (1, 3):
    sample(
        "multigammaln",
        lambda a, d=_d: mg.multigammaln(a, d),
        between(1.2, 4)(2, 2),
        reference=lambda a, d=_d: special.multigammaln(a, d),
    )
for _name, _f, _reference in (
    ("gammainc", mg.gammainc, special.gammainc),
    ("gammaincc", mg.gammaincc, special.gammaincc),
):
    for _a in (2.5, 1.0):
        sample(
            _name,
            lambda x, f=_f, a=_a: f(a, x),
            positive(2, 3),
            reference=lambda x, f=_reference, a=_a: f(a, x),
        )
sample(
    "betainc",
    lambda x: mg.betainc(2.5, 0.75, x),
    between(0.1, 0.9)(3),
    reference=lambda x: special.betainc(2.5, 0.75, x),
)
