"""The film of a training: its numbers, its pictures, and what it refuses."""

import json
import re
from html import unescape

import numpy as np
import pytest

import minigrad as mg
from minigrad.notation import number
from tests.helpers.player.films import applied, diverging_steps, logistic_steps, mlp_steps, parameter, shown_texts
from tests.helpers.walkthrough.lecture_graphs import chain_rule, logistic

pytestmark = pytest.mark.usefixtures("first_plan")

ROW = re.compile(r'<tr data-step="(\d+)">(.*?)</tr>', re.DOTALL)


def data_of(page):
    return json.loads(re.search('<script type="application/json" class="data">(.*?)</script>', page, re.DOTALL)[1])


def picture_of(page):
    return re.search('<div class="graph"[^>]*>(<svg.*?</svg>)', page, re.DOTALL)[1]


@pytest.fixture(scope="module")
def film():
    return mg.animate(logistic_steps(), lr=0.5)


def test_the_table_has_the_numbers_of_gradient_descent(film):
    """Computed here without minigrad."""
    w, b = 0.5, -1.5
    rows = ROW.findall(film.html)
    assert [int(k) for k, _ in rows] == list(range(20))
    for _, row in rows:
        y = 1 / (1 + np.exp(-(2 * w + b)))
        z_bar = (y - 1) * y * (1 - y)
        w_bar, b_bar = 2 * z_bar + 0.1 * w, z_bar
        expected = [0.5 * (y - 1) ** 2 + 0.05 * w**2, w, w_bar, b, b_bar]
        found = re.findall(r'data-value="([^"]*)">([^<]*)<', row)
        assert [float(value) for value, _ in found] == pytest.approx(expected, rel=1e-12)
        assert [text for _, text in found] == [number(float(value)) for value, _ in found]
        w, b = w - 0.5 * w_bar, b - 0.5 * b_bar


@pytest.mark.parametrize("steps", [logistic_steps, mlp_steps, diverging_steps])
def test_each_step_has_the_picture_of_its_own_player(steps):
    """Every text of it, though the walkthrough's graph was freed and its parameters were changed long ago."""
    steps = steps(3)
    page = mg.animate(steps).html
    picture, changed = picture_of(page), data_of(page)["film"]["changes"]
    assert changed
    for k, step in enumerate(steps):
        own = picture_of(step.player().html)
        assert sorted(shown_texts(applied(picture, changed, k))) == sorted(shown_texts(own)), k


def test_a_changed_number_is_noticed():
    page = mg.animate(steps := logistic_steps(2)).html
    changed = data_of(page)["film"]["changes"]
    text = next(values for _, name, values in changed if not name and values[1] == number(steps[1].forward[0].value))
    text[1] = "7"
    own = picture_of(steps[1].player().html)
    assert sorted(shown_texts(applied(picture_of(page), changed, 1))) != sorted(shown_texts(own))


def test_the_update_is_shown_with_the_learning_rate_alone(film):
    assert ' data-lr="0.5"' in film.html
    assert "<mo>←</mo>" in film.html
    without = mg.animate(logistic_steps(3)).html
    assert "data-lr" not in without.split("<script")[0]
    assert "<mo>←</mo>" not in without


def test_an_update_of_another_kind_is_refused():
    w, velocity, steps = parameter(1.0), 0.0, []
    for _ in range(4):
        L = w**2
        steps.append(mg.explain(L))
        w.grad = None
        L.backward()
        velocity = 0.9 * velocity + w.grad
        w.data = w.data - 0.1 * velocity
    message = (
        r"with lr=0\.1, w would go from 0\.8 to 0\.64 in step 2, but it goes to 0\.46; leave lr out where it changes, "
        "or where momentum, weight decay or Adam made the steps"
    )
    with pytest.raises(ValueError, match=message):
        mg.animate(steps, lr=0.1)
    assert "0.46" in str(mg.animate(steps))


