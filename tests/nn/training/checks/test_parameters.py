"""fit trains the model with an optimizer of its own; what would train nothing is refused before anything changes."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.training import X, Y

BEFORE = "it was made for another model, or before a layer was replaced"


def two_layers() -> nn.Sequential:
    return nn.Sequential(first=nn.Linear(2, 3, rng=0), second=nn.Linear(3, 2, rng=1))


def fit(model: nn.Module, optimizer: nn.optim.Optimizer, **settings: Any) -> nn.History:
    return nn.fit(model, (X, Y), optimizer=optimizer, verbose=False, **settings)


def sgd(model: nn.Module) -> nn.optim.SGD:
    return nn.optim.SGD(model.parameters(), lr=0.1)


def replace_layer(model: nn.Sequential) -> nn.Sequential:
    model.second = nn.Linear(3, 2)
    return model


def replace_parameter(model: nn.Sequential) -> nn.Sequential:
    model.first.weight = nn.Parameter(model.first.weight.data)
    return model


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        (lambda model: two_layers(), "first.weight, first.bias, second.weight, second.bias"),
        (copy.deepcopy, "first.weight, first.bias, second.weight, second.bias"),
        (replace_layer, "second.weight, second.bias"),
        (replace_parameter, "first.weight"),
        (lambda model: nn.Sequential(model.first, nn.Linear(3, 2)), "1.weight, 1.bias"),
        (
            lambda model: nn.Sequential(*[nn.Linear(2, 2, rng=i) for i in range(9)]),
            "0.weight, 0.bias, 1.weight, 1.bias and 14 more",
        ),
        (lambda model: nn.Sequential(*two_layers(), nn.Linear(2, 2, bias=False)), "0.weight, 0.bias, .* and 1 more"),
    ],
    ids=[
        "another model",
        "a copy",
        "a layer replaced",
        "a parameter replaced",
        "a layer shared",
        "a deep model",
        "one layer more",
    ],
)
def test_an_optimizer_of_another_model_is_refused(change: Any, lacking: str) -> None:
    model = two_layers()
    optimizer = sgd(model)
    model = change(model)
    before = model.state_dict()
    with pytest.raises(ValueError, match=f"fit: the optimizer lacks {lacking} of this Sequential.*{BEFORE}.*SGD"):
        fit(model, optimizer)
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
    fit(model, sgd(model))


def test_parameters_left_out_are_named_unless_they_are_frozen() -> None:
    model = two_layers()
    with pytest.warns(UserWarning, match="does not train first.weight, first.bias; .*requires_grad = False") as caught:
        fit(model, sgd(model.second))
    assert caught[0].filename == __file__
    for p in model.first.parameters():
        p.requires_grad = False
    before = model.state_dict()
    fit(model, sgd(model.second))
    fit(model, sgd(model))
    after = model.state_dict()
    assert [name for name in after if (after[name] != before[name]).any()] == ["second.weight", "second.bias"]


def test_parameters_of_the_loss_are_trained_with_the_model() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            self.scale = nn.Parameter(1.0, dtype=np.float32)

        def forward(self, y: Any, target: Any) -> Any:
            return mg.cross_entropy(self.scale * y, target)

    model, loss = two_layers(), Scaled()
    fit(model, nn.optim.SGD([*model.parameters(), *loss.parameters()], lr=0.1), loss=loss)
    assert loss.scale.data != 1
    with pytest.warns(UserWarning, match="does not train scale;"):
        fit(model, sgd(model), loss=loss)
    temperature = mg.Tensor(1.0, requires_grad=True)  # of a loss that is no module
    fit(
        model,
        nn.optim.SGD([*model.parameters(), temperature], lr=0.1),
        loss=lambda y, target: mg.cross_entropy(temperature * y, target),
    )
    assert temperature.data != 1


def test_ties_made_later_are_no_other_parameters() -> None:
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=1))
    optimizer = sgd(model)
    model[1].weight = model[0].weight
    fit(model, optimizer)


@pytest.mark.parametrize("value", [-1, 1.0, True, "2", np.nan, [1], np.ones(1)], ids=repr)
@pytest.mark.parametrize("setting", ["epochs", "batch_size"])
def test_what_is_no_number_of_epochs_or_samples_is_refused(setting: str, value: Any) -> None:
    model = two_layers()
    with pytest.raises((TypeError, ValueError), match=rf"{setting} is .*expected (a whole number|at least \d)"):
        fit(model, sgd(model), **{setting: value})
    if setting == "batch_size":
        with pytest.raises((TypeError, ValueError), match="batch_size is "):
            nn.fit(model, nn.data.DataLoader(X, Y), optimizer=sgd(model), batch_size=value, verbose=False)
        for measure in (
            lambda: nn.evaluate(model, (X, Y), batch_size=value),
            lambda: nn.predict(model, X, batch_size=value),
        ):
            with pytest.raises((TypeError, ValueError), match="batch_size is "):
                measure()


def test_numbers_of_numpy_and_no_epochs_at_all() -> None:
    model = two_layers()
    assert fit(model, sgd(model), epochs=np.int64(2), batch_size=np.int32(50)).epoch == [1, 2]
    assert fit(model, sgd(model), epochs=0).epoch == []
    with pytest.raises(ValueError, match="batch_size is 0, expected at least 1"):
        fit(model, sgd(model), batch_size=0)
