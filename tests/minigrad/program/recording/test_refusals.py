"""What cannot be a line of a program is refused with the user's line, and never becomes a constant."""

from __future__ import annotations

import contextlib
import functools
import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.program.compiled import compile

X = np.array([1.0, -2.0])


def branch(x: Any) -> Any:
    if mg.sum(x) > 0:
        return x
    return -x


def forgiving(x: Any) -> Any:
    try:
        scale = float(mg.sum(x))
    except RuntimeError:
        scale = 1.0
    return x * scale


def written(x: Any) -> Any:
    x[0] = 1.0
    return x


def added(x: Any) -> Any:
    x += 1.0
    return x


@functools.cache
def remembered(number: float) -> float:
    return 2.0 if number == 1.0 else 3.0


@pytest.mark.parametrize(
    ("f", "line"),
    [
        (branch, "if mg.sum(x) > 0:"),
        (forgiving, "scale = float(mg.sum(x))"),
        (written, "x[0] = 1.0"),
        (added, "x += 1.0"),
        (lambda x: x * math.exp(x[0]), "math.exp"),
        (lambda x: x * mg.sum(mg.Tensor(x)).item(), ".item()"),
        (lambda x: x * x.tolist()[0], "tolist"),
        (lambda x: x * np.asarray(x), "np.asarray(x)"),
        (lambda x: x * mg.Tensor(x).numpy(), ".numpy()"),
        (lambda x: x * int(x[0]), "int(x[0])"),
        (lambda x: [x for _ in range(np.argmax(x))], "range(np.argmax(x))"),
        (lambda x: np.ones(2)[np.argmax(x)], "np.ones(2)[np.argmax(x)]"),
        (lambda x: max(x[0], x[1]), "max(x[0], x[1])"),
        (lambda x: x * (1.0 in x), "1.0 in x"),
        (lambda x: np.add(x, 1.0, out=np.zeros(2)), "out=np.zeros(2)"),
        (lambda x: np.copyto(np.zeros(2), x), "np.copyto"),
        (lambda x: np.add.at(x, 0, 1.0), "np.add.at"),
        (lambda x: x.sort(), "x.sort()"),
        (lambda x: x * {1.0: 2.0}.get(x[0], 3.0), "{1.0: 2.0}.get(x[0], 3.0)"),
        (lambda x: x * len({x[0], x[1]}), "len({x[0], x[1]})"),
        (lambda x: x * remembered(x[0]), "remembered(x[0])"),
    ],
)
@pytest.mark.parametrize("first", [X, np.array([3.0, 1.0])], ids=["negative sum", "positive sum"])
def test_refused_with_the_users_line(f: Any, line: str, first: Any) -> None:
    before = first.copy()
    with pytest.raises(RuntimeError, match=r"compile: .*test_refusals\.py:\d+") as caught:
        compile(f)(first)
    assert line in str(caught.value)
    np.testing.assert_array_equal(first, before)


def test_a_branch_names_the_way_out() -> None:
    with pytest.raises(RuntimeError, match=r"mg\.where\(condition, a, b\) or mg\.select"):
        compile(branch)(X)


def test_random_numbers_are_not_constants() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(RuntimeError, match="random numbers, a counter, or a state outside"):
        compile(lambda x: x * rng.normal(size=2))(X)


def test_a_parameter_that_is_not_an_argument() -> None:
    w = mg.Tensor([0.5, 2.0], requires_grad=True, name="w")
    doubled = 2.0 * w
    with pytest.raises(RuntimeError, match=r"Tensor 'w' requires gradients, and is not an argument"):
        compile(lambda x: x * w)(X)
    with pytest.raises(RuntimeError, match=r"Tensor 'w' requires gradients, and is not an argument"):
        compile(lambda x: mg.sum(mg.softmax(x * mg.exp(doubled))))(X)

    def without(x: Any) -> Any:
        with mg.no_grad():
            return mg.Tensor(x) * mg.exp(w)

    with pytest.raises(RuntimeError, match="computed from Tensors that are not arguments"):
        compile(without)(X)


def test_what_a_program_does_not_repeat_in_a_module_is_refused() -> None:
    class Counting(nn.Module):
        calls = 0

        def forward(self, x: Any) -> Any:
            self.calls += 1
            return x * 2.0

    with pytest.raises(RuntimeError, match="an attribute of a module changes in its call"):
        compile(Counting())(X)
    layer = nn.Linear(2, 3)
    with layer.register_forward_hook(lambda module, args, y: None), pytest.raises(RuntimeError, match="forward hooks"):
        compile(layer)(X)
    with nn.observe(lambda module, y: None), pytest.raises(RuntimeError, match=r"nn\.observe"):
        compile(layer)(X)


