"""The page as text: its numbers are those of the trace, and it can do nothing but what its policy allows."""

import base64
import hashlib
import json
import re
import zlib
from html import unescape
from pathlib import Path

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.player.moments import moments
from tests.helpers.player.graphs import GRAPHS, LECTURES, NETWORKS, hostile_names, special_numbers
from tests.helpers.player.scenes import Frames, array

pytestmark = pytest.mark.usefixtures("first_plan")

PACKED = re.compile(r'<script type="text/plain" class="packed">(.*?)</script>')
ROW = re.compile(r'<tr data-step="(\d+)" class="(\w+)".*?</tr>')


@pytest.fixture(scope="module")
def pages():
    """Each derivation with its page."""
    return {name: (w := graph(), w.player().html) for name, graph in GRAPHS.items()}


def unpacked(page):
    """The page with its contents as the script unpacks them."""
    return PACKED.sub(lambda m: zlib.decompress(base64.b64decode(m[1])).decode(), page)


def data_of(page):
    return json.loads(
        re.search(r'<script type="application/json" class="data">(.*?)</script>', unpacked(page), re.DOTALL)[1]
    )


def cell(row, kind):
    """The number in a cell of a row, with all its digits."""
    found = re.search(rf'<td class="{kind}" data-value="([^"]*)">', row)
    return None if found is None else float(found[1])


def compare(walkthrough, page):
    """Every number of the rows, and every array of an overview, with that of the trace; all digits count."""
    page, data, steps = unpacked(page), data_of(page), moments(walkthrough)
    rows = {int(m[1]): m[0] for m in ROW.finditer(page)}
    assert list(rows) == list(range(1, len(steps)))
    arrays = [array(a) for a in data["arrays"]]
    values = [step.value for step in (*walkthrough.given, *walkthrough)]
    values += [c.running_sum for step in walkthrough.backward for c in step.contributions]
    known = [np.asarray(value, float).tobytes() for value in values]
    for k, moment in enumerate(steps):
        if k:
            assert f'class="{moment.phase}"' in rows[k]
            if np.ndim(moment.value) == 0:
                np.testing.assert_array_equal(cell(rows[k], "result"), moment.value)
            if moment.of > 1 and np.ndim(moment.total) == 0:
                np.testing.assert_array_equal(cell(rows[k], "sum"), moment.total)
        for scene in data["steps"][k].get("scenes", ()):
            if scene["kind"] == "all":
                shown = [grid["array"] for grid in scene.values() if isinstance(grid, dict)]
                for i in shown:  # the first numbers of a value
                    first = arrays[i].astype(float).tobytes()
                    assert any(value.startswith(first) for value in known)
                if "out" in scene:
                    shown = arrays[scene["out"]["array"]]
                    np.testing.assert_array_equal(shown, np.ravel(moment.total)[: len(shown)])
                    assert len(shown)


@pytest.mark.parametrize("name", GRAPHS)
def test_a_row_for_each_moment_with_its_exact_number(name, pages):
    compare(*pages[name])


@pytest.mark.parametrize("name", ["logistic", "batched_mlp"])
def test_a_changed_number_is_noticed(name, pages):
    """Each number of a row, and each array of the trace, changed in its last digit or bit."""
    walkthrough, page = pages[name]
    numbers = list(re.finditer(r'<td class="(?:result|sum)" data-value="([^"]*)">', page))
    shown = {grid["array"] for step in data_of(page)["steps"] for scene in step.get("scenes", ())
             if scene["kind"] == "all" for grid in scene.values() if isinstance(grid, dict)}  # fmt: skip
    arrays = [m for i, m in enumerate(re.finditer(r'"(?:i1|i2|f4|f8)":"([^"]*)"', page)) if i in shown]
    assert len(numbers) + len(arrays) > 9
    for found in numbers + arrays:
        old = found[1]
        new = (
            repr(float(np.nextafter(float(old), 9))) if found in numbers else ("B" if old[0] == "A" else "A") + old[1:]
        )
        with pytest.raises(AssertionError):
            compare(walkthrough, page[: found.start(1)] + new + page[found.end(1) :])


@pytest.mark.parametrize("name", LECTURES | NETWORKS)
def test_the_last_moment_of_a_leaf_is_its_gradient(name):
    walkthrough = GRAPHS[name]()
    walkthrough.check()  # the steps agree with finite differences
    last = {moment.step.name.unbarred: moment.total for moment in moments(walkthrough) if moment.phase == "backward"}
    loss = walkthrough.replay.loss
    loss.backward()
    for leaf in walkthrough.replay.leaves:
        np.testing.assert_allclose(last[walkthrough.replay.names[leaf]], leaf.grad, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", sorted(set(NETWORKS) - {"long_chain"}))
def test_positions_add_up_to_the_arrays_of_the_engine(name, pages):
    """Every scene: what its positions write, one after the other, is the array that the engine computed."""
    _, page = pages[name]
    data, checked = data_of(page), 0
    for step in data["steps"]:
        for scene in step.get("scenes", ()):
            if scene["kind"] == "all":
                continue
            frames = Frames(data, scene)
            out, found = frames.cells["out"], {}
            for terms in frames:
                if scene["kind"] == "max":
                    found[terms[0]["out"]] = max(
                        frames.number("a", term) for term in terms if frames.cells["a"].inside(term["a"])
                    )
                    continue
                if scene["kind"] == "winner":
                    terms = terms[int(frames.number("switches", terms[0])) :][:1]
                for term in terms:
                    start = 0.0 if "start" not in frames.cells else frames.number("start", term)
                    product = frames.number("a", term) * frames.number("b", term) / scene.get("divisor", 1)
                    found[term["out"]] = found.get(term["out"], start) + product
            for place, number in found.items():
                if out.inside(place):
                    np.testing.assert_allclose(number, out[place], rtol=1e-6, atol=1e-12)
            checked += 1
    assert checked


def test_of_a_large_batch_the_first_example_is_shown():
    x = mg.Tensor(np.random.default_rng(0).normal(size=(9, 2, 20, 20)), requires_grad=True, name="x")
    page = mg.explain(mg.mean(x**2).named("L")).player().html
    data = data_of(page)
    (overview,) = [scene for scene in data["steps"][3]["scenes"] if scene["kind"] == "all"]
    shown = array(data["arrays"][overview["out"]["array"]])
    np.testing.assert_allclose(shown, (2 * x.data / x.size).ravel()[: len(shown)], rtol=1e-12)
    assert 400 <= len(shown) < x.size
    assert len(shown) % 400 == 0  # whole matrices
    n = max(1, len(shown) // 800)
    assert f"the first{f' {n}' if n > 1 else ''} of 9 examples of x" in unescape(unpacked(page))


def test_arrays_arrive_bit_by_bit(pages):
    _, page = pages["special_numbers"]
    expected = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-300])
    assert any(array(a).tobytes() == expected.tobytes() for a in data_of(page)["arrays"])


