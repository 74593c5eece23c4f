"""A call of a function that is being differentiated: its arguments as Tensors, its outputs, and both sweeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minigrad.array_checks import refuse_lossy
from minigrad.core.changed_rules.changed_rules import ChangedRules
from minigrad.core.forward_mode import forward_sweep
from minigrad.core.grad_mode import enable_grad
from minigrad.core.gradients.backward_hooks import apply_hooks
from minigrad.core.graph import identity, observers, sweep, topological_order
from minigrad.core.implicit_exits.lost_gradient_warning import differentiating
from minigrad.core.named_scope import current_scope
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.device import refuse_mixed, to_device_of
from minigrad.pytree import flatten_up_to, tree_leaves, tree_unflatten
from minigrad.recorder import noting_signals
from minigrad.rules.convert_arguments import shape_of

__all__ = ["Function", "TracedCall", "argument", "matching_leaves"]

Function = Callable[..., Any]

# An argument as a Tensor of its own: what the function computes from it can be told from what else was computed from
# the same Tensor, and the sweep ends there.
argument = Primitive("argument", lambda x: x, lambda y_bar, y, x: y_bar)

# Several outputs as one: a tuple, whose error signal is the tuple of their error signals.
_outputs = Primitive("outputs", tuple, each=lambda i, y_bar, y, ys: y_bar[i], as_list=True)


class TracedCall:
    """One call of a function on Tensors of its own in place of its arguments, and the graph that it recorded."""

    def __init__(
        self, caller: str, f: Function, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: int | Sequence[int]
    ) -> None:
        self.argnums = argument_positions(caller, argnums, len(args))
        # copies: the function may change its arguments
        self.structures = {i: tree_unflatten(args[i], lambda: None) for i in self.argnums}
        self.single = not isinstance(argnums, Sequence)
        self.recorded = current_scope() is not None
        with enable_grad():
            self.arguments = {i: [as_argument(caller, i, leaf) for leaf in tree_leaves(args[i])] for i in self.argnums}
            own = [
                tree_unflatten(arg, iter(self.arguments[i]).__next__) if i in self.arguments else arg
                for i, arg in enumerate(args)
            ]
            self.xs = [x for i in self.argnums for x in self.arguments[i]]
            with differentiating(self.xs):
                self.result = f(*own, **kwargs)
            self.ys = [y if isinstance(y, Tensor) else as_output(caller, y) for y in tree_leaves(self.result)]
            self.root = _outputs(*self.ys)
        self.given = [leaf for i in self.argnums for leaf in tree_leaves(args[i])]
        self._given_tensors = any(isinstance(x, Tensor) for x in self.given)
        self._differentiable_outside = self.recorded and self.root._requires_grad and self._depends_on_outside()

    def value(self) -> Any:
        """The value of the function: plain arrays, unless an argument or something outside is a Tensor."""
        if self._differentiable_outside:
            parts = iter(self.ys)
        elif self._given_tensors:
            parts = iter([y.detach() for y in self.ys])  # without the graph, which is unreachable
        else:
            parts = iter([y._data for y in self.ys])
        return tree_unflatten(self.result, parts.__next__)

    def changed(self, rules: Any, caller: str) -> ChangedRules | None:
        """Other backward rules for this call, checked; ``None`` without any."""
        if not rules:
            return None
        own = (argument, _outputs)
        order = [y for y in topological_order(self.root, set(self.xs)) if y._primitive not in own]
        return ChangedRules(rules, order, caller, "the function")

    def pull(self, seeds: list[Any], changed: ChangedRules | None = None) -> list[Any]:
        """The error signals of the arguments, from those of the outputs."""
        recorded = self._to_be_recorded(seeds)
        if recorded:
            seeds = [seed if isinstance(seed, Tensor) else Tensor(seed) for seed in seeds]
        else:
            seeds = [seed._data if isinstance(seed, Tensor) else seed for seed in seeds]
        found = {}
        if self.root.requires_grad:
            lift = identity if recorded else None
            found = sweep(self.root, tuple(seeds), inputs=set(self.xs), lift=lift, **observers(changed))
            found = apply_hooks(found, self.xs)
        results = [
            self._result(found.get(x), x, isinstance(given, Tensor))
            for x, given in zip(self.xs, self.given, strict=True)
        ]
        note = noting_signals.get()
        if note is not None:  # a program is being written
            for x, x_bar in zip(self.xs, results, strict=True):
                note(x, x_bar)
        return results

    def plain_pull(self, seeds: list[Any]) -> list[Any]:
        """The same as plain arrays, with nothing recorded and no hooks called: for a check."""
        found = sweep(self.root, tuple(seeds), inputs=set(self.xs)) if self.root.requires_grad else {}
        return [found.get(x, np.zeros_like(x._data)) for x in self.xs]

    def push(self, x_dots: list[Any]) -> list[Any]:
        """The tangents of the outputs, from those of the arguments."""
        recorded = self._to_be_recorded(x_dots)
        tangents = {
            x: Tensor(x_dot) if recorded and not isinstance(x_dot, Tensor) else x_dot
            for x, x_dot in zip(self.xs, x_dots, strict=True)
        }
        if not recorded:
            tangents = {x: x_dot._data if isinstance(x_dot, Tensor) else x_dot for x, x_dot in tangents.items()}
        between = topological_order(self.root, tangents.keys())[:-1]  # the last is the tuple of all outputs
        found = forward_sweep(between, tangents, lift=identity if recorded else None)
        return [self._result(found.get(y), y, self._given_tensors) for y in self.ys]

    def chosen(self, of_xs: list[Any]) -> Any:
        """One value for each differentiated array, in the structure of the arguments."""
        parts = iter(of_xs)
        trees = tuple(tree_unflatten(self.structures[i], parts.__next__) for i in self.argnums)
        return trees[0] if self.single else trees

    def _result(self, found: Any, like: Tensor, as_tensor: bool) -> Any:
        if found is None:
            found = np.zeros_like(like._data)[()]
        if isinstance(found, Tensor):
            return found if found.dtype == like.dtype else found.astype(like.dtype)
        found = found.astype(like.dtype, copy=True)[()]
        return Tensor(found) if as_tensor else found

    def _depends_on_outside(self) -> bool:
        """Whether the outputs depend on a Tensor from outside whose derivatives may be asked for later."""
        if any(x._primitive is not None for x in self.xs):
            return True
        before = min([x._order for x in self.xs], default=self.root._order)
        seen, within = {self.root}, [self.root]
        for y in within:  # the list grows in the loop
            for x in y._inputs or ():
                if isinstance(x, Tensor) and x._requires_grad and x not in seen:
                    if x._order < before:
                        return True
                    seen.add(x)
                    within.append(x)
        return False

    def _to_be_recorded(self, seeds: list[Any]) -> bool:
        return self._differentiable_outside or (
            self.recorded and any(isinstance(seed, Tensor) and seed._requires_grad for seed in seeds)
        )


class _Argument(Tensor):
    """An argument that the function may rebind: ``x += 1`` computes a new Tensor."""

    __slots__ = ()
    _is_argument = True


def argument_positions(caller: str, argnums: int | Sequence[int], count: int) -> list[int]:
    positions = list(argnums) if isinstance(argnums, Sequence) else [argnums]
    for i in positions:
        if not -count <= i < count:
            raise ValueError(
                f"{caller}: argnums names argument {i}, but the function was called with {count} by position; "
                "what is differentiated is passed by position"
            )
    return [i % count for i in positions]


def as_argument(caller: str, i: int, leaf: Any) -> Tensor:
    """The Tensor that replaces an argument in the call."""
    if isinstance(leaf, Tensor) and leaf.requires_grad:
        return argument(leaf).named(leaf.name)  # type: ignore[no-any-return]
    refuse_lossy(leaf, f"{caller}: argument {i}")
    name = leaf.name if isinstance(leaf, Tensor) else None
    value = leaf._data if isinstance(leaf, Tensor) else to_device_of(leaf)
    if dtype_kind(value) not in "biufc":
        raise TypeError(
            f"{caller}: argument {i} is or holds {described(leaf)}, which cannot be differentiated; pass it as an "
            "argument of its own, which argnums leaves out, or by keyword"
        )
    if value.dtype.kind not in "fc":
        raise TypeError(
            f"{caller}: argument {i} has dtype {value.dtype}; only floating types can be differentiated; write 2.0 "
            "instead of 2, or convert it with astype(float)"
        )
    x = _Argument(value, name=name)
    x._requires_grad = True  # a leaf that a user makes is real; an argument may be complex
    return x


def dtype_kind(value: Any) -> str:
    """The kind of its dtype; that of objects if it is not an array."""
    return getattr(value, "dtype", np.dtype(object)).kind


def described(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    return "None" if value is None else f"a {type(value).__name__}"


def as_output(caller: str, y: Any) -> Tensor:
    """An output that does not depend on the arguments."""
    refuse_lossy(y, f"{caller}: the result of the function")
    if dtype_kind(to_device_of(y)) not in "biufc":
        hint = "; is a return missing?" if y is None else ""
        raise TypeError(f"{caller}: the function returned {described(y)}, or something with that in it{hint}")
    return Tensor(y)


def matching_leaves(what: str, given: Any, like: Any, tensors: list[Tensor]) -> list[Any]:
    """The leaves of a tree of error signals or tangents, checked against the Tensors that they belong to."""
    try:
        leaves = list(flatten_up_to(given, like))
    except ValueError as error:
        raise ValueError(f"{what} has the wrong structure: {error}") from None
    found = []
    for leaf, t in zip(leaves, tensors, strict=True):
        refuse_lossy(leaf, what)
        part = leaf if isinstance(leaf, Tensor) else to_device_of(leaf, t)
        if dtype_kind(part) not in ("biufc" if t.dtype.kind == "c" else "biuf"):
            raise TypeError(f"{what} is or holds {described(part)}, expected numbers of dtype {t.dtype}")
        if not isinstance(part, Tensor):
            part = part.astype(t.dtype, copy=False)[()]
        refuse_mixed(what, part, t)
        if shape_of(part) != t.shape:
            raise ValueError(f"{what} has shape {shape_of(part)}, expected {t.shape}")
        found.append(part)
    return found
