"""``mg.draw``: what it takes, how much it shows by default, names, errors."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.drawing import draw_graph, fitting
from minigrad.drawing.layout.details import readable
from minigrad.drawing.layout.errors import TooLargeError
from tests.helpers.drawn_graphs import logistic, names, parameter

ROOT = Path(mg.__file__).parents[1]


# ------------------------------------------------------------------ what it takes


def test_several_roots_share_a_picture():
    w = parameter(3.0, "w")
    a, b = w * 2, w + 1
    assert str(mg.draw([a, b])).count("↑ see w above") == 1
    assert str(mg.draw((a, a))) == str(mg.draw([a]))


def test_a_walkthrough_lends_its_names():
    x = parameter(2.0, "x")
    walkthrough = mg.explain((x * x + 1) ** 2, every_step=True)
    derived = {step.name.text for step in (*walkthrough.given, *walkthrough.forward)}
    text = str(mg.draw(walkthrough))
    assert derived == {"x", "v₁", "v₂", "L"}
    for name in derived:
        assert name in text


@pytest.mark.parametrize(
    ("root", "given"), [(np.ones(3), "ndarray"), ([], "an empty list"), (2.0, "float"), ([1.0], "float")]
)
def test_something_else_is_refused(root, given):
    with pytest.raises(TypeError, match=rf"draw: expected a Tensor.*several.*mg\.explain.*got {given}$"):
        mg.draw(root)


def test_a_model_is_drawn_by_nn():
    with pytest.raises(TypeError, match=r"got Linear; nn\.draw\(model, x\)"):
        mg.draw(nn.Linear(2, 3))


def test_a_leaf_is_a_picture_of_one_box():
    assert str(mg.draw(parameter(1.0, "w"))).startswith("w")


def test_a_freed_graph_says_what_to_do():
    loss = (parameter(1.0, "w") * 2.0).named("L")
    loss.backward()
    with pytest.raises(RuntimeError, match=r"'L' was freed by an earlier backward\(\).*retain_graph.*draw"):
        mg.draw(loss)
    w = parameter(1.0)
    inner = (w * w).named("inner")
    outer = inner + w
    inner.backward()
    with pytest.raises(RuntimeError, match="'inner' was freed"):
        mg.draw(outer)


# ------------------------------------------------------------------ options


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fold": True}, r"fold=True is written level=\"modules\"; fold=\"name\""),
        ({"fold": False}, r"fold=False is written level=\"operations\""),
        ({"fold": 3}, r"fold is the name of a module.*got 3"),
        ({"fold": ["a", 3]}, r"fold is the name of a module"),
        ({"unfold": True}, r"unfold=True is written level=\"operations\""),
        ({"direction": "TB"}, r"unexpected keyword argument 'direction'; pictures run from left.*aspect=\(9, 16\)"),
        ({"max_nodes": 3}, r"unexpected keyword argument 'max_nodes'; what is too large is folded"),
        ({"levels": "lines"}, r"unexpected keyword argument 'levels'; write level="),
        ({"signals": 1}, r"signals is True or False, got 1"),
        ({"values": None}, r"values is True or False, got None"),
        ({"saved": "all"}, r"saved is True or False, got 'all'"),
        ({"local_derivatives": 0}, r"local_derivatives is True or False, got 0"),
        ({"depth": 1.5}, r"depth is a whole number, 1 for the outermost modules, got 1\.5"),
        ({"step": "last"}, r"draw: step is a whole number"),
    ],
)
def test_options_of_the_wrong_type(options, message):
    with pytest.raises(TypeError, match=message):
        mg.draw(logistic(), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": "layers"}, r'level is "lines".*"stages".*"modules" or "operations".*got \'layers\''),
        ({"depth": 0}, r"depth is at least 1.*got 0"),
        ({"depth": True}, r"depth is at least 1|depth"),
        ({"depth": 1, "level": "lines"}, r'depth is for level="modules"'),
        ({"aspect": 2}, r"aspect is the width and height.*got 2"),
        ({"aspect": (0, 1)}, r"aspect is"),
        ({"aspect": (1, 2, 3)}, r"aspect is"),
        ({"aspect": (1000, 1)}, r"aspect is.*at most 20 to 1"),
        ({"aspect": "wide"}, r"aspect is"),
        ({"theme": "pink"}, r'theme is "auto".*"light", "dark" or "paper".*got \'pink\''),
        ({"theme": None}, r"theme is"),
    ],
)
def test_options_that_are_not_there(options, message):
    if options == {"depth": True}:
        options = {"depth": False}
    with pytest.raises(ValueError, match=message):
        mg.draw(logistic(), **options)


def test_values_can_be_left_out():
    text = str(mg.draw(logistic(), values=False, signals=False))
    assert "L_reg = L + λ R" in text
    assert "0.9241" not in text


# ------------------------------------------------------------------ error signals


def test_error_signals_are_shown_of_small_losses_and_change_nothing():
    w, x = parameter(2.0, "w"), parameter([1.0, 2.0], "x")
    loss = (w * x).sum()
    assert "w̄ = 3" in str(mg.draw(loss))
    assert w.grad is None
    assert x.grad is None
    loss.backward()  # the graph is still there
    assert float(w.grad) == 3.0


def test_error_signals_are_left_out_where_there_are_none():
    w = parameter([1.0, 2.0], "w")
    for root in (w * 2, [w.sum(), (w * w).sum()], mg.Tensor(2.0, name="a") * 2, w.sum() * 1j):
        assert "\N{COMBINING MACRON}" not in str(mg.draw(root))
    for root, what in (
        (w * 2, r"an array of shape \(2,\)"),
        ([w.sum(), (w * w).sum()], "several values"),
        (mg.Tensor(2.0) * 2, "a number without requires_grad"),
        (w.sum() * 1j, r"complex \(complex128\)"),
    ):
        with pytest.raises(ValueError, match=rf"signals=True needs a single real number.*this is {what}"):
            mg.draw(root, signals=True)


def test_error_signals_of_large_graphs_are_computed_when_asked_for():
    y = w = parameter(0.5, "w")
    for _ in range(401):
        y = y * 1.001
    loss = y.named("L")
    assert "w̄ = " not in str(mg.draw(loss))
    assert "w̄ = " in str(mg.draw(loss, signals=True))
    assert w.grad is None


@pytest.mark.filterwarnings("error")
def test_nan_is_marked_and_comes_without_warnings():
    a = parameter([0.0, 1.0], "a")
    with np.errstate(all="ignore"):
        loss = mg.sum(a / mg.sum(a - a)).named("L")
    assert "NaN: first here" in str(mg.draw(loss))


def test_numbers_of_parameters_count_towards_a_large_graph(monkeypatch):
    monkeypatch.setattr(draw_graph, "_FEW_NUMBERS", 100)
    w, b = parameter(np.ones((10, 10)), "w"), parameter(2.0, "b")
    assert "b̄ = " not in str(mg.draw((w.sum() * b).named("L")))
    assert "b̄ = " in str(mg.draw((w.sum() * b).named("L"), signals=True))


# ------------------------------------------------------------------ levels


def test_lines_are_the_default_where_variables_have_names():
    assert str(mg.draw(logistic())) == str(mg.draw(logistic(), level="lines"))


def test_stages_are_the_default_where_modules_were_called():
    model = nn.Sequential(a=nn.Linear(2, 3, rng=0), b=nn.ReLU(), c=nn.Linear(3, 1, rng=0))
    loss = model(np.ones((1, 2), np.float32)).sum().named("L")
    assert str(mg.draw(loss)) == str(mg.draw(loss, level="stages")) != str(mg.draw(loss, level="lines"))
    assert str(mg.draw(loss, depth=1)) == str(mg.draw(loss, level="modules", depth=1))


def test_operations_have_a_box_each():
    x = parameter(3.0, "x")
    drawing = mg.draw((x * x + x).named("y"), level="operations")
    assert repr(drawing).startswith("<Drawing: 3 boxes, 4 arrows")


def test_fold_and_unfold_by_name_and_by_function():
    w = parameter(2.0, "w")
    z = (w * 3).named("z")
    y = (z**2).named("y")
    assert names(y) == ["w", "z", "y"]
    assert names(y, fold="z") == names(y, fold=["z"]) == ["w", "y"]
    with mg.scope("block"):
        inner = z + 1
        outer = (inner * inner).named("L")
    assert "block" in names(outer, level="operations", fold="block")
    assert "block" in names(outer, level="operations", fold=lambda label: str(label).startswith("bl"))
    assert "inner" not in names(outer, level="modules")
    assert "inner" in names(outer, level="modules", unfold="block")
    with pytest.raises(ValueError, match=r"fold='blick'"):
        mg.draw(outer, fold="blick")


# ------------------------------------------------------------------ names


def test_names_come_from_the_callers_variables():
    w, x = parameter(1.5), mg.Tensor(2.0)
    z = w * x
    loss = (z * z).named("L")
    text = str(mg.draw(loss))
    for line in ("L = z z", "z = w x", "w", "x"):
        assert line in text


def test_names_are_found_through_helper_functions():
    def helper(batch):
        return mg.draw(batch["loss"])

    def outer(batch):
        return helper(batch)

    w, x = parameter(1.5), mg.Tensor(2.0)
    z = w * x
    text = str(outer({"loss": z * z}))
    assert "z = w x" in text


# ------------------------------------------------------------------ sizes


@pytest.mark.slow
def test_a_huge_graph_is_folded_at_once():
    y = parameter(0.5, "w")
    for _ in range(20_000):
        y = y.tanh()
    start = time.perf_counter()
    text = str(mg.draw(y, level="operations"))
    assert time.perf_counter() - start < 10  # 0.8 s of a processor that does nothing else
    assert "w" in text
    assert len(text) < 20_000


def test_what_is_folded_is_said():
    values = [parameter(float(i)) for i in range(3000)]
    drawing = mg.draw(sum(values[1:], values[0]), level="operations")
    assert len(str(drawing)) < 20_000
    assert drawing._picture.notes


def test_a_graph_that_cannot_be_laid_out_is_refused(monkeypatch):
    monkeypatch.setattr(fitting, "_MOST_BOXES", 1)
    with pytest.raises(ValueError, match=r"draw: this graph of 19 values and operations is too large.*mg\.scope"):
        mg.draw(logistic(), level="operations")


def test_without_an_end_to_the_layout_there_are_fewer_boxes(monkeypatch):
    tried = []

    def arrange(picture, **options):
        tried.append(len(picture.boxes))
        if len(picture.boxes) > 10:
            raise TooLargeError("no layout was found in time")
        return arranged(picture, **options)

    arranged = readable.arrange
    monkeypatch.setattr(readable, "arrange", arrange)
    monkeypatch.setattr(fitting, "_FEW_BOXES", 0)
    y = parameter(0.5, "w")
    for i in range(30):
        y = y.tanh() if i % 2 else y.exp()
    mg.draw(y * 2, level="operations")
    assert tried == sorted(tried, reverse=True)
    assert tried[0] > 10 >= tried[-1]


def test_deeply_nested_scopes():
    y, scopes = parameter(0.5), [mg.scope(f"{i}") for i in range(400)]
    for scope in scopes:
        scope.__enter__()
    y = y.tanh()
    for scope in reversed(scopes):
        scope.__exit__(None, None, None)
    assert mg.draw(y).source


# ------------------------------------------------------------------ packages


def test_drawing_packages_are_imported_when_they_are_needed():
    code = """
