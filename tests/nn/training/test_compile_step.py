"""compile_step: loss, parameters, buffers and the state of the optimizer are those of eager steps, to the bit."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

LOSS = nn.CrossEntropyLoss()


def model() -> Any:
    return nn.Sequential(nn.Linear(4, 6, rng=0), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 3, rng=1))


def batches(count: int, n: int = 5) -> list[tuple[Any, Any]]:
    rng = np.random.default_rng(0)
    return [(rng.normal(size=(n, 4)).astype(np.float32), rng.integers(0, 3, n)) for _ in range(count)]


def eager_step(net: Any, loss: Any, optimizer: Any, x: Any, t: Any) -> Any:
    optimizer.zero_grad()
    L = loss(net(x), t)
    L.backward()
    optimizer.step()
    return L.data


def assert_same(value: Any, other: Any) -> None:
    """The same numbers in nested dictionaries and lists."""
    if isinstance(value, dict):
        assert value.keys() == other.keys()
        for key in value:
            assert_same(value[key], other[key])
    elif isinstance(value, list):
        assert len(value) == len(other)
        for a, b in zip(value, other, strict=True):
            assert_same(a, b)
    else:
        np.testing.assert_array_equal(value, other)
        assert getattr(value, "dtype", None) == getattr(other, "dtype", None)


def programs(step: nn.CompiledStep) -> int:
    return sum(map(len, step._program._programs.values()))


OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "SGD": lambda p: nn.optim.SGD(p, lr=0.1),
    "momentum": lambda p: nn.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
    "maximize": lambda p: nn.optim.SGD(p, lr=0.01, maximize=True),
    "Adam": lambda p: nn.optim.Adam(p, lr=0.01),
    "amsgrad": lambda p: nn.optim.Adam(p, lr=0.01, amsgrad=True, weight_decay=0.1),
    "AdamW": lambda p: nn.optim.AdamW(p, lr=0.01),
    "RMSprop": lambda p: nn.optim.RMSprop(p, lr=0.01, momentum=0.9, centered=True),
    "Adagrad": lambda p: nn.optim.Adagrad(p, lr=0.1, lr_decay=0.1),
    "Adadelta": lambda p: nn.optim.Adadelta(p),
    "Lion": lambda p: nn.optim.Lion(p, lr=0.01, weight_decay=0.1),
}


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_steps_are_those_of_an_eager_loop(make: Callable[[Any], Any]) -> None:
    own = model()
    net = copy.deepcopy(own)
    optimizer, other = make(own.parameters()), make(net.parameters())
    step = nn.compile_step(own, LOSS, optimizer)
    for i, (x, t) in enumerate(batches(6)):
        if i == 3:
            optimizer.scale_lr(0.5)
            other.scale_lr(0.5)
        if i == 4:  # an eager step in between
            assert_same(eager_step(own, LOSS, optimizer, x, t), eager_step(net, LOSS, other, x, t))
        else:
            assert_same(step(x, t), eager_step(net, LOSS, other, x, t))
        assert_same(own.state_dict(), net.state_dict())
        assert_same(optimizer.state_dict(), other.state_dict())
    assert programs(step) == 1


def test_every_optimizer_is_tested() -> None:
    names = {
        name
        for name, value in vars(nn.optim).items()
        if isinstance(value, type) and issubclass(value, nn.optim.Optimizer)
    }
    assert names - {"Optimizer", "LBFGS"} <= OPTIMIZERS.keys()


def test_groups_and_a_frozen_parameter() -> None:
    def make(net: Any) -> Any:
        groups = [{"params": net[0].parameters(), "lr": 0.1}, {"params": [*net[1].parameters(), *net[3].parameters()]}]
        return nn.optim.SGD(groups, lr=0.01, momentum=0.5)

    own = model()
    net = copy.deepcopy(own)
    optimizer, other = make(own), make(net)
    step = nn.compile_step(own, LOSS, optimizer)
    for i, (x, t) in enumerate(batches(6)):
        own[0].weight.requires_grad = net[0].weight.requires_grad = i not in (2, 3)
        assert_same(step(x, t), eager_step(net, LOSS, other, x, t))
        assert_same(own.state_dict(), net.state_dict())
        assert_same(optimizer.state_dict(), other.state_dict())
    assert programs(step) == 2


def test_tied_weights() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            self.first = nn.Linear(4, 4, rng=0)
            self.second = nn.Linear(4, 4, rng=1)
            self.second.weight = self.first.weight

        def forward(self, x: Any) -> Any:
            return self.second(mg.tanh(self.first(x)))

    own = Tied()
    net = copy.deepcopy(own)
    optimizer, other = (nn.optim.Adam(m.parameters(), lr=0.1) for m in (own, net))
    step = nn.compile_step(own, LOSS, optimizer)
    for x, t in batches(4):
        assert_same(step(x, t), eager_step(net, LOSS, other, x, t))
        assert_same(own.state_dict(), net.state_dict())
    assert own.second.weight is own.first.weight


def test_large_parameters_are_changed_in_place() -> None:
    own = nn.Linear(700, 800, rng=0)
    net = copy.deepcopy(own)
    optimizer, other = (nn.optim.Adam(m.parameters(), lr=0.1) for m in (own, net))
    step = nn.compile_step(own, nn.MSELoss(), optimizer)
    rng = np.random.default_rng(0)
    array = own.weight.data
    for _ in range(3):
        x, t = rng.normal(size=(2, 700)).astype(np.float32), rng.normal(size=(2, 800)).astype(np.float32)
        assert_same(step(x, t), eager_step(net, nn.MSELoss(), other, x, t))
        assert_same(own.state_dict(), net.state_dict())
    assert own.weight.data is array


def test_gradients_from_before_do_not_count_and_none_are_kept() -> None:
    own = model()
    net = copy.deepcopy(own)
    optimizer, other = (nn.optim.SGD(m.parameters(), lr=0.1) for m in (own, net))
    step = nn.compile_step(own, LOSS, optimizer)
    for x, t in batches(3):
        for p in own.parameters():
            p.grad = np.ones(p.shape, p.dtype)
        assert_same(step(x, t), eager_step(net, LOSS, other, x, t))
        assert all(p.grad is None for p in own.parameters())
    assert programs(step) == 1


def test_an_optimizer_of_ones_own_steps_itself() -> None:
    class SignDescent(nn.optim.Optimizer):
        def __init__(self, params: Any, lr: float) -> None:
            super().__init__(params, {"lr": lr})

        def step(self) -> None:
            for group in self.param_groups:
                for w in group["params"]:
                    w.data -= group["lr"] * np.sign(w.grad)

    own = model()
    net = copy.deepcopy(own)
    optimizer, other = (SignDescent(m.parameters(), 0.1) for m in (own, net))
    step = nn.compile_step(own, LOSS, optimizer)
    for x, t in batches(3):
        assert_same(step(x, t), eager_step(net, LOSS, other, x, t))
        assert_same(own.state_dict(), net.state_dict())


def test_a_parameter_cannot_be_used_after_the_update() -> None:
    net = model().eval()
    sgd = nn.optim.SGD(net.parameters(), lr=0.1)

    def twice(x: Any, t: Any) -> Any:
        for _ in range(2):
            sgd.zero_grad()
            LOSS(net(x), t).backward()
            sgd.step()

    with pytest.raises(RuntimeError, match="used after an optimizer changed it"):
        mg.compile(twice)(*batches(1)[0])


def test_what_is_computed_before_an_update_and_returned_after_it_is_from_before() -> None:
    w = nn.Linear(1, 1, bias=False, rng=0)
    sgd = nn.optim.SGD(w.parameters(), lr=0.1)

    def f(x: Any) -> Any:
        sgd.zero_grad()
        y = w(x)
        mg.sum(y).backward()
        before = mg.sum(w.weight * w.weight)
        sgd.step()
        return before

    x, expected = np.ones((1, 1), np.float32), float(w.weight.data[0, 0] ** 2)
    assert float(mg.compile(f)(x)) == expected


def test_errors_say_what_to_write() -> None:
    net = nn.Linear(2, 2)
    with pytest.raises(TypeError, match="LBFGS"):
        nn.compile_step(net, LOSS, nn.optim.LBFGS(net.parameters()))
    with pytest.raises(TypeError, match="compile_step: "):
        nn.compile_step(nn.Linear, LOSS, nn.optim.SGD(net.parameters()))
    with pytest.raises(RuntimeError, match="not been called yet"):
        _ = nn.compile_step(net, LOSS, nn.optim.SGD(net.parameters())).source
    with pytest.raises(TypeError, match="does not depend on the model's parameters"):
        nn.compile_step(net, lambda y, t: y.sum().detach(), nn.optim.SGD(net.parameters()))(np.ones((1, 2)), None)


def convolutional(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        *(nn.Conv2d(3, 16, 3, padding=1, rng=rng), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 16, 3, padding=1, rng=rng), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25, rng=rng)),
        *(nn.Flatten(), nn.Linear(64, 10, rng=rng)),
    )


@pytest.mark.parametrize("seed", range(3))
def test_steps_in_the_fast_style_are_those_of_an_eager_loop_to_rounding(seed: int) -> None:
    own, net = convolutional(seed), convolutional(seed)
    optimizer, other = (nn.optim.SGD(m.parameters(), lr=0.05, momentum=0.9) for m in (own, net))
    step = nn.compile_step(own, LOSS, optimizer, style="fast")
    rng = np.random.default_rng(seed)
    for _ in range(5):
        x, t = rng.normal(size=(16, 3, 8, 8)).astype(np.float32), rng.integers(0, 10, 16)
        np.testing.assert_allclose(step(x, t), eager_step(net, LOSS, other, x, t), rtol=1e-5)
    for (name, p), (_, q) in zip(own.state_dict().items(), net.state_dict().items(), strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-4, atol=1e-5 * np.abs(q).max(), err_msg=name)


def test_another_style_is_refused_before_the_first_call() -> None:
    net = model()
    with pytest.raises(ValueError, match="style='quick', expected one of 'readable', 'fast'"):
        nn.compile_step(net, LOSS, nn.optim.SGD(net.parameters(), lr=0.1), style="quick")


def test_a_parameter_that_is_replaced_while_the_optimizer_has_the_old_one() -> None:
    net, other = model(), model()
    optimizer, eager = (nn.optim.SGD(m.parameters(), lr=0.1) for m in (net, other))
    step = nn.compile_step(net, LOSS, optimizer)
    for i, (x, t) in enumerate(batches(4)):
        if i == 2:
            for m in (net, other):
                m[0].weight = nn.Parameter(np.ones((6, 4), np.float32))
        assert_same(step(x, t), eager_step(other, LOSS, eager, x, t))
        assert_same(net.state_dict(), other.state_dict())


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda step: pickle.loads(pickle.dumps(step))])
def test_a_copy_trains_a_copy_of_the_model(copied: Callable[[Any], Any]) -> None:
    net = model()
    step = nn.compile_step(net, LOSS, nn.optim.Adam(net.parameters()))
    ((x, t),) = batches(1)
    step(x, t)
    other = copied(step)
    before = net.state_dict()
    first = other(x, t)
    assert_same(net.state_dict(), before)
    assert step(x, t) == first
    assert_same(net.state_dict(), other.model.state_dict())
    assert_same(step.optimizer.state_dict(), other.optimizer.state_dict())
