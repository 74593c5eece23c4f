"""Image files that are broken, found before training begins."""

from __future__ import annotations

import warnings
from pathlib import Path

from nn.data.images.files import ImageError, open_image
from nn.data.images.modes import converted

__all__ = ["why_broken"]

#: How a complete file ends. Some programs append data of their own: another end is a reason to look, not yet an error.
ENDS = {"JPEG": b"\xff\xd9", "MPO": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}
#: Modes whose conversion never fails.
ORDINARY = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I;16B", "I;16L"}


def why_broken(path: Path, *, whole: bool = False) -> str | None:
    """What is wrong with an image file, or None.

    Arguments:
        whole: whether to read all pixels. Otherwise these are read only if the file does not end as it should, which is
            how files that were cut off are found, or if its mode is a rare one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with open_image(path) as image:
                if whole or image.mode not in ORDINARY or not _ends_well(path, image.format):
                    image.load()
                    converted(image, "RGB")
        except ImageError as error:
            return str(error)
        except OSError as error:
            return f"cannot be read: {error.strerror}" if error.errno is not None else f"is damaged: {error}"
        except Exception as error:
            return f"is damaged: {error or type(error).__name__}"
    return None


def _ends_well(path: Path, kind: str | None) -> bool:
    end = ENDS.get(kind or "")
    if end is None:
        return False
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - len(end)))
        return file.read() == end
