"""Flips and crops, against NumPy's flip and pad."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.data import Crop, Flip

PLACES = np.random.default_rng(2).random((2, 400))


def images(*shape: int, dtype: Any = np.float32) -> Any:
    return np.random.default_rng(0).random(shape).astype(dtype)


class TestFlip:
    x = images(400, 2, 3, 4)

    def test_certain_flips_are_those_of_numpy(self) -> None:
        np.testing.assert_array_equal(Flip(1)(self.x, 0), np.flip(self.x, 3))
        np.testing.assert_array_equal(Flip(0, 1)(self.x, 0), np.flip(self.x, 2))
        np.testing.assert_array_equal(Flip(1, 1)(self.x, 0), np.flip(self.x, (2, 3)))
        np.testing.assert_array_equal(Flip(0, 0)(self.x, 0), self.x)

    def test_twice_is_as_given(self) -> None:
        flip = Flip(0.5, 0.5)
        np.testing.assert_array_equal(flip(flip(self.x, 7), 7), self.x)

    @pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
    def test_as_many_as_the_probability_says(self, p: float) -> None:
        flipped = (Flip(p)(self.x, 0) != self.x).any(axis=(1, 2, 3))
        assert abs(flipped.mean() - p) < 4 * np.sqrt(p * (1 - p) / 400)

    def test_both_directions_are_drawn_apart(self) -> None:
        y = Flip(0.5, 0.5)(self.x, 0)
        kinds = [np.flip(self.x, axes) for axes in ((), 2, 3, (2, 3))]
        counts = [(y == kind).all(axis=(1, 2, 3)).sum() for kind in kinds]
        assert sum(counts) == 400
        assert min(counts) > 60

    @pytest.mark.parametrize("p", [-0.1, 1.1, np.nan])
    def test_what_is_not_a_probability(self, p: float) -> None:
        with pytest.raises(ValueError, match="Flip: horizontal is"):
            Flip(p)
        with pytest.raises(ValueError, match="Flip: vertical is"):
            Flip(0.5, p)


class TestCrop:
    @pytest.mark.parametrize("mode", ["reflect", "edge", "constant"])
    @pytest.mark.parametrize("dtype", [np.float32, np.uint8])
    def test_each_is_a_window_of_the_padded_image(self, mode: str, dtype: Any) -> None:
        x = (images(400, 3, 5, 6) * 255).astype(dtype)
        fill = {"constant_values": 51 if dtype == np.uint8 else 0.2} if mode == "constant" else {}
        padded: Any = np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2)), mode, **fill)  # type: ignore[call-overload]
        y = Crop(2, mode, fill=0.2 if fill else 0.0).apply(x, PLACES)
        places = (PLACES * 5).astype(int)
        for i, (top, left) in enumerate(places.T):
            np.testing.assert_array_equal(y[i], padded[i, :, top : top + 5, left : left + 6])
        assert {tuple(place) for place in places.T.tolist()} == {(i, j) for i in range(5) for j in range(5)}

    def test_every_place_is_as_likely(self) -> None:
        x = np.zeros((5000, 1, 9, 9), np.float32)
        x[:, 0, 4, 4] = 1
        counts = Crop(2, "constant")(x, 0).sum(axis=0)[0, 2:7, 2:7]
        assert counts.sum() == 5000
        assert abs(counts - 200).max() < 4.5 * np.sqrt(200)

    def test_a_padding_of_0_changes_nothing(self) -> None:
        x = images(3, 1, 4, 4)
        np.testing.assert_array_equal(Crop(0)(x, 0), x)

    def test_not_a_number_stays_where_it_is(self) -> None:
        x = np.full((1, 1, 3, 3), np.nan, np.float32)
        x[0, 0, 1, 1] = 2
        assert np.isnan(Crop(1)(x, 0)).sum() >= 5

    def test_errors(self) -> None:
        with pytest.raises(ValueError, match="Crop: padding is -1, expected at least 0"):
            Crop(-1)
        with pytest.raises(TypeError, match=r"Crop: padding is 2.5, expected a whole number"):
            Crop(2.5)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="Crop: mode is 'zeros', expected one of 'constant', 'edge', 'reflect'"):
            Crop(2, "zeros")
        with pytest.raises(ValueError, match=r"Crop: fill is 0.5, but mode='reflect' fills with pixels of the image"):
            Crop(2, fill=0.5)
        with pytest.raises(ValueError, match=r"padding is 4 and the images are of 8 × 4 pixels.*expected at most 3"):
            Crop(4)(images(2, 1, 8, 4), 0)
