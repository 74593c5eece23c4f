"""Products with logarithms, of which entropies and likelihoods are made, and the logarithm of odds."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Binary, Primitive, Unary
from minigrad.core.scipy_special import special_functions
from minigrad.kernels.elementwise.special import logarithms as kernels
from minigrad.rules.manipulation.select import where
from minigrad.rules.safe_division import safe_divide
from minigrad.typing import Array

__all__ = ["entr", "logit", "rel_entr", "xlog1py", "xlogy"]


def _ratio(x: Array, y: Array) -> Array:
    """x / y, and 0 where both are 0: there x log y is 0 for any y. Its own slopes there are NaN."""
    both = (x == 0) & (y == 0)
    return where(both, safe_divide(x, y), x / where(both, 1, y)) if np.any(both) else x / y


def _log_ratio(z: Array, x: Array) -> Array:
    """log(x / y) of z = x log(x / y), with all its digits; where x is 0, −∞ as log x."""
    at_0 = x == 0
    return where(at_0, np.log(x), z / where(at_0, 1, x)) if np.any(at_0) else z / x


# fmt: off
#                          name        forward           error signals of the arguments
xlogy: Primitive   = Binary("xlogy",    kernels.xlogy,    lambda z_bar, z, x, y: xlogy(z_bar, y),
                                                          lambda z_bar, z, x, y: z_bar * _ratio(x, y))
xlog1py: Primitive = Binary("xlog1py",  kernels.xlog1py,  lambda z_bar, z, x, y: xlog1py(z_bar, y),
                                                          lambda z_bar, z, x, y: z_bar * _ratio(x, 1 + y))
rel_entr           = Binary("rel_entr", kernels.rel_entr, lambda z_bar, z, x, y: z_bar * (_log_ratio(z, x) + 1),
                                                          lambda z_bar, z, x, y: -z_bar * _ratio(x, y))
entr               = Unary("entr",      kernels.entr,     lambda y_bar, y, x: -y_bar * (np.log(x) + 1))
logit              = Unary("logit",     kernels.logit,    lambda y_bar, y, x: y_bar / (x * (1 - x)))
# fmt: on

xlogy.__doc__ = "x log y, and 0 where x is 0, even if y is 0 or negative. There y gets the error signal 0."
xlog1py.__doc__ = "x log(1 + y), and 0 where x is 0, even if y is −1 or less. There y gets the error signal 0."
rel_entr.__doc__ = """x log(x / y), 0 where x is 0, and ∞ where x or y is negative, or y alone is 0.

The sum of these terms is the Kullback-Leibler divergence of two distributions.
"""
entr.__doc__ = "−x log x, 0 where x is 0, and −∞ where it is negative. The sum of these terms is the entropy."
logit.__doc__ = "log(x / (1 − x)), the inverse of the sigmoid, for x between 0 and 1."

special_functions.update(entr=entr, logit=logit, rel_entr=rel_entr, xlog1py=xlog1py, xlogy=xlogy)
special_functions["kl_div"] = lambda x, y: rel_entr(x, y) - x + y
