"""Lines and operations: a switch on the page, which stays at the same place and forgets nothing."""

import pytest

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

SEEN = "location.hash + document.querySelector('.mg-player:not([hidden])').outerHTML.replaceAll(' style=\"\"', '')"
PRESS = (
    "key => { document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})); return " + SEEN + "; }"
)
SHOWN = ".mg-player:not([hidden]) "


def switch(page, level):
    page.select_option(SHOWN + ".level", level)
    page.wait_for_selector(f".mg-player[data-level={level}]:not([hidden])")


@pytest.mark.parametrize(("name", "line", "operation"), [("logistic", 5, 10), ("small_cnn", 4, 5)])
def test_the_place_stays_and_back_is_where_one_came_from(name, line, operation, opened):
    page = opened(name, at=f"#step={line}")
    before = page.evaluate(SEEN)
    switch(page, "operations")
    assert page.evaluate("location.hash") == f"#step={operation}&level=operations"
    last = int(page.get_attribute(SHOWN + ".pos", "max"))
    visited = [page.evaluate(PRESS, "Home")]
    visited += [page.evaluate(PRESS, "ArrowRight") for _ in range(last)]
    assert len(set(visited)) == last + 1
    for seen in visited[-2::-1]:
        assert page.evaluate(PRESS, "ArrowLeft") == seen
    page.evaluate(f"location.hash = '#step={operation}&level=operations'")
    page.wait_for_function(f"document.querySelector('{SHOWN}.pos').value == {operation}")
    assert page.evaluate(SEEN) == visited[operation]
    switch(page, "lines")
    assert page.evaluate(SEEN) == before


def test_what_is_switched_stays_so(opened):
    page = opened("logistic", at="#step=8", width=320, height=640)
    page.click(".show-more")
    page.check(".predict")
    page.keyboard.press("+")
    switch(page, "operations")
    assert page.is_checked(SHOWN + ".predict")
    assert page.is_visible(SHOWN + ".ask")
    assert page.is_visible(SHOWN + ".level")  # what was open is
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    again = opened("logistic", at="#step=12&level=operations")
    again.wait_for_selector(SHOWN + ".count")
    again.wait_for_function(
        "document.querySelector('.mg-player[data-level=operations]')?.classList.contains('backward')"
    )
    assert again.inner_text(SHOWN + ".count") == "step 12 of 23"


def test_a_chosen_filter_stays_chosen(opened):
    page = opened("all_kinds", at="#step=1.1&filter=2")
    switch(page, "operations")
    assert page.evaluate("location.hash") == "#step=1&level=operations&filter=2"
    page.evaluate("location.hash = '#step=1&level=operations'")
    page.wait_for_function("!location.hash.includes('filter')")
    switch(page, "lines")
    assert "filter" not in page.evaluate("location.hash")
