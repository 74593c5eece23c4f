"""Transposed convolution: against loops, as the adjoint of convolution, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import minigrad as mg
from minigrad.rules.spatial import conv_transpose as table
from tests.helpers.spatial import naive
from tests.helpers.spatial.conv_cases import (
    CONV_CASES,
    CONV_TRANSPOSE_CASES,
    ConvCase,
    conv,
    conv_transpose,
    conv_transpose_cases,
)  # fmt: skip


def ones(*shape: int) -> Any:
    return np.ones(shape)


# ---------------------------------------------------------------- values


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_defaults(axes: int) -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 4, *(3, 4, 2)[:axes])), rng.normal(size=(4, 2, *(2, 3, 2)[:axes]))
    f = getattr(mg, f"conv_transpose{axes}d")
    explicit = f(x, w, None, stride=1, padding=0, output_padding=0, groups=1, dilation=1)
    np.testing.assert_array_equal(f(x, w), explicit)


@given(CONV_TRANSPOSE_CASES)
def test_values_against_loops(case: ConvCase) -> None:
    x, w, b = case.arrays()
    expected = naive.conv_transpose(x, w, b, **case.params)
    np.testing.assert_allclose(conv_transpose(x, w, b, **case.params), expected, rtol=1e-10, atol=1e-12)


def test_along_one_axis_it_is_np_convolve() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=9), rng.normal(size=4)
    for mode, padding in (("valid", 3), ("full", 0)):
        z = mg.conv_transpose1d(x[None, None], w[None, None], padding=padding)
        np.testing.assert_allclose(z[0, 0], np.convolve(x, w, mode), rtol=1e-12)


# ---------------------------------------------------------------- derivatives


@given(CONV_CASES)
def test_it_is_the_adjoint_of_convolution(case: ConvCase) -> None:
    """⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩, where `output_padding` counts the last pixels, which convolution does not see."""
    x, w, _ = case.arrays()
    z = conv(x, w, **case.params)
    y = case.signal(z)
    axes = zip(x.shape[2:], w.shape[2:], *(case.params[key] for key in ("stride", "padding", "dilation")), strict=True)
    unseen = tuple((n + sum(p) - d * (f - 1) - 1) % s for n, f, s, p, d in axes)
    transposed = conv_transpose(y, w, output_padding=unseen, **case.params)
    assert transposed.shape == x.shape
    assert np.sum(x * transposed) == pytest.approx(np.sum(z * y), abs=1e-9)


@settings(max_examples=15)
@given(conv_transpose_cases(1) | conv_transpose_cases(2, most=2) | conv_transpose_cases(3, most=1))
def test_derivatives_to_the_second_order(case: ConvCase) -> None:
    mg.check_grads(lambda x, w, b: conv_transpose(x, w, b, **case.params), *case.arrays(), order=2)


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("args", "params", "message"),
    [
        ((ones(1, 3, 9, 9), ones(6, 1, 5, 5)), {},
         r"input has 3 channels \(shape \(1, 3, 9, 9\), N C H W\) but weight expects 6 \(shape \(6, 1, 5, 5\), C "
         r"O/groups KH KW\); did you mean ConvTranspose2d\(3, 1, 5\)\?$"),
        ((ones(1, 3, 9, 9), ones(3, 1, 5, 5)), {"groups": 2}, r"groups must.* has 3 \(shape .*C O/groups.*got 2$"),
        ((ones(1, 3, 9), ones(3, 1, 5)), {}, r"expected images .*weight \(C, O/groups, KH, KW\)"),
        ((ones(1, 2, 9, 9), ones(2, 3, 5, 5), ones(3)), {"groups": 2},
         r"bias has shape \(3,\).*6 output channels: \(6,\)$"),
        ((ones(1, 2, 9, 9), ones(2, 3, 5, 5)), {"output_padding": 1},
         r"output_padding 1 must be less than the stride 1 or the dilation 1: it chooses among the sizes from which "
         r"a convolution with that stride gives \(9, 9\); use at most \(0, 0\)$"),
        ((ones(1, 2, 9, 9), ones(2, 3, 5, 5)), {"output_padding": 4, "stride": (2, 3), "dilation": (4, 2)},
         r"use at most \(3, 2\)$"),
        ((ones(1, 2, 9, 9), ones(2, 3, 5, 5)), {"output_padding": -1}, r"output_padding must be a whole number ≥ 0"),
        ((ones(1, 1, 2, 2), ones(1, 1, 3, 3)), {"padding": 2},
         r"padding 2 cuts off all rows: \(N − 1\)·S \+ F − P = \(2 − 1\)·1 \+ 3 − 4 = 0; use a padding of at most 1 on "
         r"each side$"),
        ((ones(1, 1, 2, 1), ones(1, 1, 3, 3)), {"padding": 3, "stride": 2, "output_padding": (1, 1)},
         r"padding 3 cuts off all rows: \(N − 1\)·S \+ F − P \+ output_padding = \(2 − 1\)·2 \+ 3 − 6 \+ 1 = 0; "
         r"use a padding of at most 2 on each side$"),
        ((ones(1, 1, 2, 1), ones(1, 1, 3, 3)), {"padding": 2},
         r"padding 2 cuts off all rows"),
        ((ones(1, 1, 3, 1), ones(1, 1, 3, 3)), {"padding": 2},
         r"padding 2 cuts off all columns: .* = \(1 − 1\)·1 \+ 3 − 4 = −1; use a padding of at most 1 on"),
        ((ones(1, 1, 3, 0), ones(1, 1, 3, 3)), {},
         r"images of size \(3, 0\) have no columns$"),
        ((ones(1, 2, 9, 9), ones(2, 3, 5, 5)), {"stride": 0}, r"stride must be a whole number ≥ 1"),
        ((ones(1, 2, 9, 9), ones(2, 3, 5, 5)), {"dilation": 0}, r"dilation must be a whole number ≥ 1"),
        ((ones(1, 2, 9, 9), ones(2, 3, 5, 5)), {"padding": -1}, r"padding must be a whole number ≥ 0"),
    ],
)  # fmt: skip
def test_errors_say_how_to_mend_it(args: Any, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^conv_transpose2d: .*{message}"):
        mg.conv_transpose2d(*args, **params)


def test_errors_name_the_function_for_other_numbers_of_axes() -> None:
    with pytest.raises(ValueError, match=r"^conv_transpose3d: .*; for sequences there is conv_transpose1d$"):
        mg.conv_transpose3d(ones(1, 1, 3), ones(1, 1, 3))


def test_shapes_are_checked_in_the_first_call_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(n: int) -> Any:
        return mg.conv_transpose2d(ones(1, 1, n, 6), ones(1, 1, 2, 5))

    first = call(9)
    monkeypatch.delattr(table, "check_shapes")
    np.testing.assert_array_equal(call(9), first)
    with pytest.raises(NameError, match="check_shapes"):
        call(10)
