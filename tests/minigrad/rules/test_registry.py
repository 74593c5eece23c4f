"""What holds for every primitive, checked on its samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.dispatch import numpy_functions
from minigrad.core.graph import sweep
from minigrad.core.tensor import Tensor
from tests.samples import OPERATIONS, PRIMITIVES, SAMPLES, Sample

every_sample = pytest.mark.parametrize("sample", [s for rows in SAMPLES.values() for s in rows], ids=str)


def tensors(arrays: Any, dtype: Any = np.float64) -> list[Tensor]:
    return [Tensor(a, requires_grad=True, dtype=dtype) for a in arrays]


def test_every_operation_has_samples() -> None:
    assert set(OPERATIONS) - set(SAMPLES) == set(), "add a row to the file of its table in tests/samples/"


@pytest.mark.parametrize("sample", [s for name in PRIMITIVES for s in SAMPLES.get(name, ())], ids=str)
def test_the_sample_calls_its_primitive(sample: Sample) -> None:
    made: set[str] = set()
    y = sample.f(*tensors(sample.arrays))
    sweep(y, np.ones(y.shape), visit=lambda x, x_bar: (x.is_leaf or made.add(x._primitive.name), x_bar)[1])
    assert sample.operation in made


@pytest.mark.parametrize("name", [name for name in PRIMITIVES if name in SAMPLES])
def test_every_rule_is_asked_for_by_a_sample(name: str) -> None:
    """A rule without one could be wrong, and no test would know. Where one rule serves all, two arguments are asked."""
    asked: set[int] = set()

    def noted(i: int, rule: Any) -> Any:
        def ask(*args: Any, **params: Any) -> Any:
            asked.add(i)
            return rule(*args, **params)

        return ask

    def rules(primitive: Any) -> Any:
        return (noted(i, rule) if primitive.name == name else rule for i, rule in enumerate(primitive.rules))

    for sample in SAMPLES[name]:
        y = sample.f(*tensors(sample.arrays))
        sweep(y, np.ones(y.shape), rules=rules)
    rules_of = PRIMITIVES[name].rules
    expected = set(range(len(rules_of) if isinstance(rules_of, tuple) else 2))
    if name == "where":
        expected.remove(0)  # the condition
    assert expected <= asked, f"add samples in which argument {sorted(expected - asked)} of {name} requires gradients"


@pytest.mark.parametrize("name", SAMPLES)
def test_numpys_function_of_this_name_takes_tensors(name: str) -> None:
    namesakes = {getattr(module, name, None) for module in (np, np.linalg, np.fft)} - {None, np.fft}
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


@pytest.mark.parametrize("name", SAMPLES)
def test_third_derivatives(name: str) -> None:
    """Of what the rules are made of; and in both modes mixed, in any order. On a sample of few numbers."""
    sample = min(SAMPLES[name], key=lambda sample: abs(sum(a.size for a in sample.arrays) - 4))
    mg.check_grads(sample.f, *sample.arrays, order=3, rtol=1e-5, atol=1e-6)


@every_sample
def test_plain_arrays_give_the_plain_array(sample: Sample) -> None:
    plain = sample.f(*sample.arrays)
    y = sample.f(*tensors(sample.arrays))
    assert isinstance(plain, np.ndarray | np.generic)
    assert isinstance(y.data, np.ndarray | np.generic)
    assert plain.dtype == y.dtype
    np.testing.assert_allclose(plain, y.data, rtol=1e-15)  # powers of 0-d arrays and of scalars round differently


@every_sample
@pytest.mark.parametrize("recorded", [False, True], ids=["numbers", "recorded"])
def test_float32_stays_float32(sample: Sample, recorded: bool) -> None:
    """Values and error signals alike, and the error signals of the error signals."""
    xs = tensors(sample.arrays, np.float32)
    y = sample.f(*xs)
    assert y.dtype == np.float32

    def note(x: Tensor, x_bar: Any) -> Any:
        assert {x.dtype, x_bar.dtype} <= {np.dtype(np.float32), np.dtype(np.complex64)}, x
        assert x_bar.dtype == np.float32 or x.dtype == np.complex64, x
        return x_bar

    if not recorded:
        sweep(y, np.ones_like(y.data), visit=note)
        return
    found = sweep(y, Tensor(np.ones_like(y.data), requires_grad=True), lift=lambda x: x, visit=note)
    for x_bar in found.values():
        sweep(x_bar, np.ones_like(x_bar.data), visit=note)


@every_sample
def test_error_signals_have_the_shape_of_their_value(sample: Sample) -> None:
    def note(x: Tensor, x_bar: Any) -> Any:
        assert x_bar.shape == x.shape
        return x_bar

    y = sample.f(*tensors(sample.arrays))
    sweep(y, np.ones_like(y.data)[()], visit=note)


def transposed_in_memory(a: Any) -> Any:
    return np.array(a.T, order="C").T


def reversed_in_memory(a: Any) -> Any:
    return np.flip(np.flip(a).copy())


def spread_in_memory(a: Any) -> Any:
    wide = np.zeros((*a.shape, 2))
    wide[..., 0] = a
    return wide[..., 0]


@every_sample
@pytest.mark.parametrize("layout", [transposed_in_memory, reversed_in_memory, spread_in_memory])
def test_layout_in_memory_changes_nothing(sample: Sample, layout: Any) -> None:
    def run(lay: Any) -> list[Any]:
        xs = tensors(sample.arrays)
        for x, a in zip(xs, sample.arrays, strict=True):
            x.data = lay(a)
            x.data.setflags(write=False)  # and nobody writes into an argument
        y = sample.f(*xs)
        y_bar = lay(np.cos(np.arange(float(y.size))).reshape(y.shape))
        signals = sweep(y, y_bar)
        return [y.data, *(signals[x] for x in xs)]

    for found, expected in zip(run(layout), run(np.array), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@every_sample
def test_gradients_are_linear_in_the_seed(sample: Sample) -> None:
    xs = tensors(sample.arrays)
    y = sample.f(*xs)
    rng = np.random.default_rng(0)
    u, v = rng.normal(size=(2, *y.shape))
    of_u, of_v, of_both = (sweep(y, seed) for seed in (u, v, 2 * u - 3 * v))
    for x in xs:
        np.testing.assert_allclose(of_both[x], 2 * of_u[x] - 3 * of_v[x], rtol=1e-9, atol=1e-12)
