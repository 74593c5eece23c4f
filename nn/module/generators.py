"""The state of a generator of random numbers as an array, so that it can be stored beside those of parameters."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

import minigrad as mg
from nn.module.attributes import find, join, walk

__all__ = ["array_of_generator", "drawn_generators", "generator_state", "set_generator"]


def drawn_generators(module: Any) -> dict[str, np.random.Generator]:
    """The generators that belong into a state, each once.

    Those of layers that were given no seed, and have not drawn from it, say nothing: two models that are equal would
    have different states. Within `fit` layers draw by the samples, and not from their own generators.
    """
    found: dict[int, tuple[str, np.random.Generator]] = {}
    for path, part, own in walk(module):
        if not part._rng_is_fresh:
            for name, rng in own:
                if isinstance(rng, np.random.Generator):
                    found.setdefault(id(rng), (join(path, name), rng))
    return dict(found.values())


def set_generator(module: Any, name: str, rng: np.random.Generator, state: Any) -> None:
    """Set the generator at this path to a state, which from now on is a part of the module's."""
    rng.bit_generator.state = state
    owner = find(module, name.rpartition(".")[0])
    if getattr(owner, "_rng_is_fresh", False):
        owner._rng_is_fresh = False


def array_of_generator(rng: np.random.Generator) -> Any:
    """The state of its bit generator in JSON, as an array of bytes.

    >>> array_of_generator(np.random.default_rng(0)).tobytes()[:26]
    b'{"bit_generator": "PCG64",'
    """
    text = json.dumps(rng.bit_generator.state, default=lambda array: array.tolist())
    return np.frombuffer(text.encode(), dtype=np.uint8).copy()


def generator_state(rng: np.random.Generator, given: Any, name: str) -> Any:
    """What `array_of_generator` has stored, for ``rng.bit_generator.state``; a ValueError if it does not fit."""
    kind = type(rng.bit_generator)
    try:
        state = json.loads(np.asarray(mg.Tensor(given, device="cpu").data, dtype=np.uint8).tobytes())
        trial: Any = kind()
        trial.state = state = _with_arrays(state, trial.state)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(
            f"load_state_dict: {name} is not the state of a {kind.__name__}, as state_dict() stores it for a "
            f"generator of random numbers ({error})"
        ) from None
    return state


def _with_arrays(state: Any, like: Any) -> Any:
    """The lists of JSON as arrays, where the state of a bit generator of the same kind has arrays."""
    if isinstance(like, dict):
        return {key: _with_arrays(value, like.get(key)) for key, value in state.items()}
    return np.array(state, dtype=like.dtype) if isinstance(like, np.ndarray) else state
