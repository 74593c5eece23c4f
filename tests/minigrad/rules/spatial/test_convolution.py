"""Convolution: against loops, its three primitives against one another, kinds of arrays, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.rules.spatial import convolution
from tests.helpers.spatial import naive
from tests.helpers.spatial.conv_cases import CONV_CASES, MODES, ConvCase, conv, conv_cases, conv_transpose
from tests.helpers.strategies import laid_out, layouts
from tests.samples import PRIMITIVES

AXES = (1, 2, 3)


def input_grad(z_bar: Any, w: Any, **params: Any) -> Any:
    return PRIMITIVES[f"conv{len(w.shape) - 2}d_input_grad"](z_bar, w, **params)


def weight_grad(z_bar: Any, x: Any, **params: Any) -> Any:
    return PRIMITIVES[f"conv{len(x.shape) - 2}d_weight_grad"](z_bar, x, **params)


def ones(*shape: int) -> Any:
    return np.ones(shape)


# ---------------------------------------------------------------- values


@given(CONV_CASES)
def test_values_against_loops(case: ConvCase) -> None:
    x, w, b = case.arrays()
    np.testing.assert_allclose(conv(x, w, b, **case.params), naive.conv(x, w, b, **case.params), rtol=1e-10, atol=1e-12)


@given(CONV_CASES)
def test_error_signals_against_loops(case: ConvCase) -> None:
    x, w, b = (Tensor(a, requires_grad=True) for a in case.arrays())
    z = conv(x, w, b, **case.params)
    z_bar = case.signal(z)
    z.backward(z_bar)
    close = {"rtol": 1e-10, "atol": 1e-12}
    params = case.params
    np.testing.assert_allclose(x.grad, naive.conv_input_grad(z_bar, w.data, size=x.shape[2:], **params), **close)
    np.testing.assert_allclose(w.grad, naive.conv_weight_grad(z_bar, x.data, kernel=w.shape[2:], **params), **close)
    np.testing.assert_allclose(b.grad, np.moveaxis(z_bar, 1, 0).reshape(len(b.data), -1).sum(axis=1), **close)


def test_convolution_is_cross_correlation() -> None:
    """The filter is not flipped."""
    image = np.zeros((1, 1, 3, 3))
    image[0, 0, 1, 1] = 1
    filters = np.arange(9.0).reshape(1, 1, 3, 3)
    np.testing.assert_array_equal(mg.conv2d(image, filters, padding=1)[0, 0], filters[0, 0, ::-1, ::-1])


def test_along_one_axis_it_is_np_correlate() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=9), rng.normal(size=4)
    for mode, padding in (("valid", 0), ("full", 3)):
        z = mg.conv1d(x[None, None], w[None, None], padding=padding)
        np.testing.assert_allclose(z[0, 0], np.correlate(x, w, mode), rtol=1e-12)


def test_depthwise_convolution_filters_each_channel_by_itself() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(3, 1, 2, 2))
    z = mg.conv2d(x, w, groups=3)
    for c in range(3):
        np.testing.assert_allclose(z[:, c : c + 1], mg.conv2d(x[:, c : c + 1], w[c : c + 1]), rtol=1e-12)


def test_batches_larger_than_the_workspace() -> None:
    """Columns are made for a few samples at a time; the boundaries between them must not show."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(40, 3, 28, 28)), rng.normal(size=(2, 3, 5, 5))
    z = mg.conv2d(x, w, padding=2)
    z_bar = rng.normal(size=z.shape)
    params: dict[str, Any] = {"stride": (1, 1), "padding": ((2, 2), (2, 2)), "dilation": (1, 1), "groups": 1}
    x_bar = input_grad(z_bar, w, size=(28, 28), **params)
    for i in (0, 2, 3, 17, 39):
        np.testing.assert_allclose(z[i : i + 1], mg.conv2d(x[i : i + 1], w, padding=2), rtol=1e-12)
        alone = input_grad(z_bar[i : i + 1], w, size=(28, 28), **params)
        np.testing.assert_allclose(x_bar[i : i + 1], alone, rtol=1e-12, atol=1e-13)
    one_by_one = sum(weight_grad(z_bar[i : i + 1], x[i : i + 1], kernel=(5, 5), **params) for i in range(len(x)))
    np.testing.assert_allclose(weight_grad(z_bar, x, kernel=(5, 5), **params), one_by_one, rtol=1e-9, atol=1e-9)