def test_a_function_that_is_refused_leaves_a_module_as_it_was() -> None:
    layer = nn.BatchNorm1d(2)

    def f(x: Any) -> Any:
        y = layer(x)
        mg.sum(y).backward()
        return y if float(mg.sum(y)) > 0 else -y

    before = {name: x.data for name, x in (*layer.named_parameters(), *layer.named_buffers())}
    with pytest.raises(RuntimeError, match="asks for a number"):
        compile(f)(np.array([[1.0, 2.0], [0.5, -1.0]], np.float32))
    assert all(x.data is before[name] for name, x in (*layer.named_parameters(), *layer.named_buffers()))
    assert all(x.grad is None for x in layer.parameters())


def test_a_tensor_outside_is_not_assigned() -> None:
    t = mg.Tensor([1.0, 2.0])

    def f(x: Any) -> Any:
        t.data = x * 2.0
        return x

    with pytest.raises(RuntimeError, match="data: this Tensor is assigned"):
        compile(f)(X)


def test_arrays_outside_are_constants_while_they_are_the_same() -> None:
    c = np.array([3.0, 4.0])
    compiled = compile(lambda x: x * c + mg.Tensor([1.0, 1.0]))
    np.testing.assert_array_equal(compiled(X).data, X * c + 1.0)
    c[...] = 0.0
    np.testing.assert_array_equal(compiled(X).data, np.ones(2))


def test_arrays_of_another_recording() -> None:
    kept: list[Any] = []
    compile(lambda x: kept.append(x + 1.0) or x)(X)  # type: ignore[func-returns-value]
    with pytest.raises(RuntimeError, match="an array of another recording"):
        compile(lambda x: x * kept[0])(X)


def test_printing_shows_no_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    compile(lambda x: print(x) or x)(X)  # type: ignore[func-returns-value]
    assert "x, which is being recorded: ndarray of shape (2,)" in capsys.readouterr().out


def test_it_is_an_array_to_isinstance() -> None:
    compiled = compile(lambda x: x * 2.0 if isinstance(x, np.ndarray) else x)
    np.testing.assert_array_equal(compiled(X), X * 2.0)
    assert compile(lambda x: x * 2.0 if isinstance(x, float) else x)(1.5) == 3.0


def inverse(x: Any) -> Any:
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return 0.0 * x


def inverse_of_a_tensor(x: Any) -> Any:
    y = 0.0 * x
    with contextlib.suppress(ValueError, np.linalg.LinAlgError):
        y = mg.inv(mg.Tensor(x)).data
    return y


def reciprocal(x: Any) -> Any:
    with np.errstate(all="raise"):
        try:
            return 1.0 / x
        except FloatingPointError:
            return 0.0 * x


@pytest.mark.parametrize("f", [inverse, inverse_of_a_tensor, reciprocal])
def test_a_branch_by_an_error(f: Any) -> None:
    with pytest.raises(
        RuntimeError, match=r"an error is caught \((LinAlgError|FloatingPointError): .*test_refusals\.py"
    ):
        mg.compile(f)(np.zeros((2, 2)))
    compiled = mg.compile(f)
    np.testing.assert_array_equal(compiled(np.diag([2.0, 4.0]) + 1.0), f(np.diag([2.0, 4.0]) + 1.0))
    with pytest.raises((np.linalg.LinAlgError, FloatingPointError)):  # and not the numbers of the other branch
        compiled(np.zeros((2, 2)))


def test_an_error_that_is_not_caught_leaves_nothing_behind() -> None:
    compiled = mg.compile(np.linalg.inv)
    with pytest.raises(np.linalg.LinAlgError):
        compiled(np.zeros((2, 2)))
    with pytest.raises(RuntimeError, match="has not been called yet"):
        _ = compiled.source
    np.testing.assert_array_equal(compiled(2.0 * np.eye(2)), 0.5 * np.eye(2))


def test_what_a_thread_asks_and_catches() -> None:
    def ask(x: Any) -> float:
        try:
            return float(x[0])
        except RuntimeError:
            return 0.0

    def f(x: Any) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return x * pool.submit(ask, x).result()

    with pytest.raises(RuntimeError, match=r"(?s)an array of another recording is used, at .*compute in the thread"):
        mg.compile(f)(X)


def test_detect_anomaly_within() -> None:
    def f(x: Any) -> Any:
        with mg.detect_anomaly():
            return mg.grad(lambda x: mg.sum(mg.sqrt(x)))(x)

    with pytest.raises(RuntimeError, match=r"detect_anomaly looks at numbers.*put it around the call"):
        mg.compile(f)(np.ones(2))
