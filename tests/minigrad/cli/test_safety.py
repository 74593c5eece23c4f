"""Any input is computed or rejected: no attack gets through, nothing hangs, nothing crashes."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.cli.evaluator import MAX_SIZE
from minigrad.cli.functions import FUNCTIONS
from minigrad.cli.language import number, run
from minigrad.cli.source import MAX_DEPTH, MAX_LENGTH, InputError, Source
from minigrad.cli.variables import read_variables
from tests.minigrad.cli.test_language import GIVEN, assert_carets, error_of, mistake

ATTACKS = [
    "__import__('os')",
    "__import__",
    "__builtins__",
    "().__class__",
    "().__class__.__base__.__subclasses__()",
    "w.__class__",
    "w.data",
    "w.backward()",
    "w.T.__init__",
    "sum.__globals__",
    "sigmoid.__call__",
    "lambda: 1",
    "(lambda: 1)()",
    "f'{w}'",
    "f'{w.__class__}'",
    "'text'",
    "b'text'",
    "[i for i in v]",
    "sum(i for i in v)",
    "{1: w}",
    "{w}",
    "(z := w)",
    "open('x')",
    "open(w)",
    "eval('1')",
    "exec(w)",
    "print(w)",
    "getattr(w, 'data')",
    "explain(w)",
    "draw(w)",
    "Tensor(w)",
    "mg.Tensor(w)",
    "import os",
    "from os import system",
    "def f(): pass",
    "class A: pass",
    "with w: w",
    "while w: w",
    "if w: w",
    "return w",
    "yield w",
    "await w",
    "assert w",
    "raise w",
    "global w",
    "del w",
    "w if w else w",
    "w or w",
    "not w",
    "~w",
    "w < w",
    "w is w",
    "w in v",
    "v[__import__('os')]",
    "v[w.__class__]",
    "sum(v, axis=__import__('os'))",
    "sum(v, axis='x')",
    "sum(v, axis=(0, open('x')))",
    "where(w.__class__ > 1, w, w)",
    "where(open('x'), w, w)",
    "conv2d(M, M, stride=open)",
    "...",
    "None",
    "True",
    "1j",
    "(w, w)",
    "*w",
    "!ls",
    "w\x00",
    "\ud800",
    "`w`",
    "match w:\n case 1: w",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_are_refused(text: str) -> None:
    mistake(text)
    mistake(f"w*({text})")
    with pytest.raises(InputError):
        number(Source(f"w={text}", start=2))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "w" + ")" * 5000,
        "[" * 5000,
        "-" * 9999 + "w",
        "w" + "**w" * 3000,
        "w" + "+w" * 4000,
        "sin(" * 1500 + "w" + ")" * 1500,
        "w" + ".T" * 4000,
        "w" + "[0]" * 3000,
        "w" * (MAX_LENGTH + 1),
        "1" * 9000,
        "w + " + "9" * 4000,
        "w + 1e999",
        "w; " * 3000,
        "a=" * 3000 + "w",
        "w if w else " * 800 + "w",
        "reshape(w, 10**30)",
        "reshape(w, 1" + "0" * 30 + ")",
        "sum(broadcast_to(w, (1000000, 1000000)))",
        "sum(conv2d(reshape(M, 1, 1, 2, 2), reshape(M, 1, 1, 2, 2), padding=20000))",
    ],
    ids=lambda text: text[:12],
)
def test_absurd_input_is_refused_at_once(text: str) -> None:
    assert len(mistake(text)) < 1000


def test_whatever_may_be_nested_can_be_explained() -> None:
    deepest = "sin(" * (MAX_DEPTH - 1) + "w" + ")" * (MAX_DEPTH - 1)
    loss = run(deepest, read_variables(GIVEN)).loss
    str(mg.explain(loss))
    mg.explain(loss, every_step=True)
    line, carets, message = mistake(f"sin({deepest})").split("\n")
    assert line[carets.index("^") :].startswith("sin(w)")
    assert message.startswith(f"this is nested more than {MAX_DEPTH} deep; give parts of it names")


@given(st.text(max_size=12))
def test_any_text_is_computed_or_refused(text: str) -> None:
    assert_carets(error_of(text))


_SIGNS = ["(", ")", "(", ")", "[", "]", ",", ",", ":", "=", "+", "-", "**", "@", ".T", ">", ";"]
_WORDS = st.sampled_from([*FUNCTIONS, *"wxvM", "axis", "0", "2", "0.5", *_SIGNS])


@given(st.lists(_WORDS, max_size=9).map(" ".join))
def test_any_words_are_computed_or_refused(text: str) -> None:
    assert_carets(error_of(text))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize(
    "arguments", ["", "w", "2", "[1, 2]", "w, v", "v, M", "2, M", "M, 1", "M, (0, 1)", "v, M, w", "M, -3, 5"]
)
def test_any_call_is_computed_or_refused(name: str, arguments: str) -> None:
    assert_carets(error_of(f"sum({name}({arguments})) + 0*w"))


#: Values of the largest size in every shape that matters: a vector, a column and a row, a matrix, images, filters.
LARGE = {"v": (MAX_SIZE,), "C": (MAX_SIZE, 1), "R": (1, MAX_SIZE), "M": (100, 100), "I": (1, 1, 100, 100)}
LARGE |= {"D": (100, 100, 1, 1), "s": (1, 1, MAX_SIZE), "k": (MAX_SIZE, 1, 1), "q": (1, 1, 9, 9)}

_LARGE_ARGUMENTS = [
    *("v", "C", "M", "I", "v, v", "C, R", "R, C", "M, M", "I, I", "D, I", "I, D", "s, s", "s, k", "k, s", "[C, R]"),
    *("C, R, M", "C, v, v", "R, v, v", "D, I, I", "C > R, C, R", "[R, C]", "[M, M, M]", "R, v, axis=0", "I, k, s, D"),
    *("v, 9000", "M, 9000", "I, 9000", "I, 3, 9000", "v, (9000, 9000)", "I, (9000, 9000)", "v, k=1000", "I, 50, 1"),
    *("C, [0, 1], R, [1, 2], [0, 2]", "I, q, v[0:1], 9000", "I, q, v[0:1], 1, 9000", "I, I, 2, 1000", "C, 1000, 0"),
    *("v, n=1000", "C, n=1000, axis=1", "I, s=(1000, 1000)", "I, output_size=1000", "I, size=1000", "M, -9000"),
    *("I, scale_factor=1000", "I, kernel_size=50, stride=1", "I, padding=1000", "I, I, I[0], padding=50"),
]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_size_of_every_value_is_known_before_it_takes_memory(name: str) -> None:
    """Small arguments of every shape, together and with large parameters: computed or refused in a few megabytes.

    An operation whose output grows with its arguments in a way of its own needs a row in `minigrad.cli.sizes`.
    """
    tracemalloc.start()
    try:
        for arguments in _LARGE_ARGUMENTS:
            variables = {key: mg.Tensor(np.full(shape, 0.5), requires_grad=True) for key, shape in LARGE.items()}
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            with suppress(InputError):
                run(f"sum({name}({arguments})) + 0*v[0]", variables)
            taken = tracemalloc.get_traced_memory()[1] - before
            assert taken < 50e6, f"{name}({arguments}) takes {taken / 1e6:.0f} MB"
    finally:
        tracemalloc.stop()


def test_all_values_together_are_bounded() -> None:
    variables = {"v": mg.Tensor(np.full(MAX_SIZE, 0.5), requires_grad=True)}
    text = "sum(" + " + ".join(["(v*v + v*v + v*v + v*v)"] * 15) + ")"
    with pytest.raises(InputError, match="all values up to this one have more than 1,000,000 numbers together"):
        run(text, variables)