def test_one_image_larger_than_the_workspace() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 3, 200, 160)), rng.normal(size=(4, 3, 5, 5))
    z = mg.conv2d(x, w, padding=2)
    part = mg.conv2d(x[:, :, 90:110, 70:90], w)
    np.testing.assert_allclose(z[:, :, 92:108, 72:88], part, rtol=1e-10, atol=1e-12)
    params: dict[str, Any] = {"stride": (1, 1), "padding": ((2, 2), (2, 2)), "dilation": (1, 1), "groups": 1}
    z_bar = rng.normal(size=z.shape)
    whole = np.sum(z * z_bar)
    assert np.sum(x * input_grad(z_bar, w, size=(200, 160), **params)) == pytest.approx(whole, rel=1e-9)
    assert np.sum(w * weight_grad(z_bar, x, kernel=(5, 5), **params)) == pytest.approx(whole, rel=1e-9)


# ---------------------------------------------------------------- derivatives


@given(CONV_CASES)
def test_the_three_are_adjoint(case: ConvCase) -> None:
    """⟨conv(x, w), y⟩ = ⟨x, input_grad(y, w)⟩ = ⟨w, weight_grad(y, x)⟩: one sum of products, taken in three orders."""
    x, w, _ = case.arrays()
    z = conv(x, w, **case.params)
    y = case.signal(z)
    total = np.sum(z * y)
    assert np.sum(x * input_grad(y, w, size=x.shape[2:], **case.params)) == pytest.approx(total, abs=1e-9)
    assert np.sum(w * weight_grad(y, x, kernel=w.shape[2:], **case.params)) == pytest.approx(total, abs=1e-9)


@settings(max_examples=15)
@given(conv_cases(1) | conv_cases(2, most=2) | conv_cases(3, most=1))
def test_derivatives_to_the_second_order(case: ConvCase) -> None:
    mg.check_grads(lambda x, w, b: conv(x, w, b, **case.params), *case.arrays(), order=2)


