"""Hypothesis draws the same examples every time: a failing test keeps failing until the code changes.

Pages of a browser are for all: it can be started once only.
"""

import gc
import os
from collections.abc import Iterator

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings

from tests.helpers.drawing.first_plan import first_plan as first_plan
from tests.helpers.networks.needs_onednn import needs_onednn as needs_onednn
from tests.helpers.networks.normalized_both_ways import normalized_both_ways as normalized_both_ways
from tests.helpers.player.browser import chromium as chromium
from tests.helpers.player.browser import new_page as new_page

settings.register_profile("minigrad", derandomize=True, deadline=None, max_examples=40)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "minigrad"))  # another one for the mutants


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Tests that are collected stay: to search a million objects for garbage, then and later, would only take time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Iterator[list[pytest.Collector]]:
    """Examples are in the docstrings of the packages, not in those of tests, where to search takes seconds."""
    found = yield
    return [collector for collector in found if not isinstance(collector, DoctestModule)]
