"""Graphviz in a child process, for places alone: DOT in, coordinates out.

The program ``dot``, or the Graphviz inside pygraphviz, gets all graphs in one call, the most promising first. It is a
child process, because Graphviz is written in C, and may crash its process or take minutes: when the time is over, the
child is stopped, and what it has written until then is used.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from importlib import metadata
from typing import Any

__all__ = ["NO_GRAPHVIZ", "NoGraphvizError", "has_graphviz", "lay_out"]

NO_GRAPHVIZ = """\
To get pictures, install Graphviz:
  pip install pygraphviz              (includes Graphviz, on every system)
  sudo apt install graphviz           (Debian, Ubuntu)
  brew install graphviz               (macOS)
  winget install graphviz             (Windows; then open a new terminal)"""

_CHILD = """
import json, sys, pygraphviz
for source in json.load(sys.stdin):
    sys.stdout.buffer.write(pygraphviz.AGraph(string=source).draw(format="json0", prog="dot") + b"\\n")
    sys.stdout.buffer.flush()
"""


class NoGraphvizError(RuntimeError):
    """There is no Graphviz, or none that works; the message says what to install."""


def lay_out(sources: list[str], seconds: float) -> list[dict[str, Any]]:
    """What Graphviz says of each graph, as parsed JSON; fewer than `sources` if the time was over before.

    Raises:
        NoGraphvizError: without Graphviz, or if each Graphviz found fails.
    """
    failures = []
    end = time.monotonic() + seconds
    for name, command, text in _commands(sources):
        try:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            failures.append(f"{name} did not start: {error}")
            continue
        with child:
            try:
                output, messages = child.communicate(text.encode(), max(end - time.monotonic(), 0.05))
                stopped = False
            except subprocess.TimeoutExpired:
                child.kill()
                output, messages = child.communicate()
                stopped = True
        found = _documents(output)
        if found or stopped:
            return found
        message = messages.decode(errors="replace").strip() or "no message"
        failures.append(f"{name} ended with status {child.returncode}: {message[-500:]}")
    if failures:
        raise NoGraphvizError(f"Graphviz could not lay out the graph: {'; '.join(failures)}\n{NO_GRAPHVIZ}")
    raise NoGraphvizError(NO_GRAPHVIZ)


def has_graphviz() -> bool:
    """Whether there is a Graphviz to try."""
    return bool(_commands([]))


def _commands(sources: list[str]) -> list[tuple[str, list[str], str]]:
    """The programs that can lay out, best first, and what each reads."""
    commands = []
    if dot := shutil.which("dot"):
        commands.append((dot, [dot, "-Tjson0"], "\n".join(sources)))
    if sys.executable and _has_pygraphviz():
        # -P: a user's file pygraphviz.py must not shadow the package
        commands.append(("pygraphviz", [sys.executable, "-P", "-c", _CHILD], json.dumps(sources)))
    return commands


def _has_pygraphviz() -> bool:
    """Whether pygraphviz 2.0 or newer, which includes Graphviz, is installed; it is not imported here."""
    try:
        return int(metadata.version("pygraphviz").split(".")[0]) >= 2
    except (metadata.PackageNotFoundError, ValueError):
        return False


def _documents(output: bytes) -> list[dict[str, Any]]:
    """All complete JSON documents, one after the other."""
    text = output.decode(errors="replace")
    decoder, documents, position = json.JSONDecoder(), [], 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        try:
            document, position = decoder.raw_decode(text, position)
        except ValueError:
            break
        documents.append(document)
    return documents
