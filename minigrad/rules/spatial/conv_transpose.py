"""Transposed convolution: each pixel adds its multiple of the filters to the output.

It needs no primitive of its own: it is the error signal of a convolution's input.
"""

from __future__ import annotations

from typing import Any

from minigrad.kernels.spatial.windows import Ints, dilated_size
from minigrad.rules.convert_arguments import shape_of
from minigrad.rules.looked_up import looked_up
from minigrad.rules.manipulation.pad import pad
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.spatial.conv_arguments import INPUTS, check_shapes
from minigrad.rules.spatial.convolution import INPUT_GRADS
from minigrad.rules.spatial.windows import axis_names, normalize_padding, per_axis, signed
from minigrad.typing import Array, Padding, PerAxis

__all__ = ["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]


def conv_transpose1d(
    x: Array,
    weight: Array,
    bias: Array = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Array:
    """Transposed convolution of sequences: `conv_transpose2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        weight: filters, shape ``(C, O/groups, K)``.
        bias, stride, padding, output_padding, groups, dilation: as for `conv_transpose2d`, in tuples of one.

    Returns:
        Shape ``(N, O, OL)``.

    Raises:
        ValueError: if the shapes do not fit together, or nothing is left of the output.

    >>> import minigrad as mg
    >>> mg.conv_transpose1d([[[1.0, 10.0]]], [[[1.0, 2.0, 3.0]]], stride=2)
    array([[[ 1.,  2., 13., 20., 30.]]])
    """
    return _conv_transpose(1, x, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Array:
    """Transposed convolution of images: each pixel adds its multiple of the filters to the output.

    It computes the error signal of the input of `conv2d` with the same weight, stride, padding and dilation, and so
    maps the shape of its output to that of its input: N pixels become (N − 1)·S − 2P + D·(F − 1) + 1. As convolution
    with stride S gives the same output size for S input sizes, `output_padding` chooses among them.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        weight: filters, shape ``(C, O/groups, KH, KW)``: those of a convolution from O channels to C.
        bias: one number for each channel of the output, shape ``(O,)``.
        stride: pixels of the output from one filter to the next, for both axes or as (rows, columns).
        padding: pixels cut off around the output, in any form that `conv2d` accepts.
        output_padding: rows and columns added at the end; less than `stride`, or than `dilation`.
        groups: as for `conv2d`.
        dilation: as for `conv2d`.

    Returns:
        Shape ``(N, O, OH, OW)``.

    Raises:
        ValueError: if the shapes do not fit together, or nothing is left of the output.

    Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", 2016.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.conv_transpose2d(np.ones((1, 3, 8, 8)), np.ones((3, 1, 4, 4)), stride=2, padding=1).shape
    (1, 1, 16, 16)
    """
    return _conv_transpose(2, x, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    x: Array,
    weight: Array,
    bias: Array = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Array:
    """Transposed convolution of volumes: `conv_transpose2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        weight: filters, shape ``(C, O/groups, KD, KH, KW)``.
        bias, stride, padding, output_padding, groups, dilation: as for `conv_transpose2d`, in tuples of three.

    Returns:
        Shape ``(N, O, OD, OH, OW)``.

    Raises:
        ValueError: if the shapes do not fit together, or nothing is left of the output.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.conv_transpose3d(np.ones((1, 1, 2, 2, 2)), np.ones((1, 1, 2, 2, 2)), stride=2).shape
    (1, 1, 4, 4, 4)
    """
    return _conv_transpose(3, x, weight, bias, stride, padding, output_padding, groups, dilation)


def _conv_transpose(
    axes: int,
    x: Array,
    weight: Array,
    bias: Array,
    stride: PerAxis,
    padding: Padding,
    output_padding: PerAxis,
    groups: int,
    dilation: PerAxis,
) -> Array:
    bias_shape = None if bias is None else shape_of(bias)
    settings = (stride, padding, output_padding, groups, dilation)
    params, zeros = _plan(f"conv_transpose{axes}d", axes, shape_of(x), shape_of(weight), bias_shape, *settings)
    z = INPUT_GRADS[axes](x, weight, **params)
    if any(zeros):
        z = pad(z, ((0, 0), (0, 0), *((0, n) for n in zeros)))
    return z if bias is None else z + reshape(bias, (*shape_of(bias), *(1,) * axes))


@looked_up
def _plan(
    name: str,
    axes: int,
    x: Ints,
    weight: Ints,
    bias: Ints | None,
    stride: PerAxis,
    padding: Padding,
    output_padding: PerAxis,
    groups: int,
    dilation: PerAxis,
) -> tuple[dict[str, Any], Ints]:
    """The parameters of the primitive for arrays of these shapes, and how many rows and columns of zeros follow."""
    check_shapes(name, axes, x, weight, bias, groups, transposed=True)
    size, kernel = x[2:], weight[2:]
    strides = per_axis(f"{name}: stride", stride, axes, least=1)
    dilations = per_axis(f"{name}: dilation", dilation, axes, least=1)
    pad_width = normalize_padding(f"{name}: padding", padding, kernel, dilations)
    extra = per_axis(f"{name}: output_padding", output_padding, axes, least=0)
    if any(e >= max(s, d) for e, s, d in zip(extra, strides, dilations, strict=True)):
        raise ValueError(
            f"{name}: output_padding {output_padding} must be less than the stride {stride} or the dilation "
            f"{dilation}: it chooses among the sizes from which a convolution with that stride gives {size}; use at "
            f"most {tuple(max(s, d) - 1 for s, d in zip(strides, dilations, strict=True))}"
        )
    # A convolution of the output must have exactly as many positions as `x`, so its size can grow by less than a
    # stride. Further pixels are taken from those cut off at the end, and are 0 where none were.
    grown = tuple(min(e, s - 1) for e, s in zip(extra, strides, strict=True))
    uncut = tuple(min(e - g, after) for e, g, (_, after) in zip(extra, grown, pad_width, strict=True))
    zeros = tuple(e - g - u for e, g, u in zip(extra, grown, uncut, strict=True))
    pad_width = tuple((before, after - u) for (before, after), u in zip(pad_width, uncut, strict=True))
    spans = dilated_size(kernel, dilations)
    out_size = tuple(
        (n - 1) * s + f - sum(p) + g for n, s, f, p, g in zip(size, strides, spans, pad_width, grown, strict=True)
    )
    for axis, n, s, f, p, m, g in zip(axis_names(axes), size, strides, spans, pad_width, out_size, grown, strict=True):
        if n < 1:
            raise ValueError(f"{name}: {INPUTS[axes]} of size {size} have no {axis}")
        if m < 1:
            raise ValueError(
                f"{name}: padding {padding} cuts off all {axis}: (N − 1)·S + F − P{' + output_padding' if g else ''} "
                f"= ({n} − 1)·{s} + {f} − {sum(p)}{f' + {g}' if g else ''} = {signed(m)}; use a padding of at most "
                f"{((n - 1) * s + f + g - 1) // 2} on each side"
            )
    params = {"size": out_size, "stride": strides, "padding": pad_width, "dilation": dilations, "groups": int(groups)}
    return params, zeros