import sys, minigrad as mg
w = mg.Tensor(2.0, requires_grad=True, name="w")
print(mg.draw(w * w))
sys.exit(any(m in sys.modules for m in ("graphviz", "pygraphviz", "matplotlib", "PIL")))
"""
    assert subprocess.run([sys.executable, "-X", "utf8", "-c", code], cwd=ROOT, capture_output=True).returncode == 0


def test_the_same_program_gives_the_same_bytes():
    pytest.importorskip("pygraphviz", minversion="2.0")
    code = """
import sys, numpy as np, minigrad as mg, nn
from minigrad.drawing import fitting
from tests.helpers.drawn_graphs import logistic
fitting._SECONDS = 100.0  # the same search, whatever else the machine does
model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.Flatten(), nn.Linear(8, 2, rng=1))
image = np.linspace(0, 1, 16, dtype=np.float32).reshape(1, 1, 4, 4)
for drawing in (mg.draw(logistic()), nn.draw(model, image, loss=mg.sum)):
    sys.stdout.buffer.write(drawing._repr_svg_().encode() + drawing.source.encode() + str(drawing).encode())
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True,
            env={**__import__("os").environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "2", "3")
    }  # fmt: skip
    assert len(outputs) == 1
    assert outputs.pop()


def test_importing_minigrad_does_not_import_what_only_pictures_need():
    code = "import sys, minigrad, nn; print([m for m in sys.modules if m.startswith('minigrad.drawing.')])"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "minigrad.drawing.draw" in loaded
    for room in ("contents", "fitting", "formats", "graph.trace", "layout", "levels", "picture", "scene"):
        assert f"minigrad.drawing.{room}" not in loaded
