"""The command ``minigrad``: explain an expression, or run the demo."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata

import numpy as np

import minigrad as mg
from minigrad.cli.demo import demo
from minigrad.cli.language import Program, run
from minigrad.cli.quiz import quiz
from minigrad.cli.source import InputError
from minigrad.cli.variables import normalize_name, read_variables
from minigrad.files import is_standard_output, write_file
from minigrad.notation import printable

__all__ = ["main"]

_EXAMPLE = """\
example:
  minigrad explain "z = w*x + b; y = sigmoid(z); L = 0.5*(y - t)**2" w=0.5 x=2 b=-1 t=1
"""

_CANNOT_WRITE = 1
_BAD_INPUT = 2
_INTERRUPTED = 130  # as in shells: 128 + the number of the signal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Arguments:
        arguments: the words after ``minigrad``; by default those of the process.

    Returns:
        The exit status: 0, 1 if the output cannot be written, or 2 for bad input.

    Raises:
        SystemExit: from `argparse`, after ``--help`` and for unknown options.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    _replace_unprintable()
    try:
        try:
            return _command(words)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # so that a closed pipe or a full disk is noticed here, not when Python exits
    except InputError as error:
        _complain(error)
        return _BAD_INPUT
    except BrokenPipeError:  # the reader has closed the pipe, as in ``minigrad explain … | head -1``
        _discard_output()
        return 0
    except OSError as error:
        _complain(f"minigrad: {error.strerror or error}; the output is not complete")
        _discard_output()
        return _CANNOT_WRITE
    except KeyboardInterrupt:
        _complain("")
        return _INTERRUPTED


def _command(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "minigrad",
        description="Backpropagation that can be read.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"minigrad {_version()}")
    parser.add_argument(
        "command",
        choices=("explain", "demo"),
        help="explain: derive the backward pass of an expression; demo: train a small network on scanned digits",
    )
    if not words:
        parser.print_help(sys.stderr)
        return _BAD_INPUT
    if parser.parse_args(words[:1]).command == "demo":
        problem = demo(words[1:])
        if problem is not None:
            _complain(problem)
        return 0 if problem is None else _BAD_INPUT
    return _explain(words[1:])


def _explain(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "minigrad explain",
        usage='%(prog)s "EXPRESSION" [NAME=VALUE …] [--constant NAMES] [--every-step]\n'
        "                        [--max-shown N] [--latex | --html FILE | --player-html FILE | --play\n"
        "                        | --quiz [--ask NAMES]]",
        description="Derive the backward pass of an expression, with the numbers of its forward pass.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "expression",
        nargs="?",
        metavar="EXPRESSION",
        help="what to differentiate; statements as in z = w*x, separated by ; or new lines, name what is between",
    )
    parser.add_argument(
        "variables", nargs="*", metavar="NAME=VALUE", help="a number, as in w=0.5 or w=1/3, or a list: x=[1,2]"
    )
    parser.add_argument("--constant", default="", metavar="NAMES", help="variables without an error signal, as in x,t")
    parser.add_argument("--every-step", action="store_true", help="give each operation a line of its own")
    parser.add_argument(
        "--max-shown", type=int, default=6, metavar="N", help="arrays of up to N rows and columns are shown in full: 6"
    )
    parser.add_argument(
        "--ask", default="", metavar="NAMES", help="what the quiz asks for; by default all but inputs x and targets t"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--latex", action="store_true", help="print LaTeX instead of text")
    form.add_argument("--html", metavar="FILE", help="write a page for the browser")
    form.add_argument("--player-html", metavar="FILE", help="write a page to go through step by step")
    form.add_argument("--play", action="store_true", help="go through it step by step")
    form.add_argument("--quiz", action="store_true", help="be asked for each error signal")
    options = parser.parse_intermixed_args([_not_an_option(word) for word in words])
    if options.quiz and options.every_step:
        parser.error("--quiz asks for named values; instead of --every-step, name the steps: z = w*x + b; …")
    if options.ask and not options.quiz:
        parser.error("--ask names what --quiz asks for; add --quiz")
    if options.max_shown < 1:
        parser.error(f"--max-shown is the largest number of rows and columns to show, got {options.max_shown}")
    if options.expression is None or not options.expression.strip():
        parser.print_usage(sys.stderr)
        _complain(f"\n{_EXAMPLE.rstrip()}")
        return _BAD_INPUT
    if sys.stdout is None and options.html is None and options.player_html is None:
        _complain("minigrad explain: the standard output is closed; write a page with --html FILE")
        return _CANNOT_WRITE
    variables = read_variables(options.variables, options.constant)
    program = run(options.expression.removeprefix(" "), variables)
    for name in program.unused:
        _complain(f"note: {name} is not used")
    with np.errstate(all="ignore"):  # infinite slopes are shown, not warned about
        walkthrough = _derivation(program, options.every_step, options.max_shown)
        if options.quiz:
            ask = [normalize_name(name) for name in options.ask.split(",")] if options.ask else []
            known = [step.target for step in walkthrough.backward]
            if unknown := [name for name in ask if name not in known]:
                parser.error(f"--ask: {', '.join(unknown)} has no error signal here; {', '.join(known)} have one")
            quiz(program.loss, walkthrough, ask)
        elif options.play:
            walkthrough.play()
        elif options.html is not None:
            return _write(options.html, walkthrough.html())
        elif options.player_html is not None:
            return _write(options.player_html, walkthrough.player().html)
        else:
            print(walkthrough.latex() if options.latex else walkthrough)
    return 0


def _derivation(program: Program, every_step: bool, max_shown: int) -> mg.Walkthrough:
    """Call `explain` where no local variables or source lines could get into the derivation."""
    return mg.explain(program.loss, every_step=every_step, max_shown=max_shown)


def _not_an_option(word: str) -> str:
    """Put a space before an expression such as ``-w*x``, which `argparse` would take for an option."""
    return f" {word}" if word.startswith("-") and not word.startswith("--") and word not in ("-", "-h") else word


def _write(file: str, page: str) -> int:
    try:
        written = write_file(file, page.encode())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        _complain(f"minigrad explain: cannot write {file}: {why}; choose a file in a folder that you can write to")
        return _BAD_INPUT
    if not is_standard_output(file):
        print(printable(str(written)))
    return 0


def _complain(message: object) -> None:
    """Print to the standard error, if it is open: `print` would take the standard output in its place."""
    if sys.stderr is not None:
        with suppress(OSError):  # it is full, and nobody can be told
            print("\n".join(map(printable, str(message).split("\n"))), file=sys.stderr)


def _discard_output() -> None:
    """Let Python's last flush, when it exits, go nowhere: the output has failed already, and that has been said."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace_unprintable() -> None:
    """A question mark where the terminal's encoding lacks ȳ or σ, or where the input is not in it, not a failure."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _version() -> str:
    try:
        return metadata.version("minigrad-autograd")
    except metadata.PackageNotFoundError:
        return "(sources that are not installed, so their version is not known)"
