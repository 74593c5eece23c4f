"""Images of any mode of Pillow, converted to grey, colour, or colour with transparency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.images.files import ImageError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["CHANNELS", "converted"]

#: The modes that can be asked for, with their numbers of channels.
CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4}


def converted(image: Image.Image, mode: str) -> Image.Image:
    """The image in mode "L", "RGB" or "RGBA", with 8 bits per channel.

    Grey is 0.299 R + 0.587 G + 0.114 B, Pillow's. 16 bits are scaled to 8: 0 … 65535 become 0 … 255. A transparent
    image is seen on white, except in mode "RGBA".

    Raises:
        ImageError: if its numbers have no known range, as floating-point numbers.
    """
    if image.mode.startswith("I") or image.mode == "F":
        image = _to_8_bits(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if mode != "RGBA":
            from PIL import Image

            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image if image.mode == mode else image.convert(mode)


def _to_8_bits(image: Image.Image) -> Image.Image:
    """An image of 16 bits, in one of the modes I;16, I;16B … or I, as Pillow reads it, in 8."""
    from PIL import Image

    values = np.asarray(image)
    low, high = values.min(), values.max()
    if image.mode == "F" or not (low >= 0 and high <= 65535):
        raise ImageError(
            f"has the mode {image.mode} and values from {low} to {high}, whose black and white are not known; "
            "save it with 8 or 16 bits per channel"
        )
    transparent = image.info.get("transparency")
    grey = Image.fromarray(((values.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8))
    if isinstance(transparent, int):
        grey.putalpha(Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8)))
    return grey
