"""fit with gradients of several batches, and with gradients that are clipped."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

RNG = np.random.default_rng(0)
X, T = RNG.normal(size=(11, 3)), RNG.normal(size=(11, 2))
LABELS = RNG.integers(0, 2, 11)


def trained(loss: Any, target: Any = T, optimizer: Any = nn.optim.SGD, **settings: Any) -> tuple[Any, Any]:
    """The parameters and the history of a model after two epochs, in float64."""
    model = nn.Sequential(nn.Linear(3, 4, rng=0, dtype=np.float64), nn.Tanh(), nn.Linear(4, 2, rng=1, dtype=np.float64))
    history = nn.fit(
        model, (X, target), optimizer=optimizer(model.parameters(), lr=0.1), loss=loss, epochs=2, rng=0, verbose=False,
        **settings,
    )  # fmt: skip
    return model.state_dict(), history.history


def same(found: Any, expected: Any) -> None:
    for name, array in expected[0].items():
        np.testing.assert_allclose(found[0][name], array, rtol=1e-10, atol=1e-13)
    for name, values in expected[1].items():
        np.testing.assert_allclose(found[1][name], values, rtol=1e-10)


@pytest.mark.parametrize(("loss", "target"), [(nn.MSELoss(), T), (nn.CrossEntropyLoss(), LABELS)])
@pytest.mark.parametrize("optimizer", [nn.optim.SGD, nn.optim.Adam])
@pytest.mark.parametrize(("batch_size", "accumulate"), [(2, 3), (1, 4), (3, 2), (4, 5), (2, 1), (11, 3)])
def test_k_batches_are_one_of_k_times_the_size(
    loss: Any, target: Any, optimizer: Any, batch_size: int, accumulate: int
) -> None:
    """Also where the last group has fewer batches, and its last batch fewer samples: 11 = 2 · 3 + 2 + 2 + 1."""
    found = trained(loss, target, optimizer, batch_size=batch_size, accumulate=accumulate)
    same(found, trained(loss, target, optimizer, batch_size=min(batch_size * accumulate, len(X))))


def test_targets_that_the_loss_ignores_do_not_count() -> None:
    labels = np.where(np.arange(11) % 6 == 1, 7, LABELS)
    loss = nn.CrossEntropyLoss(ignore_index=7)
    same(trained(loss, labels, batch_size=3, accumulate=2), trained(loss, labels, batch_size=6))


@pytest.mark.parametrize(
    ("loss", "ignored"),
    [
        (mg.cross_entropy, -100),
        (partial(mg.cross_entropy, ignore_index=7), 7),
        (partial(mg.cross_entropy, ignore_index=7, weight=np.array([1.0, 3.0])), 7),
    ],
)
def test_of_a_function_it_is_the_default_of_its_argument(loss: Any, ignored: int) -> None:
    labels = np.where(np.arange(11) % 6 == 1, ignored, LABELS)
    same(trained(loss, labels, batch_size=3, accumulate=2), trained(loss, labels, batch_size=6))


def test_gradients_are_clipped_after_they_were_averaged() -> None:
    for clip_norm in (0.05, 0.5):
        found = trained(nn.MSELoss(), batch_size=2, accumulate=3, clip_norm=clip_norm)
        same(found, trained(nn.MSELoss(), batch_size=6, clip_norm=clip_norm))
    unclipped = trained(nn.MSELoss(), batch_size=6)
    same(trained(nn.MSELoss(), batch_size=6, clip_norm=1e6), unclipped)
    assert not np.allclose(found[0]["0.weight"], unclipped[0]["0.weight"])


def test_clipping_is_that_of_clip_grad_norm() -> None:
    lengths = []

    class Recorder(nn.optim.SGD):
        def step(self, closure: Any = None) -> Any:
            lengths.append(float(np.sqrt(sum((p.grad**2).sum() for p in self.params))))
            return super().step(closure)

    trained(nn.MSELoss(), optimizer=Recorder, batch_size=3, clip_norm=0.05)
    assert len(lengths) == 8
    assert max(lengths) == pytest.approx(0.05, rel=1e-4)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"accumulate": 0}, "^fit: accumulate is 0, expected at least 1"),
        ({"accumulate": 2.0}, "^fit: accumulate is 2.0, expected a whole number"),
        ({"clip_norm": 0}, "^fit: clip_norm is 0, expected a number greater than 0"),
        ({"clip_norm": -1}, "^fit: clip_norm is -1, expected a number greater than 0"),
        ({"clip_norm": "1"}, "^fit: clip_norm is '1', expected a number"),
    ],
)
def test_numbers_out_of_their_range_are_refused(settings: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        trained(nn.MSELoss(), **settings)


def test_a_gradient_that_is_not_finite_is_found_after_all_batches_of_a_step() -> None:
    model = nn.Sequential(nn.Linear(3, 1, rng=0))
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    before = model.state_dict()
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match=r"gradient of 0\.weight .* epoch 1, step 1"),
    ):
        nn.fit(
            model,
            (X.astype("f4"), T[:, :1].astype("f4")),
            optimizer=optimizer,
            loss=lambda y, t: mg.mean(mg.sqrt((y - y) ** 2)),
            batch_size=2,
            accumulate=3,
            clip_norm=1.0,
            verbose=False,
        )
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
