"""What `trace_failure` finds when a call raises an error within ``record``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.drawing.graph.failure import trace_failure
from minigrad.drawing.graph.nodes import Graph


def failure(f: Callable[[], Any]) -> Graph:
    with pytest.raises(Exception) as caught, mg.record():  # noqa: PT011  any error
        f()
    graph = trace_failure(caught.value)
    assert graph.failed is graph.nodes[-1]
    assert graph.failed.value is caught.value
    assert graph.roots == [graph.failed]
    return graph


def called(graph: Graph) -> str:
    """The failed call with its arguments: named values, shapes of others."""
    failed = graph.failed
    assert failed is not None
    arguments = [use for use in graph.uses if use.target is failed]
    assert [use.position for use in arguments] == [*range(len(arguments))]
    name = failed.primitive.name if failed.primitive else failed.name
    return f"{name}({', '.join(use.source.name or str(np.shape(use.source.value)) for use in arguments)})"


a = mg.Tensor([1.0, 2.0], name="a")


@mg.primitive(lambda y_bar, y, x: y_bar)
def broken(x: Any) -> Any:
    raise ValueError(f"no {x}")


@pytest.mark.parametrize(
    ("f", "expected", "operations"),
    [
        (lambda: (a * 2) + np.ones(3), "add((2,), (3,))", 2),
        (lambda: np.ones(3) + a * 2, "add((3,), (2,))", 2),
        (lambda: mg.matmul(a * 2, np.ones(3)), "matmul((2,), (3,))", 2),
        (lambda: np.exp(a).reshape(3), "reshape((2,))", 2),
        (lambda: a.sum(axis=4), "sum(a)", 1),
        (lambda: mg.conv2d(a * 2, np.ones((3, 3))), "conv2d((2,), (3, 3))", 2),  # refused before any operation
        (lambda: mg.concatenate([a * 2, np.ones((2, 2))]), "concatenate((2,), (2, 2))", 2),
        (lambda: mg.gelu("x"), "ndtr(())", 1),
        (lambda: mg.gelu(a, slope=1), "gelu(a)", 1),
        (lambda: broken(a * 2), "broken((2,))", 2),
        (lambda: (a * 2).backward(), "backward((2,))", 2),
        (lambda: 1 / 0, "<lambda>()", 1),
    ],
)
def test_the_call_that_failed(f: Callable[[], Any], expected: str, operations: int) -> None:
    graph = failure(f)
    assert called(graph) == expected
    assert sum(node.kind == "operation" for node in graph.nodes) == operations


def test_the_layer_that_failed() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 4), nn.ReLU(), nn.Linear(5, 2))
    graph = failure(lambda: model(np.ones((1, 1, 4, 4), np.float32)))
    assert called(graph) == "linear((1, 4), 3.weight, 3.bias)"
    scopes = {node.scope.path()[0] for node in graph.nodes if node.scope is not None}
    assert len(scopes) == 1  # one call of the model, for the layer that failed, too
    assert graph.failed is not None
    assert graph.failed.scope is not None
    assert [str(scope.label) for scope in graph.failed.scope.path()] == ["Sequential", "3: Linear(5, 2)"]


def test_what_the_program_itself_raises_has_all_that_it_computed() -> None:
    def f(x: Any) -> None:
        u = mg.exp(x)
        v, w = u * 2, mg.sin(x)  # noqa: F841  used up by the graph
        raise ValueError("mine")

    graph = failure(lambda: f(a))
    assert called(graph) == "f(v, w)"
    assert [node.name for node in graph.nodes if node.kind == "operation"] == ["u", "v", "w", "f"]


def test_names_are_those_of_the_program() -> None:
    images = np.ones(3)
    scores = mg.Tensor(np.ones(2))
    assert called(failure(lambda: mg.add(images, scores))) == "add(images, scores)"


def test_within_no_grad_and_a_scope() -> None:
    def f() -> None:
        with mg.scope("outer"):
            y = 2 * a
            with mg.no_grad(), mg.scope("inner"):
                y + np.ones(3)

    graph = failure(f)
    assert graph.failed is not None
    assert graph.failed.scope is not None
    assert [scope.label for scope in graph.failed.scope.path()] == ["outer", "inner"]
