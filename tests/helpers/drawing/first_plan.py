"""Pictures that are there sooner: for tests of what is in them, not of where it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from minigrad.drawing.layout.arrange import arranged


@pytest.fixture(scope="module")
def first_plan() -> Iterator[None]:
    """Of the forty plans or so that are laid out to find the one with the largest text, the first alone."""
    names = arranged.__globals__  # the package has a function of the module's name
    proposed = names["plans"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(names, "plans", lambda *args, **options: proposed(*args, **options)[:1])
        yield
