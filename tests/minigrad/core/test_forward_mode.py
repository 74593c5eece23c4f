"""Hooks, detect_anomaly, and values that were written into too early."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.ids import shown

# ---------------------------------------------------------------- hooks


def test_a_hook_sees_the_complete_error_signal_and_may_change_it() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    seen = []
    y.register_hook(lambda y_bar: seen.append(y_bar.copy()))
    y.register_hook(lambda y_bar: np.clip(y_bar, -1, 1))
    y.register_hook(lambda y_bar: seen.append(y_bar.copy()))
    (y * y + y).sum().backward()
    np.testing.assert_array_equal(seen, [[7, 13], [1, 1]])
    np.testing.assert_array_equal(x.grad, [3, 3])


def test_hooks_on_leaves_change_what_is_accumulated() -> None:
    w = Tensor(2.0, requires_grad=True)
    hook = w.register_hook(lambda w_bar: w_bar * 10)
    (w * 3).backward()
    hook.remove()
    hook.remove()
    (w * 3).backward()
    assert float(w.grad) == 33


def test_hooks_run_in_recorded_sweeps_and_transformations() -> None:
    x = Tensor(2.0, requires_grad=True)
    y = x * x
    y.register_hook(lambda y_bar: y_bar * 2)
    (3 * y).backward(create_graph=True)
    assert float(x.grad) == 24

    def f(x: Any) -> Any:
        y = x * x
        y.register_hook(lambda y_bar: y_bar * 2)
        return 3 * y

    assert mg.grad(f)(2.0) == 24


def test_a_hook_keeps_nothing_alive() -> None:
    x = Tensor(2.0, requires_grad=True)
    gc.disable()
    try:
        y = x * x
        y.register_hook(print)
        gone = weakref.ref(y)
        del y
        assert gone() is None
    finally:
        gc.enable()


def test_mistakes_with_hooks() -> None:
    with pytest.raises(RuntimeError, match="does not require gradients"):
        Tensor(1.0).register_hook(print)
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    x.register_hook(lambda x_bar: 1.0)
    with pytest.raises(ValueError, match=r"hook on Tensor 'x': the error signal has shape \(\), but .*\(2,\)"):
        (x * x).sum().backward()


# ---------------------------------------------------------------- detect_anomaly


def message(run: Any) -> str:
    with pytest.raises(FloatingPointError) as error, mg.detect_anomaly():
        run()
    return str(error.value)


def test_the_operation_its_shapes_and_the_line_are_named() -> None:
    x = Tensor([[1.0, 0.0, 2.0]], requires_grad=True)

    def run() -> None:
        y = mg.sqrt(x)  # the line that is meant
        (y * np.ones((2, 1))).sum().backward()

    said = message(run)
    assert said.startswith("the rule of sqrt for its argument 0 gave 1 Inf among 3 elements")
    assert "took arrays of shape (1, 3) and gave (1, 3)" in said
    assert "in run: y = mg.sqrt(x)  # the line that is meant" in said
    assert __file__ in said
    assert "argument 0 lies between 0 and 2" in said
    assert "the error signal that arrived lies between 2 and 2" in said


def test_nan_from_zero_times_infinity() -> None:
    x = Tensor(0.0, requires_grad=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        said = message(lambda: (x * mg.log(x)).backward())
    assert said.startswith("the rule of multiply for its argument 0 gave 1 Inf")


def test_in_recorded_sweeps_too() -> None:
    x = Tensor(0.0, requires_grad=True)
    assert "the rule of sqrt" in message(lambda: mg.sqrt(x).backward(create_graph=True))
    assert "the rule of sqrt" in message(lambda: mg.grad(mg.sqrt)(0.0))


def test_a_forward_pass_outside_has_no_line() -> None:
    y = mg.sqrt(Tensor(0.0, requires_grad=True))
    said = message(y.backward)
    assert "called in" not in said
    assert "Run the forward pass within detect_anomaly" in said


def test_an_error_signal_that_was_not_finite_to_begin_with() -> None:
    y = 2 * Tensor([1.0, 2.0], requires_grad=True)
    assert "the error signal that arrived had 1 NaN among 2 elements" in message(lambda: y.backward([np.nan, 1]))


def test_what_is_finite_passes_and_nothing_lingers() -> None:
    x = Tensor(0.5, requires_grad=True)

    @mg.detect_anomaly()
    def run() -> None:
        (x * mg.log(x)).backward()

    run()
    assert float(x.grad) == pytest.approx(np.log(0.5) + 1)
    with np.errstate(divide="ignore"):
        mg.sqrt(Tensor(0.0, requires_grad=True)).backward()  # outside nobody looks


def test_it_holds_for_its_own_thread() -> None:
    found: list[float] = []

    def elsewhere() -> None:
        x = Tensor(0.0, requires_grad=True)
        with np.errstate(divide="ignore"):
            mg.sqrt(x).backward()
        found.append(float(x.grad))

    with mg.detect_anomaly():
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert found == [np.inf]


def test_drawings_do_not_change_within() -> None:
    x = Tensor(0.5, requires_grad=True, name="x")
    with mg.scope("gate"):
        plain = str(mg.draw(mg.exp(x)))
        with mg.detect_anomaly():
            assert str(mg.draw(mg.exp(x))) == plain


@pytest.mark.parametrize("write", ["item", "view", "input"])
def test_writing_by_any_means_is_found_within(write: str) -> None:
    given = np.array([1.0, 2.0])
    w = Tensor([3.0, 4.0], requires_grad=True, name="w")
    part = w.data[:1]
    with mg.detect_anomaly():
        y = w * given  # the line that is meant
        if write == "item":
            w.data[0] = 5.0
        elif write == "view":
            part[...] = 5.0
        else:
            given[0] = 5.0
        called = "an array, argument 1" if write == "input" else "Tensor 'w', argument 0"
        with pytest.raises(RuntimeError, match=rf"(?s){called} of multiply.*written into.*the line that is meant"):
            y.sum().backward()


# ---------------------------------------------------------------- writing into values a graph needs


def test_an_update_between_forward_and_backward_is_refused() -> None:
    w = Tensor([3.0, 4.0], requires_grad=True, name="w")
    loss = (w * w).sum()
    w.data -= 0.1
    with pytest.raises(
        RuntimeError, match=r"(?s)'w' \(shape \(2,\)\) was written into after .*multiply.*before the update"
    ):
        loss.backward()
    w.zero_grad()
    (w * w).sum().backward()
    np.testing.assert_allclose(w.grad, [5.8, 7.8])


def test_an_update_that_this_graph_does_not_see_is_fine() -> None:
    w, v = Tensor([3.0], requires_grad=True), Tensor([5.0], requires_grad=True)
    loss = (w * w).sum()
    v.data -= 1
    loss.backward()
    assert float(w.grad[0]) == 6


def test_an_update_in_between_is_found_whatever_follows() -> None:
    w = Tensor([3.0], requires_grad=True)
    y = w * w
    w.data *= 2
    with pytest.raises(RuntimeError, match="written into"):
        (y * w).sum().backward()
    with pytest.raises(RuntimeError, match="written into"):
        mg.explain(y.sum())


def test_rebinding_does_no_harm() -> None:
    w = Tensor([3.0], requires_grad=True)
    y = w * w
    w.data = w.data * 100
    y.backward()
    assert w.grad == [6]


def test_training_as_everybody_writes_it() -> None:
    w = Tensor([3.0, 1.0], requires_grad=True)
    for _ in range(3):
        w.zero_grad()
        (w * w).sum().backward()
        w.data -= 0.1 * w.grad
    np.testing.assert_allclose(w.data, np.array([3.0, 1.0]) * 0.8**3)


def test_computed_values_cannot_be_written_into_while_a_graph_has_them() -> None:
    w = Tensor([3.0, 4.0], requires_grad=True)
    y = mg.exp(w)
    for value in (y.data, y.numpy(), np.asarray(y)):
        with pytest.raises(ValueError, match="read-only"):
            value[0] = 0
    y.sum().backward()
    y.data[0] = 0  # the graph is gone
    with mg.no_grad():
        mg.exp(w).data[0] = 0


def test_a_hook_that_holds_its_tensor_goes_with_it() -> None:
    def made_and_dropped() -> Any:
        y = 2 * Tensor(2.0, requires_grad=True)
        y.register_hook(lambda y_bar: print(y, y_bar))
        return weakref.ref(y)

    gone = made_and_dropped()
    gc.collect()
    assert gone() is None


def test_what_a_hook_returns_may_be_a_number() -> None:
    w = Tensor(2.0, requires_grad=True)
    w.register_hook(lambda w_bar: 0.5)
    (w * 3).backward()
    assert float(w.grad) == 0.5
    with pytest.raises(TypeError, match="expected a function"):
        w.register_hook(None)


@pytest.mark.parametrize("make", [mg.no_grad, lambda: mg.scope("a"), mg.detect_anomaly], ids=shown)
def test_modes_may_be_entered_again_within_themselves(make: Any) -> None:
    from minigrad.core.named_scope import current_scope

    before, mode = current_scope(), make()
    with mode, mode:
        pass
    assert current_scope() is before


def test_in_forward_mode_too() -> None:
    steep = mg.Primitive("test_steep", lambda x: x.sum(), lambda y_bar, y, x: y_bar * np.inf * x)
    assert "the rule of sqrt" in message(lambda: mg.jvp(mg.sqrt, (0.0,), (1.0,)))
    assert "the rule of test_steep" in message(lambda: mg.jvp(steep, (np.ones(2),), (np.ones(2),)))
