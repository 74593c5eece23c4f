"""What holds for arrays of any shape, layout and floating type.

Values equal NumPy's. J v equals the central difference of NumPy's values on both sides of x. And ⟨ȳ, J v⟩ = ⟨Jᵀ ȳ, v⟩:
the two modes belong to one matrix J.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor, leaf
from tests.helpers.strategies import axes, broadcasting_shapes, dtypes, laid_out, layouts, shapes
from tests.samples import ELEMENTWISE, OPERATIONS
from tests.samples.registry import anywhere, positive, restart

ONE = [name for name, (domains, _) in ELEMENTWISE.items() if len(domains) == 1]
TWO = [name for name, (domains, _) in ELEMENTWISE.items() if len(domains) == 2]

some = settings(max_examples=16)  # of each operation, of which many share how shapes and layouts are treated
seeds = st.integers(0, 99)


def obeys(f: Callable[..., Any], reference: Callable[..., Any], *arrays: Any) -> None:
    """Value, dtypes, shapes and the adjoint identity; for float32 also the digits of the gradients."""
    single = any(a.dtype == np.float32 for a in arrays)
    digits = 2e-4 if single else 1e-9
    expected = reference(*[np.array(a) for a in arrays])
    y, pullback = mg.vjp(f, *[leaf(a) for a in arrays])  # which share their memory, and so its layout
    assert isinstance(y, Tensor)
    dtype = np.float64 if f is mg.float_power else arrays[0].dtype
    assert (y.shape, y.dtype) == (np.shape(expected), dtype)
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    np.testing.assert_allclose(
        y.data, expected, rtol=1e-4 if single else 1e-12, atol=scale * (1e-5 if single else 1e-13)
    )

    rng = np.random.default_rng(0)
    y_bar = rng.normal(size=y.shape).astype(y.dtype)
    v = [rng.normal(size=a.shape).astype(a.dtype) for a in arrays]
    signals = [x_bar.data for x_bar in pullback(y_bar)]
    for x_bar, a in zip(signals, arrays, strict=True):
        assert (x_bar.shape, x_bar.dtype) == (a.shape, a.dtype)
    _, y_dot = mg.jvp(f, tuple(map(leaf, arrays)), tuple(v))
    assert (y_dot.shape, y_dot.dtype) == (y.shape, y.dtype)
    forward, back = dot(y_bar, y_dot.data), sum(dot(x_bar, x_dot) for x_bar, x_dot in zip(signals, v, strict=True))
    size = sum(np.linalg.norm(x_bar) * np.linalg.norm(x_dot) for x_bar, x_dot in zip(signals, v, strict=True))
    assert abs(forward - back) <= digits * max(size, 1.0)

    if not single:
        ahead, behind = (reference(*[a + h * x_dot for a, x_dot in zip(arrays, v, strict=True)]) for h in (1e-6, -1e-6))
        reach = max(scale, float(np.max(np.abs(y_dot.data), initial=0.0)))
        np.testing.assert_allclose(y_dot.data, (ahead - behind) / 2e-6, rtol=1e-6, atol=1e-7 * reach)
    else:
        doubles = mg.vjp(f, *[a.astype(np.float64) for a in arrays])[1](y_bar.astype(np.float64))
        for x_bar, double in zip(signals, doubles, strict=True):
            np.testing.assert_allclose(x_bar, double, rtol=1e-3, atol=digits * max(1.0, np.abs(double).max(initial=0)))


def dot(a: Any, b: Any) -> float:
    return float(np.sum(a.astype(np.float64) * b))


@st.composite
def arrays(draw: Any, *domains: Any, of: Any) -> list[Any]:
    """One array from each domain, of the shapes drawn from `of`, all of one floating type."""
    restart(draw(seeds))
    drawn, dtype = draw(of), draw(dtypes)
    return [laid_out(domain(*shape).astype(dtype), draw(layouts)) for domain, shape in zip(domains, drawn, strict=True)]


# ---------------------------------------------------------------- element by element


@pytest.mark.parametrize("name", ONE)
@some
@given(data=st.data())
def test_one_argument(name: str, data: Any) -> None:
    domains, reference = ELEMENTWISE[name]
    obeys(OPERATIONS[name], reference, *data.draw(arrays(*domains, of=st.tuples(shapes()))))


@pytest.mark.parametrize("name", TWO)
@some
@given(data=st.data())
def test_two_arguments_that_broadcast(name: str, data: Any) -> None:
    domains, reference = ELEMENTWISE[name]
    obeys(OPERATIONS[name], reference, *data.draw(arrays(*domains, of=broadcasting_shapes())))


# ---------------------------------------------------------------- along axes


def log_sum_exp(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def softmax(x: Any, axis: Any) -> Any:
    return np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)


#: What NumPy says of ``f(x, axis=…, keepdims=…)``, and whether it says something of nothing.
REDUCTIONS: dict[str, tuple[Callable[..., Any], bool]] = {
    "sum": (np.sum, True),
    "prod": (np.prod, True),
    "nansum": (np.nansum, True),
    "vector_norm": (np.linalg.vector_norm, True),
    **{name: (getattr(np, name), False) for name in ("mean", "max", "min", "ptp", "median", "var", "std", "average")},
    **{name: (getattr(np, name), False) for name in ("nanmean", "nanmax", "nanmin")},
    "logsumexp": (log_sum_exp, False),
}

#: ``f(x, axis)`` along one axis.
ALONG: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in ("cumsum", "cumprod", "sort", "flip")},
    "softmax": softmax,
    "log_softmax": lambda x, axis: np.log(softmax(x, axis)),
}


@pytest.mark.parametrize("name", REDUCTIONS)
@some
@given(data=st.data(), keepdims=st.booleans())
def test_reductions(name: str, data: Any, keepdims: bool) -> None:
    reference, of_nothing = REDUCTIONS[name]
    (x,) = data.draw(arrays(anywhere, of=st.tuples(shapes(empty=of_nothing))))
    how = {"axis": data.draw(axes(x.ndim)), "keepdims": keepdims}
    obeys(lambda x: OPERATIONS[name](x, **how), lambda x: reference(x, **how), x)


@pytest.mark.parametrize("name", ALONG)
@some
@given(data=st.data())
def test_along_an_axis(name: str, data: Any) -> None:
    (x,) = data.draw(arrays(anywhere, of=st.tuples(shapes(1))))
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    obeys(lambda x: OPERATIONS[name](x, axis=axis), lambda x: ALONG[name](x, axis=axis), x)


# ---------------------------------------------------------------- other shapes

#: With `m`, minigrad or NumPy, an array of two axes at least, and two numbers from 0 to 1.
SHAPES: dict[str, Callable[..., Any]] = {
    "reshape": lambda m, x, i, j: m.reshape(x, (x.size,) if i else (*x.shape[::-1], 1)),
    "ravel": lambda m, x, i, j: m.ravel(x),
    "transpose": lambda m, x, i, j: m.transpose(x),
    "permute_dims": lambda m, x, i, j: m.permute_dims(x, (1, *range(2, x.ndim), 0)),
    "matrix_transpose": lambda m, x, i, j: m.matrix_transpose(x),
    "swapaxes": lambda m, x, i, j: m.swapaxes(x, i, -1 - j),
    "moveaxis": lambda m, x, i, j: m.moveaxis(x, i, -1 - j),
    "rollaxis": lambda m, x, i, j: m.rollaxis(x, i, 2 * j),
    "expand_dims": lambda m, x, i, j: m.expand_dims(x, (i, -1 - j)),
    "squeeze": lambda m, x, i, j: m.squeeze(x[:1, ..., :1] if x.size else x),
    "atleast_3d": lambda m, x, i, j: m.atleast_3d(x),
    "broadcast_to": lambda m, x, i, j: m.broadcast_to(x, (i, 2, *x.shape)),
    "getitem": lambda m, x, i, j: x[i:, ..., :: 1 - 2 * j][..., None],
    "flip": lambda m, x, i, j: m.flip(x, (i, j) if i != j else None),
    "rot90": lambda m, x, i, j: m.rot90(x, 2 * i + j),
    "roll": lambda m, x, i, j: m.roll(x, 1 - 3 * i, j),
    "pad": lambda m, x, i, j: m.pad(x, ((i, j), *[(1, 0)] * (x.ndim - 1))),
    "tile": lambda m, x, i, j: m.tile(x, (2, 1 + i, j)),
    "repeat": lambda m, x, i, j: m.repeat(x, 1 + i, axis=j),
    "tril": lambda m, x, i, j: m.tril(x, i - j),
    "triu": lambda m, x, i, j: m.triu(x, i - j),
    "diagonal": lambda m, x, i, j: m.diagonal(x, i - j),
    "trace": lambda m, x, i, j: m.trace(x, i - j),
    "diff": lambda m, x, i, j: m.diff(x, 1 + i, axis=j),
    "append": lambda m, x, i, j: m.append(x, x, None if i else j),
    "array_split": lambda m, x, i, j: m.array_split(x, 2 + i, axis=j)[i],
}

#: Of several arrays of one shape but for the length of one axis, which they are joined along.
JOINS: dict[str, tuple[int, Callable[..., Any]]] = {
    "concatenate": (0, lambda m, xs: m.concatenate(xs)),
    "hstack": (1, lambda m, xs: m.hstack(xs)),
    "vstack": (0, lambda m, xs: m.vstack(xs)),
    "dstack": (2, lambda m, xs: m.dstack(xs)),
    "column_stack": (1, lambda m, xs: m.column_stack(xs)),
}


@pytest.mark.parametrize("name", SHAPES)
@some
@given(data=st.data(), i=st.integers(0, 1), j=st.integers(0, 1))
def test_shapes(name: str, data: Any, i: int, j: int) -> None:
    (x,) = data.draw(arrays(anywhere, of=st.tuples(shapes(2))))
    obeys(lambda x: SHAPES[name](mg, x, i, j), lambda x: SHAPES[name](np, x, i, j), x)


@pytest.mark.parametrize("name", JOINS)
@some
@given(data=st.data())
def test_joins(name: str, data: Any) -> None:
    along, f = JOINS[name]
    shape = data.draw(shapes(max(along + 1, 2)))
    lengths = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    parts = st.just([(*shape[:along], n, *shape[along + 1 :]) for n in lengths])
    xs = data.draw(arrays(*[anywhere] * len(lengths), of=parts))
    obeys(lambda *xs: f(mg, xs), lambda *xs: f(np, xs), *xs)


@some
@given(data=st.data())
def test_stack(data: Any) -> None:
    shape = data.draw(shapes())
    xs = data.draw(arrays(anywhere, positive, of=st.just([shape, shape])))
    axis = data.draw(st.integers(-1 - len(shape), len(shape)))
    obeys(lambda *xs: mg.stack(xs, axis), lambda *xs: np.stack(xs, axis), *xs)


# ---------------------------------------------------------------- products


@some
@given(data=st.data(), batch=broadcasting_shapes(), i=st.integers(0, 3), j=st.integers(0, 3), k=st.integers(0, 3))
def test_matmul(data: Any, batch: Any, i: int, j: int, k: int) -> None:
    a, b = data.draw(arrays(anywhere, anywhere, of=st.just([(*batch[0], i, j), (*batch[1], j, k)])))
    obeys(mg.matmul, np.matmul, a, b)
    obeys(
        mg.matmul,
        np.matmul,
        a,
        laid_out(b[(0,) * (b.ndim - 2)][:, 0], "strided") if k and b.size else np.ones(j, b.dtype),
    )
