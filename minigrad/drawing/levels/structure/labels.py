"""Labels of scopes: modules, texts, or any objects that a user chose."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

__all__ = ["is_module", "label_key", "label_name"]


def is_module(label: Any) -> bool:
    """Whether a label is that of a module."""
    return hasattr(label, "named_parameters")


def label_key(label: Any) -> Hashable:
    """What is equal for labels that are called the same: calls of one module, equal texts, else the same object.

    Other objects need not be hashable, and arrays do not say whether they are equal.
    """
    return label if isinstance(label, str) or is_module(label) else ("object", id(label))


def label_name(label: Any) -> str:
    """The name of a scope: of a module the attribute that holds it, ``conv1`` or ``0``; none for the outermost."""
    if not is_module(label):
        return str(label)
    return str(label).partition(": ")[0] if getattr(label, "name", "") else ""
