"""The lecture examples run as users run them, and print the lectures' numbers.

Those that train for longer run in continuous integration only.
"""

from __future__ import annotations

import os
import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
DATA = os.environ.get("MINIGRAD_DATA")

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run an example in a temporary folder, and return its output."""
    monkeypatch.chdir(tmp_path)

    def run(name: str, *arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out

    return run


def test_every_example_says_how_it_is_run() -> None:
    for path in EXAMPLES.glob("*.py"):
        command = f"python examples/{path.name}" if path.name != "digits.py" else "make demo"
        assert command in path.read_text(encoding="utf-8").split('"""')[1], path


def test_convolution_by_hand(run: Run) -> None:
    printed = run("convolution_by_hand.py")
    assert "(5 − 3 + 2·1) / 2 + 1 = 3\n" in printed
    # the window at the top right, with its products, by hand
    assert (
        "z[0, 2]: the patch under the filter, times the filter\n"
        "    0  0  0      0  0  0      0  0  0\n"
        "    0  0  0      0  1  0      0  1  0\n"
        "   −1  0  0      0  0  0     −1  0  0\n"
        "    (−1) + 1 + 0 + bias 0 = 0\n"
    ) in printed
    assert printed.count("bias 0 =") == 9
    assert printed.endswith("The output z\n    0  4  0\n    4  2  2\n    0  2  3\nmg.conv2d gives the same: True\n")


def test_alexnet_shapes(run: Run) -> None:
    rows = [line.split() for line in run("alexnet_shapes.py").splitlines()]
    sizes = {row[0]: row[-3:] for row in rows if row[0].startswith("conv")}
    assert sizes["conv1"] == ["55×55×96", f"{96 * (11 * 11 * 3 + 1):,}", f"{55 * 55 * 96 * (11 * 11 * 3 + 1):,}"]
    assert [size for size, _, _ in sizes.values()] == ["55×55×96", "27×27×256", "13×13×384", "13×13×384", "13×13×256"]
    assert [row[-1] for row in rows if row[0].startswith("pool")] == ["27×27×96", "13×13×256", "6×6×256"]
    # the paper's 60,965,224 parameters, without those of its fully connected layers
    assert rows[-1][1] == f"{60_965_224 - (9216 + 1) * 4096 - (4096 + 1) * 4096 - (4096 + 1) * 1000:,}" == "2,334,080"


def test_small_filters(run: Run) -> None:
    printed = run("small_filters.py")
    assert "one layer of 7×7: 3,136 weights = 49·8², the unit in the middle sees 7×7\n" in printed
    assert "three layers of 3×3: 1,728 weights = 27·8², the unit in the middle sees 7×7\n" in printed
    rows = [line.split() for line in printed.splitlines() if line.startswith("  ")]
    seen = [["■" if 2 <= i <= 8 and 2 <= j <= 8 else "·" for j in range(11)] for i in range(11)]
    assert rows == seen + seen


def test_equivariance(run: Run) -> None:
    lines = run("equivariance.py").splitlines()[1:-2]
    verdicts = {(line[:26].strip(), int(line[27:37]), int(line[38:46])): line.split()[-1] for line in lines}
    assert verdicts == {
        ("circular padding", 1, 1): "············",
        ("circular padding", 5, 5): "············",
        ("zero padding", 1, 1): "■■·········■",  # pixels at the border before the shift, and after it
        ("zero padding", 3, 3): "■·■■·······■",
        ("stride 2, circular", 2, 1): "······",
        ("stride 2, circular", 1, 0): "■■■■■■",
        ("stride 2, circular", 1, 1): "■■■■■■",
        ("2×2 pooling, circular", 2, 1): "······",
        ("2×2 pooling, circular", 1, 0): "■■■■■■",
        ("2×2 pooling, circular", 1, 1): "■■■■■■",
        ("global maximum, circular", 1, 0): "·",
    }
    assert all(("equal" in line) == ("■" not in line) for line in lines)


def test_photo_filters(run: Run, tmp_path: Path) -> None:
    """Black on the left and white on the right: Sobel gives 1 + 2 + 1 at the edge, the others as calculated by hand."""
    image = pytest.importorskip("matplotlib.image")
    pytest.importorskip("sklearn")
    image.imsave("step.png", np.tile(np.repeat([0.0, 1.0], 32), (32, 1)), cmap="gray")
    printed = run("photo_filters.py", "step.png")
    expected = {
        "blur": "from  0.00 to 1.00",
        "sharpen": "from −1.00 to 2.00",
        "Laplacian: where it bends": "from −1.00 to 1.00",
        "Sobel: brighter to the right": "from  0.00 to 4.00",
        "Sobel: brighter downwards": "from  0.00 to 0.00",
        "strength of the edge": "from  0.00 to 4.00",
        "two layers": "from −0.11 to 0.11",  # the blur makes a ramp of 9 pixels, by 1/9 each
    }
    for name, numbers in expected.items():
        assert f"{name:<29} {numbers}\n" in printed
    assert printed.endswith(f"picture: {Path('out/photo_filters/filters.png')}\n")
    height, width, _ = image.imread(tmp_path / "out/photo_filters/filters.png").shape
    assert width > height > 400


