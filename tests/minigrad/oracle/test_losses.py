"""Losses against PyTorch, over arguments that hypothesis draws: values, gradients and second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle
F = torch.nn.functional

REDUCTIONS = ["mean", "sum", "none"]
seeds = st.integers(0, 1 << 32)
reductions = st.sampled_from(REDUCTIONS)
shapes = st.lists(st.integers(1, 4), max_size=3).map(tuple)
flags = st.booleans()


def agree(
    ours: Callable[..., Any], theirs: Callable[..., Any], *arrays: Any, second: bool = True, rtol: float = 1e-10
) -> None:
    """Values, gradients of all arguments, and the gradients of their sum with random weights."""

    def close(found: Any, expected: Any) -> None:
        np.testing.assert_allclose(found, expected.numpy(force=True), rtol=rtol, atol=1e-11)

    xs = [mg.Tensor(a, requires_grad=True) for a in arrays]
    us = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, u = ours(*xs), theirs(*us)
    close(y.data, u)
    rng = np.random.default_rng(7)
    y_bar = rng.normal(size=y.shape)
    signals = mg.vjp(ours, *arrays)[1](y_bar)
    expected = torch.autograd.grad(u, us, torch.tensor(y_bar), create_graph=True)
    for found, theirs_ in zip(signals, expected, strict=True):
        close(found, theirs_)
    if not second:
        return
    weights = [rng.normal(size=a.shape) for a in arrays]

    def of_gradients(*xs: Any) -> Any:
        gradients = mg.grad(lambda *xs: mg.sum(y_bar * ours(*xs)), argnums=tuple(range(len(xs))))(*xs)
        return sum(mg.sum(w * g) for w, g in zip(weights, gradients, strict=True))

    again = mg.grad(of_gradients, argnums=tuple(range(len(arrays))))(*arrays)
    total = sum((torch.tensor(w) * g).sum() for w, g in zip(weights, expected, strict=True))
    if not total.requires_grad:
        for found in again:
            np.testing.assert_array_equal(found, 0)
        return
    for found, theirs_, u in zip(again, torch.autograd.grad(total, us, allow_unused=True), us, strict=True):
        close(found, torch.zeros_like(u) if theirs_ is None else theirs_)


def numbers(rng: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Outputs and targets, some of which are the same: there is the kink of an absolute value."""
    y = 2 * rng.normal(size=shape)
    return y, np.where(rng.random(shape) < 0.2, y, 2 * rng.normal(size=shape))


# ---------------------------------------------------------------- numbers


@given(seeds, shapes, reductions, st.floats(0.1, 3))
@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "huber_loss", "smooth_l1_loss", "smooth_l1_loss of 0"])
def test_errors_of_numbers(name: str, seed: int, shape: Any, reduction: str, size: float) -> None:
    y, t = numbers(np.random.default_rng(seed), shape)
    params = {"huber_loss": {"delta": size}, "smooth_l1_loss": {"beta": size}, "smooth_l1_loss of 0": {"beta": 0.0}}
    how = {"reduction": reduction, **params.get(name, {})}
    ours, theirs = (getattr(module, name.partition(" ")[0]) for module in (mg, F))
    agree(partial(ours, **how), partial(theirs, **how), y, t)


@given(seeds, shapes, reductions)
def test_sum_squared_error(seed: int, shape: Any, reduction: str) -> None:
    y, t = numbers(np.random.default_rng(seed), shape)
    half = lambda y, t: F.mse_loss(y, t, reduction=reduction) / 2  # noqa: E731
    agree(partial(mg.sum_squared_error, reduction=reduction), half, y, t)


@given(seeds, shapes, reductions, flags, flags)
def test_poisson_nll_loss(seed: int, shape: Any, reduction: str, log_input: bool, full: bool) -> None:
    rng = np.random.default_rng(seed)
    y, t = rng.uniform(0.1, 2, size=shape), rng.integers(0, 4, size=shape).astype(float)
    how = {"log_input": log_input, "full": full, "reduction": reduction}
    agree(lambda y: mg.poisson_nll_loss(y, t, **how), lambda y: F.poisson_nll_loss(y, torch.tensor(t), **how), y)


@given(seeds, shapes, reductions, flags, st.sampled_from(["all", "last", "dropped"]))
def test_gaussian_nll_loss(seed: int, shape: Any, reduction: str, full: bool, kind: str) -> None:
    rng = np.random.default_rng(seed)
    shape = (*shape, 3)
    var = rng.uniform(0.1, 2, size={"all": shape, "last": (*shape[:-1], 1), "dropped": shape[:-1]}[kind])
    var.flat[0] = 1e-9  # counts as eps
    y, t = numbers(rng, shape)
    how = {"full": full, "eps": 0.01, "reduction": reduction}
    ours, theirs = partial(mg.gaussian_nll_loss, **how), partial(F.gaussian_nll_loss, **how)
    agree(ours, theirs, y, t, var)


