"""Convolution, which scans sound, images and volumes with filters (cross-correlation, as in the lectures).

For each number of axes three primitives, linear in both arguments, whose rules name one another: the scan, the
error signal of what was scanned, and the error signal of the filters, to which every position contributes. So
convolution can be differentiated any number of times, and the second of the three is transposed convolution.
"""

from __future__ import annotations

from typing import Any

from minigrad.core.primitive import Primitive
from minigrad.kernels.spatial import convolution as kernels
from minigrad.kernels.spatial.windows import Sizes
from minigrad.rules import axis_maps
from minigrad.rules.arguments import shape_of
from minigrad.rules.manipulation.pad import pad
from minigrad.rules.spatial.windows import check_fits, is_whole, normalize_padding, per_axis
from minigrad.typing import Padding, PerAxis

__all__ = ["conv1d", "conv2d", "conv3d"]


#: How `np.pad` calls what PyTorch calls a padding mode.
_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
WHAT = {1: "sequences", 2: "images", 3: "volumes"}
_LETTERS = {1: (("L",), ("K",)), 2: (("H", "W"), ("KH", "KW")), 3: (("D", "H", "W"), ("KD", "KH", "KW"))}


def _family(name: str, axes: int) -> tuple[Primitive, Primitive, Primitive]:
    """The scan along so many axes and its two error signals; `how` is stride, padding, dilation and groups."""
    behind = tuple(range(2, 2 + axes))
    scan: Primitive = Primitive(
        name,
        kernels.conv,
        lambda z_bar, z, x, w, b=None, **how: input_grad(z_bar, w, size=x.shape[2:], **how),
        lambda z_bar, z, x, w, b=None, **how: weight_grad(z_bar, x, kernel=w.shape[2:], **how),
        lambda z_bar, z, x, w, b=None, **how: z_bar.sum(axis=(0, *behind)),
        axes=axis_maps.convolution,
    )
    input_grad: Primitive = Primitive(
        f"{name}_input_grad",
        kernels.conv_input_grad,
        lambda u_bar, u, z_bar, w, size, **how: scan(u_bar, w, **how),
        lambda u_bar, u, z_bar, w, size, **how: weight_grad(z_bar, u_bar, kernel=w.shape[2:], **how),
        symbol=f"{name}ᵀ",
        axes=axis_maps.convolution_transpose,
    )
    weight_grad: Primitive = Primitive(
        f"{name}_weight_grad",
        kernels.conv_weight_grad,
        lambda u_bar, u, z_bar, x, kernel, **how: scan(x, u_bar, **how),
        lambda u_bar, u, z_bar, x, kernel, **how: input_grad(z_bar, u_bar, size=x.shape[2:], **how),
    )
    return scan, input_grad, weight_grad


_conv1d, conv1d_input_grad, _conv1d_weight_grad = _family("conv1d", 1)
_conv2d, conv2d_input_grad, _conv2d_weight_grad = _family("conv2d", 2)
_conv3d, conv3d_input_grad, _conv3d_weight_grad = _family("conv3d", 3)


def conv1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    strict: bool = False,
) -> Any:
    """Scan sound, or any sequence, with filters: `conv2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        weight: filters, shape ``(O, C/groups, K)``.
        bias, stride, padding, dilation, groups, padding_mode, strict: as for `conv2d`, in tuples of one.

    Returns:
        Shape ``(N, O, OL)``.

    Raises:
        ValueError: if the shapes do not belong together, or a filter does not fit.

    >>> import minigrad as mg
    >>> rise = mg.Tensor([[[-1.0, 1.0]]], requires_grad=True)
    >>> mg.conv1d([[[1.0, 4.0, 9.0, 16.0]]], rise)
    Tensor([[[3., 5., 7.]]], made by conv1d)
    """
    return _convolve(_conv1d, 1, x, weight, bias, stride, padding, dilation, groups, padding_mode, strict)


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    strict: bool = False,
) -> Any:
    """Scan images with filters: at each position the dot product of the filter with what it lies on.

    The output has ⌊(N − F + 2P) / S⌋ + 1 positions along an axis of N pixels, for a filter of F, stride S
    and P rows of padding on each side.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        weight: filters, shape ``(O, C/groups, KH, KW)``.
        bias: one number for each filter, shape ``(O,)``.
        stride: pixels from one position to the next, for both axes or as (rows, columns).
        padding: pixels added around the images: for both axes, as (rows, columns), where each may be a pair
            (before, after); ``"valid"`` for none; ``"same"`` for ⌈N / S⌉ positions, which pads an odd filter by
            (F − 1)/2 on both sides, an even one by F/2 − 1 before and F/2 after the image.
        dilation: pixels from one element of the filter to the next, likewise: the filter spans D·(F − 1) + 1.
        groups: the channels and the filters are divided into so many groups, and each group of filters sees
            its own group of channels alone; with as many as channels, convolution is depthwise.
        padding_mode: what the padding holds: ``"zeros"``, the image's mirror image ``"reflect"``, its outermost
            pixels ``"replicate"``, or its other end ``"circular"``.
        strict: whether a filter that does not end where the padded image ends is refused (two lectures ask for
            it), rather than the last pixels left unseen.

    Returns:
        Feature maps, shape ``(N, O, OH, OW)``.

    Raises:
        ValueError: if the shapes do not belong together, or a filter does not fit.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> image = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> edge = mg.Tensor([[[[-1.0, 1.0]]]], requires_grad=True)
    >>> mg.conv2d(image, edge).shape
    (1, 1, 4, 3)
    """
    return _convolve(_conv2d, 2, x, weight, bias, stride, padding, dilation, groups, padding_mode, strict)


