"""Colours of an SVG: those of one theme as attributes, and dark ones by a style sheet beside the light ones.

In the style sheet each colour is a variable that only dark pages set. Without it, and in tools that know no variables,
the attribute counts.
"""

from __future__ import annotations

from minigrad.drawing.formats.patterns import HATCH, TILE, pattern
from minigrad.drawing.formats.svg.markup import attributes
from minigrad.drawing.theme import DARK, theme_named

__all__ = ["Paint"]

# How pages say that they are dark or light, whatever the system prefers: Sphinx themes (furo, PyData), Material for
# MkDocs, JupyterLab, VS Code, and frameworks that set a class.
_PAGE_IS_DARK = (
    "[data-theme=dark],[data-md-color-scheme=slate],[data-jp-theme-light=false],"
    ".vscode-dark,.vscode-high-contrast,.dark"
)
_PAGE_IS_LIGHT = "[data-theme=light],[data-md-color-scheme=default],[data-jp-theme-light=true],.vscode-light,.light"


class Paint:
    """The colours that a drawing uses, kept so that the style sheet says nothing else.

    Arguments:
        theme: ``"auto"`` for light and dark in one, or a fixed one.
        prefix: of ids.
    """

    def __init__(self, theme: str, prefix: str) -> None:
        self._both = theme == "auto"
        self.hatched = theme == "paper"
        self._colours = theme_named(theme)
        self._prefix = prefix
        self._used: dict[tuple[str, str], str] = {}
        self._patterns: dict[str, None] = {}

    def stroke(self, name: str) -> str:
        """The value of the attribute ``stroke`` for a colour's name; ``none`` for the empty one."""
        return self._value("stroke", name)

    def fill(self, name: str) -> str:
        """The value of the attribute ``fill``."""
        if self.hatched and pattern(name):
            self._patterns[name] = None
            return f"url(#{self._pattern_id(name)})"
        return self._value("fill", name)

    def style(self) -> str:
        """The style sheet: the picture shrinks with the page, and is dark where the reader wants that."""
        root = f"#{self._prefix}"
        rules = [f"{root}{{max-width:100%;height:auto}}"]
        if self._both and self._used:
            dark, variables = self._variables(root)
            rules.append(f"@media (prefers-color-scheme:dark){{{root}:not(:is({_PAGE_IS_LIGHT}) *){{{dark}}}}}")
            rules.append(f":is({_PAGE_IS_DARK}) {root}{{{dark}}}@supports (fill:var(--mg)){{{variables}}}")
        return f"<style>{''.join(rules)}</style>"

    def patterns(self) -> str:
        """Definitions of the hatchings that are used."""
        if not self._patterns:
            return ""
        return "<defs>" + "".join(self._pattern(name) for name in self._patterns) + "</defs>"

    def _value(self, attribute: str, name: str) -> str:
        if not name:
            return "none"
        colour = self._colours[name]
        self._used[attribute, colour] = name
        return colour

    def _variables(self, root: str) -> tuple[str, str]:
        """The dark colours as variables, and the rules that use them, or else the light colours."""
        names = sorted({colour: name for (_, colour), name in self._used.items()}.items())
        number = {colour: f"--mg{i}" for i, (colour, _) in enumerate(names)}
        dark = ";".join(f"{number[colour]}:{DARK[name]}" for colour, name in names)
        rules = (
            f'{root} [{attribute}="{colour}"]{{{attribute}:var({number[colour]},{colour})}}'
            for attribute, colour in sorted(self._used)
        )
        return dark, "".join(rules)

    def _pattern_id(self, name: str) -> str:
        return f"{self._prefix}-{name.replace('.', '-')}"

    def _pattern(self, name: str) -> str:
        tile = pattern(name)
        assert tile is not None
        lines = "".join(
            f"<path{attributes(d=f'M{x1:g} {y1:g}L{x2:g} {y2:g}', stroke=HATCH, stroke_width=1.2)}/>"
            for x1, y1, x2, y2 in tile[0]
        )
        dots = "".join(f"<circle{attributes(cx=x, cy=y, r=r, fill=HATCH)}/>" for x, y, r in tile[1])
        size = attributes(id=self._pattern_id(name), width=TILE, height=TILE, patternUnits="userSpaceOnUse")
        ground = f"<rect{attributes(width=TILE, height=TILE, fill=self._colours['background'])}/>"
        return f"<pattern{size}>{ground}{lines}{dots}</pattern>"
