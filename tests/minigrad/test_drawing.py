"""``mg.draw``: what is in the picture, that no name can break it, and what happens without Graphviz."""

import gc
import re
import stat
import subprocess
import sys
import textwrap
import weakref
from html import unescape
from pathlib import Path

import numpy as np
import pytest

import minigrad as mg
from minigrad.drawing import render
from minigrad.drawing.picture import picture

pytest.importorskip("graphviz")

ROOT = Path(mg.__file__).parents[1]


def parameter(data, name=None):
    return mg.Tensor(data, requires_grad=True, name=name)


def logistic():
    """The lecture's example: univariate logistic least squares with L2."""
    w, b = parameter(1.5, "w"), parameter(-0.5, "b")
    x, t, lam = mg.Tensor(2.0, name="x"), mg.Tensor(1.0, name="t"), mg.Tensor(0.1, name="λ")
    z = (w * x + b).named("z")
    y = mg.sigmoid(z).named("y")
    loss = (0.5 * (y - t) ** 2).named("L")
    penalty = (0.5 * w**2).named("R")
    return (loss + lam * penalty).named("L_reg")


def small_net():
    """Two modules in a frame, an operation between them, and a loss outside."""
    images = mg.Tensor(np.ones((2, 1, 6, 6)), name="images")
    with mg.scope("net: Net"):
        with mg.scope("features: Sequential(\n  (0): Conv2d\n)"):
            with mg.scope("conv1: Conv2d(1, 3, kernel_size=3)"):
                h = mg.conv2d(images, parameter(np.ones((3, 1, 3, 3)), "conv1.weight"), parameter(np.ones(3)))
            with mg.scope("relu1: ReLU()"):
                h = h.relu()
        h = h.reshape(2, -1)
        with mg.scope("fc: Linear(48, 2)"):
            h = h @ parameter(np.ones((48, 2))) + parameter(np.ones(2))
    return mg.cross_entropy(h, np.array([0, 1])).named("loss")


def boxes(root, **options):
    options = {"fold": True, "values": True, "max_nodes": 1000} | options
    return picture(root, **options)


def titles(root, kind=None, **options):
    return [box.title for box in boxes(root, **options).boxes if kind in (None, box.kind)]


def arrows(root, **options):
    drawn = boxes(root, **options)
    return [(drawn.boxes[a].title, drawn.boxes[b].title) for a, b in drawn.arrows]


def nodes_in(source):
    return re.findall(r"^\s*n\d+ \[", source, re.M)


# ---------------------------------------------------------------------- what is drawn


def test_the_lectures_example_has_its_variables_as_boxes():
    root = logistic()
    assert titles(root, "parameter") == ["w = 1.5", "b = −0.5"]
    assert sorted(titles(root, "input")) == ["t = 1", "x = 2", "λ = 0.1"]
    assert sorted(titles(root, "number")) == ["0.5", "0.5", "2", "2"]
    named = [title for title in titles(root, "operation") if title[0].isalpha() and "=" in title]
    assert [title.split(" = ")[0] for title in named] == ["z", "y", "L", "R", "L_reg"]
    assert {("z = 2.5", "y = 0.9241"), ("×", "z = 2.5"), ("b = −0.5", "z = 2.5")} <= set(arrows(root))
    assert sum(a == "w = 1.5" for a, _ in arrows(root)) == 2  # the fan-out that the lecture is about


def test_every_box_and_arrow_is_in_the_source():
    root = logistic()
    drawn, source = boxes(root), mg.draw(root).source
    assert len(nodes_in(source)) == len(drawn.boxes)
    assert sorted(re.findall(r"^\s*n(\d+) -> n(\d+)", source, re.M)) == sorted(
        (str(a), str(b)) for a, b in drawn.arrows
    )
    assert source.startswith("digraph")
    assert "rankdir=LR" in source
    assert "rankdir=TB" in mg.draw(root, direction="TB").source


def test_operations_say_their_sign_and_shape():
    x = parameter([[1.0, 2.0]], "x")
    z = (x @ np.ones((2, 3))).named("z")
    _, weights, box = boxes(z).boxes
    assert (box.title, box.subtitle, box.notes) == ("z", "@", ("(1, 3)",))
    assert (weights.kind, weights.title, weights.notes) == ("input", "input", ("(2, 3)",))
    assert titles(z - x.sum(), "operation") == ["z", "Σ", "−"]


