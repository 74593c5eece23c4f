"""What `draw` may be asked for, with errors that say what to write."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index
from typing import Any

from minigrad.drawing.theme import THEMES

__all__ = ["KEYWORDS", "LEVELS", "Options", "check_theme"]

LEVELS = ("lines", "stages", "modules", "operations")

#: Keywords of earlier versions and of other libraries, and what to write instead.
KEYWORDS = {
    "direction": "pictures run from left to right, in rows that fit the screen; write aspect=(9, 16) for a tall one",
    "rankdir": "pictures run from left to right, in rows that fit the screen; write aspect=(9, 16) for a tall one",
    "max_nodes": 'what is too large is folded, and a line says so; write level="modules" or fold="name" to fold more',
    "grads": "write signals=True",
    "params": "parameters have names: mg.Tensor(…, name=\"w\"), or the variable's",
    "show_attrs": 'write saved=True',
    "show_saved": 'write saved=True',
    "format": 'write mg.draw(…).save("graph.png")',
    "file": 'write mg.draw(…).save("graph.svg")',
    "filename": 'write mg.draw(…).save("graph.svg")',
}  # fmt: skip

Names = tuple[Any, ...]


@dataclass(frozen=True)
class Options:
    """The arguments of `draw`, checked."""

    level: str | None
    depth: int | None
    fold: Names
    unfold: Names
    signals: bool | None
    values: bool
    local_derivatives: bool
    saved: bool
    aspect: tuple[float, float]
    theme: str

    @classmethod
    def by_default(cls) -> Options:
        """Those of ``draw(root)``."""
        return cls(None, None, (), (), None, True, False, False, (16, 9), "auto")

    @classmethod
    def checked(
        cls, caller: str, *, level: Any, depth: Any, fold: Any, unfold: Any, signals: Any, aspect: Any, theme: Any,
        **switches: Any,
    ) -> Options:  # fmt: skip
        """The arguments of a call, or an error that names the one that is wrong."""
        if level is not None and level not in LEVELS:
            raise ValueError(
                f'{caller}: level is "lines" (a box for each line of mg.explain), "stages" (each layer with what '
                f'follows it), "modules" or "operations" (every one), got {level!r}'
            )
        if isinstance(fold, bool):
            now = 'level="modules"' if fold else 'level="operations"'
            raise TypeError(f'{caller}: fold={fold} is written {now}; fold="name" folds what has that name')
        if isinstance(unfold, bool):
            raise TypeError(f'{caller}: unfold={unfold} is written level="operations"; unfold="name" opens one box')
        for name, value in {"signals": signals, **switches}.items():
            if not (isinstance(value, bool) or (name == "signals" and value is None)):
                raise TypeError(f"{caller}: {name} is True or False, got {value!r}")
        return cls(
            level, _depth(caller, depth, level), _names(caller, "fold", fold), _names(caller, "unfold", unfold),
            signals=signals, aspect=_aspect(caller, aspect), theme=check_theme(caller, theme), **switches,
        )  # fmt: skip


def _depth(caller: str, depth: Any, level: str | None) -> int | None:
    if depth is None:
        return None
    if level not in (None, "modules"):
        raise ValueError(f'{caller}: depth is for level="modules", how deep modules within modules are opened')
    try:
        number = index(depth)
    except TypeError:
        raise TypeError(f"{caller}: depth is a whole number, 1 for the outermost modules, got {depth!r}") from None
    if number < 1 or isinstance(depth, bool):
        raise ValueError(f"{caller}: depth is at least 1, the outermost modules, got {depth!r}")
    return number


def _names(caller: str, argument: str, value: Any) -> Names:
    if value is None:
        return ()
    names = (value,) if isinstance(value, str) or callable(value) else value
    if not isinstance(names, list | tuple) or not all(isinstance(n, str) or callable(n) for n in names):
        raise TypeError(
            f'{caller}: {argument} is the name of a module, scope or variable ({argument}="conv1"), a list of names, '
            f"or a function of a box's label that returns True or False, got {value!r}"
        )
    return tuple(names)


def _aspect(caller: str, aspect: Any) -> tuple[float, float]:
    try:
        width, height = (float(side) for side in aspect)
        good = 0 < width < float("inf") and 0 < height < float("inf") and 1 / 20 <= width / height <= 20
    except (TypeError, ValueError):
        good = False
    if not good:
        raise ValueError(
            f"{caller}: aspect is the width and height of the screen or page, as in aspect=(16, 9), at most 20 to 1, "
            f"got {aspect!r}"
        )
    return width, height


def check_theme(caller: str, theme: Any) -> str:
    """The name of a theme, or a ValueError."""
    if not isinstance(theme, str) or theme not in ("auto", *THEMES):
        raise ValueError(
            f'{caller}: theme is "auto" (light or dark as the screen is), "light", "dark" or "paper" (black on white), '
            f"got {theme!r}"
        )
    return theme
