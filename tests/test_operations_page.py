"""The tables of the documentation can be made without the libraries that they tell of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from minigrad.cli.functions import FUNCTIONS

ROOT = Path(__file__).parents[1]

MAKE = """
import sys
sys.modules["torch"] = sys.modules["autograd"] = None  # as if they were not installed
sys.path[:0] = [".", "docs"]
import operations
print(operations.tables(), operations.counts(), operations.internal_primitives())
print(operations.not_compared(), operations.conventions())
"""


def test_every_operation_is_in_the_table() -> None:
    made = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", MAKE], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert made.returncode == 0, made.stderr
    rows = [line.split(" | ") for line in made.stdout.splitlines() if line.startswith("| {py:obj}")]
    names = [row[0].split("`")[1].split(" ")[0] for row in rows]
    assert sorted(names) == sorted(FUNCTIONS)
    row = dict(zip(names, rows, strict=True))
    assert row["std"][1:] == ["`x`", "`np.std`", "✓", "✓", "✓", "✓ |"]
    assert row["qr"][3:] == ["✓", "✓", "–", "– |"]
    assert row["dot"][1:] == ["`x`, `y`", "`np.dot`", "✓", "○", "✓", "✓ |"]
    assert row["sigmoid"][2] == "`scipy.special.expit`"
    assert row["jn"][2] == "`scipy.special.jn`, `scipy.special.jv`"
    assert "| `np.fft` | 16 | 0 | 0 | 0 |" in made.stdout.splitlines()
