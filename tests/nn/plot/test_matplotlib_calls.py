"""Matplotlib draws Tensors as it draws their arrays: leaves, constants and computed ones, in every kind of picture."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

figure = pytest.importorskip("matplotlib.figure")

V = np.array([1.0, 2.0, 4.0])
M = np.array([[1.0, 2.0, 3.0], [4.0, 6.0, 9.0], [1.0, 5.0, 2.0]])


def axes(**settings: Any) -> Any:
    return figure.Figure().add_subplot(**settings)


#: Each draws a vector of three positive, growing numbers, and a matrix.
CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "plot": lambda v, m: axes().plot(v),
    "plot of two": lambda v, m: axes().plot(v, v, "r-o"),
    "plot of an array and a Tensor": lambda v, m: axes().plot(V, v),
    "plot of columns": lambda v, m: axes().plot(m),
    "plot of a number": lambda v, m: axes().plot(v[0], v[1], "o"),
    "plot of one number alone": lambda v, m: axes().plot(v[0]),
    "plot of 1 x 1": lambda v, m: axes().plot(v[:1].reshape(1, 1), m[:1, :1]),
    "plot of a list": lambda v, m: axes().plot([v[0], v[1], v[2]]),
    "logarithmic": lambda v, m: (axes().loglog(v, v), axes().semilogx(v, v), axes().semilogy(v)),
    "step": lambda v, m: axes().step(v, v),
    "stem": lambda v, m: axes().stem(v, v),
    "stairs": lambda v, m: axes().stairs(v),
    "scatter": lambda v, m: axes().scatter(v, v, s=v, c=v),
    "bar": lambda v, m: axes().bar(v, v, width=v, bottom=v, yerr=v),
    "bar, heights alone": lambda v, m: axes().bar(range(3), v, hatch="/"),
    "bar of a list": lambda v, m: axes().bar([0, 1], [v[0], v[1]]),
    "barh": lambda v, m: axes().barh(v, v),
    "bar_label": lambda v, m: (at := axes()).bar_label(at.bar(v, v)),
    "errorbar": lambda v, m: axes().errorbar(v, v, yerr=v, xerr=v),
    "hist": lambda v, m: axes().hist(v, weights=v),
    "hist of several": lambda v, m: axes().hist([v, v], bins=2),
    "hist2d": lambda v, m: axes().hist2d(v, v),
    "hexbin": lambda v, m: axes().hexbin(v, v, gridsize=3),
    "boxplot": lambda v, m: (axes().boxplot(v), axes().boxplot([v, v]), axes().boxplot(m)),
    "violinplot": lambda v, m: (axes().violinplot(v), axes().violinplot([v, v])),
    "ecdf": lambda v, m: axes().ecdf(v),
    "pie": lambda v, m: axes().pie(v),
    "stackplot": lambda v, m: axes().stackplot(v, v, v),
    "fill": lambda v, m: axes().fill(v, v),
    "fill_between": lambda v, m: axes().fill_between(v, v, v / 2),
    "fill_betweenx": lambda v, m: axes().fill_betweenx(v, v),
    "eventplot": lambda v, m: axes().eventplot(v),
    "lines": lambda v, m: (axes().hlines(v, v, v), axes().vlines(v, 0, v), axes().axline((v[0], v[1]), slope=v[2])),
    "lines across": lambda v, m: (axes().axhline(v[0]), axes().axvspan(v[0], v[1])),
    "texts": lambda v, m: (axes().text(v[0], v[1], "a"), axes().annotate("a", (v[0], v[1]), xytext=(v[1], v[2]))),
    "arrow": lambda v, m: axes().arrow(v[0], v[1], v[2], v[0]),
    "limits and ticks": lambda v, m: (axes().set_xlim(v[0], v[1]), axes().set_yticks(v, labels="abc")),
    "quiver": lambda v, m: axes().quiver(v, v, v, v),
    "imshow": lambda v, m: (at := axes()).figure.colorbar(at.imshow(m, vmin=v[0], vmax=v[2])),
    "matshow": lambda v, m: axes().matshow(m),
    "spy": lambda v, m: axes().spy(m),
    "pcolormesh": lambda v, m: (axes().pcolormesh(v, v, m), axes().pcolor(m)),
    "contour": lambda v, m: (axes().contour(m, levels=v), axes().contour(v, v, m), axes().contourf(m)),
    "triangles": lambda v, m: axes().tripcolor([0, 1, 0], [0, 0, 1], v),
    "table": lambda v, m: axes().table(m),
    "polar": lambda v, m: axes(projection="polar").plot(v, v),
    "lines in space": lambda v, m: [*(at := axes(projection="3d")).plot(v, v, v), at.scatter(v, v, v)],
    "surface": lambda v, m: (axes(projection="3d").plot_surface(M, M, m), axes(projection="3d").contour(m, m, m)),
    "wireframe": lambda v, m: axes(projection="3d").plot_wireframe(m, m, m),
    "animation": lambda v, m: (line := axes().plot(V, V)[0]).set_data(v, line.set_ydata(v) or v),
}
TENSORS: dict[str, Callable[[Any], Any]] = {
    "leaf": lambda a: mg.Tensor(a, requires_grad=True),
    "parameter": nn.Parameter,
    "constant": mg.Tensor,
    "computed": lambda a: mg.Tensor(a, requires_grad=True) * 1.0,
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("tensor", ["leaf", "computed"])
def test_a_call_of_matplotlib_takes_tensors(tensor: str, call: str) -> None:
    CALLS[call](TENSORS[tensor](V), TENSORS[tensor](M))


@pytest.mark.parametrize("tensor", TENSORS.values(), ids=TENSORS)
def test_what_is_drawn_is_the_array(tensor: Any) -> None:
    (line,) = axes().plot(tensor(V))
    assert type(line.get_ydata()) is np.ndarray
    np.testing.assert_array_equal(line.get_ydata(), V)
    (line,) = axes().plot([0], [0])
    line.set_data(tensor(V), tensor(V))
    np.testing.assert_array_equal(line.get_xydata(), np.stack([V, V], axis=1))
    bars = axes().bar(tensor(V), tensor(V))
    assert [(bar.get_center()[0], bar.get_height()) for bar in bars] == [(v, v) for v in V]


def test_what_matplotlib_asks_of_tensors() -> None:
    t = mg.Tensor(V, requires_grad=True)
    assert t.to_numpy() is t.data or np.shares_memory(t.to_numpy(), t.data)
    copied = copy.copy(t * 1)
    np.testing.assert_array_equal(copied.data, V)
    np.testing.assert_array_equal(np.cumsum(t, dtype=float).data, V.cumsum())
    assert np.cumsum(t, dtype=np.float32).dtype == np.float32
    x, width, nothing, hatch = np.broadcast_arrays(t, [t[0]], None, "/")
    assert (x.shape, width.tolist(), list(nothing), list(hatch)) == ((3,), [1] * 3, [None] * 3, ["/"] * 3)
    mg.sum(width).backward()
    np.testing.assert_array_equal(t.grad, [3, 0, 0])
