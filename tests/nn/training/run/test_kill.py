"""A training that is killed at random moments ends with the bits of one that was not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_thirty_kills_change_no_bit(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    command = [sys.executable, "-m", "tests.nn.training.run.kill_training", str(tmp_path), "30", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    killed, *lines = done.stdout.splitlines()
    assert int(killed) == 30
    rows = [line.split() for line in lines]
    found = {name: dict(row[1:] for row in rows if row[0] == name) for name in ("whole", "killed")}
    assert len(found["whole"]) == 3
    assert found["killed"] == found["whole"]
