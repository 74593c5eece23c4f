"""Random numbers of samples: a function of (seed, epoch, sample, purpose, draw), uniform and independent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.random import SampleGenerator
from nn.random.sample_generator import FEW

#: Each method, for few numbers of a sample and for many, and for an odd number of them.
DRAWS: dict[str, Callable[[SampleGenerator], Any]] = {
    "random": lambda rng: rng.random(),
    "random, few": lambda rng: rng.random((3, 5)),
    "random, most of few": lambda rng: rng.random(FEW),
    "random, many": lambda rng: rng.random(FEW + 1),
    "float32, few": lambda rng: rng.random(2 * FEW - 1, np.float32),
    "float32, many": lambda rng: rng.random((2 * FEW + 1,), np.float32),
    "uniform": lambda rng: rng.uniform(-2, 3, (2, 2)),
    "uniform, many": lambda rng: rng.uniform(-2, 3, 100),
    "normal": lambda rng: rng.normal(1, 2),
    "normal, float32": lambda rng: rng.standard_normal(50, np.float32),
    "integers": lambda rng: rng.integers(-5, 5, 7),
    "at_least, few": lambda rng: rng.at_least(0.3, 2 * FEW),
    "at_least, many": lambda rng: rng.at_least(0.3, 2 * FEW + 1),
}
every_draw = pytest.mark.parametrize("draw", DRAWS.values(), ids=list(DRAWS))


@every_draw
@given(
    samples=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=6),
    before=st.lists(st.sampled_from(sorted(DRAWS)), max_size=3),
    picked=st.data(),
)
def test_the_numbers_of_a_sample_do_not_depend_on_the_others(
    draw: Any, samples: list[int], before: list[str], picked: Any
) -> None:
    chosen = picked.draw(st.lists(st.integers(0, len(samples) - 1), min_size=1, max_size=6))
    whole, part = (SampleGenerator(3, 1, given, "augment") for given in (samples, [samples[i] for i in chosen]))
    for name in before:
        DRAWS[name](whole)
        DRAWS[name](part)
    np.testing.assert_array_equal(draw(whole)[chosen], draw(part))


@every_draw
def test_a_draw_is_a_function_of_what_it_is_made_from(draw: Any) -> None:
    def first(*args: Any) -> bytes:
        return draw(SampleGenerator(*args)).tobytes()  # type: ignore[no-any-return]

    given = (3, 1, range(50), "augment")
    assert first(*given) == first(*given)
    others = [(4, 1, range(50), "augment"), (3, 2, range(50), "augment"), (3, 1, range(50), "augment 2")]
    others += [(3, 1, range(1, 51), "augment")]
    assert len({first(*given), *(first(*other) for other in others)}) == 5
    rng = SampleGenerator(*given)
    assert len({draw(rng).tobytes() for _ in range(4)}) == 4


def test_the_numbers_of_a_sample_are_those_of_numpy_where_they_are_many() -> None:
    """NumPy's own generator, at this key and counter."""
    rng = SampleGenerator(0, 0, [7], "x")
    rng.random()
    state: Any = np.random.Philox(key=0).state
    state["state"]["key"] = rng._key()
    state["state"]["counter"] = np.array([0, 0, 1, 7], np.uint64)
    bits = np.random.Philox()
    bits.state = state
    np.testing.assert_array_equal(rng.random(500, np.float32)[0], np.random.Generator(bits).random(500, np.float32))


@given(p=st.integers(0, 2**24).map(lambda k: k / 2**24), size=st.integers(0, 3 * FEW), sample=st.integers(0))
def test_at_least_compares_what_random_draws(p: float, size: int, sample: int) -> None:
    """In float32, whose numbers are multiples of 2⁻²⁴."""
    one, other = (SampleGenerator(1, 2, [sample % 2**63, 5], "x") for _ in range(2))
    np.testing.assert_array_equal(one.at_least(p, size), other.random(size, np.float32) >= p)


def test_threads_do_not_disturb_each_other() -> None:
    def drawn(sample: int) -> bytes:
        rng = SampleGenerator(0, 0, np.arange(sample, sample + 20), "x")
        return b"".join(rng.standard_normal(100).tobytes() + rng.random(100).tobytes() for _ in range(10))

    expected = [drawn(sample) for sample in range(16)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(drawn, range(16))) == expected


