"""Checks of window settings, with the lectures' arithmetic: kernel size, stride, padding and dilation.

Along an axis of N pixels a window of F, with stride S and P pixels of padding on each side, has
(N − F + 2P) / S + 1 positions. With dilation D it spans D·(F − 1) + 1 pixels, which takes the place of F.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

import numpy as np

from minigrad.kernels.spatial.windows import Ints, PadWidth, dilated_size, output_size
from minigrad.typing import Padding, PerAxis

__all__ = [
    "axis_names",
    "check_fits",
    "is_whole",
    "missing_axes",
    "normalize_padding",
    "or_per_axis",
    "per_axis",
    "signed",
]

_AXES = {1: ("elements",), 2: ("rows", "columns"), 3: ("planes", "rows", "columns")}


# ---------------------------------------------------------------- axes that are missing
def missing_axes(shape: Ints, axes: int, channels: int | None = None) -> str:
    """What to write for images without the axis of samples or channels; `channels` is their number, if it is known.

    >>> missing_axes((64, 28, 28), 2, channels=1)
    '; images of one channel need a channel axis: x[:, None]'
    """
    one = {1: "sequence", 2: "image", 3: "volume"}[axes]
    if len(shape) == axes and channels in (1, None):
        flat = f"; flattened images need theirs: x.reshape(-1, {channels or 'C'}, H, W)" if axes == 2 else ""
        return f"; a single {one} of one channel needs both axes: x[None, None]{flat}"
    if len(shape) != axes + 1:
        return ""
    batch = f"a single {one} needs a batch axis: x[None]"
    channel = f"{one}s of one channel need a channel axis: x[:, None]"
    if shape[0] == (channels or 1):
        return f"; {batch}"
    if channels is None:
        return f"; {batch}; {channel}"
    return f"; {channel}" if channels == 1 else f"; one {one} has {channels} channels, shape {(channels, *shape[1:])}"


# ---------------------------------------------------------------- from users' forms to tuples
def per_axis(label: str, value: PerAxis, axes: int, least: int) -> Ints:
    """One number for all axes of an image, or one for each, as a tuple; `label` starts the error message.

    Raises:
        ValueError: if it is neither, or too small.
    """
    numbers: tuple[Any, ...] = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    if len(numbers) != axes or not all(is_whole(n) and n >= least for n in numbers):
        raise ValueError(f"{label} must be a whole number ≥ {least}{or_per_axis(axes)}; got {value!r}")
    return tuple(map(int, numbers))


def normalize_padding(label: str, value: Padding, kernel: Ints, dilation: Ints) -> PadWidth:
    """The padding before and after the image along each axis, from any form that users may write.

    ``"same"`` is the lecture's rule: an odd F pads (F − 1)/2 on both sides, an even F pads F/2 − 1 before and F/2
    after the image, which gives ⌈N / S⌉ positions.

    Raises:
        ValueError: if it has no such form, or is negative.
    """
    axes = len(kernel)
    if isinstance(value, str):
        if value == "valid":
            return ((0, 0),) * axes
        if value == "same":
            return tuple(((f - 1) // 2, f // 2) for f in dilated_size(kernel, dilation))
    sides = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    pairs = [tuple(side) if isinstance(side, tuple | list) else (side, side) for side in sides]
    if len(pairs) != axes or not all(len(pair) == 2 and all(is_whole(p) and p >= 0 for p in pair) for pair in pairs):
        raise ValueError(
            f"{label} must be a whole number ≥ 0{or_per_axis(axes)}, where a pair (before, after) may stand in place "
            f"of a number, or 'same' or 'valid'; got {value!r}"
        )
    return tuple((int(before), int(after)) for before, after in pairs)


# ---------------------------------------------------------------- whether a window fits
def check_fits(
    label: str,
    size: Ints,
    kernel: Ints,
    stride: Ints,
    padding: PadWidth,
    dilation: Ints,
    strict: bool,
    most: Sequence[float] | None = None,
) -> None:
    """Raise a ValueError that shows the arithmetic, unless the window has at least one position.

    If `strict`, also unless the window's last position ends where the padded image ends, as the lectures require; what
    would fit is then a padding of at most `most` along each axis.
    """
    spans = dilated_size(kernel, dilation)
    positions = output_size(size, kernel, stride, padding, dilation)
    largest = [inf] * len(size) if most is None else most
    for axis, n, f, s, p, d, span, m, q in zip(
        _AXES[len(size)], size, kernel, stride, padding, dilation, spans, positions, largest, strict=True
    ):
        window = f"{f} {axis}" + (f" (dilation {d}: F = {d}·({f} − 1) + 1 = {span})" if d > 1 else "")
        if p[0] == p[1]:
            formula, numbers, border = "N − F + 2P", f"{n} − {span} + 2·{p[0]}", f"padding {p[0]}"
        else:
            formula, numbers = "N − F + P", f"{n} − {span} + {sum(p)}"
            border = f"padding {p[0]} before and {p[1]} after"
        if m < 1:
            remedies = [f"a window that spans at most {n + sum(p)}"] if n + sum(p) > 0 else []
            remedies += [f"a dilation of at most {(n + sum(p) - 1) // (f - 1)}"] if d > 1 and n + sum(p) >= f else []
            remedies += [f"a padding of at least {-(-(span - n) // 2)} on each side"]
            raise ValueError(
                f"{label} of {window} does not fit into {n} {axis} with {border}: "
                f"⌊({formula}) / S⌋ + 1 = ⌊({numbers}) / {s}⌋ + 1 = {signed(m)}; use {_one_of(remedies)}"
            )
        left_over = (n - span + sum(p)) % s
        if strict and left_over:
            raise ValueError(
                f"{label} of {window} does not fit evenly into {n} {axis} with {border} and stride {s}: "
                f"({formula}) / S + 1 = ({numbers}) / {s} + 1 = {(n - span + sum(p)) / s + 1:.4g} is not a whole "
                f"number; {_what_fits(n, span, s, q)}; or leave out strict=True, which leaves {left_over} of the "
                f"padded {axis} at the end unseen"
            )


def _what_fits(n: int, f: int, s: int, most: float) -> str:
    """The paddings up to `most`, and the strides, with which a window has a whole number of positions."""
    paddings = [str(p) for p in range(max(0, -(-(f - n) // 2)), f) if p <= most and (n - f + 2 * p) % s == 0]
    total = max(f - n, (f - n) % s)  # the least padding with which the division leaves no remainder
    before = 0 if total <= most else total // 2
    if not paddings and total - before <= most:
        paddings = [f"{before} before and {total - before} after"]
    remedies = [f"with stride {s} a padding of {_one_of(paddings)} fits"] if paddings else []
    strides = [str(t) for t in range(1, n - f + 1) if (n - f) % t == 0]
    remedies += [f"without padding a stride of {_one_of(strides)}" + ("" if remedies else " fits")] if strides else []
    return ", ".join(remedies)


def _one_of(options: list[str]) -> str:
    *first, last = options
    return f"{', '.join(first)} or {last}" if first else last


# ---------------------------------------------------------------- words for error messages
def is_whole(n: Any) -> bool:
    """Whether it is an integer of Python or NumPy."""
    return isinstance(n, int | np.integer) and not isinstance(n, bool)


def or_per_axis(axes: int) -> str:
    """How a message goes on where a number may be given for each axis."""
    return ", or " + {1: "a tuple of one", 2: "a pair (rows, columns)", 3: "a triple (planes, rows, columns)"}[axes]


def axis_names(axes: int) -> tuple[str, ...]:
    """What is counted along each axis of an image: rows, columns."""
    return _AXES[axes]


def signed(n: int) -> str:
    """A number with the minus sign of formulas."""
    return str(n).replace("-", "−")
