"""Run a model and leave it as it was: running means, generators of random numbers, and what else it counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nn.module import Buffer, Module
from nn.module.attributes import walk

__all__ = ["unchanged"]


@contextmanager
def unchanged(model: Module) -> Iterator[None]:
    """After the block the model has the attributes, buffers and states of generators that it had before."""
    attributes = [(part, dict(vars(part))) for _, part, _ in walk(model)]
    parts = {id(part): part for _, _, own in walk(model) for _, part in own}.values()
    buffers = [(part, part.data, part.data.copy()) for part in parts if isinstance(part, Buffer)]
    generators = [(part, part.bit_generator.state) for part in parts if isinstance(part, np.random.Generator)]
    try:
        yield
    finally:
        for module, before in attributes:
            vars(module).clear()
            vars(module).update(before)
        for buffer, array, values in buffers:
            if not _equal(array, values):  # written into
                array[...] = values
            if buffer.data is not array:
                buffer.data = array
        for generator, state in generators:
            generator.bit_generator.state = state


def _equal(a: Any, b: Any) -> bool:
    return bool(((a == b) | ((a != a) & (b != b))).all())
