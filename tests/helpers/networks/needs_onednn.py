"""Tests that are skipped where oneDNN is not used."""

from __future__ import annotations

import numpy as np
import pytest

from minigrad.kernels.spatial import onednn


@pytest.fixture
def needs_onednn() -> None:
    """Asked in each test: a fork, as of a run of mutants, does not use what its parent has loaded."""
    if not onednn.can_take(np.ones(1, np.float32)):
        pytest.skip("oneDNN is not installed, or this process is a fork, where it is not used")
