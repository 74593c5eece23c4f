"""Convolutional layers for sound, images and volumes, and transposed convolutions, which enlarge them again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

import minigrad as mg
from nn.init.layer_parameters import initial_bias, initial_weight
from nn.module import Module, Parameter
from nn.printed_text import lengths
from nn.typing import Padding, PerAxis

__all__ = ["Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"]


class _Filters(Module):
    """What all convolutional layers share: filters, a bias, and how they are shown.

    Attributes:
        function: computes the output, ``mg.conv2d`` for instance.
        axes: the number of axes that the filters move along.
    """

    function: ClassVar[Callable[..., Any]]
    axes: ClassVar[int]
    in_channels: int
    out_channels: int
    kernel_size: PerAxis
    weight: Parameter
    bias: Parameter | None
    _defaults: ClassVar[dict[str, Any]]  # repr leaves out arguments with these values
    _filter: ClassVar[str] = "filter"

    def _make_parameters(
        self, shape: tuple[int, ...], bias: bool, init: Callable[..., Any] | None, dtype: Any, rng: Any
    ) -> None:
        how: dict[str, Any] = {"init": init, "dtype": dtype, "rng": np.random.default_rng(rng)}
        fan_in = math.prod(shape[1:])
        self.weight = initial_weight(type(self).__name__, shape, fan_in, **how)
        self.bias = initial_bias((self.out_channels,), fan_in, **how) if bias else None

    def describe(self) -> list[str]:
        """``6 filters 5×5``, and the arguments that are not the usual ones."""
        filters = self._filter if self.out_channels == 1 else f"{self._filter}s"
        texts = [f"{self.out_channels} {filters} {lengths(self.kernel_size, self.axes)}"]
        for name, value in self._unusual():
            if name not in ("bias", "strict"):
                texts.append(f"{name.replace('_', ' ')} {value if isinstance(value, str) else lengths(value)}")
        return texts

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"]
        return ", ".join([*parts, *(f"{name}={value!r}" for name, value in self._unusual())])

    def _unusual(self) -> Iterator[tuple[str, Any]]:
        """The arguments that are not the defaults."""
        for name, default in self._defaults.items():
            value = self.bias is not None if name == "bias" else getattr(self, name)
            if value not in (default, (default,) * self.axes):
                yield name, value


class _Conv(_Filters):
    _defaults: ClassVar[dict[str, Any]] = {
        "stride": 1,
        "padding": 0,
        "dilation": 1,
        "groups": 1,
        "bias": True,
        "padding_mode": "zeros",
        "strict": False,
    }

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: PerAxis,
        stride: PerAxis = 1,
        padding: Padding = 0,
        dilation: PerAxis = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        strict: bool = False,
        init: Callable[..., Any] | None = None,
        dtype: Any = np.float32,
        rng: Any = None,
    ) -> None:
        kernel = _check_sizes(self, in_channels, out_channels, kernel_size, groups)
        self.in_channels, self.out_channels, self.kernel_size = in_channels, out_channels, kernel_size
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
        self.padding_mode, self.strict = padding_mode, strict
        self._make_parameters((out_channels, in_channels // groups, *kernel), bias, init, dtype, rng)

    def forward(self, x: Any) -> Any:
        """The convolution of `x` with the layer's filters, as by ``mg.conv2d``."""
        params = (self.stride, self.padding, self.dilation, self.groups)
        return self.function(x, self.weight, self.bias, *params, padding_mode=self.padding_mode, strict=self.strict)


