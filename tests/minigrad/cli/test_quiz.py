"""``--quiz``: questions, answers and grades."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

import minigrad as mg
from minigrad.cli.main import main

Quiz = Callable[..., str]

#: z = 0.5·2 − 1 = 0, y = σ(0) = 0.5, and so ȳ = −0.5, z̄ = −0.125, w̄ = −0.25, b̄ = −0.125.
WORDS = [
    "explain",
    "z = w*x + b; y = sigmoid(z); L = 0.5*(y - t)**2",
    "w=0.5",
    "x=2",
    "b=-1",
    "t=1",
    "--constant",
    "x,t",
    "--quiz",
]
SCALARS = ["1", "-1/2", "-0.5*0.5*(1-0.5)", "−0.25", "-.125"]


def quiz_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lines: list[str], *words: str
) -> str:
    """What the quiz prints when it reads these lines."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    assert main(words or WORDS) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.fixture
def quiz(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Quiz:
    return lambda lines, *words: quiz_output(capsys, monkeypatch, lines, *words)


def test_everything_right(quiz: Quiz) -> None:
    out = quiz(SCALARS)
    questions = ["L̄ = dL/dL: right", "ȳ = dL/dy: right", "z̄ = dL/dz: right", "w̄ = dL/dw: right", "b̄ = dL/db: right"]
    assert [line for line in out.split("\n") if "right" in line] == [*questions, "5 of 5 right"]
    assert "\n  ȳ = L̄ (y − t) = 1 · (0.5 − 1) = −0.5\n" in out
    assert "\n  L̄ = 1\n" in out


def test_the_forward_pass_is_shown_and_the_answers_are_not(quiz: Quiz) -> None:
    before, _, after = quiz([]).partition("Compute the error signals.")
    assert "w = 0.5, x = 2, b = −1, t = 1" in before
    assert "y = σ(z)" in before
    assert "Backward" not in before + after
    assert "−0.125" not in before + after


def test_a_wrong_answer_is_explained(quiz: Quiz) -> None:
    loss = _loss()
    grade = mg.grade(loss, {"y": 0.5})
    assert not grade.correct
    out = quiz(["1", "0.5", "0.5", *SCALARS[2:]])
    assert f"ȳ = dL/dy: {grade}\n  ȳ = L̄ (y − t) = 1 · (0.5 − 1) = −0.5\n" in out
    assert out.endswith("\n4 of 5 right\n")


def test_a_wrong_answer_may_be_tried_a_second_time(quiz: Quiz) -> None:
    """With the hint, but without the formula."""
    out = quiz(["1", "0.5", "-0.5", *SCALARS[2:]])
    assert "ȳ = dL/dy: wrong, the sign is wrong; try again\nȳ = dL/dy: right\n" in out
    assert out.endswith("\n5 of 5 right\n")
    assert "ȳ = dL/dy: wrong; try again\nȳ = dL/dy: 1 of 1 right, 4 not answered\n" in quiz(["1", "12345", "q"])


NO_CONSTANTS = ("explain", "z = w*x1; L = (z - t)**2", "w=2", "x1=3", "t=1", "--quiz")


def test_inputs_and_targets_are_asked_for_only_when_named(quiz: Quiz) -> None:
    out = quiz(["1", "10", "30"], *NO_CONSTANTS)
    assert "Not asked for: t, x1; --ask t,x1 asks for them.\n" in out
    assert out.endswith("3 of 3 right\n")
    assert quiz(["-10", "20"], *NO_CONSTANTS, "--ask", "x1,t").endswith("2 of 2 right\n")
    assert "Not asked" not in quiz([], *WORDS)


def test_a_variable_called_x_is_asked_for_if_there_is_no_other(quiz: Quiz) -> None:
    assert quiz(["1", "6"], "explain", "L = x**2", "x=3", "--quiz").endswith("2 of 2 right\n")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((*NO_CONSTANTS, "--ask", "w,q"), "--ask: q has no error signal here; L, "),
        (("explain", "w**2", "w=3", "--ask", "w"), "--ask names what --quiz asks for; add --quiz"),
        (("explain", "w**2", "w=3", "--max-shown", "0"), "--max-shown is the largest number of rows and columns"),
    ],
)
def test_options_that_do_not_fit(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], problem: str) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert problem in capsys.readouterr().err


def _loss() -> mg.Tensor:
    w, b = (mg.Tensor(value, requires_grad=True, name=name) for value, name in ((0.5, "w"), (-1.0, "b")))
    x, t = mg.Tensor(2.0, name="x"), mg.Tensor(1.0, name="t")
    z = (w * x + b).named("z")
    y = mg.sigmoid(z).named("y")
    return (0.5 * (y - t) ** 2).named("L")


@pytest.mark.parametrize(
    ("lines", "score"),
    [
        ([], "0 of 0 right, 5 not answered"),
        (["q"], "0 of 0 right, 5 not answered"),
        (["1", ""], "1 of 1 right, 4 not answered"),
        (["1", "3", "3", " q ", "-0.125"], "1 of 2 right, 3 not answered"),
        (["?", "?"], "0 of 0 right, 5 not answered"),
    ],
)
def test_it_ends_politely(quiz: Quiz, lines: list[str], score: str) -> None:
    assert quiz(lines).endswith(f"{score}\n")


def test_a_question_mark_shows_the_formula_and_asks_again(quiz: Quiz) -> None:
    out = quiz(["1", "?", "-0.5"])
    assert "ȳ = dL/dy:   ȳ = L̄ (y − t)\nȳ = dL/dy: right\n" in out


def test_an_invalid_answer_is_asked_for_again(quiz: Quiz) -> None:
    out = quiz(["one", "1/0", "[1]", "1 +", "__import__('os')", "1", "q"])
    assert out.count("L̄ = dL/dL: ") == 6
    assert "one\n^^^\none is not a number; a value is a number such as 0.5" in out
    assert "expected one number, got shape (1,)\n" in out
    assert out.endswith("1 of 1 right, 4 not answered\n")


def test_names_are_written_as_in_formulas(quiz: Quiz) -> None:
    words = ("explain", "cost_1 = lam*w**2", "lam=0.1", "w=3", "--quiz")
    assert "λ̄ = dcost₁/dλ: right" in quiz(["1", "0.6", "9"], *words)


def test_long_formulas_are_asked_for_in_parts(quiz: Quiz) -> None:
    """Their parts get names of their own, v₁ …, in the derivation and in the grades alike."""
    words = ("explain", " + ".join(f"sin({i}*w)*exp(-{i}*w)" for i in range(1, 12)), "w=0.5", "--quiz")
    out = quiz(["1", *["0"] * 40], *words)
    assert "v̄₁ = dL/dv₁: ✗ the error signal of v_1 is wrong; it should follow v̄₁ = " in out
    assert "1 of " in out


def test_vectors_are_answered_with_lists(quiz: Quiz) -> None:
    words = ("explain", "sum(W @ x)", "W=[[1, 2], [3, 4]]", "x=[5, 6]", "--quiz")
    out = quiz(["1", "[[5, 6], [5, 6]]", "4", "[4, 6]"], *words, "--ask", "L,W,x")
    assert "W̄ = dL/dW, shape (2, 2): right\n  W̄ = L̄ 𝟏 xᵀ =\n  ⎡5  6⎤\n  ⎣5  6⎦\n" in out
    assert "x̄ = dL/dx, shape (2,): expected a list of shape (2,), got shape ()\n" in out
    assert out.endswith("\n3 of 3 right\n")
