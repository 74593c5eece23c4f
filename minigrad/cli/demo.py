"""``minigrad demo``: the main job, a small network that learns scanned digits.

It is the script ``examples/digits.py`` of the sources, run as it is; a wheel does not bring it.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

__all__ = ["demo"]

_ROOT = Path(__file__).parents[2]

#: What the script cannot do without: the package to install, by the name under which it is imported.
_NEEDED = {"sklearn": "scikit-learn", "matplotlib": "matplotlib", "graphviz": "graphviz"}


def demo(arguments: Sequence[str], root: Path = _ROOT) -> str | None:
    """Run the script in this very process, with these arguments.

    Arguments:
        root: the folder of the sources.

    Returns:
        What keeps it from running, and how to mend that; ``None`` if it ran.
    """
    script = root / "examples" / "digits.py"
    # Where packages are installed there may be a folder "examples" of somebody else's, but no pyproject.toml.
    if not (script.is_file() and (root / "pyproject.toml").is_file()):
        return (
            "The demo is examples/digits.py, which comes with the sources and not with what is installed here.\n"
            "In a clone of the repository, or in the unpacked source distribution, run:\n\n"
            '    pip install -e ".[demo]"\n'
            "    minigrad demo"
        )
    missing = [package for module, package in _NEEDED.items() if find_spec(module) is None]
    if missing:
        return (
            f"The demo needs {' and '.join(missing)}, not installed for {sys.executable}.\n"
            f'To install all that it uses: {sys.executable} -m pip install -e "{root}[demo]"'
        )
    if str(root) not in sys.path:  # the script imports nn, which lies beside minigrad
        sys.path.insert(0, str(root))
    sys.argv = [str(script), *arguments]
    runpy.run_path(str(script), run_name="__main__")
    return None
