"""The state of a generator of random numbers as an array, so that it can be stored beside those of parameters."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

import minigrad as mg

__all__ = ["array_of_generator", "generator_state"]


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
