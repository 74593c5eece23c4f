"""Several transforms after one another, and functions of the user among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.data import Brightness, Compose, Cutout, Flip, Noise, Rotate
from nn.data.augmentation.compose import takes_rng
from nn.random import SampleGenerator


def images(*shape: int) -> Any:
    return np.random.default_rng(0).random(shape).astype(np.float32)


def test_they_follow_each_other() -> None:
    x = images(5, 1, 6, 6)
    bright, cut = Brightness((2, 2)), Cutout(6, fill=1.0)
    assert np.unique(Compose([cut, bright])(x, 0)).max() == 2
    np.testing.assert_array_equal(Compose([bright, Flip(1)])(x, 0), 2 * x[..., ::-1])


def test_none_is_a_copy() -> None:
    x = images(2, 1, 3, 3)
    for y in (Compose([])(x, 0), Compose([lambda x: x])(x, 0)):
        np.testing.assert_array_equal(x, y)
        assert not np.shares_memory(x, y)


def test_each_step_has_its_own_numbers() -> None:
    x = images(400, 1, 2, 2)
    once = Flip(0.5)
    kept = (Compose([once, once])(x, 0) == x).all(axis=(1, 2, 3)).mean()
    assert 0.4 < kept < 0.6  # not 1: the second flip does not undo the first


def test_functions_of_the_user() -> None:
    def shifted(x: Any, rng: SampleGenerator) -> Any:
        return x + rng.uniform(1, 2, size=(1, 1, 1)).astype(x.dtype)

    x = images(50, 1, 4, 4)
    transform = Compose([Rotate(0), shifted, np.negative, lambda x, scale=2: scale * x, Noise(0)])
    numbers = SampleGenerator(0, 1, np.arange(50), "transform")
    y = transform(x, numbers)
    shift = -y / 2 - x
    assert 1 <= shift.min() < 1.1
    assert 1.9 < shift.max() < 2.0001
    assert np.ptp(shift, axis=(1, 2, 3)).max() < 1e-6
    again = SampleGenerator(0, 1, np.arange(20, 30), "transform")
    np.testing.assert_array_equal(transform(x[20:30], again), y[20:30])


def test_what_takes_random_numbers() -> None:
    class Module:
        def __call__(self, x: Any, rng: Any = None) -> Any: ...

    assert takes_rng(Flip())
    assert takes_rng(Compose([]))
    assert takes_rng(Module())
    assert takes_rng(lambda x, generator: x)
    for function in (np.negative, lambda x: x, lambda x, mean=0.5: x - mean, lambda x, *, rng=None: x, np.sqrt, abs):
        assert not takes_rng(function)


def test_what_a_function_must_return() -> None:
    x = images(2, 1, 4, 4)

    def forgets(x: Any) -> None:
        x * 2

    with pytest.raises(TypeError, match="Compose: forgets returned None, expected images; is its return missing"):
        Compose([forgets])(x, 0)
    with pytest.raises(ValueError, match=r"Compose, after <lambda>: images have shape \(2, 4, 4\)"):
        Compose([lambda x: x[:, 0], Flip()])(x, 0)


def test_what_is_not_a_list_of_functions() -> None:
    with pytest.raises(TypeError, match="Compose: got a Rotate, expected a list"):
        Compose(Rotate(5))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"transforms\[1\] is the class Flip, .*write Flip\(…\)"):
        Compose([Rotate(5), Flip])
    with pytest.raises(TypeError, match=r"transforms\[0\] is 15, expected a function of images"):
        Compose([15])  # type: ignore[list-item]
