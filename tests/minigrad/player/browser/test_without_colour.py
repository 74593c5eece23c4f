"""Forward, backward, current or still to come: dashes, widths, marks and words say it, and colours only repeat it."""

import io

import numpy as np
import pytest

pytest.importorskip("playwright", reason="make test-browser installs it")
Image = pytest.importorskip("PIL.Image", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

DEFICIENCIES = ["protanopia", "deuteranopia", "tritanopia", "achromatopsia"]

CUES = """() => {
  const cue = (query, ...names) => {
    const e = document.querySelector(query), before = getComputedStyle(e, '::before').content;
    return [...names.map(name => getComputedStyle(e)[name]), before === 'none' ? '' : before].join(' ');
  };
  const chip = kind => cue(`.order ${kind} a`, 'borderTopStyle', 'borderTopWidth');
  const line = kind => cue(`.graph g.${kind} > [data-part=line]`, 'strokeDasharray', 'strokeWidth');
  const box = kind => cue(`.graph ${kind} > [data-part=outline]`, 'strokeWidth');
  return {
    chips: ['.forward.done', '.backward.done', '.now', '.backward.wait'].map(chip),
    arrows: ['forward:not(.now)', 'backward:not(.now):not(.hide)', 'backward.now'].map(line),
    boxes: ['.now', 'g[data-key]:not(.now):not(.wait):not(.forward):not(.backward)'].map(box),
    word: document.querySelector('.way').innerText,
  };
}"""

# For each chip its place and the width of its border; the middle of the upper edge is free of corners.
EDGES = """() => ['.forward.done', '.backward.done', '.now', '.backward.wait'].map(kind => {
  const r = document.querySelector(`.order ${kind} a`).getBoundingClientRect();
  return [r.left + 9, r.right - 9, r.top].map(Math.round);
})"""


def test_every_cue_is_there_without_its_colour(opened):
    page = opened("logistic", at="#step=9")
    page.emulate_media(reduced_motion="reduce")
    found = page.evaluate(CUES)
    for kind in ("chips", "arrows", "boxes"):
        assert len(set(found[kind])) == len(found[kind]), found
    assert "▶" in found["chips"][2]
    assert found["word"] == "backward"
    page.evaluate("document.querySelector('.pos').value = 2; document.querySelector('.pos').oninput()")
    forward = page.evaluate("[...document.querySelectorAll('.graph .wait > [data-part=outline]')].length")
    assert forward > 0
    assert page.inner_text(".way") == "forward"


def test_the_cues_are_seen_under_every_colour_blindness(opened):
    """In the pixels: solid, dashed, three pixels wide, one pixel wide."""
    page = opened("logistic", at="#step=9")
    page.emulate_media(reduced_motion="reduce")
    session = page.context.new_cdp_session(page)
    edges = page.evaluate(EDGES)
    for deficiency in DEFICIENCIES:
        session.send("Emulation.setEmulatedVisionDeficiency", {"type": deficiency})
        seen = Image.open(io.BytesIO(page.screenshot()))
        assert (np.ptp(np.asarray(seen.convert("RGB"), int), axis=2).max() < 3) == (deficiency == "achromatopsia")
        grey = np.asarray(seen.convert("L"), int)
        ink = []
        for left, right, top in edges:
            rows = grey[top - 1 : top + 5, left:right]
            ink.append([float(np.mean(np.abs(row - grey[top - 3, left]) > 40)) for row in rows])
        solid, dashed, now, wait = (np.round(sorted(rows, reverse=True), 2) for rows in ink)
        assert solid[1] == 1, (deficiency, ink)  # two rows of pixels, without a gap
        assert 0.2 < dashed[1] < 0.9, (deficiency, ink)
        assert now[2] == 1, (deficiency, ink)
        assert wait[1] < 0.2, (deficiency, ink)
