"""Convolution in a player: every frame, cell by cell, against NumPy's slices of the padded input."""

from itertools import product

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.player.scenes import Frames, scenes_of

# shape of x, of w, and how
CASES = {
    "1d": ((2, 2, 7), (3, 2, 3), {"stride": 2, "padding": (1,)}),
    "1d_groups": ((1, 4, 6), (4, 2, 2), {"groups": 2, "dilation": 2}),
    "2d": ((1, 1, 4, 5), (1, 1, 3, 2), {"padding": 1}),
    "2d_batch": ((2, 3, 4, 4), (2, 3, 2, 2), {"stride": (2, 1)}),
    "2d_dilated": ((1, 2, 6, 7), (2, 2, 2, 3), {"dilation": (3, 2), "padding": ((0, 2), (1, 0))}),
    "2d_depthwise": ((1, 3, 4, 4), (6, 1, 3, 3), {"groups": 3, "padding": 1}),
    "3d": ((1, 2, 3, 4, 4), (2, 2, 2, 2, 3), {"padding": 1, "stride": (1, 2, 1)}),
}


class Case:
    """A convolution, its page, and the same in NumPy: a slice of the padded input under the filter at a position."""

    def __init__(self, name):
        x_shape, w_shape, self.params = CASES[name]
        rng = np.random.default_rng(0)
        self.x, self.w = rng.integers(-4, 5, x_shape).astype(float), rng.integers(-3, 4, w_shape).astype(float)
        self.b = rng.normal(size=w_shape[0]).round(1)
        x, w, b = (
            mg.Tensor(v, requires_grad=True, name=n)
            for v, n in ((self.x, "x"), (self.w, "w"), (self.b, "b"))
        )  # fmt: skip
        conv = {3: mg.conv1d, 4: mg.conv2d, 5: mg.conv3d}[self.x.ndim]
        z = conv(x, w, b, **self.params).named("z")
        self.t = rng.integers(-1, 2, z.shape)  # a third of the error signals are 0
        self.data, self.scenes = scenes_of(mg.sum(z * self.t).named("L"))
        self.gathered = self.data["gathered"].get("x̄")
        axes = self.x.ndim - 2
        per_axis = [np.broadcast_to(self.params.get(key, 1), axes) for key in ("stride", "dilation")]
        self.stride, self.dilation = per_axis
        padding = np.array(self.params.get("padding", 0))
        self.padding = np.broadcast_to(padding[:, None] if padding.ndim == 1 else padding, (axes, 2))
        self.filters = len(self.w) // self.params.get("groups", 1)

    def padded(self, x):
        return np.pad(x, ((0, 0), (0, 0), *self.padding))

    def window(self, n, o, place):
        """The channels that filter `o` sees, and the elements under it at a position."""
        channels = self.w.shape[1]
        first = o // self.filters * channels
        return (
            n,
            slice(first, first + channels),
            *(
                slice(p * s, p * s + d * (k - 1) + 1, d)
                for p, s, d, k in zip(place, self.stride, self.dilation, self.w.shape[2:], strict=True)
            ),
        )

    def names(self, choose):
        """The chosen indices of the result, and the rest of its shape."""
        return choose if self.x.ndim > 3 else choose[:1]


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return Case(request.param)


def test_forward(case):
    """Each position: the window, the filter, and the sum of their products with the bias."""
    z, scene = case.t.shape, case.scenes["z"]
    seen = 0
    depths = z[2:-2] or (1,)
    for n, o, depth in product(range(z[0]), range(z[1] if case.x.ndim > 3 else 1), range(depths[0])):
        for terms in (frames := Frames(case.data, scene, example=n, filter=o, depth=depth)):
            (out,) = {term["out"] for term in terms}
            window = case.padded(case.x)[case.window(out[0], out[1], out[2:])]
            assert [frames.number("a", term) for term in terms] == window.ravel().tolist()
            assert [frames.number("b", term) for term in terms] == case.w[out[1]].ravel().tolist()
            assert frames.number("start", terms[0]) == case.b[out[1]]
            np.testing.assert_allclose(
                frames.number("out", terms[0]), np.sum(window * case.w[out[1]]) + case.b[out[1]], rtol=1e-12
            )
            assert out[0] == n
            seen += 1
    assert seen == np.prod(z)


