"""Convolution, which scans sequences, images and volumes with filters (cross-correlation, as in the lectures).

There are three primitives for each number of axes, linear in both arguments, whose rules call one another:
convolution, the error signal of its input, and the error signal of its weight, to which every position contributes.
So convolution can be differentiated any number of times, and the second of the three is transposed convolution.
"""

from __future__ import annotations

from typing import Any

from minigrad.core.primitive import Primitive
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.spatial import convolution as kernels
from minigrad.kernels.spatial.windows import Ints, PadWidth
from minigrad.rules import builtin_axes
from minigrad.rules.convert_arguments import shape_of
from minigrad.rules.looked_up import looked_up
from minigrad.rules.manipulation.pad import pad
from minigrad.rules.spatial.conv_arguments import check_shapes
from minigrad.rules.spatial.windows import check_fits, normalize_padding, per_axis
from minigrad.typing import Array, Padding, PerAxis

__all__ = ["conv1d", "conv2d", "conv3d"]

#: PyTorch's name of each padding mode, and that of `np.pad`.
_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


# ---------------------------------------------------------------- primitives
def _family(name: str) -> tuple[Primitive, Primitive, Primitive]:
    """Convolution and its two error signals; `params` are stride, padding, dilation and groups."""
    conv: Primitive = Primitive(
        name,
        kernels.conv,
        lambda z_bar, z, x, w, b=None, **params: input_grad(z_bar, w, size=x.shape[2:], **params),
        lambda z_bar, z, x, w, b=None, **params: weight_grad(z_bar, x, kernel=w.shape[2:], **params),
        lambda z_bar, z, x, w, b=None, **params: in_single_precision(kernels.conv_bias_grad, z_bar),
        axes=builtin_axes.convolution,
    )
    input_grad: Primitive = Primitive(
        f"{name}_input_grad",
        kernels.conv_input_grad,
        lambda u_bar, u, z_bar, w, size, **params: conv(u_bar, w, **params),
        lambda u_bar, u, z_bar, w, size, **params: weight_grad(z_bar, u_bar, kernel=w.shape[2:], **params),
        symbol=f"{name}ᵀ",
        axes=builtin_axes.convolution_transpose,
    )
    weight_grad: Primitive = Primitive(
        f"{name}_weight_grad",
        kernels.conv_weight_grad,
        lambda u_bar, u, z_bar, x, kernel, **params: conv(x, u_bar, **params),
        lambda u_bar, u, z_bar, x, kernel, **params: input_grad(z_bar, u_bar, size=x.shape[2:], **params),
    )
    return conv, input_grad, weight_grad


_conv1d, _conv1d_input_grad, _conv1d_weight_grad = _family("conv1d")
_conv2d, _conv2d_input_grad, _conv2d_weight_grad = _family("conv2d")
_conv3d, _conv3d_input_grad, _conv3d_weight_grad = _family("conv3d")

CONVOLUTIONS = (_conv1d, _conv2d, _conv3d)
WEIGHT_GRADS = (_conv1d_weight_grad, _conv2d_weight_grad, _conv3d_weight_grad)
#: By the number of axes; the error signal of the input is transposed convolution.
INPUT_GRADS = {1: _conv1d_input_grad, 2: _conv2d_input_grad, 3: _conv3d_input_grad}


# ---------------------------------------------------------------- public functions
def conv1d(
    x: Array,
    weight: Array,
    bias: Array = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    strict: bool = False,
) -> Array:
    """Convolve sound, or any sequence, with filters: `conv2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        weight: filters, shape ``(O, C/groups, K)``.
        bias, stride, padding, dilation, groups, padding_mode, strict: as for `conv2d`, in tuples of one.

    Returns:
        Shape ``(N, O, OL)``.

    Raises:
        ValueError: if the shapes do not fit together, or a filter does not fit into the images.

    >>> import minigrad as mg
    >>> rise = mg.Tensor([[[-1.0, 1.0]]], requires_grad=True)
    >>> mg.conv1d([[[1.0, 4.0, 9.0, 16.0]]], rise)
    Tensor([[[3., 5., 7.]]], made by conv1d)
    """
    return _convolve(_conv1d, 1, x, weight, bias, stride, padding, dilation, groups, padding_mode, strict)


