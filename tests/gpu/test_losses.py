"""Every loss gives the same numbers on a GPU as on the CPU: values and gradients."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.device import device_of
from tests.helpers.networks.losses import CASES, LABELS, WEIGHT, Y


def on_both(f: Any, y: Any) -> None:
    """`f` of the outputs and of a function that moves what else there is to their device."""
    found = []
    for device in ("cpu", "cuda"):
        x = mg.Tensor(y, device=device, requires_grad=True)
        loss = mg.sum(f(x, lambda array, device=device: mg.to(array, device)))
        loss.backward()
        assert device_of(loss) == device_of(x.grad) == ("cpu" if device == "cpu" else "cuda:0")
        found.append([loss.to("cpu").numpy(), mg.to(x.grad, "cpu")])
    for on_cpu, on_gpu in zip(*found, strict=True):
        np.testing.assert_allclose(on_gpu, on_cpu, rtol=1e-9, atol=1e-12)


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("name", CASES)
def test_it_is_the_same_loss(name: str) -> None:
    loss, _, (y, *others) = CASES[name]
    on_both(lambda x, to: copy.deepcopy(loss).to(x.device)(x, *map(to, others)), y)


@pytest.mark.usefixtures("gpu")
def test_lists_are_moved_to_the_gpu() -> None:
    on_both(lambda z, to: mg.cross_entropy(z, LABELS.tolist(), weight=WEIGHT.tolist(), ignore_index=2), Y)
    on_both(lambda z, to: mg.cross_entropy(z[None], [[0, 1, 2, -100]]), Y)
    on_both(lambda z, to: mg.binary_cross_entropy_with_logits(z[0], [1, 0, 1, 0], pos_weight=WEIGHT.tolist()), Y)


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("name", ["CrossEntropyLoss", "BCELoss", "MSELoss", "HingeEmbeddingLoss", "GaussianNLLLoss"])
def test_nothing_is_moved_without_being_asked(name: str) -> None:
    loss, _, (y, *others) = CASES[name]
    with pytest.raises(TypeError, match="nothing is moved implicitly"):
        loss(mg.Tensor(y, device="cuda"), *others)
