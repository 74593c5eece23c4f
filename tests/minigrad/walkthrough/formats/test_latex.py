"""LaTeX takes what ``latex()`` gives: the lecture's derivations, and a formula of every operation."""

import shutil
import subprocess

import pytest

import minigrad as mg
from tests.helpers.every_sample import several
from tests.helpers.walkthrough.golden import texts
from tests.minigrad.walkthrough.test_python_forms import TOGETHER

_DOCUMENT = r"""\documentclass{article}
\usepackage[landscape,margin=1cm]{geometry}
\usepackage{amsmath,amssymb}
\begin{document}
%s
\end{document}
"""


def typeset(folder, formulas):
    """Compile a document of its own; the formulas are set one below the other."""
    (folder / "all.tex").write_text(_DOCUMENT % "\n\n".join(formulas), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error"]
    command = command if shutil.which("pdflatex") else ["tectonic", "--keep-logs"]
    done = subprocess.run([*command, "all.tex"], cwd=folder, capture_output=True, errors="replace", timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "Missing character" not in (folder / "all.log").read_text(errors="replace")
    assert (folder / "all.pdf").stat().st_size > 10_000


pytestmark = pytest.mark.skipif(not (shutil.which("pdflatex") or shutil.which("tectonic")), reason="no TeX installed")


def test_the_derivations_of_the_lecture(tmp_path):
    typeset(tmp_path, [text for name, text in texts() if name.endswith(".tex")])


def test_a_formula_of_every_operation(tmp_path):
    formulas = []
    for sample in (sample for samples in [*several(3).values(), TOGETHER] for sample in samples):
        inputs = [mg.Tensor(a, requires_grad=True, name=name) for name, a in zip("abcd", sample.arrays, strict=False)]
        y = sample.f(*inputs).named("y")
        formulas.append(mg.explain((y * y).sum() + 2.0 * mg.sum(inputs[0])).latex())
    typeset(tmp_path, formulas)


@pytest.mark.parametrize(
    "name",
    [
        "a_b_c",
        "x%",
        "50$",
        "a&b",
        "{",
        "}",
        "#1",
        "~",
        "^",
        "a\\b",
        "größe",
        "变量",
        "λ",
        "conv1.weight",
        "x_\\\\^~",
        "x^(a_b)",
    ],
)
def test_any_name(tmp_path, name):
    w = mg.Tensor(2.0, requires_grad=True, name=name)
    W = mg.Tensor([2.0, 3.0], requires_grad=True, name=f"{name}2")
    typeset(tmp_path, [mg.explain((mg.sum(W) * w).named("L")).latex()])
