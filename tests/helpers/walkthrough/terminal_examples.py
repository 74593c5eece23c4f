"""Walkthroughs to step through, and what is seen of them."""

import unicodedata
from functools import cache
from types import SimpleNamespace

import numpy as np

import minigrad as mg
from minigrad.walkthrough.terminal.moments import build_timeline
from minigrad.walkthrough.terminal.screen import screen
from tests.helpers.walkthrough.lecture_graphs import logistic, parameter

lecture = cache(logistic)  # w has fan-out


@cache
def chain(length=30):
    """A deep chain of layers, each with a parameter of its own, as long as LeNet."""
    x = mg.Tensor(0.5)
    for i in range(length):
        x = mg.sigmoid(parameter(1.0).named(f"w_{i}") * x).named(f"h_{i}")
    return mg.explain(x.named("L"))


@cache
def fan_out(uses=6):
    """One value that is used again and again."""
    w = parameter(np.array([[1.0, -2.0], [0.5, 4.0]])).named("W")
    L = sum((w * float(i + 2)).named(f"u_{i}").sum().named(f"s_{i}") for i in range(uses)).named("L")
    return mg.explain(L)


def step(variable, value=1.0, formula="", **more):
    """A step of a walkthrough that no program needs to be written for."""
    rest = {"numbers": "", "inputs": (), "contributions": (), "chain_rule": (), "primitive": None, "source_line": None}
    rest["changed_rules"] = ()
    return SimpleNamespace(
        **{"variable": variable, "target": variable, "formula": formula, "value": value} | rest | more
    )


def walkthrough_of(*forward, given=()):
    return SimpleNamespace(given=given, forward=forward, backward=())


def text(lines):
    return ["".join(part for _, part in line).rstrip() for line in lines]


def shown(walkthrough, now, columns=80, rows=24, **options):
    return text(screen(build_timeline(walkthrough), now, columns, rows, **options))


def moment(walkthrough, variable, last=True):
    """The step at which an equation for a variable is first shown, or shown last."""
    variable = unicodedata.normalize("NFC", variable)
    moments = build_timeline(walkthrough).moments
    steps = [i for i, m in enumerate(moments) if m.line.startswith(f"{variable} = ") and m.node is not None]
    return steps[-1 if last else 0]
