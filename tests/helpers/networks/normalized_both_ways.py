"""Tests that run twice: small arrays are normalized by the formula, as usual, and in blocks, as large arrays are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from minigrad.kernels.normalization import standardize as kernels


@pytest.fixture(scope="module", params=["formula", "blocks"])
def normalized_both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    """For tests whose arguments are drawn, and so are small."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "blocks":
            patch.setattr(kernels, "_SMALL", 0)
        yield
