"""Checks of the arrays handed to convolution and transposed convolution: their axes, channels, groups and bias."""

from __future__ import annotations

from minigrad.kernels.spatial.windows import Ints
from minigrad.rules.spatial.windows import is_whole, missing_axes

__all__ = ["INPUTS", "check_shapes"]

#: What is convolved along one, two and three axes.
INPUTS = {1: "sequences", 2: "images", 3: "volumes"}

_LETTERS = {1: (("L",), ("K",)), 2: (("H", "W"), ("KH", "KW")), 3: (("D", "H", "W"), ("KD", "KH", "KW"))}


def check_shapes(
    name: str, axes: int, x: Ints, weight: Ints, bias: Ints | None, groups: int, *, transposed: bool = False
) -> None:
    """Raise a ValueError unless the shapes of input, weight and bias, and the groups fit together."""
    image, kernel = _LETTERS[axes]
    letters = ("C", "O/groups", *kernel) if transposed else ("O", "C/groups", *kernel)
    if len(x) != 2 + axes or len(weight) != 2 + axes:
        hint = ""
        if len(x) < 2 + axes == len(weight):
            hint = missing_axes(x, axes, weight[0] if transposed else weight[1] * groups if is_whole(groups) else None)
        elif len(x) == len(weight) and len(x) - 2 in INPUTS:
            hint = f"; for {INPUTS[len(x) - 2]} there is {name[:-2]}{len(x) - 2}d"
        raise ValueError(
            f"{name}: expected {INPUTS[axes]} (N, C, {', '.join(image)}) and weight ({', '.join(letters)}), "
            f"got shapes {x} and {weight}{hint}"
        )
    if 0 in weight[2:] or not (transposed or weight[0]):
        raise ValueError(
            f"{name}: weight has shape {weight} ({' '.join(letters)}), expected at least one filter, with at least one "
            "element along each axis"
        )
    if not is_whole(groups) or groups < 1 or weight[0] % groups:
        raise ValueError(
            f"{name}: groups must be a whole number ≥ 1 that divides the first axis of the weight, which has "
            f"{weight[0]} (shape {weight}, {' '.join(letters)}); got {groups!r}"
        )
    expected, out = (weight[0], weight[1] * groups) if transposed else (weight[1] * groups, weight[0])
    if x[1] != expected:
        grouped = f", groups={groups}" if groups > 1 else ""
        layer = f"Conv{'Transpose' if transposed else ''}{axes}d"
        size = weight[2] if len(set(weight[2:])) == 1 else weight[2:]
        raise ValueError(
            f"{name}: input has {x[1]} channels (shape {x}, N C {' '.join(image)}) but weight expects {expected} "
            f"(shape {weight}, {' '.join(letters)}{grouped})"
            + (
                f", and {groups} groups cannot share {x[1]} channels"
                if x[1] % groups
                else f"; did you mean {layer}({x[1]}, {out}, {size}{grouped})?"
            )
            + (" Or, if the channels come last: x = np.moveaxis(x, -1, 1)" if x[-1] == expected else "")
        )
    if bias is not None and bias != (out,):
        raise ValueError(
            f"{name}: bias has shape {bias}, expected one number for each of the {out} output channels: {(out,)}"
        )
