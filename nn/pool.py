"""Pooling layers: the functions of the same names, with their windows chosen beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import minigrad as mg
from nn.conv import Padding, PerAxis
from nn.module import Module

__all__ = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d", "GlobalAvgPool", "GlobalMaxPool", "LPPool1d",
    "LPPool2d", "LPPool3d", "MaxPool1d", "MaxPool2d", "MaxPool3d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d",
]  # fmt: skip


class _Pool(Module):
    """A layer that says its arguments as they were given, those with a default only where they differ from it."""

    given: ClassVar[tuple[str, ...]] = ("kernel_size",)
    defaults: ClassVar[dict[str, Any]] = {}
    kernel_size: PerAxis

    def extra_repr(self) -> str:
        """The arguments, leaving out defaults."""
        words = [str(getattr(self, name)) for name in self.given]
        for name, default in self.defaults.items():
            value = _once(getattr(self, name))
            if value != default and not (name == "stride" and value == _once(self.kernel_size)):
                words.append(f"{name}={getattr(self, name)!r}")
        return ", ".join(words)


def _once(value: Any) -> Any:
    """A number that is given for each axis, as one for all."""
    same = isinstance(value, tuple | list) and all(n == value[0] for n in value)
    return _once(value[0]) if same and value else value


class _MaxPool(_Pool):
    axes: ClassVar[int]
    defaults: ClassVar = {"stride": None, "padding": 0, "dilation": 1, "return_indices": False, "ceil_mode": False}

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        dilation: PerAxis = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, x: Any) -> Any:
        """The function of this name, with this window."""
        how = (self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices)
        return getattr(mg, f"max_pool{self.axes}d")(x, *how)


class MaxPool1d(_MaxPool):
    """The largest element of each window of a sequence: `MaxPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn, numpy as np
    >>> nn.MaxPool1d(4)(np.ones((1, 6, 28))).shape
    (1, 6, 7)
    """

    axes = 1


class MaxPool2d(_MaxPool):
    """The largest element of each window: a smaller image that keeps the strongest responses.

    Arguments:
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border that never wins, in any form that `minigrad.max_pool2d` takes.
        dilation: pixels from one element of the window to the next.
        return_indices: whether to give the place of each winner in its image, too, for `MaxUnpool2d`.
        ceil_mode: whether a last window that reaches beyond the image counts.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F + 2P) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.MaxPool2d(2)(np.ones((1, 6, 28, 28))).shape
    (1, 6, 14, 14)
    """

    axes = 2


class MaxPool3d(_MaxPool):
    """The largest element of each window of a volume: `MaxPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.MaxPool3d((1, 2, 2))(np.ones((1, 6, 3, 28, 28))).shape
    (1, 6, 3, 14, 14)
    """

    axes = 3


class _MaxUnpool(_Pool):
    axes: ClassVar[int]
    defaults: ClassVar = {"stride": None, "padding": 0}

    def __init__(self, kernel_size: PerAxis, stride: PerAxis | None = None, padding: PerAxis = 0) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding

    def forward(self, x: Any, indices: Any, output_size: Sequence[int] | None = None) -> Any:
        """The function of this name, with this window."""
        unpool = getattr(mg, f"max_unpool{self.axes}d")
        return unpool(x, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool1d(_MaxUnpool):
    """Each element of a sequence back where `MaxPool1d` took it from: `MaxUnpool2d` along one axis.

    Shapes: inputs ``(N, C, L)`` twice, output ``(N, C, OL)``.

    >>> import nn
    >>> y, indices = nn.MaxPool1d(2, return_indices=True)([[[1.0, 3.0, 5.0, 2.0]]])
    >>> nn.MaxUnpool1d(2)(y, indices)
    array([[[0., 3., 5., 0.]]])
    """

    axes = 1


class MaxUnpool2d(_MaxUnpool):
    """Each element back where `MaxPool2d` took it from, and 0 everywhere else, as a decoder needs it.

    It is called with the elements, the indices that `MaxPool2d` gave, and, where several sizes come in question,
    the size of the result.

    Arguments:
        kernel_size, stride, padding: those of the pooling.

    Shapes: inputs ``(N, C, H, W)`` twice, output ``(N, C, OH, OW)`` with OH = (H − 1)·S − 2P + F unless given.

    >>> import nn, numpy as np
    >>> y, indices = nn.MaxPool2d(2, return_indices=True)(np.ones((1, 6, 28, 28)))
    >>> nn.MaxUnpool2d(2)(y, indices).shape
    (1, 6, 28, 28)
    """

    axes = 2


class MaxUnpool3d(_MaxUnpool):
    """Each element of a volume back where `MaxPool3d` took it from: `MaxUnpool2d` along three axes.

    Shapes: inputs ``(N, C, D, H, W)`` twice, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> y, indices = nn.MaxPool3d(2, return_indices=True)(np.ones((1, 6, 2, 4, 4)))
    >>> nn.MaxUnpool3d(2)(y, indices).shape
    (1, 6, 2, 4, 4)
    """

    axes = 3


class _AvgPool(_Pool):
    axes: ClassVar[int]
    defaults: ClassVar = {
        "stride": None, "padding": 0, "ceil_mode": False, "count_include_pad": True, "divisor_override": None,
    }  # fmt: skip

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: float | None = None,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, x: Any) -> Any:
        """The function of this name, with this window."""
        how: tuple[Any, ...] = (self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)
        if self.axes > 1:
            how = (*how, self.divisor_override)
        return getattr(mg, f"avg_pool{self.axes}d")(x, *how)


class AvgPool1d(_AvgPool):
    """The average of each window of a sequence: `AvgPool2d` along one axis, without `divisor_override`.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AvgPool1d(2)([[[1.0, 3.0, 2.0, 6.0]]])
    array([[[2., 4.]]])
    """

    axes = 1

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)


class AvgPool2d(_AvgPool):
    """The average of each window: a smaller image, in which every pixel has had its share.

    Arguments:
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border of zeros, in any form that `minigrad.avg_pool2d` takes.
        ceil_mode: whether a last window that reaches beyond the image counts.
        count_include_pad: whether the zeros of the padding count among the pixels that the sum is divided by.
        divisor_override: what every sum is divided by instead of the number of pixels.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F + 2P) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.AvgPool2d(3, stride=2, padding=1)(np.ones((1, 6, 28, 28))).shape
    (1, 6, 14, 14)
    """

    axes = 2


class AvgPool3d(_AvgPool):
    """The average of each window of a volume: `AvgPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AvgPool3d(2)(np.ones((1, 6, 4, 28, 28))).shape
    (1, 6, 2, 14, 14)
    """

    axes = 3


class _LPPool(_Pool):
    axes: ClassVar[int]
    given = ("norm_type", "kernel_size")
    defaults: ClassVar = {"stride": None, "ceil_mode": False}

    def __init__(
        self, norm_type: float, kernel_size: PerAxis, stride: PerAxis | None = None, ceil_mode: bool = False
    ) -> None:
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def forward(self, x: Any) -> Any:
        """The function of this name, with this window."""
        pool = getattr(mg, f"lp_pool{self.axes}d")
        return pool(x, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)


class LPPool1d(_LPPool):
    """The norm of each window of a sequence: `LPPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.LPPool1d(2, 2)([[[3.0, -4.0, 0.0, 2.0]]])
    array([[[5., 2.]]])
    """

    axes = 1


class LPPool2d(_LPPool):
    """The norm of each window, ``(Σ |x|ᵖ)^(1/p)``: the lecture's L2-norm pooling with p = 2.

    Arguments:
        norm_type: p, greater than 0; ``np.inf`` for the largest size.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        ceil_mode: whether a last window that reaches beyond the image counts.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.LPPool2d(2, 2)(np.ones((1, 1, 2, 2)))
    array([[[[2.]]]])
    """

    axes = 2


class LPPool3d(_LPPool):
    """The norm of each window of a volume: `LPPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.LPPool3d(1, 2)(np.ones((1, 1, 2, 2, 2)))
    array([[[[[8.]]]]])
    """

    axes = 3


class _AdaptiveAvgPool(_Pool):
    axes: ClassVar[int]
    given = ("output_size",)

    def __init__(self, output_size: int | tuple[int | None, ...] | None) -> None:
        self.output_size = output_size

    def forward(self, x: Any) -> Any:
        """The function of this name, to this size."""
        return getattr(mg, f"adaptive_avg_pool{self.axes}d")(x, self.output_size)


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """The averages of so many bins of a sequence, of any length: `AdaptiveAvgPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AdaptiveAvgPool1d(2)([[[1.0, 2.0, 3.0, 4.0, 5.0]]])
    array([[[2., 4.]]])
    """

    axes = 1


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """The averages of so many bins of an image, of any size: what follows it may count on one size.

    Arguments:
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveAvgPool2d((5, None))(np.ones((1, 6, 13, 9))).shape
    (1, 6, 5, 9)
    """

    axes = 2


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """The averages of so many bins of a volume, of any size: `AdaptiveAvgPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveAvgPool3d(2)(np.ones((1, 6, 4, 5, 6))).shape
    (1, 6, 2, 2, 2)
    """

    axes = 3


class _AdaptiveMaxPool(_Pool):
    axes: ClassVar[int]
    given = ("output_size",)
    defaults: ClassVar = {"return_indices": False}

    def __init__(self, output_size: int | tuple[int | None, ...] | None, return_indices: bool = False) -> None:
        self.output_size = output_size
        self.return_indices = return_indices

    def forward(self, x: Any) -> Any:
        """The function of this name, to this size."""
        return getattr(mg, f"adaptive_max_pool{self.axes}d")(x, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """The largest elements of so many bins of a sequence, of any length: `AdaptiveMaxPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AdaptiveMaxPool1d(2)([[[1.0, 2.0, 3.0, 4.0, 5.0]]])
    array([[[3., 5.]]])
    """

    axes = 1


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """The largest elements of so many bins of an image, of any size.

    Arguments:
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.
        return_indices: whether to give the place of each winner in its image, too.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveMaxPool2d((5, None))(np.ones((1, 6, 13, 9))).shape
    (1, 6, 5, 9)
    """

    axes = 2


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """The largest elements of so many bins of a volume, of any size: `AdaptiveMaxPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveMaxPool3d(2)(np.ones((1, 6, 4, 5, 6))).shape
    (1, 6, 2, 2, 2)
    """

    axes = 3


class GlobalAvgPool(Module):
    """The average of each channel, of any number of axes.

    Shapes: input ``(N, C, *size)``, output ``(N, C)``.

    >>> import nn, numpy as np
    >>> nn.GlobalAvgPool()(np.ones((1, 6, 7, 7))).shape
    (1, 6)
    """

    def forward(self, x: Any) -> Any:
        """``mg.global_avg_pool``."""
        return mg.global_avg_pool(x)


class GlobalMaxPool(Module):
    """The largest element of each channel, of any number of axes.

    Shapes: input ``(N, C, *size)``, output ``(N, C)``.

    >>> import nn, numpy as np
    >>> nn.GlobalMaxPool()(np.ones((1, 6, 7, 7))).shape
    (1, 6)
    """

    def forward(self, x: Any) -> Any:
        """``mg.global_max_pool``."""
        return mg.global_max_pool(x)
