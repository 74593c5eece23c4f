"""The update of `compile_step` in the readable style: lines that compute what the optimizer does, to the bit."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.nn.training.test_compile_step import assert_same, eager_step, programs

LOSS = nn.CrossEntropyLoss()
RNG = np.random.default_rng(0)
X, T = RNG.normal(size=(6, 4)).astype(np.float32), RNG.integers(0, 3, 6)


def update(step: Any) -> list[str]:
    lines = step.source.split("    # update\n")[1].splitlines()
    return [line.strip() for line in lines if line.strip()]


def assert_steps(
    make: Callable[[Any], Any], change: Callable[[Any, int], None] = lambda _, i: None, own: Any = None
) -> Any:
    """Compare six steps with eager ones; `change` is what happens to an optimizer before each."""
    own = own or nn.Linear(4, 3, rng=0)
    net = copy.deepcopy(own)
    optimizer, other = make(own), make(net)
    step = nn.compile_step(own, LOSS, optimizer)
    for i in range(6):
        change(optimizer, i)
        change(other, i)
        assert_same(step(X, T), eager_step(net, LOSS, other, X, T))
        assert_same(own.state_dict(), net.state_dict())
        assert_same(optimizer.state_dict(), other.state_dict())
    return step


def test_sgd() -> None:
    step = assert_steps(lambda net: nn.optim.SGD(net.parameters(), lr=0.1))
    assert update(step) == ["W -= lr * W_bar", "b -= lr * b_bar", "return L"]
    assert "def step(x, t, W, b, lr):" in step.source


def test_momentum_and_weight_decay() -> None:
    step = assert_steps(lambda net: nn.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01))
    assert update(step)[:-1] == [
        "for name, w, w_bar in (",
        '("W", W, W_bar),',
        '("b", b, b_bar),',
        "):",
        "v[name] *= momentum",
        "v[name] += w_bar + weight_decay * w",
        "w -= lr * v[name]",
    ]


def test_adam() -> None:
    step = assert_steps(lambda net: nn.optim.Adam(net.parameters(), lr=0.01))
    assert update(step)[:-1] == [
        "k = steps + 1",
        "root = sqrt(1 - beta2**k)",
        "size = lr * root / (1 - beta1**k)",
        "for name, w, w_bar in (",
        '("W", W, W_bar),',
        '("b", b, b_bar),',
        "):",
        "m[name] *= beta1",
        "m[name] += (1 - beta1) * w_bar",
        "v[name] *= beta2",
        "v[name] += w_bar * w_bar * (1 - beta2)",
        "w -= size * m[name] / (np.sqrt(v[name]) + eps * root)",
    ]


class Named(nn.Module):
    """Layers whose names are not names of Python."""

    def __init__(self) -> None:
        names = 'a "large" one', "it's", "a\\b", "two\nlines", "{x}"
        self.layers = nn.ModuleDict({name: nn.Linear(4, 4, rng=i) for i, name in enumerate(names)})

    def forward(self, x: Any) -> Any:
        for layer in self.layers.values():
            x = mg.tanh(layer(x))
        return x


def test_names_that_must_be_quoted() -> None:
    step = assert_steps(lambda net: nn.optim.Adam(net.parameters(), lr=0.01), own=Named())
    assert "('layers_a \"large\" one_weight', " in "\n".join(update(step))


def test_a_parameter_of_its_own_needs_no_loop() -> None:
    step = assert_steps(lambda net: nn.optim.SGD([net.weight], lr=0.1, momentum=0.9))
    assert update(step)[:-1] == ['v["W"] *= momentum', 'v["W"] += W_bar', 'W -= lr * v["W"]']


def test_groups_with_other_settings_have_a_loop_each() -> None:
    """The second group decays, and has a learning rate of its own."""

    def make(net: Any) -> Any:
        x, y = nn.Parameter(np.ones(3, np.float32)), nn.Parameter(np.ones(3, np.float32))
        net.x, net.y = x, y
        return nn.optim.Adam([{"params": [net.weight, net.bias]}, {"params": [x, y], "lr": 0.5, "weight_decay": 0.1}])

    class Net(nn.Linear):
        def forward(self, x: Any) -> Any:
            return super().forward(x) * self.x + self.y

    own, other = Net(4, 3, rng=0), Net(4, 3, rng=0)
    optimizer, eager = make(own), make(other)
    step = nn.compile_step(own, LOSS, optimizer)
    for _ in range(4):
        assert_same(step(X, T), eager_step(other, LOSS, eager, X, T))
        assert_same(own.state_dict(), other.state_dict())
    lines = update(step)
    assert [line for line in lines if line.startswith(("for", "g ="))] == [
        "for name, w, w_bar in (",
        "for name, w, w_bar in (",
        "g = w_bar + weight_decay * w",
    ]
    assert not [line for line in lines if "_2[" in line or "w_2" in line]


def test_an_optimizer_whose_class_has_no_module() -> None:
    """As one that `exec` has defined, in names of its own."""
    cls = type("Own", (nn.optim.SGD,), {"__module__": None})
    step = assert_steps(lambda net: cls(net.parameters(), lr=0.1))
    assert update(step)[0].startswith("own_step(")


def test_decoupled_weight_decay() -> None:
    step = assert_steps(lambda net: nn.optim.AdamW(net.parameters(), lr=0.01, weight_decay=0.1))
    assert "w *= 1 - lr * weight_decay" in update(step)


def test_settings_change_without_another_program_unless_to_zero() -> None:
    def change(optimizer: Any, i: int) -> None:
        optimizer.lr = (0.1, 0.05, 1, 0.0, 0.1, 0.2)[i]
        optimizer.momentum = (0.9, 0.5, 0.9, 0.9, 0.9, 0.0)[i]

    step = assert_steps(lambda net: nn.optim.SGD(net.parameters(), lr=0.1, momentum=0.9), change)
    assert programs(step) == 3


def test_betas_change() -> None:
    def change(optimizer: Any, i: int) -> None:
        optimizer.betas = (0.9 - 0.1 * i, 0.999 - 0.01 * i)

    assert programs(assert_steps(lambda net: nn.optim.Adam(net.parameters()), change)) == 1


def test_a_state_that_is_loaded() -> None:
    saved: dict[int, Any] = {}

    def change(optimizer: Any, i: int) -> None:
        if i == 1:
            saved[id(optimizer)] = optimizer.state_dict()
        if i == 3:
            optimizer.load_state_dict(saved[id(optimizer)])

    assert programs(assert_steps(lambda net: nn.optim.Adam(net.parameters()), change)) == 1


def test_groups_have_settings_of_their_own() -> None:
    step = assert_steps(lambda net: nn.optim.SGD([{"params": [net.weight]}, {"params": [net.bias], "lr": 0.5}], lr=0.1))
    assert update(step)[:2] == ["W -= lr * W_bar", "b -= lr_2 * b_bar"]


@pytest.mark.parametrize(
    "make",
    [
        lambda net: nn.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, dampening=0.5),
        lambda net: nn.optim.Adam(net.parameters(), amsgrad=True),
        lambda net: nn.optim.RMSprop(net.parameters()),
    ],
    ids=["dampening", "amsgrad", "RMSprop"],
)
def test_what_is_left_to_the_optimizer(make: Callable[[Any], Any]) -> None:
    assert "_step(W_bar, b_bar)" in update(assert_steps(make))[0]


def test_parameters_that_have_made_different_numbers_of_steps() -> None:
    own = nn.Linear(4, 3, rng=0)
    net = copy.deepcopy(own)
    adam, other = (nn.optim.Adam(m.parameters(), lr=0.1) for m in (own, net))
    step = nn.compile_step(own, LOSS, adam)
    for i in range(6):
        own.weight.requires_grad = net.weight.requires_grad = i not in (1, 2)
        assert_same(step(X, T), eager_step(net, LOSS, other, X, T))
        assert_same(own.state_dict(), net.state_dict())
        assert_same(adam.state_dict(), other.state_dict())
    assert programs(step) == 3
    assert update(step)[0].startswith("adam_step(")


def test_an_array_that_shares_memory_with_a_parameter_sees_its_step() -> None:
    model = nn.Linear(4, 3, rng=0)
    array = model.weight.data
    step = nn.compile_step(model, LOSS, nn.optim.SGD(model.parameters(), lr=0.1))
    before = array.copy()
    step(X, T)
    assert model.weight.data is array
    assert not np.array_equal(array, before)


def test_a_graph_from_before_the_step_is_refused_as_after_an_eager_step() -> None:
    model = nn.Linear(4, 3, rng=0)
    step = nn.compile_step(model, LOSS, nn.optim.SGD(model.parameters(), lr=0.1))
    step(X, T)
    h = model(mg.Tensor(X, requires_grad=True))
    step(X, T)
    with pytest.raises(RuntimeError, match="written"):
        mg.sum(h * h).backward()


def test_what_was_computed_from_a_parameter_before_its_step() -> None:
    model = nn.Linear(4, 3, rng=0)
    sgd = nn.optim.SGD(model.parameters(), lr=0.1)

    def f(x: Any) -> Any:
        sgd.zero_grad()
        mg.sum(model(x)).backward()
        return (lambda norm: (sgd.step(), norm)[1])(mg.sum(model.weight * model.weight))

    expected = np.sum(model.weight.data * model.weight.data)
    assert mg.compile(f)(X).data == expected


def test_a_saved_step_trains_by_itself(tmp_path: Path) -> None:
    own = nn.Linear(4, 3, rng=0)
    net = copy.deepcopy(own)
    step = nn.compile_step(own, LOSS, nn.optim.Adam(own.parameters(), lr=0.01))
    step(X, T)
    step.save(tmp_path / "step.py")
    saved: dict[str, Any] = {}
    exec((tmp_path / "step.py").read_text(encoding="utf-8"), saved)
    W, b = net.weight.data, net.bias.data
    m, v = ({"W": np.zeros_like(W), "b": np.zeros_like(b)} for _ in range(2))
    for k in range(3):
        L = saved["step"](X, T, W, b, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8, m=m, v=v, steps=k)
        if k:
            assert step(X, T) == L
    np.testing.assert_array_equal(own.weight.data, W)
    np.testing.assert_array_equal(own.bias.data, b)
