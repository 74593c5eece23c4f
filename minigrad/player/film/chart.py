"""The loss as it goes down: a line in an SVG, with a point for each step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from minigrad.notation import number

__all__ = ["chart"]

_WIDTH, _HEIGHT = 480.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 14.0, 16.0, 42.0


def chart(losses: Sequence[float], name: str) -> str:
    """The chart; steps whose loss is not a finite number have no point.

    Arguments:
        name: of the loss, for those who listen.
    """
    finite = [loss for loss in losses if math.isfinite(loss)]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
    last = len(losses) - 1

    def x(k: int) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (k / last if last else 0.5)

    def y(loss: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - (loss - low) / (high - low or 1.0))

    lines: list[list[str]] = [[]]
    points = []
    for k, loss in enumerate(losses):
        if not math.isfinite(loss):
            lines.append([])
            continue
        lines[-1].append(f"{x(k):.1f},{y(loss):.1f}")
        points.append(f'<circle data-at="{k}" cx="{x(k):.1f}" cy="{y(loss):.1f}" r="4" fill="#0072b2"/>')
    drawn = "".join(
        f'<polyline fill="none" stroke="#0072b2" points="{" ".join(line)}"/>' for line in lines if len(line) > 1
    )
    floor = f"{_HEIGHT - _BOTTOM:.0f}"
    texts = [
        *(_tick(_LEFT - 8, y(value) + 5, number(value), "end") for value in dict.fromkeys((low, high))),
        *(_tick(x(k), _HEIGHT - _BOTTOM + 20, str(k), "middle") for k in dict.fromkeys((0, last))),
        _tick((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 4, "step", "middle"),
        _tick(_LEFT + 8, _TOP + 2, "loss", "start"),
    ]
    axes = f'<path fill="none" stroke="currentColor" d="M{_LEFT:.0f} {_TOP:.0f}V{floor}H{_WIDTH - _RIGHT:.0f}"/>'
    ends = f"{_LEFT:.0f} {_WIDTH - _RIGHT:.0f}"
    cursor = f'<line class="cursor" data-range="{ends}" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="{_TOP:.0f}" y2="{floor}"/>'
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(_words(losses, name))}">{axes}{cursor}{drawn}{"".join(points)}{"".join(texts)}</svg>'
    )


def _words(losses: Sequence[float], name: str) -> str:
    if len(losses) == 1:
        return f"{name} is {number(losses[0])}"
    return (
        f"{name} goes from {number(losses[0])} to {number(losses[-1])} in {len(losses) - 1} "
        f"step{'s' if len(losses) > 2 else ''}; its values are in the table"
    )


def _tick(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">{escape(text)}</text>'
