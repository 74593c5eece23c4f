"""Scenes of a page as a reader sees them, position by position, from the page's data alone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np


def array(encoded: dict[str, str]) -> np.ndarray:
    """An array of the page: its first numbers, one after the other."""
    ((letter, data),) = encoded.items()
    return np.frombuffer(base64.b64decode(data), f"<{letter}")


class Cells:
    """An array of a scene: where a position reads or writes it, and the number there, 0 outside."""

    def __init__(self, arrays: list[np.ndarray], spec: dict[str, Any]) -> None:
        self.shape, self.at = tuple(spec["shape"]), spec["at"]
        self.numbers = arrays[spec["array"]].astype(float)

    def place(self, counters: dict[int, int]) -> tuple[int, ...]:
        return tuple(
            a[0] + sum(counters.get(loop, 0) * f for loop, f in zip(a[1::2], a[2::2], strict=True)) for a in self.at
        )

    def inside(self, place: tuple[int, ...]) -> bool:
        return all(0 <= i < n for i, n in zip(place, self.shape, strict=True))

    def __getitem__(self, place: tuple[int, ...]) -> float:
        return float(self.numbers[np.ravel_multi_index(place, self.shape)]) if self.inside(place) else 0.0


class Frames:
    """A scene with what the reader has chosen."""

    def __init__(self, data: dict[str, Any], scene: dict[str, Any], **chosen: int) -> None:
        arrays = [array(a) for a in data["arrays"]]
        self.scene = scene
        self.cells = {
            key: Cells(arrays, scene[key])
            for key in ("out", "a", "b", "look", "start", "switches")
            if key in scene
        }  # fmt: skip
        self.fixed: dict[int, int] = {}
        for name, *loops in scene["choices"]:
            sizes = [scene["sizes"][loop] for loop in loops]
            self.fixed |= dict(zip(loops, map(int, np.unravel_index(chosen.get(name, 0), sizes)), strict=True))

    def counters(self, loops: list[int]) -> Iterator[dict[int, int]]:
        for values in product(*(range(self.scene["sizes"][loop]) for loop in loops)):
            yield dict(zip(loops, values, strict=True))

    def __iter__(self) -> Iterator[list[dict[str, tuple[int, ...]]]]:
        """For each position its terms, with the place of each array."""
        for counters in self.counters(self.scene["steps"]):
            here = self.fixed | counters
            if any(
                a[0] + sum(here.get(x, 0) * f for x, f in zip(a[1::2], a[2::2], strict=True))
                for a in self.scene.get("only", ())
            ):
                continue
            if self.scene.get("adds") and "b" in self.scene and self.cells["a"][self.cells["a"].place(here)] == 0:
                continue
            yield [
                {key: cells.place(here | term) for key, cells in self.cells.items()}
                for term in self.counters(self.scene["terms"])
            ]

    def number(self, key: str, term: dict[str, tuple[int, ...]]) -> float:
        return self.cells[key][term[key]] if key in self.cells else 1.0


def scenes_of(L: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The data of a derivation's page, and the first scene of each line, by the name of its variable."""
    import minigrad as mg
    from minigrad.player.moments import moments
    from minigrad.player.panels import numbers_of

    walkthrough = mg.explain(L)
    steps = moments(walkthrough)
    (numbers,) = numbers_of([(walkthrough, steps)])
    first = {
        moment.step.variable: scenes[0]
        for moment, scenes in zip(steps, numbers.scenes, strict=True)
        if moment.step and scenes and scenes[0]["kind"] != "all"
    }
    gathered = {
        moment.step.variable: scene
        for moment, scenes in zip(steps, numbers.scenes, strict=True)
        for scene in scenes
        if moment.step and scene.get("view") == 1
    }
    return {"arrays": numbers.arrays, "gathered": gathered}, first