def test_the_error_signal_laid_back_on_the_input(case):
    """After each position the sums are those of NumPy, those in the padding too; at last they are the engine's."""
    padded = case.padded(np.zeros_like(case.x))
    before, offset = np.zeros_like(padded), np.array([0, 0, *case.padding[:, 0]])
    scene, seen = case.scenes["x̄"], {}
    sizes = dict.fromkeys(("example", "channel", "depth"), 1)
    sizes |= {"example": case.x.shape[0]} | ({"channel": case.x.shape[1]} if case.x.ndim > 3 else {})
    sizes |= {"depth": case.x.shape[2]} if case.x.ndim == 5 else {}
    for chosen in product(*map(range, sizes.values())):
        for terms in (frames := Frames(case.data, scene, **dict(zip(sizes, chosen, strict=True)))):
            (source,) = {term["a"] for term in terms}
            assert frames.number("a", terms[0]) == case.t[source] != 0
            for term in terms:
                place = tuple(np.array(term["out"]) + offset)
                before[place] += frames.number("a", term) * frames.number("b", term)
            expected = np.zeros_like(padded)
            expected[case.window(source[0], source[1], source[2:])] += case.t[source] * case.w[source[1]]
            for term in terms:
                place = tuple(np.array(term["out"]) + offset)
                assert frames.number("a", term) * frames.number("b", term) == expected[place]
            seen.setdefault(source, []).extend(term["b"] for term in terms)
    inside = tuple(slice(b, b + n) for (b, _), n in zip(((0, 0), (0, 0), *case.padding), case.x.shape, strict=True))
    total = np.zeros_like(padded)
    for n, o, *place in np.ndindex(case.t.shape):
        total[case.window(n, o, place)] += case.t[(n, o, *place)] * case.w[o]
    np.testing.assert_allclose(before[inside], total[inside], rtol=1e-12, atol=1e-12)
    frames = Frames(case.data, scene)
    for place in np.ndindex(case.x.shape):
        np.testing.assert_allclose(frames.cells["out"][place], total[inside][place], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["2d", "2d_depthwise", "2d_dilated"])
def test_an_element_of_the_input_gathers_what_it_gets(name):
    """The picture of a convolution: the padded error signals under the turned filter, and their sum."""
    case = Case(name)
    scene = case.gathered
    span = [d * (k - 1) for d, k in zip(case.dilation, case.w.shape[2:], strict=True)]
    around = [(s - before, s - after) for s, (before, after) in zip(span, case.padding, strict=True)]
    z_bar = np.pad(case.t, ((0, 0), (0, 0), *(np.maximum(0, sides) for sides in around)))
    start = [max(0, -sides[0]) for sides in around]
    channels, seen = case.w.shape[1], 0
    for c in range(case.x.shape[1]):
        group = slice(c // channels * case.filters, (c // channels + 1) * case.filters)
        turned = case.w[group, c % channels, ::-1, ::-1]
        for terms in (frames := Frames(case.data, scene, channel=c)):
            i, j = terms[0]["out"][2:]
            assert terms[0]["out"][:2] == (0, c)
            rows = slice(i + start[0], i + start[0] + span[0] + 1, case.dilation[0])
            columns = slice(j + start[1], j + start[1] + span[1] + 1, case.dilation[1])
            assert [frames.number("a", term) for term in terms] == z_bar[0, group, rows, columns].ravel().tolist()
            assert [frames.number("b", term) for term in terms] == turned.ravel().tolist()
            gathered = np.sum(z_bar[0, group, rows, columns] * turned)
            np.testing.assert_allclose(frames.number("out", terms[0]), gathered, rtol=1e-12, atol=1e-12)
            seen += 1
    assert seen == case.x.size


def test_the_error_signal_of_the_filter(case):
    """Each position adds its error signal times the window, and in the end all of them make w̄."""
    scene, total = case.scenes["w̄"], np.zeros_like(case.w)
    sizes = {"filter": case.w.shape[0]} | ({"channel": case.w.shape[1]} if case.x.ndim > 3 else {})
    sizes |= {"depth": case.w.shape[2]} if case.x.ndim == 5 else {}
    for chosen in product(*map(range, sizes.values())):
        for terms in (frames := Frames(case.data, scene, **dict(zip(sizes, chosen, strict=True)))):
            (source,) = {term["a"] for term in terms}
            window = case.padded(case.x)[case.window(source[0], source[1], source[2:])]
            for term in terms:
                assert term["out"][0] == source[1]
                assert frames.number("b", term) == window[term["out"][1:]]
                total[term["out"]] += frames.number("a", term) * frames.number("b", term)
    expected = np.zeros_like(case.w)
    for n, o, *place in np.ndindex(case.t.shape):
        expected[o] += case.t[(n, o, *place)] * case.padded(case.x)[case.window(n, o, place)]
    np.testing.assert_allclose(total, expected, rtol=1e-12, atol=1e-12)
    frames = Frames(case.data, scene)
    for place in np.ndindex(case.w.shape):
        assert frames.cells["out"][place] == pytest.approx(expected[place], rel=1e-12)


def test_transposed_convolution_is_laid_on_its_result():
    x = mg.Tensor(np.arange(1.0, 5).reshape(1, 1, 2, 2), requires_grad=True, name="x")
    w = mg.Tensor(np.arange(9.0).reshape(1, 1, 3, 3), requires_grad=True, name="w")
    z = mg.conv_transpose2d(x, w, stride=2).named("z")
    data, scenes = scenes_of(mg.sum(z**2).named("L"))
    total = np.zeros((5, 5))
    for (i, j), terms in zip(np.ndindex(2, 2), frames := Frames(data, scenes["z"]), strict=True):
        block = np.zeros((5, 5))
        for term in terms:
            block[term["out"][2:]] += frames.number("a", term) * frames.number("b", term)
        expected = np.zeros((5, 5))
        expected[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] = x.data[0, 0, i, j] * w.data[0, 0]
        np.testing.assert_array_equal(block, expected)
        total += block
    np.testing.assert_array_equal(total, z.data[0, 0])
