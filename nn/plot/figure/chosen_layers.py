"""The layers that a figure shows, by their names."""

from __future__ import annotations

from collections.abc import Sequence

from nn.analysis.backward_record import LayerRecord

__all__ = ["chosen_layers"]


def chosen_layers(called: str, found: list[LayerRecord], names: Sequence[str] | None) -> list[LayerRecord]:
    """Those of these names, in the order of their calls; all without names.

    Raises:
        ValueError: if there is no name, or a layer of a name is not among those found.
    """
    if names is None:
        return found
    paths = [layer.path for layer in found]
    unknown = [name for name in ([names] if isinstance(names, str) else names) if name not in paths]
    if isinstance(names, str) or unknown or not len(names):
        given = f"the text {names!r}" if isinstance(names, str) else f"{unknown or names}"
        raise ValueError(f"{called}: layers is {given}, expected a list of names among {', '.join(map(repr, paths))}")
    return [layer for layer in found if layer.path in names]