def test_a_value_used_twice_by_one_operation_has_two_arrows():
    x = parameter(3.0, "x")
    assert arrows(x * x) == [("x = 3", "×")] * 2


def test_an_array_used_twice_is_one_box_and_a_number_used_twice_is_two():
    x, a = parameter([1.0, 2.0], "x"), np.ones(2)
    assert titles(2 * (2 * (x + a) + a), "input") == ["input"]
    assert titles(2 * (2 * x), "number") == ["2", "2"]


def test_arrays_that_meet_computed_values_are_called_constants():
    w, t = parameter([1.0, 2.0], "w"), np.ones(2)
    assert titles((w * np.ones(2) - t) ** 2, "input") == ["input", "constant"]


def test_values_can_be_left_out():
    assert "z" in titles(logistic(), "operation", values=False)
    assert "1.5" not in mg.draw(logistic(), values=False).source


def test_error_signals_of_single_numbers_are_shown_once_backward_has_run():
    w, x = parameter(2.0, "w"), parameter([1.0, 2.0], "x")
    loss = (w * x).sum()
    assert "<o>" not in mg.draw(loss).source
    loss.backward(retain_graph=True)
    source = mg.draw(loss).source
    assert source.count("<o>") == 1
    assert "<o>w</o> = 3<" in source
    assert "<o>" not in mg.draw(loss, values=False).source


def test_kinds_differ_in_outline_and_not_by_colour_alone():
    source = mg.draw(small_net(), fold=False).source + mg.draw(small_net()).source + mg.draw(logistic()).source
    for outline in ("ellipse", "box", "cylinder", "note", "plaintext"):
        assert f"shape={outline}" in source
    assert mg.draw(small_net()).source.count("peripheries=2") == 1  # the result


# ---------------------------------------------------------------------- modules


def test_folded_each_module_is_one_box_with_its_output_and_its_parameters():
    drawn = boxes(small_net())
    modules = [(box.title, box.subtitle, box.notes) for box in drawn.boxes if box.kind == "module"]
    assert modules == [
        ("conv1", "Conv2d(1, 3, kernel_size=3)", ("(2, 3, 4, 4)", "30 parameters")),
        ("relu1", "ReLU()", ("(2, 3, 4, 4)",)),
        ("fc", "Linear(48, 2)", ("(2, 2)", "98 parameters")),
    ]
    assert [frame.label for frame in drawn.frames] == ["net: Net", "features: Sequential(…)"]
    assert [frame.outer for frame in drawn.frames] == [None, 0]
    places = {box.title: box.frame for box in drawn.boxes}
    assert places["conv1"] == places["relu1"] == 1
    assert places["reshape"] == places["fc"] == 0
    assert places["images"] is places["softmax_cross_entropy"] is None
    chain = ["images", "conv1", "relu1", "reshape", "fc", "softmax_cross_entropy", "loss = 20.79"]
    found = arrows(small_net())
    assert [head for tail, head in found if tail == "images"] == ["conv1"]
    assert len(found) == len(chain)  # and the class labels
    assert not titles(small_net(), "parameter")


def test_unfolded_each_operation_is_a_box_in_nested_frames():
    drawn = boxes(small_net(), fold=False)
    assert [frame.label.split(":")[0] for frame in drawn.frames] == ["net", "features", "conv1", "relu1", "fc"]
    assert [frame.outer for frame in drawn.frames] == [None, 0, 1, 1, 0]
    assert [box.title for box in drawn.boxes if box.frame == 2] == ["conv1.weight", "parameter", "conv2d"]
    assert sum(box.kind == "parameter" for box in drawn.boxes) == 4


def test_frames_are_nested_clusters_in_the_source():
    source = mg.draw(small_net()).source
    outer, inner = source.index("subgraph cluster_0"), source.index("subgraph cluster_1")
    conv1, fc, images = source.index("<b>conv1</b>"), source.index("<b>fc</b>"), source.index("<b>images</b>")
    assert outer < inner < conv1
    assert outer < fc
    depth = [source[:at].count("{") - source[:at].count("}") for at in (images, fc, conv1)]
    assert depth == [1, 2, 3]


def test_a_module_that_uses_its_input_twice_has_one_arrow():
    x = parameter(2.0)
    with mg.scope("square"):
        y = (2 * x).exp()
    with mg.scope("cube"):
        z = y * y * y
    assert arrows(z) == [("square", "cube")]


