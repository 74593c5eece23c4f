"""Standardization in blocks that stay in the cache gives what the formula gives, to the last digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.kernels.normalization import blocks, channel_sums, channels, fused, rows
from minigrad.kernels.normalization import standardize as kernels
from minigrad.kernels.spatial.channels_last import channels_last, is_channels_last

Shape = tuple[int, ...]

#: (x, axes of the mean, γ and β): of one element and of many.
CHANNELS: list[tuple[Shape, Shape, Shape | None]] = [
    ((600, 3), (0,), (3,)),
    ((50000, 3), (0,), (3,)),
    ((530, 250), (0,), (250,)),
    ((5000, 220), (0,), None),
    ((2, 300), (0,), None),
    ((1200, 224), (0,), (224,)),
    ((1200, 224), (0,), None),
    ((5, 7, 3), (0, 2), (7, 1)),
    ((8, 5, 64, 65), (0, 2, 3), (5, 1, 1)),
    ((300, 3, 9, 8), (0, 2, 3), (3, 1, 1)),
    ((1, 1, 4), (0, 2), (1, 1)),
]
ROWS: list[tuple[Shape, Shape, Shape | None]] = [
    ((700, 130), (1,), (130,)),
    ((3, 4, 5), (1, 2), (4, 5)),
    ((3, 4, 5), (2,), None),
    ((2, 3, 70, 71), (2, 3), (3, 1, 1)),
    ((50, 2, 3, 40), (2, 3), (2, 3, 1)),
    ((9, 2, 7), (2,), (2, 7)),
    ((6,), (0,), (6,)),
    ((3, 70000), (1,), (70000,)),
    ((4, 1), (1,), (1,)),
]
CASES = [(channels, *case) for case in CHANNELS] + [(rows, *case) for case in ROWS]


@pytest.fixture(autouse=True)
def _in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small arrays, too."""
    monkeypatch.setattr(kernels, "_SMALL", 0)


def formula(x: Any, weight: Any, bias: Any, y_bar: Any, axis: Shape, eps: float, centered: bool) -> list[Any]:
    """y, x̄, γ̄ and β̄ in double precision, as the paper has them."""
    x, y_bar = x.astype(np.float64), y_bar.astype(np.float64)
    gamma = np.float64(1) if weight is None else weight.astype(np.float64)
    centre = x - x.mean(axis=axis, keepdims=True) if centered else x
    sigma = np.sqrt((centre**2).mean(axis=axis, keepdims=True) + eps)
    x_hat, g = centre / sigma, y_bar * gamma
    x_bar = g - x_hat * (g * x_hat).mean(axis=axis, keepdims=True)
    if centered:
        x_bar = x_bar - g.mean(axis=axis, keepdims=True)
    y = gamma * x_hat + (0 if bias is None else bias)
    return [
        y,
        x_bar / sigma,
        *(None if a is None else summed(s, a) for a, s in ((weight, y_bar * x_hat), (bias, y_bar))),
    ]


def summed(signal: Any, like: Any) -> Any:
    signal = signal.sum(axis=tuple(range(signal.ndim - like.ndim)))
    return signal.sum(axis=tuple(i for i, n in enumerate(like.shape) if n < signal.shape[i]), keepdims=True)


def arrays(x: Shape, weight: Shape | None, dtype: Any) -> list[Any]:
    draw = np.random.default_rng(0).normal
    parameters = (None, None) if weight is None else (draw(size=weight).astype(dtype), draw(size=weight).astype(dtype))
    return [draw(size=x).astype(dtype), *parameters, draw(size=x).astype(dtype)]


