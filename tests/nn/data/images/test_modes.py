"""Images of every mode of Pillow, as the mode that is asked for."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.data import Preprocessing

Image = pytest.importorskip("PIL.Image")

COLOURS = np.array(
    [[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[255, 255, 255], [0, 0, 0], [10, 200, 90]]], dtype=np.uint8
)
GREY = np.array([[0, 1, 127], [128, 254, 255]], dtype=np.uint8)


def read(path: Path, mode: str, size: tuple[int, int] = (2, 3)) -> np.ndarray[Any, Any]:
    """The bytes (C, H, W) of an image whose size does not change."""
    return Preprocessing(size, mode).pixels(path)


def mode_of(path: Path) -> str:
    with Image.open(path) as image:
        return str(image.mode)


def luma(colours: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return colours.astype(float) @ [0.299, 0.587, 0.114]


@pytest.mark.parametrize("end", [".png", ".bmp", ".tif", ".ppm"])
def test_colour(tmp_path: Path, end: str) -> None:
    Image.fromarray(COLOURS).save(tmp_path / f"x{end}")
    assert (read(tmp_path / f"x{end}", "RGB") == COLOURS.transpose(2, 0, 1)).all()
    assert abs(read(tmp_path / f"x{end}", "L")[0] - luma(COLOURS)).max() <= 1
    assert (read(tmp_path / f"x{end}", "RGBA")[3] == 255).all()


def test_palette(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).convert("P", palette=Image.Palette.ADAPTIVE).save(tmp_path / "x.png")
    Image.fromarray(COLOURS).convert("P", palette=Image.Palette.ADAPTIVE).save(tmp_path / "x.gif")
    for name in ("x.png", "x.gif"):
        assert mode_of(tmp_path / name) == "P"
        assert (read(tmp_path / name, "RGB") == COLOURS.transpose(2, 0, 1)).all()


def test_grey_and_one_bit(tmp_path: Path) -> None:
    Image.fromarray(GREY).save(tmp_path / "grey.png")
    assert (read(tmp_path / "grey.png", "L")[0] == GREY).all()
    assert (read(tmp_path / "grey.png", "RGB") == GREY).all()
    Image.fromarray(GREY > 127).save(tmp_path / "bits.png")
    assert mode_of(tmp_path / "bits.png") == "1"
    assert (read(tmp_path / "bits.png", "L")[0] == np.where(GREY > 127, 255, 0)).all()


@pytest.mark.parametrize("name", ["x.png", "x.tif", "x.pgm"])
def test_16_bits_are_scaled_not_cut_off(tmp_path: Path, name: str) -> None:
    deep = np.array([[0, 257, 300], [32768, 65278, 65535]], dtype=np.uint16)
    if name == "x.pgm":
        (tmp_path / name).write_bytes(b"P5 3 2 65535\n" + deep.astype(">u2").tobytes())
    else:
        Image.fromarray(deep).save(tmp_path / name)
    for mode in ("L", "RGB"):
        assert abs(read(tmp_path / name, mode)[0] - deep / 257).max() <= 0.5
    alpha = read(tmp_path / name, "RGBA")[3]
    assert (alpha == 255).all()


def test_16_bits_of_a_big_endian_tiff(tmp_path: Path) -> None:
    deep = np.array([[0, 257, 300], [32768, 65278, 65535]], dtype=np.uint16)
    image = Image.frombytes("I;16B", (3, 2), deep.astype(">u2").tobytes())
    image.save(tmp_path / "x.tif")
    assert abs(read(tmp_path / "x.tif", "L")[0] - deep / 257).max() <= 0.5


def png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """A PNG file, of kinds that Pillow reads and does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def test_16_bits_per_channel(tmp_path: Path) -> None:
    deep = np.array([[[0, 65535, 300], [32768, 65278, 257]]], dtype=np.uint16)
    (tmp_path / "x.png").write_bytes(png(2, 1, 16, 2, b"\0" + deep.astype(">u2").tobytes()))
    assert abs(read(tmp_path / "x.png", "RGB", (1, 2)).transpose(1, 2, 0) - deep / 257).max() < 1
    grey_alpha = np.array([[[65535, 0], [25700, 65535]]], dtype=np.uint16)
    (tmp_path / "la.png").write_bytes(png(2, 1, 16, 4, b"\0" + grey_alpha.astype(">u2").tobytes()))
    assert read(tmp_path / "la.png", "L", (1, 2)).tolist() == [[[255, 100]]]


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_few_bits_per_pixel(tmp_path: Path, depth: int) -> None:
    (tmp_path / "x.png").write_bytes(png(2, 1, depth, 0, bytes([0, ((1 << depth) - 1) << (8 - depth)])))
    assert read(tmp_path / "x.png", "L", (1, 2)).tolist() == [[[255, 0]]]


