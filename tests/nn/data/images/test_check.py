"""Broken image files are found, and nothing but a ValueError comes of them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from nn.data import Preprocessing
from nn.data.images.check import why_broken

Image = pytest.importorskip("PIL.Image")

NOISE = np.random.default_rng(0).integers(0, 256, (24, 20, 3), dtype=np.uint8)


def encoded(kind: str) -> bytes:
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(NOISE).save(buffer, kind, **({"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}))
    return buffer.getvalue()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "PPM", "WEBP"])
def test_mutated_and_cut_off_files(tmp_path: Path, kind: str) -> None:
    """What the check passes can be read, and the other way round."""
    whole, rng, prepare = encoded(kind), np.random.default_rng(1), Preprocessing(8)
    seen = set()
    for n in range(60):
        data = bytearray(whole[: rng.integers(len(whole))] if n % 3 == 0 else whole)
        if n % 3 and data:
            for i in rng.integers(min(len(data), 120) if n % 3 == 1 else len(data), size=3):
                data[i] = rng.integers(256)
        path = tmp_path / f"{n}.{kind.lower()}"
        path.write_bytes(data)
        problem = why_broken(path, whole=True)
        seen.add(problem is None)
        if problem is None:
            assert prepare(path).shape == (3, 8, 8)
        else:
            with pytest.raises(ValueError, match=rf"{n}\.{kind.lower()} (is|has) "):
                prepare(path)
    assert False in seen


def test_cut_off_files_are_found_without_reading_whole_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageFile

    read: list[str] = []
    for kind in ("JPEG", "PNG"):
        (tmp_path / f"whole.{kind}").write_bytes(encoded(kind))
        (tmp_path / f"cut.{kind}").write_bytes(encoded(kind)[: len(encoded(kind)) // 2])
    load = ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: read.append(self.filename.name) or load(self))
    for kind in ("JPEG", "PNG"):
        assert why_broken(tmp_path / f"whole.{kind}") is None
        assert read == []
        assert "is damaged: " in str(why_broken(tmp_path / f"cut.{kind}"))
        read.clear()


def test_the_limit_of_pixels_is_pillow_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.png").write_bytes(encoded("PNG"))
    for limit in (300, 24 * 20 - 1):  # beyond twice the limit Pillow itself raises an error, else it warns
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        assert "has too many pixels" in str(why_broken(tmp_path / "x.png"))
        with pytest.raises(ValueError, match=r"x.png has too many pixels"):
            Preprocessing(8)(tmp_path / "x.png")
    for allowed in (24 * 20, None):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", allowed)
        assert why_broken(tmp_path / "x.png") is None


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert why_broken(tmp_path / "none.png") == "cannot be read: No such file or directory"
    (tmp_path / "folder.png").mkdir()
    assert why_broken(tmp_path / "folder.png") == "cannot be read: Is a directory"
