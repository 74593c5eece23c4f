"""Dropout: of single elements, and of whole channels."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.layers.dropout.base import Dropping, constant_like
from nn.typing import Array

__all__ = ["Dropout", "Dropout1d", "Dropout2d", "Dropout3d"]


class Dropout(Dropping):
    """In training, set each element to 0 with probability `p`, and scale the rest by 1 / (1 − p).

    So no unit can rely on another. The scaling keeps the expected sum, so that outside of training the input can pass
    unchanged.

    Arguments:
        p: the probability of dropping an element, 0 ≤ p ≤ 1.
        rng: seed or generator for the choices.

    Raises:
        ValueError: if `p` is not a probability.

    Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout", JMLR 2014.

    >>> import nn, numpy as np
    >>> nn.Dropout(0.5, rng=0)(np.ones(6))
    array([2., 2., 2., 0., 0., 0.])
    >>> nn.Dropout(0.5).eval()(np.ones(2))
    array([1., 1.])
    """

    def _drop(self, x: Array, kept: Any) -> Array:
        scale = np.asarray(1 / (1 - self.p) if self.p < 1 else 0).astype(x.dtype)  # float64 would take twice the time
        mask = constant_like(x, kept * scale)
        if mg.recorder.writers:
            mg.recorder.called(mask=mask)
        return x * mask


class _ChannelDropout(Dropout):
    """Dropout of whole channels, with an axis for each of `axes` after that of the channels."""

    axes: int
    takes_unbatched = True

    def _choices(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """One for each channel of each sample.

        Raises:
            ValueError: if the input has other axes.
        """
        channel_axis = len(shape) - self.axes - 1
        if channel_axis == 1 or (channel_axis == 0 and self.takes_unbatched):
            return (*shape[: channel_axis + 1], *(1,) * self.axes)
        size = ("L", "H, W", "D, H, W")[self.axes - 1]
        expected = f"(N, C, {size})" + f" or (C, {size})" * self.takes_unbatched
        if channel_axis == 0:
            hint = "; a single image needs a batch axis, x[None], and sequences (N, C, L) are for Dropout1d"
        else:
            hint = f"; that is for Dropout{len(shape) - 2}d" if 3 <= len(shape) <= 5 else ""
        raise ValueError(f"{type(self).__name__}: the input has shape {shape}, expected {expected}{hint}")


class Dropout1d(_ChannelDropout):
    """In training, set each channel of a sequence to 0 with probability `p`, and scale the rest by 1 / (1 − p).

    Neighbours are alike, so that dropping single elements would leave what they tell.

    Arguments:
        p: the probability of dropping a channel, 0 ≤ p ≤ 1.
        rng: seed or generator for the choices.

    Shapes: input ``(N, C, L)`` or ``(C, L)``, output likewise.

    Raises:
        ValueError: if `p` is not a probability; in a call, if the input has other axes.

    >>> import nn, numpy as np
    >>> nn.Dropout1d(0.5, rng=0)(np.ones((1, 4, 2))).tolist()
    [[[2.0, 2.0], [2.0, 2.0], [2.0, 2.0], [0.0, 0.0]]]
    """

    axes = 1


class Dropout2d(_ChannelDropout):
    """In training, set each feature map to 0 with probability `p`, and scale the rest by 1 / (1 − p).

    Neighbouring pixels are alike, so that dropping single ones would leave what they tell, and only slow learning
    down.

    Arguments:
        p: the probability of dropping a channel, 0 ≤ p ≤ 1.
        rng: seed or generator for the choices.

    Shapes: input ``(N, C, H, W)``, output likewise. One of three axes is refused: PyTorch takes it for sequences
    (N, C, L), with the warning that it will be one image (C, H, W) one day.

    Raises:
        ValueError: if `p` is not a probability; in a call, if the input has other axes.

    Source: Tompson, Goroshin, Jain, LeCun, Bregler, "Efficient object localization using convolutional networks",
    CVPR 2015.

    >>> import nn, numpy as np
    >>> nn.Dropout2d(0.5, rng=0)(np.ones((1, 4, 5, 5))).sum(axis=(2, 3))
    array([[50., 50., 50.,  0.]])
    """

    axes = 2
    takes_unbatched = False


class Dropout3d(_ChannelDropout):
    """In training, set each channel of a volume to 0 with probability `p`, and scale the rest by 1 / (1 − p).

    Arguments:
        p: the probability of dropping a channel, 0 ≤ p ≤ 1.
        rng: seed or generator for the choices.

    Shapes: input ``(N, C, D, H, W)`` or ``(C, D, H, W)``, output likewise.

    Raises:
        ValueError: if `p` is not a probability; in a call, if the input has other axes.

    >>> import nn, numpy as np
    >>> nn.Dropout3d(0.5, rng=0)(np.ones((4, 1, 1, 2))).sum(axis=(1, 2, 3))
    array([4., 4., 4., 0.])
    """

    axes = 3
