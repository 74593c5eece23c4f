"""Error functions: without SciPy, in half precision, and in their tails."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from scipy import special

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.samples import PRIMITIVES


def test_they_need_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    for f, name in ((mg.erf, "erf"), (mg.gelu, "ndtr"), (mg.gamma, "gamma"), (mg.digamma, "digamma"), (mg.j0, "jn")):
        with pytest.raises(
            ImportError, match=rf'^{name} is computed by SciPy.*pip install scipy \(the extra "scipy"\)'
        ):
            f(1.0)
    assert mg.gelu(1.0, approximate="tanh") == pytest.approx(0.8412, abs=1e-4)
    for f, of_a_half in ((mg.i0, 1.0635), (mg.i1, 0.2579), (mg.logit, 0.0), (mg.entr, 0.3466)):
        assert f(0.5) == pytest.approx(of_a_half, abs=1e-4)


def test_half_precision_is_kept() -> None:
    """SciPy's functions of float16 are wider."""
    x = Tensor(np.array([0.25, 0.5], np.float16), requires_grad=True)
    for f in (mg.erf, mg.gelu, mg.gamma, mg.digamma, mg.i0e, lambda x: mg.beta(x, 2.0), lambda x: mg.polygamma(2, x)):
        y = f(x)
        assert y.dtype == np.float16
        np.testing.assert_allclose(y.data, f(x.data.astype(float)), rtol=1e-3)
        assert mg.grad(lambda x, f=f: mg.sum(f(x)))(x.data).dtype == np.float16


def test_the_tails() -> None:
    """1 − erf(x) and Φ(−x) keep their digits where they are nearly 0, and so do their slopes."""
    for x in (6.0, 20.0):
        assert mg.erfc(x) == special.erfc(x) > 0
        assert mg.grad(mg.erfc)(x) == pytest.approx(-2 / math.sqrt(math.pi) * math.exp(-x * x), rel=1e-14)
        assert mg.grad(mg.ndtr)(-x) == pytest.approx(math.exp(-x * x / 2) / math.sqrt(2 * math.pi), rel=1e-14)


def test_inverses_undo() -> None:
    x = np.array([-1.5, -0.25, 0.5, 2.0])
    for f, inverse in ((mg.erf, mg.erfinv), (mg.erfc, mg.erfcinv), (mg.ndtr, mg.ndtri), (mg.sigmoid, mg.logit)):
        np.testing.assert_allclose(inverse(f(x)), x, rtol=1e-13)
        slope = mg.grad(lambda x, f=f, inverse=inverse: mg.sum(inverse(f(x))))(x)
        np.testing.assert_allclose(slope, np.ones(4), rtol=1e-12)


def test_what_is_scaled_or_a_logarithm_keeps_its_digits_in_the_tails() -> None:
    """From their series: e^(x²) erfc(x) is 1 / (√π x) on the right, and (log Φ)′ is −x on the left."""
    for x in (30.0, 1e5, 1e50):
        slope, root_pi = mg.grad(mg.erfcx)(x), math.sqrt(math.pi)
        assert slope == pytest.approx(-1 / (root_pi * x) / x * (1 - 1.5 / x / x), rel=5 / x**4 + 1e-14)
        assert mg.grad(mg.log_ndtr)(-x) == pytest.approx(x + 1 / x - 2 / x / x / x, rel=10 / x**6 + 1e-14)
    for x in (7.99, 8.01):  # on both sides of where the series begins
        for n in (1, 2, 3):
            exact = {1: 2 * x * special.erfcx(x) - 2 / math.sqrt(math.pi)}
            exact[2] = 2 * x * exact[1] + 2 * special.erfcx(x)
            exact[3] = 2 * x * exact[2] + 4 * exact[1]
            assert PRIMITIVES["erfcx"](np.float64(x), order=n) == pytest.approx(exact[n], rel=10.0 ** (2 * n - 15))
    assert mg.grad(mg.log_ndtr)(40.0) == 0
