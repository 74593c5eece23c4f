"""Text, numbers and attributes for SVG, which any name survives."""

from __future__ import annotations

import re

__all__ = ["attributes", "escape", "number", "run_of_text"]

# What XML forbids, controls, and the marks that would turn the direction of what follows.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Text between tags or between double quotes; what may not stand in XML becomes U+FFFD.

    >>> escape('</script> & "x"\\x00')
    '&lt;/script&gt; &amp; &quot;x&quot;�'
    """
    text = _TURNING.sub("\ufffd", _FORBIDDEN.sub("\ufffd", text)).replace("\r", "\n")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def run_of_text(text: str) -> str:
    """Text in one line, in which every space survives: viewers drop ordinary ones at the ends and in a row."""
    return escape(re.sub(r"[ \t\r\n\u2028\u2029]", "\u00a0", text))


def number(value: float) -> str:
    """A coordinate, to a hundredth of a pixel.

    >>> number(12.50), number(-0.001), number(3)
    ('12.5', '0', '3')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def attributes(**values: str | float | None) -> str:
    """Attributes of a tag: ``_`` stands for ``-``, and what is None or empty is left out.

    >>> attributes(x=1.5, stroke_width=2, fill="none", id=None)
    ' x="1.5" stroke-width="2" fill="none"'
    """
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{value if isinstance(value, str) else number(value)}"'
        for name, value in values.items()
        if value is not None and value != ""
    )
