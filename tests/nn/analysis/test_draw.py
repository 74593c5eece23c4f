"""`nn.draw`: everything is recorded, and the model is left as it was."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.graph.trace import trace
from nn.random import set_position
from tests.helpers.drawing.executed import assert_drawn, leading_to, spy

X = np.ones((2, 1, 4, 4), np.float32)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What mg.draw was called with."""
    calls: list[Any] = []
    monkeypatch.setattr(mg, "draw", lambda root, **options: calls.append((root, options)))
    return calls


def names(graph: Graph) -> list[str | None]:
    return [node.name or (node.primitive.name if node.primitive else node.kind) for node in graph.nodes]


def test_what_lies_before_the_first_parameter(drawn: list[Any]) -> None:
    nn.draw(nn.Sequential(nn.Flatten(), nn.Linear(16, 2)), X, loss=lambda y: (y * y).sum(), level="modules")
    [(root, options)] = drawn
    graph = trace([root])
    assert names(graph) == ["x", "reshape", "1.weight", "1.bias", "linear", "multiply", "sum"]
    assert [node.kind for node in graph.nodes][:3] == ["given", "operation", "parameter"]
    assert options == {"level": "modules"}


class Inception(nn.Module):
    """Branches that start with pooling and with a convolution, and a residual connection."""

    def __init__(self) -> None:
        self.a, self.b = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(1, 1, 1)
        self.norm, self.drop = nn.BatchNorm2d(3), nn.Dropout(0.5)

    def forward(self, x: Any) -> Any:
        scaled = (x - x.mean()) / (x.std() + 1e-5)
        pooled = mg.max_pool2d(scaled, 3, stride=1, padding=1)
        y = self.drop(self.norm(mg.concatenate([self.a(scaled), self.b(pooled)], axis=1)))
        with mg.no_grad():
            gate = mg.sigmoid(y.mean(axis=(2, 3), keepdims=True))
        return mg.where(y > 0, y * gate, 0.1 * y) + pooled.detach()


MODELS: dict[str, Callable[[], tuple[nn.Module, Any]]] = {
    "LeNet": lambda: (nn.LeNet(), np.ones((1, 1, 28, 28), np.float32)),
    "Inception": lambda: (Inception(), X),
    "GoogLeNet": lambda: (nn.SmallGoogLeNet(), np.ones((1, 3, 32, 32), np.float32)),
    "frozen": lambda: (nn.Sequential(nn.Flatten(), nn.Linear(16, 2).requires_grad_(False)), X),
}


@pytest.mark.parametrize("name", MODELS)
def test_all_that_a_model_executes_is_drawn(drawn: list[Any], name: str) -> None:
    model, x = MODELS[name]()
    with spy() as log:
        nn.draw(model, x, loss=lambda y: mg.sum(y**2))
    graph = trace([drawn[0][0]])
    executed = leading_to(drawn[0][0], log)
    assert len(executed) == len(log) - 2 * (name == "Inception")  # the steps of the running values lead nowhere
    assert_drawn(graph, executed)
    (given,) = (node for node in graph.nodes if node.kind == "given")
    assert given.name in signature(model.forward).parameters


def test_inputs_are_named_after_the_parameters_of_forward(drawn: list[Any]) -> None:
    class Attention(nn.Module):
        def forward(self, query: Any, keys: Any, *more: Any, scale: float = 1.0) -> Any:
            return query @ keys.T * scale + sum(more)

    own = mg.Tensor(np.ones((3, 2)), name="memory")
    nn.draw(Attention(), np.ones((2, 2)), own, np.ones(3), 2.0)
    assert {"query", "memory", "more_0"} <= {node.name for node in trace([drawn[0][0]]).nodes}


def test_several_outputs_are_several_roots(drawn: list[Any]) -> None:
    class Heads(nn.Module):
        def forward(self, x: Any) -> Any:
            return {"a": x + 1, "b": [x * 2, "text"]}

    nn.draw(Heads(), X)
    assert [root._origin[0].name for root in drawn[0][0]] == ["add", "multiply"]


@pytest.mark.parametrize(
    ("result", "loss", "message"),
    [
        (lambda x: x.data, None, "the model returned ndarray"),
        (lambda x: x, lambda y: float(y.sum()), "the loss returned float"),
    ],
)
def test_what_is_not_a_tensor_cannot_be_drawn(result: Any, loss: Any, message: str) -> None:
    class Odd(nn.Module):
        def forward(self, x: Any) -> Any:
            return result(x)

    with pytest.raises(TypeError, match=f"draw: {message}, expected a Tensor"):
        nn.draw(Odd(), X, loss=loss)


def test_only_models_are_drawn() -> None:
    with pytest.raises(TypeError, match=r"draw: expected a model .*, got Tensor; mg\.draw"):
        nn.draw(mg.Tensor(1.0), X)  # type: ignore[arg-type]


class Counting(nn.Module):
    """It changes all that a forward pass can change."""

    def __init__(self) -> None:
        self.calls = 0
        self.norm = nn.BatchNorm2d(1)
        self.drop = nn.Dropout(0.5, rng=0)
        self.fresh = nn.Dropout(0.5)
        self.written = nn.Buffer(np.zeros(3))

    def forward(self, x: Any) -> Any:
        self.calls += 1
        self.written.data[0] += 1
        self.last = x
        return self.fresh(self.drop(self.norm(x)))


def state(model: nn.Module) -> dict[str, Any]:
    return {name: np.array(value) for name, value in model.state_dict().items()}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_the_model_is_left_as_it_was(drawn: list[Any], training: bool, fails: bool) -> None:
    model, twin = Counting().train(training), Counting().train(training)
    arrays = [buffer.data for buffer in model.buffers()]
    before = state(model)
    if fails:
        with pytest.raises(ZeroDivisionError):
            nn.draw(model, X, loss=lambda y: 1 / 0)
    else:
        nn.draw(model, X)
        assert model.training is training
    after = state(model)
    assert before.keys() == after.keys()
    for name, value in before.items():
        np.testing.assert_array_equal(after[name], value)
    assert all(buffer.data is array for buffer, array in zip(model.buffers(), arrays, strict=True))
    assert model.calls == 0
    assert not hasattr(model, "last")
    np.testing.assert_array_equal(model.drop(X), twin.drop(X))
    assert len(drawn) == (not fails)


@pytest.mark.usefixtures("drawn")
def test_no_gradient_changes_and_no_call_is_counted() -> None:
    model = nn.Sequential(nn.Linear(4, 2), nn.Dropout(0.5, rng=1))
    model(X).sum().backward()
    before = [p.grad.copy() for p in model.parameters()]
    expected = []
    for draws in (False, True):
        set_position(model, 0, 0, np.arange(2), 0)
        if draws:
            nn.draw(model, X)
        expected.append(model(X).data)
    nn.random.clear_position()
    np.testing.assert_array_equal(*expected)
    for p, grad in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.grad, grad)
