"""The loss around a point of parameter space, with the path that descent took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.analysis.surface.loss_surface import LossSurface
from nn.plot.figure.style import panel, panel_title, styled
from nn.plot.figure.theme import theme
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["loss_surface"]

LEVELS = 14
STEPS_SHOWN = 60  # with more points, a path is a line without dots


@styled
def loss_surface(surface: LossSurface, *, ax: Axes | None = None) -> Figure:
    """Contours of the loss over two directions, and the path of descent as projected onto their plane.

    The stronger the purple, the larger the loss; the numbers on the lines are its values. The steps between lines grow
    with the loss, so that those of a bowl are at even distances. Where the loss is infinite or NaN, nothing is drawn.

    The subtitle says which plane it is, and how much of the path lies in it: the rest of the way goes out of the plane,
    where the loss is another one.

    Arguments:
        surface: what `nn.loss_surface` returned.
        ax: the axes to draw in; a new figure if not given.

    Returns:
        The figure, with one panel.

    Raises:
        TypeError: if `surface` is something else.
        ImportError: if Matplotlib is not installed.

    >>> import minigrad as mg, nn
    >>> w, b = mg.Tensor(3.0, name="w"), mg.Tensor(1.0, name="b")
    >>> surface = nn.loss_surface(lambda: (w - 1) ** 2 + 4 * (b + 1) ** 2, [w, b], path=[(3, 1), (1.5, 0)])
    >>> figure = loss_surface(surface)
    >>> figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()
    ('w', 'b')
    """
    from matplotlib.ticker import MaxNLocator

    if not isinstance(surface, LossSurface):
        raise TypeError(
            f"loss_surface: got a {type(surface).__name__}, expected a surface: "
            'nn.plot.loss_surface(nn.loss_surface(lambda: nn.evaluate(model, x, t)["loss"], model))'
        )
    ratio = np.ptp(surface.y) / np.ptp(surface.x)
    even = 0.3 < ratio < 3
    figure, ax = panel(ax, 6.4, 1.4 + 5 * min(ratio, 1.2) if even else 5.4)
    _contours(ax, surface)
    ax.set(xlim=surface.x[[0, -1]], ylim=surface.y[[0, -1]])
    if surface.path is not None:
        _path(ax, surface)
    _centre(ax, surface)
    if even:
        ax.set_aspect("equal")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    shares = ("", "") if surface.explained is None else [f" ({_percent(s)})" for s in surface.explained]
    ax.set_xlabel(surface.names[0] + shares[0])
    ax.set_ylabel(surface.names[1] + shares[1])
    panel_title(ax, f"Loss surface of {surface.model}" if surface.model else "Loss surface", _subtitle(surface))
    return figure


def _subtitle(surface: LossSurface) -> str:
    if surface.kind == "random":
        return "two random directions; at 1 each filter has changed by its own length"
    if surface.explained is not None:
        return f"the plane closest to the path of descent, with {_percent(sum(surface.explained))} of it"
    path = ", and the path of descent" if surface.path is not None else ""
    return f"over {' and '.join(surface.names)}{path}"


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %") if share < 0.9995 else "100 %"


def _contours(ax: Axes, surface: LossSurface) -> None:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patheffects import withStroke

    loss = np.ma.masked_invalid(surface.loss)
    levels = _levels(loss.compressed())
    pale = theme().sequential(np.linspace(0.02, 0.55, 256))  # so that lines and numbers can be seen on it
    colours = LinearSegmentedColormap.from_list("pale", pale)
    ax.contourf(surface.x, surface.y, loss, levels=levels, cmap=colours, extend="max")
    lines = ax.contour(surface.x, surface.y, loss, levels=levels[1:], colors=theme().text, linewidths=0.6)
    for number in ax.clabel(lines, levels=levels[2::3], fmt="%.2g", fontsize=9):
        number.set_path_effects([withStroke(linewidth=2.5, foreground=theme().background)])


def _levels(loss: Array) -> Any:
    """Levels at even distances of the root of the loss, up to a height that few points exceed."""
    low, high = float(loss.min()), float(np.quantile(loss, 0.97))
    high = high if high > low else float(loss.max())
    return low + (high - low) * np.linspace(0, 1, LEVELS) ** 2


def _path(ax: Axes, surface: LossSurface) -> None:
    path, colour = surface.path, theme().colours[1]
    ax.plot(*path.T, color=colour, linewidth=2, marker="o" if len(path) <= STEPS_SHOWN else "", markersize=4)
    ax.plot(*path[0], marker="o", markersize=10, color=colour, markerfacecolor=theme().background, markeredgewidth=2.2)
    ax.plot(*path[-1], marker="*", markersize=17, color=colour, markeredgecolor=theme().background)
    _written(ax, "start", path[0], path[min(1, len(path) - 1)])
    _written(ax, "end" if _apart(surface) else f"end: {surface.centre_loss:.3g}", path[-1], path[-1 - len(path) // 8])


def _centre(ax: Axes, surface: LossSurface) -> None:
    """A cross where the parameters are, and the loss; the end of the path is one already."""
    if _apart(surface):
        ax.plot(*surface.origin, marker="+", markersize=13, markeredgewidth=2, color=theme().text)
        _written(ax, f"now: {surface.centre_loss:.3g}", surface.origin, surface.origin)


def _apart(surface: LossSurface) -> bool:
    """Whether the parameters are not where the path ends."""
    return surface.path is None or not np.allclose(surface.path[-1], surface.origin)


def _written(ax: Axes, text: str, at: Any, path: Any) -> None:
    """A text beside a point, on the side that has more room, and not where the path goes."""
    from matplotlib.patheffects import withStroke

    left = at[0] > np.dot(ax.get_xlim(), (0.4, 0.6))
    ax.annotate(
        text,
        at,
        xytext=(-9 if left else 9, 9 if path[1] <= at[1] else -9),
        textcoords="offset points",
        ha="right" if left else "left",
        va="bottom" if path[1] <= at[1] else "top",
        weight="bold",
        zorder=5,
        path_effects=[withStroke(linewidth=3, foreground=theme().background)],
    )
