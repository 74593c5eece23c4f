"""Products of matrices and vectors, and what is on a diagonal."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.onnx.graph import Graph, Value
from nn.onnx.refused import Refused
from nn.onnx.rules.manipulation import axes_of, sliced
from nn.onnx.rules.reductions import reduced
from nn.onnx.sizes import fixed
from nn.onnx.table import Rules

__all__ = ["LINALG"]

LINALG = Rules()
LINALG.rows(
    {
        "matmul": lambda g, x, y: g("MatMul", x, y),
        "det": lambda g, x: g("Det", x),
    }
)


@LINALG.of("linear")
def _linear(g: Graph, x: Value, weight: Value, bias: Any = None) -> Value:
    """x Wᵀ + b; of a batch of vectors one operator."""
    if x.ndim == 2:
        return g("Gemm", x, weight, bias, transB=1)
    product = g("MatMul", x, g("Transpose", weight, perm=[1, 0]))
    return product if bias is None else g("Add", product, bias)


@LINALG.of("einsum")
def _einsum(g: Graph, *arrays: Value, subscripts: str, optimize: Any = False) -> Value:
    """Letters of axes of length 1 that others have longer are taken out: NumPy repeats these, ONNX does not."""
    inputs, _, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if any(len(set(term)) < len(term) for term in terms):
        raise Refused(f"ONNX has no letter twice in one array, as {subscripts!r} has; take mg.diagonal first")
    longer = {c for term, x in zip(terms, arrays, strict=True) for c, n in zip(term, x.sizes, strict=True) if n != 1}
    left = []
    for i, (term, x) in enumerate(zip(terms, arrays, strict=True)):
        ones = [axis for axis, (c, n) in enumerate(zip(term, x.sizes, strict=True)) if n == 1 and c in longer]
        left.append(g("Squeeze", x, ones) if ones else x)
        terms[i] = "".join(c for axis, c in enumerate(term) if axis not in ones)
    return g("Einsum", *left, equation=f"{','.join(terms)}->{output}")


def _diagonal(g: Graph, x: Value, offset: int, axis1: int, axis2: int) -> Value:
    """The elements at constant places of the two axes, joined into one."""
    ndim = x.ndim
    first, second = axes_of((axis1, axis2), ndim)
    rows, columns = fixed((x.sizes[first], x.sizes[second]))
    others = [axis for axis in range(ndim) if axis not in (first, second)]
    places = np.diagonal(np.arange(rows * columns).reshape(rows, columns), offset)
    joined = g("Transpose", x, perm=[*others, first, second])
    flat = g.reshaped(joined, (*(x.sizes[axis] for axis in others), rows * columns))
    return g("Gather", flat, g.constant(places.astype(np.int64)), axis=len(others))


LINALG.rows({"diagonal": _diagonal})


@LINALG.of("trace")
def _trace(g: Graph, x: Value, **where: Any) -> Value:
    return reduced(g, "ReduceSum", _diagonal(g, x, **where), [x.ndim - 2], False)


@LINALG.of("on_diagonal")
def _on_diagonal(g: Graph, x: Value, offset: int, axis1: int, axis2: int, shape: Any) -> Value:
    """Each element of the matrices is one of the diagonal, or 0."""
    ndim = len(g.shape)
    first, second = axes_of((axis1, axis2), ndim)
    rows, columns = fixed((g.shape[first], g.shape[second]))
    there = np.eye(rows, columns, offset, dtype=bool)
    if not there.any():
        return g("Expand", g.constant(0.0, g.dtype), g.size_list(g.shape))
    which = np.zeros((rows, columns), np.int64)
    which[there] = np.arange(there.sum())
    spread = g("Where", g.constant(there), g("Gather", x, g.constant(which), axis=x.ndim - 1), 0.0)
    others = [axis for axis in range(ndim) if axis not in (first, second)]
    perm = [[*others, first, second].index(axis) for axis in range(ndim)]
    return g("Transpose", spread, perm=perm)


@LINALG.of("cross")
def _cross(g: Graph, x: Value, y: Value) -> Value:
    """Of vectors along the last axis."""

    def turned(v: Value, order: list[int]) -> Value:
        return g("Gather", v, g.constant(np.array(order)), axis=v.ndim - 1)

    after, before = [1, 2, 0], [2, 0, 1]
    return g(
        "Sub",
        g("Mul", turned(x, after), turned(y, before)),
        g("Mul", turned(x, before), turned(y, after)),
    )


@LINALG.of("kron")
def _kron(g: Graph, x: Value, y: Value) -> Value:
    """The products of all elements, with the axes of both beside one another, and then joined in pairs."""
    ndim = max(x.ndim, y.ndim)
    a = (*(1,) * (ndim - x.ndim), *x.sizes)
    b = (*(1,) * (ndim - y.ndim), *y.sizes)
    left = g.reshaped(x, [size for n in a for size in (n, 1)])
    right = g.reshaped(y, [size for n in b for size in (1, n)])
    return g.reshaped(g("Mul", left, right), g.shape)


def _correlated(g: Graph, x: Value, kernel: Value, mode: str) -> Value:
    """Σⱼ xⱼ₊ₖ vⱼ of a sequence and a shorter one, as ONNX's Conv has it."""
    (m,) = fixed(kernel.sizes)
    y = g(
        "Conv", g("Unsqueeze", x, [0, 1]), g("Unsqueeze", kernel, [0, 1]), pads=[m - 1] * 2 if mode == "full" else None
    )
    return g("Squeeze", y, [0, 1])


def _reversed(g: Graph, x: Value) -> Value:
    y = sliced(g, x, 0, -1, np.iinfo(np.int64).min, -1)
    return Value(y.name, x.dtype, x.shape)


@LINALG.of("convolve")
def _convolve(g: Graph, a: Value, v: Value, mode: str) -> Value:
    (n,), (m,) = fixed(a.sizes), fixed(v.sizes)
    longer, shorter = (a, v) if n >= m else (v, a)
    return _correlated(g, longer, _reversed(g, shorter), mode)


@LINALG.of("correlate")
def _correlate(g: Graph, a: Value, v: Value, mode: str) -> Value:
    (n,), (m,) = fixed(a.sizes), fixed(v.sizes)
    return _correlated(g, a, v, mode) if n >= m else _reversed(g, _correlated(g, v, a, mode))
