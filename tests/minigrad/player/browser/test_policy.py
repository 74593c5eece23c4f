"""What is not of the page cannot run, load or send anything, even if it gets into the page."""

from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

INTRUDERS = """<script>document.title = "script"</script>
<img src="data:," onerror="document.title = 'handler'">
<img src="http://127.0.0.1:9/pixel">
<p id="painted" style="color: rgb(1, 2, 3)">x</p>
<style>#painted { background: rgb(4, 5, 6) }</style>
<link rel="stylesheet" href="http://127.0.0.1:9/sheet">
<iframe src="http://127.0.0.1:9/frame"></iframe>
<form action="http://127.0.0.1:9/form"><button id="send">send</button></form>
"""


def test_what_breaks_in_can_do_nothing(new_page, saved, tmp_path):
    text = Path(unquote(urlparse(saved("logistic")).path)).read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(text.replace("<header>", f"{INTRUDERS}<header>", 1), encoding="utf-8")
    page = new_page()
    answered = []
    page.on("response", lambda response: answered.append(response.url))
    page.goto(broken.as_uri())
    page.wait_for_selector(".mg-player.on")  # the page's own script still runs
    assert page.title() == "Backward pass of L_reg"
    assert page.evaluate("getComputedStyle(document.querySelector('#painted')).color") != "rgb(1, 2, 3)"
    assert page.evaluate("getComputedStyle(document.querySelector('#painted')).backgroundColor") != "rgb(4, 5, 6)"
    refused = "fetch('http://127.0.0.1:9/').then(() => 'sent', error => 'refused')"
    assert page.evaluate(refused) == "refused"
    with page.expect_console_message(lambda message: "form-action 'none'" in message.text):
        page.click("#send", no_wait_after=True)
    assert all(url.startswith(("file:", "data:")) for url in answered)


def test_hostile_names_are_text(opened):
    page = opened("hostile_names", at="#step=3")
    assert page.title() == "Backward pass of <b>L</b>"
    assert page.evaluate("document.querySelectorAll('img, main b').length") == 1  # the word "Given"
    assert "onerror" in page.inner_text(".order")


def test_special_numbers_are_shown_as_they_are(opened):
    page = opened("special_numbers", at="#step=0")
    cells = page.eval_on_selector_all("figure tbody td", "all => all.map(td => [td.innerText, td.dataset.value])")
    assert cells == [["nan", "NaN"], ["inf", "Infinity"], ["−inf", "-Infinity"], ["0", "-0"], ["1e−300", "1e-300"]]
