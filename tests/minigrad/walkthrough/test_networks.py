"""Whole networks: one line for each layer's variables, in time for a lecture."""

import time

import numpy as np
import pytest

import minigrad as mg
import nn

PARAMETERS = [f"{layer}.{kind}" for layer in ("conv1", "conv2", "fc1", "fc2", "fc3") for kind in ("weight", "bias")]


@pytest.fixture(scope="module")
def lenet():
    rng = np.random.default_rng(0)
    model = nn.LeNet(rng=0)
    images = rng.normal(size=(64, 1, 28, 28)).astype(np.float32)
    loss = nn.CrossEntropyLoss()(model(images), rng.integers(0, 10, 64))
    return model, loss, mg.explain(loss)


def test_a_batch_of_lenet_is_explained_in_under_a_second(lenet):
    _, loss, _ = lenet
    times = []
    for _ in range(3):
        start = time.perf_counter()
        text = str(mg.explain(loss))
        times.append(time.perf_counter() - start)
    assert text
    assert min(times) < 1


def test_one_line_for_each_variable_of_a_layer(lenet):
    model, _, walkthrough = lenet
    layers = [name for name, _ in model.named_children()]
    assert [step.target for step in walkthrough.forward] == [*layers, "loss"]
    assert {step.target for step in walkthrough.backward} == {*layers, "loss", *PARAMETERS}
    backward = str(walkthrough).partition("Backward pass\n")[2].partition("\n\nwhere")[0].splitlines()
    assert len([line for line in backward if not line.startswith(" " * 10)]) == len(walkthrough.backward)
    wrapped = [line for line in backward if line.startswith(" " * 10)]
    assert len(wrapped) <= 5
    assert all(len(line) <= 100 for line in backward)  # bars are characters, but take no column


def test_parameters_have_their_letter_their_layer_and_their_path(lenet):
    model, _, walkthrough = lenet
    given = {step.target: step for step in walkthrough.given}
    assert [given[path].variable for path in PARAMETERS] == [
        *("W⁽¹⁾", "b⁽¹⁾", "W⁽²⁾", "b⁽²⁾", "W⁽³⁾", "b⁽³⁾", "W⁽⁴⁾", "b⁽⁴⁾", "W⁽⁵⁾", "b⁽⁵⁾"),
    ]
    assert "W⁽²⁾ = conv2.weight, 16×6×5×5, " in str(walkthrough)
    for name, parameter in model.named_parameters():
        np.testing.assert_array_equal(given[name].value, parameter.data)


def test_what_is_said_of_each_kind_of_layer(lenet):
    formulas = {step.target: step.formula for step in lenet[2].backward}
    assert formulas["conv2.weight"].startswith("Σₚ ")
    assert formulas["relu2"].endswith(" at argmax")
    assert formulas["conv2"].endswith(" ∘ relu′(conv2)")
    assert formulas["fc3.bias"].startswith("Σₙ ")
    assert formulas["fc3"].endswith("(softmax(fc3) − t)")
    assert formulas["pool1"].startswith("conv2dᵀ(")


def test_the_values_are_those_of_backward(lenet):
    model, loss, walkthrough = lenet
    loss.backward(retain_graph=True)
    signals = {step.target: step.value for step in walkthrough.backward}
    for name, parameter in model.named_parameters():
        np.testing.assert_array_equal(signals[name], parameter.grad)


def test_it_checks(lenet):
    assert "10 error signals compared with finite differences: all agree" in lenet[2].check()


def test_training_on_does_not_change_what_was_explained(lenet):
    model, _, walkthrough = lenet
    before, value = str(walkthrough), model[0].weight.data.copy()
    model[0].weight.data *= 0.5
    try:
        assert str(walkthrough) == before
    finally:
        model[0].weight.data = value


def test_two_modules_beside_each_other_are_told_apart():
    first, second = nn.Linear(2, 2, rng=0), nn.Linear(2, 1, rng=1)
    x = mg.Tensor([[1.0, 2.0]], dtype=np.float32)
    h = mg.tanh(first(x))
    L = mg.sum(second(h))
    assert [step.formula for step in mg.explain(L).forward] == ["tanh(x W⁽¹⁾ᵀ + b⁽¹⁾)", "Σ (h W⁽²⁾ᵀ + b⁽²⁾)"]
    assert [step.target for step in mg.explain(L).given] == ["x", "weight", "bias", "weight_2", "bias_2"]
    assert [step.variable for step in mg.explain(L).given] == ["x", "W⁽¹⁾", "b⁽¹⁾", "W⁽²⁾", "b⁽²⁾"]


def test_a_variable_of_that_name_leaves_a_parameter_its_path():
    layer = nn.Linear(2, 1, rng=0)
    W = mg.Tensor([[3.0]], requires_grad=True)
    L = mg.sum(layer(np.ones((1, 2))) * W)
    assert [step.variable for step in mg.explain(L).given] == ["c₁", "weight", "b", "W"]


def test_a_module_called_twice_gives_two_values():
    layer = nn.Linear(1, 1, rng=0, dtype=float)

    class Twice(nn.Module):
        def __init__(self):
            self.layer = layer

        def forward(self, x):
            return self.layer(mg.tanh(self.layer(x)))

    loss = mg.sum(Twice()(np.ones((2, 1))))
    walkthrough = mg.explain(loss)
    assert [step.target for step in walkthrough.forward] == ["layer", "layer_2", "loss"]
    (weight,) = [step for step in walkthrough.backward if step.target == "layer.weight"]
    assert [part.source for part in weight.contributions] == ["layer_2", "layer"]


def test_modules_in_a_list_are_called_by_kind_and_number():
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Tanh(), nn.Linear(2, 1, rng=0))
    loss = mg.sum(model(np.ones((1, 2), dtype=np.float32)) ** 2)
    assert [step.target for step in mg.explain(loss).forward] == ["linear0", "tanh1", "linear2", "loss"]


def test_a_scope_gives_its_name_to_what_leaves_it():
    x = mg.Tensor(0.5, requires_grad=True)
    with mg.scope("gate"):
        _inner = mg.sigmoid(2.0 * x)
    L = _inner * x
    assert [step.target for step in mg.explain(L).forward] == ["gate", "L"]
