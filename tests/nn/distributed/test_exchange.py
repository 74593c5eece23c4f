"""Parts of batches, sums over ranks, and what is gathered of all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.distributed.exchange import gathered, part, rows_of_ranks, summed
from tests.helpers.threads.ranks import on_ranks


@given(st.integers(0, 50), st.integers(0, 40), st.integers(1, 12))
@settings(max_examples=50, deadline=None)
def test_parts_are_the_whole_one_after_the_other(start: int, n: int, ranks: int) -> None:
    parts = [part(start, start + n, rank, ranks) for rank in range(ranks)]
    assert [i for first, last in parts for i in range(first, last)] == list(range(start, start + n))
    lengths = [last - first for first, last in parts]
    assert lengths == sorted(lengths, reverse=True) or max(lengths) - min(lengths) <= 1
    assert max(lengths) - min(lengths) <= 1
    assert lengths[0] == max(lengths)  # so rank 0 has something, if there is anything


@pytest.mark.parametrize("ranks", [1, 2, 3, 7])
def test_sums_of_whole_numbers_are_exact(ranks: int) -> None:
    numbers = np.random.default_rng(0).integers(0, 10**12, (ranks, 40))
    for found in on_ranks(ranks, lambda comm: summed(comm, *numbers[comm.rank].tolist())):
        assert found == numbers.sum(axis=0).tolist()


def test_rows() -> None:
    tables = on_ranks(3, lambda comm: rows_of_ranks(comm, [comm.rank, 7 * comm.rank]))
    assert all(table.tolist() == [[0, 0], [1, 7], [2, 14]] for table in tables)


DTYPES = ["float32", "float64", "float16", "int64", "uint8", "bool", "complex64", "complex128"]


@pytest.mark.parametrize("lengths", [(2, 1), (2, 0), (3, 3, 1), (1, 0, 0)])
def test_arrays_are_joined(lengths: tuple[int, ...]) -> None:
    ranks, draw = len(lengths), np.random.default_rng(0)
    bounds = np.cumsum([0, *lengths])
    for dtype in DTYPES:
        x = (draw.normal(size=(sum(lengths), 2, 3)) * 100).astype(dtype)
        labels = draw.integers(-100, 10, sum(lengths))

        def join(comm: Any, x: Any = x, labels: Any = labels) -> Any:
            own = slice(*bounds[comm.rank : comm.rank + 2])
            return gathered(comm, [x[own], labels[own], None] if lengths[comm.rank] else [None, None, None])

        for found in on_ranks(ranks, join):
            assert (found[0].dtype, found[1].dtype) == (x.dtype, labels.dtype)
            np.testing.assert_allclose(found[0], x, rtol=1e-15 if dtype in ("float64", "complex128") else 0)
            np.testing.assert_array_equal(found[1], labels)
            assert found[2] is None


def test_infinite_numbers_and_nan_stay_in_their_places() -> None:
    parts = np.array([[1.0, np.nan], [np.inf, 4.0]], np.float32)
    for (found,) in on_ranks(2, lambda comm: gathered(comm, [parts[comm.rank]])):
        np.testing.assert_array_equal(found, [1, np.nan, np.inf, 4])


@pytest.mark.parametrize(
    "arrays", [[np.zeros((2, 3)), np.zeros((2, 4))], [np.zeros(2), np.zeros((2, 1))], [np.zeros(2), np.zeros(2, int)]]
)
def test_arrays_that_do_not_fit_are_refused_on_all_ranks(arrays: list[Any]) -> None:
    refused = []

    def join(comm: Any) -> None:
        with pytest.raises(ValueError, match="which cannot be joined to one batch") as raised:
            gathered(comm, [arrays[comm.rank]])
        refused.append(str(raised.value))

    on_ranks(2, join)
    assert refused[0] == refused[1]
