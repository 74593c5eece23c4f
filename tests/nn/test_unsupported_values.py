"""One thing in place of another, as a class in place of a module: the error says what to write."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.training import X, Y, classifier, fit, refused

ARRAYS = nn.data.DataLoader(X, Y)
LOSSES = [cls for name, cls in vars(nn).items() if name.endswith("Loss")]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fit(optimizer="adm"), "there is no optimizer 'adm'; did you mean 'adam'?"),
        (lambda: fit(optimizer="nadam"), "there is no optimizer 'nadam'"),
        (lambda: nn.fit(nn.Flatten(), X, Y), "has no parameters that require gradients, so there is nothing to train"),
        (lambda: fit(optimizer=nn.optim.Adam), "the class Adam"),
        (lambda: fit(optimizer=None), "got None; write optimizer="),
        (lambda: fit(optimizer=nn.optim.LBFGS(classifier().parameters())), "a loop of optimizer.step(closure)"),
        (lambda: fit(loss=nn.CrossEntropyLoss), "write loss=nn.CrossEntropyLoss()"),
        *(
            (lambda name=name: fit(loss=name), f"write loss=nn.{meant}()")
            for name, meant in {
                "mean_squared_eror": "MSELoss",
                "BCEWithLogitsLoss": "BCEWithLogitsLoss",
                "kl_divergence": "KLDivLoss",
                "categorical_hinge": "MultiMarginLoss",
            }.items()
        ),
        (lambda: fit(loss="sparse_categorical_crossentropy"), 'write loss="cross_entropy", which takes logits'),
        (lambda: fit(loss="categorical_crossentropy"), "leave out a softmax at the end of the model"),
        *((lambda cls=cls: fit(loss=cls), f"write loss=nn.{cls.__name__}()") for cls in LOSSES),
        (lambda: fit(loss=lambda y, t: None), "the loss <lambda> returned None"),
        (lambda: fit(loss=lambda y, t: mg.sum(y, axis=1)), "returned shape (32,), expected a single number"),
        (lambda: fit(loss=lambda y, t: mg.cross_entropy(y, t).item()), "leave out .item()"),
        (lambda: fit(loss=lambda y, t: mg.cross_entropy(y.detach(), t)), "leave out"),
        (lambda: fit(model=nn.Linear), "the class Linear, which has to be constructed"),
        (lambda: fit(model=(X, Y)), "expected a model, an nn.Module, got a tuple"),
        (lambda: fit(X), "expected data as a pair (inputs, targets)"),
        (lambda: fit({"x": X, "y": Y}), "got a dict; write (inputs, targets)"),
        (lambda: fit("train.csv"), "the str 'train.csv'"),
        (lambda: fit(((x, y) for x, y in [(X, Y)]), epochs=2), "generator"),
        (lambda: fit(zip(X, Y, strict=True)), "batch 0 of the zip: array 1 is the single number"),
        (lambda: fit(((x, y) for x, y in [(X, Y)]), batch_size=3), "the data come in batches; leave it out"),
        (lambda: fit((X, Y, Y)), "got 3 arrays"),
        (lambda: fit((X, Y, X, Y)), "nn.fit(model, x, y, validation_data=(x_test, y_test))"),
        (lambda: fit(nn.data.DataLoader(X)), "got 1 array; the targets are missing"),
        (lambda: nn.fit(classifier(), ARRAYS, Y), "a DataLoader gives inputs and targets, and y is given, too; leave"),
        (lambda: fit("."), "write nn.data.ImageFolder('.', size=(64, 64))"),
        (lambda: fit(validation_data=X), "of shape (120, 2); write validation_data=(x, y)"),
        (lambda: fit(validation_data=0.2), "fit: validation_data: expected data as a pair"),
        (lambda: fit((X, np.where(Y, "cat", "dog"))), "names, target = np.unique(target, return_inverse=True)"),
        (lambda: fit((X, list(np.where(Y, "cat", "dog")))), "names, target = np.unique(target, return_inverse=True)"),
        (lambda: nn.predict(classifier(), (X, Y)), "got a tuple; pass the inputs alone"),
        (lambda: nn.predict(classifier(), None), "got None"),
        (lambda: nn.predict(classifier(), ARRAYS), "got a DataLoader"),
        (lambda: nn.predict(nn.Linear, X), "the class Linear"),
        (lambda: nn.evaluate(classifier(), X), "expected data as a pair"),
        (lambda: nn.data.DataLoader((X, Y)), "pass arrays one by one, DataLoader(x, y)"),
        (lambda: nn.data.DataLoader({"x": X}), "pass its values one by one"),
        (lambda: nn.data.DataLoader("x.npz"), "np.load(path)"),
        (lambda: nn.data.DataLoader(X, (y for y in Y)), "is a generator"),
        (lambda: nn.data.DataLoader(ARRAYS), "got a DataLoader, expected data; use it as it is"),
        (lambda: nn.Sequential([nn.ReLU()]), "write Sequential(*layers)"),
        (lambda: nn.Sequential({"a": nn.ReLU()}), "write Sequential(**layers)"),
        (lambda: nn.Sequential(nn.ReLU), "construct the class: ReLU(…)"),
        (lambda: nn.Sequential(mg.relu), "make a module of the function relu"),
        (lambda: classifier()["0"], "expected a number"),
        (lambda: classifier()[5], "there is no module 5 among 1"),
        (lambda: nn.Linear("3", 2), "Linear: in_features is '3', expected a whole number"),
        (lambda: nn.Linear(2, 3.0), "Linear: out_features is 3.0"),
        (lambda: nn.Linear(-1, 3), "Linear: in_features is -1"),
        (lambda: nn.Dropout("0.5"), "Dropout: p is a probability, 0 ≤ p ≤ 1, got 0.5"),
        (lambda: nn.Flatten()(3.0), "Flatten: got a single float"),
        (lambda: nn.Flatten()(None), "Flatten: got a single NoneType"),
        (lambda: classifier()(None), "does the function that computed it lack a return?"),
        (lambda: nn.summary(classifier(), 3), "expected the shape of one sample"),
        (lambda: nn.summary(nn.Linear, (3,)), "expected a model composed of nn.Modules"),
        (lambda: classifier().load_state_dict("w.npz"), "nn.load(path, into=model)"),
    ],
)
def test_one_thing_in_place_of_another(call: Any, said: str) -> None:
    refused(call, said)


def test_lists_of_numbers_are_arrays_to_every_layer() -> None:
    assert nn.Flatten()(X.reshape(-1, 1, 2).tolist()).shape == (120, 2)
    assert nn.Dropout(0.5)(X.tolist()).shape == (120, 2)


def test_a_forward_without_return_or_with_another_name() -> None:
    class Forgot(nn.Module):
        def forward(self, x: Any) -> None:
            mg.relu(x)

    class Keras(nn.Module):
        def call(self, x: Any) -> Any:
            return x

    class Misspelled(nn.Module):
        def foward(self, x: Any) -> Any:
            return x

    class WithoutSelf(nn.Module):
        def forward(x: Any) -> Any:
            return x

    refused(lambda: Forgot()(X), "Forgot.forward returned None; it lacks a return")
    refused(lambda: WithoutSelf()(X), "WithoutSelf.forward() takes no arguments by position, got 1; is it")
    for cls, name in ((Keras, "call"), (Misspelled, "foward")):
        with pytest.raises(NotImplementedError, match=f"its method {name} has to be called forward"):
            cls()(X)


@pytest.mark.parametrize(
    ("forward", "note"),
    [
        (
            lambda x: x.reshape(x.size(0), -1),
            "If it is x.size(0): size is the number of elements",
        ),
        (lambda x: x.mean(dim=1), "have NumPy's words: write axis="),
        (lambda x: x.sum(axis=1, keepdim=True), "have NumPy's words: write keepdims="),
    ],
)
def test_methods_of_tensors_that_are_called_as_in_pytorch(forward: Any, note: str) -> None:
    class Net(nn.Module):
        def forward(self, x: Any) -> Any:
            return forward(x)

    for model in (Net(), nn.Sequential(nn.Sequential(Net()))):
        with pytest.raises(TypeError) as caught:
            model(mg.Tensor(X))
        (said,) = caught.value.__notes__
        assert note in said


def test_what_says_what_to_write_gets_no_note() -> None:
    class Net(nn.Module):
        def forward(self, x: Any) -> Any:
            return mg.sum(x, dim=1)  # type: ignore[call-arg]

    with pytest.raises(TypeError, match="write axis=") as caught:
        Net()(X)
    assert not hasattr(caught.value, "__notes__")