def test_parameters_of_a_module_called_twice_are_counted_in_both_calls():
    w = parameter(np.ones((2, 2)), "w")
    h = mg.Tensor(np.ones((1, 2)))
    for _ in range(2):
        with mg.scope("cell"):
            h = h @ w
    modules = [box for box in boxes(h.sum()).boxes if box.kind == "module"]
    assert [box.notes[-1] for box in modules] == ["4 parameters, shared"] * 2


def test_a_parameter_that_is_used_outside_its_module_too_is_drawn():
    w, x = parameter([[2.0]], "w"), mg.Tensor([[1.0]], name="x")
    with mg.scope("fc"):
        y = x @ w
    root = y.sum() + (w * w).sum()
    assert titles(root, "parameter") == ["w"]
    assert ("w", "fc") in arrows(root)


def test_a_module_folds_its_own_parameters_and_not_an_input_that_requires_gradients():
    class Scale:
        def __init__(self):
            self.weight = parameter(3.0)

        def named_parameters(self):
            yield "weight", self.weight

    module, image = Scale(), parameter([1.0, 2.0], "image")
    with mg.scope(module):
        y = module.weight * image
    assert titles(y, "parameter") == ["image"]
    assert boxes(y).boxes[-1].notes == ("(2,)", "1 parameter")
    assert titles(y, "parameter", fold=False) == ["weight = 3", "image"]  # the name it has in the module


def test_labels_are_printed_only_when_drawn():
    printed = []

    class Label:
        def __str__(self):
            printed.append(self)
            return "gate"

    with mg.scope(Label()):
        y = 2 * parameter(1.0)
    assert not printed
    assert titles(y, "module") == ["gate"]


def test_networks_of_nn_fold():
    nn = pytest.importorskip("nn")
    if not hasattr(nn, "Sequential"):
        pytest.skip("nn has no layers yet")
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 1))
    drawn = boxes(model(np.ones((2, 4), dtype=np.float32)).sum())
    assert sum(box.kind == "module" for box in drawn.boxes) == 3
    assert sum(box.kind == "parameter" for box in drawn.boxes) == 0
    assert len(drawn.frames) == 1


# ---------------------------------------------------------------------- names that would break a picture

NASTY = [
    'a "quoted" name', "<b>bold</b>", "a & b &lt; c", "back\\slash \\N \\l \\", "two\nlines", "tab\there",
    "\x00\x1b[0m", "<", ">", "", " ", "%s {x}", "γ̅ λ₁ 重み", "\ud800", "--> ; }", "]]>", "x" * 500,
]  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_no_name_breaks_the_source(name):
    with mg.scope(name):
        with mg.scope(name):
            y = (parameter(1.0, name) * parameter([1.0, 2.0], name)).named(name)
        y = y.sum().named(name)
    y.backward(retain_graph=True)
    for fold in (True, False):
        svg = render.render(mg.draw(y, fold=fold).source, "svg")
        if svg is None:
            pytest.skip("no Graphviz")
        assert svg.startswith(b"<?xml")
        assert svg.count(b'class="node"') == len(boxes(y, fold=fold).boxes)


def test_names_are_shown_as_they_are():
    svg = mg.draw(parameter(1.0, 'a <b>"n"</b> &amp;') * 2.0)._repr_svg_()
    if svg is None:
        pytest.skip("no Graphviz")
    assert 'a <b>"n"</b> &amp; = 1' in unescape(svg)


def test_long_names_are_cut_and_the_tooltip_has_all():
    name = "encoder.layer." * 10
    source = mg.draw(parameter(1.0, name) * 2.0).source
    assert f"{name[:39]}… = 1" in source
    assert f"parameter {name}" in source


# ---------------------------------------------------------------------- errors


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


def test_without_a_graph():
    with pytest.raises(RuntimeError, match=r"has no graph.*requires_grad=True"):
        mg.draw(mg.Tensor(1.0) * 2.0)
    with pytest.raises(TypeError, match=r"expected a Tensor.*ndarray"):
        mg.draw(np.ones(3))
    assert titles(parameter(1.0, "w")) == ["w = 1"]  # a picture of one box


def test_options_are_checked():
    w = parameter(1.0)
    with pytest.raises(ValueError, match=r'"LR".*"TB".*got .up.'):
        mg.draw(w * w, direction="up")
    with pytest.raises(ValueError, match='"light" or "dark", got \'pink\''):
        mg.draw(w * w, theme="pink")


