"""Parameters and buffers of modules are read anew by each call of a program, and changed after it."""

from __future__ import annotations

import copy
import pickle
import threading
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.program.compiled import CompiledFunction, compile

RNG = np.random.default_rng(0)
LOSS = nn.CrossEntropyLoss()


def model() -> Any:
    return nn.Sequential(nn.Linear(4, 6, rng=0), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 3, rng=1))


def batch(n: int = 5) -> tuple[Any, Any]:
    return RNG.normal(size=(n, 4)).astype(np.float32), RNG.integers(0, 3, n)


def programs(f: CompiledFunction) -> int:
    return sum(map(len, f._programs.values()))


def same_state(a: Any, b: Any) -> None:
    for (name, x), y in zip(a.state_dict().items(), b.state_dict().values(), strict=True):
        np.testing.assert_array_equal(x, y, err_msg=name)


def test_parameters_are_read_in_each_call_and_buffers_are_changed_after_it() -> None:
    own = model()
    eager = copy.deepcopy(own)
    f = compile(lambda x, t: LOSS(own(x), t))
    for _ in range(3):
        x, t = batch()
        np.testing.assert_array_equal(f(x, t).data, LOSS(eager(x), t).data)
        same_state(own, eager)
        for p, q in zip(own.parameters(), eager.parameters(), strict=True):
            p.data = p.data * 1.5
            q.data *= 1.5
    assert programs(f) == 1
    names = "W1, b1, gamma2, beta2, W3, b3, running_mean2, running_var2, num_batches_tracked2"
    assert f"x, t, {names}" in f.source


def test_a_module_of_named_layers_gives_their_names() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            self.conv1 = nn.Conv2d(1, 2, 3, rng=0)
            self.fc = nn.Linear(8, 2, rng=1)

        def forward(self, x: Any) -> Any:
            return self.fc(mg.reshape(self.conv1(x), (-1, 8)))

    net = Net()

    def step(x: Any, t: Any) -> Any:
        L = LOSS(net(x), t)
        L.backward()
        return L

    f = compile(step)
    f(np.ones((2, 1, 4, 4), np.float32), np.array([0, 1]))
    assert "def step(x, t, conv1_weight, conv1_bias, fc_weight, fc_bias):" in f.source
    assert "conv1_weight_bar = " in f.source


def test_gradients_that_backward_leaves_in_parameters() -> None:
    own = model()
    eager = copy.deepcopy(own)

    def gradients(net: Any, x: Any, t: Any) -> Any:
        L = LOSS(net(x), t)
        L.backward()
        return L

    f = compile(lambda x, t: gradients(own, x, t))
    for reset in (True, False, False, True, True):  # without, they add up
        x, t = batch()
        if reset:
            own.zero_grad()
            eager.zero_grad()
        np.testing.assert_array_equal(f(x, t).data, gradients(eager, x, t).data)
        for p, q in zip(own.parameters(), eager.parameters(), strict=True):
            np.testing.assert_array_equal(p.grad, q.grad)
            assert p.grad.dtype == q.grad.dtype
    assert programs(f) == 2


def test_value_and_grad_of_an_argument_through_a_model() -> None:
    net = model().eval()
    f = compile(mg.value_and_grad(lambda x, t: LOSS(net(x), t)))
    for _ in range(2):
        x, t = batch()
        value, x_bar = f(x, t)
        expected, x_bar_expected = mg.value_and_grad(lambda x, t: LOSS(net(x), t))(x, t)
        np.testing.assert_array_equal(value.data, expected.data)
        np.testing.assert_array_equal(getattr(x_bar, "data", x_bar), getattr(x_bar_expected, "data", x_bar_expected))
        net[0].weight.data = net[0].weight.data * 2.0


def test_a_penalty_on_a_parameter_before_its_module_is_called() -> None:
    net = model().eval()

    def f(x: Any, t: Any) -> Any:
        penalty = mg.sum(net[0].weight ** 2)
        return LOSS(net(x), t) + 0.1 * penalty

    compiled = compile(f)
    for _ in range(2):
        x, t = batch()
        np.testing.assert_array_equal(compiled(x, t).data, f(x, t).data)
        net[0].weight.data = net[0].weight.data * 2.0
    assert programs(compiled) == 1


