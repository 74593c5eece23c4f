"""A second and a third opinion on every operation: PyTorch and HIPS autograd, where they are installed.

Each sample's value and the error signals of all its arguments are compared, for a random error signal of the value.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from minigrad.core.graph import sweep
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.for_each import naming
from tests.oracles import HIPS, PYTORCH, Library
from tests.oracles.conventions import CONVENTIONS, Convention
from tests.samples import OPERATIONS, PRIMITIVES, SAMPLES

pytestmark = pytest.mark.oracle

LIBRARIES = [library for library in (PYTORCH, HIPS) if library.installed]
if not LIBRARIES:
    pytest.skip(
        "neither PyTorch nor HIPS autograd is installed: make test-oracle installs them", allow_module_level=True
    )

ROWS = [(library, operation) for library in LIBRARIES for operation in library.rows]
COMPARED = [(library, operation) for library in LIBRARIES for operation in SAMPLES if library.compares(operation)]


def name(part: Any) -> str:
    return getattr(part, "name", part)


def seed(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(0).normal(size=shape)


def ours(f: Any, arrays: Any, seed: Any) -> tuple[Any, list[Any]]:
    xs = [Tensor(a, requires_grad=True) for a in arrays]
    y = f(*xs)
    signals = sweep(y, seed(y.shape)[()])
    return y.data, [signals[x] for x in xs]


@pytest.mark.parametrize(("library", "operation"), COMPARED, ids=name)
def test_values_and_error_signals_agree(library: Library, operation: str) -> None:
    for sample in SAMPLES[operation]:
        with naming(sample):
            y, x_bars = ours(sample.f, sample.arrays, seed)
            for f, whole in library.forms(sample):
                value, signals = library.run(f, whole, sample.arrays, seed)
                for found, expected in zip([y, *x_bars], [value, *signals], strict=True):
                    assert found.shape == np.shape(expected)
                    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("library", "operation"), ROWS, ids=name)
def test_every_row_is_called_by_a_sample_of_its_operation(library: Library, operation: str) -> None:
    """The documentation reads off the rows which operations agree."""
    library.called.clear()
    for sample in SAMPLES[operation]:
        for f, whole in library.forms(sample):
            library.run(f, whole, sample.arrays, seed)
            if operation in library.called:
                return
    pytest.fail(f"no sample of {operation} calls its row in the table of {library.name}")


@pytest.mark.parametrize("library", LIBRARIES, ids=name)
def test_every_operation_is_compared_or_a_reason_is_given(library: Library) -> None:
    missing = [name for name in OPERATIONS if not library.compares(name) and name not in library.lacking]
    assert not missing, f"add a row for each, or a reason to LACKING, to the table of {library.name} in tests/oracles/"


@pytest.mark.parametrize("library", LIBRARIES, ids=name)
def test_tables_name_operations_and_none_twice(library: Library) -> None:
    assert library.rows.keys() | library.lacking.keys() <= OPERATIONS.keys()
    assert not library.own.keys() & library.written.keys()
    assert not library.rows.keys() & library.lacking.keys()


@pytest.mark.parametrize(
    "convention",
    [c for c in CONVENTIONS if c.library in LIBRARIES],
    ids=lambda c: f"{c.operation}-{c.library.name}",
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # 0 / 0
def test_conventions_differ_as_the_table_says(convention: Convention) -> None:
    arrays = [np.array(a, dtype=float) for a in convention.at]
    _, signals = ours(convention.f, arrays, np.ones)
    for found, expected in zip(signals, convention.ours, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)

    library, operation = convention.library, convention.operation
    assert operation in library.own
    f = convention.f if operation in PRIMITIVES else lambda *xs: library.call(operation, xs, {}, whole=True)
    _, signals = library.run(f, True, arrays, np.ones)
    for found, expected in zip(signals, convention.theirs, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)
