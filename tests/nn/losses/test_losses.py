"""Losses as modules: each is its function with the settings, which are checked, shown, and in the state."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.losses import CASES, LABELS, WEIGHT, P, Q, T, Y


def settings(loss: nn.Module) -> dict[str, Any]:
    return {name: value for name, value in {**vars(loss), **dict(loss.named_buffers())}.items() if name[0] != "_"}


def test_every_loss_is_here() -> None:
    assert set(CASES) == {name for name in nn.__all__ if name.endswith("Loss")}


@pytest.mark.parametrize("name", CASES)
def test_a_loss_is_its_function_with_the_settings(name: str) -> None:
    loss, function, arguments = CASES[name]
    how = {key: value for key, value in settings(loss).items() if key != "training"}
    expected = function(*arguments, **how)
    np.testing.assert_array_equal(loss(*arguments), expected)
    default = getattr(nn, name)()
    np.testing.assert_array_equal(default(*arguments), function(*arguments))
    if how.pop("reduction") != default.reduction:
        assert np.size(expected) > 1 or expected != function(*arguments, **how)


@pytest.mark.parametrize("name", CASES)
def test_copies_and_states(name: str) -> None:
    loss, _, arguments = CASES[name]
    expected = loss(*arguments)
    for copied in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        np.testing.assert_array_equal(copied(*arguments), expected)
        assert repr(copied) == repr(loss)
        copied.load_state_dict(loss.state_dict())
        np.testing.assert_array_equal(copied(*arguments), expected)


@pytest.mark.parametrize("name", CASES)
def test_float32_stays_float32(name: str) -> None:
    loss, _, arguments = CASES[name]
    y, *others = arguments
    assert loss(mg.Tensor(y, dtype=np.float32), *others).dtype == np.float32


@pytest.mark.parametrize("name", CASES)
def test_forward_mode(name: str) -> None:
    loss, _, (y, *others) = CASES[name]
    y_dot = np.cos(np.arange(float(y.size))).reshape(y.shape)
    total = lambda y: mg.sum(loss(y, *others))  # noqa: E731
    _, tangent = mg.jvp(total, (y,), (y_dot,))
    assert tangent == pytest.approx(np.sum(mg.grad(total)(y) * y_dot))


def test_weights_are_in_the_state_under_pytorchs_names() -> None:
    assert nn.CrossEntropyLoss(WEIGHT).state_dict().keys() == {"weight"}
    assert nn.BCEWithLogitsLoss(WEIGHT, pos_weight=WEIGHT).state_dict().keys() == {"weight", "pos_weight"}
    assert nn.CrossEntropyLoss().state_dict() == {}
    for weight in (WEIGHT.tolist(), mg.Tensor(WEIGHT)):
        assert nn.CrossEntropyLoss(weight)(Y, LABELS) == mg.cross_entropy(Y, LABELS, weight=WEIGHT)


def test_derivations_call_weights_w_and_those_of_positives_p() -> None:
    logits = mg.Tensor(Y, requires_grad=True)
    loss = nn.BCEWithLogitsLoss(WEIGHT, pos_weight=WEIGHT + 1)
    given = {step.variable for step in mg.explain(loss(logits, np.zeros(Y.shape))).given}
    assert {"w", "p"} <= given


def test_settings_that_are_not_the_defaults_are_shown() -> None:
    assert repr(nn.HuberLoss()) == "HuberLoss()"
    assert repr(nn.HuberLoss(delta=2)) == "HuberLoss(delta=2.0)"
    shown = "CrossEntropyLoss(weight=…, ignore_index=0, reduction='sum', label_smoothing=0.25)"
    assert repr(CASES["CrossEntropyLoss"][0]) == shown


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: nn.MSELoss("avg"), 'MSELoss: reduction is \'avg\', expected "mean", "sum" or "none"'),
        (lambda: nn.KLDivLoss("avg"), '"none" or "batchmean"'),
        (lambda: nn.L1Loss("batchmean"), "reduction is 'batchmean'"),
        (lambda: nn.CrossEntropyLoss("sum"), "write reduction='sum'"),
        (lambda: nn.CrossEntropyLoss(["a", "b"]), "CrossEntropyLoss: weight: expected numbers"),
        (lambda: nn.BCELoss(1j), "BCELoss: weight is complex"),
        (lambda: nn.BCELoss(nn.Parameter([1.0])), "BCELoss: weight requires gradients"),
        (lambda: nn.BCELoss(P, Q), "construct the module first"),
        (lambda: nn.MSELoss(mg.Tensor(Y), T), "construct the module first"),
        (lambda: nn.CrossEntropyLoss(label_smoothing=1.5), "label_smoothing is 1.5, expected at most 1"),
        (lambda: nn.CrossEntropyLoss(ignore_index=1.5), "ignore_index is 1.5, expected a whole number"),
        (lambda: nn.HuberLoss(delta=0), "delta is 0, expected a number greater than 0"),
        (lambda: nn.SmoothL1Loss(beta=-1), "beta is -1, but must not be negative"),
        (lambda: nn.MultiMarginLoss(p=3), "p is 3, expected 1 or 2"),
        (lambda: nn.KLDivLoss(log_target=1), "log_target is 1, expected True or False"),
        (lambda: nn.HingeEmbeddingLoss(margin="1"), "margin is '1', expected a number"),
    ],
)
def test_settings_are_checked(make: Any, said: str) -> None:
    with pytest.raises((TypeError, ValueError)) as raised:
        make()
    assert said in str(raised.value)


def test_a_setting_that_is_set_later_is_checked() -> None:
    loss = nn.HuberLoss()
    with pytest.raises(ValueError, match="delta is -1"):
        loss.delta = -1
    assert loss.delta == 1


@pytest.mark.parametrize("name", CASES)
def test_an_empty_batch(name: str) -> None:
    """The sum of nothing is 0, and its mean NaN, with NumPy's warning."""
    _, function, arguments = CASES[name]
    y, *others = (array[:0] for array in arguments)
    x = mg.Tensor(y, requires_grad=True)
    assert function(x, *others, reduction="none").size == 0
    total = function(x, *others, reduction="sum")
    total.backward()
    assert total.data == 0
    assert x.grad.shape == y.shape
    with pytest.warns(RuntimeWarning, match=r"invalid value|Mean of empty"):
        assert np.isnan(function(x, *others, reduction="mean").data)


@pytest.mark.parametrize("name", CASES)
def test_the_memory_layout_of_arguments_changes_nothing(name: str) -> None:
    loss, _, arguments = CASES[name]
    strided = [np.repeat(array, 2, axis=0)[::2] for array in arguments]
    reversed_ = [np.flip(np.flip(array).copy()) for array in arguments]
    for others in (strided, reversed_):
        np.testing.assert_allclose(loss(*others), loss(*arguments), rtol=1e-14)


@pytest.mark.parametrize("name", CASES)
def test_half_precision(name: str) -> None:
    loss, _, (y, *others) = CASES[name]
    found = loss(mg.Tensor(y, dtype=np.float16), *others)
    assert found.dtype == np.float16
    np.testing.assert_allclose(found.data, loss(y, *others), rtol=0.02, atol=0.01)