def test_a_parameter_of_no_module_that_is_called_is_refused() -> None:
    net = model()
    with pytest.raises(RuntimeError, match="requires gradients, and is not an argument"):
        compile(lambda x: x * mg.sum(net[0].weight))(np.ones(2))
    with pytest.raises(RuntimeError, match="requires gradients, and is not an argument"):
        compile(lambda: mg.sum(net[0].weight))()


@pytest.mark.parametrize(
    "change",
    [
        lambda net: net.eval(),
        lambda net: setattr(net[1], "training", False),
        lambda net: setattr(net[1], "momentum", 0.5),
        lambda net: setattr(net[1], "eps", 0.5),
        lambda net: setattr(net[0].weight, "requires_grad", False),
        lambda net: setattr(net[3], "weight", nn.Parameter(np.ones((3, 6), np.float32))),
        lambda net: net.insert(3, nn.ReLU()),
        lambda net: net.to(np.float64),
        lambda net: setattr(net[3], "bias", None),
    ],
    ids=["eval", "training", "momentum", "eps", "frozen", "replaced", "inserted", "float64", "without bias"],
)
def test_what_a_module_is_besides_numbers_has_programs_of_its_own(change: Any) -> None:
    own = model()
    eager = copy.deepcopy(own)
    f = compile(lambda x, t: LOSS(own(x), t))
    x, t = batch()
    f(x, t), LOSS(eager(x), t)
    change(own)
    change(eager)
    for _ in range(2):
        x, t = batch()
        np.testing.assert_array_equal(f(x, t).data, LOSS(eager(x), t).data)
        same_state(own, eager)
    assert programs(f) == 2


def test_evaluation_mode_of_a_block_of_code() -> None:
    own = model()
    f = compile(lambda x: own(x))
    x, _ = batch()
    f(x)
    state = own.state_dict()
    with nn.module.evaluation_mode(own):
        np.testing.assert_array_equal(f(x).data, own(x).data)
    for name, value in own.state_dict().items():
        np.testing.assert_array_equal(value, state[name])


