"""Noise, brightness and squares that are cut out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.data import Brightness, Cutout, Noise


def images(*shape: int, dtype: Any = np.float32) -> Any:
    return np.random.default_rng(0).random(shape).astype(dtype)


class TestNoise:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_mean_and_standard_deviation(self, dtype: Any) -> None:
        x = images(100, 3, 20, 20, dtype=dtype)
        noise = Noise(0.25)(x, 0) - x
        assert abs(noise.mean()) < 4 * 0.25 / np.sqrt(x.size)
        assert abs(noise.std() / 0.25 - 1) < 0.01
        apart = noise - noise.mean()
        assert abs((apart[:, 0] * apart[:, 1]).mean()) < 0.002  # channels are drawn apart
        assert abs((apart[1:] * apart[:-1]).mean()) < 0.002

    def test_of_uint8_it_is_in_255ths_and_limited(self) -> None:
        x = np.full((50, 1, 20, 20), 128, np.uint8)
        assert abs(Noise(0.1)(x, 0).std() / 25.5 - 1) < 0.02
        y = Noise(0.5)(x, 0)
        assert (y.min(), y.max()) == (0, 255)
        assert abs(y.mean() - 128) < 2  # nothing wraps around

    def test_none_changes_nothing(self) -> None:
        x = images(2, 1, 5, 5)
        np.testing.assert_array_equal(Noise(0)(x, 0), x)

    def test_errors(self) -> None:
        with pytest.raises(ValueError, match="Noise: std is -1, but must not be negative"):
            Noise(-1)
        with pytest.raises(ValueError, match="Noise: std is nan"):
            Noise(np.nan)


class TestBrightness:
    def test_each_image_is_multiplied_by_one_factor_of_the_range(self) -> None:
        x = images(2000, 2, 3, 3) + 1
        factors = Brightness(0.3)(x, 0) / x
        assert np.ptp(factors, axis=(1, 2, 3)).max() < 1e-6
        of_image = factors[:, 0, 0, 0]
        assert 0.7 <= of_image.min() < 0.71
        assert 1.29 < of_image.max() <= 1.3
        assert abs(of_image.mean() - 1) < 4 * 0.6 / np.sqrt(12 * 2000)

    def test_uint8_is_rounded_and_limited(self) -> None:
        x = np.array([0, 1, 100, 101, 200], np.uint8).reshape(1, 1, 1, 5)
        assert Brightness((1.5, 1.5))(x, 0).ravel().tolist() == [0, 2, 150, 152, 255]

    def test_none_changes_nothing(self) -> None:
        x = images(2, 1, 5, 5)
        np.testing.assert_array_equal(Brightness(0)(x, 0), x)

    def test_errors(self) -> None:
        with pytest.raises(ValueError, match=r"factor is 1.5, expected at most 1.*write a pair, \(0.667, 1.5\)"):
            Brightness(1.5)
        with pytest.raises(ValueError, match="factors must not be negative"):
            Brightness((-0.5, 1))


class TestCutout:
    @pytest.mark.parametrize("size", [1, 2, 3, 6])
    def test_a_square_about_a_pixel_is_covered(self, size: int) -> None:
        x = np.ones((600, 2, 6, 7), np.float32)
        y = Cutout(size, fill=-2.0)(x, 0)
        middles = set()
        for image in y:
            np.testing.assert_array_equal(image[0], image[1])  # all channels
            rows, columns = np.nonzero(image[0] == -2)
            middles.add((rows.min(), rows.max(), columns.min(), columns.max()))
            assert len(rows) == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)  # a full rectangle
            assert max(np.ptp(rows), np.ptp(columns)) < size
            assert (image[0][image[0] != -2] == 1).all()
        expected = {
            (max(i, 0), min(i + size, 6) - 1, max(j, 0), min(j + size, 7) - 1)
            for i in range(-(size // 2), 6 - size // 2)
            for j in range(-(size // 2), 7 - size // 2)
        }
        assert middles == expected

    def test_of_uint8_the_fill_is_a_part_of_255(self) -> None:
        assert Cutout(1, fill=1.0)(np.zeros((1, 1, 1, 1), np.uint8), 0) == 255

    def test_errors(self) -> None:
        with pytest.raises(ValueError, match="Cutout: size is 0, expected at least 1"):
            Cutout(0)
        with pytest.raises(TypeError, match=r"Cutout: size is 0.5, expected a whole number"):
            Cutout(0.5)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="Cutout: fill is inf"):
            Cutout(2, fill=np.inf)
        with pytest.raises(ValueError, match="size is 5 and the images are of 4 × 8 pixels, expected at most 4"):
            Cutout(5)(images(1, 1, 4, 8), 0)
