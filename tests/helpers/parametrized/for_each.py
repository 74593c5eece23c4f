"""A law of many values as one test, or a few: parametrized, pytest would take longer than the law, 1.5 ms for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from inspect import Parameter, signature
from typing import Any

import pytest

__all__ = ["for_each", "naming"]


@contextmanager
def naming(value: object) -> Iterator[None]:
    """An error within is reported with the value."""
    try:
        yield
    except (Exception, pytest.fail.Exception) as error:  # the latter from pytest.raises
        error.add_note(f"for {value}")
        raise


def for_each(argument: str, values: Iterable[Any] | Mapping[str, Sequence[Any]], group: str = "group") -> Any:
    """Decorates a test with this argument: it runs once, and loops over the values; of a mapping, once for each key.

    A failure ends with the value that broke the law. The test's other arguments are fixtures and parameters, as usual.
    """

    def decorate(law: Callable[..., None]) -> Callable[..., None]:
        groups = values if isinstance(values, Mapping) else {"all": list(values)}
        if empty := [key for key, several in groups.items() if not several]:
            raise ValueError(f"for_each: there are no values of {argument} for {empty}")

        @wraps(law)
        def test(**others: Any) -> None:
            for value in groups[others.pop(group, "all")]:
                with naming(value):
                    law(**{argument: value}, **others)

        parameters = [parameter for name, parameter in signature(law).parameters.items() if name != argument]
        if not isinstance(values, Mapping):
            vars(test)["__signature__"] = signature(law).replace(parameters=parameters)
            return test
        parameters = [Parameter(group, Parameter.POSITIONAL_OR_KEYWORD), *parameters]
        vars(test)["__signature__"] = signature(law).replace(parameters=parameters)
        return pytest.mark.parametrize(group, groups)(test)

    return decorate
