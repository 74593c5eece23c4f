"""Seeds: whole numbers that are their own, and hashes that tell every (seed, epoch, purpose) apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.random import epoch_generator, seed_of
from nn.random.seeds import key_of
from tests.helpers.parametrized.ids import shown

SEEDS = st.integers(0, 2**130)
KEYS = st.tuples(st.sampled_from(["epoch", "samples"]), SEEDS, st.integers(0, 2**40), st.text())


@given(seed=SEEDS)
def test_a_whole_number_is_its_own_seed(seed: int) -> None:
    assert seed_of(seed) == seed
    assert type(seed_of(np.uint8(seed % 256))) is int


def test_a_generator_draws_one_number_once() -> None:
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    assert seed_of(rng) == twin.integers(2**63)
    assert rng.bit_generator.state == twin.bit_generator.state
    assert seed_of(rng) == seed_of(twin.bit_generator)


def test_sequences_and_seed_sequences_always_give_the_same_seed() -> None:
    sequence = np.random.SeedSequence(5)
    assert seed_of(sequence) == seed_of(sequence) == seed_of(np.random.SeedSequence(5)) != seed_of([5, 1])
    assert seed_of([5, 1]) == seed_of((5, 1))


def test_without_one_it_is_new_each_time() -> None:
    assert len({seed_of(None) for _ in range(20)}) == 20


@pytest.mark.parametrize("value", [1.0, "seed", {}, object(), np.array(["a"])], ids=shown)
def test_what_is_not_a_seed_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"rng: got .*, expected a seed, a whole number of at least 0, or a generator"):
        seed_of(value)
    with pytest.raises(ValueError, match="rng: the seed is -1, expected a whole number of at least 0"):
        seed_of(-1)


@given(one=KEYS, other=KEYS)
def test_keys_tell_apart(one: Any, other: Any) -> None:
    assert (key_of(*one) == key_of(*other)) == (one == other)


@pytest.mark.parametrize("other", [(1, 0, "order"), (0, 1, "order"), (0, 0, "other")])
def test_a_generator_is_a_function_of_seed_epoch_and_purpose(other: Any) -> None:
    first, again, differs = epoch_generator(0, 0, "order"), epoch_generator(0, 0, "order"), epoch_generator(*other)
    assert first is not again
    numbers = first.random(1000)
    assert np.array_equal(numbers, again.random(1000))
    assert abs(np.corrcoef(numbers, differs.random(1000))[0, 1]) < 0.1


def test_zeros_at_the_end_count() -> None:
    """As they do not for `SeedSequence`, for which (1,) and (1, 0) are one."""
    assert np.array_equal(
        np.random.SeedSequence([1]).generate_state(1), np.random.SeedSequence([1, 0]).generate_state(1)
    )
    assert epoch_generator(1, 0, "").random() != epoch_generator(1, 0, "\0").random()
