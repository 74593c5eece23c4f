"""The same work in JAX, compiled by its ``jit``: on a CPU, where it is installed."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from timing import Step

import nn


def leave_the_collector_alone() -> None:
    """Take out JAX's callback, with which every collection takes longer, those of other engines' garbage too."""
    gc.callbacks[:] = [callback for callback in gc.callbacks if not callback.__module__.startswith("jax")]


def scalar_graph(operations: int) -> Step:
    """Forward and backward through a chain of w·y + b and ReLU."""
    import jax

    leave_the_collector_alone()

    def chain(w: Any, b: Any, y: Any) -> Any:
        for _ in range(operations // 3):
            y = jax.nn.relu(y * w + b)
        return y

    derivatives = jax.jit(jax.value_and_grad(chain, argnums=(0, 1, 2)))
    return lambda: jax.block_until_ready(derivatives(0.9, 0.1, 1.0))


def training_step(model: nn.Sequential, x: Any, t: Any) -> Step:
    """Forward, cross-entropy, backward and Adam as one compiled function; without dropout."""
    import jax
    import jax.numpy as jnp

    leave_the_collector_alone()
    layers: list[tuple[Callable[..., Any], list[Any]]] = [
        (_applied(layer), [jnp.asarray(p.data) for p in layer.parameters()]) for layer in model
    ]

    def loss(parameters: list[Any], x: Any, t: Any) -> Any:
        for (apply, _), own in zip(layers, parameters, strict=True):
            x = apply(x, *own)
        return -jnp.take_along_axis(jax.nn.log_softmax(x), t[:, None], axis=1).mean()

    @partial(jax.jit, donate_argnums=(0, 1, 2, 3))
    def update(parameters: Any, m: Any, v: Any, n: Any, x: Any, t: Any) -> Any:
        bars = jax.grad(loss)(parameters, x, t)
        each, n = jax.tree_util.tree_map, n + 1
        m = each(lambda m, bar: 0.9 * m + 0.1 * bar, m, bars)
        v = each(lambda v, bar: 0.999 * v + 0.001 * bar**2, v, bars)
        scale = 1e-3 * jnp.sqrt(1 - 0.999**n) / (1 - 0.9**n)
        parameters = each(lambda p, m, v: p - scale * m / (jnp.sqrt(v) + 1e-8), parameters, m, v)
        return parameters, m, v, n

    parameters = [own for _, own in layers]
    zeros = partial(jax.tree_util.tree_map, jnp.zeros_like)
    state = [parameters, zeros(parameters), zeros(parameters), jnp.zeros(())]
    x, t = jnp.asarray(x), jnp.asarray(t)

    def step() -> None:
        state[:] = update(*state, x, t)
        jax.block_until_ready(state)

    return step


def _applied(layer: Any) -> Callable[..., Any]:
    """A layer as a function of its input and its parameters."""
    import jax
    import jax.numpy as jnp

    def convolve(x: Any, w: Any, b: Any) -> Any:
        padding = "SAME" if layer.padding == "same" else [(layer.padding, layer.padding)] * 2
        z = jax.lax.conv_general_dilated(x, w, (1, 1), padding, dimension_numbers=("NCHW", "OIHW", "NCHW"))
        return z + b[:, None, None]

    def max_pool(x: Any) -> Any:
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    functions: dict[Any, Callable[..., Any]] = {
        nn.Conv2d: convolve,
        nn.MaxPool2d: max_pool,
        nn.Linear: lambda x, w, b: x @ w.T + b,
        nn.ReLU: jax.nn.relu,
        nn.Flatten: lambda x: x.reshape(len(x), int(np.prod(x.shape[1:]))),
        nn.Dropout: lambda x: x,
    }
    return functions[type(layer)]