def test_a_huge_graph_is_refused_at_once_unless_it_folds():
    y = parameter(0.5)
    with mg.scope("deep"):
        for _ in range(100_000):
            y = y.tanh()
    assert titles(y) == ["deep"]
    with pytest.raises(ValueError, match=r"100,000 operations.*1,000 nodes.*fold=True.*mg\.scope.*max_nodes"):
        mg.draw(y, fold=False)


def test_deeply_nested_scopes():
    y, scopes = parameter(0.5), [mg.scope(f"{i}") for i in range(400)]
    for scope in scopes:
        scope.__enter__()
    y = y.tanh()
    for scope in reversed(scopes):
        scope.__exit__(None, None, None)
    assert len(boxes(y).frames) == 399
    assert mg.draw(y).source.count("subgraph") == 399


def test_names_come_from_the_callers_variables():
    w, x = parameter(1.5), mg.Tensor(2.0)
    z = w * x
    loss = (z * z).named("L")
    source = mg.draw(loss).source
    for text in ("w = 1.5", "x = 2", "z = 3", "L = 9"):
        assert text in source


def test_a_drawing_keeps_no_graph_alive():
    def drawn():  # in a frame of its own: before Python 3.13 a frame asked for its variables keeps them
        loss = logistic()
        return weakref.ref(loss), mg.draw(loss)

    gc.disable()
    try:
        gone, drawing = drawn()
        assert gone() is None
    finally:
        gc.enable()
    assert drawing.source


def test_importing_minigrad_does_not_import_graphviz():
    code = "import sys, minigrad; sys.exit(any(m in sys.modules for m in ('graphviz', 'pygraphviz')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_without_the_python_package_graphviz(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    w = parameter(1.0)
    with pytest.raises(ModuleNotFoundError, match="pip install graphviz"):
        mg.draw(w * w)


# ---------------------------------------------------------------------- files

MAGIC = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.fixture
def drawing():
    return mg.draw(logistic())


@pytest.fixture
def no_graphviz(monkeypatch):
    monkeypatch.setattr(render.shutil, "which", lambda program: None)
    monkeypatch.setattr(render, "_has_pygraphviz", lambda: False)