# ---------------------------------------------------------------- classes


def classes(rng: Any, shape: tuple[int, ...], n: int, ignore_index: int, ignored: bool) -> tuple[Any, Any]:
    """Outputs for n classes on axis 1, or the only one, and class numbers, of which some are ignored."""
    z = 3 * rng.normal(size=(shape[0], n, *shape[1:]) if shape else (n,))
    t = np.asarray(rng.integers(0, n, size=shape))
    if ignored:
        t = np.where(rng.random(shape) < 0.3, ignore_index, t)
        t.flat[0] = (ignore_index + 1) % n  # not all of them
    return z, t


@given(seeds, shapes, reductions, st.integers(2, 4), flags, flags, st.sampled_from([-100, 1]), st.floats(0, 1))
@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
def test_classes(
    name: str, seed: int, shape: Any, reduction: str, n: int, weighted: bool, ignored: bool, ignore_index: int, e: float
) -> None:
    rng = np.random.default_rng(seed)
    z, t = classes(rng, shape, n, ignore_index, ignored)
    if not ignored:
        ignore_index = -100
    weight = rng.uniform(0.1, 2, n) if weighted else None
    how: dict[str, Any] = {"ignore_index": ignore_index, "reduction": reduction}
    if name == "cross_entropy" and seed % 2:
        how["label_smoothing"] = e
    ours, theirs = (getattr(module, name) for module in (mg, F))
    agree(
        lambda z: ours(z, t, weight=weight, **how),
        lambda z: theirs(z, torch.tensor(t), None if weight is None else torch.tensor(weight), **how),
        z,
    )


@given(seeds, shapes, reductions, st.integers(2, 4), flags, flags, st.sampled_from([0, 0.3, 1]))
def test_probabilities_of_classes(
    seed: int, shape: Any, reduction: str, n: int, weighted: bool, normalized: bool, smoothing: float
) -> None:
    rng = np.random.default_rng(seed)
    z, _ = classes(rng, shape, n, -100, False)
    t = rng.random(z.shape)
    if normalized:
        t /= t.sum(axis=min(1, t.ndim - 1), keepdims=True)
    weight = rng.uniform(0.1, 2, n) if weighted else None
    how = {"reduction": reduction, "label_smoothing": smoothing}
    theirs = lambda z, t: F.cross_entropy(z, t, None if weight is None else torch.tensor(weight), **how)  # noqa: E731
    agree(lambda z, t: mg.cross_entropy(z, t, weight=weight, **how), theirs, z, t)


@given(seeds, st.sampled_from([(), (1,), (5,)]), reductions, st.integers(2, 4), flags, st.sampled_from([1, 2]))
def test_multi_margin_loss(seed: int, shape: Any, reduction: str, n: int, weighted: bool, p: int) -> None:
    rng = np.random.default_rng(seed)
    z, t = classes(rng, shape, n, -100, False)
    weight = rng.uniform(0.1, 2, n) if weighted else None
    how: dict[str, Any] = {"p": p, "margin": rng.uniform(0.2, 2), "reduction": reduction}
    of_theirs = {**how, "weight": None if weight is None else torch.tensor(weight)}
    theirs = lambda z: F.multi_margin_loss(z, torch.tensor(t), **of_theirs)  # noqa: E731
    agree(lambda z: mg.multi_margin_loss(z, t, weight=weight, **how), theirs, z, second=False)  # it has none


# ---------------------------------------------------------------- binary decisions


@given(seeds, shapes, reductions, flags, flags)
def test_binary_cross_entropy(seed: int, shape: Any, reduction: str, weighted: bool, certain: bool) -> None:
    rng = np.random.default_rng(seed)
    y, t = rng.random(size=(*shape, 3)), rng.random(size=(*shape, 3))
    if certain:  # −100 in place of log 0
        t = t.round()
        y = np.where(rng.random(y.shape) < 0.3, rng.integers(0, 2, size=y.shape), y)
    how: dict[str, Any] = {"reduction": reduction}
    w = rng.uniform(0.1, 2, 3) if weighted else None
    agree(
        lambda y: mg.binary_cross_entropy(y, t, weight=w, **how),
        lambda y: F.binary_cross_entropy(y, torch.tensor(t), None if w is None else torch.tensor(w), **how),
        y,
        second=not certain,
        rtol=1e-8,  # it adds 1e-12 to y (1 − y)
    )


