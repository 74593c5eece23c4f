"""fit(compile=…) is the same training, to the bit if its program is the readable one; it says where none can run."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

RNG = np.random.default_rng(0)
X = RNG.normal(size=(23, 4)).astype(np.float32)
T = RNG.integers(0, 3, 23)


def model() -> Any:
    return nn.Sequential(
        *(nn.Linear(4, 6, rng=0), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.3, rng=2)),
        nn.Linear(6, 3, rng=1),
    )


def trained(compile: bool | str, net: Any = None, **settings: Any) -> tuple[Any, Any]:
    net = model() if net is None else net
    optimizer = nn.optim.Adam(net.parameters(), lr=0.01)
    how: dict[str, Any] = {"epochs": 3, "batch_size": 5, "rng": 0, "verbose": False, "compile": compile} | settings
    history = nn.fit(net, X, T, optimizer=optimizer, **how)
    return net, history


def assert_same(one: tuple[Any, Any], other: tuple[Any, Any]) -> None:
    for (name, a), b in zip(one[0].state_dict().items(), other[0].state_dict().values(), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)
    assert one[1].history == other[1].history


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"accumulate": 3},
        {"clip_norm": 0.1},
        {"class_weight": {0: 1.0, 1: 2.0, 2: 0.5}},
        {"schedule": lambda epoch: 0.5**epoch},
        {"schedule": nn.optim.OneCycleLR(0.01, 15)},
        {"validation_split": 0.2, "metrics": ["accuracy", "f1"]},
        {"loss": lambda y, t: mg.cross_entropy(y, t) + 0.01 * mg.sum(y * y)},
    ],
    ids=lambda settings: "+".join(settings) or "plain",
)
def test_the_same_training_to_the_bit(settings: dict[str, Any]) -> None:
    assert_same(trained(True, **settings), trained(False, **settings))


def test_callbacks_see_gradients() -> None:
    def norms(compile: bool) -> list[float]:
        found: list[float] = []

        class Norms(nn.callbacks.Callback):
            def on_train_batch_end(self, run: nn.Run) -> None:
                found.append(sum(float(np.vdot(p.grad, p.grad)) for p in run.model.parameters()))

        trained(compile, callbacks=[Norms()])
        return found

    assert norms(True) == norms(False)


@pytest.mark.parametrize("first", [True, False])
def test_a_checkpoint_resumes_either_way(first: bool, tmp_path: Path) -> None:
    whole = trained(False, epochs=4)
    path = tmp_path / "run.safetensors"

    def kill(run: nn.Run) -> None:
        if run.epoch == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        trained(first, epochs=4, checkpoint=path, callbacks=[kill])
    net, history = trained(not first, epochs=4, resume=path, callbacks=[lambda run: None])
    assert_same((net, history), whole)


def test_what_cannot_be_compiled_trains_eagerly_and_says_so_once() -> None:
    class Branching(nn.Module):
        def __init__(self) -> None:
            self.fc = nn.Linear(4, 3, rng=0)

        def forward(self, x: Any) -> Any:
            y = self.fc(x)
            return -y if float(mg.sum(y).data) > 0 else y

    with pytest.warns(RuntimeWarning, match=r"without a program: float\(…\) .* asks for a number") as caught:
        compiled = trained(True, Branching())
    assert len(caught) == 1
    assert_same(compiled, trained(False, Branching()))


def test_hooks_are_called() -> None:
    calls = []
    net = model()
    with (
        net[0].register_forward_hook(lambda module, args, y: calls.append(1)),
        pytest.warns(RuntimeWarning, match="forward hooks"),
    ):
        compiled = trained(True, net)
    assert len(calls) == 15
    assert_same(compiled, trained(False))


def test_within_detect_anomaly() -> None:
    with mg.detect_anomaly(), pytest.warns(RuntimeWarning, match="detect_anomaly"):
        compiled = trained(True)
    assert_same(compiled, trained(False))


def test_a_loss_that_is_not_finite_names_the_operation() -> None:
    def loss(y: Any, _t: Any) -> Any:
        return mg.mean(mg.log(y - y))

    for compile in (True, False):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pytest.raises(FloatingPointError, match=r"The first operation to go wrong: .*log"):
                trained(compile, loss=loss)


@pytest.mark.parametrize("settings", [{}, {"accumulate": 3, "clip_norm": 0.1}, {"metrics": ["accuracy", "f1"]}])
def test_the_fast_style_is_the_same_training_to_rounding(settings: dict[str, Any]) -> None:
    fast, plain = trained("fast", **settings), trained(False, **settings)
    for (name, a), b in zip(fast[0].state_dict().items(), plain[0].state_dict().values(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(fast[1].history["loss"], plain[1].history["loss"], rtol=1e-5)


def test_the_fast_style_trains_a_convolutional_network_the_same_each_time() -> None:
    images = RNG.normal(size=(23, 1, 8, 8)).astype(np.float32)

    def once(compile: bool | str) -> Any:
        net = nn.Sequential(
            *(nn.Conv2d(1, 4, 3, rng=0), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(36, 3, rng=1))
        )
        nn.fit(net, images, T, epochs=3, batch_size=5, rng=0, verbose=False, compile=compile)
        return net.state_dict()

    fast, again, plain = once("fast"), once("fast"), once(False)
    for name, array in fast.items():
        np.testing.assert_array_equal(array, again[name], err_msg=name)
        np.testing.assert_allclose(array, plain[name], rtol=1e-3, atol=1e-5, err_msg=name)


def test_the_readable_style_may_be_named() -> None:
    assert_same(trained("readable"), trained(True))


@pytest.mark.parametrize(
    ("compile", "error", "message"),
    [(1, TypeError, "compile is 1"), (None, TypeError, "None"), ("quick", ValueError, "'quick', expected .* 'fast'")],
)
def test_another_value_of_compile_is_refused(compile: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        trained(compile)
