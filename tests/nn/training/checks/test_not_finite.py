"""fit and NaN: no step, no last step, and no validation passes over it in silence."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn

X = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)
T = X.sum(axis=1, keepdims=True)


def spoiled(values, by):
    values = values.copy()
    values[7, 0] = by
    return values


def train(x=X, t=T, *, loss=None, lr=0.01, epochs=1, **settings):
    """A model, and what fit raised: each epoch is one step, the last one included."""
    model = nn.Sequential(nn.Linear(3, 1, rng=0))
    optimizer, loss = nn.optim.SGD(model.parameters(), lr=lr), loss or nn.MSELoss()
    settings = {"epochs": epochs, "batch_size": 64, "verbose": False, "rng": 0, **settings}
    try:
        with np.errstate(all="ignore"):
            nn.fit(model, (x, t), optimizer=optimizer, loss=loss, **settings)
    except FloatingPointError as error:
        return model, str(error)
    return model, None


def slope_of_nan(y, _):
    """A loss of 0 with an infinite slope."""
    return mg.sqrt(mg.mean((y - mg.stop_gradient(y)) ** 2))


@pytest.mark.parametrize("epochs", [1, 2])
def test_a_gradient_of_nan_is_refused_before_the_step_also_in_the_last(epochs):
    untrained = nn.Linear(3, 1, rng=0)
    model, message = train(loss=slope_of_nan, epochs=epochs)
    assert message.startswith("fit: the gradient of 0.weight holds NaN in epoch 1, step 1, though the loss is 0;")
    assert np.array_equal(model[0].weight.data, untrained.weight.data)


@pytest.mark.parametrize(("loss", "diverged"), [(1e9, False), (1e11, True)])
def test_a_gradient_of_nan_at_a_huge_loss_is_a_matter_of_the_learning_rate(loss, diverged):
    losses = iter([mg.mse_loss, lambda y, t: slope_of_nan(y, t) + loss])
    _, message = train(loss=lambda y, t: next(losses)(y, t), epochs=2)
    assert ("step 1, though the loss is 1e+" in message, "epoch 2" in message) == (True, True)
    assert ("Training has diverged: try a smaller learning rate than 0.01" in message) == diverged
    assert ("Look for an infinite slope" in message) != diverged


def test_the_advice_names_the_operation():
    with mg.detect_anomaly():
        _, message = train(loss=slope_of_nan)
    assert message.startswith("the rule of sqrt for its argument 0 gave 1 Inf")


def test_parameters_that_overflow_in_the_last_step_are_refused():
    _, message = train(lr=1e39)
    assert message == (
        "fit: 0.weight became infinite or NaN in epoch 1; training has diverged: try a smaller learning rate than 1e+39"
    )


@pytest.mark.parametrize(
    ("which", "by", "what"),
    [("inputs", np.nan, "NaN"), ("inputs", np.inf, "∞"), ("targets", np.nan, "NaN"), ("targets", -np.inf, "∞")],
)
def test_data_that_are_not_finite_are_named_and_not_the_learning_rate(which, by, what):
    _, message = train(spoiled(X, by)) if which == "inputs" else train(t=spoiled(T, by))
    assert f"the {which} of this batch hold {what} (sample 7): repair" in message
    assert "learning rate" not in message


def test_a_loss_of_nan_from_finite_data_and_parameters_is_not_blamed_on_the_learning_rate():
    _, message = train(loss=lambda y, t: mg.log(mg.mean(y - y)))
    assert "the loss became -inf in epoch 1, step 1; data and parameters are finite" in message
    assert "learning rate" not in message


def test_divergence_is_blamed_on_the_learning_rate():
    _, message = train(lr=1e30, epochs=3)
    assert message.startswith(
        "fit: the loss became inf in epoch 2, step 1; training has diverged: try a smaller learning rate than 1e+30\n"
        "The first operation to go wrong: mse_loss gave 1 Inf among 1 elements\n"
    )


def test_the_operation_that_makes_nan_of_finite_values_is_named_with_its_layer():
    class Log(nn.Module):
        def forward(self, x):
            return mg.log(x)

    model = nn.Sequential(nn.Linear(3, 1, rng=0), nn.Sequential(log=Log()), nn.Linear(1, 1, rng=1))
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError) as error:
        nn.fit(model, X, T, loss="mse", verbose=False, rng=0, batch_size=64)
    said = str(error.value)
    assert "The first operation to go wrong: log gave" in said
    assert "NaN among 64 elements\nlog took arrays of shape (64, 1) and gave (64, 1), in log: Log" in said


@pytest.mark.parametrize(("by", "what"), [(np.nan, "hold NaN"), (np.inf, "hold ∞"), (1e30, "are finite")])
@pytest.mark.parametrize("loader", [True, False])
def test_a_validation_loss_that_is_not_finite_warns_and_training_goes_on(by, what, loader):
    validation = (spoiled(X, by), T)
    validation = nn.data.DataLoader(*validation) if loader else validation
    with pytest.warns(RuntimeWarning, match=rf"fit: the validation loss is .* in epoch 1.*the validation data {what}$"):
        model, message = train(validation_data=validation)
    assert message is None
    assert np.isfinite(model[0].weight.data).all()
