"""Rotation, translation, rescaling and shear: one affine map for each sample."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.augmentation.images import fill_in, fill_of_mode, padding_mode, refuse_nonfinite
from nn.data.augmentation.intervals import around_one, around_zero, between
from nn.data.augmentation.resample import resample
from nn.data.augmentation.transform import DrawnTransform
from nn.hyperparameters import Setting

__all__ = ["AffineTransform", "Rescale", "Rotate", "Shear", "Translate", "merged"]

FARTHEST = 1e6  # a map that takes a pixel farther than this has no meaning for an image


class AffineTransform(DrawnTransform):
    """The base of transforms that move pixels by an affine map, and interpolate between them (bilinear).

    `Compose` resamples the images once for several in a row, so that interpolation blurs them once.
    """

    mode = Setting(padding_mode)

    def __init__(self, *, mode: str = "constant", fill: float = 0.0) -> None:
        self.mode = mode
        self.fill = fill_of_mode(type(self).__name__, mode, fill)

    @abstractmethod
    def maps(self, u: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
        """Where the pixel that gets to p comes from: A p + t, of places from the middle; (2, 3, N) for A and t."""

    def apply(self, images: NDArray[Any], u: NDArray[np.float64]) -> NDArray[Any]:
        refuse_nonfinite(self.name, images)
        maps = self.maps(u, *images.shape[2:])
        if not (np.abs(maps) < FARTHEST).all():
            raise ValueError(
                f"{self.name}: the images are squeezed a million times or more; choose factors nearer to 1"
            )
        return resample(images, maps, self.mode, fill_in(self.name, self.fill, images.dtype))


class Rotate(AffineTransform):
    """Rotates each image about its middle, by an angle that is drawn uniformly.

    Arguments:
        degrees: the largest angle in either direction, or a pair (low, high). Positive is counterclockwise.
        mode: what new pixels are: "constant" for `fill`, "edge" for the nearest pixel, "reflect" for the image's
            mirror image, as in `numpy.pad`.
        fill: the value of new pixels, which 0 makes black unless images are normalized. For uint8 images 1.0 is 255.

    Raises:
        ValueError: if an angle is infinite, NaN or negative, or a pair not in order, or the mode is not known.
        TypeError: if the angle is not a number.

    >>> import nn
    >>> images = np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2)
    >>> nn.data.Rotate((90, 90))(images, rng=0)[0, 0]
    array([[1., 3.],
           [0., 2.]], dtype=float32)
    """

    degrees = Setting(around_zero)

    def __init__(self, degrees: float | Sequence[float], *, mode: str = "constant", fill: float = 0.0) -> None:
        self.degrees = degrees
        super().__init__(mode=mode, fill=fill)

    def maps(self, u: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
        angle = np.deg2rad(between(self.degrees, u[0]))
        maps = _identities(len(angle))
        maps[0, 0] = maps[1, 1] = np.cos(angle)
        maps[0, 1] = np.sin(angle)
        maps[1, 0] = -maps[0, 1]
        return maps


class Translate(AffineTransform):
    """Moves each image by a part of its height and width, drawn uniformly, as Keras's ``RandomTranslation``.

    Arguments:
        height: the largest part of the height up or down, at most 1, or a pair (low, high): positive is down. 0.1
            moves images of 28 pixels by up to 2.8; for whole pixels write ``2 / 28``.
        width: likewise to the left or right; positive is to the right. The same as `height` if not given.
        mode, fill: what new pixels are, as for `Rotate`.

    Raises:
        ValueError: if a part is more than 1, infinite, NaN or negative, or a pair not in order.
        TypeError: if it is not a number.

    >>> import nn
    >>> images = np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2)
    >>> nn.data.Translate((0.5, 0.5), 0)(images, rng=0)[0, 0]
    array([[0., 0.],
           [0., 1.]], dtype=float32)
    """

    n_numbers = 2
    height = Setting(lambda what, value: _parts(what, value))
    width = Setting(lambda what, value: _parts(what, value))

    def __init__(
        self,
        height: float | Sequence[float],
        width: float | Sequence[float] | None = None,
        *,
        mode: str = "constant",
        fill: float = 0.0,
    ) -> None:
        self.height = height
        self.width = height if width is None else width
        super().__init__(mode=mode, fill=fill)

    def maps(self, u: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
        maps = _identities(u.shape[1])
        maps[0, 2] = -height * between(self.height, u[0])
        maps[1, 2] = -width * between(self.width, u[1])
        return maps


class Rescale(AffineTransform):
    """Enlarges each image about its middle by a factor that is drawn uniformly, or reduces it; its shape stays.

    Arguments:
        factor: how far the factor is from 1: 0.1 draws factors from 0.9 to 1.1; or a pair (low, high). Above 1 the
            image is enlarged.
        mode, fill: what new pixels are, as for `Rotate`.

    Raises:
        ValueError: if a factor may be 0 or less, is infinite or NaN, or a pair is not in order.
        TypeError: if it is not a number.

    >>> import nn
    >>> images = np.ones((1, 1, 4, 4), dtype=np.float32)
    >>> nn.data.Rescale((0.5, 0.5))(images, rng=0)[0, 0].sum()
    np.float32(4.0)
    """

    factor = Setting(lambda what, value: _factors(what, value))

    def __init__(self, factor: float | Sequence[float], *, mode: str = "constant", fill: float = 0.0) -> None:
        self.factor = factor
        super().__init__(mode=mode, fill=fill)

    def maps(self, u: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
        maps = _identities(u.shape[1])
        maps[0, 0] = maps[1, 1] = 1 / between(self.factor, u[0])
        return maps


class Shear(AffineTransform):
    """Slants each image by an angle that is drawn uniformly: rows are moved sideways, the middle one stays.

    Arguments:
        degrees: the largest angle between columns and the vertical in either direction, less than 90, or a pair
            (low, high). Positive slants the image to the right, like italic letters.
        mode, fill: what new pixels are, as for `Rotate`.

    Raises:
        ValueError: if an angle is 90 degrees or more, NaN or negative, or a pair is not in order.
        TypeError: if it is not a number.

    >>> import nn
    >>> images = np.eye(3, dtype=np.float32)[None, None]
    >>> nn.data.Shear((45, 45))(images, rng=0)[0, 0].round()
    array([[0., 1., 0.],
           [0., 1., 0.],
           [0., 1., 0.]], dtype=float32)
    """

    degrees = Setting(lambda what, value: _slants(what, value))

    def __init__(self, degrees: float | Sequence[float], *, mode: str = "constant", fill: float = 0.0) -> None:
        self.degrees = degrees
        super().__init__(mode=mode, fill=fill)

    def maps(self, u: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
        maps = _identities(u.shape[1])
        maps[1, 0] = np.tan(np.deg2rad(between(self.degrees, u[0])))
        return maps


class _Sequence(AffineTransform):
    """Several affine transforms of one mode, one after the other, in one resampling."""

    def __init__(self, steps: list[AffineTransform]) -> None:
        super().__init__(mode=steps[0].mode, fill=steps[0].fill)
        self.steps = steps
        self.n_numbers = sum(step.n_numbers for step in steps)

    @property
    def name(self) -> str:
        return " and ".join(step.name for step in self.steps)

    def maps(self, u: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
        start, maps = 0, _identities(u.shape[1])
        for step in self.steps:
            # The last step's result is looked at first: p comes from A p + t, and that from where it was before.
            later = step.maps(u[start : start + step.n_numbers], height, width)
            shift = maps[:, 2]
            maps = maps[:, :1] * later[0] + maps[:, 1:2] * later[1]
            maps[:, 2] += shift
            start += step.n_numbers
        return maps


def merged(steps: Sequence[Any]) -> list[Any]:
    """The steps, of which affine ones in a row that treat the border alike have become one."""
    result: list[Any] = []
    for step in steps:
        last = result[-1] if result else None
        if isinstance(step, AffineTransform) and isinstance(last, AffineTransform) and _border(step) == _border(last):
            result[-1] = _Sequence([*(last.steps if isinstance(last, _Sequence) else [last]), step])
        else:
            result.append(step)
    return result


def _border(transform: AffineTransform) -> tuple[str, float]:
    return transform.mode, transform.fill


def _identities(n: int) -> NDArray[np.float64]:
    maps = np.zeros((2, 3, n))
    maps[0, 0] = maps[1, 1] = 1
    return maps


def _parts(what: str, value: Any) -> tuple[float, float]:
    interval = around_zero(what, value)
    most = max(map(abs, interval))
    if most > 1:
        raise ValueError(
            f"{what} is {value}, expected at most 1, the whole image; for {most:g} pixels of 28 write {most:g} / 28"
        )
    return interval


def _factors(what: str, value: Any) -> tuple[float, float]:
    interval = around_one(what, value)
    if interval[0] == 0:
        raise ValueError(f"{what} is {value}, but at a factor of 0 nothing is left of the image")
    return interval


def _slants(what: str, value: Any) -> tuple[float, float]:
    interval = around_zero(what, value)
    if max(map(abs, interval)) >= 90:
        raise ValueError(f"{what} is {value}, expected less than 90 degrees, at which rows have no end")
    return interval
