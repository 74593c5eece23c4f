"""Examples, channels and depths that the reader chooses, and what the script makes of the loops of all scenes."""

import numpy as np
import pytest

from tests.helpers.player.graphs import GRAPHS
from tests.helpers.player.scenes import Frames
from tests.minigrad.player.test_page import data_of

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

# The cells on the screen: of each array the numbers, and those that are framed or filled. A map has none.
CELLS = """() => Object.fromEntries(['a', 'b', 'out'].map(key => [key,
  [...document.querySelectorAll(`.scene:not([hidden]) figure[data-key=${key}]`)].map(figure =>
    [...figure.querySelectorAll('tbody tr')].map(row => [...row.querySelectorAll('td')].map(
      td => [td.dataset.value ?? null, /\\bon\\b|\\bhit\\b/.test(td.className), /pad/.test(td.className)])))]))"""


def read(cells):
    """The numbers of framed cells that are not in the padding, matrix by matrix and row by row."""
    return [float(v) for matrix in cells for row in matrix for v, on, pad in row if on and not pad and v is not None]


def at(page, step, position, **chosen):
    address = f"#step={step}.{position}" + "".join(f"&{name}={i + 1}" for name, i in sorted(chosen.items()) if i)
    page.evaluate(
        """async address => {
          if (location.hash === address) return;
          const changed = new Promise(done => addEventListener('hashchange', done, {once: true}));
          location.hash = address;
          await changed;
        }""",
        address,
    )
    assert f"position {position} of" in page.inner_text(".of")
    return page.evaluate(CELLS)


@pytest.mark.parametrize("last", [False, True])
def test_what_is_framed_is_what_the_loops_say(last, opened):
    """Of each scene a middle and the last position, of the first and of the last choices."""
    data = data_of(GRAPHS["all_kinds"]().player().html)
    page, seen = opened("all_kinds"), set()
    for k, step in enumerate(data["steps"]):
        done = [0, 0]  # positions before, in each of two views
        for scene in step.get("scenes", ()):
            if scene["kind"] == "all":
                continue
            sizes = {name: int(np.prod([scene["sizes"][x] for x in loops])) for name, *loops in scene["choices"]}
            chosen = {name: n - 1 if last else 0 for name, n in sizes.items()}
            everything = list(frames := Frames(data, scene, **chosen))
            view = {"view": scene["view"]} if "view" in scene else {}
            for position in sorted({len(everything) // 2, len(everything) - 1} if everything else ()):
                terms = everything[position]
                cells = at(page, k, done[view.get("view", 0)] + position + 1, **chosen, **view)
                for key in set("ab") & set(frames.cells):
                    places = sorted({term[key] for term in terms if frames.cells[key].inside(term[key])})
                    outer = sorted({place[:-2] for place in places})[:4]  # more are not shown
                    expected = [frames.cells[key][place] for place in places if place[:-2] in outer]
                    assert read(cells[key]) == expected, (k, position, key)
                written = {term["out"] for term in terms if frames.cells["out"].inside(term["out"])}
                assert len(read(cells["out"])) == len(written)
                if not scene.get("adds"):
                    assert read(cells["out"]) == [frames.cells["out"][place] for place in written]
            for i in view.values() or (0, 1):
                done[i] += len(everything)
            seen.add((scene["kind"], len(scene["a"]["shape"])) if scene.get("view") != 1 else "gathered")
    assert {("products", n) for n in (3, 4, 5)} | {("max", 4), ("winner", 4), ("max", 5), "gathered"} <= seen


def test_a_choice_stays_when_one_steps_on_and_is_in_the_address(opened):
    page = opened("all_kinds", at="#step=1.1")
    page.select_option(".scene:not([hidden]) select[data-name=filter]", "1")
    assert page.evaluate("location.hash") == "#step=1.1&filter=2"
    before = page.evaluate(CELLS)
    page.click(".next")
    page.click(".prev")
    page.evaluate("location.hash = '#step=1.1&filter=2'")
    page.reload()
    page.wait_for_selector(".mg-player.on")
    assert page.evaluate(CELLS) == before
    assert page.input_value(".scene:not([hidden]) select[data-name=filter]") == "1"


def test_lists_are_large_enough_for_fingers_and_the_keyboard_reaches_them(opened):
    page = opened("all_kinds", at="#step=1.1", width=390, height=844)
    lists = page.locator(".scene:not([hidden]) select")
    assert lists.count() >= 2
    for one in lists.all():
        box = one.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    lists.first.focus()
    page.keyboard.press("ArrowDown")
    assert lists.first.input_value() == "1"
    assert page.evaluate("location.hash").startswith("#step=1.1&")  # the arrow chose, and did not step
