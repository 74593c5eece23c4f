"""Several transforms after one another, and functions of the user among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.data import Brightness, Compose, Cutout, DataLoader, Flip, Noise, Rotate, Shear, Translate
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


def test_what_a_function_must_return() -> None:
    x = images(2, 1, 4, 4)

    def forgets(x: Any) -> None:
        x * 2

    with pytest.raises(TypeError, match=r"Compose: transform forgets: .* got None; does it lack a return"):
        Compose([forgets])(x, 0)
    with pytest.raises(ValueError, match=r"Flip: images have shape \(2, 4, 4\)"):
        Compose([lambda x: x[:, 0], Flip()])(x, 0)
    with pytest.raises(ValueError, match=r"Rotate and Shear: images\[0, 0, 0, 0\] is nan"):
        Compose([Rotate(5), Shear(5)])(x * np.nan, 0)


def test_what_is_not_a_list_of_functions() -> None:
    with pytest.raises(TypeError, match="Compose: got a Rotate, expected a list"):
        Compose(Rotate(5))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"Compose: transform is <class .*Flip'>, .*write Flip\(…\)"):
        Compose([Rotate(5), Flip])
    for wrong in (15, None):
        with pytest.raises(TypeError, match=f"Compose: transform is {wrong}, expected a function of a batch of inputs"):
            Compose([wrong])  # type: ignore[list-item]


class TestLoader:
    """`transform=` of a DataLoader: a list is a `Compose`, and each sample has the numbers of its epoch."""

    x = images(10, 1, 8, 8)

    def batches(self, transform: Any, **options: Any) -> Any:
        loader = DataLoader(self.x, np.arange(10), batch_size=4, transform=transform, rng=5, **options)
        return {int(i): image for batch in loader for image, i in zip(*batch, strict=True)}

    @pytest.mark.parametrize("transform", [Rotate(20), [Rotate(20), Noise(0.1)], [Rotate(20), Shear(5), np.negative]])
    def test_neither_order_nor_batches_have_a_part_in_a_sample(self, transform: Any) -> None:
        plain, shuffled = self.batches(transform), self.batches(transform, shuffle=True)
        ahead = self.batches(transform, shuffle=True, prefetch=2)
        for i in range(10):
            np.testing.assert_array_equal(plain[i], shuffled[i])
            np.testing.assert_array_equal(plain[i], ahead[i])
        numbers = SampleGenerator(5, 0, np.arange(10), "transform")
        steps = transform if isinstance(transform, list) else [transform]
        np.testing.assert_array_equal(np.stack([plain[i] for i in range(10)]), Compose(steps)(self.x, numbers))

    def test_a_list_resamples_once(self) -> None:
        there_and_back = [Translate((0.5, 0.5), 0), Translate((-0.5, -0.5), 0)]
        np.testing.assert_array_equal(self.batches(there_and_back)[3], self.x[3])

    def test_inputs_need_not_be_images(self) -> None:
        loader = DataLoader(np.arange(6), batch_size=3, transform=[lambda x: x + 1, lambda x, rng: x * rng.random()])
        assert [len(x) for (x,) in loader] == [3, 3]

    def test_errors(self) -> None:
        with pytest.raises(TypeError, match=r"DataLoader: transform is <class .*Flip'>, .*write Flip\(…\)"):
            DataLoader(self.x, transform=Flip)
        with pytest.raises(TypeError, match="DataLoader: transform is None"):
            DataLoader(self.x, transform=[None])
        with pytest.raises(TypeError, match=r"DataLoader: transform <lambda>: .* got None"):
            next(iter(DataLoader(self.x, transform=lambda x: None)))