def kernel(x: Any, weight: Any, bias: Any, y_bar: Any, **settings: Any) -> list[Any]:
    y, mean, variance = kernels.standardize(x, weight, bias, **settings)
    return [y, *kernels.standardize_grads(y_bar, x, weight, bias, **settings, mean=mean, variance=variance)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize(("layout", "shape", "axis", "weight"), CASES)
def test_blocks_give_the_formula(
    layout: Any, shape: Shape, axis: Shape, weight: Shape | None, centered: bool, dtype: Any
) -> None:
    given = arrays(shape, weight, dtype)
    if layout is channels and not centered:
        assert not channels.fits(given[0], given[1], axis, centered)
        return
    settings: dict[str, Any] = {"axis": axis, "eps": 0.1, "centered": centered}
    assert next(m for m in (channels, rows) if m.fits(given[0], given[1], axis, centered)) is layout
    close = {np.float32: 2e-5, np.float64: 1e-12}[dtype]
    for found, expected in zip(kernel(*given, **settings), formula(*given, **settings), strict=True):
        if expected is None:
            assert found is None
        else:
            assert found.dtype == dtype
            assert found.shape == expected.shape
            np.testing.assert_allclose(found, expected, rtol=close, atol=close * max(1, abs(expected).max()))


@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize(
    ("shape", "axis", "weight"),
    [
        ((40, 7, 30), (1,), (7, 1)),
        ((40, 7, 30), (0,), (7, 30)),
        ((40, 7, 30), (0, 1), (30,)),
        ((40, 7, 30), (0, 2), (30,)),
        ((40, 30, 30), (0, 2), (30,)),
        ((40, 7, 30), (2,), (1, 30)),
        ((40, 7, 30), (1, 2), (30,)),
        ((40, 7, 30), (0, 1, 2), (7, 1)),
    ],
)
def test_axes_and_weights_that_no_block_takes(shape: Shape, axis: Shape, weight: Shape, centered: bool) -> None:
    given, settings = arrays(shape, weight, np.float64), {"axis": axis, "eps": 0.1, "centered": centered}
    for found, expected in zip(kernel(*given, **settings), formula(*given, **settings), strict=True):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * max(1, abs(expected).max()))


@pytest.mark.parametrize(("value", "length"), [(460.0537357728445, 2357), (439.1631493172189, 2825), (0.1, 5000)])
@pytest.mark.parametrize(("samples", "axis"), [((3,), (1,)), ((2, 3), (0, 2)), ((2, 3), (2,))])
def test_the_variance_of_equal_numbers_is_not_negative(samples: Shape, axis: Shape, value: float, length: int) -> None:
    """The mean of their squares less the square of their mean would be, by rounding."""
    x = np.full((*samples, length), value, np.float32)
    y, mean, variance = kernels.standardize(x, axis=axis, eps=1e-30, centered=True)
    assert (variance >= 0).all()
    assert np.isfinite(y).all()
    np.testing.assert_allclose(mean, value, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "groups"), [((16, 8, 12, 11), 4), ((64, 64, 16, 16), 8), ((9, 6, 70), 6), ((5, 6, 4), 2)]
)
def test_groups_of_channels(shape: Shape, groups: int, dtype: Any) -> None:
    """Each with its own mean and variance: the formula for images with groups as an axis."""
    channel = (shape[1], *(1,) * (len(shape) - 2))
    given = arrays(shape, channel, dtype)
    axis = tuple(range(1, len(shape)))
    found = kernel(*given, axis=axis, eps=0.1, centered=True, groups=groups)
    split = (groups, shape[1] // groups)
    x, y_bar = (a.reshape(shape[0], *split, *shape[2:]) for a in (given[0], given[3]))
    weight, bias = (a.reshape(*split, *channel[1:]) for a in given[1:3])
    wanted = formula(x, weight, bias, y_bar, axis=tuple(range(2, x.ndim)), eps=0.1, centered=True)
    close = {np.float32: 2e-6, np.float64: 1e-13}[dtype]
    for value, exact, like in zip(found, wanted, (given[0], *given[:3]), strict=True):
        assert (value.shape, value.dtype) == (like.shape, dtype)
        np.testing.assert_allclose(value, exact.reshape(like.shape), rtol=0, atol=close * max(1, abs(exact).max()))
    _, mean, variance = kernels.standardize(*given[:3], axis=axis, eps=0.1, centered=True, groups=groups)
    assert mean.shape == variance.shape == (shape[0], groups, *(1,) * (len(shape) - 1))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 3, 4), (2, 0, 4), (2, 3, 0)])
