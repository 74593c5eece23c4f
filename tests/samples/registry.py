"""Sample inputs for every operation: what the tests of values, gradients, dtypes and layouts run on.

The files of this folder mirror the tables of rules. A new elementwise function of one argument is one row in the
file of its table::

    unary("cbrt", positive)

It says where the function is smooth. The value is compared with NumPy's function of the same name; if NumPy
has none, give the row a formula in NumPy as its third argument. Two arguments: a ``binary`` row. Over axes: a
``reduction`` row. Anything else: a ``sample`` row with its arrays. A test fails until an operation has a row.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import count
from typing import Any

import numpy as np

from minigrad import rules
from minigrad.cli.functions import FUNCTIONS
from minigrad.core.primitive import Primitive
from minigrad.device import device_of, to_device

Function = Callable[..., Any]
Domain = Callable[..., Any]

#: The primitives that minigrad defines, by name; tests and users may have registered others.
PRIMITIVES: dict[str, Primitive] = {
    value.name: value
    for module in pkgutil.walk_packages(rules.__path__, "minigrad.rules.")
    for value in vars(import_module(module.name)).values()
    if isinstance(value, Primitive)
}

#: What needs samples: every primitive, and every public function composed of them.
OPERATIONS: dict[str, Function] = {**PRIMITIVES, **FUNCTIONS}


@dataclass(frozen=True)
class Sample:
    """A function that calls one operation, float64 arrays where it is smooth, and the same function in NumPy."""

    operation: str
    f: Function
    arrays: tuple[Any, ...]
    reference: Function

    def __str__(self) -> str:
        return f"{self.operation}{[np.shape(a) for a in self.arrays]}".replace(" ", "")


SAMPLES: dict[str, list[Sample]] = {}

#: Elementwise operations: the domains of their arguments, and the function in NumPy. For arrays of any shape.
ELEMENTWISE: dict[str, tuple[tuple[Domain, ...], Function]] = {}


def sample(name: str, f: Function, *arrays: Any, reference: Function | None = None) -> None:
    """A row: `f` takes Tensors or arrays; `reference` is needed if `f` is not plain NumPy."""
    frozen = []
    for array in arrays:
        array = np.array(array, dtype=np.float64)
        array.setflags(write=False)  # no operation may write into its arguments
        frozen.append(array)
    SAMPLES.setdefault(name, []).append(Sample(name, f, tuple(frozen), reference or f))


def unary(name: str, domain: Domain, reference: Function | None = None) -> None:
    """A row for a function of one argument: a number, a vector and a matrix from its domain."""
    ELEMENTWISE[name] = (domain,), reference or getattr(np, name)
    for shape in [(), (4,), (2, 3)]:
        sample(name, OPERATIONS[name], domain(*shape), reference=reference or getattr(np, name))


def binary(name: str, left: Domain, right: Domain, reference: Function | None = None) -> None:
    """A row for a function of two arguments, for all ways in which two shapes broadcast."""
    ELEMENTWISE[name] = (left, right), reference or getattr(np, name)
    for a, b in [((), ()), ((3,), (3,)), ((3,), ()), ((), (1,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((1, 1), (2, 1, 2))]:
        sample(name, OPERATIONS[name], left(*a), right(*b), reference=reference or getattr(np, name))


def reduction(name: str, reference: Function) -> None:
    """A row for a reduction: over one axis, several, and all, with and without ``keepdims``."""
    for shape, axis in [
        *[((), None), ((3,), None), ((3,), 0), ((2, 3), None), ((2, 3), 1), ((2, 3), -2), ((2, 1, 3), (0, 2))],
        *[((2, 3), (-1,)), ((2, 2, 2), (1, -1)), ((2, 3), (0, 1))],
    ]:
        for keepdims in (False, True):
            params = {"axis": axis, "keepdims": keepdims}
            sample(name, partial(OPERATIONS[name], **params), anywhere(*shape), reference=partial(reference, **params))


def on_device_of(x: Any, constant: Any) -> Any:
    """A constant array of a row on the device of its argument x: the rows run on a GPU too."""
    return to_device(constant, device_of(x))


def real_view(z: Any) -> Any:
    """A real number that depends on both parts of a complex one, with different weights."""
    return np.real(z) - 2 * np.imag(z)


# ---------------------------------------------------------------- where functions are smooth


_calls = count()


def restart(seed: int = 0) -> None:
    """Restarts the random numbers: those of one file do not depend on the files before it."""
    global _calls
    _calls = count(seed)


def between(low: float, high: float) -> Domain:
    """Distinct numbers from this range, none within 0.1 of another or of 0, where kinks and ties are."""

    def draw(*shape: int) -> Any:
        rng = np.random.default_rng([next(_calls), *shape])  # two arguments of one row must not tie either
        grid = np.linspace(low, high, 2 + 2 * int(np.prod(shape)))[1:-1]
        grid = grid[np.abs(grid) > 0.05 * (high - low) / 2]
        return (rng.permutation(grid)[: int(np.prod(shape))] + rng.uniform(-0.001, 0.001)).reshape(shape)

    return draw


anywhere = between(-2, 2)
positive = between(0.3, 3)
unit = between(-0.9, 0.9)
above_one = between(1.2, 4)


def with_zeros(*shape: int) -> Any:
    """Numbers from anywhere, of which every second one is 0: for functions that are smooth there."""
    x = anywhere(*shape)
    x.flat[::2] = 0
    return x