@given(seeds, shapes, reductions)
def test_binary_cross_entropy_with_targets_to_be_learned(seed: int, shape: Any, reduction: str) -> None:
    y, t = np.random.default_rng(seed).uniform(0.01, 0.99, size=(2, *shape))
    agree(
        partial(mg.binary_cross_entropy, reduction=reduction),
        partial(F.binary_cross_entropy, reduction=reduction),
        y,
        t,
        rtol=1e-8,
    )


@given(seeds, shapes, reductions, flags, flags)
def test_binary_cross_entropy_with_logits(
    seed: int, shape: Any, reduction: str, weighted: bool, positives: bool
) -> None:
    rng = np.random.default_rng(seed)
    z, t = 4 * rng.normal(size=(*shape, 3)), rng.random(size=(*shape, 3))
    how = {"weight": rng.uniform(0.1, 2, 3) if weighted else None}
    how["pos_weight"] = rng.uniform(0.1, 2, 3) if positives else None
    of_theirs = {key: None if value is None else torch.tensor(value) for key, value in how.items()}
    agree(
        lambda z, t: mg.binary_cross_entropy_with_logits(z, t, reduction, **how),
        lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction=reduction, **of_theirs),
        z,
        t,
    )


@given(seeds, shapes, st.sampled_from([*REDUCTIONS, "batchmean"]), flags, flags)
@pytest.mark.filterwarnings("ignore:reduction")
def test_kl_div(seed: int, shape: Any, reduction: str, log_target: bool, zeros: bool) -> None:
    rng = np.random.default_rng(seed)
    shape = (*shape, 3)
    y, t = np.log(rng.uniform(0.05, 1, size=shape)), rng.uniform(0.05, 1, size=shape)
    how = {"reduction": reduction, "log_target": log_target}
    ours, theirs = partial(mg.kl_div, **how), partial(F.kl_div, **how)
    if not zeros:
        agree(ours, theirs, y, np.log(t) if log_target else t)
    elif not log_target:
        t = np.where(rng.random(shape) < 0.4, 0, t)
        agree(lambda y: ours(y, t), lambda y: theirs(y, torch.tensor(t)), y)


# ---------------------------------------------------------------- margins


@given(seeds, shapes, reductions, st.sampled_from([0.0, 0.5, 1.0]))
@pytest.mark.parametrize("name", ["hinge_embedding_loss", "margin_ranking_loss", "soft_margin_loss"])
def test_losses_of_signs(name: str, seed: int, shape: Any, reduction: str, margin: float) -> None:
    rng = np.random.default_rng(seed)
    xs = [rng.integers(-3, 4, size=shape) / 2 for _ in range(1 + (name == "margin_ranking_loss"))]  # also at the kink
    t = 2.0 * rng.integers(0, 2, size=shape) - 1
    how: dict[str, Any] = {"reduction": reduction}
    if name != "soft_margin_loss":
        how["margin"] = margin
    ours, theirs = (getattr(module, name) for module in (mg, F))
    agree(lambda *xs: ours(*xs, t, **how), lambda *us: theirs(*us, torch.tensor(t), **how), *xs)


@given(seeds, st.sampled_from([(), (1,), (4,)]), reductions, st.floats(-0.5, 0.9))
def test_cosine_embedding_loss(seed: int, shape: Any, reduction: str, margin: float) -> None:
    rng = np.random.default_rng(seed)
    x1, x2 = rng.normal(size=(2, *shape, 3))
    t = 2.0 * rng.integers(0, 2, size=shape) - 1
    how: dict[str, Any] = {"margin": margin, "reduction": reduction}
    theirs = lambda a, b: F.cosine_embedding_loss(a, b, torch.tensor(t), **how)  # noqa: E731
    agree(lambda a, b: mg.cosine_embedding_loss(a, b, t, **how), theirs, x1, x2)


@given(seeds, st.sampled_from([(), (1,), (4,)]), reductions, st.sampled_from([1, 2, 3]), flags)
def test_triplet_margin_loss(seed: int, shape: Any, reduction: str, p: float, swap: bool) -> None:
    rng = np.random.default_rng(seed)
    how: dict[str, Any] = {"margin": rng.uniform(0.2, 2), "p": p, "swap": swap, "reduction": reduction}
    agree(
        partial(mg.triplet_margin_loss, **how), partial(F.triplet_margin_loss, **how), *rng.normal(size=(3, *shape, 4))
    )