@pytest.mark.parametrize("layout", [channels, rows])
def test_empty_arrays_give_empty_arrays(layout: Any, shape: Shape) -> None:
    """Without samples, channels or positions. The sums over them, γ̄ and β̄, are 0, and so are mean and variance."""
    axis = (0, *range(2, len(shape))) if layout is channels else tuple(range(1, len(shape)))
    weight = tuple(1 if i in axis else n for i, n in enumerate(shape))[1:] if layout is channels else shape[1:]
    x, weight, bias, y_bar = arrays(shape, weight, np.float32)
    settings: dict[str, Any] = {"axis": axis, "eps": 0.1, "centered": True}
    y, mean, variance = kernels.standardize(x, weight, bias, **settings)
    for found, like in zip((y, *kernel(x, weight, bias, y_bar, **settings)), (x, x, x, weight, bias), strict=True):
        assert (found.shape, found.dtype) == (like.shape, np.float32)
        assert not found.any()
    assert mean.shape == variance.shape == tuple(1 if i in axis else n for i, n in enumerate(shape))
    assert not mean.any()
    assert not variance.any()
    one_for_each_channel = np.ones((shape[1], *(1,) * (len(shape) - 2)), np.float32)
    assert kernels.affine(x, one_for_each_channel, one_for_each_channel, one_for_each_channel).shape == shape


@pytest.mark.parametrize(
    ("shape", "axis"), [((6, 4, 50), (0, 2)), ((300, 250), (0,)), ((1200, 224), (0,)), ((6, 4, 50), (1, 2))]
)
def test_no_digit_is_lost_where_values_are_large_and_close_together(shape: Shape, axis: Shape) -> None:
    """10,000 ± 1, exact in single precision; μ is not."""
    x, _, _, y_bar = arrays(shape, None, np.float32)
    x = (1e4 + np.round(x * 256) / 256).astype(np.float32)
    settings: dict[str, Any] = {"axis": axis, "eps": 1e-5, "centered": True}
    found, expected = kernel(x, None, None, y_bar, **settings), formula(x, None, None, y_bar, **settings)
    for value, wanted in zip(found[:2], expected[:2], strict=True):
        np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())


@pytest.mark.parametrize("faint", [0.0, 1e-42, 1e-20, 1e-5, 1.0])
def test_channels_whose_weight_is_faint(faint: float) -> None:
    """One in a group, or all of them: the error signals divide by none."""
    shape, settings = (50, 2, 3, 40), {"axis": (2, 3), "eps": 1e-5, "centered": True}
    x, weight, bias, y_bar = arrays(shape, (2, 3, 1), np.float32)
    weight[0, 1], weight[1] = faint, faint
    found = kernel(x, weight, bias, y_bar, **settings)
    for a, b in zip(found, formula(x, weight, bias, y_bar, **settings), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5)
    expected, smallest = formula(x, weight, bias, y_bar, **settings)[1], np.finfo(np.float32).tiny
    np.testing.assert_allclose(found[1][:, 1], expected[:, 1], rtol=2e-5, atol=2e-6 * faint + smallest)


@pytest.mark.parametrize("mean", [0.9, 1.1, 3.0, 100.0])
def test_no_digit_of_groups_is_lost_at_any_mean(mean: float) -> None:
    """A mean of up to one standard deviation is subtracted after scaling, a larger one before."""
    x, weight, bias, y_bar = arrays((3, 2, 4, 500), (2, 4, 1), np.float32)
    x += np.float32(mean)
    settings: dict[str, Any] = {"axis": (2, 3), "eps": 1e-5, "centered": True}
    expected = formula(x, weight, bias, y_bar, **settings)
    for value, wanted in zip(kernel(x, weight, bias, y_bar, **settings), expected, strict=True):
        np.testing.assert_allclose(value, wanted, atol=8e-7 * abs(wanted).max())


@pytest.mark.parametrize("length", [1 << 16, 1 << 20])
def test_no_digit_is_lost_in_long_rows(length: int) -> None:
    x = (np.random.default_rng(0).standard_normal((2, length)) + 3).astype(np.float32)
    along = {"axis": (1,), "eps": 1e-5, "centered": True}
    y = kernels.standardize(x, None, None, **along)[0]
    expected = formula(x, None, None, x, **along)[0]
    np.testing.assert_allclose(y, expected, rtol=0, atol=1.5e-6)


