"""Pooling in a player: windows, winners and sums, frame by frame, against NumPy's slices."""

from itertools import product

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.player.scenes import Frames, scenes_of

SHAPES = {1: (2, 3, 7), 2: (2, 2, 5, 4), 3: (1, 2, 3, 4, 4)}
KERNELS = {1: (3,), 2: (3, 2), 3: (2, 2, 2)}
STRIDES = {1: (2,), 2: (2, 1), 3: (1, 2, 2)}
AXES = pytest.mark.parametrize("axes", [1, 2, 3])


def numbers(axes):
    """With ties and negative numbers, so that a first winner among equals and one of a window below 0 occur."""
    return np.random.default_rng(1).integers(-4, 3, SHAPES[axes]).astype(float)


def pool(kind, axes, x, **params):
    x = mg.Tensor(x, requires_grad=True, name="x")
    y = getattr(mg, f"{kind}_pool{axes}d")(x, **params).named("y")
    t = np.random.default_rng(2).normal(size=y.shape).round(1)
    data, scenes = scenes_of(mg.sum(y * t).named("L"))
    return t, y.data, data, scenes


def windows(axes, x, padding=0, around=0.0):
    """Each window with its place in the result: as a slice, and in the padded input."""
    padded = np.pad(x, ((0, 0), (0, 0), *((padding, padding),) * axes), constant_values=around)
    sizes = [(n - k) // s + 1 for n, k, s in zip(padded.shape[2:], KERNELS[axes], STRIDES[axes], strict=True)]
    for place in np.ndindex(*x.shape[:2], *sizes):
        cut = zip(place[2:], STRIDES[axes], KERNELS[axes], strict=True)
        index = (*place[:2], *(slice(p * s, p * s + k) for p, s, k in cut))
        yield place, index, padded[index]


def positions(data, scene, shape):
    """All positions of all choices, by the place in the result of the pooling."""
    choices = [range(shape[0]), range(shape[1] if len(shape) > 3 else 1), range(shape[2] if len(shape) > 4 else 1)]
    for n, c, depth in product(*choices):
        frames = Frames(data, scene, example=n, channel=c, depth=depth)
        for terms in frames:
            yield frames, terms


@AXES
def test_a_maximum_sees_its_window(axes):
    x = numbers(axes)
    _, y, data, scenes = pool("max", axes, x, kernel_size=KERNELS[axes], stride=STRIDES[axes], padding=1)
    expected = {place: window for place, _, window in windows(axes, x, 1, np.nan)}
    seen = set()
    for frames, terms in positions(data, scenes["y"], y.shape):
        place, a = terms[0]["out"], frames.cells["a"]
        window = [frames.number("a", term) if a.inside(term["a"]) else np.nan for term in terms]
        np.testing.assert_array_equal(window, expected[place].ravel())
        assert frames.number("out", terms[0]) == np.nanmax(expected[place]) == y[place]
        seen.add(place)
    assert seen == set(expected)


@AXES
def test_the_error_signal_goes_to_the_first_winner(axes):
    x = numbers(axes)
    t, y, data, scenes = pool("max", axes, x, kernel_size=KERNELS[axes], stride=STRIDES[axes])
    total = np.zeros_like(x)
    for frames, terms in positions(data, scenes["x̄"], y.shape):
        place = terms[0]["a"]
        winner = terms[int(frames.number("switches", terms[0]))]
        window = [frames.number("look", term) for term in terms]
        assert terms.index(winner) == window.index(max(window))  # the first
        assert [term["look"] for term in terms] == [term["out"] for term in terms]
        assert frames.number("a", winner) == t[place]
        total[winner["out"]] += t[place]
    expected = np.zeros_like(x)
    for place, index, window in windows(axes, x):
        expected[index][np.unravel_index(np.argmax(window), window.shape)] += t[place]
    np.testing.assert_allclose(total, expected, rtol=1e-12, atol=1e-12)
    cells = Frames(data, scenes["x̄"]).cells["out"]
    for place in np.ndindex(x.shape):
        assert cells[place] == pytest.approx(expected[place], rel=1e-12, abs=1e-12)


@AXES
def test_an_average_adds_its_window_and_divides(axes):
    x = numbers(axes)
    t, y, data, scenes = pool("avg", axes, x, kernel_size=KERNELS[axes], stride=STRIDES[axes], padding=1)
    expected = {place: window for place, _, window in windows(axes, x, 1)}
    assert scenes["y"]["divisor"] == np.prod(KERNELS[axes])
    for frames, terms in positions(data, scenes["y"], y.shape):
        assert [frames.number("a", term) for term in terms] == expected[terms[0]["out"]].ravel().tolist()
        assert frames.number("out", terms[0]) == pytest.approx(np.mean(expected[terms[0]["out"]]), rel=1e-12, abs=1e-12)
    offset = np.array([0, 0] + [1] * axes)  # of the padding
    total = np.zeros(tuple(np.array(x.shape) + offset * 2))
    for frames, terms in positions(data, scenes["x̄"], y.shape):
        for term in terms:
            place = tuple(np.array(term["out"]) + offset)
            total[place] += frames.number("a", term)
    laid = np.zeros_like(total)
    for place, index, _ in windows(axes, x, 1):
        laid[index] += t[place] / np.prod(KERNELS[axes])
    np.testing.assert_allclose(total, laid, rtol=1e-12, atol=1e-12)


@AXES
def test_a_length_is_the_root_of_the_sum_of_squares(axes):
    x = numbers(axes) + 0.5
    _, y, data, scenes = pool("lp", axes, x, norm_type=2, kernel_size=KERNELS[axes], stride=STRIDES[axes])
    expected = {place: window for place, _, window in windows(axes, x)}
    assert scenes["y"]["kind"] == "norm"
    for frames, terms in positions(data, scenes["y"], y.shape):
        window = [frames.number("a", term) for term in terms]
        assert window == expected[terms[0]["out"]].ravel().tolist()
        assert frames.number("out", terms[0]) == pytest.approx(np.linalg.norm(window), rel=1e-12)
