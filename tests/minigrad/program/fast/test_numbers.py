"""Conditions in place of calls: single numbers stay what they are to the bit, with the warnings of NumPy."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.program.compiled import compile

NUMBERS = [0.0, -0.0, 1.5, -2.5, np.inf, -np.inf, np.nan, 1e308, 5e-324]


def layer(w: Any, x: Any, scale: Any) -> Any:
    return mg.relu(mg.relu(w * x) * scale)


def bits_and_warnings(f: Any, args: Any) -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value, bars = f(*args)
    seen = {str(warning.message).partition(" in ")[0] for warning in caught}
    return [(type(part), part.tobytes()) for part in (value, *bars)], seen


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_bits_types_and_warnings(dtype: Any) -> None:
    step = mg.value_and_grad(layer, argnums=(0, 1, 2))
    compiled = compile(step, "fast")
    with np.errstate(over="ignore"):
        numbers = [dtype(number) for number in NUMBERS]
    for w in numbers:
        for x in numbers:
            for scale in (dtype(1.0), dtype(np.inf), dtype(-3.0)):
                found, expected = bits_and_warnings(compiled, (w, x, scale)), bits_and_warnings(step, (w, x, scale))
                assert found == expected, (w, x, scale)
    assert "relu(" not in compiled.source.replace("relu_", "")
    assert " if " in compiled.source


def test_python_numbers_and_arrays_without_axes() -> None:
    step = mg.value_and_grad(layer, argnums=(0, 1, 2))
    for args in ((2.0, 3.0, 0.5), (-2.0, 3.0, 0.5), tuple(map(np.asarray, (2.0, 3.0, 0.5)))):
        compiled = compile(step, "fast")
        for _ in range(2):
            assert bits_and_warnings(compiled, args) == bits_and_warnings(step, args)
