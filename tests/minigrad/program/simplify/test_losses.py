"""Cross-entropy in programs: softmax is computed once, labels are one line, and the numbers are those of the graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.kernels.losses import cross_entropy as kernels
from minigrad.kernels.reductions.softmax import softmax
from tests.helpers.compiled.agrees import assert_identical

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("axis", [-1, 1])
def test_softmax_and_loss_are_those_of_single_calls_to_the_bit(dtype: Any, axis: int) -> None:
    z = RNG.normal(0, 30, (50, 7)).astype(dtype)
    z[0, 0], z[1, 1], z[2], z[3, 3], z[4, 4] = np.inf, -np.inf, -np.inf, np.nan, np.finfo(dtype).max
    t = np.eye(7, dtype=dtype)[RNG.integers(0, 7, 50)]
    with np.errstate(all="ignore"):
        p, losses = kernels.softmax_and_cross_entropy(z, t, axis=axis)
        np.testing.assert_array_equal(p, softmax(z, axis=axis))
        np.testing.assert_array_equal(losses, kernels.softmax_cross_entropy(z, t, axis=axis))
    assert p.dtype == losses.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("style", ["readable", "fast"])
def test_programs_of_cross_entropy(dtype: Any, style: str) -> None:
    f = mg.value_and_grad(lambda z, t: mg.cross_entropy(z, t))
    compiled = mg.compile(f, style=style)
    for shape, classes in (((5, 3), (5,)), ((2, 3, 2, 2), (2, 2, 2))):
        for _ in range(3):
            z, t = RNG.normal(0, 2, shape).astype(dtype), RNG.integers(0, 3, classes)
            assert_identical(compiled(z, t), f(z, t))
    assert ("softmax_and_cross_entropy" in compiled.source) == (dtype is not np.float16)


def test_the_lines() -> None:
    compiled = mg.compile(mg.value_and_grad(lambda z, t: mg.cross_entropy(z, t)))
    compiled(np.zeros((8, 3), np.float32), np.zeros(8, int))
    lines = [line.strip() for line in compiled.source.split("# forward pass")[1].splitlines() if line]
    assert lines == [
        "t_one_hot = one_hot(t, (8, 3), np.float32)",
        "p, losses = softmax_and_cross_entropy(z, t_one_hot, axis=-1)",
        "L = losses.sum() / 8",
        "# backward pass",
        "z_bar = (p - t_one_hot) / 8",
        "return L, z_bar",
    ]


@pytest.mark.parametrize("style", ["readable", "fast"])
def test_ignored_labels_get_a_program_of_their_own(style: str) -> None:
    f = mg.value_and_grad(lambda z, t: mg.cross_entropy(z, t, ignore_index=1))
    compiled = mg.compile(f, style=style)
    for t in (np.array([0, 2]), np.array([0, 1]), np.array([2, 2]), np.array([1, 0])):
        z = RNG.normal(size=(2, 3))
        assert_identical(compiled(z, t), f(z, t))
    assert sum(map(len, compiled._programs.values())) == 2
    with pytest.raises(ValueError, match="cross_entropy: class numbers run from 0 to 2"):
        compiled(RNG.normal(size=(2, 3)), np.array([0, 3]))


def test_softmax_that_is_used_beside_the_loss() -> None:
    def f(z: Any, t: Any) -> Any:
        p = mg.softmax(z)
        return mg.cross_entropy(z, t) + mg.sum(p * p)

    compiled, given = mg.compile(mg.value_and_grad(f)), (RNG.normal(size=(4, 3)), np.array([0, 1, 2, 0]))
    assert_identical(compiled(*given), mg.value_and_grad(f)(*given))
