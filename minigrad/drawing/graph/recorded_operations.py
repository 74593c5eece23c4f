"""The operations within ``record`` as a list: for what walks a whole computation, as an export does."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.graph import Operation
from minigrad.core.recording.arrays import owner_of
from minigrad.core.tensor import Tensor

__all__ = ["recorded_operations"]


def recorded_operations(*outputs: Any) -> list[Operation]:
    """All operations that led to these outputs within `record`, inputs before outputs.

    `operations` lists what a backward pass needs, from the first parameter on. Here are those on constants, too:
    Tensors that require no gradients, ``t.detach()`` (an operation ``detach``), and comparisons, rounding and their
    like, whose outputs are arrays and whose primitives have the name of NumPy's function and ``"numpy"`` as their
    ``__module__``. An operation of minigrad that is given such an array takes it as by ``detach``. An array among the
    keywords that has the values of a Tensor, as an index, is that Tensor.

    Arguments:
        outputs: what was computed within ``record``: Tensors, and arrays from comparisons and their like.

    Raises:
        TypeError: if an output is neither a Tensor nor an array.
        RuntimeError: if a part of the graph has been freed.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, -2.0])
    >>> with mg.record():
    ...     y = mg.where(x > 0, x, 0.1 * x)
    >>> [operation.primitive.name for operation in mg.recorded_operations(y)]
    ['greater', 'multiply', 'where']
    """
    from minigrad.drawing.graph.trace import calls_of  # with the notation, which a training does not need

    for y in outputs:
        if not isinstance(y, Tensor | np.ndarray):
            raise TypeError(
                f"recorded_operations: got {type(y).__name__}, expected Tensors and arrays that were computed"
            )
    return [
        Operation(y, call.primitive, call.inputs, {key: _with_owners(value) for key, value in call.params.items()})
        for y, call in calls_of(outputs).values()
        if call.primitive is not None
    ]


def _with_owners(value: Any) -> Any:
    """A keyword with the Tensors whose values its arrays have."""
    if isinstance(value, tuple):
        return tuple(map(_with_owners, value)) if type(value) is tuple else value
    return owner_of(value)
