"""Topological order, the backward sweep, and freeing the graph.

A Tensor's error signal is complete only when everything computed from it has passed its share back. Reverse
topological order guarantees that, and visits each Tensor once: without it the work would double with every
``y = y + y``. Everything here is a loop, not a recursion, so that only memory limits the depth of a graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from minigrad.core.anomaly_detection import watching
from minigrad.core.changed_rules.changed_rules import ChangedRules
from minigrad.core.gradients.accumulate import accumulate
from minigrad.core.gradients.backward_hooks import active_hooks
from minigrad.core.gradients.first_signal import first_signal
from minigrad.core.recording.origin import is_short
from minigrad.core.recording.scopes import plain_arrays, recordings, records_arrays
from minigrad.core.tensor import Tensor
from minigrad.core.validation import check_signal
from minigrad.core.writes.refuse_written import refuse_written
from minigrad.device import device_of, to_device, to_host
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.recorder import also_noted, writer, writers

if TYPE_CHECKING:
    from minigrad.core.primitive import Primitive, Rule

__all__ = [
    "Operation",
    "backward",
    "constant_operations",
    "identity",
    "match_input",
    "observers",
    "on_device_of",
    "operation_of",
    "operations",
    "sweep",
    "topological_order",
    "unbroadcast",
]

_array, _float64, _sum = np.ndarray, np.float64, np.add.reduce
_age = attrgetter("_order")


def topological_order(root: Tensor, inputs: Set[Tensor] | None = None) -> list[Tensor]:
    """The Tensors that lead to `root` and require gradients, inputs before outputs.

    An output is created after its inputs, so the order of creation is a topological order.

    Arguments:
        inputs: if given, only Tensors computed from these, without themselves.

    Raises:
        RuntimeError: if a part of the graph has been freed, or was returned by a compiled function.
    """
    since = -1 if inputs is None else min([x._order for x in inputs], default=root._order)  # older ones cannot depend
    seen, order = {root}, [root]
    add, visit = seen.add, order.append
    for y in order:  # the list grows in the loop
        if inputs is not None and y in inputs:
            continue
        arguments = y._inputs
        if arguments is None:
            if y._primitive is not None:
                raise RuntimeError(
                    f"the graph of {y._called()} was freed by an earlier backward(); call that one with "
                    "retain_graph=True, compute the loss again, or draw and explain it before backward()"
                )
            if inputs is not None:
                continue  # a compiled function returned it, and was given none of them
            raise RuntimeError(
                f"no gradient can flow through {y._called()}: a compiled function returned it, without a "
                "graph. Call backward() inside that function, or compile mg.value_and_grad(f); if the value is meant "
                "to be a constant, call the compiled function inside mg.no_grad()"
            )
        for x in arguments:
            if isinstance(x, Tensor) and x._requires_grad and x not in seen and x._order > since:
                add(x)
                visit(x)
    order.sort(key=_age)
    if inputs is not None:
        dependent, reached = set(inputs), order
        order = []
        for y in reached:
            for x in y._inputs or ():
                if isinstance(x, Tensor) and x in dependent:
                    dependent.add(y)
                    if y not in inputs:
                        order.append(y)
                    break
    return order


class Operation(NamedTuple):
    """One recorded call of a primitive.

    Attributes:
        output: the Tensor that it returned.
        primitive: the operation.
        inputs: its arguments: Tensors and constants.
        params: its keywords, and what its forward pass saved for the rules.
    """

    output: Tensor
    primitive: Primitive
    inputs: tuple[Any, ...]
    params: dict[str, Any]


def operations(y: Tensor) -> list[Operation]:
    """The graph of a Tensor: the recorded operations that led to it, inputs before outputs.

    Raises:
        TypeError: if `y` is not a Tensor.
        RuntimeError: if a part of the graph has been freed.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0], requires_grad=True)
    >>> [(operation.primitive.name, operation.params) for operation in mg.operations(mg.sum(2 * x))]
    [('multiply', {}), ('sum', {'axis': None, 'keepdims': False})]
    """
    if not isinstance(y, Tensor):
        raise TypeError(f"operations: expected a Tensor, the result of a computation, got {type(y).__name__}")
    return [operation_of(z) for z in topological_order(y) if z._primitive is not None]


def operation_of(y: Tensor) -> Operation:
    """The recorded call that computed a Tensor."""
    assert y._primitive is not None
    return Operation(y, y._primitive, y._inputs or (), y._params or {})


def constant_operations(order: Iterable[Tensor], has_name: Callable[[Any], bool]) -> dict[Tensor, Operation]:
    """How the constants of a graph were computed from constants with a name, inputs before outputs.

    For ``1 - t`` in a loss, where ``t`` has a name, or is in the loss itself. Left out is a constant that has a name,
    that depends on other arrays, or that no longer follows from its inputs, because one was written into.

    Arguments:
        order: the graph in topological order.
        has_name: whether a value has a name.
    """
    found: dict[Tensor, Operation] = {}
    refused: set[Tensor] = set()
    constants = [x for y in order for x in y._inputs or () if isinstance(x, Tensor) and not x._requires_grad]
    shown = {x for x in constants if not is_short(getattr(x, "_origin", None))}

    def is_written(x: Any) -> bool:
        return has_name(x) or (isinstance(x, Tensor) and x in shown)

    for x in constants:
        with plain_arrays():
            _follow_origin(x, is_written, found, refused)
    return found


def _follow_origin(
    x: Any, has_name: Callable[[Any], bool], found: dict[Tensor, Operation], refused: set[Tensor]
) -> bool:
    """Whether a value can be written down with names and numbers alone; how it was computed goes into `found`."""
    if has_name(x) or not isinstance(x, Tensor) or x.requires_grad:
        return has_name(x) or np.size(x) == 1
    origin = getattr(x, "_origin", None)
    if x in found or x in refused or not is_short(origin):
        return x in found or x.size == 1
    primitive, inputs, params, *_ = origin  # type: ignore[misc]
    followed = [_follow_origin(value, has_name, found, refused) for value in inputs]
    if all(followed) and any(has_name(value) or value in found for value in inputs if isinstance(value, Tensor)):
        values = [value._data if isinstance(value, Tensor) else value for value in inputs]
        if _equal(primitive(*values, **primitive.keywords(params)), x._data):
            found[x] = Operation(x, primitive, inputs, params)
            return True
    refused.add(x)
    return x.size == 1


def _equal(a: Any, b: Any) -> bool:
    """Whether two arrays have the same elements, NaN equal to itself."""
    a, b = to_host(a), to_host(b)
    return np.array_equal(a, b, equal_nan=np.result_type(a, b).kind in "fc")


def sweep(
    root: Tensor,
    seed: Any,
    *,
    inputs: Set[Tensor] | None = None,
    lift: Callable[[Tensor], Any] | None = None,
    rules: Callable[[Primitive], Iterable[Rule]] | None = None,
    visit: Callable[[Tensor, Any], Any] | None = None,
    free: bool = False,
) -> dict[Tensor, Any]:
    """Carry the error signal `seed` of `root` back to the leaves, and return theirs.

    Arguments:
        inputs: the Tensors whose error signals to compute, by default all leaves; the sweep ends at them, and
            those on which `root` does not depend are missing from the result.
        lift: what the rules compute with in place of a Tensor. By default its array, as the forward pass
            saw it: nothing is recorded. The Tensor itself: the sweep is recorded. A symbolic value: the
            sweep writes the derivation.
        rules: gives the rules of a primitive, in place of its own.
        visit: called with each Tensor and its complete error signal, in the order of the sweep; its
            result replaces the error signal.
        free: free each part of the graph as soon as it has been used.

    Raises:
        RuntimeError: if a part of the graph has been freed, or a leaf been written into since it was used.
    """
    if recordings and records_arrays():
        with plain_arrays():
            return sweep(root, seed, inputs=inputs, lift=lift, rules=rules, visit=visit, free=free)
    signals: dict[Tensor, Any] = {root: seed}
    leaves: dict[Tensor, Any] = {}
    order = topological_order(root, inputs)
    refuse_written(order, recorded=lift is identity)
    needed = None if inputs is None else {*inputs, *order}
    next_of, complete, arrived = order.pop, signals.pop, signals.get  # looked up once: this loop is hot
    while order:
        y = next_of()  # freed as the sweep passes it, unless referenced elsewhere
        y_bar = complete(y)  # dropped after its use: memory peaks at the width of the graph
        if visit is not None:
            y_bar = visit(y, y_bar)
        primitive = y._primitive
        if primitive is None:
            leaves[y] = y_bar
            continue
        values: Sequence[Any] = y._values  # type: ignore[assignment]
        output, params = y._data, y._params
        if lift is not None:
            output, values = lift(y), primitive.packed([lift(x) if isinstance(x, Tensor) else x for x in y._inputs])  # type: ignore[union-attr]
        for x, rule in zip(y._inputs, primitive.rules if rules is None else rules(primitive)):  # type: ignore[arg-type]  # noqa: B905
            if isinstance(x, Tensor) and x._requires_grad and (needed is None or x in needed):
                x_bar = rule(y_bar, output, *values, **params) if params else rule(y_bar, output, *values)
                value = x._data
                if type(x_bar) is not _float64 and (  # the cheapest first look
                    x_bar.shape != value.shape or x_bar.dtype is not value.dtype or type(x_bar) is not type(value)
                ):
                    x_bar = match_input(x_bar, value, primitive.name)
                # The last use comes first: prepended, the terms read in the order of the uses.
                others = arrived(x)
                signals[x] = x_bar if others is None else x_bar + others
        if free:
            # Another thread reads `_inputs` last: it finds all three, or fails.
            y._inputs = y._values = y._params = None
    return leaves if inputs is None else {x: x_bar for x, x_bar in signals.items() if x in inputs}


def identity(x: Tensor) -> Tensor:
    """The `lift` of a recorded sweep: the Tensor itself."""
    return x


def match_input(x_bar: Any, x: Any, name: str) -> Any:
    """The result of a rule of `name` as the error signal of `x`: of its shape, on its device, real if `x` is real.

    A single number on the CPU may be combined with arrays on a GPU; its error signal is moved back.

    Raises:
        ValueError: if the shape is not one to which `x` could have been broadcast.
    """
    shape, given = x.shape, x_bar.shape
    added = len(given) - len(shape)
    is_usual = given[added:] == shape  # the same shape, or a bias
    if not is_usual:
        check_signal(x_bar, x, name)
    if x_bar.dtype is not x.dtype and x_bar.dtype.kind == "c" and x.dtype.kind != "c":
        x_bar = np.real(x_bar)
    if given != shape:
        x_bar = _sum_leading(x_bar, added) if is_usual else unbroadcast(x_bar, shape)
    return x_bar if type(x_bar) is type(x) else on_device_of(x_bar, x)


def on_device_of(value: Any, x: Any) -> Any:
    """An error signal or a tangent on the device of `x`."""
    if type(value) is type(x) or device_of(value) == device_of(x):
        return value
    return value.to(device_of(x)) if hasattr(value, "to") else to_device(value, device_of(x))  # Tensors record it


def unbroadcast(x_bar: Any, shape: tuple[int, ...]) -> Any:
    """Sum an error signal over the axes along which broadcasting repeated a value of this shape.

    A value that was used several times receives the sum of the error signals of all uses.

    >>> import numpy as np
    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    """
    added = x_bar.ndim - len(shape)
    if x_bar.shape[added:] == shape:
        return _sum_leading(x_bar, added)
    stretched = [added + i for i, n in enumerate(shape) if n == 1 and x_bar.shape[added + i] != 1]
    x_bar = in_single_precision(lambda x_bar: x_bar.sum(axis=(*range(added), *stretched)), x_bar)
    return x_bar.reshape(shape) if stretched else x_bar


def _sum_leading(x_bar: Any, n: int) -> Any:
    """The sum over the first n axes."""
    axis = 0 if n == 1 else tuple(range(n))
    if x_bar.dtype.itemsize == 2:  # float16 cannot count beyond 2048
        return in_single_precision(lambda x_bar: x_bar.sum(axis=axis), x_bar)
    return _sum(x_bar, axis) if type(x_bar) is _array else x_bar.sum(axis=axis)  # of a bias, in 4/5 of the time


def backward(
    self: Tensor,
    grad: ArrayLike | Tensor | None = None,
    *,
    retain_graph: bool = False,
    create_graph: bool = False,
    rules: Mapping[Any, Any] | None = None,
) -> None:
    """Compute the error signals of all leaves this Tensor depends on, and add them to their ``grad``.

    Arguments:
        grad: the error signal of this Tensor, of its shape; by default 1, for a single number.
        retain_graph: keep the graph for another ``backward``; otherwise it is freed.
        create_graph: record the backward pass itself, so that gradients can be differentiated again;
            the ``grad`` of the leaves are Tensors then, and the graph is kept.
        rules: other backward rules for this sweep, by operation; what reaches the leaves is not dL/dx then. A rule is
            called as the operation's own, ``rule(y_bar, y, *arrays, **params)``. For several arguments (`multiply`)
            give a tuple, ``None`` for each that keeps its rule; for any number of arguments (`concatenate`) a function
            ``rule(i, y_bar, y, arrays, **params)``, with the position of the argument first.

    Several threads may call it at once: what they add to the ``grad`` of a common leaf adds up. Where their graphs
    have a part in common, all need ``retain_graph=True``.

    Raises:
        RuntimeError: if no leaf requires gradients, or the graph has been freed.
        ValueError: if `grad` is missing for a Tensor of more than one element, or has another shape; if an operation of
            `rules` does not occur in the graph, or a rule gives another shape than that of its argument.
        TypeError: if `grad` is missing for a complex number, or on another device; if `rules` is not a dictionary by
            operation, or a rule takes other arguments.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).backward([1.0, 10.0])
    >>> x.grad
    array([ 2., 40.])
    >>> x.zero_grad()
    >>> mg.relu(x * x).backward([-1.0, 10.0], rules={mg.relu: lambda y_bar, y, x: mg.relu(y_bar)})
    >>> x.grad
    array([ 0., 40.])
    """
    if not self._requires_grad:
        raise RuntimeError(
            f"backward: {self._called()} does not depend on any Tensor with requires_grad=True (or it was "
            "computed under no_grad); create the parameters with mg.Tensor(…, requires_grad=True), or set "
            "p.requires_grad = True where they are frozen"
        )
    if writers:
        writer()  # waits for what another thread records
    seed = first_signal(self, grad if create_graph or not isinstance(grad, Tensor) else grad.data)
    try:
        if rules:
            signals = _sweep_by(rules, self, seed, free=not (retain_graph or create_graph), recorded=create_graph)
        elif create_graph:
            signals = sweep(self, seed if isinstance(seed, Tensor) else Tensor(seed), lift=identity, **observers())
        else:
            signals = sweep(self, seed, free=not retain_graph, **observers())
    except TypeError as error:
        in_sweep = error.__traceback__ and error.__traceback__.tb_next
        if in_sweep and in_sweep.tb_next is None:  # raised by the sweep itself, not by a rule or a hook that it called
            topological_order(self)  # raises the better error if another thread has freed a part of the graph meanwhile
        raise
    if writers:
        writer()
    accumulate(signals)


def _sweep_by(rules: Mapping[Any, Any], root: Tensor, seed: Any, *, free: bool, recorded: bool) -> dict[Tensor, Any]:
    """A sweep by changed rules, one of which may fail: freed after it, the graph is there for the next try."""
    order = topological_order(root)
    observed = observers(ChangedRules(rules, order, "backward", root._called()))
    seed = Tensor(seed) if recorded and not isinstance(seed, Tensor) else seed
    signals = sweep(root, seed, lift=identity if recorded else None, **observed)
    for y in order if free else ():
        if y._primitive is not None:
            y._inputs = y._values = y._params = None
    return signals


def observers(changed: ChangedRules | None = None) -> dict[str, Any]:
    """The arguments of a sweep that hooks and ``detect_anomaly`` observe, and whose rules may be changed."""
    hooks, watch = also_noted(active_hooks()), watching()
    if watch is None:
        return {"visit": hooks} if changed is None else {"visit": hooks, "rules": changed}
    rules = watch.rules if changed is None else partial(watch.rules, changed=changed)
    if hooks is None:
        return {"visit": watch.visit, "rules": rules}
    return {"visit": lambda x, x_bar: hooks(x, watch.visit(x, x_bar)), "rules": rules}
