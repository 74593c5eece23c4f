"""Arguments that do not fit: the error says how the function or the class is called."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

import minigrad as mg
import nn
from tests.helpers.training import X, Y, classifier, fit, refused


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: nn.fit(classifier()), "missing a required argument: 'data'"),
        (lambda: nn.fit(classifier(), X, Y, 5), "it is called fit(model, data, y=None, *, "),
        (lambda: fit(loss_fn=nn.MSELoss()), "write loss="),
        (lambda: fit(criterion=nn.MSELoss()), "write loss="),
        (lambda: fit(epoch=3), "write epochs="),
        (lambda: fit(nb_epoch=3), "write epochs="),
        (lambda: fit(validation=(X, Y)), "write validation_data="),
        (lambda: fit(steps_per_epoch=3), "an epoch is one pass through the data"),
        (lambda: fit(sample_weight=Y), "class_weight="),
        (lambda: nn.fit(classifier(), train=(X, Y)), "write data="),
        (lambda: fit(seed=0), "write rng="),
        (lambda: fit(lr=0.1), "make it with the optimizer"),
        (lambda: fit(shuffel=True), "it is called fit(model, data, y=None, *, loss="),
        (lambda: nn.evaluate(classifier(), X, Y, 3), "evaluate() takes"),
        (lambda: nn.predict(classifier()), "missing a required argument: 'x'"),
        (
            lambda: nn.Conv2d(1, 6, kernal_size=5),
            "Conv2d() got an unexpected keyword argument 'kernal_size'",
        ),
        (lambda: nn.Conv2d(1, 6, 5, strides=2), "write stride="),
        (lambda: nn.Conv2d(filters=6, kernel_size=5), "write out_channels="),
        (lambda: nn.Conv2d(), "Conv2d() missing a required argument: 'in_channels'; it is called Conv2d(in_channels, "),
        (lambda: nn.Conv2d(1, 6, 5, activation="relu"), "nn.Sequential(layer, nn.ReLU())"),
        (lambda: nn.Linear(2, units=3), "write out_features="),
        (lambda: nn.Linear(2, 3, biass=False), "write bias="),
        (lambda: nn.Linear(2), "Linear() missing a required argument: 'out_features'"),
        (lambda: nn.MaxPool2d(pool_size=2), "write kernel_size="),
        (lambda: nn.Dropout(rate=0.5), "write p="),
        (lambda: nn.ReLU(inplace=True), "nothing is computed in place"),
        (lambda: nn.LeakyReLU(alpha=0.1), "write negative_slope="),
        (lambda: nn.Softmax(axis=1), "write dim="),
        (lambda: nn.Embedding(output_dim=3), "write embedding_dim="),
        (lambda: nn.Embedding(9, 3, max_norm=1.0), "divide the rows by their norm between steps"),
        (lambda: nn.MSELoss(size_average=True), "write reduction=; it is called MSELoss(reduction='mean')"),
        (lambda: nn.CrossEntropyLoss(from_logits=True), "nn.BCEWithLogitsLoss take logits"),
        (lambda: mg.cross_entropy(X, Y, reduce=False), "write reduction="),  # type: ignore[call-arg]
        (lambda: nn.optim.SGD(classifier().parameters(), learning_rate=0.1), "write lr="),
        (lambda: nn.optim.Adam(classifier().parameters(), beta_1=0.9), "write betas=(beta_1, beta_2)"),
        (lambda: nn.optim.Adam(classifier().parameters(), epsilon=1e-7), "write eps="),
        (lambda: nn.optim.Adam(classifier().parameters(), fused=True), "it changes the speed alone"),
        (lambda: nn.data.DataLoader(X, Y, batchsize=3), "write batch_size="),
        (lambda: nn.data.DataLoader(X, Y, num_workers=4), "prefetch=2 prepares two ahead, in a thread"),
        (lambda: nn.data.DataLoader(X, Y, collate_fn=list), "return arrays of one shape from __getitem__"),
        (lambda: nn.data.DataLoader(X, Y, sampler=[1, 0]), "write shuffle=True for a random order"),
        (lambda: nn.data.DataLoader(X, Y, generator=3), "write rng="),
        (lambda: nn.Parameter(X, requires_grad=True), "Parameter() got an unexpected keyword"),
        (lambda: nn.summary(classifier(), (2,), batch_size=3), "it is called summary("),
        (
            lambda: classifier().zero_grad(set_to_none=True),
            "a gradient is always None afterwards",
        ),
        (
            lambda: nn.optim.SGD(classifier().parameters()).step(X),
            "SGD.step: expected a closure, a function that resets the gradients",
        ),
        (lambda: classifier()(), "Sequential.forward() missing a required argument: 'x'"),
        (lambda: classifier()(X, X), "Sequential.forward() takes 1 argument by position, got 2"),
        (lambda: classifier()(y=X), "Sequential.forward() got an unexpected keyword argument 'y'"),
    ],
)
def test_arguments_that_do_not_fit_the_signature(call: Any, said: str) -> None:
    refused(call, said)


@pytest.mark.parametrize("name", [name for name in nn.__all__ if isinstance(getattr(nn, name), type)])
def test_each_class_says_how_it_is_constructed(name: str) -> None:
    cls = getattr(nn, name)
    if issubclass(cls, nn.Module) and name not in ("Concat", "Module", "Sequential"):
        refused(lambda: cls(frobnicate=1), f"{name}() got an unexpected keyword", f"it is called {name}(")
        refused(lambda: cls(mg.Tensor(X)), f"{name}: got a Tensor of shape (120, 2) in place of its settings")
        refused(lambda: cls(X), "construct the module first, and call it then")


def test_classes_of_a_user_get_the_same_errors_and_may_take_arrays() -> None:
    class Affine(nn.Module):
        def __init__(self, w: Any, hidden: int = 3) -> None:
            self.w, self.hidden = nn.Parameter(w), hidden

        def forward(self, x: Any) -> Any:
            return self.w * x

    assert Affine(mg.Tensor([1.0]))(2.0).data == 2
    refused(lambda: Affine([1.0], hiden=4), "Affine() got an unexpected keyword argument 'hiden'; write hidden=")
    assert deepcopy(Affine([1.0])).hidden == 3


def test_a_type_error_within_a_function_stays_what_it_is() -> None:
    class Wrong(nn.Module):
        def forward(self, x: Any) -> Any:
            return x + len(3)  # type: ignore[arg-type]

    with pytest.raises(TypeError, match=r"^object of type 'int' has no len\(\)$"):
        Wrong()(X)
