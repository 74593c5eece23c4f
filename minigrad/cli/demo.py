"""``minigrad demo``: train a small network on scanned digits.

This runs ``examples/digits.py``, which is part of the sources but not of a wheel.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

__all__ = ["demo"]

_ROOT = Path(__file__).parents[2]

#: What the script requires: import name, and package to install.
_REQUIRED = {"sklearn": "scikit-learn", "matplotlib": "matplotlib"}


def demo(arguments: Sequence[str], root: Path = _ROOT) -> str | None:
    """Run the script in this process.

    Arguments:
        arguments: for the script.
        root: the folder of the sources.

    Returns:
        Why it cannot run and how to fix that, or ``None`` if it ran.
    """
    script = root / "examples" / "digits.py"
    # Among installed packages there may be a folder "examples" of another project, but no pyproject.toml.
    if not (script.is_file() and (root / "pyproject.toml").is_file()):
        return (
            "The demo is examples/digits.py, which comes with the sources but not with this installation.\n"
            "In a clone of the repository or an unpacked source distribution, run:\n\n"
            '    pip install -e ".[demo]"\n'
            "    minigrad demo"
        )
    missing = [package for module, package in _REQUIRED.items() if find_spec(module) is None]
    if missing:
        return (
            f"The demo needs {' and '.join(missing)}, not installed for {sys.executable}.\n"
            f'To install everything it uses: {sys.executable} -m pip install -e "{root}[demo]"'
        )
    if str(root) not in sys.path:  # the script imports nn, which is next to minigrad
        sys.path.insert(0, str(root))
    sys.argv = [str(script), *arguments]
    runpy.run_path(str(script), run_name="__main__")
    return None
