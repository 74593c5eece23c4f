"""checkpoint: recompute intermediate values in the backward pass instead of storing them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from minigrad.core.changed_rules.changed_rules import Call, ChangedRules, calls_of
from minigrad.core.grad_mode import enable_grad
from minigrad.core.gradients.backward_hooks import apply_hooks
from minigrad.core.graph import identity, observers, sweep
from minigrad.core.implicit_exits.lost_gradient_warning import differentiating
from minigrad.core.named_scope import innermost
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor, leaf, new_output
from minigrad.pytree import tree_leaves, tree_unflatten
from minigrad.recorder import again_for_backward
from minigrad.transforms.traced_function import argument

__all__ = ["checkpoint"]


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f` with less memory: its intermediate values are not stored, but recomputed in the backward pass.

    A backward pass needs every intermediate value, so memory grows with depth. A chain of n steps in √n
    checkpointed pieces stores the values of about 2 √n steps, for one more forward pass; within `record` all
    are stored. A file from which a training goes on after it was killed is another thing:
    ``nn.fit(…, checkpoint=path)``.

    Arguments:
        f: takes arrays, or lists, tuples and dictionaries of them, and returns one Tensor. It may use Tensors
            from outside, such as the parameters of a module, and must return the same result when called again
            with the same arguments.

    Returns:
        A function of the same arguments. It has derivatives of any order; those above the first store the
        recomputed values.

    Raises:
        TypeError: if `f` does not return one Tensor.
        RuntimeError: in the backward pass, if `f` returns another result than before.

    >>> import minigrad as mg
    >>> w = mg.Tensor(0.5, requires_grad=True)
    >>> layer = mg.checkpoint(lambda x: mg.tanh(w * x))
    >>> y = layer(layer(mg.Tensor(1.0)))
    >>> y.backward()
    >>> round(float(w.grad), 6)
    0.811253

    Source: Griewank & Walther, "Algorithm 799: revolve", 2000; Chen et al., "Training deep nets with sublinear
    memory cost", 2016.
    """

    @wraps(f)
    def light(*args: Any, **kwargs: Any) -> Any:
        scope = innermost()[0]
        if scope is None or scope.records_all:  # nothing is stored, or everything
            return _one(f(*args, **kwargs))
        piece = _Piece(f, args, kwargs)
        given = [x for x in tree_leaves(piece.arguments) if _varies(x)]
        mark = Tensor(0.0)._order
        own = [argument(x) for x in given]
        y = piece.run(own)
        if not isinstance(y, Tensor) or not y.requires_grad:
            return y
        piece.outside, between = _used_from_outside(y, own, mark)
        piece.calls = calls_of(between)
        inputs = (*given, *piece.outside)
        return new_output(
            y._data, _checkpoint, inputs, _checkpoint.packed([x._data for x in inputs]), {"piece": piece}, True
        )

    return light


#: The error signal of y, the changed rules, the error signals of the inputs, and which of them was taken last.
_NOTHING_KEPT: tuple[Any, ChangedRules | None, list[Any], int] = (None, None, [], -1)


class _Piece:
    """A call of a checkpointed function, with all that is needed to repeat it.

    Attributes:
        outside: the Tensors that it used without being given them.
        calls: the operations in it, for which a sweep may have other rules.
    """

    def __init__(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.f = f
        self.arguments = (args, kwargs)
        self.outside: list[Tensor] = []
        self.calls: set[Call] = set()
        self._kept = _NOTHING_KEPT

    def run(self, own: list[Tensor]) -> Any:
        """Call the function with `own` in place of the arguments that require gradients."""
        arguments = iter(own)
        leaves = (next(arguments) if _varies(x) else x for x in tree_leaves(self.arguments))
        args, kwargs = tree_unflatten(self.arguments, leaves.__next__)
        with enable_grad(), differentiating(own):
            y = self.f(*args, **kwargs)
        return _one(y)

    def signal(self, i: int, y_bar: Any, y: Any, xs: Sequence[Any], changed: ChangedRules | None) -> Any:
        """The error signal of the i-th input; the call for the first computes all."""
        signal_of_y, rules, computed, last = self._kept
        if signal_of_y is not y_bar or rules is not changed or i <= last:  # another sweep, which starts with the first
            computed = self._signals(y_bar, y, xs, changed)
        # One object, read and written at once: sweeps of several threads may meet here.
        self._kept = (y_bar, changed, computed, i) if i < len(xs) - 1 else _NOTHING_KEPT
        return computed[i]

    def _signals(self, y_bar: Any, y: Any, xs: Sequence[Any], changed: ChangedRules | None) -> list[Any]:
        recorded = isinstance(y_bar, Tensor)
        count = len(xs) - len(self.outside)
        for x, value in zip(self.outside, xs[count:], strict=True):
            if not recorded and x._data is not value:
                raise RuntimeError(
                    f"checkpoint: {x._called()} was given another value after the forward pass; "
                    "call backward() before the update"
                )
        with enable_grad():
            own = [argument(x if isinstance(x, Tensor) else leaf(x)) for x in xs[:count]]
        with again_for_backward():
            again = self.run(own)
        if not np.array_equal(again._data, y._data if isinstance(y, Tensor) else y, equal_nan=True):
            raise RuntimeError(
                "checkpoint: the function returned another result when called again for the backward pass; it must "
                "not depend on anything that changes, such as random numbers (dropout) or running means"
            )
        inputs = (*own, *self.outside)
        lift = identity if recorded else None
        found = sweep(again, y_bar, inputs=set(inputs), lift=lift, **observers(changed))
        found = apply_hooks(found, own)  # outside, the sweep continues and calls them itself
        return [found.get(x, np.zeros_like(x._data)) for x in inputs]


# In a derivation, which calls it with symbolic values, the piece stays one operation.
_signal: Primitive = Primitive(
    "checkpoint_signal",
    lambda y_bar, y, *xs, i, piece, changed: piece.signal(i, y_bar, y, xs, changed),
    symbol="checkpointᵀ",
)
_checkpoint = Primitive(
    "checkpoint",
    lambda xs, piece: piece.run([argument(leaf(x)) for x in xs[: len(xs) - len(piece.outside)]])._data,
    each=lambda i, y_bar, y, xs, piece, changed=None: (
        _signal(y_bar, y, *xs, i=i, piece=piece, changed=changed)
        if hasattr(y_bar, "__apply__")
        else piece.signal(i, y_bar, y, xs, changed)
    ),
    as_list=True,
)
_checkpoint.nested = "piece"


def _one(y: Any) -> Any:
    if isinstance(y, list | tuple | dict) or y is None:
        raise TypeError(f"checkpoint: the function returned {type(y).__name__}, expected one Tensor")
    return y


def _varies(x: Any) -> bool:
    return isinstance(x, Tensor) and x.requires_grad


def _used_from_outside(y: Tensor, own: list[Tensor], mark: int) -> tuple[list[Tensor], list[Tensor]]:
    """The Tensors that the function used without being given them, and those that it computed.

    The first are those older than its call, and its own leaves.
    """
    found, seen, between = [], {y, *own}, [y]
    for z in between:  # the list grows in the loop
        if z._primitive is None or z._order < mark:
            found.append(z)
            continue
        for x in z._inputs or ():
            if isinstance(x, Tensor) and x.requires_grad and x not in seen:
                seen.add(x)
                between.append(x)
    return found, [z for z in between if z._primitive is not None and z._order >= mark]
