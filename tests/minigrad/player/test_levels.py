"""Coarser and finer steps of the same passes, each with the numbers of the trace, at the same place in the program."""

import base64
import json
import re
import zlib
from itertools import pairwise

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.player.levels import levels, places
from tests.helpers.player.graphs import batched_mlp, long_chain, small_cnn
from tests.helpers.walkthrough.lecture_graphs import chain_rule, logistic, logistic_every_step
from tests.minigrad.player.test_page import compare, data_of

pytestmark = pytest.mark.usefixtures("first_plan")

LEVEL = re.compile(r'<script type="text/plain" class="packed-level" data-level="(\w+)">(.*?)</script>')


def network():
    """A loss of modules: a convolution and two linear layers, with what follows each."""
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3, rng=0), nn.ReLU(),
        nn.Linear(3, 2, rng=0),
    )  # fmt: skip
    x = np.random.default_rng(0).normal(size=(1, 1, 6, 6)).astype(np.float32)
    return mg.explain(mg.cross_entropy(model(x), np.array([1])))


@pytest.mark.parametrize("graph", [logistic, small_cnn, network])
def test_every_level_has_the_numbers_of_its_trace(graph):
    walkthrough = graph()
    found = {level.name: level.walkthrough for level in levels(walkthrough)[0]}
    page = walkthrough.player().html
    pages = dict(LEVEL.findall(page))
    assert {"lines", *pages} == set(found)
    assert len(found) > 1
    arrays = data_of(page)["arrays"]  # which all levels have in common
    for name, packed in pages.items():
        body = zlib.decompress(base64.b64decode(packed)).decode()
        compare(found[name], body.replace('"arrays":[]', f'"arrays":{json.dumps(arrays)}'))
    for one in found.values():
        one.check()
        ends = [
            {s.variable: s.value for s in w.backward if s.name.unbarred in w.replay.names.values()}
            for w in (one, walkthrough)
        ]
        for leaf in walkthrough.replay.leaves:
            name = walkthrough.replay.names[leaf].bar.text
            np.testing.assert_allclose(ends[0][name], ends[1][name], rtol=1e-6)


def test_operations_are_those_of_every_step():
    walkthrough = logistic()
    *_, fine = levels(walkthrough)[0]
    every = mg.explain(walkthrough.replay.loss, every_step=True)
    assert fine.name == "operations"
    assert [step.value for step in fine.walkthrough] == [step.value for step in every]
    kept = {step.variable: step.value for step in walkthrough}
    assert kept.items() <= {step.variable: step.value for step in fine.walkthrough}.items()


def test_stages_are_layers_with_what_follows_them():
    coarse, lines = levels(network(), "stages")[0][:2]
    assert (coarse.name, lines.name) == ("stages", "lines")
    shapes = [np.shape(step.value) for step in coarse.walkthrough.forward]
    assert shapes == [(1, 8), (1, 3), (1, 2), ()]
    assert "max_pool2d(relu(conv2d(" in coarse.walkthrough.forward[0].formula


@pytest.mark.parametrize("graph", [logistic, chain_rule, batched_mlp, network])
def test_another_level_is_at_the_same_place_in_the_program(graph):
    found = sorted(levels(graph())[0], key=lambda level: len(level.steps))
    for coarse, fine in pairwise(found):
        down, up = places(coarse, fine), places(fine, coarse)
        assert [up[k] for k in down] == list(range(len(coarse.steps)))  # there and back again
        for steps, others, at in [(coarse.steps, fine.steps, down), (fine.steps, coarse.steps, up)]:
            assert len(at) == len(steps)
            assert all(moment.phase == others[k].phase for moment, k in zip(steps, at, strict=True))
        names = {step.target for step in coarse.walkthrough.forward}
        at = {moment.step.target: k for moment, k in zip(fine.steps, up, strict=True) if moment.phase == "forward"}
        for step in fine.walkthrough.forward:  # a step within a line is at the line of what uses it
            users = [other.target for other in fine.walkthrough.forward if step.target in other.inputs]
            assert step.target in names or at[step.target] in {at[user] for user in users}


def test_a_level_that_is_the_same_is_none():
    assert [level.name for level in levels(logistic_every_step())[0]] == ["lines"]
    assert [level.name for level in levels(logistic_every_step(), "operations")[0]] == ["lines"]
    assert 'class="level"' not in logistic_every_step().player().html.split("<script")[0]


def test_another_level_can_be_shown_first():
    page = chain_rule().player(level="operations").html
    assert re.search(r'<main class="mg-player" data-level="(\w+)">', page)[1] == "operations"
    assert [name for name, _ in LEVEL.findall(page)] == ["lines"]
    assert "<option>lines</option><option selected>operations</option>" in page
    assert levels(network(), "stages")[0][0].name == "stages"
    with pytest.raises(ValueError, match="there are no stages, because no module was called for this loss"):
        chain_rule().player(level="stages")
    with pytest.raises(ValueError, match="level is 'stages', 'lines' or 'operations', got 'layers'"):
        chain_rule().player(level="layers")


def test_it_is_said_when_there_is_no_room():
    found, left_out = levels(long_chain(100))
    assert ([level.name for level in found], left_out) == (["lines"], ["operations"])
    assert "no room" not in chain_rule().player().html
