"""Sample inputs for every operation; importing this fills the registry from all its files.

``SAMPLES_OF="reduce sort" pytest …`` leaves it at those of these files.
"""

import os
from importlib import import_module
from pathlib import Path

from tests.samples.registry import ELEMENTWISE, OPERATIONS, PRIMITIVES, SAMPLES, Sample, restart

__all__ = ["ELEMENTWISE", "OPERATIONS", "PRIMITIVES", "SAMPLES", "Sample"]

_wanted = os.environ.get("SAMPLES_OF", "").split()
for _file in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    if not _wanted or _file.stem in _wanted:
        restart()
        import_module(f"{__name__}.{_file.stem}")
