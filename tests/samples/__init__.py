"""Sample inputs for every operation; importing this fills the registry from all files of the folder.

``SAMPLES_OF="reductions/sum manipulation/sort" pytest …`` reads these files alone.
"""

import os
from importlib import import_module
from pathlib import Path

from tests.samples.registry import ELEMENTWISE, OPERATIONS, PRIMITIVES, SAMPLES, Sample, restart

__all__ = ["ELEMENTWISE", "OPERATIONS", "PRIMITIVES", "SAMPLES", "SAMPLES_IN", "Sample"]

#: The operations that have samples in a file of samples, such as reductions/sum.
SAMPLES_IN: dict[str, set[str]] = {}

_selected = os.environ.get("SAMPLES_OF", "").split()
_root = Path(__file__).parent
for _file in sorted(_root.rglob("[a-z]*.py")):
    _room = _file.relative_to(_root).with_suffix("").as_posix()
    if not _selected or _room in _selected:
        restart()
        _before = {name: len(rows) for name, rows in SAMPLES.items()}
        import_module(f"{__name__}.{_room.replace('/', '.')}")
        SAMPLES_IN[_room] = {name for name, rows in SAMPLES.items() if len(rows) > _before.get(name, 0)}
