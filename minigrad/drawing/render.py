"""DOT to SVG, PNG or PDF, with the program ``dot`` or the Graphviz inside pygraphviz.

Both run in a child process with a time limit: Graphviz is written in C, and a graph or format that it cannot handle may
crash its process.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import metadata

__all__ = ["FORMATS", "NO_GRAPHVIZ", "render"]

#: The formats that both can write.
FORMATS = ("svg", "png", "pdf")

NO_GRAPHVIZ = "to get a picture, pip install pygraphviz, which includes Graphviz, or install Graphviz"

_SECONDS = 120
_DPI = "192"  # of a PNG: sharp on a projector

_CHILD = """
import sys, pygraphviz
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
if sys.argv[1] == "png":
    graph.graph_attr["dpi"] = sys.argv[2]
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog="dot"))
"""


def render(source: str, format: str) -> bytes | None:
    """The picture in one of `FORMATS`, or ``None`` without Graphviz.

    Raises:
        RuntimeError: if every Graphviz found fails or takes too long, with its messages.
    """
    failures = []
    for name, command in _commands(format):
        try:
            done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            failures.append(f"{name} was stopped after {_SECONDS} s; draw a smaller part of the graph")
            continue
        except OSError as error:
            failures.append(f"{name} did not start: {error}")
            continue
        if done.returncode == 0 and done.stdout:
            return done.stdout
        message = done.stderr.decode(errors="replace").strip() or "no message"
        failures.append(f"{name} ended with status {done.returncode}: {message[-500:]}")
    if failures:
        raise RuntimeError(f"Drawing: Graphviz could not write {format}: " + "; ".join(failures))
    return None


def _commands(format: str) -> list[tuple[str, list[str]]]:
    """The commands that can render, best first."""
    commands = []
    if dot := shutil.which("dot"):
        commands.append((dot, [dot, f"-T{format}", *([f"-Gdpi={_DPI}"] if format == "png" else [])]))
    if sys.executable and _has_pygraphviz():
        # -P: a user's file pygraphviz.py must not shadow the package
        commands.append(("pygraphviz", [sys.executable, "-P", "-c", _CHILD, format, _DPI]))
    return commands


def _has_pygraphviz() -> bool:
    """Whether pygraphviz 2.0 or newer, which includes Graphviz, is installed; it is not imported here."""
    try:
        return int(metadata.version("pygraphviz").split(".")[0]) >= 2
    except (metadata.PackageNotFoundError, ValueError):
        return False
