"""Derivatives of functions: grad, value_and_grad, vjp, jvp, jacobian, hessian, hvp.

Each takes a function of arrays and returns one, or its value. All work by the same three steps: the
arguments become Tensors of their own, the function runs and leaves a graph behind, and the graph is swept
backward (error signals) or forward (tangents). Where something outside needs derivatives of the result, as
inside another of these functions, the sweep is recorded too; so they nest in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, wraps
from typing import Any

import numpy as np

from minigrad.core.forward_mode import forward_sweep
from minigrad.core.grad_mode import enable_grad
from minigrad.core.graph import identity, observers, sweep, topological_order
from minigrad.core.hooks import apply_hooks
from minigrad.core.primitive import Primitive
from minigrad.core.scope import current_scope
from minigrad.core.tensor import Tensor
from minigrad.device import refuse_mixed, to_device_of
from minigrad.pytree import flatten_up_to, tree_leaves, tree_unflatten
from minigrad.rules.arguments import shape_of

__all__ = ["grad", "hessian", "hvp", "jacobian", "jvp", "stop_gradient", "value_and_grad", "vjp"]

Function = Callable[..., Any]

# An argument under a new name: what the function computes from it can be told from what else was computed from
# the same Tensor, and the sweep ends there.
argument = Primitive("argument", lambda x: x, lambda y_bar, y, x: y_bar)

# Several outputs are one: a tuple, whose error signal is the tuple of theirs.
_outputs = Primitive("outputs", lambda *ys: ys, each=lambda i, y_bar, y, *ys: y_bar[i])


def grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The function that computes the gradient of `f`.

    Arguments:
        f: takes arrays (or lists, tuples and dictionaries of them) and returns a single number.
        argnums: which argument to differentiate, or several.

    Returns:
        A function of the same arguments: the gradient, of the structure and shapes of the argument; a tuple of
        gradients for several. Plain arrays in, plain arrays out; Tensors where the gradient itself may still be
        differentiated.

    Raises:
        TypeError: if an argument to differentiate is not floating, or `f` does not return a number.
        ValueError: if `f` returns an array.

    >>> import minigrad as mg
    >>> float(mg.grad(lambda x: x**3)(2.0))
    12.0
    >>> float(mg.grad(mg.grad(lambda x: x**3))(2.0))
    12.0
    >>> mg.grad(lambda p: (p["w"] * 3 + p["b"]) ** 2)({"w": 1.0, "b": 2.0})
    {'w': np.float64(30.0), 'b': np.float64(10.0)}
    """
    both = value_and_grad(f, argnums)

    @wraps(f, updated=())
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient


def value_and_grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The function that computes the value of `f` and its gradient, as a pair; arguments as in `grad`.

    >>> import minigrad as mg
    >>> value, gradient = mg.value_and_grad(lambda x: mg.sum(x * x))(np.array([1.0, 2.0]))
    >>> float(value), gradient
    (5.0, array([2., 4.]))
    """

    _check_argnums("grad", f, argnums)

    @wraps(f, updated=())
    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        run = _Run("grad", f, args, kwargs, argnums)
        if isinstance(run.result, dict | list | tuple):
            raise TypeError(f"grad: the function returned {type(run.result).__name__}, expected a single number")
        if run.ys[0].dtype.kind != "f":
            raise TypeError(
                f"grad: the function returned {run.ys[0].dtype}, expected a floating number; take the real part, "
                "or the square of the absolute value"
            )
        if run.ys[0].size != 1:
            raise ValueError(
                f"grad: the function returned an array of shape {run.ys[0].shape}, and a gradient needs a single "
                "number; reduce it (mean, sum), or use mg.jacobian"
            )
        return run.value(), run.chosen(run.pull([np.ones_like(run.ys[0]._data)[()]]))

    return value_and_gradient


def vjp(f: Function, *args: Any) -> tuple[Any, Function]:
    """The value of `f`, and the function that carries error signals back: reverse mode.

    "Vector-Jacobian product": the pullback takes the error signal of the value, of its shape (and structure, if `f`
    returns several arrays), and gives a tuple with the error signal of each argument. It can be called any
    number of times.

    >>> import minigrad as mg
    >>> value, pullback = mg.vjp(lambda w, x: w * x, np.array([1.0, 2.0]), 3.0)
    >>> w_bar, x_bar = pullback(np.array([1.0, 10.0]))
    >>> w_bar, float(x_bar)
    (array([ 3., 30.]), 21.0)
    """
    run = _Run("vjp", f, args, {}, range(len(args)))

    def pullback(y_bar: Any) -> tuple[Any, ...]:
        return run.chosen(run.pull(_matching("vjp: the error signal", y_bar, run.result, run.ys)))  # type: ignore[no-any-return]

    return run.value(), pullback


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of `f`, and how fast it changes when its arguments change by `tangents`: forward mode.

    "Jacobian-vector product", at the cost of a few evaluations of `f`, however many arguments it has.

    Arguments:
        primals: the arguments of `f`, as a tuple.
        tangents: one for each, of its shape and structure.

    >>> import minigrad as mg
    >>> value, tangent = mg.jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.5))
    >>> float(value), float(tangent)
    (12.0, 5.5)
    """
    if not isinstance(primals, tuple | list) or not isinstance(tangents, tuple | list):
        raise TypeError(
            f"jvp: expected the arguments and their tangents as two tuples, got {type(primals).__name__} and "
            f"{type(tangents).__name__}; for one argument write mg.jvp(f, (x,), (x_dot,))"
        )
    if len(primals) != len(tangents):
        raise ValueError(f"jvp: got {len(primals)} arguments and {len(tangents)} tangents, expected one for each")
    run = _Run("jvp", f, tuple(primals), {}, range(len(primals)))
    x_dots = [
        x_dot
        for i, (primal, tangent) in enumerate(zip(primals, tangents, strict=True))
        for x_dot in _matching(f"jvp: the tangent of argument {i}", tangent, primal, run.arguments[i])
    ]
    return run.value(), tree_unflatten(run.result, iter(run.push(x_dots)).__next__)


