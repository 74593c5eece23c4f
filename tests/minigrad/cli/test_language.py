"""The expression language: values, and where the carets of errors are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.cli.evaluator import MAX_SIZE
from minigrad.cli.functions import FUNCTIONS
from minigrad.cli.language import run
from minigrad.cli.source import InputError
from minigrad.cli.variables import read_variables
from tests.samples import PRIMITIVES

GIVEN = ("w=0.5", "x=2", "b=-1", "v=[1, 2]", "M=[[1, 2], [3, 4]]")


def value(text: str, *words: str) -> Any:
    return run(text, read_variables(words or GIVEN)).loss.data


def mistake(text: str, *words: str, constants: str = "") -> str:
    with pytest.raises(InputError) as caught:
        run(text, read_variables(words or GIVEN, constants))
    return str(caught.value)


def error_of(text: str) -> str | None:
    """The error message of a text, or ``None`` if it is valid."""
    try:
        run(text, read_variables(GIVEN))
    except InputError as error:
        return str(error)
    return None


def assert_carets(error: str | None) -> None:
    if error is not None:
        _, carets, *message = error.split("\n")
        assert set(carets) <= set(" ^")
        assert carets.endswith("^")
        assert message[0]


# ---------------------------------------------------------------- what it computes

_NUMBERS = st.one_of(st.sampled_from(["w", "x", "b", "pi"]), st.floats(0.25, 4).map(repr))


def _combined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{} {} {}".format, parts, st.sampled_from(["+", "-", "*", "/", "**"]), parts),
        st.builds("({})".format, parts),
        st.builds("-{}".format, parts),
        st.builds("+{}".format, parts),
    )


@given(st.recursive(_NUMBERS, _combined, max_leaves=10), st.floats(-2, 2), st.floats(0.5, 3))
def test_arithmetic_is_that_of_python(text: str, w: float, x: float) -> None:
    try:
        expected = eval(text, {"__builtins__": {}}, {"w": w, "x": x, "b": -1.0, "pi": math.pi})
    except (ZeroDivisionError, OverflowError):
        assume(False)
    assume(isinstance(expected, float) and math.isfinite(expected))
    np.testing.assert_allclose(value(f"0*w + ({text})", f"w={w!r}", f"x={x!r}", "b=-1"), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sigmoid(w*x + b)", 0.5),
        ("M @ v @ v", 27),
        ("sum(M.T @ [1, 1])", 10),
        ("sum(M, axis=0) @ v", 16),
        ("sum(sum(M, -1, keepdims=True))", 10),
        ("sum(max(M, axis=(0, 1)))", 4),
        ("M[1, 0] + v[-1] + sum(v[0:1]) + sum(M[:, 1])", 12),
        ("sum(where(v > 1, v, 10))", 12),
        ("sum(where(M == 2, 0*M, 1))", 3),
        ("where(w <= 0.5, x, b)", 2),
        ("sum(where(v > 1, log(v - 1), v))", 1),  # the undefined branch is not taken
        ("sum(reshape(M, 4) * [1, 0, -1, 1/2])", 0),
        ("sum(reshape(M, (4, 1)), axis=0) @ [2]", 20),
        ("cross_entropy(v, 1)", math.log1p(math.exp(-1))),
        ("cross_entropy([v0, 0], [0.0, 1.0])", None),
        ("cross_entropy(M, [1, 1])", math.log1p(math.exp(-1))),
        ("maximum(w, x) + minimum(w, x)", 2.5),
        ("clip(x, 0, 1) + clip(x, max=1) + abs(-w)", 2.5),
        ("leaky_relu(-w, 0.1) + elu(w, 2) + gelu(0*w)", 0.45),
        ("sinc(w) * pi + hypot(3*w, 4*w)", 4.5),
        ("w*pi + e", math.pi / 2 + math.e),
        ("z = w*x; z**2", 1),
        ("\n  z = (w *\n       x)\n\n\ty = z + b  # a comment\n  y + 1;\r\n", 1),
        ("w − x·b × 2", 4.5),
        ("w + 1_000", 1000.5),
        ("w + 9**99 - 9**99", 0),
    ],
)
def test_values(text: str, expected: float | None) -> None:
    if expected is None:
        assert "a list holds numbers" in mistake(text, "v0=1")
    else:
        assert value(text) == pytest.approx(expected)


def test_a_variable_may_shadow_a_constant() -> None:
    assert value("e*pi", "e=2", "pi=3") == 6


def test_names_are_normalized() -> None:
    """Python takes y with a combining bar and ȳ for one name, and so do the values."""
    assert value("2*y\u0304", "\u0233=3") == value("2*\u0233", "y\u0304=3") == 6


def test_every_function_that_computes_is_known_and_no_other() -> None:
    public = {name for name in vars(mg) if not name.startswith("_")}
    assert set(PRIMITIVES) & public <= set(FUNCTIONS) <= public
    assert {"sum", "where", "conv2d", "cross_entropy", "reshape", "matmul"} <= set(FUNCTIONS)
    assert not {"explain", "draw", "grade", "check_grads", "no_grad", "scope", "Tensor", "Primitive"} & set(FUNCTIONS)


# ---------------------------------------------------------------- names


def test_statements_name_intermediate_values() -> None:
    loss = run("z = w*x; y = sigmoid(z); L = y**2", read_variables(GIVEN)).loss
    derivation = mg.explain(loss)
    assert [step.variable for step in derivation.forward] == ["z", "y", "L"]
    assert {step.variable for step in derivation.backward} == {"L̄", "ȳ", "z̄", "w̄", "x̄"}


def test_numbers_have_names_too() -> None:
    loss = run("lam = 0.1; lam*w**2", read_variables(["w=2"])).loss
    assert mg.explain(loss).forward[0].formula == "λ w²"


def test_a_second_name_does_not_replace_the_first() -> None:
    variables = read_variables(["w=2"])
    program = run("a = w; z = a*a; c = z; L = +c", variables)
    assert variables["w"].name == "w"
    assert program.loss.name == "z"
    assert run("L = w", variables).loss is variables["w"]


def test_a_loss_without_a_name_is_L_or_the_next_that_is_free() -> None:
    assert run("w**2", read_variables(["w=2"])).loss.name == "L"
    assert run("L = w**2; L1 = L*L; L1 + 1", read_variables(["w=2"])).loss.name == "L2"
    assert run("z = w**2", read_variables(["w=2"])).loss.name == "z"


def test_unused_names_are_reported() -> None:
    assert run("y = w*2; z = 3; L = w", read_variables(["w=2", "x=1"])).unused == ("x", "y", "z")


# ---------------------------------------------------------------- carets

_SUM = "it is called as sum(x, axis=None, dtype=None, *, keepdims=False, initial=None, where=True)"
_AN_INDEX = "an index is a whole number or a range: x[0], x[-1], x[1:3], x[:, 0]"
_A_CONDITION = "a condition compares two values by one of < <= > >= == !=, as in x > 0"

MISTAKES = [
    # names
    (
        "0.5*(sigmod(w*x + b) - t)**2",
        "     ^^^^^^",
        "there is no function sigmod; did you mean sigmoid?",
    ),
    ("cumum(v)", "^^^^^", "there is no function cumum; did you mean cumsum?"),  # the nearest of several
    ("2*ln(w)", "  ^^", "there is no function ln; did you mean log?"),
    ("σ(w)", "^", "there is no function σ; did you mean sigmoid?"),
    ("frobenius(M)", "^^^^^^^^^", "there is no function frobenius"),
    ("w*lam", "  ^^^", "lam has no value; give it one after the expression: lam=0.5"),
    ("vv*alphabet", "^^", "vv has no value; give it one after the expression: vv=0.5; did you mean v?"),
    ("é = 3; é*ω", "         ^", "ω has no value; give it one after the expression: ω=0.5"),
    ("漢 = 3; 漢*字", "           ^^", "字 has no value; give it one after the expression: 字=0.5"),
    ("z = y*w; y = 3; z", "    ^", "y is used before it has a value; move y = … before it"),
    ("sigmoid + w", "^^^^^^^", "sigmoid is a function and needs its arguments: sigmoid(x)"),
    ("w(x + 1)", "^", "w is a variable, not a function; for a product write w*(…)"),
    ("2(x + 1)", "^", "this is not a function; for a product write *, as in 2*(x + 1)"),
    ("v.sum()", "^^^^^", "functions are called without a dot: " + _SUM.removeprefix("it is called as ")),
    ("2*np.sin(w)", "  ^^^^^^", "functions are called without a dot: sin(x)"),
    ("__x = 3; w", "^^^", "a name must not begin with two underscores; choose another"),
    ("sum = w; sum", "^^^", "sum is a function; choose another name for this value"),
    ("z = w; w = 3; z", "       ^", "w is already given a value after the expression; drop one of the two"),
    ("z = w; z = 3; z", "       ^", "z already has a value, and a name stands for one value; choose another"),
    # statements
    ("y = z = w", "    ^", "only one name can be assigned at a time: a = 1; b = a"),
    ("y, z = w, w", "^^^^", "only a name can be assigned, as in z = w*x"),
    ("v[0] = w", "^^^^", "only a name can be assigned, as in z = w*x"),
    ("w*x; w", "^^^", "this value is not used; give it a name, as in z = …, or remove it"),
    # syntax
    ("w*(x + b", "  ^", "this cannot be read: '(' was never closed"),
    ("w*x)", "   ^", "this cannot be read: unmatched ')'"),
    ("é*w x", "    ^", "this cannot be read: invalid syntax; write a * between two factors, as in 2*w*x"),
    ("2w", "^", "this cannot be read: invalid decimal literal; write a * between two factors, as in 2*w*x"),
    ("w +", "   ^", "this cannot be read: invalid syntax"),
    ("w²", " ^", "this cannot be read: invalid character '²' (U+00B2); write powers as w**2"),
    ("sum(v) = 3", "^^^^^^", "this cannot be read: cannot assign to function call here"),
    ("w*\u200bx", "  ^", "the character U+200B is invisible; delete it"),
    ("", "^", "there is no expression here; write one, such as (w*x - t)**2"),
    # calls
    ("sum(v, axs=0)", "       ^^^^^", f"sum has no parameter axs; did you mean axis?\n{_SUM}"),
    ("sum(v, axis=0, axis=0)", "               ^^^^^^", "axis is set twice; drop one of the two"),
    ("sum(v, axis=w)", "            ^", "a parameter is a whole number, a tuple such as (0, 1), True, False or None"),
    ("sum(v, axis=(0, -1001))", "            ^^^^^^^^^^", "this parameter is too large; the limit is 1,000"),
    ("w + sum()", "    ^^^^^", f"sum: missing a required argument: 'x'\n{_SUM}"),
    ("exp(w, x)", "^^^^^^^^^", "exp: too many positional arguments\nit is called as exp(x)"),
    (
        "1 + sum(v, axis=3)",
        "    ^^^^^^^^^^^^^^",
        "sum: axis 3 is out of bounds for array of dimension 1 (got shape (2,) of float64)",
    ),
    # shapes and values
    ("[v, 2]", " ^", "a list holds numbers; give the whole list as a variable: v=[1, 2]"),
    ("w*[[1, 2], [3]]", "  ^^^^^^^^^^^^^", "the rows differ in shape: (2,), (1,)"),
    ("w*[]", "  ^^", "this list is empty; put numbers into it, as in [1, 2]"),
    ("v[w]", "  ^", _AN_INDEX),
    ("v[1.0]", "  ^^^", _AN_INDEX),
    ("v[None]", "  ^^^^", _AN_INDEX),
    ("v[0:'a']", "    ^^^", _AN_INDEX),
    ("w*(v > 1)", "   ^^^^^", "a comparison is only allowed as a condition, as in where(x > 0, a, b)"),
    ("where(0 < w < 1, w, x)", "      ^^^^^^^^^", _A_CONDITION),
    ("w*v + 1", "^^^^^^^", "the loss has shape (2,) and must be a single number; take its sum(…) or mean(…)"),
    ("fft(v)[1]", "^^^^^^^^^", "the loss is a complex number and must be a real one; take its real(…)"),
    (
        "L = w*sqrt(b)",
        "      ^^^^^^^",
        "the loss is nan, and this is the first value that is infinite or undefined; "
        "choose other values for the variables",
    ),
    (
        "w + 9**9**9**9",
        "       ^^^^^^^",
        "the loss is inf, and this is the first value that is infinite or undefined; "
        "choose other values for the variables",
    ),
    ("2*3", "^^^", "there is nothing to differentiate: this depends on none of the variables w, x, b, v, M"),
    (
        "sum(broadcast_to(w, (100, 101)))",
        "    ^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        f"this has 10,100 numbers; the limit is {MAX_SIZE:,}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "carets", "message"), MISTAKES, ids=[text for text, _, _ in MISTAKES])
def test_mistakes(text: str, carets: str, message: str) -> None:
    shown = text.replace("\u200b", " ")
    assert mistake(text) == f"{shown}\n{carets}\n{message}"


@pytest.mark.parametrize(
    ("text", "carets", "first_line"),
    [
        ("w^2", " ^", "the sign ^ is not part of this language; a power is written w**2"),
        ("(w)^(2)", "   ^", "the sign ^ is not part of this language; a power is written w**2"),
        ("w % 2", "  ^", "the sign % is not part of this language"),
        ("w if x else b", "^^^^^^^^^^^^^", "if … else is not part of this language; write where(x > 0, a, b)"),
        ("w*True", "  ^^^^", "True is not part of this language"),
        ("w*2j", "  ^^", "an imaginary number is not part of this language"),
        ("sum(*v)", "    ^^", "a star in front of a value is not part of this language"),
        ("sum(**v)", "    ^^^", "a star in front of a value is not part of this language"),
        ("w += 1; w", "^^^^^^", "a sign such as += is not part of this language; give the result a name of its own"),
        ("w; import os", "^", "this value is not used; give it a name, as in z = …, or remove it"),
        ("for i in v: w", "^^^^^^^^^^^^^", "a loop is not part of this language"),
        ("sum((w, x))", "    ^^^^^^", "a list in parentheses is not part of this language; write [1, 2]"),
        ("w + ...", "    ^^^", "… is not part of this language"),
        ("with w: w", "^^^^^^^^^", "this is not part of this language"),
    ],
)
def test_unsupported_python_syntax(text: str, carets: str, first_line: str) -> None:
    line, under, message, *allowed = mistake(text).split("\n")
    assert (line, under, message) == (text, carets, first_line)
    if "not part" in message:
        assert allowed[0].startswith("allowed are numbers, variables, + - * / ** @, functions")


def test_minigrad_error_messages_are_shown() -> None:
    assert mistake("w + cross_entropy(v, 2)").startswith(
        "w + cross_entropy(v, 2)\n    ^^^^^^^^^^^^^^^^^^^\n"
        "cross_entropy: class numbers run from 0 to 1 for 2 classes (outputs of shape (2,)), got 2 … 2"
    )
    shown = mistake("1 + M @ [1, 2, 3]").split("\n")
    assert shown[:2] == ["1 + M @ [1, 2, 3]", "    ^^^^^^^^^^^^^"]
    assert shown[2:] == [
        "matmul: x @ y has shapes (2, 2) and (3,); the last length of x (2) must equal the only length of y (3)"
    ]
    assert mistake("1 + M * [1, 2, 3]").split("\n")[-1] == "the shapes are (2, 2) and (3,)"


@pytest.mark.parametrize(
    ("name", "instead"), [("eig", "eigvals"), ("eigh", "eigvalsh"), ("svd", "svdvals"), ("slogdet", "det"), ("qr", "")]
)
def test_a_function_with_several_outputs_is_not_a_value(name: str, instead: str) -> None:
    last = mistake(f"sum({name}(M))").split("\n")[-1]
    assert "arrays, not a single value" in last
    assert instead in last


def test_the_line_that_holds_the_mistake_is_shown() -> None:
    assert mistake("z = w*x\n  y = sigmod(z)\nL = y").startswith("  y = sigmod(z)\n      ^^^^^^\n")
    assert mistake("z = w*x\n\t y = (z\n") == "  y = (z\n      ^\nthis cannot be read: '(' was never closed"
    assert mistake("z = sum([1,\n 2], axs=0)\nz").startswith(" 2], axs=0)\n     ^^^^^\n")
    assert mistake("z = v + (\n [1, 2, 3])\nz").startswith("z = v + (\n    ^^^^^\n")  # the first line of two


def test_only_a_part_of_a_long_line_is_shown() -> None:
    line, carets, message = mistake("w + " * 30 + "sigmod(w)" + " + w" * 5).split("\n")
    assert len(line) < 110
    assert line[carets.index("^") : carets.rindex("^") + 1] == "sigmod"
    assert message.startswith("there is no function sigmod")
    assert max(map(len, mistake("w*" + "q" * 9000).split("\n"))) < 200


def test_nothing_to_differentiate() -> None:
    with pytest.raises(InputError, match=r"no variable is given; give one after the expression, as in w=0\.5"):
        run("2*3", {})
    assert mistake("w*x", "w=1", "x=2", constants="x,w").endswith(
        "there is nothing to differentiate: every variable is a constant; remove one from --constant"
    )


# ---------------------------------------------------------------- several arrays, and several values


def test_variables_are_joined() -> None:
    assert value("sum(concatenate([v, [3, 4], v])**2)") == 5 + 25 + 5
    assert value("stack([w, 2, x])[1]") == 2
    assert value("sum(hstack([M, M]) - tile(M, [1, 2]))") == 0


@pytest.mark.parametrize("text", ["split(v, 2)", "where(v > 1)", "meshgrid(v, v)", "atleast_1d(w, x)"])
def test_several_values_are_refused(text: str) -> None:
    assert "arrays, not a single value" in mistake(f"sum({text})")


@pytest.mark.parametrize(
    "text",
    [
        *("tile(v, 100000000)", "tile(M, reps=(1000, 1000, 1000))", "repeat(M, 10000000000)", "pad(M, 100000)"),
        *("upsample(reshape(M, (1, 1, 2, 2)), 100000)", "upsample(reshape(M, (1, 1, 2, 2)), scale_factor=1000)"),
    ],
)
def test_a_call_that_would_fill_the_memory_is_rejected_at_once(text: str) -> None:
    assert "; the limit is 10,000" in mistake(f"sum({text})")
