"""Convolution and max-pooling, position by position: the cells on the screen against NumPy."""

import numpy as np
import pytest

from tests.helpers.player.graphs import GRAPHS

pytest.importorskip("playwright", reason="make test-browser installs it")
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

CELLS = """() => Object.fromEntries([...document.querySelectorAll('.scene:not([hidden]) figure')].map(figure => [
  figure.dataset.key, [...figure.querySelectorAll('tbody tr')].map(row => [...row.querySelectorAll('td')].map(
    td => [td.dataset.value ?? null, td.classList.contains('on'), td.classList.contains('hit')]))]))"""


@pytest.fixture(scope="module")
def numbers():
    """The arrays of the small CNN, with the error signals from NumPy."""
    walkthrough = GRAPHS["small_cnn"]()
    given = {step.target: step.value for step in walkthrough.given}
    x, w = given["x"][0, 0], given["w"][0, 0]
    around = np.pad(x, 1)
    z = np.array([[np.sum(around[i : i + 3, j : j + 3] * w) for j in range(5)] for i in range(5)]) + given["b"][0]
    a = np.maximum(z, 0)
    windows = [[a[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] for j in range(2)] for i in range(2)]
    p = np.array([[window.max() for window in row] for row in windows])
    y_bar = p.ravel() @ given["V"][:, 0] - given["t"][0, 0]
    p_bar = (y_bar * given["V"][:, 0]).reshape(2, 2)
    winners = {}
    for i, j in np.ndindex(2, 2):
        u, v = np.unravel_index(np.argmax(windows[i][j]), (2, 2))
        winners[i, j] = (2 * i + u, 2 * j + v)
    a_bar = np.zeros((5, 5))
    for place, winner in winners.items():
        a_bar[winner] = p_bar[place]
    return {
        "x": x, "w": w, "b": given["b"][0], "z": z, "a": a, "p": p, "p_bar": p_bar, "z_bar": a_bar * (z > 0),
        "winners": winners, "steps": {step.variable: k for k, step in enumerate(walkthrough, 1)},
    }  # fmt: skip


def frames(page, step):
    """What is seen at each position of a step, the first to the last."""
    page.evaluate(f"location.hash = '#step={step}.1'")
    page.wait_for_function(f"location.hash === '#step={step}.1'")
    count = int(page.inner_text(".of").split(" of ")[-1])
    for position in range(1, count + 1):
        page.evaluate(f"location.hash = '#step={step}.{position}'")
        page.wait_for_function(f"document.querySelector('.of').textContent.includes('position {position} of')")
        yield {key: (values(rows), marked(rows, 1), marked(rows, 2)) for key, rows in page.evaluate(CELLS).items()}


def values(rows):
    return np.array([[np.nan if cell[0] is None else float(cell[0]) for cell in row] for row in rows])


def marked(rows, which):
    return np.array([[cell[which] for cell in row] for row in rows])


def test_forward(numbers, opened):
    page = opened("small_cnn")
    seen = list(frames(page, numbers["steps"]["z"]))
    assert len(seen) == 25
    for n, ((i, j), frame) in enumerate(zip(np.ndindex(5, 5), seen, strict=True), 1):
        expected = np.where(np.arange(25).reshape(5, 5) < n, numbers["z"], np.nan)
        np.testing.assert_array_equal(frame["out"][0], expected)
        assert list(zip(*np.nonzero(frame["out"][2]), strict=True)) == [(i, j)]
        window = np.zeros((7, 7), bool)
        window[i : i + 3, j : j + 3] = True
        np.testing.assert_array_equal(frame["a"][1], window)
        np.testing.assert_array_equal(frame["a"][0], np.pad(numbers["x"], 1))
        assert frame["b"][1].all()


def test_max_pooling_forward_and_backward(numbers, opened):
    page = opened("small_cnn")
    for n, ((i, j), frame) in enumerate(zip(np.ndindex(2, 2), frames(page, numbers["steps"]["p"]), strict=True), 1):
        np.testing.assert_array_equal(frame["out"][0], np.where(np.arange(4).reshape(2, 2) < n, numbers["p"], np.nan))
        window = np.zeros((5, 5), bool)
        window[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = True
        np.testing.assert_array_equal(frame["a"][1], window)
    so_far = np.zeros((5, 5))
    for place, frame in zip(np.ndindex(2, 2), frames(page, numbers["steps"]["ā"]), strict=True):
        winner = numbers["winners"][place]
        so_far[winner] += numbers["p_bar"][place]
        np.testing.assert_array_equal(frame["out"][0], so_far)
        assert list(zip(*np.nonzero(frame["out"][2]), strict=True)) == [winner]


def test_backward_to_the_image_and_the_filter(numbers, opened):
    page = opened("small_cnn")
    z_bar = numbers["z_bar"]
    places = [tuple(map(int, place)) for place in zip(*np.nonzero(z_bar), strict=True)]
    image = np.zeros((7, 7))
    for (i, j), frame in zip(places, frames(page, numbers["steps"]["x̄"]), strict=True):
        image[i : i + 3, j : j + 3] += z_bar[i, j] * numbers["w"]
        np.testing.assert_allclose(frame["out"][0][1:6, 1:6], image[1:6, 1:6], rtol=1e-12)
        assert list(zip(*np.nonzero(frame["a"][1]), strict=True)) == [(i, j)]
    filtered, around = np.zeros((3, 3)), np.pad(numbers["x"], 1)
    for (i, j), frame in zip(places, frames(page, numbers["steps"]["w̄"]), strict=True):
        filtered += z_bar[i, j] * around[i : i + 3, j : j + 3]
        np.testing.assert_allclose(frame["out"][0], filtered, rtol=1e-12)
        assert frame["b"][1].sum() == 9
