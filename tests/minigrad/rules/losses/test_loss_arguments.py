"""What the losses share: PyTorch's defaults, settings that are numbers, and names in derivations."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Any

import numpy as np
import pytest

import minigrad as mg

#: Beside the reduction.
DEFAULTS: dict[str, dict[str, Any]] = {
    "binary_cross_entropy": {"weight": None},
    "binary_cross_entropy_with_logits": {"weight": None, "pos_weight": None},
    "cosine_embedding_loss": {"margin": 0.0},
    "cross_entropy": {"weight": None, "ignore_index": -100, "label_smoothing": 0.0},
    "gaussian_nll_loss": {"full": False, "eps": 1e-6},
    "hinge_embedding_loss": {"margin": 1.0},
    "huber_loss": {"delta": 1.0},
    "kl_div": {"log_target": False},
    "l1_loss": {},
    "margin_ranking_loss": {"margin": 0.0},
    "mse_loss": {},
    "multi_margin_loss": {"p": 1, "margin": 1.0, "weight": None},
    "nll_loss": {"weight": None, "ignore_index": -100},
    "poisson_nll_loss": {"log_input": True, "full": False, "eps": 1e-8},
    "smooth_l1_loss": {"beta": 1.0},
    "soft_margin_loss": {},
    "sum_squared_error": {},
    "triplet_margin_loss": {"margin": 1.0, "p": 2.0, "eps": 1e-6, "swap": False},
}
ZERO, ONE = np.zeros(3), np.ones(3)


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults_are_pytorchs(name: str) -> None:
    parameters = [p for p in signature(getattr(mg, name)).parameters.values() if p.default is not p.empty]
    reduction, *others = parameters
    assert (reduction.name, reduction.default) == ("reduction", "sum" if name == "sum_squared_error" else "mean")
    assert {p.name: p.default for p in others} == DEFAULTS[name]
    assert {p.kind for p in others} <= {Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize(
    "call",
    [
        lambda value: mg.huber_loss(ZERO, ONE, delta=value),
        lambda value: mg.smooth_l1_loss(ZERO, ONE, beta=value),
        lambda value: mg.hinge_embedding_loss(ZERO, ONE, margin=value),
        lambda value: mg.margin_ranking_loss(ZERO, ONE, ONE, margin=value),
        lambda value: mg.cosine_embedding_loss(ZERO, ONE, 1, margin=value),
        lambda value: mg.multi_margin_loss(ZERO, 1, margin=value),
        lambda value: mg.triplet_margin_loss(ZERO, ONE, ONE, margin=value),
        lambda value: mg.triplet_margin_loss(ZERO, ONE, ONE, eps=value),
        lambda value: mg.poisson_nll_loss(ZERO, ONE, eps=value),
        lambda value: mg.gaussian_nll_loss(ZERO, ONE, ONE, eps=value),
        lambda value: mg.cross_entropy(ZERO, 1, label_smoothing=value),
    ],
)
def test_settings_are_finite_numbers(call: Any) -> None:
    for value in (0.5, 1, np.float32(0.25), np.int64(1)):
        assert np.isfinite(call(value))
    for value in (np.inf, np.nan):
        with pytest.raises(ValueError, match=rf"^\w+: \w+ is {value}, expected a"):
            call(value)
    for value in ("a", None, [1.0], mg.Tensor(1.0), True, 1j):
        with pytest.raises(TypeError, match=r"^\w+: \w+ is .*, expected a"):
            call(value)


@pytest.mark.parametrize("reduction", [None, True, 1, np.ones(2), ["mean"]])
def test_a_reduction_that_is_not_text(reduction: Any) -> None:
    with pytest.raises(TypeError, match=r'^mse_loss: reduction is "mean", "sum" or "none", got .*by keyword'):
        mg.mse_loss(ZERO, ONE, reduction)


def test_settings_do_not_widen_float32() -> None:
    y, t = ZERO.astype(np.float32), ONE.astype(np.float32)
    setting = np.float64(0.5)
    assert mg.huber_loss(y, t, delta=setting).dtype == np.float32
    assert mg.smooth_l1_loss(y, t, beta=setting).dtype == np.float32
    assert mg.hinge_embedding_loss(y, t, margin=setting).dtype == np.float32
    assert mg.cross_entropy(y, 1, label_smoothing=setting).dtype == np.float32
    assert mg.triplet_margin_loss(y, t, t, margin=setting, eps=setting).dtype == np.float32


def test_lists_and_converted_targets_have_names_in_derivations() -> None:
    y = mg.Tensor([0.25, 0.5], requires_grad=True, dtype=np.float32)
    L = mg.mse_loss(y, [1, 0])
    assert "L = mean((y − t)²)" in str(mg.explain(L))
    labels = mg.Tensor([1.0, 0.0], name="r")
    L = mg.mse_loss(y, labels)
    assert "L = mean((y − r)²)" in str(mg.explain(L))
    L = mg.binary_cross_entropy(y, [1, 0], weight=[1, 2])
    assert "ȳ = (L̄ / 2) w ∘ (y − t) / (y ∘ (1 − y))" in str(mg.explain(L))
    L = mg.binary_cross_entropy_with_logits(y, [1, 0], pos_weight=[3.0, 2.0])
    assert "L = mean(p ∘ t ∘ softplus(−y) + (1 − t) ∘ softplus(y))" in str(mg.explain(L))
    shown = str(mg.explain(mg.triplet_margin_loss(y, [3.0, 1.0], [1.0, 3.0])))
    assert "n = [1, 3], p = [3, 1]" in shown
    L = mg.mse_loss(mg.Tensor([1.0], name="y", requires_grad=True), [3])
    assert "L = mean((y − 3)²)" in str(mg.explain(L))  # a number is its own name
