"""Sample inputs for every primitive: what the tests of values, gradients, dtypes and layouts run on.

A new element-by-element function of one argument is one row under "one argument"::

    unary("cbrt", positive)

It says where the function is smooth. The value is compared with NumPy's function of the same name; where
NumPy has none, give the row a formula in NumPy as third argument. Two arguments: a ``binary`` row. Anything
else: a ``sample`` row with its arrays. A test fails as long as a primitive has no row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.primitive import Primitive, primitives
from tests import naive

Function = Callable[..., Any]
Domain = Callable[..., Any]


@dataclass(frozen=True)
class Sample:
    """A function that calls one primitive, float64 arrays at which it is smooth, and what NumPy says it is."""

    primitive: str
    f: Function
    arrays: tuple[Any, ...]
    reference: Function

    def __str__(self) -> str:
        return f"{self.primitive}{[np.shape(a) for a in self.arrays]}".replace(" ", "")


SAMPLES: dict[str, list[Sample]] = {}


def own_primitives() -> dict[str, Primitive]:
    """The primitives that minigrad defines, by name; tests and users may have registered others."""
    return {p.name: p for p in primitives() if p.rules and p.rules[0].__module__.startswith("minigrad.")}


_primitive = own_primitives()


def sample(name: str, f: Function, *arrays: Any, reference: Function | None = None) -> None:
    """A row: `f` of Tensors or arrays; `reference` if `f` itself is not plain NumPy."""
    frozen = []
    for array in arrays:
        array = np.array(array, dtype=np.float64)
        array.setflags(write=False)  # no operation may write into its arguments
        frozen.append(array)
    SAMPLES.setdefault(name, []).append(Sample(name, f, tuple(frozen), reference or f))


def unary(name: str, domain: Domain, reference: Function | None = None) -> None:
    """A row for a function of one argument: a number, a vector and a matrix from where it is smooth."""
    for shape in [(), (4,), (2, 3)]:
        sample(name, _primitive[name], domain(*shape), reference=reference or getattr(np, name))


def binary(name: str, left: Domain, right: Domain, reference: Function | None = None) -> None:
    """A row for a function of two arguments, in every way in which two shapes broadcast."""
    for a, b in [((), ()), ((3,), (3,)), ((3,), ()), ((), (1,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((1, 1), (2, 1, 2))]:
        sample(name, _primitive[name], left(*a), right(*b), reference=reference or getattr(np, name))


# ---------------------------------------------------------------- where functions are smooth


def between(low: float, high: float) -> Domain:
    """Distinct numbers from this range, none within 0.1 of another or of 0, where kinks and ties are."""

    def draw(*shape: int) -> Any:
        draw.calls += 1  # type: ignore[attr-defined]  # two arguments of one row must not tie either
        rng = np.random.default_rng([draw.calls, *shape])  # type: ignore[attr-defined]
        grid = np.linspace(low, high, 2 + 2 * int(np.prod(shape)))[1:-1]
        grid = grid[np.abs(grid) > 0.05 * (high - low) / 2]
        return (rng.permutation(grid)[: int(np.prod(shape))] + rng.uniform(-0.001, 0.001)).reshape(shape)

    draw.calls = 0  # type: ignore[attr-defined]
    return draw


anywhere = between(-2, 2)
positive = between(0.3, 3)
unit = between(-0.9, 0.9)
above_one = between(1.2, 4)

# ---------------------------------------------------------------- one argument

unary("negative", anywhere)
unary("exp", anywhere)
unary("log", positive)
unary("sqrt", positive)
unary("sin", anywhere)
unary("cos", anywhere)
unary("tanh", anywhere)
unary("sigmoid", anywhere, lambda x: 1 / (1 + np.exp(-x)))
unary("relu", anywhere, lambda x: x * (x > 0))

# ---------------------------------------------------------------- two arguments

binary("add", anywhere, anywhere)
binary("subtract", anywhere, anywhere)
binary("multiply", anywhere, anywhere)
binary("divide", anywhere, positive)
binary("power", positive, anywhere)
binary("maximum", between(-2, 2), between(-1.7, 2.1))
binary("minimum", between(-2, 2), between(-1.7, 2.1))

for _n in (0, 1, 2, 3, -1, -2, 0.5, 2.5):  # a constant exponent is the usual case
    sample("power", lambda x, n=_n: x**n, positive(3))
sample("power", lambda x: x**3, anywhere(3))
sample("power", lambda x: x ** np.array([0, 1, 2], dtype=np.int8), positive(2, 3))
sample("power", lambda x: 2**x, anywhere(3))
sample("multiply", lambda x: x * x, anywhere(3))
sample("multiply", lambda x: 2 * x * 0.5, anywhere(2, 2))
sample("divide", lambda x: 1 / x, positive(3))
sample("subtract", lambda x: 1 - x, anywhere(3))

for _a, _b, _sums in [
    ((3,), (3,), "j,j->"),
    ((2, 3), (3,), "ij,j->i"),
    ((3,), (3, 2), "j,jk->k"),
    ((2, 3), (3, 2), "ij,jk->ik"),
    ((1, 3), (3, 1), "ij,jk->ik"),
    ((2, 2, 3), (3,), "nij,j->ni"),
    ((3,), (2, 3, 2), "j,njk->nk"),
    ((2, 2, 3), (3, 2), "nij,jk->nik"),
    ((2, 3), (2, 3, 2), "ij,njk->nik"),
    ((2, 2, 3), (2, 3, 2), "nij,njk->nik"),
    ((1, 2, 3), (2, 3, 1), "...ij,...jk->...ik"),  # batches broadcast
    ((2, 1, 1, 2), (2, 2, 1), "...ij,...jk->...ik"),
]:
    sample("matmul", mg.matmul, anywhere(*_a), anywhere(*_b), reference=lambda x, y, s=_sums: np.einsum(s, x, y))

for _shape in [(3,), (2, 3), (2, 2, 3), (0, 3)]:
    _x, _W, _b = anywhere(*_shape), anywhere(2, 3), anywhere(2)
    sample("linear", mg.linear, _x, _W, reference=lambda x, W: np.einsum("...i,oi->...o", x, W))
    sample("linear", mg.linear, _x, _W, _b, reference=lambda x, W, b: np.einsum("...i,oi->...o", x, W) + b)

# ---------------------------------------------------------------- reductions

_AXES = [((), None), ((3,), None), ((3,), 0), ((2, 3), None), ((2, 3), 1), ((2, 3), -2), ((2, 1, 3), (0, 2))]
_AXES += [((2, 3), (-1,)), ((2, 2, 2), (1, -1)), ((2, 3), (0, 1))]


def _log_sum_exp(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


for _name, _reference in {
    "sum": np.sum,
    "mean": lambda x, axis, keepdims: np.sum(x, axis=axis, keepdims=keepdims) / (np.size(x) / np.size(x.sum(axis))),
    "max": lambda x, axis, keepdims: -np.min(-x, axis=axis, keepdims=keepdims),
    "min": lambda x, axis, keepdims: -np.max(-x, axis=axis, keepdims=keepdims),
    "logsumexp": _log_sum_exp,
}.items():
    _function = getattr(mg, _name)
    for _shape, _axis in _AXES:
        for _keep in (False, True):
            _how = {"axis": _axis, "keepdims": _keep}
            sample(
                _name,
                lambda x, f=_function, how=_how: f(x, **how),
                anywhere(*_shape),
                reference=lambda x, f=_reference, how=_how: f(x, **how),
            )

for _shape, _axis in [((3,), -1), ((2, 3), -1), ((2, 3), 0), ((2, 2, 2), 1), ((2, 3), None), ((2, 2, 2), (0, -1))]:
    sample(
        "softmax",
        lambda x, axis=_axis: mg.softmax(x, axis=axis),
        anywhere(*_shape),
        reference=lambda x, axis=_axis: np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True),
    )
    sample(
        "log_softmax",
        lambda x, axis=_axis: mg.log_softmax(x, axis=axis),
        anywhere(*_shape),
        reference=lambda x, axis=_axis: x - np.log(np.exp(x).sum(axis=axis, keepdims=True)),
    )

# ---------------------------------------------------------------- choosing and rearranging

_mask = np.array([[True, False, True], [False, False, True]])
for _a, _b in [((2, 3), (2, 3)), ((3,), (2, 1)), ((), (2, 3)), ((1,), ())]:
    sample(
        "where",
        lambda a, b: mg.where(_mask, a, b),
        anywhere(*_a),
        anywhere(*_b),
        reference=lambda a, b: _mask * a + ~_mask * b,
    )
sample("where", lambda a: mg.where(True, a, 0), anywhere(), reference=lambda a: a)
sample("where", lambda a: mg.where(a > 0, a, 0.1 * a), anywhere(4), reference=lambda a: np.where(a > 0, a, 0.1 * a))

#: (shape, index): every kind of index, and those that name an element twice.
INDICES: list[tuple[tuple[int, ...], Any]] = [
    ((3,), 1),
    ((3,), -1),
    ((3,), np.int64(2)),
    ((2, 3), (1, 2)),
    ((2, 3), slice(None, None, -1)),
    ((4, 3), (slice(1, None, 2), slice(None, -1))),
    ((2, 3), (Ellipsis, 0)),
    ((3,), (None, slice(None))),
    ((2, 3), (slice(None), None, 1)),
    ((3,), [2, 0]),
    ((3,), [0, 0, 2, 0]),
    ((3,), np.array([[0, 1], [1, 1]])),
    ((2, 3), ([0, 1, 0], [2, 2, 2])),
    ((2, 3), ((0, 0), (1, 1))),
    ((2, 3), (slice(None), [1, 1, -2])),
    ((2, 3), (np.array([1, 1]), None, slice(0, 2))),
    ((2, 2, 3), ([1, 0, 1], slice(None), [0, 0, 0])),
    ((2, 3), np.array([True, False])),
    ((2, 3), _mask),
    ((2, 3), (slice(None), [True, False, True])),
    ((3,), []),
    ((2, 3), ()),
    ((), ()),
    ((), None),
]


def _scattered(values: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Which flat element does each place of ``x[index]`` name? Add its value there, one at a time."""
    out = np.zeros(shape).ravel()
    for place, value in zip(np.ravel(np.arange(out.size).reshape(shape)[index]), np.ravel(values), strict=True):
        out[place] += value
    return out.reshape(shape)


