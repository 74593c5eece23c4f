"""How a player looks: no wider than the screen, readable, usable with the keyboard alone, printed as a worksheet."""

import re

import pytest

from tests.helpers.player.graphs import GRAPHS

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

NAMES = ["logistic", "batched_mlp", "small_cnn", "large_maps", "hostile_names"]
SIZES = [(320, 640), (390, 844), (768, 1024), (1280, 800), (1920, 1080)]


@pytest.mark.parametrize("name", NAMES)
def test_no_step_is_wider_than_the_screen(name, opened):
    page = opened(name)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        widths = page.evaluate(
            """() => [...Array(Number(document.querySelector('.pos').max) + 1).keys()].map(k => {
              document.querySelector('.pos').value = k;
              document.querySelector('.pos').oninput();
              return document.documentElement.scrollWidth;
            })"""
        )
        assert max(widths) <= width, (width, widths)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious(name, scheme, opened):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-browser installs it").Axe()
    for at in ("#step=0", "#step=3", "#step=1.2")[scheme == "dark" :]:
        page = opened(name, at=at, scheme=scheme)
        if at == "#step=3":
            page.check(".depth-first")
            page.click(".show-table")
            page.click(".show-help")
        found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]  # in half the time
        serious = [
            (v["id"], [n["html"][:120] for n in v["nodes"]][:3])
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert not serious


def test_the_keyboard_reaches_everything_and_leaves_again(opened):
    page = opened("large_maps", at="#step=2")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                return [e.className || e.tagName, e === document.body || s.outlineStyle !== 'none']; }"""
            )
        )
        if reached[-1][0] == "BODY":
            break
    names = [name for name, _ in reached]
    assert all(visible for _, visible in reached)
    for name in ("graph", "pos", "next", "play", "fine", "predict", "show-table", "CANVAS"):
        assert name in names
    assert names[-1] == "BODY"  # no trap


def test_buttons_are_large_enough_for_fingers(opened):
    page = opened("small_cnn", at="#step=1", width=390, height=844)
    for button in page.query_selector_all("button"):
        box = button.bounding_box()
        if box:
            assert min(box["width"], box["height"]) >= 44


def test_a_map_tells_the_number_at_the_pointer_and_at_the_focus(opened):
    page = opened("large_maps", at="#step=1")
    canvas = page.locator("figure[data-key='out'] canvas").first
    caption = page.locator("figure[data-key='out'] .at").first
    assert "13 × 13" in caption.inner_text()
    canvas.hover(position={"x": 2, "y": 2})
    first = caption.inner_text()
    assert first.startswith("[0,0] = ")
    canvas.focus()
    page.keyboard.press("ArrowDown")
    assert caption.inner_text().startswith("[1,0] = ")
    assert page.inner_text(".count").startswith("step 1 ")


SWIPE = """by => {
  const target = document.querySelector('.stage');
  const at = clientX => [new Touch({identifier: 1, target, clientX, clientY: 300})];
  for (const [type, touches, changedTouches] of [['touchstart', at(150), at(150)], ['touchend', [], at(150 + by)]])
    target.dispatchEvent(new TouchEvent(type, {touches, changedTouches, bubbles: true}));
}"""


def test_on_a_phone_the_picture_is_readable_and_scrolls_to_what_happens(opened):
    """Its smallest letters have 16 units; what happens now is in its frame."""
    page = opened("logistic", width=320, height=640)
    page.emulate_media(reduced_motion="reduce")
    found = page.evaluate(
        """() => [...Array(13).keys()].map(k => {
          document.querySelector('.next').click();
          const svg = document.querySelector('.graph svg'), frame = svg.parentElement.getBoundingClientRect();
          const now = document.querySelector('.graph .now > [data-part=outline]').getBoundingClientRect();
          const middle = (now.left + now.right) / 2;
          return [16 * svg.clientWidth / svg.viewBox.baseVal.width, frame.left < middle && middle < frame.right];
        })"""
    )
    assert min(size for size, _ in found) >= 9
    assert all(there for _, there in found)
    for by, count in ((80, "step 12 of 13"), (-80, "step 13 of 13"), (20, "step 13 of 13")):  # a finger that slips
        page.evaluate(SWIPE, by)
        assert page.inner_text(".count") == count
    page.evaluate("document.querySelector('.stage').firstElementChild.style.minWidth = '600px'")
    page.evaluate(SWIPE, 80)
    assert page.inner_text(".count") == "step 13 of 13"  # the finger scrolled what is wider than the screen
    assert not page.is_visible(".predict")
    page.click(".show-more")
    assert page.is_visible(".predict")


def test_printed_it_is_a_worksheet(opened):
    page = opened("logistic", at="#step=3", scheme="dark", width=718)  # pixels of A4 between its margins
    page.evaluate("window.print = () => {}")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    assert page.is_visible(".graph text[data-part=signal] >> nth=0")
    fill = page.evaluate("getComputedStyle(document.querySelector('.graph [data-part=outline]')).fill")
    assert min(map(int, re.findall(r"\d+", fill))) > 180, fill  # light, on a dark screen too
    assert not page.is_visible(".moves")
    assert page.is_visible("tr[data-step='13']")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.mg-player')).backgroundColor") == "rgb(255, 255, 255)"
    )
    answer = "getComputedStyle(document.querySelector(\"tr[data-step='13'] .result > *\")).visibility"
    assert page.evaluate(answer) == "visible"
    page.evaluate("document.querySelector('.print-blank').click()")
    assert page.evaluate(answer) == "hidden"
    assert not page.is_visible(".graph text[data-part=signal] >> nth=0")
    forward = answer.replace("13", "1")
    assert page.evaluate(forward) == "visible"


def test_larger_text(opened):
    page = opened("logistic", at="#step=2")
    size = "parseFloat(getComputedStyle(document.querySelector('.mg-player')).fontSize)"
    before = page.evaluate(size)
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert page.evaluate(size) == pytest.approx(1.44 * before)
    page.keyboard.press("+")
    visible = """() => { const r = document.querySelector('.stage .result').getBoundingClientRect();
      return r.bottom < document.querySelector('.moves').getBoundingClientRect().top; }"""
    assert page.evaluate(visible)  # the picture makes room
    page.keyboard.press("0")
    assert page.evaluate(size) == before


def test_nothing_moves_by_itself_and_less_where_asked(opened):
    page = opened("logistic")
    page.wait_for_timeout(300)
    assert page.inner_text(".count") == "step 0 of 13"
    moving = "document.querySelector('.next').click(); document.getAnimations().length"
    page.click(".next")
    assert page.evaluate(moving) > 0  # a variable is done: its colour fades in
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("Promise.all(document.getAnimations().map(begun => begun.finished)).then(() => true)")
    assert [page.evaluate(moving) for _ in range(11)] == [0] * 11


@pytest.mark.parametrize("name", GRAPHS)
def test_without_scripts_everything_is_still_there(name, chromium, saved):
    """Large pages are packed: they say what to write instead."""
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(saved(name))
    if name in ("long_chain", "all_kinds"):
        assert "walkthrough.html() writes one that needs no script" in page.inner_text("body")
    else:
        assert page.locator("tr[data-step]").first.is_visible()
        assert not page.locator(".moves").is_visible()
    context.close()
