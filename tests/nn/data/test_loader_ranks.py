"""The parts of batches that several processes have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn

X = np.arange(23) * 10


def joined(loader: Any, ranks: int, **where: Any) -> list[tuple[Any, ...]]:
    """The batches whose parts the ranks have, as lists."""
    parts = [list(loader.batches(1, rank=rank, ranks=ranks, **where)) for rank in range(ranks)]
    return [
        tuple(np.concatenate(arrays).tolist() for arrays in (*zip(*batch, strict=True), [p.samples for p in batch]))
        for batch in zip(*parts, strict=True)
    ]


@given(st.integers(1, 9), st.integers(1, 5), st.booleans(), st.booleans(), st.data())
@settings(max_examples=60, deadline=None)
def test_parts_are_those_of_the_batches_of_a_single_process(
    size: int, ranks: int, shuffle: bool, drop_last: bool, data: st.DataObject
) -> None:
    if drop_last and size * ranks > len(X):
        return
    how: dict[str, Any] = {"shuffle": shuffle, "drop_last": drop_last, "rng": 3}
    transform = data.draw(st.sampled_from([None, lambda x, rng: x + rng.integers(1000)]))
    loader = nn.data.DataLoader(X, X, batch_size=size, transform=transform, **how)
    whole = nn.data.DataLoader(X, X, batch_size=size * ranks, transform=transform, **how)
    first = data.draw(st.integers(0, whole.n_batches or 0))
    assert joined(loader, ranks, first=first) == joined(whole, 1, first=first)
    assert loader.batches_of_ranks(ranks) == whole.n_batches


@pytest.mark.parametrize("data", [X, [(x,) for x in X]], ids=["arrays", "samples"])
@pytest.mark.parametrize("start", [0, 5, 22, 23, 40])
def test_an_epoch_goes_on_at_any_sample(data: Any, start: int) -> None:
    loader = nn.data.DataLoader(data, batch_size=2, shuffle=True, rng=0)
    found = joined(loader, 2, first=1, start=start)
    assert [sample for _, samples in found for sample in samples] == loader.order(1)[start:].tolist()
    assert len(found) == loader.batches_of_ranks(2, start) == -(-max(0, 23 - start) // 4)


def test_ready_batches_are_divided() -> None:
    batches = [(np.arange(5), np.ones((5, 2))), (np.arange(1), np.ones((1, 2)))]
    loader = nn.data.DataLoader(iter(batches))
    first, second = loader.batches(0, rank=1, ranks=3)
    assert (first.x.tolist(), first.y.shape, first.samples.tolist()) == ([2, 3], (2, 2), [2, 3])
    assert (second.x.shape, second.y.shape, second.samples.shape) == ((0,), (0, 2), (0,))


def test_full_batches_are_those_of_all_ranks_together() -> None:
    loader = nn.data.DataLoader(X, batch_size=10, drop_last=True)
    assert [len(batch.x) for batch in loader.batches(0, rank=1, ranks=2)] == [10]
    with pytest.raises(
        ValueError, match=r"because batch_size is 10 on each of 3 ranks and .* a batch_size of at most 7"
    ):
        loader.batches(0, rank=0, ranks=3)
