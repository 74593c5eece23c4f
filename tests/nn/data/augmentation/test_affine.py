"""Rotation, translation, rescaling and shear, against scipy.ndimage, np.rot90 and slices."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nn.data import Compose, Flip, Noise, Rescale, Rotate, Shear, Translate
from nn.data.augmentation import resample
from nn.data.augmentation.affine import merged

ndimage = pytest.importorskip("scipy.ndimage")

SIZES = [(1, 1), (1, 6), (5, 1), (7, 7), (8, 8), (9, 12)]
SCIPY_MODES = {"constant": "grid-constant", "edge": "nearest", "reflect": "mirror"}

#: A transform with fixed numbers, and its map forwards in places (row, column) from the middle of 9 × 12 pixels.
MAPS: dict[str, tuple[Any, Any]] = {
    "rotate": (lambda **o: Rotate((30, 30), **o), ([[np.cos(np.pi / 6), -0.5], [0.5, np.cos(np.pi / 6)]], [0, 0])),
    "translate": (lambda **o: Translate((0.2, 0.2), (-0.3, -0.3), **o), (np.eye(2), [0.2 * 9, -0.3 * 12])),
    "enlarge": (lambda **o: Rescale((1.7, 1.7), **o), (np.eye(2) * 1.7, [0, 0])),
    "reduce": (lambda **o: Rescale((0.4, 0.4), **o), (np.eye(2) * 0.4, [0, 0])),
    "shear": (lambda **o: Shear((25, 25), **o), ([[1, 0], [-np.tan(np.deg2rad(25)), 1]], [0, 0])),
}


def images(*shape: int, dtype: Any = np.float32) -> Any:
    return np.random.default_rng(0).random(shape).astype(dtype)


def seen_through(x: Any, forward: Any, mode: str, fill: float = 0.0) -> Any:
    """Images after a map forwards, by scipy.ndimage."""
    matrix, shift = np.linalg.inv(forward[0]), np.asarray(forward[1], dtype=float)
    middle = (np.array(x.shape[2:]) - 1) / 2
    offset = middle - matrix @ (middle + shift)
    planes = [
        ndimage.affine_transform(plane, matrix, offset, order=1, mode=SCIPY_MODES[mode], cval=fill)
        for plane in x.reshape(-1, *x.shape[2:]).astype(np.float64)
    ]
    return np.array(planes).reshape(x.shape)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("mode", SCIPY_MODES)
@pytest.mark.parametrize("name", MAPS)
def test_it_is_what_scipy_computes(name: str, mode: str, dtype: Any) -> None:
    transform, forward = MAPS[name]
    x = images(3, 2, 9, 12, dtype=dtype)
    fill = 0.7 if mode == "constant" else 0.0
    y = transform(mode=mode, fill=fill)(x, rng=0)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, seen_through(x, forward, mode, fill), atol=1e-5 if dtype == np.float32 else 1e-12)


@pytest.mark.parametrize("mode", SCIPY_MODES)
def test_several_are_one_map(mode: str) -> None:
    """Also where an intermediate result would have lost what leaves the image."""
    forward = [np.eye(2), np.zeros(2)]
    for name in ("translate", "rotate", "reduce", "shear", "translate"):
        matrix, shift = MAPS[name][1]
        forward = [matrix @ forward[0], matrix @ forward[1] + np.asarray(shift)]
    x = images(2, 1, 9, 12, dtype=np.float64)
    steps = [MAPS[name][0](mode=mode) for name in ("translate", "rotate", "reduce", "shear", "translate")]
    y = Compose(steps)(x, rng=0)
    np.testing.assert_allclose(y, seen_through(x, forward, mode), atol=1e-12)
    np.testing.assert_array_equal(Compose([Compose(steps[:2]), *steps[2:]])(x, rng=0), y)


def test_those_that_treat_the_border_differently_are_resampled_one_by_one() -> None:
    x = images(2, 1, 8, 8)
    shift, back = Translate((0.5, 0.5), 0, mode="edge"), Translate((-0.5, -0.5), 0)
    np.testing.assert_array_equal(Compose([shift, back])(x, rng=0), back(shift(x, rng=0), rng=0))
    kept = Compose([Translate((0.5, 0.5), 0), back])(x, rng=0)
    np.testing.assert_array_equal(kept, x)  # one map, which is the identity: nothing has left the image meanwhile


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", SCIPY_MODES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.uint8])
def test_without_a_change_no_bit_changes(size: Any, mode: str, dtype: Any) -> None:
    x = (images(3, 2, *size) * 255).astype(dtype)
    if dtype != np.uint8:
        x -= 100
    for transform in (Rotate, Translate, Rescale, Shear):
        y = transform(0, mode=mode)(x, rng=0)
        assert y.dtype == dtype
        np.testing.assert_array_equal(y, x)
        assert not np.shares_memory(x, y)


@pytest.mark.parametrize("quarters", [-1, 1, 2, 3])
@pytest.mark.parametrize("size", [1, 2, 7, 28])
def test_rotation_by_90_degrees_is_that_of_numpy(quarters: int, size: int) -> None:
    x = images(2, 3, size, size)
    y = Rotate((90 * quarters, 90 * quarters))(x, rng=0)
    np.testing.assert_allclose(y, np.rot90(x, quarters, axes=(2, 3)), atol=1e-5)


def test_translation_by_whole_pixels_moves_them() -> None:
    x = images(2, 3, 8, 8)
    down_left = Translate((2 / 8, 2 / 8), (-1 / 8, -1 / 8), fill=0.25)(x, rng=0)
    np.testing.assert_array_equal(down_left[:, :, 2:, :-1], x[:, :, :-2, 1:])
    assert (down_left[:, :, :2] == 0.25).all()
    assert (down_left[:, :, :, -1] == 0.25).all()


def test_a_number_is_how_far_they_vary_and_all_of_the_range_is_drawn() -> None:
    u = np.linspace(0, 1, 11)[None]
    angles = np.rad2deg(np.arctan2(*Rotate(15).maps(u, 28, 28)[0, 1::-1]))
    np.testing.assert_allclose(angles, np.linspace(-15, 15, 11))
    np.testing.assert_allclose(np.diff(Rescale(0.2).maps(u, 9, 9)[0, 0] ** -1), 0.04)
    both = np.concatenate([u, u[:, ::-1]])
    np.testing.assert_allclose(Translate(0.5).maps(both, 10, 20)[:, 2], [5 - 10 * u[0], 20 * u[0] - 10])


def test_each_sample_has_its_own_numbers() -> None:
    x = np.repeat(images(1, 1, 9, 9), 50, axis=0)
    for transform in (Rotate(20), Translate(0.2), Rescale(0.2), Shear(20)):
        y = transform(x, rng=3)
        assert all(not np.array_equal(a, b) for a, b in pairwise(y))


@pytest.mark.parametrize("exact", [resample.EXACT, 10 * 3 * 900])
@pytest.mark.parametrize("n", [1, 2, 3, 97])
def test_blocks_and_the_rest_of_the_batch_have_no_part_in_the_result(
    n: int, exact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the numbers of the pixels of a block, but not those of a few images, are too large for float32."""
    monkeypatch.setattr(resample, "EXACT", exact)
    x = images(97, 3, 28, 28)  # several blocks
    u = np.random.default_rng(1).random((5, 97))
    steps = [Rotate(15), Translate(0.1), Rescale(0.1), Shear(5)]
    whole = one_map(steps).apply(x, u)
    some = np.arange(97)[::-1][:n]
    part = one_map(steps).apply(x[some], np.ascontiguousarray(u[:, some]))
    np.testing.assert_array_equal(part, whole[some])


