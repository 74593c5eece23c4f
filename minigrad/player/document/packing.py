"""Large pages carry their contents packed, a tenth as large, and the script unpacks them; small ones can be read."""

from __future__ import annotations

import base64
import zlib

__all__ = ["LARGE", "packed", "packed_level", "packed_part"]

LARGE = 135_000  # characters: with script and style sheet less than 200 kB

_PACKED = '<script type="text/plain" class="packed">{}</script>'
_WITHOUT = """
<noscript><p>{} is packed, and JavaScript unpacks it; walkthrough.html() writes one that needs no script.</p>
</noscript>"""
_LEVEL = '<script type="text/plain" class="packed-level" data-level="{}">{}</script>'


def packed(body: str) -> str:
    """What to write in place of the contents of a page: themselves, if they are small."""
    return body if len(body) <= LARGE else packed_part(body, "This page")


def packed_part(part: str, what: str = "") -> str:
    """What to write in place of a part of a page, and what it is, for those who miss it where scripts do not run."""
    return _PACKED.format(_bytes(part)) + (_WITHOUT.format(what) if what else "")


def packed_level(name: str, body: str) -> str:
    """The same with other steps, which the script unpacks when they are asked for."""
    return _LEVEL.format(name, _bytes(body))


def _bytes(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()
