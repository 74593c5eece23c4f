"""Module: parameters, modes, state, and the scope of calls."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn


class Branches(nn.Module):
    def __init__(self) -> None:
        self.stem = nn.Linear(3, 4, rng=0)
        self.branches = [nn.Linear(4, 4, rng=1), nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 4, rng=2))]
        self.scale = nn.Parameter(2.0)
        self.tied = self.stem
        self.note = "no parameter"

    def forward(self, x):
        h = self.stem(x)
        return self.scale * (self.branches[0](h) + self.branches[1](h))


def test_parameters_come_once_each_with_their_paths():
    names = [name for name, _ in Branches().named_parameters()]
    assert names == [
        "scale",
        *("stem.weight", "stem.bias", "branches.0.weight", "branches.0.bias"),
        *("branches.1.1.weight", "branches.1.1.bias"),
    ]


def test_every_parameter_receives_an_error_signal_and_forgets_it():
    model = Branches()
    (model(np.ones((2, 3), dtype=np.float32)) ** 2).sum().backward()
    assert all(p.grad is not None and p.grad.shape == p.shape for p in model.parameters())
    model.zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_train_and_eval_reach_every_module():
    model = Branches()
    assert not any(module.training for _, module in model.eval().named_modules())
    assert all(module.training for _, module in model.train().named_modules())


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match=r"Module has no forward method; define forward\(self, x\)"):
        nn.Module()(1)


def test_state_is_copied_out_and_in():
    model, twin = Branches(), Branches()
    state = model.state_dict()
    state["stem.weight"] += 1
    assert not np.array_equal(state["stem.weight"], model.stem.weight.data)
    twin.load_state_dict(state)
    state["stem.bias"] += 1
    assert np.array_equal(twin.stem.weight.data, state["stem.weight"])
    assert not np.array_equal(twin.stem.bias.data, state["stem.bias"])


def test_every_array_of_a_state_is_taken_in_the_dtype_of_its_parameter():
    model = Branches()
    state = {name: (p.data + 1).astype(np.float64) for name, p in model.named_parameters()}
    dtypes = {name: p.dtype for name, p in model.named_parameters()}
    model.load_state_dict(state)
    for name, p in model.named_parameters():
        np.testing.assert_allclose(p.data, state[name], rtol=1e-6)
        assert p.dtype == dtypes[name]
    assert isinstance(model.scale.data, np.generic)  # a scalar stays one: it computes faster


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda s: s.pop("scale"), KeyError, "missing scale"),
        (lambda s: s.update(extra=1), KeyError, "unexpected extra"),
        (lambda s: s.update({"stem.bias": np.zeros(3)}), ValueError, r"stem.bias has shape \(3,\) .* but \(4,\)"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change, error, message):
    model = Branches()
    before = model.state_dict()
    state = {name: p.data + 1 for name, p in model.named_parameters()}
    change(state)
    with pytest.raises(error, match=message):
        model.load_state_dict(state)
    assert all(np.array_equal(array, before[name]) for name, array in model.state_dict().items())


def test_repr_shows_the_tree():
    assert repr(nn.Sequential(conv=nn.Conv2d(1, 6, 5, padding=2), act=nn.ReLU())) == (
        "Sequential(\n  (conv): Conv2d(1, 6, kernel_size=5, padding=2)\n  (act): ReLU()\n)"
    )


def test_operations_know_the_call_they_were_made_in():
    model = nn.Sequential(hidden=nn.Linear(2, 2), act=nn.ReLU())
    y = model(np.ones((1, 2), dtype=np.float32))
    assert [str(scope.label) for scope in y.scope.path()] == ["Sequential", "act: ReLU"]


def test_nothing_is_recorded_under_no_grad():
    with mg.no_grad():
        assert not Branches()(np.ones((1, 3))).requires_grad


def test_observe_sees_the_innermost_call_first():
    model, seen = nn.Sequential(nn.ReLU(), nn.Flatten()), []
    with nn.observe(lambda module, y: seen.append((type(module).__name__, y.shape))):
        model(np.ones((2, 3, 4)))
    model(np.ones((2, 3, 4)))
    assert seen == [("ReLU", (2, 3, 4)), ("Flatten", (2, 12)), ("Sequential", (2, 12))]
