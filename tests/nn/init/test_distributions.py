"""The distributions: their moments, their bounds, and the whole of them by the test of Kolmogorov and Smirnov."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn

SHAPE = (300, 50, 2)
N = math.prod(SHAPE)


def drawn(name: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(nn.init, name)(nn.Parameter(np.zeros(SHAPE)), *args, rng=1, **kwargs).data.ravel()


def near(values: Any, mean: float, std: float) -> None:
    """Mean and standard deviation are within four of their own standard deviations, which 1 in 16000 seeds is not."""
    assert abs(values.mean() - mean) < 4 * std / math.sqrt(N)
    fourth = ((values - mean) ** 4).mean()
    assert abs(values.var() - std**2) < 4 * math.sqrt((fourth - std**4) / N)


def test_uniform_numbers_have_their_moments_and_bounds() -> None:
    values = drawn("uniform_", -1, 3)
    near(values, 1, 4 / math.sqrt(12))
    assert -1 <= values.min() < -0.999
    assert 2.999 < values.max() < 3
    assert drawn("uniform_", 2, 2).tolist() == [2.0] * N


def test_normal_numbers_have_their_moments() -> None:
    near(drawn("normal_", 3, 0.5), 3, 0.5)
    near(drawn("normal_"), 0, 1)
    assert drawn("normal_", 3, 0).tolist() == [3.0] * N


FIELDS = {"in": 100, "out": 600}  # 50 · 2 and 300 · 2


@pytest.mark.parametrize("kind", ["uniform_", "normal_"])
@pytest.mark.parametrize(
    ("scheme", "settings", "variance"),
    [
        ("lecun", {}, 1 / FIELDS["in"]),
        ("xavier", {}, 2 / (FIELDS["in"] + FIELDS["out"])),
        ("xavier", {"gain": 5 / 3}, 25 / 9 * 2 / (FIELDS["in"] + FIELDS["out"])),
        ("kaiming", {}, 2 / FIELDS["in"]),
        ("kaiming", {"mode": "fan_out"}, 2 / FIELDS["out"]),
        ("kaiming", {"a": 1.0}, 1 / FIELDS["in"]),
        ("kaiming", {"nonlinearity": "linear"}, 1 / FIELDS["in"]),
        ("kaiming", {"nonlinearity": "tanh", "mode": "fan_out"}, 25 / 9 / FIELDS["out"]),
    ],
)
def test_the_variance_follows_from_the_fans(kind: str, scheme: str, settings: Any, variance: float) -> None:
    values = drawn(f"{scheme}_{kind}", **settings)
    near(values, 0, math.sqrt(variance))
    assert (abs(values).max() <= math.sqrt(3 * variance)) == (kind == "uniform_")


@pytest.mark.parametrize("activation", ["tanh", "relu", "linear"])
def test_signals_keep_their_size_through_ten_layers(activation: str) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 256))
    for _ in range(10):
        w = nn.Parameter(np.zeros((256, 256)))
        if activation == "relu":
            x = np.maximum(x @ nn.init.kaiming_normal_(w, rng=rng).data.T, 0)
        else:
            x = x @ nn.init.lecun_normal_(w, rng=rng).data.T
            x = np.tanh(x * nn.init.calculate_gain("tanh")) if activation == "tanh" else x
    assert 0.3 < math.sqrt((x**2).mean()) < 1.5


CASES = [
    (0, 1, -2, 2),
    (0, 0.02, -0.04, 0.04),
    (1, 2, -1, 1.5),
    (0, 1, 3, 8),
    (0, 1, -np.inf, -6),
    (5, 0.1, 0, 1),
    (0, 1, -30, 30),
    (0, 1e-3, -1, 1),
]


@pytest.mark.parametrize(("mean", "std", "a", "b"), [case for case in CASES if np.isfinite(case).all()])
def test_truncated_normal_numbers_have_the_distribution_of_scipy(mean: float, std: float, a: float, b: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    values = drawn("trunc_normal_", mean, std, a, b)
    assert values.min() >= a
    assert values.max() <= b
    truncated = stats.truncnorm((a - mean) / std, (b - mean) / std, mean, std)
    assert stats.kstest(values, truncated.cdf).pvalue > 1e-3


def test_the_other_distributions_are_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    assert stats.kstest(drawn("uniform_", -1, 3), stats.uniform(-1, 4).cdf).pvalue > 1e-3
    assert stats.kstest(drawn("normal_", 1, 2), stats.norm(1, 2).cdf).pvalue > 1e-3
    assert stats.kstest(drawn("xavier_normal_"), stats.norm(0, math.sqrt(1 / 350)).cdf).pvalue > 1e-3


def test_truncation_holds_in_every_dtype() -> None:
    for dtype in (np.float16, np.float32):
        w = nn.Parameter(np.zeros((100, 100)), dtype=dtype)
        values = nn.init.trunc_normal_(w, std=0.1, a=-0.1, b=0.1, rng=0).data
        assert abs(values).max() <= dtype(0.1)