def test_a_call_that_fails_changes_nothing() -> None:
    own = model()
    f = compile(lambda x, t: LOSS(own(x), t))
    x, t = batch()
    f(x, t)
    before = own.state_dict()
    with pytest.raises(ValueError, match="class"):
        f(x, np.full(5, 7))
    for name, value in own.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_threads_that_call_it_first_at_once() -> None:
    own = model().eval()
    f = compile(lambda x: own(x))
    x, _ = batch()
    expected, found = own(x).data, []
    threads = [threading.Thread(target=lambda: found.append(f(x).data)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for y in found:
        np.testing.assert_array_equal(y, expected)


def test_another_model_of_the_same_name_has_a_program_of_its_own() -> None:
    net = model().eval()

    def loss(x: Any, t: Any) -> Any:
        return LOSS(net(x), t)

    f = compile(mg.value_and_grad(lambda x, t: loss(x, t)))
    x, t = batch()
    first = f(x, t)[0].data
    net = nn.Sequential(nn.Linear(4, 3, rng=5))
    assert f(x, t)[0].data == loss(x, t).data != first

    class Trainer:
        def __init__(self) -> None:
            self.net = model().eval()

        def predict(self, x: Any) -> Any:
            return self.net(x)

    trainer = Trainer()
    predict = compile(trainer.predict)
    predict(x)
    trainer.net = net
    np.testing.assert_array_equal(predict(x).data, net(x).data)


def test_two_models_and_a_model_in_a_dictionary() -> None:
    parts = {"one": nn.Linear(4, 3, rng=0), "two": nn.Linear(3, 2, rng=1)}

    def f(x: Any) -> Any:
        return parts["two"](mg.tanh(parts["one"](x)))

    compiled = compile(f)
    x, _ = batch()
    for _ in range(2):
        np.testing.assert_array_equal(compiled(x).data, f(x).data)
        parts["two"].weight.data = parts["two"].weight.data * 2.0
    assert "def f(x, W, b, W_2, b_2)" in compiled.source
    parts["two"] = nn.Linear(3, 5, rng=2)
    np.testing.assert_array_equal(compiled(x).data, f(x).data)


def test_a_module_that_is_changed_within_its_own_lists() -> None:
    class Listed(nn.Module):
        def __init__(self) -> None:
            self.layers = [nn.Linear(4, 4, rng=0), nn.Linear(4, 4, rng=1)]

        def forward(self, x: Any) -> Any:
            for layer in self.layers:
                x = layer(x)
            return x

    net = Listed()
    compiled = compile(lambda x: net(x))
    x, _ = batch()
    compiled(x)
    net.layers.append(nn.Linear(4, 2, rng=2))
    np.testing.assert_array_equal(compiled(x).data, net(x).data)
    net.layers[0] = nn.Tanh()
    np.testing.assert_array_equal(compiled(x).data, net(x).data)


def test_a_checkpointed_part_that_draws_is_refused() -> None:
    net = nn.Sequential(nn.Linear(4, 3, rng=0), nn.Dropout(0.5, rng=0))

    def f(x: Any) -> Any:
        y = mg.sum(mg.checkpoint(net)(x))
        y.backward()
        return y

    with pytest.raises(RuntimeError, match="drawn in the backward pass"):
        compile(f)(batch()[0])
    net.eval()
    compiled = compile(f)
    x, _ = batch()
    compiled(x)
    found = [p.grad for p in net.parameters()]
    net.zero_grad()
    f(x)
    for p, grad in zip(net.parameters(), found, strict=True):
        np.testing.assert_array_equal(p.grad, grad)


def test_a_sweep_through_what_a_program_computed_from_parameters_is_an_error() -> None:
    net = nn.Linear(3, 2, rng=0)
    x, w = np.ones((4, 3), np.float32), mg.Tensor(2.0, requires_grad=True)
    program = mg.compile(lambda x: net(x))
    for _ in range(2):
        y = program(x)
        assert y.requires_grad
        for cut in (copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match=r"was made by a compiled function from parameters; .* t\.detach"):
                cut(y)
        for z in (y, copy.copy(y)):
            with pytest.raises(RuntimeError, match="a compiled function returned it, without a graph"):
                z.sum().backward()
        with pytest.raises(RuntimeError, match=r"compile mg\.value_and_grad"):
            (y.sum() + w * w).backward()  # w alone would get a gradient, and the layer none
    assert w.grad is None
    assert net.weight.grad is None


def test_programs_in_a_row_are_all_programs() -> None:
    """Also where the second has no parameters: what depends on the first one's still has no graph."""
    first, second = nn.Linear(3, 2, rng=0), nn.Linear(2, 2, rng=1)
    x = np.ones((4, 3), np.float32)
    for f in (second, mg.exp, lambda h: h, nn.Identity(), nn.Dropout(0.5).eval()):
        encode, decode = mg.compile(lambda x: first(x)), mg.compile(lambda h, f=f: f(h))
        for _ in range(2):
            y = decode(encode(x))
            np.testing.assert_array_equal(y.data, f(first(x)).data)
            assert y.requires_grad
            with pytest.raises(RuntimeError, match="a compiled function returned it, without a graph"):
                y.sum().backward()
        assert "def " in decode.source
        leaf = mg.Tensor(first(x).data, requires_grad=True)  # of the same shape, and with a graph
        decode(leaf).sum().backward()
        assert leaf.grad is not None
    with pytest.raises(RuntimeError, match="a compiled function returned it, without a graph"):
        mg.compile(lambda h: mg.sum(h * h).backward())(encode(x))
    freed = first(x)
    freed.sum().backward()
    for f in (mg.exp, lambda h: h.numpy()):  # as without a program
        assert mg.compile(f)(freed).shape == (4, 2)
    with pytest.raises(RuntimeError, match=r"was freed by an earlier backward\(\)"):
        mg.compile(mg.exp)(freed).sum().backward()


def test_what_a_program_computed_from_parameters_may_be_a_constant() -> None:
    net = nn.Linear(3, 2, rng=0)
    x, w = np.ones((4, 3), np.float32), mg.Tensor(2.0, requires_grad=True)
    program = mg.compile(lambda x: net(x))
    for _ in range(2):
        with mg.no_grad():
            y = program(x)
        assert not y.requires_grad
        w.grad = None
        (y.sum() * w).backward()
        np.testing.assert_allclose(w.grad, net(x).data.sum(), rtol=1e-6)
    slope = mg.grad(lambda v: (program(x) * v).sum())(np.float32(2.0))
    np.testing.assert_allclose(slope, net(x).data.sum(), rtol=1e-6)
