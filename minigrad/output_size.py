"""Output sizes of convolution and pooling: the lectures' formula on its own, before there are any images."""

from __future__ import annotations

from typing import Any

from minigrad.kernels.spatial.windows import output_size
from minigrad.rules.spatial.windows import check_fits, normalize_padding, per_axis
from minigrad.typing import Padding, PerAxis

__all__ = ["conv_output_size"]


def conv_output_size(
    N: PerAxis, F: PerAxis, S: PerAxis = 1, P: Padding = 0, D: PerAxis = 1, strict: bool = False
) -> Any:
    """⌊(N − D·(F − 1) − 1 + 2P) / S⌋ + 1: the number of positions of a filter or a pooling window.

    Each number may be a tuple with one for each axis of an image; then a tuple is returned.

    Arguments:
        N: pixels of the image.
        F: pixels of the filter.
        S: stride, pixels from one position to the next.
        P: padding, pixels added on each side, a pair (before, after), ``"same"`` or ``"valid"``; for several axes in
            the forms that `conv2d` accepts.
        D: dilation, pixels from one element of the filter to the next.
        strict: whether to refuse a filter whose last position does not end where the padded image ends, as in the
            lectures.

    Returns:
        A number, or a tuple with one for each axis.

    Raises:
        ValueError: with the formula and the numbers, if there is no position, or under `strict` if the division by S
            leaves a remainder.

    >>> import minigrad as mg
    >>> mg.conv_output_size(32, 5), mg.conv_output_size(7, 3, S=2), mg.conv_output_size(28, 5, P="same")
    (28, 3, 28)
    >>> mg.conv_output_size((227, 227), 11, S=4)
    (55, 55)
    >>> mg.conv_output_size(7, 3, S=3, strict=True)
    Traceback (most recent call last):
        ...
    ValueError: conv_output_size: filter of 3 elements does not fit evenly into 7 elements with padding 0 and stride 3\
: (N − F + 2P) / S + 1 = (7 − 3 + 2·0) / 3 + 1 = 2.333 is not a whole number; with stride 3 a padding of 1 fits, \
without padding a stride of 1, 2 or 4; or leave out strict=True, which leaves 1 of the padded elements at the end unseen
    """
    name = "conv_output_size"
    length = next((len(value) for value in (N, F, S, D) if isinstance(value, tuple | list)), None)
    axes = length or 1
    if axes > 3:
        raise ValueError(f"{name}: got numbers for {axes} axes, expected 1, 2 or 3")
    letters = {"N": N, "F": F, "S": S, "D": D}
    numbers = {letter: per_axis(f"{name}: {letter}", value, axes, 1) for letter, value in letters.items()}
    pairs: Any = [P] if length is None and isinstance(P, tuple | list) else P
    padding = normalize_padding(f"{name}: P", pairs, numbers["F"], numbers["D"])
    window = (numbers["N"], numbers["F"], numbers["S"], padding, numbers["D"])
    check_fits(f"{name}: filter", *window, strict)
    sizes = output_size(*window)
    return sizes if length else sizes[0]
