"""Within ``record`` everything is drawn that was executed, and nothing else, however a program is made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
import nn
from minigrad.drawing.graph.trace import trace
from tests.helpers.drawing.executed import assert_drawn, plain, spy

# ---------------------------------------------------------------- random programs on matrices of shape (2, 2)

LAYER = nn.Linear(2, 2, rng=0, dtype=np.float64)
MODEL = nn.Sequential(nn.LayerNorm(2, dtype=np.float64), nn.Linear(2, 2, rng=1, dtype=np.float64), nn.Tanh(), LAYER)
NORM = nn.BatchNorm1d(2, dtype=np.float64)

STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "add": mg.add,
    "twice": lambda a, b: mg.multiply(a, a),
    "matmul": mg.matmul,
    "divide": lambda a, b: mg.divide(a, 2 + mg.square(b)),
    "numpy": lambda a, b: np.multiply(a, mg.multiply(b, 1.0)),
    "tanh": lambda a, b: mg.tanh(a),
    "numbers": lambda a, b: mg.add(mg.multiply(a, 0.5), 0.5),
    "parameter": lambda a, b: mg.multiply(mg.Tensor(a, requires_grad=True), b),
    "rows": lambda a, b: mg.concatenate([a, b])[1:3],
    "sums": lambda a, b: mg.sum(a, axis=0, keepdims=True) + mg.multiply(b, 1.0),
    "softmax": lambda a, b: mg.softmax(a, axis=1),
    "gelu": lambda a, b: mg.gelu(a),
    "inv": lambda a, b: mg.inv(mg.add(mg.multiply(mg.tanh(a), 0.1), np.eye(2))),
    "checkpoint": lambda a, b: mg.checkpoint(lambda x: mg.sin(x) * LAYER(x))(mg.multiply(a, b)),
    "layer": lambda a, b: LAYER(a),
    "model": lambda a, b: MODEL(a) - b,
    "norm": lambda a, b: NORM(a),
    "where": lambda a, b: mg.where(mg.maximum(a, 0.0), a, b),
    "loss": lambda a, b: a + mg.cross_entropy(a, mg.softmax(mg.astype(b, np.float32), axis=1)),
    "detach": lambda a, b: mg.stop_gradient(mg.add(a, b)),
}
CONTEXTS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "": nullcontext,
    "no_grad": mg.no_grad,
    "scope": lambda: mg.scope("inner"),
    "record": mg.record,
    "detect_anomaly": mg.detect_anomaly,
}

Program = list[tuple[str, str, int, int]]
programs = st.lists(
    st.tuples(st.sampled_from([*STEPS]), st.sampled_from([*CONTEXTS]), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=8,
)


def run(program: Program, first: Any = np.array([[0.5, -1.0], [2.0, 0.25]])) -> tuple[list[Any], list[Any]]:  # noqa: B008
    """The leaves and all values of a program, whose operands are the last values, an array among them."""
    leaves = [
        first,
        mg.Tensor([[1.0, 0.5], [-0.5, 1.5]], requires_grad=True, name="w"),
        mg.Tensor([[0.1, 0.2], [0.3, -0.4]], name="t"),
    ]
    values = list(leaves)
    with np.errstate(all="ignore"):
        for step, context, i, j in program:
            a, b = values[-1 - i % min(5, len(values))], values[j % len(values)]
            with CONTEXTS[context]():
                values.append(STEPS[step](a, b))
    return leaves, values[len(leaves) :]


@given(programs)
def test_what_is_drawn_is_what_was_executed(program: Program) -> None:
    with spy() as log, mg.record():
        leaves, values = run(program)
    graph = trace(values)
    assert_drawn(graph, log)
    for node in graph.nodes:
        assert node.kind != "unrecorded"
        assert node.kind != "given" or any(node.value is x for x in leaves)


@given(programs)
def test_numbers_and_gradients_stay_the_same(program: Program) -> None:
    def results() -> list[Any]:
        (_, w, _), values = run(program)
        loss = sum((mg.sum(mg.Tensor(y) if isinstance(y, np.ndarray) else y) for y in values), mg.Tensor(0.0))
        if loss.requires_grad:
            loss.backward()
        gradients = [p.grad for p in (w, *MODEL.parameters(), *NORM.parameters())]
        for p in (*MODEL.parameters(), *NORM.parameters()):
            p.grad = None
        return [plain(y) for y in values] + gradients

    expected = results()
    with mg.record():
        found = results()
    for a, b in zip(expected, found, strict=True):
        assert type(a) is type(b)
        np.testing.assert_array_equal(a, b)


@given(programs)
def test_outside_record_what_was_computed_is_never_an_input(program: Program) -> None:
    leaves, values = run(program, mg.Tensor([[0.5, -1.0], [2.0, 0.25]]))
    for node in trace(values).nodes:
        if node.kind == "given":
            assert any(node.value is x for x in leaves)
