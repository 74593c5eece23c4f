"""A law that holds for every sample, as one test for each operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from inspect import Parameter, signature
from typing import Any

import pytest

from tests.samples import SAMPLES, Sample

__all__ = ["every_sample", "naming"]


@contextmanager
def naming(sample: Sample) -> Iterator[None]:
    """An error within is reported with the sample."""
    try:
        yield
    except Exception as error:
        error.add_note(f"for the sample {sample}")
        raise


def every_sample(
    law: Callable[..., None] | None = None, *, of: Mapping[str, Sequence[Sample]] = SAMPLES
) -> Callable[..., Any]:
    """Decorates a test with the argument `sample`: it runs once for each operation, and loops over its samples.

    A failure ends with the sample that broke the law. The test's other arguments are fixtures, as usual.
    """
    if law is None:
        return lambda law: every_sample(law, of=of)

    @wraps(law)
    def test(operation: str, **fixtures: Any) -> None:
        for sample in of[operation]:
            with naming(sample):
                law(sample=sample, **fixtures)

    fixtures = [parameter for name, parameter in signature(law).parameters.items() if name != "sample"]
    operation = Parameter("operation", Parameter.POSITIONAL_OR_KEYWORD)
    vars(test)["__signature__"] = signature(law).replace(parameters=[operation, *fixtures])
    return pytest.mark.parametrize("operation", of)(test)
