"""How many functions of minigrad a call enters that was made before: its overhead, counted and not timed.

A product enters three, a convolution some thirty. A check that depends on shapes and settings alone belongs into what
`minigrad.rules.looked_up` looks up.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np
import pytest

import minigrad as mg

FOLDER = str(Path(mg.__file__).parent)


def tensor(*shape: int) -> mg.Tensor:
    return mg.Tensor(np.ones(shape, np.float32), requires_grad=True)


X, W, B = tensor(1, 2, 6, 6), tensor(3, 2, 3, 3), tensor(3)
H, A, C = tensor(4, 16), tensor(8, 16), tensor(8)
Z, LABELS = tensor(4, 10), np.arange(4)
S = mg.Tensor(2.0, requires_grad=True)


def rule(y: mg.Tensor, i: int) -> Callable[[], Any]:
    """The backward rule of one argument of the call that computed `y`, as the sweep calls it."""
    assert y._primitive is not None
    assert y._values is not None
    chosen = list(y._primitive.rules)[i]
    y_bar = np.ones_like(y.data)
    return lambda: chosen(y_bar, y.data, *y._values, **(y._params or {}))


#: The call, and the largest number of functions that it may enter.
CALLS: dict[str, tuple[Callable[[], Any], int]] = {
    "s * s": (lambda: S * S, 4),
    "relu": (lambda: mg.relu(H), 4),
    "linear": (lambda: mg.linear(H, A, C), 10),
    "sum": (lambda: mg.sum(H), 9),
    "conv2d": (lambda: mg.conv2d(X, W, B, padding=1), 32),
    "conv2d, x": (rule(mg.conv2d(X, W, B), 0), 30),
    "conv2d, weight": (rule(mg.conv2d(X, W, B), 1), 19),
    "conv2d, bias": (rule(mg.conv2d(X, W, B), 2), 4),
    "max_pool2d": (lambda: mg.max_pool2d(X, 2), 23),
    "max_pool2d, x": (rule(mg.max_pool2d(X, 2), 0), 8),
    "cross_entropy": (lambda: mg.cross_entropy(Z, LABELS), 62),
    "backward": (lambda: mg.sum(H * H).backward(), 38),
    "value_and_grad": (lambda: mg.value_and_grad(lambda h: mg.sum(h * h))(H.data), 120),
}


def entered(call: Callable[[], Any]) -> list[str]:
    """The functions of minigrad that a second call enters."""
    call()
    found: list[CodeType] = []
    sys.setprofile(lambda frame, event, _: found.append(frame.f_code) if event == "call" else None)
    try:
        call()
    finally:
        sys.setprofile(None)
    return [code.co_qualname for code in found if code.co_filename.startswith(FOLDER)]


@pytest.mark.parametrize("name", CALLS)
def test_a_call_enters_few_functions(name: str) -> None:
    call, most = CALLS[name]
    names = entered(call)
    assert len(names) <= most, names
