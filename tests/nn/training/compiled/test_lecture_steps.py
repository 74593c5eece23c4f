"""The programs of steps of training stand in golden/, as a lecturer would write them, and train by themselves."""

from __future__ import annotations

from inspect import signature
from typing import Any

import numpy as np
import pytest

import nn
from tests.nn.training.compiled.lecture_steps import GOLDEN, STEPS, program


@pytest.mark.parametrize("name", STEPS)
def test_the_text(name: str) -> None:
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert program(name) == golden, "python -m tests.nn.training.compiled.lecture_steps writes it anew; read the diff"


@pytest.mark.parametrize("name", STEPS)
def test_the_text_trains_as_an_ordinary_loop_does(name: str) -> None:
    model, loss, optimizer, x, t = STEPS[name]()
    arrays = [p.data.copy() for p in model.parameters()]
    namespace: dict[str, Any] = {}
    exec((GOLDEN / f"{name}.txt").read_text(encoding="utf-8"), namespace)
    names = [*signature(namespace["step"]).parameters][2 : 2 + len(arrays)]
    zeros = [{key: np.zeros_like(w) for key, w in zip(names, arrays, strict=True)} for _ in range(2)]
    for k in range(3):
        own = {"lr": optimizer.lr}
        if isinstance(optimizer, nn.optim.Adam):
            own |= {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "m": zeros[0], "v": zeros[1], "steps": k}
        elif optimizer.momentum:
            own |= {"momentum": 0.9, "v": zeros[0]}
        L = namespace["step"](x, t, *arrays, **own)
        optimizer.zero_grad()
        expected = LOSSES[loss](model(x), t)
        expected.backward()
        optimizer.step()
        np.testing.assert_array_equal(L, expected.data)
        for w, p in zip(arrays, model.parameters(), strict=True):
            np.testing.assert_array_equal(w, p.data)


LOSSES: dict[str, Any] = {"cross_entropy": nn.CrossEntropyLoss(), "mse": nn.MSELoss()}
