"""Points in the plane of classes that no straight line divides, to see what a small network learns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn.hyperparameters import finite_number, whole_number
from nn.random.seeds import Seed, seed_of
from nn.unsupported import explains_calls

__all__ = ["Points", "make_moons", "make_spirals", "make_xor"]


class Points(NamedTuple):
    """Points and their classes: ``x, y = make_moons()``."""

    x: NDArray[np.float32]
    """(N, 2)."""
    y: NDArray[np.int64]
    """(N,), class numbers from 0."""


@explains_calls
def make_xor(n_samples: int = 4, *, noise: float = 0.0, rng: Seed = None) -> Points:
    """The exclusive or: the points (0, 0), (0, 1), (1, 0), (1, 1) in turn, of which the second and third are class 1.

    It is the classical task that a single perceptron cannot learn (Minsky and Papert, 1969).

    Arguments:
        n_samples: the number of points.
        noise: the standard deviation of normal noise that is added to the points.
        rng: a seed or a generator for the noise, as for `numpy.random.default_rng`.

    Raises:
        TypeError, ValueError: if `n_samples` is not a whole number of at least 1, or `noise` is negative.

    >>> x, y = make_xor()
    >>> x.tolist(), y
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], array([0, 1, 1, 0]))
    """
    n = whole_number("make_xor: n_samples", n_samples, least=1)
    a, b = np.arange(n) // 2 % 2, np.arange(n) % 2
    generator = np.random.default_rng(seed_of(rng))
    return Points(_noisy("make_xor", np.stack([a, b], axis=1), noise, generator), (a != b).astype(np.int64))


@explains_calls
def make_moons(n_samples: int = 100, *, noise: float = 0.0, rng: Seed = None) -> Points:
    """Two half circles that reach into each other, in random order; scikit-learn's function of this name.

    Arguments:
        n_samples: the number of points, of which half are in each class, and one more in class 1 if it is odd.
        noise: the standard deviation of normal noise that is added to the points.
        rng: a seed or a generator for order and noise, as for `numpy.random.default_rng`.

    Raises:
        TypeError, ValueError: if `n_samples` is not a whole number of at least 2, or `noise` is negative.

    >>> x, y = make_moons(200, noise=0.1, rng=0)
    >>> x.shape, np.bincount(y)
    ((200, 2), array([100, 100]))
    """
    n = whole_number("make_moons: n_samples", n_samples, least=2)
    upper, lower = np.linspace(0, np.pi, n // 2), np.linspace(0, np.pi, n - n // 2)
    points = np.concatenate(
        [np.stack([np.cos(upper), np.sin(upper)], 1), np.stack([1 - np.cos(lower), 0.5 - np.sin(lower)], 1)]
    )
    return _shuffled("make_moons", points, np.repeat([0, 1], [n // 2, n - n // 2]), noise, rng)


@explains_calls
def make_spirals(
    n_samples: int = 100, *, n_classes: int = 2, turns: float = 1.0, noise: float = 0.0, rng: Seed = None
) -> Points:
    """Spirals from the centre to the unit circle, one for each class, in random order.

    Arguments:
        n_samples: the number of points, in all classes together; the first classes have one more if it does not divide.
        n_classes: the number of spirals.
        turns: how often each goes around the centre. Two spirals with more turns are harder to tell apart.
        noise: the standard deviation of normal noise that is added to the points.
        rng: a seed or a generator for order and noise, as for `numpy.random.default_rng`.

    Raises:
        TypeError, ValueError: if there are fewer points than classes, or a setting is negative.

    >>> x, y = make_spirals(300, n_classes=3, rng=0)
    >>> x.shape, np.bincount(y)
    ((300, 2), array([100, 100, 100]))
    """
    k = whole_number("make_spirals: n_classes", n_classes, least=1)
    n = whole_number("make_spirals: n_samples", n_samples, least=k)
    turns = finite_number("make_spirals: turns", turns)
    counts = [n // k + (i < n % k) for i in range(k)]
    labels = np.repeat(np.arange(k), counts)
    radius = np.concatenate([np.arange(1, count + 1) / count for count in counts])  # not the centre: it has no class
    angle = 2 * np.pi * (turns * radius + labels / k)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
    return _shuffled("make_spirals", points, labels, noise, rng)


def _shuffled(name: str, points: NDArray[np.float64], labels: NDArray[np.int64], noise: float, rng: Seed) -> Points:
    generator = np.random.default_rng(seed_of(rng))
    order = generator.permutation(len(points))
    return Points(_noisy(name, points[order], noise, generator), labels[order])


def _noisy(name: str, points: NDArray[np.number], noise: float, rng: np.random.Generator) -> NDArray[np.float32]:
    scale = finite_number(f"{name}: noise", noise)
    return (points + scale * rng.standard_normal(points.shape)).astype(np.float32)