for _shape, _index in INDICES:
    sample("getitem", lambda x, i=_index: x[i], anywhere(*_shape))
    sample(
        "scatter",
        lambda v, i=_index, s=_shape: _primitive["scatter"](v, index=i, shape=s),
        anywhere(*np.zeros(_shape)[_index].shape),
        reference=lambda v, i=_index, s=_shape: _scattered(v, i, s),
    )

for _shape, _to in [((6,), (2, 3)), ((2, 3), (3, -1)), ((2, 3), -1), ((), (1, 1)), ((1,), ()), ((2, 3), (2, 3))]:
    sample("reshape", lambda x, to=_to: x.reshape(to), anywhere(*_shape))
for _shape, _order in [((), ()), ((3,), ()), ((2, 3), ()), ((2, 3), (0, 1)), ((2, 1, 3), (2, 0, 1)), ((2, 3), (-1, 0))]:
    sample("transpose", lambda x, order=_order: x.transpose(*order), anywhere(*_shape))
for _shape, _to in [((), (2,)), ((3,), (3,)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1, 3, 1), (2, 2, 3, 2)), ((), ())]:
    sample(
        "broadcast_to",
        lambda x, to=_to: mg.broadcast_to(x, to),
        anywhere(*_shape),
        reference=lambda x, to=_to: x + np.zeros(to),
    )

