"""What the label of a scope says: the name of a layer, and what the layer does in a few words.

A label may say it itself: ``name``, the attribute that holds a module, and ``describe()``, some short texts such as
``["6 filters 5×5", "padding 2"]``. Else its ``str`` is taken, ``"conv1: Conv2d(1, 6, 5)"``.
"""

from __future__ import annotations

from typing import Any

from minigrad.notation import Name, printable

__all__ = ["label_name", "label_texts"]


def label_name(label: Any) -> str:
    """What a box is called after its label.

    >>> label_name("conv1: Conv2d(1, 6, 5)"), label_name("net: Sequential(\\n  (0): Linear(2, 3)\\n)")
    ('conv1', 'net')
    """
    if label is None:
        return ""
    if isinstance(label, Name):
        return label.text
    name = getattr(label, "name", "")
    return printable(name) if isinstance(name, str) and name else _head(label).partition(": ")[0]


def label_texts(label: Any) -> list[str]:
    """What it does, in a few short texts.

    >>> label_texts("conv1: Conv2d(1, 6, 5)"), label_texts("gate")
    (['Conv2d(1, 6, 5)'], [])
    """
    if label is None or isinstance(label, Name):
        return []
    describe = getattr(label, "describe", None)
    if callable(describe):
        return [printable(str(text)) for text in describe()]
    rest = _head(label).partition(": ")[2]
    return [rest] if rest else []


def _head(label: Any) -> str:
    """The first line of its text; a container prints one line for each of its modules."""
    first, *more = str(label).strip().splitlines() or [""]
    return printable(first.rstrip("( ") if more else first)
