"""Grids of numbers beside a step: those of its scenes, and of what it reads and writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np

from minigrad.notation import Expression, Name
from minigrad.notation.expression import Symbol, symbols
from minigrad.player.arrays import LARGEST_ARRAY, Arrays
from minigrad.player.moments import Moment
from minigrad.player.scenes import Grid, Scene, scenes_of
from minigrad.player.scenes.scene import LARGEST_GRID
from minigrad.walkthrough.formats.pieces import formula, in_math

__all__ = ["Panels"]

_CELLS = 40_000  # that all positions of a page read and write, together
_SHOWN, _MOST = 4, 8  # channels of an array, and arrays of the start, side by side


class Panels:
    """The panels of a page, as HTML and as data for the script.

    Arguments:
        arrays: of the page.
        values: of all variables, by name.
        kinds: ``"parameter"``, ``"given"`` or ``"computed"``, by the names of variables.
    """

    def __init__(self, arrays: Arrays, values: Mapping[Name, Any], kinds: Mapping[Name, str]) -> None:
        self._arrays, self._values, self._kinds, self._room = arrays, values, kinds, _CELLS

    def of(self, k: int, moment: Moment) -> tuple[str, list[dict[str, Any]]]:
        """The scenes of a step, and at last all arrays that it reads and writes; nothing where only numbers meet."""
        found = [(html, data) for html, data in self._scenes(k, moment) if data]
        overview = self._overview(k, moment)
        if overview is not None:
            found.append(overview)
        return "\n".join(html for html, _ in found), [data for _, data in found]

    def _scenes(self, k: int, moment: Moment) -> Iterator[tuple[str, dict[str, Any]]]:
        if moment.step is None:
            return
        for call, scene in scenes_of(moment.expression, self._values):
            if call is moment.expression and moment.of == 1:  # the whole line: it is called as the line is
                scene = replace(scene, out=replace(scene.out, expression=Symbol(moment.step.name, moment.value)))
            grids = {"a": scene.a, "b": scene.b, "out": scene.out}
            data: dict[str, Any] = {key: self._grid(grid) for key, grid in grids.items() if grid is not None}
            positions = list(scene.positions)
            cells = sum(map(len, positions))
            if None in data.values() or cells > self._room:
                continue
            self._room -= cells
            data |= {"kind": scene.kind, "positions": positions, "divisor": scene.divisor}
            data |= {"partial": scene.partial, "adds": scene.adds}
            data["start"] = self._arrays.add(np.float64(scene.start)) if scene.start else None
            yield self._section(k, moment, scene), data

    def _section(self, k: int, moment: Moment, scene: Scene) -> str:
        left, right = "", ""
        if scene.b is None:
            left = self._figures("a", scene.a)
        elif scene.falk:
            right = f'<div class="falk"><i></i>{self._figures("b", scene.b)}{self._figures("a", scene.a)}'
            right += f"{self._figures('out', scene.out)}</div>"
        else:
            sign = '<span class="sign">·</span>'
            left = f"{self._figures('a', scene.a)}{sign}{self._figures('b', scene.b)}"
        if not scene.falk:
            right = f'<span class="arrow" aria-hidden="true"></span>{self._figures("out", scene.out)}'
        words = [scene.title] if scene.title else []
        shown = len(list(scene.positions))
        if shown < scene.total:
            words.append(f"the first {shown} of {scene.total} positions")
        if moment.phase == "backward" and scene.kind == "products" and scene.b is not None and not scene.falk:
            words.append("zeros of the error signal add nothing and are left out")
        note = f'<p class="note">{escape("; ".join(words))}</p>' if words else ""
        return f'<section class="scene" data-step="{k}" hidden>{note}<div class="grids">{left}{right}</div></section>'

    def _overview(self, k: int, moment: Moment) -> tuple[str, dict[str, Any]] | None:
        if moment.step is None:
            return self._all(k, [(Symbol(name, self._values[name]), self._values[name]) for name in self._kinds])
        read: dict[Name, Symbol] = {s.name: s for s in symbols(moment.expression) if s.name != moment.step.name}
        grids = [(Symbol(name, self._values[name]), self._values[name]) for name in read if name in self._values]
        result = Symbol(moment.step.name, moment.total)
        return self._all(k, grids[: _SHOWN - 1], (result, moment.total))

    def _all(
        self, k: int, read: Sequence[tuple[Expression, Any]], written: tuple[Expression, Any] | None = None
    ) -> tuple[str, dict[str, Any]] | None:
        """The arrays among these values, side by side; none if there is none."""
        figures, data = "", {}
        keyed = [(f"r{i}", *pair) for i, pair in enumerate(read)]
        keyed = [row for row in keyed if np.ndim(row[2])][:_MOST]
        if written is not None and (keyed or np.ndim(written[1])):
            keyed.append(("out", *written))
        for key, e, value in keyed:
            grid = _as_grid(e, value)
            found = self._grid(grid) if grid is not None else None
            if found is not None and grid is not None:
                data[key] = found
                arrow = '<span class="arrow" aria-hidden="true"></span>' if key == "out" and figures else ""
                figures += arrow + self._figures(key, grid)
        if not data:
            return None
        section = f'<section class="scene" data-step="{k}" hidden><div class="grids">{figures}</div></section>'
        return section, {"kind": "all", "positions": [], **data}

    def _grid(self, grid: Grid) -> dict[str, Any] | None:
        array = self._arrays.add(grid.values)
        if array is None:
            return None
        found: dict[str, Any] = {"array": array}
        if any(grid.padding):
            found["padding"] = list(grid.padding)
        return found

    def _figures(self, key: str, grid: Grid) -> str:
        """A figure for each channel; the script fills in the cells."""
        count = min(len(grid.values), _SHOWN)
        kind = self._kind(grid.expression)
        size = "map" if max(grid.rows, grid.columns) > LARGEST_GRID else "numbers"
        figures = ""
        for channel in range(count):
            title = in_math(formula(grid.expression)) if grid.expression is not None else ""
            notes = [grid.note] if grid.note else []
            if len(grid.values) > 1:
                notes.append(f"{channel + 1} of {len(grid.values)}")
            words = f" <small>{escape(', '.join(notes))}</small>" if notes else ""
            figures += (
                f'<figure class="panel {kind} {size}" data-key="{key}" data-channel="{channel}">'
                f"<figcaption>{title}{words}</figcaption></figure>"
            )
        return f'<div class="stack">{figures}</div>' if count > 1 else figures

    def _kind(self, e: Expression | None) -> str:
        if e is None:
            return "computed"
        names = [s.name for s in symbols(e)]
        if any(name.barred for name in names):
            return "signal"
        return self._kinds.get(names[0], "computed") if isinstance(e, Symbol) else "computed"


def _as_grid(e: Expression, value: Any) -> Grid | None:
    """The numbers of an array: a vector is a row; of a large batch the first example is shown."""
    array = np.asarray(value)
    if array.dtype.kind not in "bfiu" or not array.size:
        return None
    note = ""
    while array.size > LARGEST_ARRAY and array.ndim > 2:
        note = note or f"1 of {len(array)}"
        array = array[0]
    rows, columns = (1, 1, *array.shape)[-2:]
    return Grid(e, array.reshape(-1, rows, columns), note=f"example {note}" if note else "")
