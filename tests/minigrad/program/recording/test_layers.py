"""The values of layers and their error signals are called as in a derivation."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X = np.random.default_rng(0).normal(size=(2, 1, 8, 8)).astype(np.float32)
T = np.array([0, 2])


def source(model: Any, x: Any = X, loss: Any = "cross_entropy", t: Any = T) -> str:
    step = nn.compile_step(model, loss, nn.optim.SGD(model.parameters(), lr=0.1))
    step(x, t)
    text = step.source
    return text[text.index("# forward pass") :]


def assigned(text: str) -> list[str]:
    return [name for targets in re.findall(r"^ *([\w, ]+) = ", text, re.MULTILINE) for name in targets.split(", ")]


class Net(nn.Module):
    def __init__(self) -> None:
        self.conv1 = nn.Conv2d(1, 2, 3, rng=0)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(18, 3, rng=1))

    def forward(self, x: Any) -> Any:
        return self.head(self.pool(self.relu(self.conv1(x))))


def test_names_are_those_of_the_derivation() -> None:
    model = Net()
    names = assigned(source(model))
    derivation = str(mg.explain(nn.CrossEntropyLoss()(model(X), T)))
    for name in ("conv1", "pool", "head_flatten0", "head_linear1"):
        assert name in names
        assert f"{name}_bar" in names
        assert name.replace("_", ".") in derivation or name in derivation
    assert "pool_switches" in names
    assert not any(re.fullmatch(r"v\d+_bar", name) for name in names)


def test_a_layer_with_the_name_of_a_function() -> None:
    names = assigned(source(Net()))
    assert {"relu_out", "relu_out_bar"} <= {*names}


def test_names_differ_from_those_of_parameters_and_of_other_calls() -> None:
    class Shared(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(4, 4, rng=0)
            self.layer_weight = nn.Tanh()

        def forward(self, x: Any) -> Any:
            return self.layer(self.layer_weight(self.layer(self.layer_weight(self.layer(x)))))

    x = np.ones((2, 4), np.float32)
    text = source(Shared(), x, "mse", x)
    names = assigned(text)
    assert len(names) == len(set(names))
    assert {"layer", "layer_2", "layer_3", "layer_weight_2", "layer_weight_3", "layer_weight_bar"} <= {*names}
    assert "layer = linear(x, layer_weight, layer_bias)" in text


def test_the_users_variables_come_first() -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            self.first = nn.Linear(4, 4, rng=0)
            self.second = nn.Linear(4, 4, rng=1)

        def forward(self, x: Any) -> Any:
            h = self.first(x)
            x = self.second(mg.tanh(h))
            return x  # noqa: RET504

    x = np.ones((2, 4), np.float32)
    names = assigned(source(Own(), x, "mse", x))
    assert {"h", "h_bar", "second", "second_bar"} <= {*names}
    assert not {"first", "x_2"} & {*names}


def test_running_means_are_called_new() -> None:
    model = nn.Sequential(nn.Linear(4, 3, rng=0), nn.BatchNorm1d(3))
    text = source(model, np.ones((2, 4), np.float32))
    assert "running_mean2_new" in text.split("return")[1]


def test_what_leaves_a_scope_of_ones_own_has_its_name() -> None:
    def gated(x: Any) -> Any:
        with mg.scope("gate"):
            return mg.sigmoid(2 * x)

    program = mg.compile(mg.grad(lambda x: mg.sum(gated(x) * x)))
    program(np.ones(2))
    assert {"gate", "gate_bar"} <= {*assigned(program.source)}


@pytest.mark.parametrize("style", ["readable", "fast"])
def test_the_numbers_are_those_of_eager_steps(style: str) -> None:
    own, other = Net(), Net()
    step = nn.compile_step(own, "cross_entropy", nn.optim.SGD(own.parameters(), lr=0.1), style=style)
    sgd = nn.optim.SGD(other.parameters(), lr=0.1)
    for _ in range(3):
        L = step(X, T)
        sgd.zero_grad()
        expected = nn.CrossEntropyLoss()(other(X), T)
        expected.backward()
        sgd.step()
        np.testing.assert_allclose(L, expected.data, rtol=1e-6)


def test_names_within_layers() -> None:
    """γ and β as in the derivation, the mask of dropout, and what a model returns without a name."""
    net = nn.Sequential(nn.Conv2d(1, 4, 3, rng=0), nn.BatchNorm2d(4), nn.GroupNorm(2, 4), nn.Dropout(0.5, rng=0))
    text = source(nn.Sequential(*net, nn.Flatten(), nn.Linear(144, 3, rng=0)))
    assert not re.findall(r"\bv\d", text.replace("v1 = standardize", "").replace("v1, ", "").replace("v1.resh", ""))
    for name in ("gamma2_bar", "beta2_bar", "gamma3_bar", "mask", "gamma2_reshaped_bar", "batchnorm2d1_variance"):
        assert re.search(rf"\b{name}\b.* = ", text), name
    assert "mask = keep(" in text

    class Net(nn.Module):
        def __init__(self) -> None:
            self.weight = nn.Parameter(np.ones((64, 3), np.float32))

        def forward(self, x: Any) -> Any:
            return mg.reshape(x, (2, 64)) @ self.weight

    assert "y_bar = " in source(Net())


def test_conditions_have_no_names_of_layers() -> None:
    net = nn.Sequential(nn.Embedding(5, 4, rng=0), nn.Flatten(), nn.Linear(8, 3, rng=0))
    assert "embedding0 = W1[x]" in source(net, np.array([[0, 1], [4, 2]]))
