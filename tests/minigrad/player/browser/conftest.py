"""Players in a browser that writes down what they say to the console and what they ask the network for."""

import pytest

from tests.helpers.player.films import FILMS
from tests.helpers.player.graphs import GRAPHS


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """A function that saves the player of a graph once, and gives its address."""
    folder, found = tmp_path_factory.mktemp("players"), {}

    def save(name):
        if name not in found:
            player = FILMS[name]() if name in FILMS else GRAPHS[name]().player()
            found[name] = player.save(folder / f"{name}.html").as_uri()
        return found[name]

    return save


@pytest.fixture
def opened(new_page, saved):
    """A function that opens a player; at the end nothing may have been said or asked for."""
    said, asked = [], []

    def open_player(name, *, at="", width=1280, height=800, scheme="light"):
        page = new_page(width, height, scheme)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(saved(name) + at)
        page.wait_for_selector(".mg-player.on:not([hidden])")  # a large page unpacks itself first
        return page

    yield open_player
    assert not said
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
