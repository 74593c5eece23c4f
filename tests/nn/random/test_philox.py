"""Philox4x32-10: the known answers of its authors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.random.philox import philox4x32

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ([0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([ONES] * 4, [ONES] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_known_answers(counter: list[int], key: list[int], answer: str) -> None:
    """Of Random123, the authors' implementation, in its file kat_vectors."""
    words = philox4x32(np.array(counter, np.uint64)[:, None], key)
    assert " ".join(f"{int(word):08x}" for word in words[:, 0]) == answer


def test_each_counter_alone_gives_what_it_gives_among_others() -> None:
    counters: Any = np.random.default_rng(0).integers(0, 2**32, (4, 50), dtype=np.uint64)
    before = counters.copy()
    words = philox4x32(counters, [7, 9])
    assert np.array_equal(counters, before)
    assert words.max() < 2**32
    for i in range(50):
        assert np.array_equal(philox4x32(counters[:, i : i + 1], [7, 9])[:, 0], words[:, i])