def jacobian(f: Function, argnums: int | Sequence[int] = 0, mode: str | None = None) -> Function:
    """The function that computes the Jacobian of `f`: the derivative of every output by every input.

    Arguments:
        f: takes arrays and returns an array, of any shapes; or lists, tuples and dictionaries of them.
        argnums: which argument to differentiate, or several (the result is a tuple then).
        mode: ``"reverse"``, a sweep back for each output, or ``"forward"``, a sweep forward for each input. If not
            given, whichever needs fewer sweeps.

    Returns:
        A function of the same arguments, which gives an array of shape ``(*output.shape, *input.shape)``; the
        structure of outputs outside, that of inputs inside.

    >>> import minigrad as mg
    >>> mg.jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """
    _check_argnums("jacobian", f, argnums)
    if mode not in (None, "forward", "reverse"):
        raise ValueError(f'jacobian: mode is "forward", "reverse" or None, got {mode!r}')

    @wraps(f, updated=())
    def matrix(*args: Any, **kwargs: Any) -> Any:
        run = _Run("jacobian", f, args, kwargs, argnums)
        forward = mode == "forward" or (mode is None and _total(run.xs) <= _total(run.ys))
        blocks = _columns(run) if forward else _rows(run)
        return tree_unflatten(run.result, lambda: run.chosen(next(blocks)))

    return matrix


