"""What units see, carried through one operation of the recorded graph: what each kind of operation does to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, lcm, prod
from typing import Any, NamedTuple

import minigrad as mg
from nn.analysis.interval import Interval

__all__ = ["propagate"]


def propagate(operation: mg.Operation, reached: Sequence[Interval | None], pixels: int) -> Interval:
    """What the units of an operation's output see along an axis of the image, from what those of its inputs do.

    Arguments:
        reached: for each input; ``None`` where it does not depend on the image.
        pixels: of the image, along that axis: an operation that is not known is taken to see them all.

    Raises:
        ValueError: if units meet that do not move on alike.
    """
    known = _along_an_axis if "axis" in operation.params else _broadcast if operation.primitive.elementwise else None
    rule = _TABLE.get(operation.primitive.name, known)
    everything = Interval((0,), (pixels - 1,), 0, None)
    parts: dict[Interval, None] = {}
    for i, reach in enumerate(reached):
        if reach is not None and reach.axis is not None:
            reach = (rule and rule(_Use(operation, i, reach, reach.axis))) or everything
        if reach is not None:
            parts[reach] = None
    reach = _union(operation, list(parts))
    if reach.axis is not None:
        return reach
    return replace(reach, low=(max(reach.low[0], 0),), high=(min(reach.high[0], pixels - 1),))


def _union(operation: mg.Operation, parts: list[Interval]) -> Interval:
    """For units that see what several others do."""
    first, *others = parts
    if not others:
        return first
    if any(part.axis != first.axis or part.mixed for part in parts):  # any of the one may meet any of the other
        shape = operation.output.shape
        ends = [part.seen_by([0] if part.axis is None else range(part.mixed or shape[part.axis])) for part in parts]
        return Interval((min(low for low, _ in ends),), (max(high for _, high in ends),), 0, None)
    jumps = sorted({part.jump for part in parts})
    if len(jumps) > 1:
        raise ValueError(
            f"receptive_field: in {operation.primitive.name}, of shape {operation.output.shape}, units meet that move "
            f"on by {' and by '.join(map(str, jumps))} pixels of the image, and what they see drifts apart; choose an "
            "image whose sides can be divided by all strides, so that what is made smaller and larger again has its "
            "size back"
        )
    period = lcm(*(len(part.low) for part in parts))
    low = tuple(min(part.of(i)[0] for part in parts) for i in range(period))
    high = tuple(max(part.of(i)[1] for part in parts) for i in range(period))
    return Interval(low, high, int(jumps[0] * period), first.axis)


# ---------------------------------------------------------------- what each operation does
class _Use(NamedTuple):
    """The units of one input of an operation. A rule says what those of the output see through it, if that is known."""

    operation: mg.Operation
    place: int  # of the input among the arguments
    reach: Interval
    axis: int

    @property
    def x(self) -> Any:
        return self.operation.inputs[self.place]

    @property
    def y(self) -> mg.Tensor:
        return self.operation.output

    @property
    def how(self) -> dict[str, Any]:
        return self.operation.params

    def by_all(self) -> Interval:
        """For units that see all of these."""
        return self.reach.at_once(range(self.reach.mixed or self.x.shape[self.axis]))


_Rule = Callable[[_Use], Interval | None]


def _broadcast(use: _Use) -> Interval | None:
    """Element by element; a single unit may be shown to all."""
    alone = use.x.shape[use.axis] == 1 < use.y.shape[use.axis]
    return use.by_all() if alone else use.reach


def _scan(lay: bool) -> _Rule:
    """Convolution and pooling along their axes; laid out, what they do backwards."""

    def rule(use: _Use) -> Interval | None:
        how, pools = use.how, "kernel" in use.how
        axes, kernel = len(how["stride"]), how["kernel"] if pools else use.operation.inputs[1].shape[2:]
        if use.place or (use.axis == -axes - 1 and not pools):
            return None
        if use.axis < -axes:
            return use.reach
        k = use.axis + axes
        f, s, (before, _), d = kernel[k], how["stride"][k], how["padding"][k], how.get("dilation", (1,) * axes)[k]

        def scanned(j: int) -> list[int]:
            return [s * j - before + d * i for i in range(f)]

        def laid_on(j: int) -> list[int]:
            """Those that lie at a unit with one of their f places; where there is a gap, the one in front of it."""
            starts = [j + before - d * i for i in range(f)]
            return [start // s for start in starts if start % s == 0] or [(j + before) // s]

        return use.reach.through(laid_on, period=s) if lay else use.reach.through(scanned, shift=s)

    return rule


def _upsample(use: _Use) -> Interval | None:
    """Unit j lies at j · step, and between two."""
    how, k = use.how, use.axis + len(use.how["steps"])
    if k < 0:
        return use.reach
    corners, linear = how["align_corners"], how["mode"] == "linear"
    step = Fraction(use.x.shape[use.axis] - corners, max(use.y.shape[use.axis] - corners, 1))
    if abs(step - how["steps"][k]) > 1e-9:  # a scale was given, and the size rounded down
        step = Fraction(how["steps"][k]).limit_denominator(1000)
    start = (step - 1) / 2 if linear and not corners else Fraction(0)

    def units(j: int) -> list[int]:
        return [floor(start + j * step), ceil(start + j * step) if linear else floor(j * step)]

    return use.reach.through(units, period=step.denominator, shift=step.numerator)


def _along_an_axis(use: _Use) -> Interval | None:
    """Sums, maxima, softmax: along the axis a unit sees what all do; the others are left alone."""
    ndim, axis = use.x.ndim, use.how["axis"]
    given = range(ndim) if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
    axes = {a % ndim - ndim for a in given}
    if use.axis in axes:
        return use.by_all()
    return use.reach.moved(use.axis + sum(a > use.axis for a in axes)) if use.y.ndim < ndim else use.reach


def _linear(use: _Use) -> Interval | None:
    if use.place:
        return None
    return use.by_all() if use.axis == -1 else use.reach


def _matmul(use: _Use) -> Interval | None:
    if any(x.ndim < 2 for x in use.operation.inputs):
        return None
    return use.by_all() if use.axis == (-2 if use.place else -1) else _broadcast(use)


def _einsum(use: _Use) -> Interval | None:
    terms, _, output = use.how["subscripts"].partition("->")
    term = terms.split(",")[use.place]
    letter = term[use.axis]
    if letter not in output:
        return use.by_all()
    return use.reach.moved(output.index(letter) - len(output)) if term.count(letter) == 1 else None


def _concatenate(use: _Use) -> Interval | None:
    return use.reach if use.axis != use.how["axis"] % use.y.ndim - use.y.ndim else None


def _stack(use: _Use) -> Interval | None:
    return use.reach.moved(use.axis - (use.axis <= use.how["axis"] % use.y.ndim - use.y.ndim))


def _transpose(use: _Use) -> Interval | None:
    ndim, axes = use.y.ndim, use.how["axes"]
    order = [a % ndim for a in axes] if axes is not None else list(range(ndim))[::-1]
    return use.reach.moved(order.index(use.axis % ndim) - ndim)


def _pad(use: _Use) -> Interval | None:
    before, _ = use.how["pad_width"][use.axis]
    return use.reach.through(lambda j: [j - before])


def _getitem(use: _Use) -> Interval | None:
    """A slice takes some of the units, a number one of them."""
    index = use.how["index"]
    parts = list(index) if isinstance(index, tuple) else [index]
    if not all(part is None or part is ... or type(part) in (slice, int) for part in parts):
        return None
    missing = use.x.ndim - sum(part is not None and part is not ... for part in parts)
    dots = parts.index(...) if ... in parts else len(parts)
    parts[dots : dots + 1] = [slice(None)] * missing
    own = [place for place, part in enumerate(parts) if part is not None][use.axis]
    part, n = parts[own], use.x.shape[use.axis]
    if isinstance(part, int):
        return use.by_all() if use.reach.mixed else use.reach.at_once([part % n])
    start, _, step = part.indices(n)
    behind = sum(not isinstance(part, int) for part in parts[own:])
    return use.reach.through(lambda j: [start + j * step], shift=step).moved(-behind)


def _reshape(use: _Use) -> Interval | None:
    """An axis that stays, is lengthened by those behind it, or divided; or else its units are mixed with others."""
    old, new = use.x.shape, use.y.shape
    n, behind = old[use.axis], prod(old[len(old) + use.axis + 1 :])
    if n == 1:
        return use.by_all()
    for axis in range(-1, -len(new) - 1, -1):
        m, rest = new[axis], prod(new[len(new) + axis + 1 :])
        if m * rest == n * behind and m % n == 0:  # in place of a unit there are a few now
            return (
                use.reach.through(_each_repeated(m // n), period=m // n).moved(axis) if m > n else use.reach.moved(axis)
            )
        if m * rest == n * behind and n % m == 0:  # in place of a few units there is one
            return use.reach.through(_patches(n // m), shift=n // m).moved(axis)
        if rest <= behind and m * rest >= n * behind:
            return replace(use.reach, axis=axis, mixed=use.reach.mixed or n)
    return None


def _each_repeated(times: int) -> Callable[[int], list[int]]:
    return lambda j: [j // times]


def _patches(size: int) -> Callable[[int], range]:
    return lambda j: range(size * j, size * (j + 1))


def _all(rule: _Rule, *names: str, axes: Sequence[int] = (1, 2, 3)) -> dict[str, _Rule]:
    """The rule for operations along one, two and three axes: ``conv#d`` are conv1d, conv2d and conv3d."""
    return {name.replace("#", str(d)): rule for name in names for d in axes}


_TABLE: dict[str, _Rule] = {
    **_all(_scan(lay=False), "conv#d", "max_pool#d", "sum_pool#d"),
    **_all(_scan(lay=True), "conv#d_input_grad", "sum_unpool#d", "unpool#d"),
    **_all(_broadcast, "where", "broadcast_to", "astype", "to", "real", "imag", "modulus", "sinc"),
    "upsample": _upsample,
    "linear": _linear,
    "matmul": _matmul,
    "einsum": _einsum,
    "concatenate": _concatenate,
    "stack": _stack,
    "transpose": _transpose,
    "pad": _pad,
    "getitem": _getitem,
    "reshape": _reshape,
}
