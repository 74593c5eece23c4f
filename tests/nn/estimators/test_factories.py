"""Functions that make models and optimizers, and what is said of those that make something else."""

from __future__ import annotations

import copy
from functools import partial
from typing import Any

import numpy as np
import pytest

import nn

pytest.importorskip("sklearn")

X = np.random.default_rng(0).normal(size=(20, 4))
Y = np.arange(20) % 3


def refused(kind: type[Exception], said: str, estimator: Any, y: Any = Y) -> None:
    with pytest.raises(kind, match=said):
        estimator.fit(X, y)
    assert not hasattr(estimator, "model_")
    with pytest.raises(kind, match=said):
        estimator.partial_fit(X, y, **({"classes": [0, 1, 2]} if isinstance(estimator, nn.Classifier) else {}))


def test_a_factory_is_called_with_the_sizes_and_the_generator() -> None:
    calls = []

    class Factory:
        def __call__(self, n_in: int, n_out: int, rng: np.random.Generator) -> nn.Module:
            calls.append((n_in, n_out, rng.random()))
            return nn.Linear(n_in, n_out, rng=rng)

    nn.Classifier(Factory(), epochs=1, random_state=3).fit(X, Y)
    nn.Regressor(partial(Factory()), epochs=1, random_state=3).fit(X, X)
    first = np.random.default_rng(3).random()
    assert calls == [(4, 3, first), (4, 4, first)]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (nn.Linear(4, 3), "Classifier: model is a Linear, expected a function that makes a new model for each fit"),
        ("mlp", "model is 'mlp', expected a function"),
        (nn.MLP, r"MLP\(in_features: .* takes other arguments \(missing a required argument: 'out_features'\); write "),
        (nn.LeNet, r"LeNet\(classes: .* takes other arguments \(too many positional arguments\); write model=lambda"),
        (lambda n_in, n_out: nn.Linear(n_in, n_out), r"unexpected keyword argument 'rng'\); write model=lambda"),
        (lambda n_in, n_out, rng: None, r"model\(4, 3, rng=rng\) returned None, expected an nn.Module; does it lack a"),
        (lambda n_in, n_out, rng: nn.Linear, "returned the class Linear, expected an nn.Module"),
        (lambda n_in, n_out, rng: [nn.ReLU()], r"returned \[ReLU\(\)\], expected an nn.Module"),
    ],
)
def test_what_is_not_a_factory_of_models(model: Any, said: str) -> None:
    refused(TypeError, said, nn.Classifier(model))


@pytest.mark.parametrize("n_out", [1, 2, 10])
def test_the_number_of_outputs_is_that_of_the_classes(n_out: int) -> None:
    """A cross-entropy would train with more of them, and predict classes that there are not."""

    def model(n_in: int, _: int, rng: Any) -> nn.Module:
        return nn.Linear(n_in, n_out, rng=rng)

    said = rf"outputs for 2 samples have the shape \(2, {n_out}\), expected \(2, 3\): one output for each class"
    refused(ValueError, said, nn.Classifier(model))
    said = rf"the shape \(2, {n_out}\), expected \(2, 4\): one output for each number to predict"
    refused(ValueError, said, nn.Regressor(model), X)


def test_outputs_have_two_axes() -> None:
    def model(n_in: int, n_out: int, rng: Any) -> nn.Module:
        return nn.Sequential(nn.Linear(n_in, n_out, rng=rng), nn.Flatten(0))

    refused(ValueError, r"have the shape \(2,\), expected \(2, 1\)", nn.Regressor(model), X[:, 0])


def test_a_model_is_not_trained_by_two_fits() -> None:
    """Each part of a cross-validation would be tested on samples that the others have learned."""
    pretrained = nn.Linear(4, 3, rng=0)
    first = nn.Classifier(lambda n_in, n_out, rng: pretrained, epochs=1).fit(X, Y)
    assert first.model_ is pretrained
    refused(ValueError, "a Linear that an earlier fit has trained", nn.Classifier(first.model))
    copies = nn.Classifier(lambda n_in, n_out, rng: copy.deepcopy(pretrained), epochs=1)
    assert copies.fit(X, Y).score(X, Y) == copies.fit(X, Y).score(X, Y)


@pytest.mark.parametrize(
    ("optimizer", "kind", "said"),
    [
        (nn.optim.SGD(nn.Linear(1, 1).parameters()), TypeError, r"of other parameters, SGD.*partial\(nn.optim.SGD, lr"),
        (
            None,
            TypeError,
            r"optimizer is None, expected a name, or a function that makes one .*nn.optim.Adam, lr=0.001",
        ),
        (lambda parameters: None, TypeError, r"optimizer\(parameters\) returned None, expected an optimizer"),
        ("adan", ValueError, "there is no optimizer 'adan'; did you mean 'adam'"),
    ],
)
def test_what_does_not_make_optimizers(optimizer: Any, kind: type[Exception], said: str) -> None:
    refused(kind, said, nn.Classifier(optimizer=optimizer))
    refused(kind, said, nn.Regressor(optimizer=optimizer), X)
