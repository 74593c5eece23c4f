"""How the built-in operations treat the axes of their arguments, for the tables of rules to name as ``axes=``."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod

import numpy as np

from minigrad.axis_map import Axes, AxisMap, Resampling, Window
from minigrad.core.graph import Operation

__all__ = [
    "along_axis",
    "concatenation",
    "convolution",
    "convolution_transpose",
    "einsum",
    "elementwise",
    "indexing",
    "linear",
    "matmul",
    "padding",
    "pooling",
    "pooling_transpose",
    "resampling",
    "reshaping",
    "sequences",
    "stacking",
    "transposition",
]

elementwise = Axes()


# ---------------------------------------------------------------- sums, maxima, softmax: operations along an axis
def _along_axis(operation: Operation, i: int, axis: int) -> AxisMap:
    """Along these axes each element of the output sees all; the others stay."""
    ndim, given = np.ndim(operation.inputs[i]), operation.params["axis"]
    axes = {a % ndim - ndim for a in (range(ndim) if given is None else np.atleast_1d(given).tolist())}
    if axis in axes:
        return AxisMap(None)
    dropped = operation.output.ndim < ndim
    return AxisMap(axis + sum(a > axis for a in axes) if dropped else axis)


along_axis = Axes(_along_axis)


# ---------------------------------------------------------------- convolution, pooling, resampling
def _window(operation: Operation, kernel: tuple[int, ...], axis: int, transposed: bool) -> AxisMap:
    """The windows along the axes of the image, the last ones; the axes before them stay."""
    params = operation.params
    k = axis + len(kernel)
    if k < 0:
        return AxisMap(axis)
    dilation = params.get("dilation", (1,) * len(kernel))
    return AxisMap(axis, Window(kernel[k], params["stride"][k], params["padding"][k][0], dilation[k], transposed))


def _convolution(operation: Operation, i: int, axis: int, transposed: bool = False) -> AxisMap | None:
    kernel = np.shape(operation.inputs[1])[2:]
    if i > 0 or axis == -1 - len(kernel):  # filters and channels are mixed: an output channel sees all of them
        return None
    return _window(operation, kernel, axis, transposed)


def _convolution_transpose(operation: Operation, i: int, axis: int) -> AxisMap | None:
    """Input and output change places."""
    return _convolution(operation, i, axis, transposed=True)


def _per_filter(operation: Operation, i: int) -> int:
    """Each output is the dot product with one filter, plus a bias."""
    outputs, weights = operation.output.size, prod(np.shape(operation.inputs[1])[1:])
    return int(outputs * weights if i < 2 else outputs)


def _per_input(operation: Operation, i: int) -> int:
    """Each input multiplies one filter."""
    image, weight = operation.inputs
    return int(prod(np.shape(image)) * prod(np.shape(weight)[1:]))


def _pooling(operation: Operation, i: int, axis: int) -> AxisMap:
    return _window(operation, operation.params["kernel"], axis, transposed=False)


def _pooling_transpose(operation: Operation, i: int, axis: int) -> AxisMap:
    return _window(operation, operation.params["kernel"], axis, transposed=True)


def _resampling(operation: Operation, i: int, axis: int) -> AxisMap:
    params = operation.params
    k = axis + len(params["steps"])
    if k < 0:
        return AxisMap(axis)
    linear = params["mode"] == "linear"
    step = Fraction(params["steps"][k]).limit_denominator()  # a quotient of sizes, or 1 divided by a scale
    shifted = linear and not params["align_corners"]
    return AxisMap(axis, Resampling(step, (step - 1) / 2 if shifted else Fraction(0), linear))


def _of_the_weight(uses: Callable[[Operation, int], int]) -> Callable[[Operation], int]:
    """Each use of a weight is one product that is added to others."""
    return lambda operation: uses(operation, 1)


convolution = Axes(_convolution, _per_filter, _of_the_weight(_per_filter))
convolution_transpose = Axes(_convolution_transpose, _per_input, _of_the_weight(_per_input))
pooling = Axes(_pooling)
pooling_transpose = Axes(_pooling_transpose)
resampling = Axes(_resampling)


# ---------------------------------------------------------------- products
def _linear(operation: Operation, i: int, axis: int) -> AxisMap | None:
    if i > 0:
        return None
    return AxisMap(None if axis == -1 else axis)


def _matmul(operation: Operation, i: int, axis: int) -> AxisMap | None:
    if any(np.ndim(x) < 2 for x in operation.inputs):
        return None
    return AxisMap(None) if axis == (-1, -2)[i] else elementwise.map(operation, i, axis)


def _per_row(operation: Operation, i: int) -> int:
    """Each output is the dot product of a row and a column."""
    return int(operation.output.size * np.shape(operation.inputs[0])[-1])


def _einsum(operation: Operation, i: int, axis: int) -> AxisMap | None:
    terms, _, output = operation.params["subscripts"].partition("->")
    term = terms.split(",")[i]
    letter = term[axis]
    if letter not in output:
        return AxisMap(None)
    return AxisMap(output.index(letter) - len(output)) if term.count(letter) == 1 else None


def _per_letters(operation: Operation, i: int) -> int:
    """One product for each value that the letters take together."""
    return prod(_lengths(operation).values())


def _lengths(operation: Operation) -> dict[str, int]:
    """The length of the axes that each letter stands for."""
    letters = operation.params["subscripts"].partition("->")[0].replace(",", "")
    lengths = [n for x in operation.inputs for n in np.shape(x)]
    return dict(zip(letters, lengths, strict=True))


def _products(operation: Operation) -> int:
    """Of k arrays k − 1 products for each value of the letters; pair by pair, where the call chose such an order."""
    subscripts, optimize = operation.params["subscripts"], operation.params["optimize"]
    inputs, _, output = subscripts.partition("->")
    terms, lengths = inputs.split(","), _lengths(operation)
    arrays = [np.broadcast_to(np.int8(), np.shape(x)) for x in operation.inputs]
    products = 0
    for chosen in np.einsum_path(subscripts, *arrays, optimize=optimize)[0][1:]:
        parts = [terms.pop(i) for i in sorted(chosen, reverse=True)]
        letters = set().union(*parts)
        products += (len(parts) - 1) * prod(lengths[letter] for letter in letters)
        terms.append("".join(letters & set(output).union(*terms)))
    return products


linear = Axes(_linear, _per_filter, _of_the_weight(_per_filter))
matmul = Axes(_matmul, _per_row, _of_the_weight(_per_row))
einsum = Axes(_einsum, _per_letters, _products)


# ---------------------------------------------------------------- sequences
def _per_pair(operation: Operation) -> int:
    """Every pair of elements, or those of the positions at which the shorter sequence lies within the longer one."""
    short, long = sorted(map(np.size, operation.inputs))
    return int(short * (long if operation.params["mode"] == "full" else long - short + 1))


sequences = Axes(lambda operation, i, axis: None, lambda operation, i: _per_pair(operation), _per_pair)


# ---------------------------------------------------------------- another order or shape
def _concatenation(operation: Operation, i: int, axis: int) -> AxisMap | None:
    ndim = operation.output.ndim
    return AxisMap(axis) if axis != operation.params["axis"] % ndim - ndim else None


def _stacking(operation: Operation, i: int, axis: int) -> AxisMap:
    ndim = operation.output.ndim
    return AxisMap(axis - (axis <= operation.params["axis"] % ndim - ndim))


def _transposition(operation: Operation, i: int, axis: int) -> AxisMap:
    ndim, axes = operation.output.ndim, operation.params["axes"]
    order = list(range(ndim))[::-1] if axes is None else [a % ndim for a in axes]
    return AxisMap(order.index(axis % ndim) - ndim)


def _padding(operation: Operation, i: int, axis: int) -> AxisMap:
    before, _ = operation.params["pad_width"][axis]
    return AxisMap(axis, Window(padding=before))


def _indexing(operation: Operation, i: int, axis: int) -> AxisMap | None:
    """A slice takes some of the elements along an axis, a number one of them."""
    (x,), index = operation.inputs, operation.params["index"]
    shape = np.shape(x)
    parts = list(index) if isinstance(index, tuple) else [index]
    if not all(part is None or part is ... or type(part) in (slice, int) for part in parts):
        return None
    missing = len(shape) - sum(part is not None and part is not ... for part in parts)
    ellipsis = parts.index(...) if ... in parts else len(parts)
    parts[ellipsis : ellipsis + 1] = [slice(None)] * missing
    position = [p for p, part in enumerate(parts) if part is not None][axis]
    part = parts[position]
    if isinstance(part, int):
        return AxisMap(None, Window(padding=-(part % shape[axis])))
    start, _, step = part.indices(shape[axis])
    following = sum(not isinstance(part, int) for part in parts[position:])
    return AxisMap(-following, Window(stride=step, padding=-start))


def _reshaping(operation: Operation, i: int, axis: int) -> AxisMap | None:
    """An axis that stays, is split, or is joined with those that follow it."""
    (x,), new = operation.inputs, operation.output.shape
    old = np.shape(x)
    n, inner = old[axis], prod(old[len(old) + axis + 1 :])
    if n == 1:
        return AxisMap(None)
    for new_axis in range(-1, -len(new) - 1, -1):
        m, new_inner = new[new_axis], prod(new[len(new) + new_axis + 1 :])
        if m * new_inner == n * inner and m % n == 0:  # each element becomes a few
            return AxisMap(new_axis, Window(m // n, stride=m // n, transposed=True) if m > n else None)
        if m * new_inner == n * inner and n % m == 0:  # a few elements become one
            return AxisMap(new_axis, Window(n // m, stride=n // m))
        if new_inner <= inner and m * new_inner >= n * inner:
            return AxisMap(new_axis, ordered=False)
    return None


concatenation = Axes(_concatenation)
stacking = Axes(_stacking)
transposition = Axes(_transposition)
padding = Axes(_padding)
indexing = Axes(_indexing)
reshaping = Axes(_reshaping)
