"""Convolution of sequences, images and volumes, forward and backward: the window moves over the input, and back.

The last two axes are rows and columns: of sequences channels and places, of images and volumes those of a slice. The
axes before are chosen: the example, the channel or filter, and the depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from minigrad.notation import operations as ops
from minigrad.player.scenes.loops import Loops, window
from minigrad.player.scenes.scene import VIEWS, Operand, Scene, Work, shows

__all__: list[str] = []

_IMAGE, _FILTER = ("example", "channel", "depth"), ("filter", "channel", "depth")
_RESULT = ("example", "filter", "depth")  # its channels are the filters


@shows(ops.conv1d, ops.conv2d, ops.conv3d)
def forward(work: Work) -> Iterator[Scene]:
    """At each position the sum of the products of the filter and the elements under it."""
    x, w, *bias = work.arguments
    groups, (filters, channels), loops = work.call.params["groups"], w.shape[:2], Loops()
    (n,) = loops.choose("example", len(x))
    if w.ndim == 3:  # the filters are the rows of a sequence's result
        g, f = loops.step(groups, filters // groups)
    else:
        g, f = loops.choose("filter", groups, filters // groups)
    places = (*loops.choose("depth", *work.result.shape[2:-2]), *loops.step(*work.result.shape[2:][-2:]))
    (c,), elements = loops.term(channels), loops.term(*w.shape[2:])
    o = (filters // groups) * g + f
    seen = window(work.call.params, places, elements)
    yield Scene(
        "products",
        loops,
        Operand(work.call, work.result, (n, o, *places), _RESULT),
        Operand(work.call.args[0], x, (n, channels * g + c, *seen), _IMAGE),
        Operand(work.call.args[1], w, (o, c, *elements), _FILTER),
        start=Operand(work.call.args[2], bias[0], (o,)) if bias else None,
    )


@shows(ops.conv1d_input_grad, ops.conv2d_input_grad, ops.conv3d_input_grad)
def backward_input(work: Work) -> Iterator[Scene]:
    """The error signal of each position is laid back on the input through the filter."""
    z_bar, w = work.arguments
    groups, (filters, channels), loops = work.call.params["groups"], w.shape[:2], Loops()
    (n,) = loops.choose("example", len(z_bar))
    if w.ndim == 3:  # of a sequence all channels are rows of the same picture
        g, f = loops.step(groups, filters // groups)
        (c,) = loops.term(channels)
    else:
        g, c = loops.choose("channel", groups, channels)
        (f,) = loops.step(filters // groups)
    chosen = loops.choose("depth", *work.result.shape[2:-2])
    deep, flat = loops.step(*z_bar.shape[2:-2]), loops.step(*z_bar.shape[2:][-2:])
    slices, elements = loops.step(*w.shape[2:-2]), loops.term(*w.shape[2:][-2:])
    seen = window(work.call.params, (*deep, *flat), (*slices, *elements))
    o = (filters // groups) * g + f
    yield Scene(
        "products",
        loops,
        Operand(work.call, work.result, (n, channels * g + c, *chosen, *seen[len(chosen) :]), _IMAGE),
        Operand(work.call.args[0], z_bar, (n, o, *deep, *flat), _RESULT),
        Operand(work.call.args[1], w, (o, c, *slices, *elements), _FILTER),
        only=tuple(a - b for a, b in zip(seen, chosen, strict=False)),
        adds=True,
        view=VIEWS[0] if _can_gather(work) else "",
    )
    if _can_gather(work):
        yield _gathered(work, z_bar, w)


def _can_gather(work: Work) -> bool:
    """Whether it can be seen as a convolution: of an image, where no positions are left out."""
    return tuple(work.call.params["stride"]) == (1, 1)


def _gathered(work: Work, z_bar: Any, w: Any) -> Scene:
    """All at once: each element of the input sees the error signals through the filter turned by 180°."""
    groups, (filters, channels), loops, params = work.call.params["groups"], w.shape[:2], Loops(), work.call.params
    (n,) = loops.choose("example", len(z_bar))
    g, c = loops.choose("channel", groups, channels)
    places = loops.step(*work.result.shape[2:])
    (f,), elements = loops.term(filters // groups), loops.term(*w.shape[2:])
    o = (filters // groups) * g + f
    seen = tuple(
        p + before - d * (k - 1) + d * e
        for p, (before, _), d, k, e in zip(
            places, params["padding"], params["dilation"], w.shape[2:], elements, strict=True
        )
    )
    return Scene(
        "products",
        loops,
        Operand(work.call, work.result, (n, channels * g + c, *places), _IMAGE),
        Operand(work.call.args[0], z_bar, (n, o, *seen), _RESULT),
        Operand(work.call.args[1], w[..., ::-1, ::-1], (o, c, *elements), _FILTER, "turned by 180°"),
        view=VIEWS[1],
    )


@shows(ops.conv1d_weight_grad, ops.conv2d_weight_grad, ops.conv3d_weight_grad)
def backward_weight(work: Work) -> Iterator[Scene]:
    """The error signal of each position, times the elements under the filter there, is added."""
    z_bar, x = work.arguments
    groups, (filters, channels), loops = work.call.params["groups"], work.result.shape[:2], Loops()
    g, f = loops.choose("filter", groups, filters // groups)
    (c,) = loops.term(channels) if x.ndim == 3 else loops.choose("channel", channels)
    slices = loops.choose("depth", *work.result.shape[2:-2])
    (n,), places = loops.step(len(x)), loops.step(*z_bar.shape[2:])
    elements = (*slices, *loops.term(*work.result.shape[2:][-2:]))
    o = (filters // groups) * g + f
    seen = window(work.call.params, places, elements)
    yield Scene(
        "products",
        loops,
        Operand(work.call, work.result, (o, c, *elements), _FILTER),
        Operand(work.call.args[0], z_bar, (n, o, *places), _RESULT),
        Operand(work.call.args[1], x, (n, channels * g + c, *seen), _IMAGE),
        adds=True,
        examples=next(iter(n.factors), None),
    )