class _ConvTranspose(_Filters):
    _filter = "transposed filter"
    _defaults: ClassVar[dict[str, Any]] = {
        "stride": 1,
        "padding": 0,
        "output_padding": 0,
        "groups": 1,
        "bias": True,
        "dilation": 1,
    }

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: PerAxis,
        stride: PerAxis = 1,
        padding: Padding = 0,
        output_padding: PerAxis = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: PerAxis = 1,
        *,
        init: Callable[..., Any] | None = None,
        dtype: Any = np.float32,
        rng: Any = None,
    ) -> None:
        kernel = _check_sizes(self, in_channels, out_channels, kernel_size, groups)
        self.in_channels, self.out_channels, self.kernel_size = in_channels, out_channels, kernel_size
        self.stride, self.padding, self.output_padding = stride, padding, output_padding
        self.groups, self.dilation = groups, dilation
        self._make_parameters((in_channels, out_channels // groups, *kernel), bias, init, dtype, rng)

    def forward(self, x: Any) -> Any:
        """The transposed convolution of `x` with the layer's filters, as by ``mg.conv_transpose2d``."""
        params = (self.stride, self.padding, self.output_padding, self.groups, self.dilation)
        return self.function(x, self.weight, self.bias, *params)


class Conv1d(_Conv):
    """A convolution of sound, or of any sequence: `Conv2d` along one axis.

    Takes the arguments of `Conv2d`, in tuples of one where they are given for each axis.

    Shapes: input ``(N, in_channels, L)``, output ``(N, out_channels, OL)``; ``weight``
    (out_channels, in_channels/groups, K), ``bias`` (out_channels,).

    Raises:
        ValueError: as `Conv2d`.

    >>> import nn, numpy as np
    >>> nn.Conv1d(1, 8, 9, stride=4, padding="same")(np.ones((1, 1, 8000), dtype=np.float32)).shape
    (1, 8, 2000)
    """

    function = staticmethod(mg.conv1d)
    axes = 1


class Conv2d(_Conv):
    """A convolution of images: each filter gives one feature map, and shares its weights among all positions.

    Arguments:
        in_channels, out_channels: the channels of the images, and the number of filters.
        kernel_size: the size of a filter, for both axes or as (rows, columns).
        stride: the step in pixels from one position to the next, likewise.
        padding: the pixels added around the images, likewise; or for each axis a pair (before, after); ``"valid"``
            for none; ``"same"`` for ⌈N / S⌉ positions.
        dilation: the step from one element of a filter to the next: it spans D·(F − 1) + 1.
        groups: the number of groups into which channels and filters are divided; each group of filters sees only
            its own group of channels. With one group for each channel, the layer is depthwise.
        bias: whether each filter adds a bias.
        padding_mode: the values of the padding: ``"zeros"``, ``"reflect"``, ``"replicate"`` or ``"circular"``.
        strict: whether to refuse images where (H − F + 2P) / S is not a whole number, so that the last pixels would
            be left out.
        init: sets the initial weight, as ``nn.init.kaiming_normal_`` does; it is called as ``init(weight, rng=rng)``,
            and the bias starts at 0. Without it, both are drawn from ±1/√fan_in, as PyTorch's.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, in_channels, H, W)``, output ``(N, out_channels, OH, OW)`` with
    OH = ⌊(H − F + 2P) / S⌋ + 1; ``weight`` (out_channels, in_channels/groups, KH, KW), ``bias`` (out_channels,).

    Raises:
        ValueError: if the channels, groups or sizes of the filters are impossible; in a call, if the images have
            other channels, or a filter does not fit.
        TypeError: if `init` is not a function.

    >>> import nn, numpy as np
    >>> nn.Conv2d(3, 6, 5)(np.ones((1, 3, 32, 32), dtype=np.float32)).shape
    (1, 6, 28, 28)
    >>> nn.Conv2d(6, 6, 3, padding=1, groups=6)
    Conv2d(6, 6, kernel_size=3, padding=1, groups=6)
    """

    function = staticmethod(mg.conv2d)
    axes = 2


class Conv3d(_Conv):
    """A convolution of volumes, such as medical scans or the frames of a film: `Conv2d` along three axes.

    Takes the arguments of `Conv2d`, in triples (planes, rows, columns) where they are given for each axis.

    Shapes: input ``(N, in_channels, D, H, W)``, output ``(N, out_channels, OD, OH, OW)``; ``weight``
    (out_channels, in_channels/groups, KD, KH, KW), ``bias`` (out_channels,).

    Raises:
        ValueError: as `Conv2d`.

    >>> import nn, numpy as np
    >>> nn.Conv3d(1, 4, (1, 3, 3))(np.ones((1, 1, 8, 8, 8), dtype=np.float32)).shape
    (1, 4, 8, 6, 6)
    """

    function = staticmethod(mg.conv3d)
    axes = 3


class ConvTranspose1d(_ConvTranspose):
    """A transposed convolution of sequences: `ConvTranspose2d` along one axis.

    Takes the arguments of `ConvTranspose2d`, in tuples of one where they are given for each axis.

    Shapes: input ``(N, in_channels, L)``, output ``(N, out_channels, OL)``; ``weight``
    (in_channels, out_channels/groups, K), ``bias`` (out_channels,).

    Raises:
        ValueError: as `ConvTranspose2d`.

    >>> import nn, numpy as np
    >>> nn.ConvTranspose1d(8, 1, 4, stride=4)(np.ones((1, 8, 2000), dtype=np.float32)).shape
    (1, 1, 8000)
    """

    function = staticmethod(mg.conv_transpose1d)
    axes = 1


class ConvTranspose2d(_ConvTranspose):
    """A transposed convolution of images, from the output size of a `Conv2d` to its input size.

    Each pixel adds its multiple of the filter to the output.

    Arguments:
        in_channels, out_channels: the channels of the input and of the output.
        kernel_size: the size of a filter, for both axes or as (rows, columns).
        stride: the step in pixels of the output from one filter to the next, likewise.
        padding: the pixels cut off around the output, in any form that `Conv2d` takes.
        output_padding: the rows and columns added at the end; with a stride, several input sizes of a `Conv2d` have
            the same output size.
        groups, bias, dilation, init, dtype, rng: as for `Conv2d`.

    Shapes: input ``(N, in_channels, H, W)``, output ``(N, out_channels, OH, OW)`` with
    OH = (H − 1)·S − 2P + D·(F − 1) + 1 + output_padding; ``weight`` (in_channels, out_channels/groups, KH, KW),
    ``bias`` (out_channels,).

    Raises:
        ValueError: if the channels, groups or sizes of the filters are impossible; in a call, if the images have
            other channels.

    >>> import nn, numpy as np
    >>> nn.ConvTranspose2d(6, 3, 4, stride=2, padding=1)(np.ones((1, 6, 14, 14), dtype=np.float32)).shape
    (1, 3, 28, 28)
    """

    function = staticmethod(mg.conv_transpose2d)
    axes = 2


class ConvTranspose3d(_ConvTranspose):
    """A transposed convolution of volumes: `ConvTranspose2d` along three axes.

    Takes the arguments of `ConvTranspose2d`, in triples (planes, rows, columns) where they are given for each axis.

    Shapes: input ``(N, in_channels, D, H, W)``, output ``(N, out_channels, OD, OH, OW)``; ``weight``
    (in_channels, out_channels/groups, KD, KH, KW), ``bias`` (out_channels,).

    Raises:
        ValueError: as `ConvTranspose2d`.

    >>> import nn, numpy as np
    >>> nn.ConvTranspose3d(4, 1, 2, stride=2)(np.ones((1, 4, 3, 3, 3), dtype=np.float32)).shape
    (1, 1, 6, 6, 6)
    """

    function = staticmethod(mg.conv_transpose3d)
    axes = 3


def _check_sizes(
    layer: _Filters, in_channels: int, out_channels: int, kernel_size: PerAxis, groups: int
) -> tuple[int, ...]:
    """The size of a filter along each axis, after a check of what the shapes of the parameters depend on.

    Raises:
        ValueError: if a number is impossible.
    """
    name = type(layer).__name__
    for argument, n in {"in_channels": in_channels, "out_channels": out_channels, "groups": groups}.items():
        if not _is_positive_integer(n):
            raise ValueError(f"{name}: {argument} must be a whole number ≥ 1; got {n!r}")
    if in_channels % groups or out_channels % groups:
        divisors = [str(g) for g in range(1, out_channels + 1) if in_channels % g == 0 == out_channels % g]
        raise ValueError(
            f"{name}: groups={groups} does not divide both in_channels={in_channels} and out_channels={out_channels}; "
            f"groups that do: {', '.join(divisors)}"
        )
    kernel = tuple(kernel_size) if isinstance(kernel_size, Sequence) else (kernel_size,) * layer.axes
    if len(kernel) != layer.axes or not all(map(_is_positive_integer, kernel)):
        tuples = {1: "a tuple of one", 2: "a pair (rows, columns)", 3: "a triple (planes, rows, columns)"}
        raise ValueError(
            f"{name}: kernel_size must be a whole number ≥ 1, or {tuples[layer.axes]}; got {kernel_size!r}"
        )
    return kernel


def _is_positive_integer(n: Any) -> bool:
    return isinstance(n, int | np.integer) and not isinstance(n, bool) and bool(n >= 1)
