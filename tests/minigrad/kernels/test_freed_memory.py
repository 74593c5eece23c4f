"""Limits of memory that the user sets hold; that a step's memory is kept is a row of the promises."""

from __future__ import annotations

import platform

import pytest

from tests.helpers.memory.page_faults import faults_of_a_step


def test_a_limit_of_the_user_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    if platform.libc_ver()[0] == "glibc":
        monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "0")
        assert faults_of_a_step("import minigrad") > 1000
