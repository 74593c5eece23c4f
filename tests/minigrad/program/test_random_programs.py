"""Random programs over the whole table of operations: compiled, they give the same value and gradients to the bit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.primitive import Binary, Unary, primitives
from minigrad.program.compiled import compile
from tests.minigrad.program.test_registry import agree

TABLE = [p for p in primitives() if isinstance(p, Unary | Binary) and p.__module__.startswith("minigrad.")]


def inside(a: Any) -> Any:
    """Numbers between 0.25 and 0.75, where nearly all functions are smooth."""
    return 0.5 + 0.25 * mg.tanh(a)


STEPS: dict[str, Callable[[Any, Any], Any]] = {
    **{p.name: (lambda a, b, p=p: p(inside(a))) for p in TABLE if isinstance(p, Unary)},
    **{p.name: (lambda a, b, p=p: p(inside(a), inside(b) + 1.0)) for p in TABLE if isinstance(p, Binary)},
    "ldexp": lambda a, b: mg.ldexp(inside(a), np.argmax(b, axis=0)),  # of whole exponents
    "twice": lambda a, b: a * a,
    "matmul": mg.matmul,
    "rows": lambda a, b: mg.concatenate([a, b])[1:3],
    "sums": lambda a, b: mg.sum(a, axis=0, keepdims=True) + b,
    "mean": lambda a, b: a - mg.mean(b, axis=1, keepdims=True),
    "max": lambda a, b: mg.max(a, axis=1, keepdims=True) * b,
    "softmax": lambda a, b: mg.softmax(a, axis=1),
    "where": lambda a, b: mg.where(a > b, a, b),
    "argmax": lambda a, b: a * np.argmax(b, axis=0),
    "sort": lambda a, b: mg.sort(a, axis=0),
    "inv": lambda a, b: mg.inv(0.1 * mg.tanh(a) + np.eye(2)),
    "loss": lambda a, b: a + mg.cross_entropy(a, np.argmax(b, axis=1)),
    "norm": lambda a, b: mg.layer_norm(a, (2,), inside(b)[0]),
    "detach": lambda a, b: mg.stop_gradient(a) + b,
    "transposed": lambda a, b: mg.transpose(a) + 0.5,
    "gradient": lambda a, b: mg.grad(lambda x: mg.sum(mg.tanh(x) * b))(a),
    "checkpoint": lambda a, b: mg.checkpoint(lambda x: mg.sin(x) * 2.0)(a),
}
CONTEXTS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "": nullcontext,
    "no_grad": mg.no_grad,
    "scope": lambda: mg.scope("inner"),
}
Program = list[tuple[str, str, int, int]]
programs = st.lists(
    st.tuples(st.sampled_from([*STEPS]), st.sampled_from([*CONTEXTS]), st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(programs, st.integers(0, 99))
def test_same_value_and_gradients(program: Program, seed: int) -> None:
    same_value_and_gradients(program, seed)


def same_value_and_gradients(program: Program, seed: int, style: str = "readable") -> None:
    def f(x: Any, w: Any) -> Any:
        values = [x, w]
        for step, context, i, j in program:
            a, b = values[-1 - i % min(4, len(values))], values[j % len(values)]
            with CONTEXTS[context]():
                values.append(STEPS[step](a, b))
        last = values[-1]
        return mg.sum(last * np.array([[1.0, -0.5], [0.25, 2.0]])) + mg.sum(x * w)

    g = mg.value_and_grad(f, argnums=(0, 1))
    compiled = compile(g, style)
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        for _ in range(3):
            args = rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
            (value, signals), (expected, expected_signals) = compiled(*args), g(*args)
            for found, x in zip((value, *signals), (expected, *expected_signals), strict=True):
                assert found.dtype == x.dtype
                agree(found, x, style)
