"""In a notebook: its style sheet spoils nothing, the frame reaches nothing, and each player minds its own business."""

import pytest

from tests.helpers.player.graphs import GRAPHS

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

# What JupyterLab and the classic notebook say of tables, pictures and paragraphs in an output.
JUPYTERLAB = """
.jp-RenderedHTMLCommon { color: #000000de; font: 14px/1.6 system-ui, sans-serif; padding-right: 20px; }
.jp-RenderedHTMLCommon table { border-collapse: collapse; border-spacing: 0; border: none; font-size: 12px;
  table-layout: fixed; margin-left: auto; margin-bottom: 1em; margin-right: auto; }
.jp-RenderedHTMLCommon :is(td, th, tr) { vertical-align: middle; padding: 0.5em; line-height: normal;
  white-space: normal; max-width: none; border: none; }
:not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon :is(td, th, tr) { text-align: right; }
.jp-RenderedHTMLCommon tbody tr:nth-child(odd) { background: white; }
.jp-RenderedHTMLCommon tbody tr:nth-child(even) { background: #f5f5f5; }
.jp-RenderedHTMLCommon tbody tr:hover { background: #e1f5fe; }
.jp-RenderedHTMLCommon img { max-width: 100%; }
.jp-RenderedHTMLCommon p { text-align: left; margin: 0 0 1em; }
"""
CLASSIC = """
.rendered_html table { margin-left: auto; margin-right: auto; border: none; border-collapse: collapse;
  border-spacing: 0; color: black; font-size: 12px; table-layout: fixed; }
.rendered_html :is(tr, th, td) { text-align: right; vertical-align: middle; padding: 0.5em 0.5em; line-height: normal;
  white-space: normal; max-width: none; border: none; }
.rendered_html tbody tr:nth-child(odd) { background: #f5f5f5; }
.rendered_html tbody tr:hover { background: rgba(66, 165, 245, 0.2); }
.rendered_html img { display: block; margin-left: auto; margin-right: auto; max-width: 100%; height: auto; }
.rendered_html p { text-align: left; }
"""
FOUND = """() => {
  const all = query => [...document.querySelectorAll(query)], style = e => getComputedStyle(e);
  const rows = all('.minigrad tr'), cells = all('.minigrad td'), tables = all('.minigrad table');
  return {
    aligned: [...new Set(cells.map(e => style(e).textAlign))],
    painted: [...new Set([...rows, ...cells].map(e => style(e).backgroundColor))],
    broken: cells.filter(e => style(e).whiteSpace !== 'nowrap').length,
    wide: tables.filter(e => e.scrollWidth > e.clientWidth).length,
    outside: tables.filter(e => e.getBoundingClientRect().right > innerWidth).length,
    page: document.documentElement.scrollWidth,
    picture: all('img').map(e => [e.naturalWidth > 100, e.getBoundingClientRect().right <= innerWidth]),
  };
}"""


@pytest.mark.parametrize(
    ("css", "kind"), [(JUPYTERLAB, "jp-RenderedHTMLCommon jp-RenderedHTML"), (CLASSIC, "rendered_html")]
)
def test_a_notebook_spoils_nothing(css, kind, new_page):
    """The static half is opened; the frame beside it is not reached by any rule."""
    shown = GRAPHS["batched_mlp"]().player()._repr_mimebundle_()["text/html"]
    page = new_page(390, 900)
    page.set_content(f"<!doctype html><style>{css}</style><div class='{kind}'>{shown}</div>")
    page.click("summary")
    page.wait_for_function("document.querySelector('img').complete")
    found = page.evaluate(FOUND)
    assert found.pop("wide") >= 1  # these scroll within themselves
    assert found == {
        "aligned": ["left"],
        "painted": ["rgba(0, 0, 0, 0)"],
        "broken": 0,
        "outside": 0,
        "page": 390,
        "picture": [[True, True]],
    }
    page.emulate_media(media="print")
    clipped = (
        "[...document.querySelectorAll('.minigrad table')].filter(e => getComputedStyle(e).overflowX !== 'visible')"
    )
    assert page.evaluate(f"{clipped}.length") == 0


def test_two_players_act_only_with_the_focus(new_page):
    """In frames, as in a notebook; the score of each is kept in its frame."""
    frame = GRAPHS["logistic"]().player()._repr_mimebundle_()["text/html"]
    page = new_page(1000, 1100)
    page.set_content(f"<!doctype html><p id='top' tabindex='0'>two</p>{frame}{frame}")
    one, two = page.frames[1:]
    one.wait_for_selector(".on")
    two.wait_for_selector(".on")
    page.focus("#top")
    page.keyboard.press("ArrowRight")
    one.focus(".next")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert (one.inner_text(".count"), two.inner_text(".count")) == ("step 2 of 13", "step 0 of 13")
    two.click(".next")
    assert (one.inner_text(".count"), two.inner_text(".count")) == ("step 2 of 13", "step 1 of 13")
    one.click("a[href='#step=7']")  # a link stays in its frame
    assert one.inner_text(".count") == "step 7 of 13"
    one.check(".predict")
    one.fill(".guess", "0.1")
    page.keyboard.press("Enter")
    one.click(".prev")
    one.click(".next")
    assert (one.inner_text(".score"), two.inner_text(".score")) == ("1 of 1 right", "")
    assert "0.1" in one.inner_text(".stage .result")


def test_two_players_in_one_document_leave_the_address_alone(new_page, tmp_path):
    """Else each would go where the other is."""
    html = GRAPHS["logistic"]().player().html
    begin, end = html.index("<main"), html.index("</main>") + len("</main>")
    both = tmp_path / "both.html"
    both.write_text(html[:begin] + 2 * html[begin:end] + html[end:], encoding="utf-8")
    page = new_page(1280, 800)
    page.goto(f"{both.as_uri()}#step=3")
    page.wait_for_selector(".on")
    second = page.locator(".mg-player").nth(1)
    second.locator(".next").click()
    page.keyboard.press("ArrowRight")
    assert page.locator(".count").all_inner_texts() == ["step 0 of 13", "step 2 of 13"]
    assert page.evaluate("location.hash") == "#step=3"