def one_map(steps: Any) -> Any:
    (step,) = merged(steps)
    return step


def test_steps_between_keep_maps_apart() -> None:
    steps = merged([Rotate(5), Shear(5), Flip(), Rotate(5), Noise(0.1), Shear(5), Rescale(0.1), Translate(0.1)])
    assert [getattr(step, "n_numbers", None) for step in steps] == [2, 2, 1, None, 4]


def test_places_of_large_images_are_computed_in_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    """As those beyond 2**24 pixels, whose numbers are not exact in float32."""
    x = images(3, 2, 9, 12)
    y = Rotate(20)(x, rng=0)
    monkeypatch.setattr(resample, "EXACT", 1)
    z = Rotate(20)(x, rng=0)
    assert z.dtype == np.float32
    np.testing.assert_allclose(y, z, atol=3e-6)
    assert (y != z).any()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_would_spread_is_refused(bad: float) -> None:
    x = images(4, 1, 5, 5)
    x[2, 0, 3, 1] = bad
    with pytest.raises(ValueError, match=r"Rotate: images\[2, 0, 3, 1\] is -?(nan|inf), one of 1 numbers that are not"):
        Rotate(5)(x, rng=0)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Rotate(-5), ValueError, r"Rotate: degrees is -5, but must not be negative"),
        (lambda: Rotate(np.nan), ValueError, "Rotate: degrees is nan, expected a finite number"),
        (lambda: Rotate("15"), TypeError, "Rotate: degrees is '15', expected a number"),
        (lambda: Rotate((9, 1)), ValueError, r"Rotate: degrees is \(9, 1\), expected .* write \(1, 9\)"),
        (lambda: Rotate((1, 2, 3)), ValueError, r"Rotate: degrees has 3 numbers, expected one, or a pair"),
        (lambda: Rotate((0, np.inf)), ValueError, r"Rotate: degrees\[1\] is inf"),
        (lambda: Rotate(5, mode="mirror"), ValueError, "mode is 'mirror', expected one of 'constant', 'edge', 'refl"),
        (lambda: Rotate(5, fill=np.nan), ValueError, "Rotate: fill is nan, expected a finite number"),
        (lambda: Rotate(5, mode="edge", fill=1), ValueError, "fill is 1, but mode='edge' fills with pixels of the im"),
        (lambda: Translate(2), ValueError, r"height is 2, expected at most 1, .*for 2 pixels of 28 write 2 / 28"),
        (lambda: Translate(0.1, (-3, 0)), ValueError, r"width is \(-3, 0\), .*for 3 pixels of 28"),
        (lambda: Rescale(1.25), ValueError, r"factor is 1.25, expected at most 1.*write a pair, \(0.8, 1.25\)"),
        (lambda: Rescale(1), ValueError, "at a factor of 0 nothing is left"),
        (lambda: Rescale((-1, 1)), ValueError, r"factor is \(-1, 1\), but factors must not be negative"),
        (lambda: Shear(90), ValueError, "Shear: degrees is 90, expected less than 90 degrees"),
        (lambda: Rescale((1e-9, 1e-9))(images(1, 1, 2, 2), 0), ValueError, "Rescale: the images are squeezed"),
    ],
)
def test_settings_without_a_meaning(make: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        make()
