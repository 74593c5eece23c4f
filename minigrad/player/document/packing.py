"""Large pages carry their contents packed, a tenth as large, and the script unpacks them; small ones can be read."""

from __future__ import annotations

import base64
import zlib

__all__ = ["packed"]

_LARGE = 150_000  # characters

_PACKED = """<script type="text/plain" class="packed">{}</script>
<noscript><p>This page is packed, and JavaScript unpacks it; walkthrough.html() writes one that needs no script.</p>
</noscript>"""


def packed(body: str) -> str:
    """What to write in place of the contents of a page: themselves, if they are small."""
    if len(body) <= _LARGE:
        return body
    return _PACKED.format(base64.b64encode(zlib.compress(body.encode(), 9)).decode())
