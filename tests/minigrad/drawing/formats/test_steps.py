"""States after each step: nothing is lost, nothing comes too early, and states differ in more than colour."""

import pytest

from minigrad.drawing.formats.steps import States, scene_at, state_at
from minigrad.drawing.picture import Box, Event, Picture
from minigrad.drawing.scene import Image, Path, Scene, Text
from tests.helpers.scenes import by_hand as scenes

SCENE = scenes.lines()
LAST = len(SCENE.events)


def test_before_the_first_step_everything_waits_that_has_a_step():
    states = state_at(SCENE, 0)
    assert states.current == frozenset()
    assert states.hidden == {part for event in SCENE.events for part in event.shows}
    assert {key for key in SCENE.groups if states.of(key) == "waiting"} == set(SCENE.groups) - {
        "b1",
        "b2",
        "b3",
        "b4",
        "b5",
    }  # given


def test_after_the_last_step_nothing_waits_or_is_hidden():
    states = state_at(SCENE, LAST)
    assert not states.waiting
    assert not states.hidden


@pytest.mark.parametrize(("before", "after"), scenes.steps(SCENE))
def test_each_step_shows_what_its_event_says(before, after):
    first, second = state_at(SCENE, before), state_at(SCENE, after)
    event = SCENE.events[before]
    assert first.hidden - second.hidden == set(event.shows)
    assert second.hidden <= first.hidden
    assert second.waiting <= first.waiting
    assert second.current == set(event.current)
    assert second.text == event.text


def test_a_value_that_is_shown_again_stays():
    again = Event((("b1", "value"),), ("b1",))
    assert state_at(Scene(1, 1, (), events=(again, again)), 1).hidden == frozenset()


def test_a_picture_has_the_states_of_its_scene():
    boxes = tuple(Box(key, "computed", ()) for key, (kind, _) in SCENE.groups.items() if kind == "box")
    assert state_at(Picture(boxes, events=SCENE.events), 5) == state_at(SCENE, 5)


def test_a_parameter_waits_for_nothing_though_contributions_reach_it_before_its_error_signal():
    events = (Event((("a1", "label"),), ("b1", "a1")), Event((("b1", "signal"),), ("b1",)))
    scene = Scene(1, 1, (), {"b1": ("box", ""), "a1": ("backward", "")}, events)
    assert [[state_at(scene, k).of(key) for key in ("b1", "a1")] for k in range(3)] == [
        ["done", "waiting"],
        ["current", "current"],
        ["current", "done"],
    ]


@pytest.mark.parametrize("step", [-1, LAST + 1])
def test_a_step_that_does_not_exist_is_refused(step):
    with pytest.raises(ValueError, match=f"step {step} was asked for, but this picture has steps 0 to {LAST}"):
        state_at(SCENE, step)


def test_a_picture_without_events_says_why_it_has_no_steps():
    with pytest.raises(ValueError, match="no steps: it was drawn without values and error signals"):
        state_at(Scene(1, 1, ()), 1)


def at(step):
    return scene_at(SCENE, state_at(SCENE, step))


def test_hidden_parts_are_not_drawn():
    assert [t.span.text for t in scenes.items_of(at(0), Text, "b6")] == ["z", " = w x + b"]
    assert [t.span.text for t in scenes.items_of(at(1), Text, "b6")] == ["z", " = w x + b", "−0.5"]
    assert scenes.items_of(at(LAST), Text) == scenes.items_of(SCENE, Text)
    assert not scenes.items_of(at(5), Text, "a14")


def test_what_waits_is_dotted_and_has_no_colour():
    for item in [*scenes.items_of(at(0), Path, "b6"), *scenes.items_of(at(0), Path, "a1")]:
        assert item.stroke == "muted"
        assert item.fill in ("", "background")
        assert item.dotted == (item.part in ("outline", "line"))
    assert {t.span.role for t in scenes.items_of(at(0), Text, "b6")} == {"muted"}


def test_what_happens_now_is_thicker_glows_and_has_a_mark():
    now = at(1)
    (outline,), (usual,) = scenes.items_of(now, Path, "b6"), scenes.items_of(SCENE, Path, "b6")[:1]
    assert outline.width > usual.width
    glows = [item for item in now.items if item.part == "glow"]
    marks = [item for item in now.items if item.part == "mark"]
    assert (*glows, *marks) == (*now.items[: len(glows)], now.items[-1])  # below and above everything
    assert {glow.stroke for glow in glows} == {"current"}
    assert [glow.commands for glow in glows] == [
        scenes.items_of(SCENE, Path, key)[0].commands for key in ("a1", "a2", "a3", "b6")
    ]
    xs, ys = zip(*[command[1:] for command in marks[0].commands if command[1:]], strict=True)
    assert 326 < min(xs) < max(xs) < 460
    assert min(ys) < 117 < max(ys)


def test_the_legend_has_no_steps():
    legend = [item for item in at(3).items if not item.key and item.part not in ("glow", "mark")]
    assert legend == scenes.items_of(SCENE, (Path, Text, Image), "")


def test_a_frame_hides_no_glow():
    frame = Path(scenes.square(0, 0, 99, 99), "frame.line", "frame.fill", key="f")
    box = Path(scenes.square(20, 20, 90, 90), "text", key="b")
    scene = Scene(99, 99, (frame, box), {"f": ("frame", ""), "b": ("box", "")})
    inside = scene_at(scene, States(1, frozenset("b"), frozenset(), frozenset()))
    assert [item.part for item in inside.items] == ["outline", "glow", "outline", "mark"]
    assert inside.items[0] == frame


def test_the_mark_of_a_box_at_the_upper_edge_is_seen():
    scene = Scene(99, 99, (Path(scenes.square(2, 2, 90, 90), "text", key="b"),), {"b": ("box", "")})
    marked = scene_at(scene, States(1, frozenset("b"), frozenset(), frozenset()))
    assert min(command[2] for command in marked.items[-1].commands if command[1:]) >= 0


def test_the_heads_of_waiting_arrows_are_seen():
    head = Path((("M", 0, 0), ("L", 9, 3), ("L", 9, -3), ("Z",)), fill="forward", width=0, key="a", part="head")
    scene = Scene(9, 9, (head,), {"a": ("forward", "")})
    (waiting,) = scene_at(scene, States(0, frozenset(), frozenset("a"), frozenset())).items
    assert waiting.width > 0
    assert (waiting.stroke, waiting.fill, waiting.dotted) == ("muted", "background", False)


def test_what_is_done_and_what_has_no_step_is_as_always():
    for key in ("b6", "a1", "b2"):
        done = [item for item in scenes.items_of(at(3), (Path, Text, Image), key) if item.part != "signal"]
        assert done == [item for item in scenes.items_of(SCENE, (Path, Text, Image), key) if item.part != "signal"]
