"""Training: gradients from step to step, `fit`, `predict` and `evaluate`."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.fake_run import FakeRun

X, Y = np.eye(4, dtype=np.float32), np.array([0, 1, 0, 1])


def test_a_gradient_that_is_set() -> None:
    """`t.grad = g`, `t.backward(g)`, what a hook returns"""
    t = mg.Tensor(np.ones(3, np.float32), requires_grad=True)
    t.grad = [1, 2, 3]
    assert t.grad.dtype == np.float32
    with pytest.raises(ValueError, match="must be the same"):
        t.grad = np.ones(1)
    with pytest.raises(TypeError, match="real numbers"):
        t.grad = np.array([1j, 2, 3])


def test_another_value() -> None:
    """`t.data = v` of another shape"""
    t = mg.Tensor(np.ones(3), requires_grad=True)
    t.grad = np.ones(3)
    t.data = np.ones(2)
    assert t.grad is None


def test_no_zero_grad() -> None:
    """`backward` again after a step, without `zero_grad`"""
    t = mg.Tensor(2.0, requires_grad=True)
    optimizer = nn.optim.SGD([t], lr=0.25)
    (t * t).backward()
    optimizer.step()
    with pytest.warns(RuntimeWarning, match=r"optimizer\.zero_grad\(\)"):
        (t * t).backward()
    assert t.grad == 4 + 2


def test_optimizers_of_other_models() -> None:
    """`fit` with another model's optimizer, or after a layer was replaced"""
    model = nn.Sequential(nn.Linear(4, 2))
    sgd = nn.optim.SGD(model.parameters(), lr=0.1)
    for other in (copy.deepcopy(model), nn.Sequential(nn.Linear(4, 2))):
        with pytest.raises(ValueError, match="make it anew"):
            nn.fit(other, (X, Y), optimizer=sgd, verbose=False)


def test_optimizers_of_a_part() -> None:
    """`fit` with an optimizer of a part of the parameters"""
    model = nn.Sequential(nn.Linear(4, 2), nn.Linear(2, 2))
    sgd = nn.optim.SGD(model[1].parameters(), lr=0.1)
    with pytest.warns(UserWarning, match=r"does not train 0.weight, 0.bias"):
        nn.fit(model, (X, Y), optimizer=sgd, verbose=False)
    for p in model[0].parameters():
        p.requires_grad = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nn.fit(model, (X, Y), optimizer=sgd, verbose=False)


def test_fit_with_lbfgs() -> None:
    """`fit` with `LBFGS`"""
    layer = nn.Linear(2, 1)
    with pytest.raises(TypeError, match=r"a loop of optimizer\.step\(closure\)"):
        nn.fit(layer, (np.ones((4, 2)), np.ones((4, 1))), optimizer=nn.optim.LBFGS(layer.parameters()))


def _train(loss: nn.typing.Loss, **settings: object) -> nn.Linear:
    model = nn.Linear(1, 1, rng=0)
    x, optimizer = np.ones((4, 1)), nn.optim.SGD(model.parameters(), lr=0.1)
    with np.errstate(all="ignore"):
        nn.fit(model, (x, x), optimizer=optimizer, loss=loss, verbose=False, **settings)  # type: ignore[arg-type]
    return model


def test_a_loss_of_nan() -> None:
    """`fit`, a loss of NaN or ∞"""
    with pytest.raises(FloatingPointError, match="the loss became nan in epoch 1, step 1"):
        _train(lambda y, t: mg.mean(y * np.nan))


def test_a_gradient_of_nan() -> None:
    """`fit`, a gradient of NaN or ∞"""
    with pytest.raises(FloatingPointError, match="the gradient of weight holds NaN in epoch 1, step 1"):
        _train(lambda y, t: mg.sqrt(mg.mean((y - mg.stop_gradient(y)) ** 2)))


def test_a_validation_loss_of_nan() -> None:
    """`fit`, a validation loss of NaN or ∞"""
    with pytest.warns(RuntimeWarning, match="the validation loss is nan in epoch 1"):
        _train(nn.MSELoss(), validation_data=(np.full((2, 1), np.nan), np.ones((2, 1))))


def test_a_schedule() -> None:
    """`fit` with a schedule"""
    model = nn.Linear(2, 1, rng=0)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        history = nn.fit(
            model,
            (np.ones((2, 2)), np.ones((2, 1))),
            optimizer=optimizer,
            loss=nn.MSELoss(),
            epochs=3,
            schedule=nn.optim.ExponentialLR(0.5),
            verbose=False,
        )
        assert history.history["lr"] == [0.1, 0.05, 0.025]
        assert optimizer.lr == 0.1


