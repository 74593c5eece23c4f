"""The laws that every operation obeys: one test for each operation and law, on all samples of the operation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.dispatch import numpy_functions
from minigrad.core.graph import sweep
from minigrad.core.tensor import Tensor
from tests.helpers.every_sample import every_sample
from tests.samples import OPERATIONS, PRIMITIVES, SAMPLES, Sample

#: Operations whose results are float64, or complex128, for arguments of any dtype.
DOUBLE = {"float_power"}


def tensors(arrays: Any, dtype: Any = np.float64) -> list[Tensor]:
    return [Tensor(a, requires_grad=True, dtype=dtype) for a in arrays]


def test_every_operation_has_samples() -> None:
    assert set(OPERATIONS) - set(SAMPLES) == set(), "add a row to the file of its table in tests/samples/"


@every_sample(of={name: SAMPLES[name] for name in PRIMITIVES if name in SAMPLES})
def test_the_sample_calls_its_primitive(sample: Sample) -> None:
    called: set[str] = set()
    y = sample.f(*tensors(sample.arrays))
    sweep(y, np.ones(y.shape), visit=lambda x, x_bar: (x.is_leaf or called.add(x._primitive.name), x_bar)[1])
    assert sample.operation in called


@pytest.mark.parametrize("operation", [name for name in PRIMITIVES if name in SAMPLES])
def test_every_rule_is_used_by_a_sample(operation: str) -> None:
    """A rule that no sample uses could be wrong unnoticed. Where one rule serves all arguments, two must use it."""
    used: set[int] = set()

    def recorded(i: int, rule: Any) -> Any:
        def call(*args: Any, **params: Any) -> Any:
            used.add(i)
            return rule(*args, **params)

        return call

    def rules(primitive: Any) -> Any:
        return (recorded(i, rule) if primitive.name == operation else rule for i, rule in enumerate(primitive.rules))

    for sample in SAMPLES[operation]:
        y = sample.f(*tensors(sample.arrays))
        sweep(y, np.ones(y.shape), rules=rules)
    rules_of = PRIMITIVES[operation].rules
    expected = set(range(len(rules_of) if isinstance(rules_of, tuple) else 2))
    if operation == "where":
        expected.remove(0)  # the condition
    unused = sorted(expected - used)
    assert not unused, f"add samples in which argument {unused} of {operation} requires gradients"


@pytest.mark.parametrize("operation", SAMPLES)
def test_numpys_function_of_this_name_takes_tensors(operation: str) -> None:
    namesakes = {getattr(module, operation, None) for module in (np, np.linalg, np.fft)} - {None, np.fft}
    assert namesakes <= set(numpy_functions)


@every_sample
def test_value(sample: Sample) -> None:
    y = sample.f(*tensors(sample.arrays))
    expected = sample.reference(*sample.arrays)
    assert y.shape == np.shape(expected)
    np.testing.assert_allclose(y.data, expected, rtol=1e-12, atol=1e-13)


@every_sample
def test_first_and_second_derivatives(sample: Sample) -> None:
    mg.check_grads(sample.f, *sample.arrays, order=2)


@pytest.mark.parametrize("operation", SAMPLES)
def test_third_derivatives(operation: str) -> None:
    """They differentiate what the rules are composed of, in both modes and all their mixtures. On one small sample."""
    sample = min(SAMPLES[operation], key=lambda sample: abs(sum(a.size for a in sample.arrays) - 4))
    mg.check_grads(sample.f, *sample.arrays, order=3, rtol=1e-5, atol=1e-6)


@every_sample
def test_arrays_give_an_array(sample: Sample) -> None:
    array = sample.f(*sample.arrays)
    y = sample.f(*tensors(sample.arrays))
    assert isinstance(array, np.ndarray | np.generic)
    assert isinstance(y.data, np.ndarray | np.generic)
    assert array.dtype == y.dtype
    np.testing.assert_allclose(array, y.data, rtol=1e-15)  # powers of 0-d arrays and of scalars round differently


@every_sample
def test_float32_stays_float32(sample: Sample) -> None:
    """Values, their error signals, and the error signals of those."""
    y = sample.f(*tensors(sample.arrays, np.float32))
    assert y.dtype == (np.float64 if sample.operation in DOUBLE else np.float32)
    if sample.operation in DOUBLE:
        return

    def check(x: Tensor, x_bar: Any) -> Any:
        assert {x.dtype, x_bar.dtype} <= {np.dtype(np.float32), np.dtype(np.complex64)}, x
        assert x_bar.dtype == np.float32 or x.dtype == np.complex64, x
        return x_bar

    sweep(y, np.ones_like(y.data), visit=check)
    signals = sweep(y, Tensor(np.ones_like(y.data), requires_grad=True), lift=lambda x: x, visit=check)
    for x_bar in signals.values():
        sweep(x_bar, np.ones_like(x_bar.data), visit=check)


@every_sample
def test_error_signals_have_the_shape_of_their_value(sample: Sample) -> None:
    def check(x: Tensor, x_bar: Any) -> Any:
        assert x_bar.shape == x.shape
        return x_bar

    y = sample.f(*tensors(sample.arrays))
    sweep(y, np.ones_like(y.data)[()], visit=check)


def transposed_in_memory(a: Any) -> Any:
    return np.array(a.T, order="C").T


def reversed_in_memory(a: Any) -> Any:
    return np.flip(np.flip(a).copy())


def strided_in_memory(a: Any) -> Any:
    wide = np.zeros((*a.shape, 2))
    wide[..., 0] = a
    return wide[..., 0]


@every_sample
def test_layout_in_memory_changes_nothing(sample: Sample) -> None:
    def run(layout: Any) -> list[Any]:
        xs = tensors(sample.arrays)
        for x, a in zip(xs, sample.arrays, strict=True):
            x.data = layout(a)
            x.data.setflags(write=False)  # no operation writes into its arguments
        y = sample.f(*xs)
        signals = sweep(y, layout(np.cos(np.arange(float(y.size))).reshape(y.shape)))
        return [y.data, *(signals[x] for x in xs)]

    contiguous = run(np.array)
    for layout in (transposed_in_memory, reversed_in_memory, strided_in_memory):
        for found, expected in zip(run(layout), contiguous, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14, err_msg=layout.__name__)


@every_sample
def test_gradients_are_linear_in_the_error_signal(sample: Sample) -> None:
    xs = tensors(sample.arrays)
    y = sample.f(*xs)
    rng = np.random.default_rng(0)
    u, v = rng.normal(size=(2, *y.shape))
    of_u, of_v, of_both = (sweep(y, y_bar) for y_bar in (u, v, 2 * u - 3 * v))
    for x in xs:
        np.testing.assert_allclose(of_both[x], 2 * of_u[x] - 3 * of_v[x], rtol=1e-9, atol=1e-12)