@pytest.fixture
def fake_dot(monkeypatch, tmp_path):
    """Puts a script of ours in place of the program ``dot``."""

    def install(body):
        program = tmp_path / "bin" / "dot"
        program.parent.mkdir()
        program.write_text(f"#!{sys.executable}\n" + textwrap.dedent(body))
        program.chmod(program.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setattr(render.shutil, "which", lambda name: str(program) if name == "dot" else None)

    return install


@pytest.mark.parametrize("format", MAGIC)
def test_pygraphviz_alone_writes_every_format(drawing, monkeypatch, tmp_path, format):
    pytest.importorskip("pygraphviz", minversion="2.0")
    monkeypatch.setattr(render.shutil, "which", lambda program: None)
    path = tmp_path / "new" / "folder" / f"loss.{format}"
    assert drawing.save(path) == path
    assert path.read_bytes().startswith(MAGIC[format])
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_pygraphviz_runs_in_a_child_process(drawing):
    code = f"""
import sys
from minigrad.drawing.render import render
assert render({drawing.source!r}, "svg") is not None
sys.exit("pygraphviz" in sys.modules)
"""
    pytest.importorskip("pygraphviz", minversion="2.0")
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_a_file_called_pygraphviz_in_the_users_folder_is_left_alone(drawing, monkeypatch, tmp_path):
    pytest.importorskip("pygraphviz", minversion="2.0")
    monkeypatch.setattr(render.shutil, "which", lambda program: None)
    (tmp_path / "pygraphviz.py").write_text("raise SystemExit('mine')")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    assert drawing.save("loss.svg").exists()


def test_dot_on_the_path_comes_first(drawing, fake_dot, tmp_path):
    fake_dot("import sys; sys.stdout.write(' '.join(sys.argv[1:]) + ' ' + sys.stdin.read()[:7])")
    assert drawing.save(tmp_path / "loss.svg").read_text() == "-Tsvg digraph"
    assert drawing.save(tmp_path / "loss.png").read_text().startswith("-Tpng -Gdpi=")


def test_where_dot_fails_pygraphviz_takes_over(drawing, fake_dot, tmp_path):
    pytest.importorskip("pygraphviz", minversion="2.0")
    fake_dot("raise SystemExit('broken')")
    assert drawing.save(tmp_path / "loss.svg").read_bytes().startswith(MAGIC["svg"])


def test_what_graphviz_says_when_it_fails_is_passed_on(drawing, fake_dot, monkeypatch, tmp_path):
    fake_dot("raise SystemExit('no such luck')")
    monkeypatch.setattr(render, "_has_pygraphviz", lambda: False)
    (tmp_path / "loss.svg").write_text("the old picture")
    with pytest.raises(RuntimeError, match=r"could not write svg.*status 1.*no such luck"):
        drawing.save(tmp_path / "loss.svg")
    assert (tmp_path / "loss.svg").read_text() == "the old picture"
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "no such luck" in bundle["text/plain"]


def test_a_graphviz_that_hangs_is_stopped(drawing, fake_dot, monkeypatch, tmp_path):
    fake_dot("import time; time.sleep(60)")
    monkeypatch.setattr(render, "_has_pygraphviz", lambda: False)
    monkeypatch.setattr(render, "_SECONDS", 0.2)
    with pytest.raises(RuntimeError, match=r"stopped after 0\.2 s"):
        drawing.save(tmp_path / "loss.svg")


def test_a_crash_of_pygraphviz_is_an_error_and_no_more(drawing, monkeypatch):
    pytest.importorskip("pygraphviz", minversion="2.0")
    monkeypatch.setattr(render.shutil, "which", lambda program: None)
    monkeypatch.setattr(render, "_CHILD", "import os; os.abort()")
    with pytest.raises(RuntimeError, match="pygraphviz ended with status"):
        render.render(drawing.source, "svg")


def test_an_old_pygraphviz_is_not_asked(monkeypatch):
    for version, wanted in {"2.0.4": True, "1.14": False, "unknown": False}.items():
        monkeypatch.setattr(render.metadata, "version", lambda name, version=version: version)
        assert render._has_pygraphviz() is wanted


@pytest.mark.usefixtures("no_graphviz")
def test_without_graphviz_the_source_is_written_and_a_warning_says_how_to_get_a_picture(drawing, tmp_path):
    with pytest.warns(UserWarning, match="pip install pygraphviz") as caught:
        written = drawing.save(tmp_path / "loss.svg")
    assert caught[0].filename == __file__
    assert written == tmp_path / "loss.dot"
    assert written.read_text(encoding="utf-8") == drawing.source
    assert not (tmp_path / "loss.svg").exists()
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "pip install pygraphviz" in bundle["text/plain"]
    assert drawing._repr_svg_() is None


@pytest.mark.usefixtures("no_graphviz")
@pytest.mark.parametrize("suffix", [".dot", ".gv"])
def test_the_source_needs_no_graphviz(drawing, tmp_path, suffix):
    path = drawing.save(str(tmp_path / f"loss{suffix}"))
    assert path.read_text(encoding="utf-8") == drawing.source == str(drawing)


@pytest.mark.parametrize("name", ["loss.jpg", "loss", "loss.svg.gz"])
def test_an_unknown_suffix_names_the_known_ones(drawing, tmp_path, name):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf, \.dot or \.gv"):
        drawing.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_no_half_written_file_is_left(drawing, monkeypatch, tmp_path):
    path = tmp_path / "loss.dot"
    path.write_text("the old picture")

    def full_disk(self, content):
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError("No space left on device")

    monkeypatch.setattr(render.Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space left"):
        drawing.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["loss.dot"]
    assert path.read_text() == "the old picture"


def test_notebooks_get_svg_that_fits_the_page(drawing):
    pytest.importorskip("pygraphviz", minversion="2.0")
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml", "text/plain"]
    assert re.match(
        r'<svg width="\d+pt" style="width: clamp\(\d+pt, 100%, \d+pt\); height: auto"', bundle["image/svg+xml"]
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_box(theme):
    """WCAG asks for a contrast of 4.5 between text and ground."""
    from minigrad.drawing.dot import THEMES

    def luminance(color):
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    colors = THEMES[theme]
    grounds = [colors.page, colors.frame[1], *(fill for kind, (_, fill) in colors.kinds.items() if kind != "number")]
    for ground in grounds:
        for text in (colors.text, colors.muted):
            light, dark = sorted((luminance(ground), luminance(text)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ground, text)
