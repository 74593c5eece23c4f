"""Activation functions with their slopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.module import Module, evaluation_mode
from nn.plot.figure.style import panel, panels, styled
from nn.plot.figure.theme import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["activation"]

POINTS = 801
SATURATED = 0.05  # of the largest slope
JUMP = 0.2  # of the largest slope, between two points: the line of the slope has a gap
COLUMNS = 3


@styled
def activation(
    function: Callable[..., Any] | Sequence[Callable[..., Any]],
    limits: tuple[float, float] = (-6.0, 6.0),
    *,
    ax: Axes | None = None,
) -> Figure:
    """An activation function and its slope: where it is steepest, and where it is saturated.

    Error signals are multiplied by the slope. It is saturated where the slope, from there to the end of the axis, is at
    most 5 % of the largest: almost nothing comes through. The slope is that of the engine, by ``backward``; a function
    with a jump has a gap in its line.

    Arguments:
        function: takes an array of any shape and acts on each of its numbers: ``mg.sigmoid``, ``nn.GELU()``, or a
            function of yours. Of several, as a list, each has a panel.
        limits: the first and the last number of the horizontal axis.
        ax: the axes to draw in, for one function; a new figure if not given.

    Raises:
        TypeError: if `function` is not a function, or several, or does not act on each number.
        ValueError: if there are no functions, several for one `ax`, or the limits are not in order.
        ImportError: if Matplotlib is not installed.

    >>> import minigrad as mg
    >>> figure = activation(mg.sigmoid)
    >>> figure.axes[0].texts[0].get_text()
    'largest slope 0.25, at z = 0'
    """
    functions = list(function) if isinstance(function, list | tuple) else [function]
    if not functions:
        raise ValueError("activation: there are no functions; expected one, as mg.sigmoid, or a list")
    for one in functions:
        if not callable(one) or isinstance(one, type):
            hint = f"; write {one.__name__}()" if isinstance(one, type) else ""
            raise TypeError(f"activation: got {one!r}, expected a function or a module, as mg.relu or nn.ReLU(){hint}")
    low, high = limits
    if not (np.isfinite([low, high]).all() and low < high):
        raise ValueError(f"activation: limits={limits}, expected two numbers, the smaller one first")
    if ax is not None and len(functions) > 1:
        raise ValueError(f"activation: got {len(functions)} functions for one ax; expected one, or no ax")
    z = np.linspace(low, high, POINTS)
    if len(functions) == 1:
        figure, ax = panel(ax, 5.4, 4.4)
        _draw(ax, functions[0], z)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False, fontsize=10)
        return figure
    figure, places = panels(len(functions), COLUMNS, 4.2, 3.8)
    for one, axes in zip(functions, places, strict=True):
        _draw(axes, one, z)
    handles = {
        label: handle for axes in places for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles, loc="outside lower center", ncols=3, frameon=False)
    return figure


def _draw(axes: Axes, function: Any, z: Any) -> None:
    colours, name = theme(), _name(function)
    value, slope = _value_and_slope(function, z, name)
    sizes = np.where(np.isfinite(slope), np.abs(slope), 0)
    steepest = sizes.max()
    top = np.flatnonzero(sizes == steepest)
    at = top[np.abs(z[top]).argmin()]  # where many are equal, the one next to zero
    axes.axhline(0, color=colours.frame, linewidth=0.8)
    axes.axvline(0, color=colours.frame, linewidth=0.8)
    axes.plot(z, value, linewidth=2.4, color=colours.colours[0], label="function")
    jumps = np.abs(np.diff(slope, append=slope[-1])) > JUMP * steepest
    axes.plot(z, np.where(jumps, np.nan, slope), linewidth=2.2, linestyle="--", color=colours.colours[1], label="slope")
    axes.plot(z[at], slope[at], marker="o", markersize=8, color=colours.colours[1], markeredgecolor=colours.text)
    label = "saturated: slope at most 5 % of the largest"
    for start, end in _saturated(z, sizes, steepest):
        axes.axvspan(
            start, end, facecolor=colours.grid, edgecolor=colours.frame, hatch="//", linewidth=0, label=label, zorder=0
        )
        label = "_"  # one entry for both sides
    axes.set_title(name, loc="left", weight="bold", pad=22)
    where = f", at z = {z[at]:.2g}" if len(top) == 1 else ""
    note = f"largest slope {slope[at]:.3g}{where}".replace("-", "−")
    axes.text(0, 1.03, note, transform=axes.transAxes, color=colours.muted, size=11)
    axes.set_xlabel("z")
    axes.set_xlim(z[0], z[-1])
    axes.margins(y=0.08)


def _name(function: Any) -> str:
    """``sigmoid``, ``GELU``."""
    name = getattr(function, "__name__", type(function).__name__)
    return "function" if name == "<lambda>" else str(name)


def _value_and_slope(function: Any, z: Any, name: str) -> tuple[Any, Any]:
    """f(z) and f′(z), the error signal of z where those of all f(z) are 1."""
    parameter = next(function.parameters(), None) if isinstance(function, Module) else None
    given = z if parameter is None else z.astype(parameter.dtype)
    if isinstance(function, Module):
        with evaluation_mode(function):
            value, pullback = mg.vjp(function, given)
    else:
        value, pullback = mg.vjp(function, given)
    if np.shape(value) != z.shape:
        raise TypeError(
            f"activation: of {len(z)} numbers {name} gives shape {np.shape(value)}, expected one number for each"
        )
    (slope,) = pullback(np.ones_like(value))
    return np.asarray(value, np.float64), np.asarray(slope, np.float64)


def _saturated(z: Any, sizes: Any, steepest: float) -> list[tuple[float, float]]:
    """The ends of the axis at which the slope is small, if it is so anywhere."""
    small = sizes <= SATURATED * steepest
    if small.all():
        return []
    first, last = np.flatnonzero(~small)[[0, -1]]
    ends = [(z[0], z[first])] if first else []
    return ends + ([(z[last], z[-1])] if last < len(z) - 1 else [])
