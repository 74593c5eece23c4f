"""``w -= step``: where it writes into a parameter, where it is refused, and where it makes a new Tensor."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor

#: Every operator with an augmented form in Python.
AUGMENTED = {
    "+=": operator.iadd, "-=": operator.isub, "*=": operator.imul, "/=": operator.itruediv, "**=": operator.ipow,
    "%=": operator.imod, "//=": operator.ifloordiv, "@=": operator.imatmul,
}  # fmt: skip
OF_INTEGERS = (operator.iand, operator.ior, operator.ixor, operator.ilshift, operator.irshift)

Operator = Callable[[Any, Any], Any]
augmented = pytest.mark.parametrize("assign", AUGMENTED.values(), ids=AUGMENTED)


def leaf(data: Any, dtype: Any = float) -> Tensor:
    return Tensor(data, dtype=dtype, requires_grad=True, name="w")


def operand(assign: Operator, shape: tuple[int, ...], dtype: Any) -> Any:
    return np.full((2, 2) if assign is operator.imatmul else shape, 1.5, dtype)


def test_every_operator_of_tensors_has_its_augmented_form() -> None:
    names = [name for name in vars(Tensor) if f"__r{name.strip('_')}__" in vars(Tensor) and name.startswith("__")]
    expected = {f"__i{name.strip('_')}__" for name in names} - {"__idivmod__"}
    of_integers = {f"__{assign.__name__}__" for assign in OF_INTEGERS}
    assert {name for name in expected if hasattr(Tensor, name)} == expected - of_integers
    assert {f"__{assign.__name__}__" for assign in AUGMENTED.values()} == expected - of_integers


@augmented
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_within_no_grad_a_parameter_is_written_into_as_an_array_is(assign: Operator, dtype: type) -> None:
    for shape in [(3, 2)] if assign is operator.imatmul else [(), (1,), (3, 2)]:
        steps = [operand(assign, shape, other) for other in (np.float16, np.float32, np.float64, int, bool)]
        for step in (*steps, Tensor(steps[0], requires_grad=True), *[1.5, 1, True][: 0 if len(shape) == 2 else 3]):
            w = before = leaf(np.full(shape, 2.25), dtype)
            array, shared = np.array(w.data), w.data
            with mg.no_grad():
                w = assign(w, step)
            expected = assign(array, step.data if isinstance(step, Tensor) else step)
            assert w is before
            assert (w.requires_grad, w.is_leaf, w.name, w.dtype, w.shape) == (True, True, "w", dtype, shape)
            np.testing.assert_allclose(w.data, expected, rtol=1e-3 if dtype is np.float16 else 1e-7)
            if shape:
                assert w.data is shared


@augmented
def test_it_counts_as_a_write(assign: Operator) -> None:
    for shape in [(2, 2)] if assign is operator.imatmul else [(), (2, 2)]:
        w = leaf(np.full(shape, 2.0))
        loss = mg.sum(w * w)
        with mg.no_grad():
            assign(w, operand(assign, shape, float))
        with pytest.raises(RuntimeError, match=r"Tensor 'w' .* was written into"):
            loss.backward()
        mg.sum(w * w).backward()
        np.testing.assert_array_equal(w.grad, 2 * w.data)


@augmented
def test_while_recording_it_is_refused(assign: Operator) -> None:
    for w in (leaf(np.full((2, 2), 2.0)), nn.Parameter(np.full((2, 2), 2.0), name="w")):
        with pytest.raises(RuntimeError, match=r"w [-+*/%@]+= … .*`with mg\.no_grad\(\):`"):
            assign(w, operand(assign, (2, 2), float))
        np.testing.assert_array_equal(w.data, np.full((2, 2), 2.0))


@augmented
def test_other_tensors_are_computed_anew(assign: Operator) -> None:
    """Constants, computed Tensors, and the arguments of a function that is differentiated."""
    a, step = np.full((2, 2), 2.25), operand(assign, (2, 2), float)

    def loss(x: Tensor) -> Tensor:
        before = np.array(x.data)
        y = assign(x, step)
        assert y is not x
        np.testing.assert_array_equal(x.data, before)
        np.testing.assert_allclose(y.data, assign(before, step), rtol=1e-15)
        with mg.no_grad():
            z = assign(x, step)
        assert z is not x
        assert not z.requires_grad
        return mg.sum(y)

    slope = mg.grad(loss)
    plain = mg.grad(lambda x: mg.sum(getattr(operator, assign.__name__.removeprefix("i"))(x, step)))(a)
    for x in (a, leaf(a), Tensor(a), nn.Parameter(a)):
        np.testing.assert_array_equal(np.asarray(slope(x)), plain)
    for transform in (mg.value_and_grad, mg.hessian, mg.jacobian):
        transform(loss)(a)
    mg.checkpoint(loss)(leaf(a)).backward()
    mg.jvp(loss, (a,), (a,))
    mg.check_grads(loss, a)
    for x in (Tensor(a), 1.0 * leaf(a)):
        loss(x)


def test_a_parameter_stays_one_also_when_frozen() -> None:
    for w in (nn.Parameter([1.0, 2.0]), nn.Parameter([1.0, 2.0])):
        w.requires_grad = False
        before = w
        w -= 1.0  # nothing is recorded of it
        assert w is before
        np.testing.assert_array_equal(w.data, [0, 1])
        with pytest.raises(RuntimeError, match=r"no_grad"):
            w -= leaf([1.0, 1.0])


@augmented
@pytest.mark.parametrize("shape", [(), (1, 2)], ids=str)
def test_what_does_not_fit_is_refused_and_changes_nothing(assign: Operator, shape: tuple[int, ...]) -> None:
    w = leaf(np.full(shape, 2.0))
    with mg.no_grad():
        for other in (
            np.ones((3, 2)),
            np.ones((4, 2, 2)),
            np.full((2, 2), 1j),
            "a",
            None,
            [w],
            np.ma.array([1.0, 2.0]),
        ):
            with pytest.raises((TypeError, ValueError)) as refusal:
                assign(w, other)
            assert str(refusal.value).startswith(("w ", AUGMENTED_NAMES[assign])), refusal.value
    np.testing.assert_array_equal(w.data, np.full(shape, 2.0))
    assert w.dtype == float


AUGMENTED_NAMES = {
    operator.iadd: "add", operator.isub: "subtract", operator.imul: "multiply", operator.itruediv: "divide",
    operator.ipow: "power", operator.imod: "remainder", operator.ifloordiv: "floor_divide", operator.imatmul: "matmul",
}  # fmt: skip


@pytest.mark.parametrize("other", [1j, np.complex64(2j), np.full((2, 2), 1j)], ids=repr)
def test_complex_numbers_do_not_fit_into_real_parameters(other: Any) -> None:
    w = leaf(np.ones((2, 2)), np.float32)
    with mg.no_grad(), pytest.raises(TypeError, match=r"w \+= … gives complex.*float32.*real part"):
        w += other


def test_a_step_of_a_batch_names_both_shapes() -> None:
    b = leaf(np.zeros(2))
    with mg.no_grad(), pytest.raises(ValueError, match=r"\(5, 2\).*Tensor 'w' of shape \(2,\).*sum or mean"):
        b -= 0.1 * np.ones((5, 2))


@pytest.mark.parametrize("assign", OF_INTEGERS)
def test_operators_of_integers_are_refused_as_by_numpy(assign: Operator) -> None:
    with mg.no_grad(), pytest.raises(TypeError, match="not supported"):
        assign(leaf([1.0, 2.0]), 1)


class Affine(nn.Module):
    def __init__(self) -> None:
        self.w = nn.Parameter([1.0, 2.0])
        self.more = [nn.Parameter(3.0), (nn.Parameter([4.0]),)]
        self.inner = nn.Linear(2, 1, rng=0)

    def forward(self, x: Any) -> Any:
        return self.inner(x * self.w) * self.more[0] + self.more[1][0]


def test_a_model_keeps_its_parameters() -> None:
    model, x = Affine(), np.ones((3, 2))
    names = list(model.state_dict())
    optimizer = nn.optim.SGD(list(model.parameters()), lr=0.125)
    for _ in range(3):
        mg.sum(model(x)).backward()
        twin = Affine()
        twin.load_state_dict(model.state_dict())
        for p, grad in zip(twin.parameters(), [p.grad for p in model.parameters()], strict=True):
            p.grad = grad
        nn.optim.SGD(list(twin.parameters()), lr=0.125).step()
        with mg.no_grad():
            model.w -= 0.125 * model.w.grad
            model.more[0] -= 0.125 * model.more[0].grad
            for p in list(model.parameters())[2:]:
                p -= 0.125 * p.grad
        assert list(model.state_dict()) == names
        assert all(p is q for p, q in zip(optimizer.params, model.parameters(), strict=True))
        for name, value in twin.state_dict().items():
            np.testing.assert_array_equal(model.state_dict()[name], value)
        model.zero_grad()


def test_lists_and_dictionaries_of_parameters() -> None:
    w, b = leaf([1.0, 2.0]), leaf(3.0)
    layers, names = [w, (b, w)], {"w": w, "b": b}
    with mg.no_grad():
        layers[0] -= 1.0
        names["b"] -= 1.0
        for p in (w, b):
            p *= 2.0
    assert layers[0] is w is names["w"]
    assert names["b"] is b
    np.testing.assert_array_equal(w.data, [0, 2])
    assert float(b) == 4.0


def test_no_grad_as_a_decorator_updates() -> None:
    w = leaf([1.0, 2.0])

    @mg.no_grad()
    def step(params: list[Tensor]) -> None:
        for p in params:
            p -= 0.5 * p.grad

    mg.sum(w * w).backward()
    step([w])
    np.testing.assert_array_equal(w.data, [0, 0])


def test_the_array_is_shared_as_data_is() -> None:
    w = leaf([1.0, 2.0, 3.0])
    view, detached = w.data[1:], w.detach()
    with mg.no_grad():
        w -= 1.0
    np.testing.assert_array_equal(view, [1, 2])
    np.testing.assert_array_equal(detached.data, [0, 1, 2])


def test_a_leaf_of_a_shared_array_gets_its_own() -> None:
    """The array of a detached Tensor belongs to a graph, and is read-only."""
    x = leaf([1.0, 2.0])
    y = mg.exp(x)
    w = y.detach()
    w.requires_grad = True
    v = leaf([0.0, 0.0])
    v.data = y
    with mg.no_grad():
        w -= 1.0
        v -= 1.0
    v.data -= 1.0
    mg.sum(y).backward()
    np.testing.assert_array_equal(x.grad, np.exp([1.0, 2.0]))
    np.testing.assert_allclose(w.data, np.exp([1.0, 2.0]) - 1)
    np.testing.assert_allclose(v.data, np.exp([1.0, 2.0]) - 2)


def by_data(p: Tensor, lr: float) -> None:
    p.data -= lr * p.grad
    p.zero_grad()


def by_new_data(p: Tensor, lr: float) -> None:
    p.data = p.data - np.float64(lr) * p.grad
    p.grad = None


def within_no_grad(p: Tensor, lr: float) -> None:
    with mg.no_grad():
        p -= lr * p.grad
    p.grad *= 0


@mg.no_grad()
def decorated(p: Tensor, lr: float) -> None:
    p -= lr * mg.Tensor(p.grad)
    p.grad = None


def by_factors(p: Tensor, lr: float) -> None:
    with mg.no_grad():
        p.grad *= lr
        p += -p.grad
        p.grad = None


UPDATES = (by_data, by_new_data, within_no_grad, decorated, by_factors)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("update", UPDATES, ids=lambda update: update.__name__)
def test_the_loops_of_a_lecture_train_alike(update: Callable[[Tensor, float], None], dtype: type) -> None:
    """A line through points: w and b are single numbers, and the same as vectors of one element."""
    x = np.linspace(-1, 1, 8, dtype=dtype)
    t = 3 * x + 1
    for shape in [(), (1,)]:
        w, b = leaf(np.zeros(shape), dtype), leaf(np.zeros(shape), dtype)
        for _ in range(60):
            loss = mg.mean((w * x + b - t) ** 2)
            loss.backward()
            for p in (w, b):
                update(p, 0.4)
        assert (w.dtype, b.dtype, w.shape, b.shape) == (dtype, dtype, shape, shape)
        np.testing.assert_allclose([w.data.item(), b.data.item()], [3, 1], rtol=1e-4)


@pytest.mark.parametrize("name", ["add_", "sub_", "mul_", "div_", "copy_", "zero_", "fill_"])
def test_pytorchs_methods_that_write_name_the_statement(name: str) -> None:
    with pytest.raises(AttributeError, match=r"; write (with mg\.no_grad\(\): t .= …|t\.data = …)"):
        getattr(leaf([1.0]), name)
