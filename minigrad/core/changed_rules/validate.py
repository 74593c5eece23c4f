"""Checks of changed rules, before a sweep begins: what they are for, and whether they can be called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from inspect import isfunction, signature
from typing import TYPE_CHECKING, Any, NoReturn

from minigrad.array_checks import shown
from minigrad.core.validation import checked_rule

if TYPE_CHECKING:
    from minigrad.core.changed_rules.changed_rules import Call
    from minigrad.core.primitive import Primitive, Rule

__all__ = ["checked_key", "checked_rules", "refuse_absent"]


def checked_key(key: Any, caller: str) -> Callable[[Primitive], bool]:
    """Whether a primitive is the operation that a key names: the primitive itself, or minigrad's function of its name.

    ``mg.relu`` is a primitive; ``mg.max_pool2d`` is a function with defaults around one that is called the same.
    """
    if hasattr(key, "differentiable") and hasattr(key, "rules"):
        return lambda primitive: primitive is key
    if isfunction(key) and key.__module__ == "minigrad":
        return lambda primitive: primitive.name == key.__name__ and primitive.__module__.startswith("minigrad.")
    given = f"the key {key!r}" if isinstance(key, str) else f"a key that is {_article(key)}"
    raise TypeError(
        f"{caller}: rules has {given}, expected an operation of minigrad, such as mg.relu; for a layer, give the "
        "operation that it calls; for a NumPy function, give minigrad's function instead; "
        "mg.operations(loss) lists the operations of a graph"
    )


def _article(key: Any) -> str:
    return f"the class {key.__name__}" if isinstance(key, type) else shown(key)


def refuse_absent(key: Any, there: Iterable[Primitive], caller: str, where: str) -> NoReturn:
    """Raise a ValueError for a rule that would be called nowhere."""
    names = list(dict.fromkeys(primitive.name for primitive in there))
    composed = "; it may be composed of several of these, or be a part of one" if isfunction(key) else ""
    raise ValueError(
        f"{caller}: rules has a rule for {key.__name__}, which does not occur in {where}, so that it would change "
        f"nothing; the operations there are {', '.join(sorted(names)) or 'none'}{composed}"
    )


def checked_rules(
    primitive: Primitive, given: Any, calls: Sequence[Call], caller: str
) -> tuple[Rule | None, ...] | Callable[..., Any]:
    """The rules for an operation, one for each argument, or a function for all; each with its results checked."""
    name, count = primitive.name, primitive.differentiable
    if count is None:
        return checked_rule(name, _callable(primitive, given, calls, caller), as_list=primitive.as_list)
    if not isinstance(given, tuple | list):
        if count > 1:
            raise TypeError(
                f"{caller}: {name} has rules for {count} arguments; give a tuple with one for each, and None for "
                f"each that stays: rules={{mg.{name}: ({', '.join(['rule', *['None'] * (count - 1)])})}}"
            )
        given = (given,)
    if len(given) > count:
        raise TypeError(
            f"{caller}: rules has {len(given)} rules for {name}, expected at most {count}, one for each argument "
            "that has one"
        )
    if all(rule is None for rule in given):
        raise ValueError(f"{caller}: rules has no rule for {name}; leave out an operation that keeps its own")
    return tuple(
        None
        if rule is None
        else checked_rule(name, _callable(primitive, rule, _with_argument(i, calls, caller), caller), i)
        for i, rule in enumerate(given)
    )


def _with_argument(i: int, calls: Sequence[Call], caller: str) -> list[Call]:
    """The calls that have an argument `i`, as a convolution without bias has not."""
    found = [call for call in calls if call.arguments > i]
    if not found:
        name, most = calls[0].primitive.name, max(call.arguments for call in calls)
        raise ValueError(
            f"{caller}: rules has a rule for argument {i} of {name}, counted from 0, but {name} has only {most} here; "
            "leave it out"
        )
    return found


def _callable(primitive: Primitive, rule: Any, calls: Sequence[Call], caller: str) -> Any:
    """The rule, which can be called as each of these calls needs it."""
    for call in calls:
        names = _argument_names(primitive, call.arguments)
        given = ", ".join([*names, *(f"{key}=…" for key in call.keywords)])
        if not callable(rule):
            raise TypeError(
                f"{caller}: the rule for {primitive.name} is {shown(rule)}, expected a function of ({given})"
            )
        try:
            takes = signature(rule)
        except ValueError:  # of a function that is written in C
            return rule
        try:
            takes.bind(*names, **dict.fromkeys(call.keywords))
        except TypeError as error:
            short = ", ".join([*names, *["**params"] * bool(call.keywords)])
            raise TypeError(
                f"{caller}: the rule for {primitive.name} takes {takes}, but it is called with ({given}): {error}; "
                f"write lambda {short}: …"
            ) from None
    return rule


def _argument_names(primitive: Primitive, arguments: int) -> list[str]:
    """What a rule is called with by position."""
    if primitive.as_list:
        return ["i", "y_bar", "y", "arrays"]
    first = ["i"] if primitive.differentiable is None else []
    names = [p.name for p in signature(primitive).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    if len(names) != arguments:
        names = [f"x{i + 1}" for i in range(arguments)]
    return [*first, "y_bar", "y", *names]
