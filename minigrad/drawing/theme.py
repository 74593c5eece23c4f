"""Colours for what things mean: light, dark, and paper for black and white print.

Okabe and Ito's palette, which people with any kind of colour vision can tell apart; every text has a contrast of at
least 4.5:1 to what it stands on. Kinds differ in shape and outline too.
"""

from __future__ import annotations

__all__ = ["BLUE", "DARK", "LIGHT", "MAGENTA", "ORANGE", "PAPER", "THEMES", "theme_named"]

#: The ends of the scale of maps that have a sign, negative and positive; and NaN or infinity. As red, green, blue.
BLUE, ORANGE, MAGENTA = (0, 114, 178), (213, 94, 0), (210, 0, 190)

LIGHT = {
    "background": "#ffffff",
    "text": "#111111", "muted": "#555555", "value": "#0060a0", "signal": "#b04000", "warning": "#b00020",
    "forward": "#0072b2", "backward": "#b04000", "current": "#ffee70",
    "parameter.line": "#c07a00", "parameter.fill": "#fdf0d5",
    "given.line": "#a03f7c", "given.fill": "#f9e9f3",
    "constant.line": "#777777", "constant.fill": "#f2f2f2",
    "computed.line": "#0072b2", "computed.fill": "#e5f1f9",
    "unrecorded.line": "#555555", "unrecorded.fill": "#ffffff",
    "failed.line": "#b00020", "failed.fill": "#fde7ea",
    "frame.line": "#888888", "frame.fill": "#f7f7f7",
}  # fmt: skip

DARK = {
    "background": "#121212",
    "text": "#f2f2f2", "muted": "#b5b5b5", "value": "#7cc4f0", "signal": "#ff9a5c", "warning": "#ff9aa9",
    "forward": "#56b4e9", "backward": "#ff9a5c", "current": "#4a4500",
    "parameter.line": "#e69f00", "parameter.fill": "#3a2a08",
    "given.line": "#d98cc0", "given.fill": "#38202f",
    "constant.line": "#a0a0a0", "constant.fill": "#2a2a2a",
    "computed.line": "#56b4e9", "computed.fill": "#0f2b3d",
    "unrecorded.line": "#b5b5b5", "unrecorded.fill": "#121212",
    "failed.line": "#ff9aa9", "failed.fill": "#40141c",
    "frame.line": "#777777", "frame.fill": "#1c1c1c",
}  # fmt: skip

PAPER = {name: "#ffffff" if name.endswith("fill") or name == "background" else "#000000" for name in LIGHT}
PAPER["current"] = "#bdbdbd"

THEMES = {"light": LIGHT, "dark": DARK, "paper": PAPER}


def theme_named(name: str) -> dict[str, str]:
    """The colours of a theme; ``"auto"`` is light where only one can be shown.

    Raises:
        ValueError: if there is no such theme.
    """
    if name == "auto":
        return LIGHT
    if name not in THEMES:
        raise ValueError(f"theme={name!r} does not exist: choose 'auto', 'light', 'dark' or 'paper'.")
    return THEMES[name]
