"""detect_anomaly: which operation produced a NaN, with which shapes, and in which line.

Within it every recorded operation notes the user's line and a fingerprint of the values it keeps. The backward
sweep then checks what each rule returns, and whether those values have changed since.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.context_variable import PlainDecorator, setting
from minigrad.core.named_scope import observe_recording
from minigrad.core.tensor import Tensor
from minigrad.device import to_host
from minigrad.recorder import writer
from minigrad.user_frame import user_frame

if TYPE_CHECKING:
    from minigrad.core.changed_rules.changed_rules import ChangedRules
    from minigrad.core.primitive import Primitive, Rule

__all__ = ["Watch", "detect_anomaly", "watching"]

_innermost, _enter, _leave = setting("minigrad anomaly", None)


def watching() -> Watch | None:
    """What watches the recording and the sweeps of this thread or task."""
    return _innermost()[0]  # type: ignore[no-any-return]


class detect_anomaly(PlainDecorator):
    """Find the operation whose rule makes an error signal NaN or infinite.

    Put the forward and the backward pass inside, as a context manager or as a decorator, as with `no_grad`. The error
    names the operation, its inputs' shapes and your line that called it. Values written into after their use, by
    whatever means, are found, too. It holds for the current thread or task alone, and is slow: use it for debugging.

    Raises:
        FloatingPointError: in the backward sweep, if an error signal is not finite.
        RuntimeError: in the backward sweep, if a value has changed since the forward pass.

    >>> import minigrad as mg
    >>> x = mg.Tensor([4.0, 0.0], requires_grad=True)
    >>> with mg.detect_anomaly():
    ...     mg.sum(mg.sqrt(x)).backward()
    Traceback (most recent call last):
        ...
    FloatingPointError: the rule of sqrt for its argument 0 gave 1 Inf among 2 elements
    sqrt took arrays of shape (2,) and gave (2,)
    ...
    """

    @cached_property
    def _parts(self) -> tuple[Watch, observe_recording]:  # made once: a generator enters at each of its steps
        watch = Watch()
        return watch, observe_recording(watch.note)

    def __enter__(self) -> None:
        if writer() is not None:
            raise RuntimeError(
                "compile: detect_anomaly looks at numbers, which a program that is being written has none of; put it "
                "around the call of the compiled function, where the function itself runs"
            )
        watch, observed = self._parts
        _enter(self, watch)
        observed.__enter__()

    def line_of(self, y: Tensor) -> str:
        """Where an operation was called that was recorded within: the file, the line and what stands there.

        It is empty if that is not known, as of a constant.

        >>> import minigrad as mg
        >>> x = mg.Tensor([4.0, 0.0], requires_grad=True)
        >>> watch = mg.detect_anomaly()
        >>> with watch:
        ...     y = mg.sqrt(x)
        >>> watch.line_of(y)
        '<doctest ...line_of[3]>, line 2, in <module>: y = mg.sqrt(x)'
        """
        return self._parts[0].line_of(y).removeprefix("\ncalled in ")

    def __exit__(self, *error: object) -> None:
        _, observed = self._parts
        observed.__exit__(*error)
        _leave(self)


class Watch:
    """Notes on the recorded operations, and the checks of a backward sweep."""

    def __init__(self) -> None:
        self._notes: dict[int, tuple[str, list[int]]] = {}  # by a Tensor's order, which is unique
        self._current = -1

    def note(self, y: Tensor) -> None:
        """Remember where an operation was called, and fingerprints of its values."""
        self._notes[y._order] = (_users_line(), _fingerprints(y))

    def line_of(self, y: Tensor) -> str:
        """The line that called the operation, for the end of an error."""
        return self._notes.get(y._order, ("", []))[0]

    def visit(self, y: Tensor, y_bar: Any) -> Any:
        """Before the rules of `y` are called: have the values that they read changed?"""
        self._current = y._order
        line, kept = self._notes.get(y._order, ("", []))
        for i, (before, now) in enumerate(zip(kept, _fingerprints(y) if kept else [], strict=False)):
            if before != now:
                x = y._inputs[i] if y._inputs else None
                called = x._called("a Tensor") if isinstance(x, Tensor) else "an array"
                assert y._primitive is not None
                raise RuntimeError(
                    f"the value of {called}, argument {i} of {y._primitive.name}, was written into after the "
                    f"operation had used it{line}\nBuild a new array instead, or write after backward()"
                )
        return y_bar

    def rules(self, primitive: Primitive, changed: ChangedRules | None = None) -> Iterator[Rule]:
        """The rules of a primitive, or what they were changed to, with a check of what they return."""
        line, _ = self._notes.get(self._current, ("", []))  # now: a rule may run a sweep of its own
        for i, rule in enumerate(primitive.rules if changed is None else changed(primitive)):
            yield self._checked(primitive, i, rule, line)

    @staticmethod
    def _checked(primitive: Primitive, i: int, rule: Rule, line: str) -> Rule:
        def checked(y_bar: Any, y: Any, *values: Any, **params: Any) -> Any:
            with np.errstate(all="ignore"):
                x_bar = rule(y_bar, y, *values, **params)
            if not isinstance(y_bar, tuple) and (found := _not_finite(x_bar)) is not None:  # several outputs: the seeds
                raise FloatingPointError(_report(primitive, i, found, y_bar, y, values, line))
            return x_bar

        return checked


def _array(value: Any) -> Any:
    return value._data if isinstance(value, Tensor) else value


def _report(primitive: Primitive, i: int, found: str, y_bar: Any, y: Any, values: tuple[Any, ...], line: str) -> str:
    if primitive.as_list:
        (values,) = values
    shapes = ", ".join(str(np.shape(value)) for value in values)
    arrived = _not_finite(y_bar)
    lines = [f"the rule of {primitive.name} for its argument {i} gave {found}"]
    lines += [f"{primitive.name} took arrays of shape {shapes} and gave {np.shape(y)}{line}"]
    for name, value in [*((f"argument {k}", v) for k, v in enumerate(values)), ("its value", y)]:
        lines += [f"{name} {_range(value)}"]
    lines += [f"the error signal that arrived {'had ' + arrived if arrived else _range(y_bar)}"]
    if not line:
        lines += ["Run the forward pass within detect_anomaly too, to learn the line that called it"]
    return "\n".join(lines)


def _not_finite(value: Any) -> str | None:
    array = _array(value)
    nans, infinities = int(np.isnan(array).sum()), int(np.isinf(array).sum())
    if not nans + infinities:
        return None
    counts = [f"{n} {what}" for n, what in ((nans, "NaN"), (infinities, "Inf")) if n]
    return f"{' and '.join(counts)} among {np.size(array)} elements"


def _range(value: Any) -> str:
    array = np.asarray(to_host(_array(value)))
    if not array.size or array.dtype.kind not in "iufb":
        return f"has shape {np.shape(array)}"
    return f"lies between {np.min(array):.4g} and {np.max(array):.4g}" if array.ndim else f"is {array:.4g}"


def _fingerprints(y: Tensor) -> list[int]:
    return [hash(value.tobytes()) if hasattr(value, "tobytes") else 0 for value in y._arrays()]


def _users_line() -> str:
    frame, _ = user_frame()
    if frame is None:
        return ""
    file, line = frame.f_code.co_filename, frame.f_lineno
    source = linecache.getline(file, line).strip()
    return f"\ncalled in {file}, line {line}, in {frame.f_code.co_name}" + (f": {source}" if source else "")


def find_anomaly(root: Tensor) -> str | None:
    """Which operation of a recorded graph was the first to make a value infinite or NaN of finite ones, in words.

    Arguments:
        root: the result, before its `backward`.

    Returns:
        The operation, the shapes it took, the range of its arguments, and the modules it was called in; ``None`` if
        there is none.

    >>> import minigrad as mg
    >>> x = mg.Tensor([4.0, 0.0], requires_grad=True)
    >>> with np.errstate(divide="ignore"):
    ...     loss = mg.sum(mg.log(x))
    >>> print(find_anomaly(loss))
    log gave 1 Inf among 2 elements
    log took arrays of shape (2,) and gave (2,)
    argument 0 lies between 0 and 4
    """
    found: Tensor | None = None
    seen, queue = {root}, [root]
    while queue:
        y = queue.pop()
        if y._primitive is None or y._inputs is None:
            continue
        arguments = y._inputs
        if (
            (found is None or y._order < found._order)
            and _not_finite(y) is not None
            and all(_not_finite(x) is None for x in arguments if hasattr(x, "dtype"))
        ):
            found = y
        for x in arguments:
            if isinstance(x, Tensor) and x not in seen:
                seen.add(x)
                queue.append(x)
    if found is None or found._primitive is None:
        return None
    name, values = found._primitive.name, [x for x in found._inputs or () if hasattr(x, "dtype")]
    shapes = ", ".join(str(np.shape(x)) for x in values)
    scopes = "".join(f", in {scope.label}" for scope in found.scope.path()[-1:]) if found.scope else ""
    lines = [
        f"{name} gave {_not_finite(found)}",
        f"{name} took arrays of shape {shapes} and gave {found.shape}{scopes}",
    ]
    return "\n".join([*lines, *(f"argument {i} {_range(x)}" for i, x in enumerate(values))])
