"""Grids of numbers beside a step: those of its scenes, and of what it reads and writes.

All arrays are collected first; then it is decided how much of each the page has, and what of the scenes can be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import prod
from typing import Any

import numpy as np

from minigrad.notation import Expression, Name
from minigrad.notation.expression import Symbol, symbols
from minigrad.player.arrays import Arrays
from minigrad.player.moments import Moment
from minigrad.player.rows import size_and_range
from minigrad.player.scenes import VIEWS, Lines, Operand, Scene, scenes_of
from minigrad.walkthrough.check import values_of
from minigrad.walkthrough.formats.pieces import formula, in_math
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["Numbers", "numbers_of"]

_READ, _GIVEN = 3, 8  # arrays that a step reads, and arrays of the start, side by side
_SIDE_BY_SIDE = 4  # matrices of an array that stand side by side; of more one is chosen
_PLURALS = {"matrix": "matrices"}

Section = tuple[str, dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Numbers:
    """What a page has of arrays.

    Attributes:
        sections: of all steps, as HTML.
        scenes: for each step the scenes, and at last all arrays that it reads and writes, as data for the script; none
            where only numbers meet.
        arrays: as the script reads them.
    """

    sections: str
    scenes: list[list[dict[str, Any]]]
    arrays: list[dict[str, str]]


def numbers_of(derivations: Iterable[tuple[Walkthrough, Sequence[Moment]]]) -> list[Numbers]:
    """The numbers of the arrays of derivations on one page, which have its arrays in common."""
    arrays = Arrays()
    found = [_panels(arrays, *one) for one in derivations]
    arrays.settle()  # none can be added after it
    return [_numbers(arrays, panels) for panels in found]


def _panels(arrays: Arrays, walkthrough: Walkthrough, moments: Sequence[Moment]) -> _Panels:
    values = values_of((*walkthrough.given, *walkthrough))
    learned = {step.name.unbarred for step in walkthrough.backward}
    kinds = {step.name: "parameter" if step.name in learned else "given" for step in walkthrough.given}
    formulas = {step.name: step.expression for step in walkthrough.forward}
    panels = _Panels(arrays, Lines(values, formulas), kinds)
    for moment in moments:
        panels.add(moment)
    return panels


def _numbers(arrays: Arrays, panels: _Panels) -> Numbers:
    sections = panels.sections()
    text = "\n".join(html for step in sections for html, _ in step)
    return Numbers(text, [[data for _, data in step] for step in sections], arrays.encoded)


class _Panels:
    """The panels of a page, as HTML and as data for the script.

    Arguments:
        arrays: of the page.
        lines: the values of all variables, and the formulas of the forward pass.
        kinds: ``"parameter"``, ``"given"`` or ``"computed"``, by the names of variables.
    """

    def __init__(self, arrays: Arrays, lines: Lines, kinds: Mapping[Name, str]) -> None:
        self._arrays, self._lines, self._kinds = arrays, lines, kinds
        self._scenes: list[list[tuple[Scene, dict[str, int]]]] = []
        self._overviews: list[dict[str, tuple[Operand, int | None]]] = []
        self._names: dict[Name, tuple[str, ...]] = {}  # what the axes of variables count

    def add(self, moment: Moment) -> None:
        """Collect the arrays of the next step."""
        scenes = [] if moment.step is None else list(self._collected(moment))
        self._scenes.append(scenes)
        self._overviews.append(self._overview(moment))

    def sections(self) -> list[list[Section]]:
        """For each step the scenes, and at last all arrays."""
        found = []
        for k, (scenes, overview) in enumerate(zip(self._scenes, self._overviews, strict=True)):
            made = [made for scene, places in scenes if (made := self._scene(k, scene, places)) is not None]
            if any(place is not None for _, place in overview.values()):
                lists = {name: n for _, data in made for name, n in data["lists"].items()}
                made.append(self._all(k, overview, lists))
            for _, data in made:
                data.pop("lists", None)
            found.append(made)
        return found

    def _collected(self, moment: Moment) -> Iterator[tuple[Scene, dict[str, int]]]:
        assert moment.step is not None
        for call, scene in scenes_of(moment.expression, self._lines, moment.value):
            if call is moment.expression and moment.of == 1:  # the whole line: it is called as the line is
                scene = replace(scene, out=replace(scene.out, expression=Symbol(moment.step.name, moment.value)))
            least = scene.least()
            places = {key: self._arrays.add(o.values, o.needs(least)) for key, o in scene.operands.items()}
            if None not in places.values():
                yield scene, {key: place for key, place in places.items() if place is not None}
            for operand in scene.operands.values():
                if isinstance(operand.expression, Symbol):
                    self._names.setdefault(operand.expression.name.unbarred, operand.names)

    def _overview(self, moment: Moment) -> dict[str, tuple[Operand, int | None]]:
        """The arrays that a step reads, and what it writes; at the start all given ones."""
        values, step = self._lines.values, moment.step
        if step is None:
            read = [name for name in self._kinds if np.ndim(values[name])][:_GIVEN]
        else:
            used = {s.name: None for s in symbols(moment.expression) if s.name != step.name and s.name in values}
            read = [name for name in used if np.ndim(values[name])][:_READ]
        found = {f"r{i}": Symbol(name, values[name]) for i, name in enumerate(read)}
        if step is not None and (found or np.ndim(moment.total)):
            found["out"] = Symbol(step.name, moment.total)
        operands = {key: Operand(symbol, np.asarray(symbol.value), ()) for key, symbol in found.items()}
        return {key: (o, self._arrays.add(o.values)) for key, o in operands.items() if o.values.dtype.kind in "bfiu"}

    def _scene(self, k: int, scene: Scene, places: dict[str, int]) -> Section | None:
        sizes = scene.fitted({key: self._arrays.kept(place) for key, place in places.items()})
        if sizes is None:
            return None
        loops = scene.loops
        partial = scene.examples is not None and sizes[scene.examples] < loops.sizes[scene.examples]
        data: dict[str, Any] = {
            "kind": scene.kind, "sizes": list(sizes.values()), "steps": loops.steps, "terms": loops.terms,
            "choices": [[choice.name, *choice.loops] for choice in loops.choices],
            "lists": {name: n for name, n in loops.chosen(sizes) if n > 1},
        }  # fmt: skip
        for key, operand in scene.operands.items():
            data[key] = self._data(operand, places[key]) | {"at": [index.data for index in operand.places]}
            if any(padding := operand.padding(sizes)):
                data[key]["padding"] = padding
        if scene.only:
            data["only"] = [index.data for index in scene.only]
        if scene.divisor != 1:
            data["divisor"] = scene.divisor
        if scene.view:
            data["view"] = VIEWS.index(scene.view)
        data |= {key: True for key, there in (("adds", scene.adds), ("partial", partial)) if there}
        chosen, of = loops.chosen(sizes), loops.chosen(loops.sizes)
        words = [_first(name, n, most) for (name, n), (_, most) in zip(chosen, of, strict=True) if n < most]
        if partial and scene.examples is not None:
            words.append(f"the sum over {_first('example', sizes[scene.examples], loops.sizes[scene.examples])}")
        if scene.skips and np.any(np.equal(scene.a.values, 0)):
            words.append("zeros add nothing and are left out")
        return _section(k, "; ".join(words), chosen, self._layout(scene), views=bool(scene.view)), data

    def _layout(self, scene: Scene) -> str:
        """The panels of a scene, from what is read to what is written."""
        figures = {key: self._figure(key, o) for key, o in scene.operands.items() if key != "switches"}
        if scene.falk:
            return f'<div class="falk"><i></i>{figures["b"]}{figures["a"]}{figures["out"]}</div>'
        before = figures["a"]
        if scene.b is not None:
            titles = "<mo>·</mo>".join(formula(o.expression) for o in (scene.a, scene.b) if o.expression is not None)
            products = f'<figure class="panel products"><figcaption>{in_math(titles)}</figcaption></figure>'
            products = f'<div class="stack">{products}</div>'
            before += f'<span class="sign">·</span>{figures["b"]}<span class="sign equals">=</span>{products}'
        if scene.start is not None:
            before += f'<span class="sign">+</span>{figures["start"]}'
        if scene.look is not None:
            before += f"{_ARROW}{figures['look']}"
        return f"{before}{_ARROW}{figures['out']}"

    def _all(self, k: int, overview: dict[str, tuple[Operand, int | None]], lists: dict[str, int]) -> Section:
        """All arrays of a step side by side, with the lists of its scenes."""
        data: dict[str, Any] = {"kind": "all"}
        figures, choices, words = "", dict(lists), dict[str, None]()
        for key, (operand, place) in overview.items():
            arrow = _ARROW if key == "out" and figures else ""
            if place is None or self._arrays.kept(place) < prod(operand.shape[-2:]):
                figures += arrow + self._figure(key, operand, size_and_range(operand.values))
                continue
            assert isinstance(operand.expression, Symbol)
            name = operand.expression.name.unbarred
            operand = replace(operand, names=self._names.get(name) or _axes(operand.values.ndim))
            data[key] = self._data(operand, place)
            figures += arrow + self._figure(key, operand)
            for axis, n, of in _kept(operand.shape, self._arrays.kept(place)):
                word = operand.names[axis] if axis < len(operand.names) else f"axis {axis}"
                words |= {f"{_first(word, n, of)} of {name.text}": None} if n < of else {}
                if n > 1 and (axis < len(operand.shape) - 3 or n > _SIDE_BY_SIDE or word in lists):
                    choices[word] = max(choices.get(word, 0), n)
        data["choices"] = list(choices)
        return _section(k, "; ".join(words), list(choices.items()), figures), data

    def _data(self, operand: Operand, place: int) -> dict[str, Any]:
        found: dict[str, Any] = {"array": place, "shape": operand.shape}
        found |= {key: value for key, value in (("names", operand.names), ("note", operand.note)) if value}
        if operand.values.ndim < 2:
            found["axes"] = operand.values.ndim
        return found

    def _figure(self, key: str, operand: Operand, instead: str = "") -> str:
        """A panel, which the script fills, and repeats for several matrices."""
        title = in_math(formula(operand.expression)) if operand.expression is not None else ""
        words = f'<p class="at">{escape(instead)}</p>' if instead else ""
        kind = self._kind(operand.expression)
        figure = f'<figure class="panel {kind}" data-key="{key}"><figcaption>{title}</figcaption>{words}</figure>'
        return f'<div class="stack">{figure}</div>'

    def _kind(self, e: Expression | None) -> str:
        if e is None:
            return "computed"
        names = [s.name for s in symbols(e)]
        if any(name.barred for name in names):
            return "signal"
        return self._kinds.get(names[0], "computed") if isinstance(e, Symbol) else "computed"


def _section(k: int, words: str, choices: list[tuple[str, int]], panels: str, *, views: bool = False) -> str:
    lists: list[tuple[str, tuple[str, ...]]] = [("view", VIEWS)] if views else []
    lists += [(name, tuple(f"{i} of {n}" for i in range(1, n + 1))) for name, n in choices]
    selects = "".join(
        f'<label>{escape(name)} <select data-name="{escape(name)}">'
        f"{''.join(f'<option value={i}>{option}' for i, option in enumerate(options))}</select></label>"
        for name, options in lists
        if len(options) > 1
    )
    selects = f'<p class="choices">{selects}</p>' if selects else ""
    note = f'<p class="note">{escape(words)}</p>' if words else ""
    return f'<section class="scene" data-step="{k}" hidden>{selects}{note}<div class="grids">{panels}</div></section>'


def _first(name: str, n: int, of: int) -> str:
    """What a page has: ``the first 2 of 6 filters``."""
    first = "the first" if n == 1 else f"the first {n}"
    if len(name) == 1 or name.startswith("axis"):
        return f"{first} of {of} along {name}"
    return f"{first} of {of} {_PLURALS.get(name, f'{name}s')}"


def _axes(ndim: int) -> tuple[str, ...]:
    """What the axes before the last two are called where no operation says it."""
    return {3: ("matrix",), 4: ("example", "channel"), 5: ("example", "channel", "depth")}.get(ndim, ())


def _kept(shape: tuple[int, ...], numbers: int) -> Iterator[tuple[int, int, int]]:
    """Axes before the last two: how many a page has that holds the first so many numbers, and of how many."""
    inside = shape[-1] * shape[-2]
    for axis in reversed(range(len(shape) - 2)):
        n = max(1, min(shape[axis], numbers // inside))
        inside *= shape[axis]
        if shape[axis] > 1:
            yield axis, n, shape[axis]


_ARROW = '<span class="arrow" aria-hidden="true"></span>'