def test_a_parameter_may_stay_as_it_is():
    w, c, steps = parameter(1.0), parameter(2.0), []
    for _ in range(3):
        L = (c * w) ** 2
        steps.append(mg.explain(L))
        w.grad = None
        L.backward()
        w.data = w.data - np.float64(0.01) * w.grad
    assert mg.animate(steps, lr=0.01).html.count("<li data-column=") == 2


def test_it_needs_steps_of_one_program():
    steps = logistic_steps(2)
    with pytest.raises(ValueError, match=r"the list is empty; .*steps\.append\(mg\.explain\(L\)\)"):
        mg.animate([])
    with pytest.raises(TypeError, match="expected a list of what mg"):
        mg.animate(steps[0])
    with pytest.raises(TypeError, match="got float at place 1"):
        mg.animate([steps[0], 0.5])
    with pytest.raises(TypeError, match="got int"):
        mg.animate(3)
    with pytest.raises(ValueError, match="walkthrough 1 is of another program than walkthrough 0: it is given t, and"):
        mg.animate([steps[0], chain_rule()])
    x, t, lam = mg.Tensor(2.0), mg.Tensor(1.0), mg.Tensor(0.1)
    w, b = parameter(0.5), parameter(-1.5)
    z = w * x + b
    y = mg.tanh(z)
    L = 0.5 * (y - t) ** 2
    R = 0.5 * w**2
    L_reg = L + lam * R
    with pytest.raises(ValueError, match=r"it has the line y = tanh\(z\), and walkthrough 0 has y = σ\(z\) there"):
        mg.animate([*steps, mg.explain(L_reg)])


@pytest.mark.parametrize(
    ("lr", "error"), [("0.1", TypeError), (True, TypeError), (0.0, ValueError), (np.nan, ValueError)]
)
def test_a_learning_rate_is_a_positive_number(lr, error):
    with pytest.raises(error, match="animate: lr is"):
        mg.animate([logistic()], lr=lr)


def test_more_steps_than_a_page_can_hold_are_refused_with_the_way_out():
    step = logistic()
    with pytest.raises(
        ValueError, match=r"1500 steps have 25,500 lines together, and a page can hold 20,000; take every"
    ):
        mg.animate([step] * 1500)


def test_pages_are_small(film):
    assert len(film.html.encode()) < 200_000


def test_without_graphviz_all_but_the_picture_is_there(film, monkeypatch):
    from minigrad.drawing.layout import NoGraphvizError
    from minigrad.player.film import series

    def arranged(picture, **_):  # noqa: ARG001
        raise NoGraphvizError

    monkeypatch.setattr(series, "arranged", arranged)
    html = mg.animate(logistic_steps(), lr=0.5).html
    assert "there is no Graphviz" in html
    assert ROW.findall(html) == ROW.findall(film.html)


def test_the_chart_has_a_point_for_each_finite_loss(film):
    def points(html):
        found = re.findall(r'<circle data-at="(\d+)" cx="([\d.]+)" cy="([\d.]+)"', html)
        return [(int(k), float(x), float(y)) for k, x, y in found]

    losses = [float(value) for value in re.findall(r'class="loss" data-value="([^"]*)"', film.html)]
    (_, left, top), *_, (last, right, bottom) = shown = points(film.html)
    assert last == 19
    for (k, x, y), loss in zip(shown, losses, strict=True):
        assert x == pytest.approx(left + (right - left) * k / 19, abs=0.06)
        assert y == pytest.approx(top + (bottom - top) * (losses[0] - loss) / (losses[0] - losses[-1]), abs=0.11)
    diverged = mg.animate(diverging_steps()).html
    finite = [k for k, step in enumerate(diverging_steps()) if np.isfinite(step.forward[-1].value)]
    assert [k for k, *_ in points(diverged)] == finite
    assert len(finite) < 9
    assert ">nan<" in diverged


def test_screen_readers_hear_the_numbers(film):
    said = [step["say"] for step in data_of(film.html)["steps"]]
    assert unescape(said[0]) == "L_reg = 0.2062, w = 0.5, w-bar = minus 0.2426, b = minus 1.5, b-bar = minus 0.1463"
