"""Image files, opened with Pillow; what is wrong with one is said in an `ImageError`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["EXTENSIONS", "ImageError", "open_image", "pillow", "rotated"]

#: Formats of Pillow that are opened, whatever the file is called. Others, as EPS, would start programs.
FORMATS = ("JPEG", "MPO", "PNG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "PPM", "AVIF", "HEIF")
#: The ends of names of image files, in small letters.
EXTENSIONS = frozenset(
    [
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".avif", ".heic", ".heif"),
    ]
)
ORIENTATION = 0x0112  # the tag of EXIF


class ImageError(ValueError):
    """An image file that cannot be used; the message says why, without its name."""


def pillow(what: str) -> ModuleType:
    """Pillow's module Image.

    Raises:
        ImportError: if Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError(
            f'{what} reads images with Pillow, which is not installed; pip install "minigrad-autograd[images]"'
        ) from error
    return Image


def open_image(path: Path) -> Image.Image:
    """The image in a file, of which only the header has been read; the caller closes it.

    Raises:
        ImageError: if the file is not an image, or has more pixels than Pillow's MAX_IMAGE_PIXELS.
        OSError: if it cannot be read.
    """
    from PIL import Image, UnidentifiedImageError

    Image.init()
    try:
        image: Image.Image = Image.open(path, formats=[name for name in FORMATS if name in Image.OPEN])
    except UnidentifiedImageError as error:
        raise ImageError(_what_it_is(path)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageError(_too_many_pixels(str(error))) from error
    except OSError as error:
        if error.errno is not None:  # the disk: no such file, no permission
            raise
        raise ImageError(f"is damaged: {error}") from error
    except Exception as error:
        raise ImageError(f"is damaged: {error or type(error).__name__}") from error
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        image.close()
        raise ImageError(_too_many_pixels(f"{image.width} × {image.height} pixels, the limit is {limit}"))
    return image


def _too_many_pixels(problem: str) -> str:
    return f"has too many pixels ({problem}); make it smaller, or set PIL.Image.MAX_IMAGE_PIXELS if you trust it"


def _what_it_is(path: Path) -> str:
    """Why a file is not an image, as far as its first bytes tell."""
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        return "is empty: it has 0 bytes"
    if start[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1"):
        return (
            "is in the format HEIF; convert it to JPEG, or pip install pillow-heif and call its register_heif_opener()"
        )
    if start.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        return f"is not an image, but text that begins with {start.lstrip()[:14]!r}: a web page that was saved instead?"
    if start.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")):
        return "is damaged: only a part of its header is there"
    return f"is not an image: it begins with the bytes {start[:8]!r}"


def rotated(image: Image.Image) -> Image.Image:
    """The image as it is to be seen: turned and mirrored as its EXIF data say, if these can be read."""
    from PIL import Image

    try:
        orientation = int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # other programs show such a file as it is stored, too
        return image
    # Pillow's own exif_transpose also writes the EXIF data anew, and fails where they are unusual.
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if turn is None else image.transpose(turn)
