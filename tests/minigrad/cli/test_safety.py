"""Any input is computed or rejected: no attack gets through, nothing hangs, nothing crashes."""

from __future__ import annotations

import math
import warnings
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.cli.evaluator import MAX_SIZE
from minigrad.cli.functions import FUNCTIONS, signature
from minigrad.cli.language import number, run
from minigrad.cli.sizes import numbers_needed
from minigrad.cli.source import MAX_DEPTH, MAX_LENGTH, InputError, Source
from minigrad.cli.variables import read_variables
from tests.helpers.memory.peak import peak_bytes
from tests.helpers.parametrized.for_each import for_each
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
@for_each("arguments", ["", "w", "2", "[1, 2]", "w, v", "v, M", "2, M", "M, 1", "M, (0, 1)", "v, M, w", "M, -3, 5"])
def test_any_call_is_computed_or_refused(name: str, arguments: str) -> None:
    assert_carets(error_of(f"sum({name}({arguments})) + 0*w"))


#: Arguments of every shape that matters, together and with large parameters; n is long.
_GROWING = [
    *("v", "C", "M", "I", "v, v", "C, R", "R, C", "M, M", "I, I", "D, I", "I, D", "s, s", "s, k", "k, s", "[C, R]"),
    *("C, R, M", "C, v, v", "R, v, v", "D, I, I", "C > R, C, R", "[R, C]", "[M, M, M]", "C, R, C, R", "v, n"),
    *("I, n", "I, 2, n", "v, (n, n)", "M, (n, n)", "I, (n, n)", "v, k=n", "I, 2, 1", "C, [0, 1], R, [1, 2], [0, 2]"),
    *("I, q, v[0:1], n", "I, q, v[0:1], 1, n", "I, q, v[0:1], 1, 1, 1, n", "I, q, v[0:1], n, 1, n - 1", "M, n"),
    *("v, n=n", "C, n=n, axis=1", "I, s=(n, n)", "I, output_size=n", "I, size=n", "I, scale_factor=n", "M, -n"),
    *("I, kernel_size=2, stride=1", "I, q, v[0:1], padding=n", "C, [0] * n", "R, [0] * n, 0", "M, [n, n, n], 0"),
    *("R, v, axis=0", "R, v, 0", "C, R, axis=0", "M, [[0] * n], 1", "M, n, axis=-1", "[M, M]", "M, M, axes=0"),
    *("M, q=v, axis=0", "M, v", "M, ((n, n), (0, n))", "I, I[0]", "v, v, v", "M, -n, n", "M, n, n", "I, i, 2, n"),
    *("C, B", "B, C"),
]

_LENGTH = 6
_SMALL = {"v": (_LENGTH,), "C": (_LENGTH, 1), "R": (1, _LENGTH), "M": (3, 4), "I": (1, 1, 4, 4), "D": (5, 1, 1, 1)}
_SMALL |= {"B": (1, 30, 1), "s": (1, 1, _LENGTH), "k": (_LENGTH, 1, 1), "q": (1, 1, 2, 2)}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_size_of_every_value_is_known_before_it_is_computed(name: str) -> None:
    """An operation whose output grows in a way of its own needs a row in `minigrad.cli.sizes`."""
    values: dict[str, Any] = {key: np.linspace(0.1, 0.9, math.prod(n)).reshape(n) for key, n in _SMALL.items()}
    values |= {"n": 20, "i": np.arange(16).reshape(1, 1, 4, 4)}
    sizes: dict[str, tuple[int, int]] = {}  # of the output, and what was known of it
    for text in _GROWING:
        if text[0] == "[" and "arrays" not in signature(name).parameters:
            continue  # only these take lists of variables
        with suppress(Exception), np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            call = eval(f"signature(name).bind({text})", {"signature": signature, "name": name}, values)
            output = FUNCTIONS[name](*call.args, **call.kwargs)
            size = max(map(in_memory, output if isinstance(output, tuple | list) else [output]))
            sizes[text] = size, numbers_needed(name, call.arguments)
    assert {text: pair for text, pair in sizes.items() if pair[0] > 3 * pair[1] + 20} == {}


def in_memory(x: Any) -> int:
    """The number of elements that take memory: a broadcast view repeats them."""
    x = np.asarray(x)
    return math.prod(n for n, stride in zip(x.shape, x.strides, strict=True) if stride)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "where(C > R, C, R)",
            "where(a > b, b, c)",
            "clip(C, R, a)",
            "C*R",
            "a*b",
            "a*b*c",
            "outer(v, v)",
            "kron(v, v)",
        ),
        *("C @ R", "diag(v)", "triu(v)", "meshgrid(v, v)", "svd(C)", "tensordot(v, v, 0)", "C > R"),
        *("conv2d(I, D)", "conv2d(I, I, v[0:1], 1, 50)", "fft(v, 10**9)", "fft(C, n=1000)", "tile(M, (9000, 9000))"),
        *("conv_transpose2d(I, I, stride=1000)", "adaptive_avg_pool2d(I, 9000)", "quantile(R, v, axis=0)", "v > C"),
        *("einsum(v, [0], v, [1])", "maximum(C, R)", "linear(C, C)", "inner(C, C)", "dot(C, R)", "multi_dot([C, R])"),
        *("array_split(v, 1000000)", "take(R, [0, 0, 0, 0, 0], 0)", "diff(v, 9000)", "matrix_power(M, 1000000)"),
        *("pad(M, 9000)", "repeat(v, 9000)", "vecdot(C, R)", "convolve(v, v)", "interp(v, v, v)", "solve(M, I)"),
    ],
)
def test_small_values_together_never_fill_the_memory(text: str) -> None:
    shapes = {"v": (MAX_SIZE,), "C": (MAX_SIZE, 1), "R": (1, MAX_SIZE), "M": (100, 100), "I": (1, 1, 100, 100)}
    shapes |= {"D": (100, 100, 1, 1), "a": (800, 1, 1), "b": (1, 800, 1), "c": (1, 1, 800)}
    variables = {name: mg.Tensor(np.full(shape, 0.5), requires_grad=True) for name, shape in shapes.items()}

    def call() -> None:
        with suppress(InputError):
            run(f"sum({text}) + 0*v[0]", variables)

    assert peak_bytes(call) < 30e6


def test_all_values_together_are_bounded() -> None:
    variables = {"v": mg.Tensor(np.full(MAX_SIZE, 0.5), requires_grad=True)}
    text = "sum(" + " + ".join(["(v*v + v*v + v*v + v*v)"] * 15) + ")"
    with pytest.raises(InputError, match="all values up to this one have more than 1,000,000 numbers together"):
        run(text, variables)