@pytest.mark.parametrize("size", [1e25, 1e-3])
@pytest.mark.parametrize(("shape", "axis"), [((6, 4, 5), (0, 2)), ((6, 4, 5), (1, 2))])
def test_squares_beyond_single_precision(shape: Shape, axis: Shape, size: float) -> None:
    x, _, _, y_bar = arrays(shape, None, np.float32)
    x = (x * size).astype(np.float32)
    settings: dict[str, Any] = {"axis": axis, "eps": 1e-5, "centered": True}
    with np.errstate(over="ignore"):
        found = kernel(x, None, None, y_bar, **settings)
    expected = formula(x, None, None, y_bar, **settings)
    for value, wanted in zip(found[:2], expected[:2], strict=True):
        np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())


@pytest.mark.parametrize(
    ("shape", "axis", "weight"),
    [((6, 4, 5), (0, 2), (4, 1)), ((6, 4, 5), (1, 2), (4, 5)), ((6, 5), (1,), (5,)), ((6, 4, 40), (2,), (4, 1))],
)
def test_any_order_in_memory(shape: Shape, axis: Shape, weight: Shape) -> None:
    given = arrays(shape, weight, np.float32)
    settings: dict[str, Any] = {"axis": axis, "eps": 0.1, "centered": True}
    expected = kernel(*given, **settings)
    for turned in ([np.asfortranarray(a) for a in given], [np.repeat(a, 2, axis=-1)[..., ::2] for a in given]):
        for found, wanted in zip(kernel(*turned, **settings), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("shape", [(6, 4, 5, 5), (3, 8, 70), (40, 32, 32, 32)])
def test_images_whose_channels_lie_next_to_each_other_keep_their_order(shape: Shape) -> None:
    channel = (shape[1], *(1,) * (len(shape) - 2))
    x, weight, bias, y_bar = arrays(shape, channel, np.float32)
    settings: dict[str, Any] = {"axis": (0, *range(2, len(shape))), "eps": 0.1, "centered": True}
    expected = formula(x, weight, bias, y_bar, **settings)
    images = channels_last(x)
    for signal in (y_bar, channels_last(y_bar)):
        found = kernel(images, weight, bias, signal, **settings)
        assert all(map(is_channels_last, found[:2]))
        for value, wanted in zip(found, expected, strict=True):
            assert value.shape == wanted.shape
            np.testing.assert_allclose(value, wanted, rtol=2e-5, atol=2e-5 * max(1, abs(wanted).max()))
    _, mean, variance = kernels.standardize(images, weight, bias, **settings)
    assert mean.shape == variance.shape == (1, *channel)
    y = kernels.affine(images, mean, weight, bias)
    assert is_channels_last(y)
    np.testing.assert_allclose(y, kernels.affine(x, mean, weight, bias), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("shape", "axis", "weight"), ROWS)
def test_rows_without_onednn(shape: Shape, axis: Shape, weight: Shape | None, monkeypatch: pytest.MonkeyPatch) -> None:
    given, settings = arrays(shape, weight, np.float32), {"axis": axis, "eps": 0.1, "centered": True}
    expected = kernel(*given, **settings)
    for module in (rows.onednn, fused.onednn):
        monkeypatch.setattr(module, "can_take", lambda *_: False)
    for found, wanted in zip(kernel(*given, **settings), expected, strict=True):
        if wanted is not None:
            np.testing.assert_allclose(found, wanted, rtol=2e-5, atol=2e-5 * max(1, abs(wanted).max()))


@pytest.mark.parametrize("size", [1.0, 1e-18, 1e15, 1e25])
def test_rows_that_are_not_centered(size: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """oneDNN's layer normalization takes their mean squares, unless these leave single precision."""
    seen, compiled = [], rows.onednn.standardize
    monkeypatch.setattr(rows.onednn, "standardize", lambda *a, **given: (seen.append(given), compiled(*a, **given)))
    x, weight, bias, y_bar = arrays((700, 130), (130,), np.float32)
    settings: dict[str, Any] = {"axis": (1,), "eps": 1e-5, "centered": False}
    x = (x * size).astype(np.float32)
    with np.errstate(over="ignore"):
        found = kernel(x, weight, bias, y_bar, **settings)
    assert seen == [{"given": True}] * rows.onednn.can_take(x)
    for value, wanted in zip(found, formula(x, weight, bias, y_bar, **settings), strict=True):
        np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())


@pytest.mark.parametrize("mean", [0.0, 30.0])
@pytest.mark.parametrize(("shape", "axis", "weight"), CHANNELS)
def test_channels_without_onednn(
    shape: Shape, axis: Shape, weight: Shape | None, mean: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bits: oneDNN adds and multiplies as NumPy does."""
    given, settings = arrays(shape, weight, np.float32), {"axis": axis, "eps": 0.1, "centered": True}
    given[0] += np.float32(mean)
    monkeypatch.setattr(channels, "_SUMMED", 0)
    expected = kernel(*given, **settings)
    monkeypatch.setattr(fused.onednn, "can_take", lambda *_: False)
    for found, wanted in zip(kernel(*given, **settings), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize(
    ("module", "shape", "axis", "weight", "tolerance"),
    [
        (channels, (8, 6, 40, 41), (0, 2, 3), (6, 1, 1), 1e-5),  # γ̄ and β̄ are sums of the pieces' sums
        (channels, (700, 30), (0,), (30,), 1e-5),
        (blocks, (90, 900), (1,), (900,), 1e-5),
        (blocks, (9, 2, 4, 50), (2, 3), (2, 4, 1), 1e-5),
    ],
)
def test_one_thread_and_several_agree(
    module: Any, shape: Shape, axis: Shape, weight: Shape, tolerance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    dtype = np.float64 if module is blocks else np.float32  # oneDNN would compute rows of float32 with its own threads
    given, settings = arrays(shape, weight, dtype), {"axis": axis, "eps": 0.1, "centered": True}
    modules = (blocks,) if module is blocks else (channels, channel_sums)
    for each in modules:
        monkeypatch.setattr(each, "LARGE", 0)  # several threads, if BLAS is allowed them
    several = kernel(*given, **settings)
    for each in modules:
        monkeypatch.setattr(each, "LARGE", 1 << 60)
    for found, wanted in zip(kernel(*given, **settings), several, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize(("shape", "axis", "weight"), ROWS)
def test_rows_in_many_blocks(
    shape: Shape, axis: Shape, weight: Shape | None, centered: bool, dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each block has its own samples, and γ̄ and β̄ are sums over all of them; the last block is shorter."""
    monkeypatch.setattr(rows.onednn, "can_take", lambda *_: False)
    given, settings = arrays(shape, weight, dtype), {"axis": axis, "eps": 0.1, "centered": centered}
    given[0][: len(given[0]) // 2] += dtype(3)  # these means are subtracted first, if the block is one of them
    expected = formula(*given, **settings)
    monkeypatch.setattr(blocks, "_BLOCK", 2 * given[0].size // len(given[0]))
    close = {np.float32: 2e-5, np.float64: 1e-12}[dtype]
    for found, wanted in zip(kernel(*given, **settings), expected, strict=True):
        if wanted is not None:
            np.testing.assert_allclose(found, wanted, rtol=close, atol=close * max(1, abs(wanted).max()))


def test_first_samples_that_lie_far_from_the_others() -> None:
    """Differences are taken from their mean at first, and then from the mean of all."""
    x, _, _, y_bar = arrays((300, 2, 3), None, np.float32)
    x[0] += 3e4
    settings: dict[str, Any] = {"axis": (0, 2), "eps": 1e-5, "centered": True}
    found, expected = kernel(x, None, None, y_bar, **settings), formula(x, None, None, y_bar, **settings)
    for value, wanted in zip(found[:2], expected[:2], strict=True):
        np.testing.assert_allclose(value, wanted, atol=2e-6 * abs(wanted).max())
    x[:64], x[64:] = 1e6, 1e6 + 8 * x[64:]
    y, expected = kernel(x, None, None, y_bar, **settings)[0], formula(x, None, None, y_bar, **settings)[0]
    np.testing.assert_allclose(y, expected, atol=2e-6 * abs(expected).max())
