"""The picture of a loss surface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn import plot

pytest.importorskip("matplotlib")


def bowl(**options: Any) -> Any:
    w, b = mg.Tensor(0.0), mg.Tensor(0.0)
    return nn.loss_surface(lambda: w**2 + 4 * b**2 + 1, {"w": w, "b": b}, limits=((-2, 2), (-2, 2)), **options)


def random_walk(steps: int) -> Any:
    model = nn.Linear(3, 2, rng=0)
    end = np.concatenate([p.data.ravel() for p in model.parameters()])
    path = end + np.cumsum(np.random.default_rng(0).normal(size=(steps, 8)), axis=0)[::-1]
    return nn.loss_surface(lambda: mg.sum(model.weight**2), model, path=path, points=5)


def texts(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_contours_are_where_the_loss_has_their_values() -> None:
    (axes,) = plot.loss_surface(bowl(points=101)).axes
    lines = axes.collections[1]
    assert len(lines.levels) > 8
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        w, b = path.vertices.T
        np.testing.assert_allclose(w**2 + 4 * b**2 + 1, level, rtol=0.01)
    np.testing.assert_allclose(np.diff(np.sqrt(lines.levels - 1)), np.sqrt(lines.levels[0] - 1), rtol=1e-2)


def test_the_path_its_start_and_its_end() -> None:
    path = [(-1.5, 1.0), (-0.7, 0.3), (0.0, 0.0)]
    figure = plot.loss_surface(bowl(path=path))
    line, start, end = figure.axes[0].lines
    np.testing.assert_array_equal(line.get_xydata(), path)
    np.testing.assert_array_equal([start.get_xydata()[0], end.get_xydata()[0]], [path[0], path[-1]])
    assert start.get_marker() != end.get_marker()
    assert {"start", "end: 1"} <= set(texts(figure))
    assert "over w and b, and the path of descent" in texts(figure)


def test_where_the_parameters_are_if_the_path_ends_elsewhere() -> None:
    assert "now: 1" in texts(plot.loss_surface(bowl()))
    figure = plot.loss_surface(bowl(path=[(-1.5, 1.0), (1.0, 1.0)]))
    assert {"start", "end", "now: 1"} <= set(texts(figure))
    assert figure.axes[0].lines[-1].get_xydata().tolist() == [[0, 0]]


def test_it_says_which_plane_it_is() -> None:
    surface = random_walk(6)
    across, up = surface.explained
    figure = plot.loss_surface(surface)
    share = f"{across + up:.1%}".replace("%", " %")
    assert f"the plane closest to the path of descent, with {share} of it" in texts(figure)
    (axes,) = figure.axes
    assert axes.get_xlabel() == f"path direction 1 ({across:.1%})".replace("%", " %")
    assert axes.get_title(loc="left") == "Loss surface of Linear"
    model = nn.Linear(3, 2, rng=0)
    random = nn.loss_surface(lambda: mg.sum(model.weight**2), model, points=5, rng=0)
    assert any("two random directions" in text for text in texts(plot.loss_surface(random)))


def test_many_points_are_a_line_alone() -> None:
    assert plot.loss_surface(random_walk(100)).axes[0].lines[0].get_marker() == ""
    assert plot.loss_surface(random_walk(10)).axes[0].lines[0].get_marker() == "o"


def test_a_few_huge_or_infinite_losses_do_not_hide_the_rest() -> None:
    w, b = mg.Tensor(0.0), mg.Tensor(0.0)
    loss = lambda: mg.exp(20 * mg.relu(w * b - 0.8)) + w**2 + mg.log(w + 0.99) * 0  # noqa: E731
    surface = nn.loss_surface(loss, [w, b], points=21)
    assert surface.loss[-1, -1] > 40
    assert not np.isfinite(surface.loss[:, 0]).any()
    levels = plot.loss_surface(surface).axes[0].collections[1].levels
    assert max(levels) < 10


def test_only_a_surface_is_drawn() -> None:
    with pytest.raises(TypeError, match="got a ndarray, expected a surface"):
        plot.loss_surface(np.zeros((3, 3)))
