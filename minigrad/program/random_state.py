"""The generators of random numbers that a function may draw from, and whether it did.

A function that draws in order to branch (``if rng.random() < 0.5``) records one of its branches. Where it takes the
same one again, its lines are the same, and only the generator's state shows that it drew.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from minigrad.program.recording.captured import cell_contents, global_names

__all__ = ["random_states"]

_GENERATORS = (np.random.Generator, np.random.RandomState, np.random.BitGenerator, random.Random)


def random_states(f: Callable[..., Any]) -> list[Any]:
    """The states of the global generators of NumPy and Python, and of the generators that a function names.

    >>> rng = np.random.default_rng(0)
    >>> before = random_states(lambda: rng.normal())
    >>> _ = rng.normal()
    >>> before == random_states(lambda: rng.normal())
    False
    """
    own = np.random.mtrand._rand
    return [_state(generator) for generator in (own, random._inst, *_generators(f))]


def _generators(f: Any) -> Iterator[Any]:
    """The generators in variables of a function, and of the functions that it calls by name."""
    pending, seen = [f], set()
    while pending:
        x = pending.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        if isinstance(x, _GENERATORS):
            yield x
        elif isinstance(x, MethodType):
            pending += [x.__func__, *getattr(x.__self__, "__dict__", {}).values()]
        elif isinstance(x, partial):
            pending += [x.func, *x.args, *x.keywords.values()]
        elif isinstance(x, FunctionType):
            cells = [cell_contents(cell) for cell in x.__closure__ or ()]
            found = [x.__globals__[name] for name in global_names(x.__code__) if name in x.__globals__]
            pending += [*cells, *found, *(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values()]


def _state(generator: Any) -> Any:
    if isinstance(generator, random.Random):
        return generator.getstate()
    if isinstance(generator, np.random.RandomState):
        return _plain(generator.get_state(legacy=False))
    if isinstance(generator, np.random.Generator):
        generator = generator.bit_generator
    return _plain(generator.state)


def _plain(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _plain(part) for key, part in state.items()}
    return state.tolist() if isinstance(state, np.ndarray) else state
