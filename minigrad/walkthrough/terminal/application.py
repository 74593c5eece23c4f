"""The player in a terminal: keys move through the moments. Without a terminal they are printed as lines."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from minigrad.notation import printable
from minigrad.walkthrough.terminal.moments import FORWARD, Timeline, build_timeline
from minigrad.walkthrough.terminal.screen import screen

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["plain", "play"]

_STYLES = {  # colours only repeat what marks, weight and words say; Okabe and Ito's palette suits every colour vision
    "title": "bold",
    "current": "reverse bold",
    "forward": "bold #009E73",
    "backward": "bold #D55E00",
    "strong": "bold",
    "key": "bold",
}


def play(walkthrough: Walkthrough) -> None:
    """Step through a walkthrough with the arrow keys, in the terminal; ``q`` ends it.

    Without a terminal (in a pipe, a file, a notebook) the same steps are printed as lines. So they are without the
    package prompt_toolkit, with a warning at the line that calls `Walkthrough.play` that says how to install it.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True)
    >>> L = w**2
    >>> play(mg.explain(L))
    Given
         w = 3
    <BLANKLINE>
    Forward pass
      1  L = w² = 3² = 9
    <BLANKLINE>
    Backward pass
      1  L̄ = 1
      2  w̄ = 2 L̄ w = 2 · 1 · 3 = 6
    """
    timeline = build_timeline(walkthrough)
    if not _in_a_terminal():
        print(plain(timeline))
        return
    try:
        application = _application(timeline)
    except ModuleNotFoundError:
        print(plain(timeline))
        warnings.warn(
            "play: to step through this with the arrow keys, pip install 'minigrad-autograd[play]' (prompt_toolkit)",
            stacklevel=3,
        )
        return
    application.run(in_thread=_event_loop_is_running())


def plain(timeline: Timeline) -> str:
    """All moments as lines of text, for a file or a pipe."""
    lines: list[str] = []
    for moment in timeline.moments:
        if moment.number <= 1:
            lines += ["", moment.heading]
        number = f"{moment.number:3}  " if moment.number else "     "
        lines += [number + printable(line) for line in moment.line.split("\n")]
    return "\n".join(lines[1:])


def _in_a_terminal() -> bool:
    streams = (sys.stdin, sys.stdout)
    return all(s is not None and s.isatty() for s in streams) and os.environ.get("TERM") != "dumb"


def _event_loop_is_running() -> bool:
    """Whether an event loop is running, as in some shells: the application needs its own thread there."""
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _application(timeline: Timeline) -> Application[None]:
    from prompt_toolkit.application import Application, get_app
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.layout import FormattedTextControl, Layout, Window
    from prompt_toolkit.styles import Style

    last = len(timeline.moments) - 1
    backward = 1 + timeline.length(FORWARD)
    now, help = 0, False
    bindings = KeyBindings()

    def content() -> StyleAndTextTuples:
        size = get_app().output.get_size()
        lines = screen(timeline, now, size.columns, size.rows, help=help)
        # The space keeps a bar over the last letter of a line: a mark without width needs a character after it,
        # or prompt_toolkit writes it twice.
        pieces = [[*((f"class:{style}" if style else "", text) for style, text in line), ("", " \n")] for line in lines]
        return [piece for line in pieces for piece in line]

    def bind(keys: str, move: Callable[[int], int]) -> None:
        def pressed(_: KeyPressEvent) -> None:
            nonlocal now, help
            now, help = max(0, min(move(now), last)), False

        for key in keys.split():
            bindings.add(key)(pressed)

    bind("right down space enter", lambda k: k + 1)
    bind("left up backspace", lambda k: k - 1)
    bind("pagedown", lambda k: k + 10)
    bind("pageup", lambda k: k - 10)
    bind("home", lambda _: 0)
    bind("end", lambda _: last)
    bind("f", lambda _: 1)
    bind("b", lambda _: backward)

    @bindings.add("?")
    def _(_: KeyPressEvent) -> None:
        nonlocal help
        help = not help

    @bindings.add("q")
    @bindings.add("c-c")
    @bindings.add("c-d")
    def _(event: KeyPressEvent) -> None:
        event.app.exit()

    return Application(
        layout=Layout(Window(FormattedTextControl(content, show_cursor=False), always_hide_cursor=True)),
        key_bindings=bindings,
        style=Style.from_dict(_STYLES),
        full_screen=True,
    )
