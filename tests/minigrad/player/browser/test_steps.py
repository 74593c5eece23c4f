"""Stepping: back is where one came from, jumps agree with steps, and nothing is said to the console."""

import pytest

from minigrad.player import graph
from tests.helpers.player.graphs import GRAPHS, LECTURES, NETWORKS

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

# In the page, for speed. Keys come from the element with the focus, which is the body; the listener is the window's.
STEPPING = """
window.seen = () => location.hash + document.querySelector('.mg-player').outerHTML;
window.press = key => {
  document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
  return seen();
};
window.walk = () => {
  const visited = [seen()];
  while (!document.querySelector('.next').disabled && visited.length < 1500) visited.push(press('ArrowRight'));
  return visited;
};
0  // else the last function would be called
"""


@pytest.mark.parametrize("name", GRAPHS)
def test_back_is_where_one_came_from(name, opened):
    page = opened(name)
    page.evaluate(STEPPING)
    found = page.evaluate(
        """() => {
          const fine = document.querySelector('.fine');
          if (fine) fine.click();
          const visited = walk();
          const back = visited.slice(0, -1).reverse().map(() => press('ArrowLeft')).reverse();
          return [visited.length, visited.findIndex((html, i) => i < back.length && html !== back[i])];
        }"""
    )
    steps = int(page.get_attribute(".pos", "max"))
    assert found[1] == -1
    assert steps < found[0] < 1500


@pytest.mark.parametrize("name", ["logistic", "small_cnn"])
def test_jumps_agree_with_steps(name, opened):
    page = opened(name)
    page.evaluate(STEPPING)
    assert page.evaluate(
        "() => { window.all = walk(); return [press('Home') === all[0], press('End') === all.at(-1)] }"
    ) == [
        True,
        True,
    ]
    for k in (5, 2, 7):
        page.evaluate(f"location.hash = '#step={k}'")
        page.wait_for_function(f"document.querySelector('.pos').value == {k}")
        assert page.evaluate(f"seen() === all[{k}]")
    for k in (3, 6):
        again = opened(name, at=f"#step={k}")
        again.evaluate(STEPPING)
        assert again.evaluate("seen()") == page.evaluate(f"all[{k}]")


def test_a_position_has_an_address(opened):
    page = opened("small_cnn", at="#step=1.8")
    assert "position 8 of 25" in page.inner_text(".of")
    assert page.text_content(".stage .numbers") == "z[1,2] = (0 − 2 + 0) + (−4 + 0 − 2) + (0 + 1 + 0) + 1"
    assert page.inner_text(".scene:not([hidden]) .products table").count("·") == 9
    assert opened("small_cnn", at="#step=999").inner_text(".count") == "step 14 of 14"


def test_without_a_picture_everything_else_works(new_page, tmp_path, monkeypatch):
    """Where there is no Graphviz."""

    def arrange(picture):  # noqa: ARG001
        raise graph.NoGraphvizError

    monkeypatch.setattr(graph, "arrange", arrange)
    path = GRAPHS["small_cnn"]().player().save(tmp_path / "plain.html")
    page, said = new_page(1280, 800), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    page.evaluate(STEPPING)
    assert page.evaluate("walk().length") == 15
    assert page.inner_text(".stage .way") == "backward"
    assert page.locator(".scene:not([hidden]) figure").count() > 1
    assert not page.locator(".graph").count()
    assert not said


@pytest.mark.parametrize("name", LECTURES | NETWORKS)
def test_numbers_in_view_are_those_of_the_table(name, opened):
    """With all its digits; `test_page` compares the table with the trace."""
    page = opened(name)
    page.evaluate(STEPPING)
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('tr[data-step]')].flatMap(row => {
          press('ArrowRight');
          const grids = document.querySelector('.scene:not([hidden])');  // which show arrays instead
          return ['result', 'sum'].map(part => {
            const there = row.querySelector(`td.${part}`), here = document.querySelector(`.stage .${part}`);
            const instead = grids && there.querySelector('mtable');
            return [there.dataset.value, here.dataset.value, instead ? '' : there.innerHTML, here.innerHTML];
          });
        })"""
    )
    assert len(pairs) == 2 * int(page.get_attribute(".pos", "max"))
    assert all((a, c) == (b, d) for a, b, c, d in pairs)
