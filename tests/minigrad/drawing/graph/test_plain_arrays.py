"""Within ``record`` operations on plain arrays compute the same numbers, and the graph begins at the arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.drawing.graph.trace import trace
from minigrad.pytree import tree_leaves
from tests.helpers.every_sample import EVERY_SAMPLE
from tests.helpers.parametrized.for_each import for_each
from tests.samples import OPERATIONS, Sample

#: NumPy rounds products of complex numbers in two ways, by how they lie in memory.
COMPLEX_BETWEEN = ("cond", "eig", "general_eigenvectors")


@for_each("sample", EVERY_SAMPLE)
def test_numbers_stay_the_same(sample: Sample) -> None:
    expected = tree_leaves(sample.f(*sample.arrays))
    with mg.record():
        found = tree_leaves(sample.f(*sample.arrays))
    for a, b in zip(expected, found, strict=True):
        rtol = 1e-14 if sample.operation in COMPLEX_BETWEEN else 0
        np.testing.assert_allclose(np.asarray(b), np.asarray(a), rtol=rtol, atol=rtol)


@for_each("sample", EVERY_SAMPLE)
def test_the_graph_begins_at_the_arrays(sample: Sample) -> None:
    if sample.f is not OPERATIONS[sample.operation]:
        return  # a formula, of which NumPy computes a part
    arrays = [array for array in sample.arrays if array.ndim]
    with mg.record():
        outputs = list(tree_leaves(sample.f(*sample.arrays)))
    assert all(isinstance(y, mg.Tensor) or any(y is array for array in arrays) for y in outputs)
    outputs = [y for y in outputs if isinstance(y, mg.Tensor)]
    if not outputs:
        return  # there was nothing to do
    leaves = [node.value for node in trace(outputs).nodes if node.kind == "constant"]
    for array in arrays:
        assert any(leaf is array for leaf in leaves)


X = np.array([[0.5, 1.5], [2.5, 0.25]])

COMPOSED: dict[str, Any] = {
    "batch_norm": lambda: mg.batch_norm(X, None, None, training=True),
    "celu": lambda: mg.celu(X),
    "huber_loss": lambda: mg.huber_loss(X, 2 * X),
    "l1_loss": lambda: mg.l1_loss(X, target=2 * X),
    "median": lambda: mg.median(X),
    "split": lambda: mg.split(X, 2),
    "stack": lambda: mg.stack([X, X]),
    "svd": lambda: mg.svd(X),
}


@pytest.mark.parametrize("name", COMPOSED)
def test_of_functions_composed_of_others(name: str) -> None:
    with mg.record():
        outputs = COMPOSED[name]()
    graph = trace(list(tree_leaves(outputs)), {id(X): "X"})
    (given,) = (node for node in graph.nodes if node.kind == "given")
    assert given.value is X
    assert given.name == "X"
    assert all(any(use.target is node for use in graph.uses) for node in graph.nodes if node.kind == "operation")
    used = {use.source for use in graph.uses}
    assert all(node in used or node in graph.roots for node in graph.nodes)


def test_what_returns_its_argument_returns_the_array() -> None:
    with mg.record():
        assert mg.atleast_1d(X) is X
        assert mg.to(X, device="cpu") is X
        assert mg.broadcast_arrays(X, X)[1] is X
