"""How a summary is shown: its columns as texts, for the terminal and for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn.printed_text import html_table, per_axis, text_table

if TYPE_CHECKING:
    from nn.analysis.summary import LayerSummary, Summary

__all__ = ["as_html", "as_text"]

_LETTERS = {"s": "stride", "p": "padding", "d": "dilation", "g": "groups"}


def as_text(summary: Summary) -> str:
    """The table with its totals below."""
    return text_table(*_table(summary))


def as_html(summary: Summary) -> str:
    """The same as HTML."""
    return html_table(*_table(summary))


def _table(summary: Summary) -> tuple[Any, ...]:
    """The title, the rows with the header, the number of columns of numbers, and the lines below."""
    layers, failed = summary.layers, summary.failed
    columns: dict[str, list[str]] = {"Layer (type)": [f"{layer.name} ({layer.kind})" for layer in layers]}
    has_windows = any(layer.kernel for layer in layers)
    if has_windows:
        columns["Kernel"] = [layer.kernel or "–" for layer in layers]
    columns["Output shape"] = [_shape(layer.output_shape) for layer in layers]
    texts = len(columns)
    if has_windows:
        columns["Field"] = ["?" if layer.field is None else per_axis(layer.field) for layer in layers]
    columns["Parameters"] = [f"{layer.parameters:,}" for layer in layers]
    if summary.total_without_sharing is not None:
        columns["Without sharing"] = [f"{layer.without_sharing:,}" for layer in layers]
    columns["Multiply-adds"] = [_counted(layer.multiply_adds) for layer in layers]
    if summary.saved_bytes is not None:
        columns["Saved bytes"] = [_counted(layer.saved_bytes) for layer in layers]
    if failed is not None:
        for name, texts_of_column in columns.items():
            cells = {"Layer (type)": f"✗ {failed.name} ({failed.kind})", "Output shape": f"✗ got {failed.got}"}
            texts_of_column.append(cells.get(name, ""))
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    below = [f"✗ {failed.name}: {failed.message}"] if failed is not None else _totals(summary)
    return f"Model: {summary.model}", rows, len(columns) - texts, *below, *_legend(layers, has_windows)


def _shape(shape: tuple[int, ...]) -> str:
    return str(("N", *shape)).replace("'", "")


def _counted(n: int | None) -> str:
    return "?" if n is None else f"{n:,}" if n else "–"


def _totals(summary: Summary) -> list[str]:
    lines = [f"Total parameters: {summary.total:,}"]
    if summary.total_without_sharing is not None:
        lines[0] += f"; without sharing: {summary.total_without_sharing:,}"
    if summary.non_trainable:
        parts = {"frozen parameters": summary.frozen, "buffers": summary.buffers}
        lines.append("Non-trainable: " + ", ".join(f"{n:,} in {part}" for part, n in parts.items() if n))
    unknown = any(layer.multiply_adds is None for layer in summary.layers)
    text = f"For one sample: {'at least ' * unknown}{summary.multiply_adds:,} multiply-adds"
    if summary.saved_bytes is not None:
        text += f"; {summary.saved_bytes:,} bytes saved for the backward pass"
    lines.append(text)
    if unknown:
        lines.append("?: not recorded, as within no_grad")
    return lines


def _legend(layers: tuple[LayerSummary, ...], has_windows: bool) -> list[str]:
    """What the letters of kernels mean, of those that occur."""
    if not has_windows:
        return []
    letters = {part[0] for layer in layers for text in layer.kernel.split(", ") for part in text.split()[1:]}
    meanings = [f"{letter} {meaning}" for letter, meaning in _LETTERS.items() if letter in letters]
    kernel = f"Kernel: {', '.join(meanings)}. " if meanings else ""
    return [f"{kernel}Field: the receptive field, the pixels that a unit sees"]
