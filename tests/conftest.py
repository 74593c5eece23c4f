"""Hypothesis draws the same examples every time: a red test stays red until the code changes."""

from hypothesis import settings

settings.register_profile("minigrad", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("minigrad")
