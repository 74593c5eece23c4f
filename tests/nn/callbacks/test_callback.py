"""Hooks are called in their order; those that would never be called are errors."""

from __future__ import annotations

from typing import Any

import pytest

import nn
from nn.callbacks.callback import HOOKS, as_callbacks
from tests.helpers.networks.fake_run import FakeRun


def test_the_base_does_nothing_and_has_all_hooks() -> None:
    callback = nn.callbacks.Callback()
    run = FakeRun()
    assert [getattr(callback, hook)(run) for hook in HOOKS] == [None] * 5
    assert callback.state_dict() == {}
    callback.load_state_dict({})
    with pytest.raises(ValueError, match=r"Callback: got a state with best, but it has no load_state_dict"):
        callback.load_state_dict({"best": 3})


def test_functions_are_hooks() -> None:
    seen: list[str] = []
    hooks: dict[str, Any] = {hook: lambda run, hook=hook: seen.append(f"{hook} {run.epoch}") for hook in HOOKS}
    FakeRun().train(nn.callbacks.LambdaCallback(**hooks), [{"loss": 1.0}] * 2)
    of_epochs = [f"{hook} {epoch}" for epoch in (1, 2) for hook in HOOKS[1:4]]
    assert seen == ["on_train_begin 0", *of_epochs, "on_train_end 2"]


def test_a_plain_function_is_called_after_each_epoch() -> None:
    seen: list[float] = []
    (callback,) = as_callbacks([lambda run: seen.append(run.logs["loss"])])
    FakeRun().train(callback, [{"loss": 2.0}, {"loss": 1.0}])
    assert seen == [2, 1]


def test_one_callback_and_several() -> None:
    one, other = nn.callbacks.Callback(), nn.callbacks.Callback()
    assert as_callbacks(None) == as_callbacks(()) == []
    assert as_callbacks(one) == [one]
    assert as_callbacks(iter((one, other))) == [one, other]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([nn.callbacks.EarlyStopping], TypeError, r"the class EarlyStopping, which has to be constructed"),
        (["early_stopping"], TypeError, "got 'early_stopping', expected a callback"),
        ("log.csv", TypeError, r"got 'log\.csv', expected a callback"),
        (
            lambda epoch, logs: None,
            TypeError,
            "on_epoch_end takes epoch, logs, but it gets the run alone: write lambda run",
        ),
        (3, TypeError, "got 3, expected a callback"),
        ([same := nn.callbacks.Callback(), same], ValueError, "the Callback is there twice"),
    ],
)
def test_what_is_not_a_callback_is_an_error(given: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        as_callbacks(given)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("on_epoch_ends", "did you mean on_epoch_end?"), ("on_batch_end", "on_"), ("on_test_begin", "on_train_begin")],
)
def test_a_hook_that_is_never_called_is_an_error(name: str, hint: str) -> None:
    with pytest.raises(TypeError, match=rf"Mine has a hook {name}, which is never called; .*{hint}"):
        type("Mine", (nn.callbacks.Callback,), {name: lambda self, run: None})


def test_keras_signature_of_a_hook_is_an_error_that_says_what_to_write() -> None:
    message = r"Mine\.on_epoch_end takes epoch, logs, but .* write on_epoch_end\(self, run\), and run\.epoch, run\.logs"
    with pytest.raises(TypeError, match=message):

        class Mine(nn.callbacks.Callback):
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # type: ignore[override]
                """As in Keras."""


def test_functions_may_have_more_than_the_run_if_it_is_not_needed() -> None:
    def report(run: Any, file: Any = None, *rest: Any, flush: bool = True) -> None: ...

    assert len(as_callbacks([report, print, {}.update, lambda *_: None])) == 4
    with pytest.raises(TypeError, match="a function for on_train_end takes a, b, but"):
        nn.callbacks.LambdaCallback(on_train_end=lambda a, b: None)  # type: ignore[misc,arg-type]


def test_functions_that_are_none_are_errors() -> None:
    with pytest.raises(TypeError, match="LambdaCallback: got no function"):
        nn.callbacks.LambdaCallback()
    with pytest.raises(TypeError, match="on_train_end is 3, expected a function of the run"):
        nn.callbacks.LambdaCallback(on_train_end=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="on_epoch_start"):
        nn.callbacks.LambdaCallback(on_epoch_start=print)  # type: ignore[call-arg]
