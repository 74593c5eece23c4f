"""What holds for every model: its seed, its gradients, its predictions, and what is printed and drawn of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

pytestmark = pytest.mark.usefixtures("first_plan")

Make = Callable[..., nn.Module]

#: Each model, and the shape of a sample. Of large ones there are small relatives with the same kinds of layers.
MODELS: dict[str, tuple[Make, tuple[int, ...]]] = {
    "Autoencoder": (lambda rng: nn.Autoencoder([12, 8, 4], rng=rng), (12,)),
    "ConvAutoencoder": (lambda rng: nn.ConvAutoencoder([1, 4, 2], rng=rng), (1, 8, 8)),
    "ConvNet": (lambda rng: nn.ConvNet((2, 9, 8), [[4, 4], [6]], [8], batch_norm=True, rng=rng), (2, 9, 8)),
    "DenoisingAutoencoder": (
        lambda rng: nn.DenoisingAutoencoder(nn.Autoencoder([12, 4], rng=rng), rng=rng),
        (12,),
    ),
    "DigitCNN": (nn.DigitCNN, (1, 28, 28)),
    "Inception": (lambda rng: nn.Inception(3, 2, 2, 3, 2, 3, 2, rng=rng), (3, 5, 5)),
    "LeNet": (nn.LeNet, (1, 28, 28)),
    "LeNet, classic": (lambda rng: nn.LeNet(classic=True, rng=rng), (1, 28, 28)),
    "ResNet20": (nn.ResNet20, (3, 8, 8)),
    "SmallAlexNet": (nn.SmallAlexNet, (3, 32, 32)),
    "SmallGoogLeNet": (nn.SmallGoogLeNet, (3, 8, 8)),
}
every_model = pytest.mark.parametrize(("make", "shape"), MODELS.values(), ids=MODELS)


def batch(shape: tuple[int, ...], samples: int = 3) -> Any:
    return np.random.default_rng(0).normal(size=(samples, *shape)).astype(np.float32)


@every_model
def test_its_parameters_come_from_its_seed(make: Make, shape: tuple[int, ...]) -> None:
    first, same, other = make(rng=1), make(rng=1), make(rng=2)
    for (name, p), q in zip(first.named_parameters(), same.parameters(), strict=True):
        assert np.array_equal(p.data, q.data), name
    x = batch(shape)
    assert np.array_equal(np.asarray(first(x)), np.asarray(same(x)))  # with dropout and noise
    assert not np.allclose(nn.predict(first, x), nn.predict(other, x))


@every_model
def test_every_parameter_gets_a_gradient(make: Make, shape: tuple[int, ...]) -> None:
    model = make(rng=0)
    y = model(batch(shape))
    mg.sum(y * np.random.default_rng(1).normal(size=y.shape)).backward()
    for name, p in model.named_parameters():
        assert p.grad is not None, name
        assert np.isfinite(p.grad).all(), name
        assert p.grad.any(), name


@every_model
def test_the_prediction_for_a_sample_does_not_depend_on_others(make: Make, shape: tuple[int, ...]) -> None:
    model, x = make(rng=0), batch(shape)
    together = nn.predict(model, x)
    for i in range(len(x)):
        np.testing.assert_allclose(nn.predict(model, x[i : i + 1])[0], together[i], rtol=1e-4, atol=1e-5)
    assert model.eval()(x[:0]).shape == (0, *together.shape[1:])


@every_model
def test_its_state_makes_another_predict_and_train_the_same(make: Make, shape: tuple[int, ...]) -> None:
    model, x = make(rng=0), batch(shape)
    model(x)  # running values and generators have moved on
    other = make(rng=3)
    other.load_state_dict(model.state_dict())
    assert np.array_equal(np.asarray(other(x)), np.asarray(model(x)))
    assert np.array_equal(nn.predict(other, x), nn.predict(model, x))


@every_model
def test_it_is_summarised_drawn_and_derived(make: Make, shape: tuple[int, ...]) -> None:
    model = make(rng=0)
    assert nn.summary(model, shape).total == sum(p.size for p in model.parameters())
    L = mg.sum(model(batch(shape, 2)) ** 2).named("L")
    first = next(name for name, _ in model.named_parameters())
    assert first in str(mg.explain(L))
    assert "<svg" in mg.draw(L)._repr_svg_()
    if len(shape) == 3:
        seen = nn.receptive_field(model, shape).layers[-1].size
        assert all(n >= side for n, side in zip(seen, shape[1:], strict=True))  # the whole image
