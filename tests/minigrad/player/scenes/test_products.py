"""Products of matrices, Einstein sums and reductions in a player, position by position, against NumPy."""

from itertools import product

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.player.scenes import Frames, scenes_of

RNG = np.random.default_rng(3)


def tensor(name, *shape):
    return mg.Tensor(RNG.integers(-4, 5, shape).astype(float), requires_grad=True, name=name)


@pytest.mark.parametrize(
    ("left", "right"),
    [((2, 3), (3, 4)), ((3,), (3, 2)), ((2, 3), (3,)), ((4, 2, 3), (4, 3, 2)), ((2, 1, 2, 3), (3, 3, 2)), ((3,), (3,))],
)
def test_a_row_meets_a_column(left, right):
    a, b = tensor("A", *left), tensor("B", *right)
    data, scenes = scenes_of(mg.sum(mg.square((a @ b).named("C"))).named("L"))
    scene, expected = scenes["C"], np.asarray(a.data @ b.data)
    rows, columns = a.data, b.data
    if a.ndim == 1 < b.ndim:  # its formula is Bᵀ a
        rows, columns = b.data.T, a.data
    rows = rows if rows.ndim > 1 else rows[None]
    columns = columns if columns.ndim > 1 else columns[:, None]
    batch = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
    rows, columns = (np.broadcast_to(m, (*batch, *m.shape[-2:])) for m in (rows, columns))
    names = ["matrix"] if len(batch) == 1 else [f"axis {i}" for i in range(len(batch))]
    seen = []
    for chosen in product(*map(range, batch)):
        for terms in (frames := Frames(data, scene, **dict(zip(names, chosen, strict=True)))):
            i, j = terms[0]["out"][-2:]
            assert [frames.number("a", term) for term in terms] == rows[(*chosen, i)].tolist()
            assert [frames.number("b", term) for term in terms] == columns[chosen][:, j].tolist()
            assert frames.number("out", terms[0]) == rows[(*chosen, i)] @ columns[chosen][:, j]
            seen.append(frames.number("out", terms[0]))
    assert seen == expected.ravel().tolist()


@pytest.mark.parametrize(
    "subscripts", ["ij,jk->ik", "bij,bjk->bik", "ij,ij->i", "i,j->ij", "bij->bi", "bii->b", "abc,cd->adb"]
)
def test_einstein_sums_add_what_has_the_same_letters(subscripts):
    sizes = {"a": 2, "b": 3, "c": 2, "d": 3, "i": 2, "j": 4, "k": 2}
    letters, result = subscripts.split("->")
    arrays = [tensor(f"x_{n}", *(sizes[x] for x in word)) for n, word in enumerate(letters.split(","))]
    y = mg.einsum(subscripts, *arrays).named("y")
    data, scenes = scenes_of(mg.sum(y**2).named("L"))
    expected, seen = np.einsum(subscripts, *(x.data for x in arrays)), np.full(y.shape, np.nan)
    for chosen in product(*(range(sizes[x]) for x in result[:-2])):
        for terms in (frames := Frames(data, scenes["y"], **dict(zip(result, chosen, strict=False)))):
            place = terms[0]["out"][-len(result) :]
            seen[place] = sum(frames.number("a", term) * frames.number("b", term) for term in terms)
            assert frames.number("out", terms[0]) == expected[place]
    np.testing.assert_array_equal(seen, expected)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (1, 3), (0, 2, 3)])
@pytest.mark.parametrize("mean", [False, True])
def test_sums_add_the_axes_that_the_result_lacks(axis, mean):
    x = tensor("x", 2, 3, 2, 4)
    y = (mg.mean if mean else mg.sum)(x, axis=axis).named("y")
    data, scenes = scenes_of(mg.sum(y**2).named("L"))
    expected = np.asarray((np.mean if mean else np.sum)(x.data, axis=axis))
    scene, seen = scenes["y"], np.full(expected.shape, np.nan)
    sizes = {name: scene["sizes"][loop] for name, loop in scene["choices"]}
    for chosen in product(*map(range, sizes.values())):
        for terms in (frames := Frames(data, scene, **dict(zip(sizes, chosen, strict=True)))):
            place = terms[0]["out"][2 - min(2, expected.ndim) :] if expected.ndim < 2 else terms[0]["out"]
            seen[place] = sum(frames.number("a", term) for term in terms) / scene.get("divisor", 1)
            assert seen[place] == pytest.approx(frames.number("out", terms[0]), rel=1e-12)
    np.testing.assert_allclose(seen, expected, rtol=1e-12)


@pytest.mark.parametrize("kind", ["max", "min"])
def test_maxima_and_minima_see_the_axes_that_the_result_lacks(kind):
    x = tensor("x", 3, 2, 4)
    y = getattr(mg, kind)(x, axis=1).named("y")
    data, scenes = scenes_of(mg.sum(y**2).named("L"))
    assert scenes["y"]["kind"] == kind
    seen = []
    for terms in (frames := Frames(data, scenes["y"])):
        i, j = terms[0]["out"]
        assert [frames.number("a", term) for term in terms] == x.data[i, :, j].tolist()
        seen.append(frames.number("out", terms[0]))
    assert seen == getattr(np, kind)(x.data, axis=1).ravel().tolist()


def test_of_a_bias_that_was_broadcast_a_position_sums_a_column():
    X, W, b = tensor("X", 4, 3), tensor("W", 3, 2), tensor("b", 2)
    z = (X @ W + b).named("Z")
    data, scenes = scenes_of(mg.sum(z**2).named("L"))
    columns = list(frames := Frames(data, scenes["b̄"]))
    assert len(columns) == 2
    for j, terms in enumerate(columns):
        assert [term["a"] for term in terms] == [(n, j) for n in range(4)]
        assert [frames.number("a", term) for term in terms] == (2 * z.data[:, j]).tolist()


def test_numbers_of_all_kinds_arrive_as_they_are():
    """Fractions, negative and large numbers, NaN and infinities: in the window, and in the result."""
    image = np.array([[0.1, -1e6, 1e300], [np.nan, -0.0, 1 / 3], [np.inf, 1e-300, 2.5]])
    x = mg.Tensor(image.reshape(1, 1, 3, 3), requires_grad=True, name="x")
    w = mg.Tensor(np.array([[1.0, -0.5], [0.25, 1e-3]]).reshape(1, 1, 2, 2), requires_grad=True, name="w")
    z = mg.conv2d(x, w).named("z")
    data, scenes = scenes_of(mg.sum(z).named("L"))
    for (i, j), terms in zip(np.ndindex(2, 2), frames := Frames(data, scenes["z"]), strict=True):
        window = np.array([frames.number("a", term) for term in terms])
        assert window.tobytes() == image[i : i + 2, j : j + 2].ravel().tobytes()
        np.testing.assert_array_equal(frames.number("out", terms[0]), z.data[0, 0, i, j])
