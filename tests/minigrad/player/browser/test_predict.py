"""Predict: numbers are hidden until they are found, mistakes get the hints of mg.grade, the address keeps the score."""

import pytest

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def answer(page, text):
    page.fill(".guess", text)
    page.keyboard.press("Enter")
    return page.inner_text(".reply")


def test_right_wrong_hints_and_score(opened):
    page = opened("logistic", at="#step=10")  # z̄ = ȳ σ′(z)
    page.check(".predict")
    assert page.inner_text(".stage .result") == ""
    assert page.inner_text(".stage .numbers") == ""
    assert "0.1463" not in page.inner_text(".live")
    assert not page.locator(".graph .now [data-part='signal']").first.is_visible()
    assert answer(page, "0.1463") == "✗ not 0.1463: the sign is wrong."
    assert answer(page, "-0.6225") == "✗ not −0.6225: σ′(z) is missing."
    assert answer(page, "7") == "✗ not 7: try again, or show the answer."
    assert answer(page, "abc") == "Type a number, such as −0.25 or 1/4."
    assert answer(page, "−0,1463") == "✓ that is it"
    assert "0.1463" in page.inner_text(".stage .result")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".asked").startswith("what arrives at")  # the first of two contributions to w̄
    assert answer(page, "0.05") == "✓ right"
    page.keyboard.press("ArrowRight")
    assert "add it to the sum before, which was 0.05" in answer(page, "-0.2926")
    page.click(".reveal")
    assert "0.2426" in page.inner_text(".stage .sum")
    assert page.inner_text(".score") == "1 of 3 right"
    assert page.evaluate("location.hash") == "#step=12&told=!10,11,!12"


def test_the_address_keeps_the_score(opened):
    page = opened("logistic", at="#step=10&told=9,!10")
    assert page.is_checked(".predict")
    assert page.inner_text(".score") == "1 of 2 right"
    assert "0.1463" in page.inner_text(".stage .result")


def test_the_table_does_not_tell(opened):
    page = opened("logistic", at="#step=10")
    page.check(".predict")
    page.click(".show-table")
    hidden = "getComputedStyle(document.querySelector(\"tr[data-step='10'] .result > *\")).visibility"
    assert page.evaluate(hidden) == "hidden"
    answer(page, "-0.1463")
    assert page.evaluate(hidden) == "visible"


def test_one_element_of_an_array_is_asked_for(opened):
    page = opened("small_cnn", at="#step=12")
    page.check(".predict")
    assert page.inner_text(".asked").endswith("]")
    shown = page.eval_on_selector_all(
        ".scene:not([hidden]) figure[data-key='out'] tbody td", "all => all.map(td => td.innerText)"
    )
    assert sorted(shown) == [""] * 24 + ["?"]


SEEN = """() => [...document.querySelectorAll('.compare tbody tr')].map(
  row => [...row.querySelectorAll('.then')].map(e => e.checkVisibility({visibilityProperty: true})))"""


def test_wrong_order_beside_the_right_one(opened):
    """Both sweeps go on with the steps, each in its own order; what is asked for is not told."""
    page = opened("chain_rule", at="#step=5")
    assert not page.is_visible(".compare")
    page.check(".depth-first")
    assert page.evaluate(SEEN) == [[True, True], [False, False], [False, False], [False, False]]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(SEEN) == [[True, True], [True, True], [False, False], [False, False]]
    assert page.inner_text(".compare .parts").split("◆")[1].startswith(" here they differ")
    page.check(".predict")
    assert page.evaluate(SEEN)[:2] == [[True, True], [False, False]]
