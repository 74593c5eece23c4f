"""From an image file to the input of a model, for training and for predictions alike."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nn.data.images.files import ImageError, open_image, pillow, rotated
from nn.data.images.modes import CHANNELS, converted
from nn.data.images.resize import RULES, draft, resized
from nn.hyperparameters import positive_number, real_number, whole_number

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Preprocessing"]

KEYS = ("size", "mode", "resize", "mean", "std")


@dataclass(frozen=True)
class Preprocessing:
    """How an image of any size and kind becomes an array (C, H, W), the input of a model.

    An image is turned as its EXIF data say, converted to `mode`, and resized. Its values, from 0 to 255, are divided by
    255; then `mean` is subtracted, and the result is divided by `std`. Images of 16 bits are scaled to 8, transparent
    ones are seen on white, and of several pages or frames the first is taken. Colour profiles are not applied.

    Arguments:
        size: (height, width), or one number for both.
        mode: "RGB" (3 channels), "L" (1, grey: 0.299 R + 0.587 G + 0.114 B) or "RGBA" (4, with transparency).
        resize: what to do with an image of another aspect ratio: "crop" keeps the largest part in its centre, "pad"
            keeps all of it, with a black border, and "stretch" changes its aspect ratio.
        mean, std: a number, or one for each channel, of values from 0 to 1; ``None`` leaves values from 0 to 1.

    Raises:
        TypeError, ValueError: if a setting makes no sense.

    >>> gradient = np.arange(0, 256, 16, dtype=np.uint8).reshape(1, 16).repeat(16, axis=0)
    >>> Preprocessing(size=(8, 4), mode="L")(gradient).shape
    (1, 8, 4)
    """

    size: tuple[int, int]
    mode: str = "RGB"
    resize: str = "crop"
    mean: float | tuple[float, ...] | None = None
    std: float | tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", _size(self.size))
        for name, known in (("mode", tuple(CHANNELS)), ("resize", RULES)):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"Preprocessing: {name} is {getattr(self, name)!r}, expected {', '.join(map(repr, known))}"
                )
        for name, check in (("mean", real_number), ("std", positive_number)):
            object.__setattr__(self, name, _per_channel(name, getattr(self, name), self.channels, check))

    @property
    def channels(self) -> int:
        """The number of channels: 1, 3 or 4."""
        return CHANNELS[self.mode]

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape (C, H, W) of the result."""
        return (self.channels, *self.size)

    def __call__(self, image: str | os.PathLike[str] | Image.Image | NDArray[np.uint8]) -> NDArray[np.float32]:
        """The input (C, H, W) of a model, as float32.

        Arguments:
            image: the path of a file; an image of Pillow; or an array (H, W) or (H, W, C) of bytes, with 3 channels for
                RGB, 4 for RGBA.

        Raises:
            ImportError: if Pillow is not installed.
            FileNotFoundError: if there is no such file.
            ValueError: if the file or the array is not an image; the message names the file.
            TypeError: if it is something else.
        """
        return self.scaled(self.pixels(image))

    def pixels(self, image: str | os.PathLike[str] | Image.Image | NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The resized image as bytes (C, H, W), before they are scaled; arguments and errors as of a call."""
        library = pillow("Preprocessing")
        if isinstance(image, str | os.PathLike):
            return self._of_file(Path(image))
        if isinstance(image, np.ndarray):
            image = library.fromarray(_checked(image))
        if not isinstance(image, library.Image):
            raise TypeError(
                f"Preprocessing: got a {type(image).__name__}, expected the path of a file, an image of Pillow, or an "
                "array (H, W, C) of bytes"
            )
        return self._of_image(image)

    def scaled(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Bytes (…, C, H, W) as float32: from 0 to 1, or with `mean` and `std` taken off."""
        result = pixels.astype(np.float32)
        result /= 255
        if self.mean is not None:
            result -= np.array(self.mean, np.float32).reshape(-1, 1, 1)
        if self.std is not None:
            result /= np.array(self.std, np.float32).reshape(-1, 1, 1)
        return result

    def as_dict(self) -> dict[str, Any]:
        """The settings as values of JSON, from which `from_dict` makes the same object."""
        values = {name: getattr(self, name) for name in KEYS}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Preprocessing:
        """The object whose `as_dict` returned these settings.

        Raises:
            ValueError: if settings are missing or not known.
        """
        if set(settings) != set(KEYS):
            raise ValueError(f"Preprocessing: the settings are {', '.join(settings)}, expected {', '.join(KEYS)}")
        return cls(**settings)

    def _of_file(self, path: Path) -> NDArray[np.uint8]:
        try:
            with open_image(path) as image:
                draft(image, self.size, self.resize)
                return self._of_image(image)
        except FileNotFoundError as error:
            hint = "" if path.is_absolute() else f"; relative paths start at {Path.cwd()}"
            raise FileNotFoundError(f"{path}: there is no such file{hint}") from error
        except ImageError as error:
            raise ValueError(f"{path} {error}") from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise ValueError(f"{path} is damaged: {error}") from error  # as Pillow says it of pixels
        except Exception as error:
            raise ValueError(f"{path} is damaged: {error or type(error).__name__}") from error

    def _of_image(self, image: Image.Image) -> NDArray[np.uint8]:
        pixels = np.asarray(resized(converted(rotated(image), self.mode), self.size, self.resize))
        return np.ascontiguousarray(pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1))


def _size(size: Any) -> tuple[int, int]:
    sides = (size, size) if isinstance(size, int | np.integer) else tuple(size) if isinstance(size, Sequence) else ()
    if len(sides) != 2:
        raise ValueError(f"Preprocessing: size is {size!r}, expected (height, width), or one number for both")
    height, width = (whole_number("Preprocessing: size", side, least=1) for side in sides)
    return height, width


def _per_channel(name: str, value: Any, channels: int, check: Any) -> float | tuple[float, ...] | None:
    if value is None:
        return None
    if np.ndim(value) == 0:
        number: float = check(f"Preprocessing: {name}", np.asarray(value)[()])
        return number
    numbers = tuple(check(f"Preprocessing: {name}", x) for x in np.asarray(value).tolist())
    if len(numbers) != channels:
        raise ValueError(
            f"Preprocessing: {name} has {len(numbers)} numbers, expected one, or {channels}, one for each channel"
        )
    return numbers


def _checked(array: NDArray[Any]) -> NDArray[np.uint8]:
    """An array that Pillow takes as an image."""
    if array.dtype != np.uint8:
        mend = "; write (255 * image).round().astype(np.uint8) for values from 0 to 1" * (array.dtype.kind == "f")
        raise TypeError(f"Preprocessing: the array is {array.dtype.name}, expected uint8{mend}")
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not array.size or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        mend = "; write image.transpose(1, 2, 0)" * (array.ndim == 3 and array.shape[0] in (1, 3, 4))
        raise ValueError(
            f"Preprocessing: the array has shape {array.shape}, expected (H, W), (H, W, 3) or (H, W, 4){mend}"
        )
    return np.ascontiguousarray(array)
