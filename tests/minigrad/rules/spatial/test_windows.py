"""Settings of windows, tested through convolution: forms of padding, the lectures' sizes, what does not fit."""

from __future__ import annotations

import itertools
import re
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.rules.spatial.windows import missing_axes
from tests.helpers.spatial import naive
from tests.helpers.spatial.conv_cases import CONV_CASES, MODES, ConvCase, conv

AXES = (1, 2, 3)


def ones(*shape: int) -> Any:
    return np.ones(shape)


# ---------------------------------------------------------------- padding


@given(
    axes=st.sampled_from(AXES),
    kernel=st.tuples(*[st.integers(1, 5)] * 3),
    dilation=st.tuples(*[st.integers(1, 2)] * 3),
    stride=st.tuples(*[st.integers(1, 3)] * 3),
    size=st.tuples(*[st.integers(1, 7)] * 3),
)
def test_same_gives_as_many_positions_as_the_lecture_says(
    axes: int, kernel: Any, dilation: Any, stride: Any, size: Any
) -> None:
    """⌈N / S⌉; an odd F pads (F − 1)/2 on both sides, an even one F/2 − 1 before and F/2 after."""
    kernel, dilation, stride, size = kernel[:axes], dilation[:axes], stride[:axes], size[:axes]
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 1, *size)), rng.normal(size=(1, 1, *kernel))
    z = conv(x, w, stride=stride, padding="same", dilation=dilation)
    assert z.shape[2:] == tuple(-(-n // s) for n, s in zip(size, stride, strict=True))
    spans = [d * (f - 1) + 1 for f, d in zip(kernel, dilation, strict=True)]
    pad_width = tuple(((f - 1) // 2, (f - 1) // 2) if f % 2 else (f // 2 - 1, f // 2) for f in spans)
    expected = naive.conv(x, w, stride=stride, padding=pad_width, dilation=dilation)
    np.testing.assert_allclose(z, expected, rtol=1e-10, atol=1e-12)


def test_valid_pads_nothing() -> None:
    for axes in AXES:
        x, w = ones(1, 1, *[5] * axes), ones(1, 1, *[2] * axes)
        np.testing.assert_array_equal(conv(x, w, padding="valid"), conv(x, w))


@given(CONV_CASES, st.sampled_from(list(MODES)))
def test_padding_modes_are_those_of_np_pad(case: ConvCase, padding_mode: Any) -> None:
    x, w, b = case.arrays()
    rest = {"stride": case.params["stride"], "dilation": case.params["dilation"], "groups": case.params["groups"]}
    padded = np.pad(x, ((0, 0), (0, 0), *case.params["padding"]), MODES[padding_mode])
    expected = naive.conv(padded, w, b, padding=((0, 0),) * case.axes, **rest)
    z = conv(x, w, b, padding_mode=padding_mode, **case.params)
    np.testing.assert_allclose(z, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("padding", "pad_width"),
    [
        (1, ((1, 1), (1, 1))),
        (np.int64(1), ((1, 1), (1, 1))),
        ((2, 0), ((2, 2), (0, 0))),
        ([2, 0], ((2, 2), (0, 0))),
        (((1, 0), (0, 2)), ((1, 0), (0, 2))),
        ((1, (0, 2)), ((1, 1), (0, 2))),
        ([[1, 0], 2], ((1, 0), (2, 2))),
    ],
)
def test_forms_of_padding(padding: Any, pad_width: Any) -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 2, 4, 5)), rng.normal(size=(2, 2, 3, 2))
    expected = naive.conv(x, w, stride=(1, 1), padding=pad_width, dilation=(1, 1))
    np.testing.assert_allclose(mg.conv2d(x, w, padding=padding), expected, rtol=1e-12)


def test_whole_numbers_of_any_kind_are_strides_and_dilations() -> None:
    x, w = ones(1, 1, 6, 6), ones(1, 1, 2, 2)
    for number in (2, np.int64(2), (2, 2), [2, 2], (np.int8(2), 2)):
        assert mg.conv2d(x, w, stride=number).shape == (1, 1, 3, 3)
        assert mg.conv2d(x, w, dilation=number).shape == (1, 1, 4, 4)
        assert mg.conv_transpose2d(x, w, stride=number).shape == (1, 1, 12, 12)
    assert mg.conv1d(ones(1, 2, 3), ones(2, 1, 2), groups=np.int64(2)).shape == (1, 2, 2)


def test_arguments_come_in_pytorchs_order() -> None:
    x, w, b = ones(1, 2, 7), ones(2, 1, 3), ones(2)
    by_name = mg.conv1d(x, w, bias=b, stride=2, padding=1, dilation=3, groups=2)
    np.testing.assert_array_equal(mg.conv1d(x, w, b, 2, 1, 3, 2), by_name)
    by_name = mg.conv_transpose1d(x, w, bias=b, stride=2, padding=1, output_padding=1, groups=2, dilation=3)
    np.testing.assert_array_equal(mg.conv_transpose1d(x, w, b, 2, 1, 1, 2, 3), by_name)


# ---------------------------------------------------------------- the lectures


@pytest.mark.parametrize(
    ("size", "kernel", "params", "out"),
    [
        ((1, 3, 32, 32), (6, 3, 5, 5), {}, (1, 6, 28, 28)),
        ((1, 3, 32, 32), (10, 3, 5, 5), {"padding": 2}, (1, 10, 32, 32)),
        ((1, 1, 7, 7), (1, 1, 3, 3), {"stride": 1}, (1, 1, 5, 5)),
        ((1, 1, 7, 7), (1, 1, 3, 3), {"stride": 2}, (1, 1, 3, 3)),
        ((1, 1, 7, 7), (1, 1, 3, 3), {"stride": 3, "padding": 1}, (1, 1, 3, 3)),  # N = 9 after padding
        ((1, 1, 4, 4), (1, 1, 3, 3), {}, (1, 1, 2, 2)),
        ((1, 1, 5, 5), (1, 1, 3, 3), {"padding": 1}, (1, 1, 5, 5)),
        ((1, 1, 5), (1, 1, 3), {"stride": 1, "padding": 0}, (1, 1, 3)),  # I = 5, F = 3
        ((1, 1, 5), (1, 1, 3), {"stride": 1, "padding": 1}, (1, 1, 5)),
        ((1, 1, 5), (1, 1, 3), {"stride": 2, "padding": 1}, (1, 1, 3)),
        ((1, 3, 227, 227), (96, 3, 11, 11), {"stride": 4}, (1, 96, 55, 55)),  # AlexNet
    ],
)
def test_the_lectures_sizes(size: Any, kernel: Any, params: Any, out: Any) -> None:
    assert conv(ones(*size), ones(*kernel), strict=True, **params).shape == out


@pytest.mark.parametrize(
    ("size", "kernel", "params", "message"),
    [
        (7, 3, {"stride": 3},
         r"^conv1d: filter of 3 elements does not fit evenly into 7 elements with padding 0 and stride 3: "
         r"\(N − F \+ 2P\) / S \+ 1 = \(7 − 3 \+ 2·0\) / 3 \+ 1 = 2\.333 is not a whole number; "
         r"with stride 3 a padding of 1 fits, without padding a stride of 1, 2 or 4; "
         r"or leave out strict=True, which leaves 1 of the padded elements at the end unseen$"),
        (10, 3, {"stride": 2},
         r"\(10 − 3 \+ 2·0\) / 2 \+ 1 = 4\.5 is not a whole number; with stride 2 a padding of 0 before and 1 after "
         r"fits, without padding a stride of 1 or 7"),
        (7, 3, {"stride": 2, "padding": ((0, 1),)}, r"with stride 2 a padding of 0, 1 or 2 fits, without padding"),
        (3, 6, {"stride": 2, "padding": 2},
         r"\(3 − 6 \+ 2·2\) / 2 \+ 1 = 1\.5 .*with stride 2 a padding of 0 before and 3 after fits; or leave"),
        (8, 3, {"stride": 2, "dilation": 2, "padding": ((0, 2),)},
         r"filter of 3 elements \(dilation 2: F = 2·\(3 − 1\) \+ 1 = 5\) does not fit evenly into 8 elements with "
         r"padding 0 before and 2 after and stride 2: \(N − F \+ P\) / S \+ 1 = \(8 − 5 \+ 2\) / 2 \+ 1 = 3\.5"),
        (10, 3, {"stride": 2, "padding": "same"}, r"\(10 − 3 \+ 2·1\) / 2 \+ 1 = 5\.5"),
    ],
)  # fmt: skip
def test_strict_refuses_a_filter_that_does_not_end_where_the_image_ends(
    size: int, kernel: int, params: Any, message: str
) -> None:
    x, w = ones(1, 1, size), ones(1, 1, kernel)
    conv(x, w, **params)
    with pytest.raises(ValueError, match=message):
        conv(x, w, strict=True, **params)


def fits(n: int, f: int, stride: int, padding: Any = 0) -> bool:
    try:
        mg.conv1d(ones(1, 1, n), ones(1, 1, f), stride=stride, padding=padding, strict=True)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("stride", [2, 3, 5])
def test_strict_names_everything_that_would_fit(stride: int) -> None:
    for n, f, after in ((n, f, after) for n in range(1, 9) for f in range(1, 13) for after in range(12)):
        if n + after < f or fits(n, f, stride, ((0, after),)):
            continue
        with pytest.raises(ValueError, match="not a whole number") as error:
            mg.conv1d(ones(1, 1, n), ones(1, 1, f), stride=stride, padding=((0, after),), strict=True)
        paddings, _, strides = str(error.value).partition(" a padding of ")[2].partition("; or")[0].partition(" fits")
        symmetric = [p for p in range(f) if fits(n, f, stride, p)]
        if symmetric:
            assert numbers(paddings) == symmetric
        else:
            zero, missing = numbers(paddings)
            assert zero == 0
            assert [p for p in range(missing + 1) if fits(n, f, stride, ((0, p),))] == [missing]
        assert numbers(strides) == [s for s in range(1, n) if fits(n, f, s)] * (n > f)


# ---------------------------------------------------------------- pooling

POOLS = {
    f"{kind}_pool{axes}d": partial(getattr(mg, f"{kind}_pool{axes}d"), **({"norm_type": 2} if kind == "lp" else {}))
    for kind in ("max", "avg", "lp")
    for axes in (1, 2, 3)
}
every_pool = pytest.mark.parametrize("name", POOLS)


@every_pool
def test_strict_pooling_refuses_what_does_not_fit_with_the_arithmetic(name: str) -> None:
    axes = int(name[-2])
    pool, x = POOLS[name], ones(1, 2, *(7,) * axes)
    counted = {1: "elements", 2: "rows", 3: "planes"}[axes]
    assert pool(x, kernel_size=2).shape == (1, 2, *(3,) * axes)
    with pytest.raises(ValueError, match="not a whole number") as error:
        pool(x, kernel_size=2, strict=True)
    assert str(error.value) == (
        f"{name}: window of 2 {counted} does not fit evenly into 7 {counted} with padding 0 and stride 2: "
        "(N − F + 2P) / S + 1 = (7 − 2 + 2·0) / 2 + 1 = 3.5 is not a whole number; with stride 2 a padding of 0 before "
        "and 1 after fits, without padding a stride of 1 or 5; or leave out strict=True, which leaves 1 of the padded "
        f"{counted} at the end unseen"
    )
    with pytest.raises(ValueError, match=rf"^{name}: strict=True .* ceil_mode=True .* leave out one of them$"):
        pool(x, kernel_size=2, ceil_mode=True, strict=True)


@every_pool
def test_strict_pooling_is_pooling_where_windows_fit(name: str) -> None:
    axes = int(name[-2])
    x = np.random.default_rng(0).normal(size=(2, 3, *(7,) * axes))
    for settings in ({"kernel_size": 3, "stride": 2}, {"kernel_size": 3, "stride": 4}, {"kernel_size": 7}):
        np.testing.assert_array_equal(POOLS[name](x, **settings, strict=True), POOLS[name](x, **settings))


def pool_fits(n: int, f: int, stride: int, padding: Any = 0) -> bool:
    try:
        mg.max_pool1d(ones(1, 1, n), f, stride, padding, strict=True)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("stride", [2, 3, 5])
def test_strict_pooling_advises_no_padding_that_it_refuses(stride: int) -> None:
    for n, f, after in itertools.product(range(1, 9), range(1, 11), range(6)):
        if after > f // 2 or n + after < f or pool_fits(n, f, stride, ((0, after),)):
            continue
        with pytest.raises(ValueError, match=r"not a whole number; (with|without) .* fits.*; or leave out") as error:
            mg.max_pool1d(ones(1, 1, n), f, stride, ((0, after),), strict=True)
        advice = str(error.value).partition("whole number; ")[2].partition("; or")[0]
        paddings, _, strides = advice.partition("without padding a stride of ")
        symmetric = [p for p in range(f) if pool_fits(n, f, stride, p)]
        said = numbers(paddings.partition(" a padding of ")[2])
        if symmetric:
            assert said == symmetric
        elif said:
            assert pool_fits(n, f, stride, (tuple(said),))
        assert numbers(strides) == [s for s in range(1, n) if pool_fits(n, f, s)] * (n > f)


@pytest.mark.parametrize(
    ("stride", "before", "after"),
    [(4, 0, 3), (6, 2, 3)],  # all of it after the image while that is at most half the window, else shared
)
def test_strict_pooling_advises_uneven_padding_up_to_half_the_window(stride: int, before: int, after: int) -> None:
    with pytest.raises(ValueError, match=f"; with stride {stride} a padding of {before} before and {after} after fits"):
        mg.max_pool1d(ones(1, 1, 7), 6, stride, strict=True)
    assert pool_fits(7, 6, stride, ((before, after),))


def numbers(text: str) -> list[int]:
    return list(map(int, re.findall(r"\d+", text)))


def test_axes_that_are_missing() -> None:
    batch, channel = (
        "a single image needs a batch axis: x[None]",
        "images of one channel need a channel axis: x[:, None]",
    )
    assert missing_axes((1, 28, 28), 2) == missing_axes((3, 28, 28), 2, channels=3) == f"; {batch}"
    assert missing_axes((2, 28, 28), 2) == f"; {batch}; {channel}"
    assert missing_axes((2, 28, 28), 2, channels=1) == f"; {channel}"
