"""Images of any size, brought to one size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["RULES", "draft", "resized"]

#: Ways to resize an image of another aspect ratio.
RULES = ("crop", "pad", "stretch")


def resized(image: Image.Image, size: tuple[int, int], rule: str) -> Image.Image:
    """The image with `size` = (height, width), with bilinear interpolation; of larger images, pixels are averaged."""
    from PIL import Image

    height, width = size
    if image.size == (width, height):
        return image
    bilinear = Image.Resampling.BILINEAR
    if rule == "stretch":
        return image.resize((width, height), bilinear)
    if rule == "crop":
        scale = min(image.width / width, image.height / height)
        # Left and upper border of the part that is kept, the largest in the centre; rounding may give -1e-15.
        x, y = max(0, (image.width - scale * width) / 2), max(0, (image.height - scale * height) / 2)
        return image.resize((width, height), bilinear, box=(x, y, image.width - x, image.height - y))
    scale = max(image.width / width, image.height / height)
    w, h = max(1, round(image.width / scale)), max(1, round(image.height / scale))
    result = Image.new(image.mode, (width, height))  # black, or transparent
    result.paste(image.resize((w, h), bilinear), ((width - w) // 2, (height - h) // 2))
    return result


def draft(image: Image.Image, size: tuple[int, int], rule: str) -> None:
    """Let Pillow decode a large JPEG at a half, quarter or eighth of its size, which is several times faster.

    The result keeps at least twice as many pixels each way as needed, which resizing then averages. To be called before
    the pixels are read; for other formats it does nothing.
    """
    if image.format in ("JPEG", "MPO"):
        # Not by sides: EXIF data may yet exchange height and width.
        scale = 2 * max(size) / (max(image.size) if rule == "pad" else min(image.size))
        if scale < 1:
            image.draft(None, (math.ceil(scale * image.width), math.ceil(scale * image.height)))
