"""Residual: the shortcut, and errors that say how to mend it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

IMAGES = np.random.default_rng(0).normal(size=(2, 4, 8, 8)).astype(np.float32)


def test_residual_adds_its_input() -> None:
    block = nn.Residual(nn.Conv2d(4, 4, 3, padding=1, rng=0))
    np.testing.assert_allclose(block(IMAGES).data, block.f(IMAGES).data + IMAGES, rtol=1e-6)
    assert [name for name, _ in block.named_parameters()] == ["f.weight", "f.bias"]
    projected = nn.Residual(nn.Conv2d(4, 6, 3, stride=2, padding=1), nn.Conv2d(4, 6, 1, stride=2))
    assert projected(IMAGES).shape == (2, 6, 4, 4)
    assert repr(nn.Residual(nn.ReLU(), nn.Identity())) == ("Residual(\n  (f): ReLU()\n  (shortcut): Identity()\n)")


def test_the_error_signal_passes_a_hundred_blocks() -> None:
    """Without shortcuts it would be gone: each layer halves it."""
    layers = [nn.Linear(4, 4, init=lambda w, rng: nn.init.orthogonal_(w, 0.5, rng=rng), rng=i) for i in range(100)]
    for blocks, kept in ((layers, False), ([nn.Residual(layer) for layer in layers], True)):
        x = mg.Tensor(np.ones((1, 4)), requires_grad=True)
        nn.Sequential(*blocks)(x).sum().backward()
        assert (np.abs(x.grad).max() > 1e-3) == kept


@pytest.mark.parametrize(
    ("module", "shape", "said"),
    [
        (nn.Conv2d(4, 6, 3, padding=1), (2, 4, 8, 8), "write shortcut=nn.Conv2d(4, 6, 1)"),
        (nn.Conv2d(4, 6, 3, stride=2, padding=1), (2, 4, 8, 8), "write shortcut=nn.Conv2d(4, 6, 1, stride=2)"),
        (nn.Conv2d(4, 4, 3, stride=2, padding=1), (2, 4, 7, 7), "write shortcut=nn.Conv2d(4, 4, 1, stride=2)"),
        (nn.Conv1d(4, 8, 3, stride=3, padding=1), (2, 4, 9), "write shortcut=nn.Conv1d(4, 8, 1, stride=3)"),
        (nn.Conv2d(4, 4, 3), (2, 4, 8, 8), "give the module a padding that keeps the size"),
        (nn.Conv2d(4, 6, 3, stride=(2, 1), padding=1), (2, 4, 8, 8), "give the module a padding that keeps the size"),
        (nn.Conv3d(4, 2, 1), (2, 4, 2, 3, 4), "write shortcut=nn.Conv3d(4, 2, 1)"),
        (nn.Linear(4, 3), (2, 5, 3, 2, 2, 4), "to which its input cannot be added"),
        (nn.Linear(4, 3), (4,), "turns (4,) into (3,), to which its input cannot be added"),
        (nn.Linear(4, 3), (2, 4), "write shortcut=nn.Linear(4, 3)"),
        (nn.Linear(4, 1), (2, 4), "write shortcut=nn.Linear(4, 1)"),
        (nn.Flatten(), (2, 4, 8), "turns (2, 4, 8) into (2, 32), to which its input cannot be added"),
    ],
)
def test_a_residual_whose_terms_do_not_fit(module: nn.Module, shape: Any, said: str) -> None:
    """The advice works."""
    x = np.ones(shape, np.float32)
    with pytest.raises(ValueError, match=re.escape(said)):
        nn.Residual(module)(x)
    if said.startswith("write"):
        shortcut = eval(said.removeprefix("write shortcut="), {"nn": nn})
        assert nn.Residual(module, shortcut)(x).shape == module(x).shape


def test_residual_refuses_what_is_not_a_module_and_shortcuts_that_do_not_fit() -> None:
    with pytest.raises(TypeError, match=r"Residual: expected modules, got type for 'f'; construct the class"):
        nn.Residual(nn.ReLU)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"Residual: expected modules, got function for 'shortcut'"):
        nn.Residual(nn.ReLU(), lambda x: x)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"into \(2, 4, 8, 8\), and the shortcut into \(2, 3, 8, 8\)"):
        nn.Residual(nn.ReLU(), nn.Conv2d(4, 3, 1))(IMAGES)