@pytest.mark.parametrize("padding_mode", MODES)
def test_derivatives_of_each_padding_mode(padding_mode: str) -> None:
    """A pixel that the padding repeats gets the error signals of all its copies."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 1, 3, 4)), rng.normal(size=(1, 1, 3, 3))
    mg.check_grads(lambda x, w: mg.conv2d(x, w, padding=((1, 2), 2), padding_mode=padding_mode), x, w, order=2)


def test_images_need_no_gradient() -> None:
    x, w = Tensor(ones(1, 1, 3, 3)), Tensor(ones(1, 1, 2, 2), requires_grad=True)
    mg.conv2d(x, w).sum().backward()
    assert x.grad is None
    np.testing.assert_array_equal(w.grad, 4)


# ---------------------------------------------------------------- kinds of arrays


@given(CONV_CASES, layouts, layouts)
def test_layout_in_memory_changes_nothing(case: ConvCase, of_x: str, of_w: str) -> None:
    x, w, b = case.arrays()
    z = conv(x, w, b, **case.params)
    z_bar = case.signal(z)
    ts = [Tensor(laid_out(a, layout), requires_grad=True) for a, layout in ((x, of_x), (w, of_w), (b, of_x))]
    found = conv(*ts, **case.params)
    np.testing.assert_allclose(found.data, z, rtol=1e-10, atol=1e-12)
    found.backward(laid_out(z_bar, of_w))
    params = case.params
    expected = naive.conv_input_grad(z_bar, w, size=x.shape[2:], **params)
    np.testing.assert_allclose(ts[0].grad, expected, rtol=1e-10, atol=1e-12)
    expected = naive.conv_weight_grad(z_bar, x, kernel=w.shape[2:], **params)
    np.testing.assert_allclose(ts[1].grad, expected, rtol=1e-10, atol=1e-12)


@given(CONV_CASES)
def test_float32_stays_float32(case: ConvCase) -> None:
    arrays = case.arrays(np.float32)
    xs = [Tensor(a, requires_grad=True) for a in arrays]
    z = conv(*xs, **case.params)
    expected = naive.conv(*case.arrays(np.float64), **case.params)
    assert z.dtype == np.float32
    np.testing.assert_allclose(z.data, expected, rtol=1e-4, atol=1e-5)
    z.backward(case.signal(z.data))
    assert {x.grad.dtype for x in xs} == {np.dtype(np.float32)}


@pytest.mark.parametrize("f", [mg.conv2d, mg.conv_transpose2d])
def test_integers_are_convolved(f: Any) -> None:
    """Pixels as they come from a file; only the filters, which are not integers, get error signals."""
    x, w = np.arange(16).reshape(1, 1, 4, 4), np.array([[[[1, -1], [2, 0]]]])
    z = f(x, w)
    assert z.dtype == x.dtype
    np.testing.assert_array_equal(z, f(x.astype(float), w.astype(float)))
    t = Tensor(w.astype(np.float32), requires_grad=True)
    z = f(x.astype(np.uint8), t)
    assert z.dtype == np.float32
    z.sum().backward()
    expected = mg.grad(lambda w: f(x.astype(float), w).sum())(w.astype(float))
    np.testing.assert_array_equal(t.grad, expected)


@pytest.mark.parametrize("axes", AXES)
def test_an_empty_batch(axes: int) -> None:
    x, w, b = (Tensor(np.ones(shape), requires_grad=True) for shape in ((0, 2, *[3] * axes), (2, 2, *[2] * axes), (2,)))
    for f, size in ((conv, 2), (conv_transpose, 4)):
        z = f(x, w, b)
        assert z.shape == (0, 2, *[size] * axes)
        for t in (x, w, b):
            t.zero_grad()
        z.sum().backward()
        assert x.grad.shape == x.shape
        np.testing.assert_array_equal(w.grad, 0)
        np.testing.assert_array_equal(b.grad, 0)
    assert conv(x, w, padding=1, padding_mode="reflect").shape == (0, 2, *[4] * axes)


def test_nested_lists_are_arrays() -> None:
    z = mg.conv1d([[[1.0, 2.0, 4.0]]], [[[1.0, 1.0]]], padding=1, padding_mode="circular")
    np.testing.assert_array_equal(z, [[[5, 3, 6, 5]]])
    assert isinstance(mg.conv_transpose1d([[[1.0, 2.0]]], Tensor([[[1.0, 1.0]]])), Tensor)


@pytest.mark.parametrize(("stride", "filters"), [(1, 2), (1, 9), (2, 2)])
@pytest.mark.parametrize("worst", [np.inf, -np.inf, np.nan])
def test_infinite_pixels_and_weights_spoil_only_what_they_meet(stride: int, filters: int, worst: float) -> None:
    """There is no position between two rows, and no error signal beyond the border: no 0 · ∞ comes from there."""
    rng = np.random.default_rng(0)
    params = {"stride": (stride,) * 2, "padding": ((1, 1),) * 2, "dilation": (1, 1), "groups": 1}
    x, w = rng.normal(size=(2, 3, 5, 6)), rng.normal(size=(filters, 3, 3, 3))
    x[1, 1, 0, 0] = w[0, 2, 1, 0] = worst
    z_bar = rng.normal(size=(2, filters, *naive.output_shape((5, 6), (3, 3), *list(params.values())[:3])))
    weight_bar = PRIMITIVES["conv2d_weight_grad"](z_bar, x, kernel=(3, 3), **params)
    np.testing.assert_allclose(weight_bar, naive.conv_weight_grad(z_bar, x, kernel=(3, 3), **params), atol=1e-12)
    assert np.isfinite(weight_bar[:, 0]).all()
    x_bar = PRIMITIVES["conv2d_input_grad"](z_bar, w, size=(5, 6), **params)
    np.testing.assert_allclose(x_bar, naive.conv_input_grad(z_bar, w, size=(5, 6), **params), atol=1e-12)
    assert np.isfinite(x_bar[:, 0]).all()


# ---------------------------------------------------------------- derivations


def test_derivations_name_the_convolution_and_its_transpose() -> None:
    x, w, b = (Tensor(ones(*shape), requires_grad=True) for shape in ((1, 2, 3, 3), (2, 1, 3, 3), (2,)))
    assert formulas(x, w, b, mg.conv2d(x, w, b, groups=2, padding="same")) == {
        "z": "conv2d(x, W, b)",
        "x̄": "conv2dᵀ(z̄, W)",
        "W̄": "Σₚ z̄ₚ xₚ",
        "b̄": "Σₙᵢⱼ z̄ₙₖᵢⱼ",
    }
    assert formulas(x, w, b, mg.conv_transpose2d(x, w, b, stride=2, groups=2)) == {
        "z": "conv2dᵀ(x, W) + b",
        "x̄": "conv2d(z̄, W)",
        "W̄": "Σₚ xₚ z̄ₚ",
        "b̄": "Σₙᵢⱼ z̄ₙₖᵢⱼ",
    }
    mirrored = mg.conv2d(x, w, b, groups=2, padding=1, padding_mode="reflect")
    assert formulas(x, w, b, mirrored)["z"] == "conv2d(padᵢⱼ(x, 1, reflect), W, b)"
    x, w, b = (Tensor(ones(*shape), requires_grad=True) for shape in ((1, 1, 4), (2, 1, 3), (2,)))
    assert formulas(x, w, b, mg.conv1d(x, w, b))["x̄"] == "conv1dᵀ(z̄, W)"
    assert formulas(x, w, b, mg.conv1d(x, w, b))["b̄"] == "Σₙⱼ z̄ₙᵢⱼ"


def formulas(x: Any, w: Any, b: Any, z: Any) -> dict[str, str]:
    x.named("x"), w.named("W"), b.named("b"), z.named("z")
    lines = str(mg.explain((z**2).sum())).splitlines()
    parts = [line.split(" = ") for line in lines if " = " in line]
    return {p[0].strip(): p[1].strip() for p in parts if p[0].strip() in ("z", "x̄", "W̄", "b̄")}


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("args", "params", "message"),
    [
        ((ones(8, 3, 32, 32), ones(6, 1, 5, 5)), {},
         r"input has 3 channels \(shape \(8, 3, 32, 32\), N C H W\) but weight expects 1 \(shape \(6, 1, 5, 5\), O "
         r"C/groups KH KW\); did you mean Conv2d\(3, 6, 5\)\?$"),
        ((ones(8, 3, 9, 9), ones(6, 1, 5, 3)), {}, r"did you mean Conv2d\(3, 6, \(5, 3\)\)\?"),
        ((ones(8, 4, 9, 9), ones(6, 1, 5, 5)), {"groups": 2},
         r"4 channels .* expects 2 .*, groups=2\); did you mean Conv2d\(4, 6, 5, groups=2\)\?"),
        ((ones(8, 3, 9, 9), ones(6, 1, 5, 5)), {"groups": 2},
         r"3 channels .* expects 2 .*, groups=2\), and 2 groups cannot share 3 channels$"),
        ((ones(8, 3, 9, 9), ones(6, 3, 5, 5)), {"groups": 4},
         r"groups must be a whole number ≥ 1 that divides the first axis of the weight, which has 6 \(shape "
         r"\(6, 3, 5, 5\), O C/groups KH KW\); got 4$"),
        ((ones(8, 3, 9, 9), ones(6, 3, 5, 5)), {"groups": 0}, r"groups must be.*got 0$"),
        ((ones(8, 3, 9, 9), ones(6, 3, 5, 5)), {"groups": 1.0}, r"groups must be.*got 1\.0$"),
        ((ones(3, 9, 9), ones(6, 3, 5, 5)), {},
         r"expected images \(N, C, H, W\) and weight \(O, C/groups, KH, KW\), got shapes \(3, 9, 9\) and "
         r"\(6, 3, 5, 5\); a single image needs a batch axis: x\[None\]$"),
        ((ones(1, 3, 9), ones(6, 3, 5)), {}, r"for sequences there is conv1d"),
        ((ones(1, 3, 9, 9, 9), ones(6, 3, 5, 5, 5)), {}, r"; for volumes there is conv3d$"),
        ((ones(1, 3, 9, 9), ones(3, 5, 5)), {}, r"and \(3, 5, 5\)$"),
        ((ones(1, 3, 9, 9), ones(6, 0, 5, 5)), {}, r"3 channels .* expects 0 .*did you mean Conv2d\(3, 6, 5\)"),
        ((ones(1, 1, 9, 9), ones(2, 1, 0, 3)), {}, r"weight has shape \(2, 1, 0, 3\).*at least one element"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3), ones(3)), {},
         r"bias has shape \(3,\), expected one number for each of the 2 output channels: \(2,\)$"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3), ones(2, 1)), {}, r"bias has shape \(2, 1\)"),
        ((ones(1, 1, 3, 9), ones(2, 1, 6, 3)), {"padding": 1},
         r"filter of 6 rows does not fit into 3 rows with padding 1: ⌊\(N − F \+ 2P\) / S⌋ \+ 1 = "
         r"⌊\(3 − 6 \+ 2·1\) / 1⌋ \+ 1 = 0; use a window that spans at most 5 or a padding of at least 2 on each "
         r"side$"),
        ((ones(1, 1, 1, 9), ones(2, 1, 4, 3)), {}, r"/ 1⌋ \+ 1 = −2; use a window that spans at most 1 or"),
        ((ones(1, 1, 0, 9), ones(2, 1, 2, 3)), {}, r"\+ 1 = −1; use a padding of at least 1 on each side$"),
        ((ones(1, 1, 9, 3), ones(2, 1, 3, 4)), {}, r"4 columns does not fit into 3 columns"),
        ((ones(1, 1, 4, 9), ones(2, 1, 3, 3)), {"dilation": 2},
         r"3 rows \(dilation 2: F = 2·\(3 − 1\) \+ 1 = 5\) does not fit into 4 rows .*; "
         r"use a window that spans at most 4, a dilation of at most 1 or a padding of at least 1 on each side$"),
        ((ones(1, 1, 3, 9), ones(2, 1, 3, 3)), {"dilation": 2}, r"spans at most 3, a dilation of at most 1 or"),
        ((ones(1, 1, 2, 9), ones(2, 1, 3, 3)), {"dilation": 2}, r"; use a window that spans at most 2 or a padding"),
        ((ones(1, 9, 9, 3), ones(2, 3, 3, 3)), {},
         r"did you mean Conv2d\(9, 2, 3\)\? Or, if the channels come last: x = np\.moveaxis\(x, -1, 1\)$"),
        ((ones(1, 1, 7, 9), ones(2, 1, 3, 3)), {"dilation": 5}, r"spans at most 7, a dilation of at most 3 or"),
        ((ones(1, 1, 4, 9), ones(2, 1, 3, 3)), {"dilation": 5, "padding": 1}, r"at most 6, a dilation of at most 2 or"),
        ((ones(1, 1, 1, 9), ones(2, 1, 4, 3)), {"padding": 1}, r"use a window that spans at most 3 or"),
        ((ones(1, 1, 9, 9), ones(0, 1, 3, 3)), {}, r"weight has shape \(0, 1, 3, 3\) .* at least one filter"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"stride": 0},
         r"stride must be a whole number ≥ 1, or a pair \(rows, columns\); got 0$"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"stride": 1.5}, r"stride must be a whole number.*got 1\.5"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"stride": (1, 2, 3)}, r"pair \(rows, columns\); got \(1, 2, 3\)"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"dilation": 0}, r"dilation must be a whole number ≥ 1.*got 0"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"dilation": True}, r"dilation must be a whole number ≥ 1.*got True"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"padding": (0, -1)},
         r"padding must be a whole number ≥ 0, or a pair \(rows, columns\), where a pair \(before, after\) may stand "
         r"in place of a number, or 'same' or 'valid'; got \(0, -1\)$"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"padding": "full"}, r"padding must be.*got 'full'"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"padding": ((1, 2, 3), 0)}, r"padding must be.*got \(\(1, 2, 3\), 0\)"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"padding_mode": "edge"},
         r"got padding_mode='edge', expected one of 'zeros', 'reflect', 'replicate', 'circular'$"),
    ],
)  # fmt: skip
def test_errors_say_how_to_mend_it(args: Any, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^conv2d: .*{message}"):
        mg.conv2d(*args, **params)


def test_errors_speak_of_sequences_and_volumes() -> None:
    with pytest.raises(ValueError, match=r"^conv1d: expected sequences \(N, C, L\).*; for images there is conv2d$"):
        mg.conv1d(ones(1, 1, 3, 3), ones(1, 1, 3, 3))
    with pytest.raises(ValueError, match=r"^conv1d: stride must be a whole number ≥ 1, or a tuple of one; got \(1, 1"):
        mg.conv1d(ones(1, 1, 3), ones(1, 1, 3), stride=(1, 1))
    with pytest.raises(ValueError, match=r"did you mean Conv1d\(3, 6, 5\)"):
        mg.conv1d(ones(1, 3, 9), ones(6, 1, 5))
    with pytest.raises(ValueError, match=r"^conv3d: stride must be a whole number ≥ 1, or a triple \(planes, rows"):
        mg.conv3d(ones(1, 1, 3, 3, 3), ones(1, 1, 3, 3, 3), stride=(1, 1))
    with pytest.raises(ValueError, match=r"^conv3d: .*single volume needs a batch axis"):
        mg.conv3d(ones(1, 3, 3, 3), ones(1, 1, 3, 3, 3))
    with pytest.raises(ValueError, match=r"^conv3d: filter of 3 planes does not fit into 2 planes"):
        mg.conv3d(ones(1, 1, 2, 3, 3), ones(1, 1, 3, 3, 3))


def test_shapes_are_checked_in_the_first_call_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(n: int) -> Any:
        return mg.conv2d(ones(1, 1, n, 6), ones(1, 1, 2, 5))

    first = call(9)
    monkeypatch.delattr(convolution, "check_shapes")
    np.testing.assert_array_equal(call(9), first)
    with pytest.raises(NameError, match="check_shapes"):
        call(10)
