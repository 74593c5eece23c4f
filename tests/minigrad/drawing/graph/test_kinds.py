"""What has a name and was not computed is given, whoever draws; what has none is a constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.drawing import fitting
from minigrad.drawing.contents import build_picture as contents
from minigrad.drawing.layout.graphviz.program import NoGraphvizError
from minigrad.player.graph import graph_of
from minigrad.player.moments import moments


@pytest.fixture(autouse=True)
def _without_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is laid out: kinds do not depend on it."""
    monkeypatch.setattr(fitting, "arrange", Mock(side_effect=NoGraphvizError))


def kinds(drawing: Any) -> dict[str, str]:
    """The kind of the box of each name; a box without one is called by its first words."""
    return {box.description.partition(";")[0].partition(" = ")[0]: box.kind for box in drawing._picture.boxes}


def loss() -> tuple[mg.Tensor, mg.Walkthrough]:
    """Everything that has a name has it as a variable of this function alone."""
    w, b = mg.Tensor([0.5, 1.0], requires_grad=True), mg.Tensor(0.5, requires_grad=True)
    x, t, scale = np.array([2.0, 1.0]), np.float64(1.0), mg.Tensor(0.5)
    z = (w * x).sum() + b
    L = scale * (z - t) ** 2 + (mg.Tensor([1.0, 2.0]) * w).sum() + (w * np.array([3.0, 4.0])).sum() + 1.0
    return L, mg.explain(L)


WITH_NAMES = {"w": "parameter", "b": "parameter", "x": "given", "t": "given", "scale": "given"}


@pytest.mark.parametrize("level", ["lines", "operations"])
def test_names_of_a_derivation_count_outside_of_the_function_that_has_them(level: Any) -> None:
    found = kinds(mg.draw(loss()[1], level=level))
    assert WITH_NAMES.items() <= found.items()
    assert [found[name] for name in ("c₁", "c₂")] == ["constant"] * 2  # arrays: a Tensor, and one of NumPy's


@pytest.mark.parametrize("level", ["lines", "operations"])
@pytest.mark.parametrize("recorded", [False, True])
def test_drawing_a_tensor_and_its_derivation_find_the_same_kinds(level: Any, recorded: bool) -> None:
    w, x, t = mg.Tensor([0.5, 1.0], requires_grad=True), np.array([2.0, 1.0]), np.float64(1.0)

    def computed() -> mg.Tensor:
        return ((w * x).sum() - t) ** 2 + (w * np.array([3.0, 4.0])).sum()

    L = mg.record()(computed)() if recorded else computed()
    found = kinds(mg.draw(L, level=level))
    assert {"w": "parameter", "x": "given", "t": "given", "c₁": "constant"}.items() <= found.items()
    assert found == kinds(mg.draw(mg.explain(L), level=level))


def test_in_the_player_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = []

    def kept(*args: Any, **options: Any) -> Any:
        pictures.append(contents.build_picture(*args, **options))
        return pictures[-1]

    monkeypatch.setattr("minigrad.player.graph.build_picture", kept)
    _, walkthrough = loss()
    assert not isinstance(graph_of(walkthrough, moments(walkthrough)), str)
    found = {box.description.partition(";")[0].partition(" = ")[0]: box.kind for box in pictures[0].boxes}
    assert WITH_NAMES.items() <= found.items()


class Scaled(nn.Module):
    """Multiplies what it is given by a table, a buffer, and a literal."""

    def __init__(self) -> None:
        self.table, self.mean = nn.Parameter(np.ones((3, 2))), nn.Buffer(np.zeros(2))

    def forward(self, which: Any, scale: Any) -> Any:
        return (mg.embedding(which, self.table) - self.mean) * scale * 2.0


@pytest.mark.parametrize("make", [np.asarray, mg.Tensor], ids=["array", "Tensor"])
def test_inputs_of_a_model_are_given_integers_too(make: Callable[[Any], Any]) -> None:
    which, factor = make([1, 2, 0]), make(0.5)
    found = kinds(nn.draw(Scaled(), which, factor, level="operations"))
    names = ("which", "scale") if make is np.asarray else ("which", "factor")
    assert {**dict.fromkeys(names, "given"), "table": "parameter", "mean": "given", "2": "constant"}.items() <= (
        found.items()
    )


def test_an_index_that_was_computed_is_drawn_with_what_computed_it() -> None:
    x = mg.Tensor([1.0, -2.0, 3.0], requires_grad=True)
    with mg.record():
        order = mg.Tensor(np.argsort(x))
        y = x[order]
        z = x[x > 0]
    assert "argsort" in str(mg.draw(y, level="operations"))
    assert "order" in str(mg.draw(y, level="operations"))
    assert "greater" in str(mg.draw(z, level="operations"))


def test_several_values_in_one_box_have_the_kind_of_each() -> None:
    W, h = mg.Tensor(np.eye(2), requires_grad=True), mg.Tensor(np.zeros(2), name="h_0")
    for k in range(1, 40):
        h = mg.tanh(W @ h + mg.Tensor(np.full(2, 1.0 / k), name=f"x_{k}")).named(f"h_{k}")
    drawing = mg.draw(mg.sum(h**2).named("L"))
    found = kinds(drawing)
    assert found == {"W": "parameter", "h₀": "given", "x₁ … x₃₉": "given", "h₁ … h₃₉": "computed", "L": "computed"}
    assert [box.times for box in drawing._picture.boxes if box.times > 1] == [39, 39]
    assert "shared parameters" not in str(drawing)
