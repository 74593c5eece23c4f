"""The film of a training in a browser: its numbers, its way back, its looks."""

import pytest

from minigrad.notation import number
from tests.helpers.player.films import FILMS, logistic_steps

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

SEEN = "location.hash + document.querySelector('.mg-player').outerHTML"
PRESS = (
    "key => { document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})); return " + SEEN + "; }"
)


@pytest.mark.parametrize("name", FILMS)
def test_back_is_where_one_came_from_and_nothing_is_wider_than_the_screen(name, opened):
    page = opened(name)
    visited = [page.evaluate(SEEN)]
    while page.is_enabled(".next"):
        visited.append(page.evaluate(PRESS, "ArrowRight"))
    assert len(visited) == int(page.get_attribute(".pos", "max")) + 1
    assert len(set(visited)) == len(visited)
    for before in visited[-2::-1]:
        assert page.evaluate(PRESS, "ArrowLeft") == before
    assert page.evaluate(PRESS, "End") == visited[-1]
    assert opened(name, at="#step=2").evaluate(SEEN) == visited[2]
    for width, height in [(320, 640), (768, 1024), (1280, 800), (1920, 1080)]:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_each_step_shows_its_numbers(opened):
    page = opened("film_logistic")
    steps = logistic_steps()
    rate = number(0.5)
    for k, step in enumerate(steps):
        values = {one.variable: one.value for one in (*step.given, *step)}
        texts = page.evaluate("[...document.querySelectorAll('.graph text')].map(e => e.textContent.trim())")
        for name in ("w", "b", "z", "y", "R", "L_reg"):
            assert number(values[name]) in texts
        assert page.inner_text(".what .loss") == number(values["L_reg"])
        told = page.inner_text(".updates li[data-column='0']").split()
        w_bar = number(values["w̄"])
        if k + 1 < len(steps):
            new = next(one.value for one in steps[k + 1].given if one.variable == "w")
            shown = f"({w_bar})" if w_bar.startswith("−") else w_bar
            assert "".join(told).endswith(f"={number(values['w'])}−{rate}·{shown}={number(new)}")
        else:
            assert "".join(told).endswith(w_bar)
        assert page.get_attribute(".chart circle.now", "data-at") == str(k)
        assert page.inner_text("[aria-live]").startswith(f"step {k} of 19: L_reg = {number(values['L_reg'])}")
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scheme, opened):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-browser installs it").Axe()
    page = opened("film_mlp", at="#step=1", scheme=scheme)
    page.click(".show-table")
    found = axe.run(page).response["violations"]
    assert not [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in ("serious", "critical")]