def test_cmyk(tmp_path: Path) -> None:
    ink = np.zeros((8, 8, 4), dtype=np.uint8)
    ink[:, :, 1:3] = 255  # magenta and yellow are red
    Image.fromarray(ink, "CMYK").save(tmp_path / "x.jpg", quality=100)
    assert mode_of(tmp_path / "x.jpg") == "CMYK"
    red = read(tmp_path / "x.jpg", "RGB", (8, 8))
    assert red[0].min() > 240
    assert red[1:].max() < 15


def test_transparency_is_seen_on_white(tmp_path: Path) -> None:
    alpha = np.array([[0, 255, 128], [0, 255, 51]], dtype=np.uint8)
    Image.fromarray(np.dstack([COLOURS, alpha])).save(tmp_path / "rgba.png")
    opacity = alpha[..., None] / 255
    on_white = COLOURS * opacity + 255 * (1 - opacity)
    assert abs(read(tmp_path / "rgba.png", "RGB") - on_white.transpose(2, 0, 1)).max() <= 1
    assert abs(read(tmp_path / "rgba.png", "L")[0] - luma(on_white)).max() <= 1.5
    assert (read(tmp_path / "rgba.png", "RGBA") == np.dstack([COLOURS, alpha]).transpose(2, 0, 1)).all()

    Image.fromarray(np.dstack([GREY, alpha])).save(tmp_path / "la.png")
    assert mode_of(tmp_path / "la.png") == "LA"
    assert abs(read(tmp_path / "la.png", "L")[0] - (255 - opacity[..., 0] * (255.0 - GREY))).max() <= 1


def test_transparent_colours_of_palettes_and_of_files(tmp_path: Path) -> None:
    palette = Image.fromarray(GREY).convert("P")
    palette.save(tmp_path / "p.png", transparency=0)
    palette.save(tmp_path / "bytes.png", transparency=bytes([0, *[255] * 255]))
    Image.fromarray(GREY).save(tmp_path / "l.png", transparency=0)
    for name in ("p.png", "bytes.png", "l.png"):
        assert (read(tmp_path / name, "L")[0] == np.where(GREY == 0, 255, GREY)).all()
        assert (read(tmp_path / name, "RGBA")[3] == np.where(GREY == 0, 0, 255)).all()
    Image.fromarray(COLOURS).save(tmp_path / "rgb.png", transparency=(255, 0, 0))
    assert read(tmp_path / "rgb.png", "RGB")[:, 0, 0].tolist() == [255, 255, 255]
    Image.fromarray(GREY.astype(np.uint16)).save(tmp_path / "deep.png", transparency=128)
    assert read(tmp_path / "deep.png", "L")[0].tolist() == [[0, 0, 0], [255, 1, 1]]


def test_values_of_no_known_range_are_an_error(tmp_path: Path) -> None:
    for i, values in enumerate([np.float32([[0, 0.5]]), np.int32([[0, 70000]]), np.int32([[-1, 5]])]):
        Image.fromarray(values).save(tmp_path / f"{i}.tif")
        with pytest.raises(ValueError, match=rf"{i}.tif has the mode [IF] and values from .* 8 or 16 bits"):
            read(tmp_path / f"{i}.tif", "L", (1, 2))


def test_colours_of_other_spaces(tmp_path: Path) -> None:
    Image.new("LAB", (3, 2), (255, 128, 128)).save(tmp_path / "x.tif")
    assert mode_of(tmp_path / "x.tif") == "LAB"
    assert read(tmp_path / "x.tif", "RGB").min() > 250
    Image.new("YCbCr", (8, 8), (255, 128, 128)).save(tmp_path / "x.jpg")
    assert read(tmp_path / "x.jpg", "L", (8, 8)).min() > 250


def test_the_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (3, 2), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "x.gif", save_all=True, append_images=frames[1:])
    assert read(tmp_path / "x.gif", "RGB")[:, 0, 0].tolist() == [255, 0, 0]
