"""The player that `Walkthrough.player` returns: one HTML file, shown in notebooks and saved."""

from __future__ import annotations

import os
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.files import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from minigrad.player.levels import LevelName
    from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["Player", "build_player"]

#: Scripts run in a frame that can reach neither the notebook nor its cookies; its print buttons need allow-modals. What
#: shows no frames shows the rest, and printed is what is open.
_FRAME = """<iframe title="{title}" sandbox="allow-scripts allow-modals" width="100%" height="{height}" frameborder="0"
 srcdoc="{page}"></iframe>
<details><summary>the same as a picture and a table, for where the frame above stays empty</summary>
{static}
</details>"""
_HEIGHT = 640


def build_player(walkthrough: Walkthrough, level: LevelName = "lines") -> Player:
    """The player of a derivation; see `Walkthrough.player`."""
    from minigrad.notation.values import showing  # training does not need any of it
    from minigrad.player.page import page
    from minigrad.walkthrough.formats.html import html_fragment

    with showing(walkthrough.max_shown), np.errstate(all="ignore"):  # NaN and infinity are shown, not warned about
        html, picture = page(walkthrough, level)
        drawn = (
            escape(picture) if isinstance(picture, str) else picture.image(f"graph of {walkthrough.backward[0].target}")
        )
        table = html_fragment(
            walkthrough.given, walkthrough.forward, walkthrough.backward, True, walkthrough.changed_note
        )
        return Player(html, f"<p>{drawn}</p>\n{table}", str(walkthrough))


class Player:
    """A page on which a derivation or a training is gone through, shown in notebooks and saved to a file.

    It holds text only and keeps no part of the graph alive.

    Arguments:
        html: the whole page.
        static: a part of a page that shows the same without scripts.
        text: the same as plain text.
        title: of its frame in a notebook.

    Attributes:
        html: the whole page; it needs no other file and no network.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True, name="w")
    >>> player = mg.explain((w * w).named("L")).player()
    >>> player.html.startswith("<!doctype html>"), "Backward pass of L" in player.html
    (True, True)
    """

    def __init__(self, html: str, static: str, text: str, title: str = "the backward pass, step by step") -> None:
        self.html = html
        self._title = title
        self._static = static
        self._text = text

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, which any browser opens without a network.

        Missing folders are created. The file is written completely or not at all.

        Arguments:
            path: ends in ``.html`` or ``.htm``.

        Returns:
            The path written.

        Raises:
            OSError: if the file cannot be written; one that was there before is unchanged.
            ValueError: if the suffix is not one of these.
        """
        from pathlib import Path

        path = Path(path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"Player.save: a player is a web page, so the name must end in .html, got {path.name!r}")
        return write_file(path, self.html.encode())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        """What notebooks show: the page in a frame, and the same without scripts where frames are not shown."""
        frame = _FRAME.format(title=self._title, height=_HEIGHT, page=escape(self.html), static=self._static)
        return {"text/html": frame, "text/plain": self._text}

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<Player: .save('player.html') writes a page of {len(self.html.encode()) // 1000} kB>"
