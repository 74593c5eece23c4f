"""A law that holds for every sample, as one test for each operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.helpers.parametrized.for_each import for_each
from tests.samples import SAMPLES, Sample

__all__ = ["EVERY_SAMPLE", "every_sample", "several"]

EVERY_SAMPLE = [sample for samples in SAMPLES.values() for sample in samples]


def several(most: int) -> dict[str, Sequence[Sample]]:
    """So many samples of each operation at most, from the first to the last: for laws that take long.

    Some operations have fifty, for settings that change the numbers, but hardly what such a law is about.
    """
    return {operation: samples[:: -(-len(samples) // most)] for operation, samples in SAMPLES.items()}


def every_sample(
    law: Callable[..., None] | None = None, *, of: Mapping[str, Sequence[Sample]] = SAMPLES
) -> Callable[..., Any]:
    """Decorates a test with the argument `sample`: it runs once for each operation, and loops over its samples.

    A failure ends with the sample that broke the law. The test's other arguments are fixtures, as usual.
    """
    decorate = for_each("sample", of, group="operation")
    return decorate if law is None else decorate(law)