@pytest.mark.parametrize("size", [(), 1, 5, FEW + 1, 3 * FEW, (2, 3), (4, 50), 0], ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_shapes_dtypes_and_range(size: Any, dtype: Any) -> None:
    rng = SampleGenerator(0, 0, np.arange(9), "x")
    shape = (9, *(size if isinstance(size, tuple) else (size,)))
    for numbers in (rng.random(size, dtype), rng.standard_normal(size, dtype)):
        assert numbers.shape == shape
        assert numbers.dtype == dtype
    assert rng.at_least(0.5, size).shape == rng.integers(5, size=size).shape == shape
    numbers = rng.random(size, dtype)
    assert ((numbers >= 0) & (numbers < 1)).all()
    whole = rng.integers(2, 6, size)
    assert whole.dtype == np.int64
    assert ((whole >= 2) & (whole < 6)).all()


@pytest.mark.parametrize("count", [1, 7, FEW + 6])
def test_the_ends_of_probabilities(count: int) -> None:
    rng = SampleGenerator(0, 0, np.arange(200), "x")
    assert rng.at_least(0.0, 2 * count).all()
    assert not rng.at_least(1.0, 2 * count).any()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("size", [1, 2, 20, 200])
def test_numbers_are_uniform(size: int, dtype: Any) -> None:
    """By the test of Kolmogorov and Smirnov: over samples, over draws, over purposes, over epochs, within a sample."""
    stats = pytest.importorskip("scipy.stats")
    rng = SampleGenerator(0, 0, np.arange(4000), "x")
    over_samples = rng.random(size, dtype)
    of_one = SampleGenerator(0, 0, [5], "x")
    draws = np.concatenate([of_one.random(size, dtype)[:, -1] for _ in range(400)])
    purposes, epochs = (
        np.concatenate([SampleGenerator(0, e, [5], p).random(size, dtype)[:, 0] for e, p in pairs])
        for pairs in ([(0, f"layer {i}") for i in range(400)], [(e, "x") for e in range(400)])
    )
    for numbers in (over_samples[:, 0], over_samples[:, -1], over_samples[:50].ravel(), draws, purposes, epochs):
        assert stats.kstest(numbers, "uniform", method="asymp").pvalue > 1e-3


@pytest.mark.parametrize("size", [(), 300])
def test_normal_numbers_are_normal(size: Any) -> None:
    stats = pytest.importorskip("scipy.stats")
    numbers = SampleGenerator(0, 0, np.arange(2000), "x").normal(3, 2, size).reshape(2000, -1)
    for column in (numbers[:, 0], numbers[:, -1], numbers[0] if numbers.shape[1] > 1 else numbers[:, 0]):
        assert stats.kstest(column, stats.norm(3, 2).cdf, method="asymp").pvalue > 1e-3


def test_whole_numbers_are_equally_frequent() -> None:
    stats = pytest.importorskip("scipy.stats")
    numbers = SampleGenerator(0, 0, np.arange(6000), "x").integers(6)
    assert stats.chisquare(np.bincount(numbers, minlength=6)).pvalue > 1e-3


@pytest.mark.parametrize("size", [16, 400])
def test_neighbours_are_uncorrelated(size: int) -> None:
    """Neighbouring samples, draws, epochs, seeds, and purposes that differ in a letter: 4 σ of so many products."""
    rng = SampleGenerator(0, 0, np.arange(500), "layer 1")
    numbers = rng.random(size) - 0.5
    others = [
        np.roll(numbers, 1, axis=0),
        np.roll(numbers, 1, axis=1),
        rng.random(size) - 0.5,
        SampleGenerator(0, 1, np.arange(500), "layer 1").random(size) - 0.5,
        SampleGenerator(1, 0, np.arange(500), "layer 1").random(size) - 0.5,
        SampleGenerator(0, 0, np.arange(500), "layer 2").random(size) - 0.5,
    ]
    for other in others:
        assert abs(np.mean(numbers * other) * 12) < 4 / np.sqrt(numbers.size)


def test_repeated_and_no_samples() -> None:
    twice = SampleGenerator(0, 0, [4, 4], "x").random(3)
    np.testing.assert_array_equal(twice[0], twice[1])
    for draw in DRAWS.values():
        assert len(draw(SampleGenerator(0, 0, [], "x"))) == 0


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda rng: rng.random(3, np.float16), TypeError, "dtype is float16, expected float64 or float32"),
        (lambda rng: rng.standard_normal(3, int), TypeError, "dtype is int64, expected float64 or float32"),
        (lambda rng: rng.integers(5, 5), ValueError, "low is 5 and high 5, expected low < high"),
        (lambda rng: rng.integers(2**40), ValueError, "at most 2³² numbers"),
    ],
)
def test_errors(call: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        call(SampleGenerator(0, 0, [1], "x"))


def test_its_repr() -> None:
    assert repr(SampleGenerator(1, 2, [3, 4], "x")) == "SampleGenerator(seed=1, epoch=2, purpose='x') of 2 samples"
    assert len(SampleGenerator(1, 2, [3, 4], "x")) == 2
