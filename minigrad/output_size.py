"""How large is what comes out: the lectures' arithmetic on its own, before there are any images."""

from __future__ import annotations

from typing import Any

from minigrad.kernels.spatial.windows import output_size
from minigrad.rules.spatial.windows import check_fits, normalize_padding, per_axis
from minigrad.typing import PerAxis

__all__ = ["conv_output_size"]


def conv_output_size(N: PerAxis, F: PerAxis, S: PerAxis = 1, P: Any = 0, D: PerAxis = 1, strict: bool = False) -> Any:
    """⌊(N − D·(F − 1) − 1 + 2P) / S⌋ + 1: at how many positions a filter lies, or a pooling window.

    Each number may be a tuple with one for each axis of an image; so is what is returned, then.

    Arguments:
        N: pixels of the image.
        F: of the filter.
        S: stride, pixels from one position to the next.
        P: padding, pixels added on each side, a pair (before, after), ``"same"`` or ``"valid"``; along several axes in
            the forms that `conv2d` takes.
        D: dilation, pixels from one element of the filter to the next.
        strict: whether a filter that does not end where the padded image ends is refused, as in the lectures.

    Returns:
        A number, or a tuple with one for each axis.

    Raises:
        ValueError: with the formula and the numbers, if no position is left, or under `strict` if what is to be divided
            by S cannot be.

    >>> import minigrad as mg
    >>> mg.conv_output_size(32, 5), mg.conv_output_size(7, 3, S=2), mg.conv_output_size(28, 5, P="same")
    (28, 3, 28)
    >>> mg.conv_output_size((227, 227), 11, S=4)
    (55, 55)
    >>> mg.conv_output_size(7, 3, S=3, strict=True)
    Traceback (most recent call last):
        ...
    ValueError: conv_output_size: filter of 3 places does not fit 7 places with padding 0 and stride 3: \
(N − F + 2P) / S + 1 = (7 − 3 + 2·0) / 3 + 1 = 2.333 is no whole number; with stride 3 a padding of 1 fits, without \
padding a stride of 1, 2 or 4; or leave strict=True out, for which the last 1 of the padded places would go unseen
    """
    name = "conv_output_size"
    several = next((len(value) for value in (N, F, S, D) if isinstance(value, tuple | list)), None)
    axes = several or 1
    if axes > 3:
        raise ValueError(f"{name}: got numbers for {axes} axes, expected them for 1, 2 or 3")
    given = {"N": N, "F": F, "S": S, "D": D}
    numbers = {letter: per_axis(f"{name}: {letter}", value, axes, 1) for letter, value in given.items()}
    one_pair = several is None and isinstance(P, tuple | list)
    padding = normalize_padding(f"{name}: P", [P] if one_pair else P, numbers["F"], numbers["D"])
    window = (numbers["N"], numbers["F"], numbers["S"], padding, numbers["D"])
    check_fits(f"{name}: filter", *window, strict)
    sizes = output_size(*window)
    return sizes if several else sizes[0]
