"""Preprocessing: from a file, an image or an array to the input of a model."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.data import Preprocessing

Image = pytest.importorskip("PIL.Image")

COLOURS = np.arange(6 * 4 * 3, dtype=np.uint8).reshape(6, 4, 3) * 3


def test_a_file_an_image_and_an_array_give_the_same(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).save(tmp_path / "x.png")
    preprocessing = Preprocessing((6, 4))
    expected = COLOURS.transpose(2, 0, 1).astype(np.float32) / 255
    for given in (tmp_path / "x.png", str(tmp_path / "x.png"), Image.fromarray(COLOURS), COLOURS):
        x = preprocessing(given)
        assert x.dtype == np.float32
        assert x.flags.c_contiguous
        np.testing.assert_array_equal(x, expected)
    assert preprocessing.shape == (3, 6, 4)
    assert Preprocessing((6, 4), "L")(COLOURS[:, :, :1]).shape == (1, 6, 4)


def test_mean_and_standard_deviation() -> None:
    x = Preprocessing((6, 4))(COLOURS)
    mean, std = np.float32([0.1, 0.2, 0.3]), np.float32([0.5, 1, 2])
    given = Preprocessing((6, 4), mean=(0.1, 0.2, 0.3), std=(0.5, 1, 2))(COLOURS)
    np.testing.assert_allclose(given, (x - mean[:, None, None]) / std[:, None, None], rtol=1e-6)
    np.testing.assert_allclose(Preprocessing((6, 4), mean=0.5, std=0.5)(COLOURS), x * 2 - 1, atol=1e-6)
    np.testing.assert_allclose(Preprocessing((6, 4), mean=0.5)(COLOURS), x - 0.5, atol=1e-7)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path: Path, orientation: int) -> None:
    """The file is stored turned, with a note of how to turn it back."""
    upright = Image.fromarray(COLOURS)
    T = Image.Transpose
    how = [None, None, T.FLIP_LEFT_RIGHT, T.ROTATE_180, T.FLIP_TOP_BOTTOM, T.TRANSPOSE, T.ROTATE_90, T.TRANSVERSE]
    way = [*how, T.ROTATE_270][orientation]
    stored = upright if way is None else upright.transpose(way)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "x.png", exif=exif)
    assert (Preprocessing((6, 4)).pixels(tmp_path / "x.png") == COLOURS.transpose(2, 0, 1)).all()


def test_damaged_exif_leaves_the_image_as_it_is_stored(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).save(tmp_path / "x.jpg", exif=b"Exif\0\0not a TIFF header")
    assert Preprocessing((6, 4)).pixels(tmp_path / "x.jpg").shape == (3, 6, 4)


@pytest.mark.parametrize(
    "preprocessing",
    [
        Preprocessing((32, 48)),
        Preprocessing(28, "L", "pad", 0.1307, 0.3081),
        Preprocessing(8, mean=(0.1, 0.2, 0.3), std=[1, 2, 3]),  # type: ignore[arg-type]
    ],
)
def test_settings_survive_json_and_pickle(preprocessing: Preprocessing) -> None:
    again = Preprocessing.from_dict(json.loads(json.dumps(preprocessing.as_dict())))
    assert again == preprocessing
    assert hash(again) == hash(preprocessing)
    assert pickle.loads(pickle.dumps(preprocessing)) == preprocessing
    assert eval(repr(preprocessing)) == preprocessing


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": (0, 4)}, "size is 0, expected at least 1"),
        ({"size": (1, 2, 3)}, r"size is \(1, 2, 3\), expected \(height, width\)"),
        ({"size": 2.5}, "size is 2.5, expected"),
        ({"size": 8, "mode": "rgb"}, "mode is 'rgb', expected 'L', 'RGB', 'RGBA'"),
        ({"size": 8, "resize": "squash"}, "resize is 'squash', expected 'crop', 'pad', 'stretch'"),
        ({"size": 8, "mean": (0.5, 0.5)}, "mean has 2 numbers, expected one, or 3"),
        ({"size": 8, "std": 0}, "std is 0, expected a number greater than 0"),
        ({"size": 8, "mean": float("nan")}, "mean is nan"),
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Preprocessing(**settings)


def test_settings_of_another_version() -> None:
    with pytest.raises(ValueError, match="the settings are size, colour, expected size, mode"):
        Preprocessing.from_dict({"size": 8, "colour": "RGB"})


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (np.zeros((8, 8)), TypeError, r"float64, expected uint8; write \(255 \* image\)"),
        (np.zeros((3, 8, 8), np.uint8), ValueError, r"shape \(3, 8, 8\), .* write image.transpose\(1, 2, 0\)"),
        (np.zeros((0, 8), np.uint8), ValueError, r"shape \(0, 8\)"),
        (np.zeros((2, 8, 8, 3), np.uint8), ValueError, r"shape \(2, 8, 8, 3\)"),
        (None, TypeError, "got a NoneType, expected the path of a file"),
    ],
)
def test_what_is_not_an_image(given: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Preprocessing(8)(given)


def test_files_that_are_missing_or_broken_are_named(tmp_path: Path) -> None:
    preprocessing = Preprocessing(8)
    with pytest.raises(
        FileNotFoundError, match=f"nowhere.jpg: there is no such file; relative paths start at {Path.cwd()}"
    ):
        preprocessing("nowhere.jpg")
    with pytest.raises(IsADirectoryError):
        preprocessing(tmp_path)
    Image.fromarray(COLOURS.repeat(20, axis=0)).save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    for n in [0, 1, 7, 20, 60, len(whole) - 30]:
        (tmp_path / "cut.png").write_bytes(whole[:n])
        with pytest.raises(ValueError, match=r"cut.png is (empty|not an image|damaged)"):
            preprocessing(tmp_path / "cut.png")


def test_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r'Preprocessing reads images with Pillow.*"minigrad-autograd\[images\]"'):
        Preprocessing(8)(COLOURS)