def conv2d(
    x: Array,
    weight: Array,
    bias: Array = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    strict: bool = False,
) -> Array:
    """Convolve images with filters: at each position the dot product of the filter and the pixels under it.

    The output has ⌊(N − F + 2P) / S⌋ + 1 positions along an axis of N pixels, for a filter of F, stride S
    and P rows of padding on each side.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        weight: filters, shape ``(O, C/groups, KH, KW)``.
        bias: one number for each filter, shape ``(O,)``.
        stride: pixels from one position to the next, for both axes or as (rows, columns).
        padding: pixels added around the images: for both axes, or as (rows, columns), where each may be a pair
            (before, after); ``"valid"`` for none; ``"same"`` for ⌈N / S⌉ positions, which pads by (F − 1)/2 on both
            sides for an odd F, by F/2 − 1 before and F/2 after the image for an even one.
        dilation: pixels from one element of the filter to the next, for both axes or as (rows, columns); the filter
            then spans D·(F − 1) + 1 pixels.
        groups: the number of groups into which channels and filters are divided; each group of filters sees only its
            own group of channels. With one group per channel, convolution is depthwise.
        padding_mode: what the padding contains: ``"zeros"``, the image's mirror image ``"reflect"``, its outermost
            pixels ``"replicate"``, or its other end ``"circular"``.
        strict: whether to refuse a filter whose last position does not end where the padded image ends (as two
            lectures do), instead of leaving the last pixels unseen.

    Returns:
        Feature maps, shape ``(N, O, OH, OW)``.

    Raises:
        ValueError: if the shapes do not fit together, or a filter does not fit into the images.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> image = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> edge = mg.Tensor([[[[-1.0, 1.0]]]], requires_grad=True)
    >>> mg.conv2d(image, edge).shape
    (1, 1, 4, 3)
    """
    return _convolve(_conv2d, 2, x, weight, bias, stride, padding, dilation, groups, padding_mode, strict)


def conv3d(
    x: Array,
    weight: Array,
    bias: Array = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    strict: bool = False,
) -> Array:
    """Convolve volumes with filters, such as CT scans or the frames of a film: `conv2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        weight: filters, shape ``(O, C/groups, KD, KH, KW)``.
        bias, stride, padding, dilation, groups, padding_mode, strict: as for `conv2d`, in tuples of three
            (planes, rows, columns).

    Returns:
        Shape ``(N, O, OD, OH, OW)``.

    Raises:
        ValueError: if the shapes do not fit together, or a filter does not fit into the images.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.conv3d(np.ones((1, 1, 4, 4, 4)), np.ones((2, 1, 3, 3, 3)), stride=(1, 2, 2), padding=1).shape
    (1, 2, 4, 2, 2)
    """
    return _convolve(_conv3d, 3, x, weight, bias, stride, padding, dilation, groups, padding_mode, strict)


def _convolve(
    conv: Primitive,
    axes: int,
    x: Array,
    weight: Array,
    bias: Array,
    stride: PerAxis,
    padding: Padding,
    dilation: PerAxis,
    groups: int,
    padding_mode: str,
    strict: bool,
) -> Array:
    bias_shape = None if bias is None else shape_of(bias)
    settings = (stride, padding, dilation, groups, padding_mode, strict)
    params, pad_width = _plan(conv.name, axes, shape_of(x), shape_of(weight), bias_shape, *settings)
    if pad_width is not None:
        x = pad(x, pad_width, _MODES[padding_mode])
    return conv(x, weight, **params) if bias is None else conv(x, weight, bias, **params)


@looked_up
def _plan(
    name: str,
    axes: int,
    x: Ints,
    weight: Ints,
    bias: Ints | None,
    stride: PerAxis,
    padding: Padding,
    dilation: PerAxis,
    groups: int,
    padding_mode: str,
    strict: bool,
) -> tuple[dict[str, Any], PadWidth | None]:
    """The parameters of a convolution of arrays of these shapes; and how to pad the images, where not with zeros."""
    check_shapes(name, axes, x, weight, bias, groups)
    size, kernel = x[2:], weight[2:]
    strides = per_axis(f"{name}: stride", stride, axes, least=1)
    dilations = per_axis(f"{name}: dilation", dilation, axes, least=1)
    pad_width = normalize_padding(f"{name}: padding", padding, kernel, dilations)
    check_fits(f"{name}: filter", size, kernel, strides, pad_width, dilations, strict)
    if padding_mode not in _MODES:
        modes = ", ".join(map(repr, _MODES))
        raise ValueError(f"{name}: got padding_mode={padding_mode!r}, expected one of {modes}")
    before = None
    if padding_mode != "zeros" and any(map(any, pad_width)):
        before, pad_width = ((0, 0), (0, 0), *pad_width), ((0, 0),) * axes
    return {"stride": strides, "padding": pad_width, "dilation": dilations, "groups": int(groups)}, before