def conv3d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    strict: bool = False,
) -> Any:
    """Scan volumes with filters, as the slices of a body or the frames of a film: `conv2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        weight: filters, shape ``(O, C/groups, KD, KH, KW)``.
        bias, stride, padding, dilation, groups, padding_mode, strict: as for `conv2d`, in tuples of three
            (planes, rows, columns).

    Returns:
        Shape ``(N, O, OD, OH, OW)``.

    Raises:
        ValueError: if the shapes do not belong together, or a filter does not fit.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.conv3d(np.ones((1, 1, 4, 4, 4)), np.ones((2, 1, 3, 3, 3)), stride=(1, 2, 2), padding=1).shape
    (1, 2, 4, 2, 2)
    """
    return _convolve(_conv3d, 3, x, weight, bias, stride, padding, dilation, groups, padding_mode, strict)


def _convolve(
    scan: Primitive,
    axes: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: PerAxis,
    padding: Padding,
    dilation: PerAxis,
    groups: int,
    padding_mode: str,
    strict: bool,
) -> Any:
    name, shape, filters = scan.name, shape_of(x), shape_of(weight)
    check_channels(name, axes, shape, filters, bias, groups)
    kernel, strides, dilations = filters[2:], *stride_and_dilation(name, axes, stride, dilation)
    border = normalize_padding(f"{name}: padding", padding, kernel, dilations)
    check_fits(f"{name}: filter", shape[2:], kernel, strides, border, dilations, strict)
    if padding_mode not in _MODES:
        modes = ", ".join(map(repr, _MODES))
        raise ValueError(f"{name}: got padding_mode={padding_mode!r}, expected one of {modes}")
    if padding_mode != "zeros" and any(map(any, border)):
        x, border = pad(x, ((0, 0), (0, 0), *border), _MODES[padding_mode]), ((0, 0),) * axes
    arrays = (x, weight) if bias is None else (x, weight, bias)
    return scan(*arrays, stride=strides, padding=border, dilation=dilations, groups=int(groups))


def stride_and_dilation(name: str, axes: int, stride: PerAxis, dilation: PerAxis) -> tuple[Sizes, Sizes]:
    return per_axis(f"{name}: stride", stride, axes, 1), per_axis(f"{name}: dilation", dilation, axes, 1)


def check_channels(name: str, axes: int, x: Sizes, w: Sizes, bias: Any, groups: int, transposed: bool = False) -> int:
    """The number of channels that come out, if the shapes belong together."""
    image, kernel = _LETTERS[axes]
    letters = ("C", "O/groups", *kernel) if transposed else ("O", "C/groups", *kernel)
    if len(x) != 2 + axes or len(w) != 2 + axes:
        hint = ""
        if len(x) == 1 + axes:
            hint = f"; a single {WHAT[axes][:-1]} needs a batch axis: x[None]"
        elif len(x) == len(w) and len(x) - 2 in WHAT:
            hint = f"; for {WHAT[len(x) - 2]} there is {name[:-2]}{len(x) - 2}d"
        raise ValueError(
            f"{name}: expected {WHAT[axes]} (N, C, {', '.join(image)}) and weight ({', '.join(letters)}), "
            f"got shapes {x} and {w}{hint}"
        )
    if 0 in w[2:] or not (transposed or w[0]):
        raise ValueError(
            f"{name}: weight has shape {w} ({' '.join(letters)}), expected at least one filter, and at least one "
            "element of it along each axis"
        )
    if not is_whole(groups) or groups < 1 or w[0] % groups:
        raise ValueError(
            f"{name}: groups must be a whole number ≥ 1 that divides the first axis of the weight, which has {w[0]} "
            f"(shape {w}, {' '.join(letters)}); got {groups!r}"
        )
    expected, out = (w[0], w[1] * groups) if transposed else (w[1] * groups, w[0])
    if x[1] != expected:
        grouped = f", groups={groups}" if groups > 1 else ""
        layer = f"Conv{'Transpose' if transposed else ''}{axes}d"
        size = w[2] if len(set(w[2:])) == 1 else w[2:]
        raise ValueError(
            f"{name}: input has {x[1]} channels (shape {x}, N C {' '.join(image)}) but weight expects {expected} "
            f"(shape {w}, {' '.join(letters)}{grouped})"
            + (
                f", and {groups} groups cannot share {x[1]} channels"
                if x[1] % groups
                else f"; did you mean {layer}({x[1]}, {out}, {size}{grouped})?"
            )
            + (" Or, if the channels come last: x = np.moveaxis(x, -1, 1)" if x[-1] == expected else "")
        )
    if bias is not None and shape_of(bias) != (out,):
        raise ValueError(
            f"{name}: bias has shape {shape_of(bias)}, expected one number for each of the {out} channels that come "
            f"out: {(out,)}"
        )
    return out
