"""The laws of functions are tested of compiled functions, too: each of their tests runs twice."""

from __future__ import annotations

import pytest

from tests.helpers.compiled.namespace import CompiledNamespace, compiled_slopes

#: The files whose rows are about the numbers that a function gives, and its slopes.
LAWS = ("ties", "nonfinite", "slopes", "numbers.curvatures", "numbers.narrow", "empty", "matrices", "numbers.complex")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    *folder, name = metafunc.module.__name__.removeprefix("tests.minigrad.promises.").split(".")
    if ".".join([*folder, name.removeprefix("test_")]) in LAWS:
        metafunc.parametrize("way", ["eager", "compiled"], indirect=True)


@pytest.fixture(autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How functions are called: as they are, or compiled, after a call with other numbers."""
    chosen = getattr(request, "param", "eager")
    if chosen == "compiled":
        monkeypatch.setattr(request.module, "mg", CompiledNamespace())
        if hasattr(request.module, "slopes"):
            monkeypatch.setattr(request.module, "slopes", compiled_slopes)
    return chosen
