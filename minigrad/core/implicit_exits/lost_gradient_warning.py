"""Values that depend on an argument being differentiated, and become plain numbers: their gradient would be lost.

``mg.grad`` and its kin register the arguments of the functions that they call. Where Python or NumPy then ask a Tensor
for its number or its array (``math.exp(x)``, ``a[0] = x``, ``np.array([x, y])``), it looks whether it was computed
from one of these. That costs nothing where nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.core.dispatch import numpy_functions
from minigrad.core.named_scope import current_scope
from minigrad.user_frame import calling, calling_frame, user_frame, warn

if TYPE_CHECKING:
    from minigrad.core.tensor import Tensor

__all__ = ["described_call", "differentiating", "warn_if_differentiated"]

#: The arguments of all functions that are being differentiated now, in whichever thread.
_arguments: set[Tensor] = set()

#: The user's lines, by file and number, that have been warned of while these functions ran.
_warned: set[tuple[str, int]] = set()


class differentiating:
    """A block in which a function of these arguments runs whose derivatives are wanted."""

    __slots__ = ("_own",)

    def __init__(self, arguments: Iterable[Tensor]) -> None:
        self._own = tuple(arguments)

    def __enter__(self) -> None:
        _arguments.update(self._own)

    def __exit__(self, *error: object) -> None:
        _arguments.difference_update(self._own)
        if not _arguments:
            _warned.clear()


def warn_if_differentiated(x: Any, instead: str | None = None) -> bool:
    """Warn, once for each of the user's lines, if a gradient is lost because `x` becomes plain numbers there.

    Arguments:
        instead: what to write; by default it is found from what the line calls.

    Returns:
        Whether the line has been warned of.
    """
    if not _arguments or not x.requires_grad or current_scope() is None:
        return False
    frame, _ = user_frame()
    line = (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0)
    if line in _warned:
        return True
    operation = calling(frame) if frame is not None else ""
    caller = calling_frame()
    if _has_no_slope(operation) or (caller is not None and _has_no_slope(calling(caller))):
        return False
    if not _depends_on_argument(x):
        return False
    _warned.add(line)
    warn(
        f"{described_call(operation)} takes {x._called('a Tensor')} (shape {x.shape}) out of the graph: it depends on "
        "an argument that is being differentiated, and no gradient flows through plain numbers. "
        f"{instead or _instead_of(operation)}; if a constant is meant, write mg.stop_gradient(t)"
    )
    return True


def _depends_on_argument(x: Any) -> bool:
    arguments = frozenset(_arguments)  # a copy: another thread may end its function
    oldest = min((argument._order for argument in arguments), default=x._order)
    seen, to_visit = {x}, [x]
    while to_visit:
        y: Any = to_visit.pop()
        if y in arguments:
            return True
        for z in y._inputs or ():
            if getattr(z, "requires_grad", False) and z._order >= oldest and z not in seen:
                seen.add(z)
                to_visit.append(z)
    return False


def _has_no_slope(operation: str) -> bool:
    """Whether it makes a text of a number, answers a question, or rounds: ``"%.2f" % x``, ``math.isclose(x, y)``."""
    return operation in ("%", "%=", "floor", "ceil", "trunc") or operation.startswith(("is", "assert", "format"))


def described_call(operation: str) -> str:
    """What `calling` found, in words."""
    if operation.isidentifier():
        return f"{operation}(…)"
    return _IN_WORDS.get(operation, f"the operator {operation}")


_IN_WORDS = {"": "a conversion", "[…] =": "an assignment to elements", ". =": "an assignment"}
_NUMBERS = ("float", "complex", "float64", "float32", "float16", "complex128")
_JOINS = ("[…] =", ". =", "array", "asarray", "asanyarray", "fill", "fromiter", "full", "put")


def _instead_of(operation: str) -> str:
    ours = numpy_functions.get(getattr(np, operation, None))  # type: ignore[arg-type]
    if operation == "int":
        return "For an index or a count, write int(t.item())"
    if operation in _NUMBERS:
        return f"Leave out {operation}(…), a Tensor computes as a number does"
    if operation in _JOINS:
        return "Join Tensors by mg.stack([…]), choose among elements by mg.where(mask, a, b)"
    if ours is not None:
        return f"Write mg.{ours.__name__}"
    return "Compute with minigrad's functions (mg.exp, mg.sum …) and join Tensors by mg.stack([…])"
