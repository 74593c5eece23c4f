"""Residual, Concat and MLP: shapes, names, and errors that say how to mend them."""

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
    np.testing.assert_allclose(block(IMAGES).data, block.module(IMAGES).data + IMAGES, rtol=1e-6)
    assert [name for name, _ in block.named_parameters()] == ["module.weight", "module.bias"]
    projected = nn.Residual(nn.Conv2d(4, 6, 3, stride=2, padding=1), nn.Conv2d(4, 6, 1, stride=2))
    assert projected(IMAGES).shape == (2, 6, 4, 4)
    assert repr(nn.Residual(nn.ReLU(), nn.Identity())) == ("Residual(\n  (module): ReLU()\n  (shortcut): Identity()\n)")


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
    with pytest.raises(TypeError, match=r"Residual: expected modules, got type for 'module'; construct the class"):
        nn.Residual(nn.ReLU)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"Residual: expected modules, got function for 'shortcut'"):
        nn.Residual(nn.ReLU(), lambda x: x)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"into \(2, 4, 8, 8\), and the shortcut into \(2, 3, 8, 8\)"):
        nn.Residual(nn.ReLU(), nn.Conv2d(4, 3, 1))(IMAGES)


def test_concat_joins_its_branches() -> None:
    block = nn.Concat(nn.Conv2d(4, 3, 1, rng=0), nn.Identity(), wide=nn.Conv2d(4, 2, 5, padding=2, rng=1))
    y = block(IMAGES)
    assert y.shape == (2, 9, 8, 8)
    np.testing.assert_array_equal(y.data[:, 3:7], IMAGES)
    assert [name for name, _ in block.named_parameters()] == ["0.weight", "0.bias", "wide.weight", "wide.bias"]
    assert len(block) == 3
    assert block[-1] is block.wide
    assert block[:2](IMAGES).shape == (2, 7, 8, 8)
    assert block.append(nn.ReLU())(IMAGES).shape == (2, 13, 8, 8)
    assert nn.Concat(nn.Linear(8, 3), nn.Linear(8, 2), dim=-1)(IMAGES).shape == (2, 4, 8, 5)
    field = nn.receptive_field(block, (4, 8, 8))
    assert field["concat"].size == (5, 5)


def test_the_inception_block_of_the_paper_has_its_number_of_parameters() -> None:
    """3a of GoogLeNet: 163,696."""

    def conv(channels: int, filters: int, size: int) -> nn.Module:
        return nn.Sequential(nn.Conv2d(channels, filters, size, padding=size // 2), nn.ReLU())

    block = nn.Concat(
        conv(192, 64, 1),
        nn.Sequential(conv(192, 96, 1), conv(96, 128, 3)),
        nn.Sequential(conv(192, 16, 1), conv(16, 32, 5)),
        nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv(192, 32, 1)),
    )
    assert block(np.ones((1, 192, 4, 4), np.float32)).shape == (1, 256, 4, 4)
    assert sum(p.size for p in block.parameters()) == 163_696


def test_concat_refuses_what_cannot_be_joined() -> None:
    with pytest.raises(ValueError, match="Concat: got no modules"):
        nn.Concat()
    with pytest.raises(TypeError, match=r"Concat: expected modules, got list for '0'"):
        nn.Concat([nn.ReLU()])  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=r"give the shapes \(2, 4, 8, 8\), \(2, 4, 6, 6\), which can be joined along axis 1"
    ):
        nn.Concat(nn.ReLU(), nn.Conv2d(4, 4, 3))(IMAGES)
    with pytest.raises(ValueError, match="can be joined along axis 4"):
        nn.Concat(nn.ReLU(), nn.ReLU(), dim=4)(IMAGES)


def test_an_mlp_is_what_a_student_would_write() -> None:
    written = nn.Sequential(nn.Linear(4, 5, rng=(rng := np.random.default_rng(3))), nn.ReLU(), nn.Linear(5, 2, rng=rng))
    mlp = nn.MLP(4, [5], 2, rng=3)
    assert repr(mlp).replace("MLP", "Sequential") == repr(written)
    for (name, p), (other, q) in zip(mlp.named_parameters(), written.named_parameters(), strict=True):
        assert name == other
        np.testing.assert_array_equal(p.data, q.data)
    assert repr(nn.MLP(4, 5, 2)) == repr(mlp)
    assert repr(nn.MLP(4, [], 2)) == "MLP(\n  (0): Linear(4, 2)\n)"
    assert sum(p.size for p in nn.MLP(784, [128, 64], 10).parameters()) == 109_386


def test_the_parts_of_an_mlp() -> None:
    mlp = nn.MLP(4, (6, 5), 2, activation=nn.PReLU, norm=nn.BatchNorm1d, bias=False, dropout=0.25, rng=0)
    assert [type(layer).__name__ for layer in mlp] == [*("Linear", "BatchNorm1d", "PReLU", "Dropout") * 2, "Linear"]
    assert len({id(layer) for layer in mlp}) == 9
    assert (mlp[1].num_features, mlp[5].num_features) == (6, 5)
    assert not any(name.endswith("bias") for name, _ in mlp[0].named_parameters())
    assert nn.MLP(4, [3], 2, dtype=np.float64, init=nn.init.zeros_)(np.ones((1, 4))).data.tolist() == [[0, 0]]
    assert type(nn.MLP(4, [3], 2, activation=lambda: nn.LeakyReLU(0.2))[1]) is nn.LeakyReLU


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (
            lambda: nn.MLP(4, [3], 2, activation=nn.ReLU()),
            TypeError,
            r"activation is a ReLU, .* activation=nn.ReLU, or",
        ),
        (lambda: nn.MLP(4, [3], 2, activation="relu"), TypeError, r"activation is a str, expected a class or a func"),
        (lambda: nn.MLP(4, [3], 2, activation=lambda: 3), TypeError, "activation made a int, expected a module"),
        (lambda: nn.MLP(4, [3, 0], 2), ValueError, "MLP: hidden is 0, expected at least 1"),
        (lambda: nn.MLP(4, [2.5], 2), TypeError, "MLP: hidden is 2.5, expected a whole number"),
        (lambda: nn.MLP(4, [3], 2, dropout=1.5), ValueError, "p is a probability"),
    ],
)
def test_what_an_mlp_refuses(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make()
