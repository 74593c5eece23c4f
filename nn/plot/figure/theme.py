"""The colours of a figure: light, or dark where Matplotlib's style is.

The colours of lines are Okabe and Ito's, told apart with any colour vision; a marker, a dash or a word says the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

__all__ = ["Theme", "text_on", "theme", "theme_on"]

MEDIUM = 0.18  # the luminance at which white and black text have the same contrast


@dataclass(frozen=True)
class Theme:
    """The colours of a figure, by their use.

    Attributes:
        background: of the figure.
        text: of text, and of what stands out, as borders and crosses.
        muted: of subtitles and notes.
        frame: of the thin frame around an image.
        grid: of lines behind the data.
        colours: of lines and classes: eight, for the first one to be used first.
        negative, positive: the ends of the scale of numbers that have a sign.
        zero: the word for the colour of zero, in captions.
    """

    background: str
    text: str
    muted: str
    frame: str
    grid: str
    colours: tuple[str, ...]
    negative: tuple[str, ...]
    positive: tuple[str, ...]
    zero: str

    @property
    def dark(self) -> bool:
        """Whether the background is dark."""
        return self.text == DARK.text

    @property
    def diverging(self) -> Colormap:
        """The scale of numbers that have a sign: orange below zero, purple above, and zero is the background."""
        return _scale("diverging", *self.negative, self.background, *self.positive)

    @property
    def sequential(self) -> Colormap:
        """The scale of numbers from zero on: the upper half of `diverging`."""
        return _scale("sequential", self.background, *self.positive)

    def settings(self) -> dict[str, Any]:
        """Matplotlib's settings with these colours."""
        from cycler import cycler

        text = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "patch.edgecolor")
        return {
            **dict.fromkeys(text, self.text),
            **dict.fromkeys(("figure.facecolor", "figure.edgecolor", "axes.facecolor"), self.background),
            "grid.color": self.grid,
            "axes.prop_cycle": cycler(color=self.colours),
        }


LIGHT = Theme(
    background="#ffffff",
    text="#000000",
    muted="#4d4d4d",
    frame="#999999",
    grid="#e5e5e5",
    colours=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"),
    # The ends of ColorBrewer's PuOr.
    negative=("#7f3b08", "#b35806", "#e08214", "#fdb863", "#fee0b6"),
    positive=("#d8daeb", "#b2abd2", "#8073ac", "#542788", "#2d004b"),
    zero="white",
)
DARK = Theme(
    background="#121212",
    text="#f2f2f2",
    muted="#b5b5b5",
    frame="#777777",
    grid="#333333",
    colours=("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#0072B2", "#FFFFFF", "#F0E442"),
    negative=("#fee0b6", "#fdb863", "#e08214", "#a85a0a", "#5c340c"),
    positive=("#3f2f63", "#6a55a5", "#9080c8", "#b8aee0", "#e6e2f5"),
    zero="dark",
)


def theme() -> Theme:
    """The colours of the figure that is drawn."""
    from matplotlib import rcParams

    return theme_on(rcParams["figure.facecolor"])


def theme_on(background: Any) -> Theme:
    """The colours on a background: dark on that one itself, light on white."""
    from matplotlib.colors import to_hex, to_rgba

    if to_rgba(background)[3] == 0 or text_on(background) == "black":
        return LIGHT
    return replace(DARK, background=to_hex(background))


def text_on(colour: Any) -> str:
    """Black or white, whichever is seen better on this colour.

    >>> text_on("#fdb863"), text_on("#2d004b")
    ('black', 'white')
    """
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if luminance >= MEDIUM else "white"


def _scale(name: str, *colours: str) -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(name, colours)
