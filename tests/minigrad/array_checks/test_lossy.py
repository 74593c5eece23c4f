"""Masked arrays, other subclasses, and arrays of no numbers: NumPy's value or a TypeError, by every way in."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.helpers.every_sample import EVERY_SAMPLE
from tests.helpers.parametrized.for_each import for_each
from tests.helpers.parametrized.ways_in import DATA, WAYS
from tests.samples import OPERATIONS, Sample


class Doubling(np.ndarray):
    """A product of it is twice the product of its numbers."""

    def __mul__(self, other: Any) -> Any:
        return 2 * np.multiply(np.asarray(self), other)


def masked(array: Any) -> Any:
    mask = np.zeros(np.size(array), bool)
    mask[:1] = True
    return np.ma.array(array, mask=mask.reshape(np.shape(array)))


def matrix(array: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return np.matrix(array)


SUBCLASSES: dict[str, Callable[[Any], Any]] = {
    "masked": masked,
    "without a mask": np.ma.array,
    "matrix": matrix,
    "records": lambda a: np.array(a).view(np.recarray),
    "own": lambda a: np.array(a).view(Doubling),
}
NO_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "objects": lambda a: np.array(a, dtype=object),
    "text": lambda a: np.array(a).astype(str),
    "bytes": lambda a: np.array(a).astype("S8"),
    "dates": lambda a: np.array(a).astype("datetime64[D]"),
    "durations": lambda a: np.array(a).astype("timedelta64[s]"),
    "records of fields": lambda a: np.zeros(np.shape(a), [("x", float)]),
    "characters": lambda a: np.char.array(np.array(a).astype(str)),
    "masked objects": lambda a: masked(np.array(a, dtype=object)),
    "a list of text": lambda a: np.array(a).astype(str).tolist(),
    "a list with None": lambda a: [a[0].tolist(), [1.0, None]],
}
STRANGE = {**SUBCLASSES, **NO_NUMBERS}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@for_each("kind", list(STRANGE))
def test_what_is_more_or_less_than_an_array_of_numbers_is_refused(way: Any, kind: str) -> None:
    with pytest.raises(TypeError):
        way(STRANGE[kind](DATA))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_array_in_a_file_is_an_array(way: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", DATA)
    way(np.load(tmp_path / "a.npy", mmap_mode="r"))


@for_each("sample", EVERY_SAMPLE)
def test_operations_refuse_masked_arrays_or_give_numpys_value(sample: Sample) -> None:
    """NumPy's value where the sample computes with NumPy before it calls the operation."""
    if len(sample.arrays) == 1 and sample.f is not OPERATIONS[sample.operation]:
        return  # it may be NumPy's own function
    for i in range(len(sample.arrays)):
        args = [masked(a) if k == i else Tensor(a, requires_grad=True) for k, a in enumerate(sample.arrays)]
        try:
            y = sample.f(*args)
        except (TypeError, ValueError):
            continue
        expected = sample.reference(*[args[i] if k == i else a for k, a in enumerate(sample.arrays)])
        np.testing.assert_array_equal(np.ma.getmaskarray(y), np.ma.getmaskarray(expected))
        np.testing.assert_array_equal(np.ma.filled(y, 0), np.ma.filled(expected, 0))


@pytest.mark.parametrize("data", [[1, 2], [True, False], [1j, 2], np.uint8([1, 2]), np.complex64([1, 2])], ids=repr)
def test_what_is_not_floating_never_requires_gradients(data: Any) -> None:
    t, floating = Tensor(data), Tensor([1.0, 2.0], requires_grad=True)
    frozen = nn.Parameter([1.0, 2.0])
    frozen.requires_grad = False
    ways: list[Callable[[], Any]] = [
        lambda: Tensor(data, requires_grad=True),
        lambda: Tensor([1.0, 2.0], dtype=t.dtype, requires_grad=True),
        lambda: nn.Parameter(data),
        lambda: nn.Parameter([1.0, 2.0], dtype=t.dtype),
        lambda: setattr(t, "requires_grad", True),
        lambda: setattr(copy.deepcopy(t), "requires_grad", True),
        lambda: setattr(pickle.loads(pickle.dumps(t)), "requires_grad", True),
        lambda: setattr(t.detach(), "requires_grad", np.True_),
        lambda: setattr(t.copy(), "requires_grad", True),
        lambda: setattr(floating, "data", t),
        lambda: setattr(floating, "data", data),
    ]
    if t.dtype.kind != "c":  # arguments may be complex
        ways.append(lambda: mg.grad(mg.sum)(data))
    for way in ways:
        with pytest.raises(TypeError, match=f"only floating types.*{t.dtype}|{t.dtype}.*only floating types"):
            way()
    assert not t.requires_grad
    assert floating.dtype == np.float64
    converted = floating.astype(t.dtype) if t.dtype.kind != "c" else None
    assert not getattr(converted, "requires_grad", False)
    frozen.data = data
    if frozen.dtype.kind != "f":  # of complex numbers; it may only become one that requires no gradients
        with pytest.raises(TypeError, match="only floating types"):
            frozen.requires_grad = True


@pytest.mark.parametrize("value", [None, 1, 0, "True", [True]], ids=repr)
def test_requires_grad_is_true_or_false(value: Any) -> None:
    t = Tensor([1.0])
    with pytest.raises(TypeError, match="expected True or False"):
        t.requires_grad = value
    with pytest.raises(TypeError, match="expected True or False"):
        Tensor([1.0], requires_grad=value)


def test_a_complex_error_signal_of_a_real_tensor_is_refused() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match="complex128, expected an error signal of real numbers"):
        mg.exp(x).backward([1j, 2.0])
    assert x.grad is None


@pytest.mark.parametrize(
    "product",
    [
        lambda m, x: (m * x).sum(),
        lambda m, x: (m - x).sum(),
        lambda m, x: (m**x).sum(),
        lambda m, x: np.ma.add(m, x).sum(),
        lambda m, x: np.ma.exp(x).sum(),
        lambda m, x: np.ma.dot(m, x).sum(),
        lambda m, x: np.ma.where(m > 1, x, 0.0).sum(),
    ],
)
def test_a_masked_array_that_takes_a_value_out_of_the_graph_is_refused(product: Callable[[Any, Any], Any]) -> None:
    """A masked array on the left computes by itself; nobody asks the Tensor on its right."""
    m, t = masked([1.0, 2.0, 3.0]), Tensor([1.0, 2.0, 3.0], requires_grad=True)
    assert product(m, t.detach()) == product(m, t.data)
    with pytest.raises(TypeError, match=r"copies the numbers of a Tensor \(shape \(3,\)\)"):
        product(m, t)
    with pytest.raises(TypeError, match="copies the numbers of"):
        mg.grad(lambda x: product(m, x) + mg.sum(x))(t.data)


def test_a_conversion_to_a_masked_array_warns_in_grad() -> None:
    assert np.ma.array(Tensor([1.0, 2.0], requires_grad=True)).sum() == 3.0
    with pytest.warns(RuntimeWarning, match="out of the graph"):
        mg.grad(lambda x: np.ma.array(x).sum() + mg.sum(x))(np.ones(3))
