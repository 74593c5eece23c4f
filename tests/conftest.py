"""Hypothesis draws the same examples every time: a failing test keeps failing until the code changes."""

import os

from hypothesis import settings

settings.register_profile("minigrad", derandomize=True, deadline=None, max_examples=40)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "minigrad"))  # another one for the mutants
