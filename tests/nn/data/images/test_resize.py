"""Images of any size, as one size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn.data import Preprocessing

Image = pytest.importorskip("PIL.Image")

RAMP = np.tile(np.arange(0, 200, 2, dtype=np.uint8), (40, 1))  # 40 × 100, brighter to the right


@pytest.mark.parametrize("resize", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("shape", [(40, 100), (100, 40), (1, 1), (3, 200), (64, 64), (7, 5)])
@pytest.mark.parametrize("size", [(10, 25), (32, 32), (1, 9), (50, 3)])
def test_the_size_is_the_one_asked_for(resize: str, shape: tuple[int, int], size: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 77, dtype=np.uint8)
    pixels = Preprocessing(size, resize=resize).pixels(image)
    assert pixels.shape == (3, *size)
    assert set(np.unique(pixels)) <= ({0, 77} if resize == "pad" else {77})


def test_crop_keeps_the_largest_part_in_the_centre() -> None:
    pixels = Preprocessing(20, "L").pixels(RAMP)[0]
    # the middle 40 of 100 columns, of which two become one
    np.testing.assert_allclose(pixels[5], RAMP[0, 30:70].reshape(20, 2).mean(axis=1), atol=2)
    tall = Preprocessing(20, "L").pixels(np.ascontiguousarray(RAMP.T))[0]
    assert (tall == pixels.T).all()


def test_pad_keeps_all_of_it() -> None:
    pixels = Preprocessing(50, "L", "pad").pixels(RAMP)[0]
    assert (pixels[:15] == 0).all()
    assert (pixels[35:] == 0).all()
    np.testing.assert_allclose(pixels[25], RAMP[0].reshape(50, 2).mean(axis=1), atol=2)
    clear = Preprocessing(50, "RGBA", "pad").pixels(RAMP)
    assert (clear[3, :15] == 0).all()
    assert (clear[3, 15:35] == 255).all()


def test_stretch_changes_the_aspect_ratio() -> None:
    pixels = Preprocessing((20, 20), "L", "stretch").pixels(RAMP)[0]
    np.testing.assert_allclose(pixels[3], RAMP[0].reshape(20, 5).mean(axis=1), atol=3)


def test_fine_detail_is_averaged_and_not_sampled() -> None:
    board = np.indices((64, 64)).sum(axis=0) % 2 * 255
    pixels = Preprocessing(8, "L").pixels(board.astype(np.uint8))
    assert abs(pixels.astype(float) - 127.5).max() < 3


@pytest.mark.parametrize("resize", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_jpeg_is_decoded_smaller_with_nearly_the_same_result(
    tmp_path: Path, resize: str, orientation: int
) -> None:
    y, x = np.mgrid[:480, :801]
    image = Image.fromarray(np.stack([y % 256, x % 256, (x + y) // 6 % 256], axis=-1).astype(np.uint8))
    exif = image.getexif()
    exif[0x0112] = orientation
    image.save(tmp_path / "x.jpg", exif=exif, quality=95)
    for size in [(16, 16), (30, 10), (10, 30)]:
        preprocessing = Preprocessing(size, resize=resize)
        with Image.open(tmp_path / "x.jpg") as decoded:
            difference = preprocessing(tmp_path / "x.jpg") - preprocessing(decoded)
        assert abs(difference).mean() < 0.02