def test_the_policy_names_the_script_and_the_style_and_nothing_else(pages):
    for _, page in pages.values():
        allowed = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
        hashes = [
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in (re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1] for tag in ("script", "style"))
        ]
        assert allowed == (
            f"default-src 'none'; script-src {hashes[0]}; style-src {hashes[1]}; img-src data:; base-uri 'none'; "
            "form-action 'none'"
        )
        page = unpacked(page)
        body = page[page.index("<body>") : page.index('<script type="application/json"')]
        tags = re.findall("<[^>]*>", re.sub('"[^"]*"', '""', body))
        assert not [tag for tag in tags if re.search(r"\s(style|on\w+)=", tag)]
        assert "http" not in body.replace("http://www.w3.org/", "")


@pytest.mark.parametrize("name", GRAPHS)
def test_pages_of_lessons_are_small(name, pages):
    assert len(pages[name][1].encode()) <= 200_000


@pytest.mark.parametrize("batch", [1, 4])
def test_a_page_of_lenet_is_small(batch):
    """Its maps are small pictures of few colours; of its arrays the page has what it needs to show something."""
    images = np.random.default_rng(0).normal(size=(batch, 1, 28, 28)).astype(np.float32)
    page = mg.explain(nn.CrossEntropyLoss()(nn.LeNet()(images), np.arange(batch))).player().html
    assert len(page.encode()) <= 200_000
    scenes = [scene for step in data_of(page)["steps"] for scene in step.get("scenes", ()) if scene["kind"] != "all"]
    assert {"products", "max", "winner"} <= {scene["kind"] for scene in scenes}
    assert re.search("the first( [0-9]+)? of [0-9]+ channels", unescape(unpacked(page)))
    assert "no room here for other steps; walkthrough.player(level=&quot;stages&quot;) shows them" in unpacked(page)


def test_large_pages_are_packed(pages):
    _, page = pages["long_chain"]
    assert len(unpacked(page)) > 3 * len(page)
    assert "needs no script" in page
    assert not PACKED.search(pages["logistic"][1])


def test_hostile_names_are_text():
    page = hostile_names().player().html
    assert "<img" not in page
    assert "<b>L" not in page
    assert page.count("<script") == page.count("</script>") == 2 + page.count('class="packed-level"')
    assert "\u202e" not in page
    assert "\u2028" not in page


def test_special_numbers_are_shown():
    page = special_numbers().player().html
    for text in ("nan", "inf", "−inf", "1e−300"):
        assert text in page


def test_lines_without_end_are_refused_with_the_way_out():
    x = mg.Tensor(0.5, requires_grad=True, name="x")
    y = x
    for _ in range(1100):
        y = mg.sin(y)
    walkthrough = mg.explain(y, every_step=True)
    with pytest.raises(ValueError, match=r"2202 lines, and a page can hold 2000.*every_step"):
        walkthrough.player()


def test_the_script_is_readable_and_makes_no_markup_from_text():
    files = [*(Path(mg.__file__).parent / "player").rglob("*.js")]
    assert len(files) > 5
    assert max(len(file.read_text(encoding="utf-8").splitlines()) for file in files) <= 400
    script = "\n".join(file.read_text(encoding="utf-8") for file in files)
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        "http",
    ):
        assert word not in script


def compared(page):
    """The rows of both sweeps: what each completes in its turn, without markup."""
    table = re.search('<section class="compare".*?</section>', unpacked(page), re.DOTALL)[0]
    return [[re.sub("<[^>]*>", "", cell) for cell in re.findall("<td.*?</td>", row)] for row in table.split("<tr ")[1:]]


def test_the_wrong_order_stands_in_its_own_order_and_is_marked_where_it_parts():
    """z = y + (y x): depth first passes y on before x y has added to it, and then comes x, which has not got all."""
    x = mg.Tensor(2.0, requires_grad=True, name="x")
    y = (x * x).named("y")
    v = (y * x).named("v")
    page = mg.explain((y + v).named("z")).player().html
    assert compared(page) == [
        ["z‾=1", "z‾=1"],
        ["v‾=1", "y‾=1 ✗ wrong ◆ here they differ: passed on when 1 of 2 contributions had arrived"],
        ["y‾=3", "v‾=1"],
        ["x‾=16", "x‾=8 ✗ wrong"],
    ]
    assert page.count("◆") == 1


def test_where_no_order_is_wrong_it_says_so():
    page = LECTURES["logistic"]().player().html
    right, other = zip(*compared(page), strict=True)
    assert sorted(right) == sorted(other)
    assert "Both orders agree here: no computed variable is used in two places" in page
