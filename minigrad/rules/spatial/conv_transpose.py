"""TODO"""

from __future__ import annotations

from typing import Any

from minigrad.core.primitive import Primitive
from minigrad.kernels.spatial.windows import dilated_size
from minigrad.rules.arguments import shape_of
from minigrad.rules.manipulation.pad import pad
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.spatial.convolution import (
    WHAT,
    check_channels,
    conv1d_input_grad,
    conv2d_input_grad,
    conv3d_input_grad,
    stride_and_dilation,
)
from minigrad.rules.spatial.windows import along_axes, normalize_padding, per_axis, signed
from minigrad.typing import Padding, PerAxis

__all__ = ["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]


def conv_transpose1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Any:
    """Lay filters along a sequence, each as strongly as the element it belongs to: `conv_transpose2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        weight: filters, shape ``(C, O/groups, K)``.
        bias, stride, padding, output_padding, groups, dilation: as for `conv_transpose2d`, in tuples of one.

    Returns:
        Shape ``(N, O, OL)``.

    Raises:
        ValueError: if the shapes do not belong together.

    >>> import minigrad as mg
    >>> mg.conv_transpose1d([[[1.0, 10.0]]], [[[1.0, 2.0, 3.0]]], stride=2)
    array([[[ 1.,  2., 13., 20., 30.]]])
    """
    return _transposed(conv1d_input_grad, 1, x, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Any:
    """Lay filters over an image, each as strongly as the pixel it belongs to: what `conv2d` does, backwards.

    It is the error signal of what `conv2d` with the same weight, stride, padding and dilation scans, and so maps
    its output's shape to its input's: (N − 1)·S − 2P + D·(F − 1) + 1 pixels from N, and `output_padding` more,
    for a scan with stride S gives the same size for S different ones.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        weight: filters, shape ``(C, O/groups, KH, KW)``: of the scan from O channels to C.
        bias: one number for each channel of the output, shape ``(O,)``.
        stride: pixels from one filter to the next, for both axes or as (rows, columns).
        padding: pixels cut off around the output, in any form that `conv2d` takes.
        output_padding: rows and columns added at the end; less than `stride`, or than `dilation`.
        groups: as for `conv2d`.
        dilation: as for `conv2d`.

    Returns:
        Shape ``(N, O, OH, OW)``.

    Raises:
        ValueError: if the shapes do not belong together.

    Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", 2016.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.conv_transpose2d(np.ones((1, 3, 8, 8)), np.ones((3, 1, 4, 4)), stride=2, padding=1).shape
    (1, 1, 16, 16)
    """
    return _transposed(conv2d_input_grad, 2, x, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Any:
    """Lay filters into a volume, each as strongly as the element it belongs to: `conv_transpose2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        weight: filters, shape ``(C, O/groups, KD, KH, KW)``.
        bias, stride, padding, output_padding, groups, dilation: as for `conv_transpose2d`, in tuples of three.

    Returns:
        Shape ``(N, O, OD, OH, OW)``.

    Raises:
        ValueError: if the shapes do not belong together.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.conv_transpose3d(np.ones((1, 1, 2, 2, 2)), np.ones((1, 1, 2, 2, 2)), stride=2).shape
    (1, 1, 4, 4, 4)
    """
    return _transposed(conv3d_input_grad, 3, x, weight, bias, stride, padding, output_padding, groups, dilation)


def _transposed(
    lay: Primitive,
    axes: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: PerAxis,
    padding: Padding,
    output_padding: PerAxis,
    groups: int,
    dilation: PerAxis,
) -> Any:
    name, shape, filters = f"conv_transpose{axes}d", shape_of(x), shape_of(weight)
    out_channels = check_channels(name, axes, shape, filters, bias, groups, transposed=True)
    kernel, strides, dilations = filters[2:], *stride_and_dilation(name, axes, stride, dilation)
    border = normalize_padding(f"{name}: padding", padding, kernel, dilations)
    more = per_axis(f"{name}: output_padding", output_padding, axes, least=0)
    if any(m >= max(s, d) for m, s, d in zip(more, strides, dilations, strict=True)):
        raise ValueError(
            f"{name}: output_padding {output_padding} must be less than the stride {stride} or the dilation "
            f"{dilation}: it chooses among the sizes that a scan with that stride brings to {shape[2:]}; use at most "
            f"{tuple(max(s, d) - 1 for s, d in zip(strides, dilations, strict=True))}"
        )
    # A scan of the output has to have exactly as many positions as `x`, so less than a stride can be added to its
    # size. What goes beyond that had been cut off at the end, or is 0 where nothing had.
    counted = tuple(min(m, s - 1) for m, s in zip(more, strides, strict=True))
    spared = tuple(min(m - c, after) for m, c, (_, after) in zip(more, counted, border, strict=True))
    beyond = tuple(m - c - u for m, c, u in zip(more, counted, spared, strict=True))
    border = tuple((before, after - u) for (before, after), u in zip(border, spared, strict=True))
    spans = dilated_size(kernel, dilations)
    size = tuple(
        (n - 1) * s + f - sum(p) + c for n, s, f, p, c in zip(shape[2:], strides, spans, border, counted, strict=True)
    )
    for along, n, s, f, p, m, c in zip(along_axes(axes), shape[2:], strides, spans, border, size, counted, strict=True):
        if n < 1:
            raise ValueError(f"{name}: {WHAT[axes]} of {shape[2:]} have no {along} that a filter could be laid along")
        if m < 1:
            extra = f" + {c}" if c else ""
            raise ValueError(
                f"{name}: padding {padding} cuts all {along} off: (N − 1)·S + F − P{' + output_padding' if c else ''} "
                f"= ({n} − 1)·{s} + {f} − {sum(p)}{extra} = {signed(m)}; use a padding of at most "
                f"{((n - 1) * s + f + c - 1) // 2} on each side"
            )
    z = lay(x, weight, size=size, stride=strides, padding=border, dilation=dilations, groups=int(groups))
    if any(beyond):
        z = pad(z, ((0, 0), (0, 0), *((0, n) for n in beyond)))
    return z if bias is None else z + reshape(bias, (out_channels, *(1,) * axes))
