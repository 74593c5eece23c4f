"""These tests run on the fake of CuPy, and where there is a GPU on CuPy too: ``make test-gpu``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.helpers import fake_cupy


def no_gpu() -> str:
    """The reason why nothing can run on a GPU; empty if it can."""
    try:
        import cupy
    except ImportError:
        return "CuPy is not installed: make test-gpu installs it"
    try:
        return "" if cupy.cuda.runtime.getDeviceCount() else "CuPy finds no GPU"
    except RuntimeError as error:
        return f"CuPy finds no GPU: {error}"


@pytest.fixture(params=["fake_cupy", *([] if no_gpu() else ["cupy"])])
def gpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Whose arrays ``device="cuda"`` gives: fake_cupy or cupy."""
    if request.param == "fake_cupy":
        for name, module in fake_cupy.modules(gpus=2).items():
            monkeypatch.setitem(sys.modules, name, module)
    return request.param