# ---------------------------------------------------------------- images

#: (images, filters, stride, padding): square and not, overlapping, skipping pixels, one row too many.
SCANS: list[tuple[tuple[int, ...], tuple[int, ...], tuple[int, int], tuple[int, int]]] = [
    ((1, 1, 3, 3), (1, 1, 2, 2), (1, 1), (0, 0)),
    ((2, 2, 3, 4), (3, 2, 2, 3), (1, 1), (0, 0)),
    ((1, 2, 4, 3), (2, 2, 3, 2), (2, 1), (1, 0)),
    ((2, 1, 5, 4), (1, 1, 2, 2), (2, 2), (1, 1)),
    ((1, 1, 5, 5), (2, 1, 1, 1), (3, 2), (0, 2)),
    ((1, 2, 3, 3), (1, 2, 3, 3), (1, 1), (0, 0)),
]

for _x, _w, _stride, _padding in SCANS:
    _how = {"stride": _stride, "padding": _padding}
    _z = (_x[0], _w[0], *naive.output_shape(_x[2:], _w[2:], _stride, _padding))
    sample(
        "conv2d",
        lambda x, w, how=_how: mg.conv2d(x, w, **how),
        anywhere(*_x),
        anywhere(*_w),
        reference=lambda x, w, how=_how: naive.conv2d(x, w, **how),
    )
    sample(
        "conv2d_input_grad",
        lambda z_bar, w, how=_how | {"size": _x[2:]}: _primitive["conv2d_input_grad"](z_bar, w, **how),
        anywhere(*_z),
        anywhere(*_w),
        reference=lambda z_bar, w, how=_how | {"size": _x[2:]}: naive.conv2d_input_grad(z_bar, w, **how),
    )
    sample(
        "conv2d_weight_grad",
        lambda z_bar, x, how=_how | {"kernel": _w[2:]}: _primitive["conv2d_weight_grad"](z_bar, x, **how),
        anywhere(*_z),
        anywhere(*_x),
        reference=lambda z_bar, x, how=_how | {"kernel": _w[2:]}: naive.conv2d_weight_grad(z_bar, x, **how),
    )