def test_accumulated_gradients() -> None:
    """`fit(…, accumulate=k)` of a mean loss"""
    x = np.random.default_rng(0).normal(size=(11, 3))
    weights = []
    for settings in ({"batch_size": 2, "accumulate": 3}, {"batch_size": 6}):
        model = nn.Linear(3, 1, rng=0, dtype=np.float64)
        sgd = nn.optim.SGD(model.parameters(), lr=0.1)
        nn.fit(model, (x, x[:, :1]), optimizer=sgd, loss=nn.MSELoss(), rng=0, verbose=False, **settings)
        weights.append(model.weight.data)
    np.testing.assert_allclose(*weights, rtol=1e-12)


def test_the_accuracy_of_pixels() -> None:
    """the accuracy of `fit` and `evaluate`"""
    z = np.zeros((1, 2, 3))
    z[:, 1] = 1  # class 1 everywhere
    loss = nn.CrossEntropyLoss(ignore_index=0)
    assert nn.evaluate(nn.Identity(), (z, np.array([[1, 1, 0]])))["accuracy"] == pytest.approx(2 / 3)
    assert nn.evaluate(nn.Identity(), (z, np.array([[1, 1, 0]])), loss=loss)["accuracy"] == 1


def test_the_accuracy_of_other_targets() -> None:
    """the accuracy of other targets"""
    z, classes = np.array([[2.0, 1.0], [0.0, 3.0], [4.0, 0.0]]), np.array([0, 1, 1])
    measured = nn.evaluate(nn.Identity(), (z, np.eye(2)[classes]))
    assert measured["accuracy"] == pytest.approx(2 / 3)
    measured = nn.evaluate(nn.Identity(), (z[:, :1] - 1, classes), loss=lambda y, t: y.sum())
    assert measured.keys() == {"loss"}
    logits = nn.evaluate(nn.Identity(), (z[:, 0] - 1, classes), loss=nn.BCEWithLogitsLoss())
    assert logits["accuracy"] == pytest.approx(1 / 3)


def test_metrics_in_batches() -> None:
    """`nn.metrics` in batches of any size"""
    rng = np.random.default_rng(0)
    y, t = rng.normal(size=(50, 3)).astype(np.float16), rng.integers(0, 3, size=50)
    metrics = [nn.metrics.Accuracy, nn.metrics.F1, lambda: nn.metrics.Mean(lambda y, t: y[:, 0])]
    for make in metrics:
        values = []
        for size in (1, 7, 50):
            metric = make()
            assert np.isnan(metric.compute())
            for i in range(0, 50, size):
                metric.update(y[i : i + size], t[i : i + size])
            values.append(metric.compute())
        np.testing.assert_allclose(values, values[0], rtol=1e-12)


def test_nothing_to_divide_by() -> None:
    """`nn.metrics.Precision`, `Recall` and `F1` with nothing to divide by"""
    for metric in (nn.metrics.Precision(), nn.metrics.Recall(), nn.metrics.F1()):
        metric.update(np.eye(4)[[0, 0, 1]], np.array([0, 0, 2]))  # 1 never occurs, 2 is never predicted, 3 neither
        assert metric.compute() == pytest.approx(1 / 3)


def test_equal_outputs() -> None:
    """`nn.metrics.TopKAccuracy` of equal outputs"""
    ranked = []
    for target in range(3):
        metric = nn.metrics.TopKAccuracy(2)
        metric.update(np.zeros((1, 3)), np.array([target]))
        ranked.append(metric.compute())
    assert ranked == [0, 1, 1]
    metric.update(np.array([[0.0, 1.0, np.nan]]), np.array([2]))
    assert metric.compute() == 1 / 2


def test_a_callback_that_monitors_nan(tmp_path: Path) -> None:
    """a callback that monitors NaN"""
    run: Any = FakeRun()
    stop = nn.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    best = nn.callbacks.ModelCheckpoint(tmp_path / "best.npz", save_best_only=True)
    run.train(stop, [{"val_loss": np.nan}] * 3)
    assert run.epoch == 2
    assert stop.best_weights is None
    FakeRun().train(best, [{"val_loss": np.nan}] * 3)
    assert list(tmp_path.iterdir()) == []


def test_threads_that_predict() -> None:
    """`predict` and `evaluate` in several threads, and beside training"""
    model, together, modes = nn.Dropout(0.5), Barrier(2), []

    def predict() -> None:
        with nn.observe(lambda module, y: (together.wait(), modes.append(module.training), together.wait())):
            nn.predict(model, np.ones((1, 2)))

    threads = [Thread(target=predict) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert modes == [False, False]
    assert model.training
