"""A gradient belongs to its leaf alone: one that is written into changes nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from minigrad.core.gradients import accumulate
from minigrad.core.graph import topological_order
from minigrad.core.tensor import Tensor
from tests.helpers.every_sample import EVERY_SAMPLE
from tests.helpers.parametrized.for_each import for_each
from tests.samples import Sample


def arrays_in(value: Any) -> Iterator[Any]:
    """The arrays in nested tuples, lists and dictionaries."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple | list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from arrays_in(part)


@for_each("sample", EVERY_SAMPLE)
def test_a_gradient_that_is_written_into_changes_nothing_else(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all leaves were large: arrays that a rule made are not copied then."""
    monkeypatch.setattr(accumulate, "LARGE", 0)
    xs = [Tensor(a, requires_grad=True) for a in sample.arrays]
    y = sample.f(*xs)
    seed = np.cos(np.arange(float(y.size))).reshape(y.shape)
    given = seed.copy()
    reachable = [seed, *arrays_in([[z._data, z._values, z._params] for z in topological_order(y)])]

    def gradients() -> list[Any]:
        for x in xs:
            x.grad = None
        y.backward(seed, retain_graph=True)
        return [x.grad for x in xs if x.grad is not None]

    first = gradients()
    expected = [x_bar.copy() for x_bar in first]
    for i, x_bar in enumerate(first):
        if isinstance(x_bar, np.ndarray):
            assert x_bar.flags.writeable
            assert not any(np.shares_memory(x_bar, other) for other in [*reachable, *arrays_in(first[:i])])
            x_bar.fill(np.nan)
    for x_bar, again in zip(expected, gradients(), strict=True):
        np.testing.assert_array_equal(x_bar, again)
    np.testing.assert_array_equal(seed, given)
