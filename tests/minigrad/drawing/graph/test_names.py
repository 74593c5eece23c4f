"""`names_around`: the names of variables, also where a helper function draws."""

from __future__ import annotations

import sys
from types import FrameType, SimpleNamespace
from typing import Any

import minigrad as mg
from minigrad.drawing.graph.names import names_around


def frame() -> FrameType:
    return sys._getframe(1)


def name_of(x: Any, names: dict[int, str]) -> str | None:
    return names.get(id(x))


def test_what_is_passed_on_has_the_name_from_where_it_comes() -> None:
    loss = mg.Tensor(1.0)

    def show(t: Any) -> dict[int, str]:  # noqa: ARG001
        return names_around(frame())

    assert name_of(loss, show(loss)) == "loss"


def test_a_helper_that_is_not_passed_the_value_itself() -> None:
    weights, inputs, hidden = mg.Tensor(1.0), mg.Tensor(2.0), mg.Tensor(3.0)

    def draw_it(run: Any) -> dict[int, str]:
        inner = run.hidden  # noqa: F841  the name that it has here comes first
        return names_around(frame())

    def helper(batch: list[Any], run: Any) -> dict[int, str]:
        assert batch
        return draw_it(run)

    names = helper([inputs], SimpleNamespace(hidden=hidden))
    assert [name_of(x, names) for x in (weights, inputs, hidden)] == ["weights", "batch_0", "inner"]


def test_through_a_method_and_a_lambda() -> None:
    score = mg.Tensor(1.0)

    class Plotter:
        def draw(self) -> dict[int, str]:
            return names_around(frame())

    plotter = Plotter()
    names = (lambda: next(plotter.draw() for _ in range(1)))()
    assert name_of(score, names) == "score"


def test_drawings_have_these_names() -> None:
    w = mg.Tensor(2.0, requires_grad=True)
    z = w * w
    L = z + 1

    def outline(run: Any) -> str:
        return str(mg.draw(run.loss))

    assert "z = w w" in outline(SimpleNamespace(loss=L))
