"""Derivatives of functions: grad, value_and_grad, vjp, jvp, jacobian, hessian, hvp.

Each takes a function of arrays and returns one, or its value. All work by the same three steps: the
arguments become Tensors of their own, the function runs and leaves a graph behind, and the graph is swept
backward (error signals) or forward (tangents). Where something outside needs derivatives of the result, as
inside another of these functions, the sweep is recorded too; so they nest in any order.

Arguments may be complex. The error signal of a complex z = x + iy is z̄ = ∂L/∂x − i ∂L/∂y, so that dL = Re(z̄ dz).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import wraps
from typing import Any

from minigrad.core.gradients.first_signal import one_like
from minigrad.core.tensor import Tensor
from minigrad.pytree import tree_leaves, tree_unflatten
from minigrad.transforms.holomorphic import (
    refuse_complex_to_complex,
    refuse_jacobian_unless_holomorphic,
    refuse_unless_holomorphic,
    require_complex,
)
from minigrad.transforms.jacobian_sweeps import jacobian_by_columns, jacobian_by_rows, total_size
from minigrad.transforms.traced_function import Function, TracedCall, matching_leaves

__all__ = ["grad", "hessian", "hvp", "jacobian", "jvp", "stop_gradient", "value_and_grad", "vjp"]


def grad(f: Function, argnums: int | Sequence[int] = 0, holomorphic: bool = False) -> Function:
    """The function that computes the gradient of `f`.

    Arguments:
        f: takes arrays (or lists, tuples and dictionaries of them) and returns a single number.
        argnums: which argument to differentiate, or several.
        holomorphic: whether `f` takes complex numbers to a complex one and has a complex derivative, as polynomials,
            ``exp`` and ``sin`` have. The gradient is then f′(z).

    The gradient of a real `f` by a complex argument z = x + iy is ∂f/∂x − i ∂f/∂y, as in JAX, so that df = Re(g dz).
    It is the conjugate of PyTorch's, and a step of steepest descent is ``z - rate * np.conj(g)``.

    Returns:
        A function of the same arguments: the gradient, of the structure and shapes of the argument; a tuple of
        gradients for several. Plain arrays in, plain arrays out; Tensors where the gradient itself may still be
        differentiated.

    Raises:
        TypeError: if an argument to differentiate is neither floating nor complex, or `f` does not return a real
            number; with `holomorphic`, if an argument or the result is not complex.
        ValueError: if `f` returns an array, or is not holomorphic though said to be so.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> float(mg.grad(lambda x: x**3)(2.0))
    12.0
    >>> float(mg.grad(mg.grad(lambda x: x**3))(2.0))
    12.0
    >>> mg.grad(lambda p: (p["w"] * 3 + p["b"]) ** 2)({"w": 1.0, "b": 2.0})
    {'w': np.float64(30.0), 'b': np.float64(10.0)}
    >>> complex(mg.grad(lambda z: mg.real(z) ** 2 + mg.imag(z) ** 2)(3.0 + 4.0j))
    (6-8j)
    >>> complex(mg.grad(lambda z: z**2, holomorphic=True)(3.0 + 4.0j))
    (6+8j)
    """
    both = value_and_grad(f, argnums, holomorphic)

    @wraps(f, updated=())
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient


def value_and_grad(f: Function, argnums: int | Sequence[int] = 0, holomorphic: bool = False) -> Function:
    """The function that computes the value of `f` and its gradient, as a pair; arguments as in `grad`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> value, gradient = mg.value_and_grad(lambda x: mg.sum(x * x))(np.array([1.0, 2.0]))
    >>> float(value), gradient
    (5.0, array([2., 4.]))
    """

    _check_argnums("grad", f, argnums)

    @wraps(f, updated=())
    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        run = TracedCall("grad", f, args, kwargs, argnums)
        if isinstance(run.result, dict | list | tuple):
            raise TypeError(f"grad: the function returned {type(run.result).__name__}, expected a single number")
        value = run.ys[0]._data
        if holomorphic:
            require_complex("grad", run)
        elif value.dtype.kind != "f":
            raise TypeError(
                f"grad: the function returned {value.dtype}, expected a floating number; take the real part, or the "
                "square of the absolute value. A holomorphic function of complex arguments has a complex derivative: "
                "pass holomorphic=True"
            )
        if value.size != 1:
            raise ValueError(
                f"grad: the function returned an array of shape {value.shape}, and a gradient needs a single "
                "number; reduce it (mean, sum), or use mg.jacobian"
            )
        signals = run.pull([one_like(value)])
        if holomorphic:
            refuse_unless_holomorphic("grad", run, [one_like(value)], signals)
        return run.value(), run.chosen(signals)

    return value_and_gradient


def vjp(f: Function, *args: Any, rules: Mapping[Any, Any] | None = None) -> tuple[Any, Function]:
    """The value of `f`, and the function that carries error signals back: reverse mode.

    "Vector-Jacobian product": the pullback takes the error signal of the value, of its shape (and structure, if `f`
    returns several arrays), and gives a tuple with the error signal of each argument. It can be called any
    number of times.

    Arguments and the value may be complex. The pullback is linear in the real and in the imaginary part of an error
    signal; ``pullback(1.0)`` and ``pullback(-1j)`` of a complex value u + iv are the gradients of u and of v.

    Arguments:
        rules: other backward rules for the pullback, by operation, as for ``loss.backward(rules=…)``.

    Raises:
        TypeError, ValueError: for `rules`, as ``backward``.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> value, pullback = mg.vjp(lambda w, x: w * x, np.array([1.0, 2.0]), 3.0)
    >>> w_bar, x_bar = pullback(np.array([1.0, 10.0]))
    >>> w_bar, float(x_bar)
    (array([ 3., 30.]), 21.0)

    With another rule for ReLU, by which an error signal that is negative ends there (guided backpropagation):

    >>> guided = {mg.relu: lambda y_bar, y, x: mg.relu(y_bar) * (y > 0)}
    >>> _, pullback = mg.vjp(lambda x: mg.relu(x) * [5.0, -5.0, 5.0], np.array([1.0, 2.0, -3.0]), rules=guided)
    >>> pullback(np.ones(3))
    (array([5., 0., 0.]),)
    """
    run = TracedCall("vjp", f, args, {}, range(len(args)))
    changed = run.changed(rules, "vjp")

    def pullback(y_bar: Any) -> tuple[Any, ...]:
        seeds = matching_leaves("vjp: the error signal", y_bar, run.result, run.ys)
        return run.chosen(run.pull(seeds, changed))  # type: ignore[no-any-return]

    return run.value(), pullback


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of `f`, and how fast it changes when its arguments change by `tangents`: forward mode.

    "Jacobian-vector product", at the cost of a few evaluations of `f`, however many arguments it has.

    Arguments:
        primals: the arguments of `f`, as a tuple.
        tangents: one for each, of its shape and structure; that of a complex argument is complex.

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
    run = TracedCall("jvp", f, tuple(primals), {}, range(len(primals)))
    x_dots = [
        x_dot
        for i, (primal, tangent) in enumerate(zip(primals, tangents, strict=True))
        for x_dot in matching_leaves(f"jvp: the tangent of argument {i}", tangent, primal, run.arguments[i])
    ]
    return run.value(), tree_unflatten(run.result, iter(run.push(x_dots)).__next__)


def jacobian(
    f: Function, argnums: int | Sequence[int] = 0, mode: str | None = None, holomorphic: bool = False
) -> Function:
    """The function that computes the Jacobian of `f`: the derivative of every output by every input.

    Arguments:
        f: takes arrays and returns an array, of any shapes; or lists, tuples and dictionaries of them.
        argnums: which argument to differentiate, or several (the result is a tuple then).
        mode: ``"reverse"``, a sweep back for each output, or ``"forward"``, a sweep forward for each input. If not
            given, whichever needs fewer sweeps.
        holomorphic: whether `f` takes complex numbers to complex numbers and has complex derivatives, as in `grad`.

    Returns:
        A function of the same arguments, which gives an array of shape ``(*output.shape, *input.shape)``; the
        structure of outputs outside, that of inputs inside.

    Raises:
        TypeError: as `grad`; and for complex outputs of complex inputs without `holomorphic`.
        ValueError: if `f` is not holomorphic though said to be so.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """
    _check_argnums("jacobian", f, argnums)
    if mode not in (None, "forward", "reverse"):
        raise ValueError(f'jacobian: mode is "forward", "reverse" or None, got {mode!r}')

    @wraps(f, updated=())
    def matrix(*args: Any, **kwargs: Any) -> Any:
        run = TracedCall("jacobian", f, args, kwargs, argnums)
        if holomorphic:
            require_complex("jacobian", run)
            refuse_jacobian_unless_holomorphic(run)
        else:
            refuse_complex_to_complex("jacobian", run)
        forward = mode == "forward" or (mode is None and total_size(run.xs) <= total_size(run.ys))
        blocks = (jacobian_by_columns if forward else jacobian_by_rows)(run, holomorphic=holomorphic)
        return tree_unflatten(run.result, lambda: run.chosen(next(blocks)))

    return matrix


def hessian(f: Function, argnums: int = 0, holomorphic: bool = False) -> Function:
    """The function that computes the matrix of second derivatives of `f`, forward over reverse; arguments as in `grad`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f, argnums, holomorphic), argnums, mode="forward", holomorphic=holomorphic)


def hvp(f: Function, x: Any, v: Any) -> Any:
    """The Hessian of `f` at `x` times `v`, at the cost of a few gradients and without the matrix.

    Arguments:
        f: takes one array, list or dictionary of arrays, and returns a single number.
        x, v: of the same structure and shapes.

    >>> import minigrad as mg
    >>> import numpy as np
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