sample("conv2d", mg.conv2d, anywhere(2, 1, 3, 3), anywhere(2, 1, 2, 2), anywhere(2), reference=naive.conv2d)

for _x, _how in [
    ((1, 1, 4, 4), {"kernel": (2, 2), "stride": (2, 2), "padding": (0, 0)}),
    ((2, 2, 3, 3), {"kernel": (2, 2), "stride": (1, 1), "padding": (0, 0)}),
    ((1, 2, 5, 4), {"kernel": (3, 2), "stride": (2, 1), "padding": (1, 1)}),
    ((1, 1, 5, 5), {"kernel": (2, 2), "stride": (3, 3), "padding": (0, 0)}),
]:
    _pixels = anywhere(*_x)
    _, _switches = naive.max_pool2d(_pixels, **_how)
    sample(
        "max_pool2d",
        lambda x, how=_how: mg.max_pool2d(x, how["kernel"], how["stride"], how["padding"]),
        _pixels,
        reference=lambda x, how=_how: naive.max_pool2d(x, **how)[0],
    )
    sample(
        "unpool",
        lambda y_bar, how=_how | {"switches": _switches, "size": _x[2:]}: _primitive["unpool"](y_bar, **how),
        anywhere(*_switches.shape),
        reference=lambda y_bar, how=_how | {"switches": _switches, "size": _x[2:]}: naive.unpool(y_bar, **how),
    )
    sample(
        "pick",
        lambda x, how=_how | {"switches": _switches}: _primitive["pick"](x, **how),
        anywhere(*_x),
        reference=lambda x, how=_how | {"switches": _switches}: naive.pick(x, **how),
    )

# ---------------------------------------------------------------- losses


def _cross_entropies(z: Any, t: Any) -> Any:
    return -np.sum(t * np.log(np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)), axis=-1)


for _shape in [(3,), (2, 3), (2, 1, 3)]:
    sample(
        "softmax_cross_entropy",
        _primitive["softmax_cross_entropy"],
        anywhere(*_shape),
        positive(*_shape),
        reference=_cross_entropies,
    )
sample(
    "softmax_cross_entropy",
    lambda z: mg.cross_entropy(z, [2, 0]),
    anywhere(2, 3),
    reference=lambda z: _cross_entropies(z, np.eye(3)[[2, 0]]).mean(),
)
