"""An HTML file that needs no other: contents, style sheet, script, and the policy that allows these alone."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from minigrad.player.document.security import policy

__all__ = ["document", "json_in_page", "moves"]

_HERE = Path(__file__).parent
_FIRST, _LAST = "numbers.js", "main.js"


def document(title: str, contents: str, style: str = "", script: str = "") -> str:
    """The file.

    Arguments:
        title: as HTML.
        contents: of the body.
        style: rules in addition to those of all pages.
        script: functions in addition to those of all pages.
    """
    script, style = _script(script), _file("player.css") + style
    return _file("document.html").format(
        policy=policy(script, style), title=title, style=style, script=script, contents=contents
    )


def moves(last: int, switches: str = "") -> str:
    """The buttons and the slider, from step 0 to the last one, and what can be switched."""
    return _file("moves.html").format(last=last, switches=switches).rstrip()


def json_in_page(value: Any) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _script(more: str = "") -> str:
    """One script, strict, that leaves no names on the page: functions, and at last what begins."""
    between = sorted({file.name for file in (_HERE / "script").glob("*.js")} - {_FIRST, _LAST})
    parts = "\n".join([*(_file(f"script/{name}") for name in (_FIRST, *between)), more, _file(f"script/{_LAST}")])
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
