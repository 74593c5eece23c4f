"""Sample inputs for every operation; importing this fills the registry from all its files."""

from importlib import import_module
from pathlib import Path

from tests.samples.registry import ELEMENTWISE, OPERATIONS, PRIMITIVES, SAMPLES, Sample, restart

__all__ = ["ELEMENTWISE", "OPERATIONS", "PRIMITIVES", "SAMPLES", "Sample"]

for _file in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    restart()
    import_module(f"{__name__}.{_file.stem}")