def picture(run: Run, name: str, *arguments: str) -> str:
    """What an example prints whose last line names the picture that it has saved."""
    pytest.importorskip("matplotlib")
    printed = run(name, *arguments)
    file = Path(printed.splitlines()[-1].removeprefix("picture: "))
    assert file.parent == Path("out", Path(name).stem)
    assert file.stat().st_size > 10_000
    return printed


def test_perceptron(run: Run) -> None:
    printed = picture(run, "perceptron.py")
    assert [line.split()[-4:] for line in printed.splitlines()[1:4]] == [
        ["4", "of", "4", "right"],
        ["4", "of", "4", "right"],
        ["2", "of", "4", "right"],
    ]
    assert "answers [0.5  0.5  0.5  0.5]\n  J = 0.25\n" in printed
    assert "  hidden units h of the four inputs: [0  0]  [1  0]  [1  0]  [2  1]\n  answers [0  1  1  0]\n" in printed
    assert "  step 2000   J = 0.000000\n  answers [0  1  1  0]\n" in printed


def test_approximation(run: Run) -> None:
    printed = picture(run, "approximation.py")
    errors = [float(error) for error in re.findall(r"^ +\d+ units? +([\d.]+)$", printed, re.MULTILINE)]
    assert len(errors) == 5
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.001 < 0.1 < errors[0]
    assert re.findall(r"(\d+) units +(\d+) pieces", printed) == [("2", "2"), ("4", "4"), ("6", "8"), ("10", "32")]
    risks = [tuple(map(float, row)) for row in re.findall(r"N = +[\d,]+ +([\d.]+) +−([\d.]+)", printed)]
    np.testing.assert_allclose(risks[-1], (1 / 30, 1 / 6), atol=0.002)
    assert "squared error   21.20, the mean\n  absolute error  2.00, the median\n" in printed


def test_losses_and_outputs(run: Run) -> None:
    printed = picture(run, "losses_and_outputs.py")
    signals = re.findall(r"z̄ = (\[.*\])   y − t = (\[.*\])", printed)
    assert len(signals) == 3
    assert all(z_bar == difference for z_bar, difference in signals)
    assert "    −10  0.00005    −0.000045       −0.999955\n" in printed
    assert float(re.search(r"tanh z and 2σ\(2z\) − 1 differ by at most (.*)", printed)[1]) < 1e-15
    assert "  σ(z), sigmoid    0.25   0.0066\n  tanh z           1.00   0.0002\n" in printed


def test_training_steps(run: Run) -> None:
    printed = picture(run, "training_steps.py")
    assert "  of [0.2, 0.4, 0.1, 0.3]: E = 0.55, with the error signal ȳ = y − t = [0.2, 0.4, −0.9, 0.3]\n" in printed
    assert "  of [0.1, 0.1, 0.7, 0.1]: E = 0.06\n" in printed
    walk = [line.split()[:5] for line in printed.splitlines() if " after " in line]
    assert walk[0] == ["0.20", "0.40", "0.10", "0.30", "0.550"]
    assert max(walk[-1][:4]) == walk[-1][2]
    assert float(walk[-1][4]) <= 0.06


def test_scanning(run: Run) -> None:
    printed = picture(run, "scanning.py")
    assert "101/010/101\n    4   3   4\n    2   4   3\n    2   3   4\n" in printed
    assert "  b − a  c − b  d − c\n  f − e  g − f  h − g\n" in printed
    assert "    0   1   2   3   0\n" * 3 in printed
    assert [float(n) < 1e-13 for n in re.findall(r"(\d+e-\d+)", printed)] == [True, True]
    assert "6,724 of its 614,656 entries are not 0" in printed
    assert "found at (2, 1, 3), where the sum is 27\n" in printed
    scores = dict(re.findall(r"(\d): (0\.\d+)", printed))
    assert max(scores, key=lambda digit: float(scores[digit])) == "2"


@pytest.mark.slow
@pytest.mark.skipif(not (DATA and (Path(DATA) / "fsdd").is_dir()), reason="MINIGRAD_DATA has no spoken digits")
def test_spoken_digits(run: Run) -> None:
    printed = run("spoken_digits.py", "--epochs", "3")
    assert float(re.search(r"^test accuracy  (.*) %$", printed, re.MULTILINE)[1]) > 75
    table = [line.split() for line in printed.splitlines()[-10:]]
    assert [row[0] for row in table] == list("0123456789")
    assert all(sum(int(n) for n in row[1:] if n != "·") == 15 for row in table)
