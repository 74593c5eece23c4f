"""Random layers within a training: numbers that are a function of (seed, epoch, sample, path), not of a generator."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
import nn
from nn.random import clear_position, set_position

KINDS = {
    "Dropout": (lambda: nn.Dropout(0.5), (40,)),
    "Dropout, large": (lambda: nn.Dropout(0.5), (9, 40)),
    "Dropout1d": (lambda: nn.Dropout1d(0.5), (40, 3)),
    "Dropout2d": (lambda: nn.Dropout2d(0.5), (40, 2, 3)),
    "Dropout3d": (lambda: nn.Dropout3d(0.5), (40, 2, 1, 3)),
    "AlphaDropout": (lambda: nn.AlphaDropout(0.5), (40,)),
    "FeatureAlphaDropout": (lambda: nn.FeatureAlphaDropout(0.5), (40, 2)),
    "DenoisingAutoencoder": (lambda: nn.DenoisingAutoencoder(nn.Identity()), (40,)),
}
every_kind = pytest.mark.parametrize(("make", "shape"), KINDS.values(), ids=list(KINDS))


@pytest.fixture(autouse=True)
def no_position() -> Iterator[None]:
    yield
    clear_position()


def outputs(model: Any, x: Any, samples: Any, seed: int = 0, epoch: int = 0, step: int = 0) -> Any:
    set_position(model, seed, epoch, np.asarray(samples), step)
    y = model(x)
    clear_position()
    return np.asarray(y)


@every_kind
@given(order=st.permutations(range(6)), size=st.integers(1, 6), seed=st.integers(0, 2**80), epoch=st.integers(0, 99))
def test_a_sample_has_its_numbers_in_any_batch(
    make: Any, shape: Any, order: list[int], size: int, seed: int, epoch: int
) -> None:
    model = nn.Sequential(nn.Identity(), make())
    x = np.random.default_rng(0).normal(size=(6, *shape)).astype(np.float32) + 3
    samples = np.array([5, 0, 10**12, 3, 8, 1])
    whole = outputs(model, x, samples, seed, epoch, step=0)
    part = order[:size]
    np.testing.assert_array_equal(outputs(model, x[part], samples[part], seed, epoch, step=7), whole[part])


@every_kind
def test_other_samples_epochs_seeds_paths_and_calls_have_other_numbers(make: Any, shape: Any) -> None:
    x = np.ones((2, *shape), dtype=np.float32)
    model = nn.Sequential(make(), make())
    model[0].training = model[1].training = True
    set_position(model, 0, 0, np.array([4, 5]), 0)
    first, again, other_layer = model[0](x), model[0](x), model[1](x)
    clear_position()
    found = [first[0], first[1], again[0], again[1], other_layer[0], other_layer[1]]
    for changed in ({"seed": 1}, {"epoch": 1}):
        set_position(model, **({"seed": 0, "epoch": 0} | changed), samples=np.array([4, 5]), step=0)  # type: ignore[arg-type]
        found += list(model[0](x))
    assert len({np.asarray(y).tobytes() for y in found}) == len(found)


def test_other_numbers_are_independent() -> None:
    """The shares of what two masks keep in common: p² of 0.5, within 4 σ."""
    model = nn.Sequential(nn.Dropout(0.5), nn.Dropout(0.5))
    x = np.ones((64, 400), dtype=np.float32)

    def mask(layer: int, call: int = 0, epoch: int = 0, seed: int = 0) -> Any:
        set_position(model, seed, epoch, np.arange(64), 0)
        return [model[layer](x) > 0 for _ in range(call + 1)][-1]

    first = mask(0)
    for other in (
        mask(1),
        mask(0, call=1),
        mask(0, epoch=1),
        mask(0, seed=1),
        np.roll(first, 1, 0),
        np.roll(first, 1, 1),
    ):
        assert abs((first & other).mean() - 0.25) < 4 * np.sqrt(0.25 * 0.75 / first.size)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("width", [20, 2000])
def test_the_share_that_is_dropped(p: float, width: int) -> None:
    y = outputs(nn.Dropout(p), np.ones((500, width)), np.arange(500))
    assert abs((y == 0).mean() - p) < 4 * np.sqrt(p * (1 - p) / y.size)
    assert y.max() == 1 / (1 - p)


@every_kind
def test_the_layers_own_generator_is_neither_used_nor_advanced(make: Any, shape: Any) -> None:
    one, other = make(), make()
    x = np.ones((2, *shape), dtype=np.float32)
    before = one.rng.bit_generator.state
    np.testing.assert_array_equal(outputs(one, x, [1, 2]), outputs(other, x, [1, 2]))
    assert one.rng.bit_generator.state == before
    one(x)
    assert one.rng.bit_generator.state != before


def test_an_input_of_another_length_draws_for_the_step() -> None:
    """As where a model has put several samples, or parts of them, along the first axis."""
    model, x = nn.Dropout(0.5), np.ones((7, 30))
    first = outputs(model, x, [0, 1, 2], step=4)
    assert np.array_equal(first, outputs(model, x, [5, 6, 7], step=4))
    assert (
        len(
            {
                first.tobytes(),
                *(outputs(model, x, [0], s, e, t).tobytes() for s, e, t in [(0, 0, 5), (0, 1, 4), (1, 0, 4)]),
            }
        )
        == 4
    )
    assert not np.array_equal(first[0], first[1])
    outputs(model, np.float32(1.0), [0])  # a single number has no first axis


def test_other_threads_have_no_position() -> None:
    layer = nn.Dropout(0.5, rng=3)
    expected = nn.Dropout(0.5, rng=3)(np.ones((4, 9)))
    batch, other_length = np.ones((4, 9)), np.ones((5, 9))
    set_position(layer, 1, 2, np.arange(4), 3)
    here = [layer(batch), layer(other_length)]
    set_position(layer, 1, 2, np.arange(4), 3)
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(layer(batch)))
    thread.start()
    thread.join()
    assert np.array_equal(found[0], expected)
    # In this thread the position is as it was, and the layer's first call is still to come.
    assert np.array_equal(layer(batch), here[0])
    assert np.array_equal(layer(other_length), here[1])
    assert not np.array_equal(found[0], here[0])


class DropsAnew(nn.Module):
    """A model that makes its layer in each forward, as beginners do."""

    def forward(self, x: Any) -> Any:
        return nn.Dropout(0.5)(x) + 10 * nn.Dropout(0.5)(x)


def test_layers_that_are_not_in_the_model_are_told_apart_by_their_turn() -> None:
    x = np.ones((3, 50))
    y = outputs(DropsAnew(), x, [1, 2, 3])
    assert np.array_equal(y, outputs(DropsAnew(), x, [1, 2, 3]))
    assert set(np.unique(y)) == {0, 2, 20, 22}  # the two layers drop different elements
    assert np.array_equal(y[1:], outputs(DropsAnew(), x[1:], [2, 3]))


def test_a_layer_that_is_replaced_within_an_epoch_has_its_path() -> None:
    x = np.ones((3, 50))
    model = nn.Sequential(nn.Dropout(0.5), nn.Dropout(0.5))
    set_position(model, 0, 0, np.arange(3), 0)
    model(x)
    model[1] = nn.Dropout(0.5)
    set_position(model, 0, 0, np.arange(3), 1)
    y = model(x)
    clear_position()
    assert np.array_equal(y, outputs(nn.Sequential(nn.Dropout(0.5), nn.Dropout(0.5)), x, np.arange(3)))


def test_what_is_recomputed_draws_the_same_numbers_after_the_position_is_set_again() -> None:
    x, samples = np.random.default_rng(0).normal(size=(5, 8)), np.arange(5)

    def gradient(recomputes: bool, again: bool = True) -> Any:
        block = nn.Sequential(nn.Linear(8, 8, rng=0), nn.Dropout(0.5), nn.Linear(8, 8, rng=1), nn.Dropout(0.5))
        set_position(block, 0, 3, samples, 0)
        loss = mg.sum((mg.checkpoint(block) if recomputes else block)(x) ** 2)
        if again:
            set_position(block, 0, 3, samples, 0)
        loss.backward()
        return block[0].weight.grad

    np.testing.assert_array_equal(gradient(True), gradient(False))
    with pytest.raises(RuntimeError, match="returned another result when called again"):
        gradient(True, again=False)


def test_a_layer_that_is_called_twice_is_not_recomputed_with_other_numbers_in_silence() -> None:
    layer = nn.Sequential(nn.Linear(8, 8, rng=0), nn.Dropout(0.5))
    light = mg.checkpoint(layer)
    set_position(layer, 0, 0, np.arange(5), 0)
    loss = mg.sum(light(light(np.ones((5, 8)))))
    set_position(layer, 0, 0, np.arange(5), 0)
    with pytest.raises(RuntimeError, match="returned another result when called again"):
        loss.backward()