def hessian(f: Function, argnums: int = 0) -> Function:
    """The function that computes the matrix of second derivatives of `f`, forward over reverse.

    >>> import minigrad as mg
    >>> mg.hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f, argnums), argnums, mode="forward")


def hvp(f: Function, x: Any, v: Any) -> Any:
    """The Hessian of `f` at `x` times `v`, at the cost of a few gradients and without the matrix.

    Arguments:
        f: takes one array, list or dictionary of arrays, and returns a single number.
        x, v: of the same structure and shapes.

    >>> import minigrad as mg
    >>> mg.hvp(lambda x: x[0] ** 2 * x[1], np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([4., 2.])
    """
    return jvp(grad(f), (x,), (v,))[1]


def stop_gradient(x: Any) -> Any:
    """`x`, or what is in a list or dictionary, as constants: nothing flows back through them, no tangent forward.

    >>> import minigrad as mg
    >>> float(mg.grad(lambda x: x * mg.stop_gradient(x))(3.0))
    3.0
    """
    leaves = (leaf.detach() if isinstance(leaf, Tensor) else leaf for leaf in tree_leaves(x))
    return tree_unflatten(x, leaves.__next__)


class _Run:
    """One run of a function on arguments of its own, and the graph that it left behind."""

    def __init__(
        self, caller: str, f: Function, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: int | Sequence[int]
    ) -> None:
        self.argnums = _positions(caller, argnums, len(args))
        self.structures = {
            i: tree_unflatten(args[i], lambda: None) for i in self.argnums
        }  # as they were, whatever happens to them
        self.single = not isinstance(argnums, Sequence)
        self.recorded = current_scope() is not None
        with enable_grad():
            self.arguments = {i: [_as_argument(caller, i, leaf) for leaf in tree_leaves(args[i])] for i in self.argnums}
            own = [
                tree_unflatten(arg, iter(self.arguments[i]).__next__) if i in self.arguments else arg
                for i, arg in enumerate(args)
            ]
            self.result = f(*own, **kwargs)
            self.ys = [y if isinstance(y, Tensor) else _constant(caller, y) for y in tree_leaves(self.result)]
            self.root = _outputs(*self.ys)
        self.xs = [x for i in self.argnums for x in self.arguments[i]]
        self.given = [leaf for i in self.argnums for leaf in tree_leaves(args[i])]

    def value(self) -> Any:
        """What the function returned; as plain arrays, unless there is a Tensor among what was given or outside."""
        if self._differentiable_outside:
            parts = iter(self.ys)
        elif any(isinstance(x, Tensor) for x in self.given):
            parts = iter([y.detach() for y in self.ys])  # without the graph, which nobody can ask for
        else:
            parts = iter([y._data for y in self.ys])
        return tree_unflatten(self.result, parts.__next__)

    def pull(self, seeds: list[Any]) -> list[Any]:
        """The error signals of the arguments, for those of the outputs."""
        recorded = self._to_be_recorded(seeds)
        if recorded:
            seeds = [seed if isinstance(seed, Tensor) else Tensor(seed) for seed in seeds]
        else:
            seeds = [seed._data if isinstance(seed, Tensor) else seed for seed in seeds]
        found = {}
        if self.root.requires_grad:
            lift = identity if recorded else None
            found = sweep(self.root, tuple(seeds), inputs=set(self.xs), lift=lift, **observers())
            found = apply_hooks(found, self.xs)
        return [self._result(found.get(x), x, given) for x, given in zip(self.xs, self.given, strict=True)]

    def push(self, x_dots: list[Any]) -> list[Any]:
        """The tangents of the outputs, for those of the arguments."""
        recorded = self._to_be_recorded(x_dots)
        tangents = {
            x: Tensor(x_dot) if recorded and not isinstance(x_dot, Tensor) else x_dot
            for x, x_dot in zip(self.xs, x_dots, strict=True)
        }
        if not recorded:
            tangents = {x: x_dot._data if isinstance(x_dot, Tensor) else x_dot for x, x_dot in tangents.items()}
        between = topological_order(self.root, tangents.keys())[:-1]  # the last is the tuple of all outputs
        found = forward_sweep(between, tangents, lift=identity if recorded else None)
        return [self._result(found.get(y), y, *self.given) for y in self.ys]

    def chosen(self, of_xs: list[Any]) -> Any:
        """One thing for each differentiated array, arranged as the arguments are."""
        parts = iter(of_xs)
        trees = tuple(tree_unflatten(self.structures[i], parts.__next__) for i in self.argnums)
        return trees[0] if self.single else trees

    def _result(self, found: Any, like: Tensor, *given: Any) -> Any:
        if found is None:
            found = np.zeros_like(like._data)[()]
        if isinstance(found, Tensor):
            return found if found.dtype == like.dtype else found.astype(like.dtype)
        found = found.astype(like.dtype, copy=True)[()]
        return Tensor(found) if any(isinstance(x, Tensor) for x in given) else found

    @cached_property
    def _differentiable_outside(self) -> bool:
        """Whether the outputs depend on a Tensor from outside whose derivatives may be asked for later."""
        if not self.recorded or not self.root.requires_grad:
            return False
        if any(x._primitive is not None for x in self.xs):
            return True
        before = min([x._order for x in self.xs], default=self.root._order)
        seen, within = {self.root}, [self.root]
        for y in within:  # which grows on the way
            for x in y._inputs or ():
                if isinstance(x, Tensor) and x.requires_grad and x not in seen:
                    if x._order < before:
                        return True
                    seen.add(x)
                    within.append(x)
        return False

    def _to_be_recorded(self, seeds: list[Any]) -> bool:
        return self._differentiable_outside or (
            self.recorded and any(isinstance(seed, Tensor) and seed.requires_grad for seed in seeds)
        )


def _check_argnums(caller: str, f: Any, argnums: Any) -> None:
    if not callable(f):
        raise TypeError(
            f"{caller}: expected a function, got {type(f).__name__}; write mg.{caller}(f)(x), not mg.{caller}(f(x))"
        )
    if not all(isinstance(i, int) for i in (argnums if isinstance(argnums, Sequence) else (argnums,))):
        raise TypeError(
            f"{caller}: argnums is the position of an argument, as in 0, or several, as in (0, 2); got {argnums!r}; "
            f"the arguments themselves belong in the call: mg.{caller}(f)(x)"
        )


def _positions(caller: str, argnums: int | Sequence[int], count: int) -> list[int]:
    positions = list(argnums) if isinstance(argnums, Sequence) else [argnums]
    for i in positions:
        if not -count <= i < count:
            raise ValueError(
                f"{caller}: argnums names argument {i}, but the function was called with {count} by position; "
                "what is differentiated is passed by position"
            )
    return [i % count for i in positions]


def _as_argument(caller: str, i: int, leaf: Any) -> Tensor:
    """The Tensor that the function gets in place of an argument."""
    if isinstance(leaf, Tensor) and leaf.requires_grad:
        return argument(leaf).named(leaf.name)  # type: ignore[no-any-return]
    name = leaf.name if isinstance(leaf, Tensor) else None
    value = leaf._data if isinstance(leaf, Tensor) else to_device_of(leaf)
    if _kind(value) not in "biufc":
        raise TypeError(
            f"{caller}: argument {i} is or holds {_shown(leaf)}, which cannot be differentiated; pass it as an "
            "argument of its own, which argnums leaves out, or by keyword"
        )
    if value.dtype.kind != "f":
        raise TypeError(
            f"{caller}: argument {i} has dtype {value.dtype}; only floating types can be differentiated; write 2.0 "
            "instead of 2, or convert it with astype(float)"
        )
    return Tensor(value, requires_grad=True, name=name)


def _kind(value: Any) -> str:
    """The kind of a dtype; what is no array has that of objects."""
    return getattr(value, "dtype", np.dtype(object)).kind


def _shown(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _constant(caller: str, y: Any) -> Tensor:
    """An output that does not depend on the arguments."""
    if _kind(to_device_of(y)) not in "biufc":
        hint = "; does it lack a return?" if y is None else ""
        raise TypeError(f"{caller}: the function returned {_shown(y)}, or something with that in it{hint}")
    return Tensor(y)


def _matching(what: str, given: Any, like: Any, tensors: list[Tensor]) -> list[Any]:
    """The leaves of a tree of error signals or tangents, checked against what they belong to."""
    try:
        leaves = list(flatten_up_to(given, like))
    except ValueError as error:
        raise ValueError(f"{what} has not the structure of what it belongs to: {error}") from None
    found = []
    for leaf, t in zip(leaves, tensors, strict=True):
        part = leaf if isinstance(leaf, Tensor) else to_device_of(leaf, t)
        if _kind(part) not in ("biufc" if t.dtype.kind == "c" else "biuf"):
            raise TypeError(f"{what} is or holds {_shown(part)}, expected numbers of dtype {t.dtype}")
        if not isinstance(part, Tensor):
            part = part.astype(t.dtype, copy=False)[()]
        refuse_mixed(what, part, t)
        if shape_of(part) != t.shape:
            raise ValueError(f"{what} has shape {shape_of(part)}, expected {t.shape}, that of what it belongs to")
        found.append(part)
    return found


def _total(tensors: list[Tensor]) -> int:
    return sum(t.size for t in tensors)


def _rows(run: _Run) -> Any:
    """For each output the blocks of its Jacobian, one for each input; row by row, in reverse mode."""
    for k, y in enumerate(run.ys):
        rows = [_row(run, k, unit) for unit in _units(y)]
        yield [_stacked([row[i] for row in rows], (*y.shape, *x.shape), y) for i, x in enumerate(run.xs)]


def _row(run: _Run, k: int, unit: Any) -> list[Any]:
    def pulled(y_bar: Any) -> list[Any]:
        return run.pull([y_bar if j == k else np.zeros_like(y._data) for j, y in enumerate(run.ys)])

    row = pulled(unit)
    if unit.dtype.kind == "c":  # what is pulled back are the derivatives of the real part; those of the other by −i
        row = [real + 1j * imaginary for real, imaginary in zip(row, pulled(-1j * unit), strict=True)]
    return row


def _columns(run: _Run) -> Any:
    """The same, column by column, in forward mode."""
    by_input = []
    for k, x in enumerate(run.xs):
        by_input.append(
            [
                run.push([e if j == k else np.zeros_like(other._data) for j, other in enumerate(run.xs)])
                for e in _units(x)
            ]
        )
    for k, y in enumerate(run.ys):
        yield [
            _stacked([tangents[k].reshape(-1) for tangents in columns], (*y.shape, *x.shape), y, axis=-1)
            for columns, x in zip(by_input, run.xs, strict=True)
        ]


def _units(x: Tensor) -> Any:
    """The arrays of the shape of `x` that are 1 in one place and 0 elsewhere."""
    for i in range(x.size):
        unit = np.zeros_like(x._data, shape=(x.size,))
        unit[i] = 1
        yield unit.reshape(x.shape)[()]


def _stacked(parts: Sequence[Any], shape: tuple[int, ...], like: Tensor, axis: int = 0) -> Any:
    if not parts:
        return np.zeros_like(like._data, shape=shape)
    return np.stack(parts, axis).reshape(shape)
