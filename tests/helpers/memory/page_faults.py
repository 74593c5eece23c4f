"""Pages of memory that a step takes anew from the system."""

from __future__ import annotations

import subprocess
import sys

__all__ = ["faults_of_a_step"]

_STEPS = """
import numpy as np, resource
{}
def step():
    arrays = [np.ones(1 << 20, np.uint8) for _ in range(8)]
for _ in range(3):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 10)
"""


def faults_of_a_step(first_line: str) -> int:
    """Page faults of a step that allocates 8 MB, 2048 pages, and frees them, in a process that begins so."""
    command = [sys.executable, "-c", _STEPS.format(first_line)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
