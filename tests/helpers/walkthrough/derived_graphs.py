"""Scalar graphs drawn by hypothesis, with both sweeps written out a second time, on plain floats."""

import math

from hypothesis import strategies as st

import minigrad as mg

_NUMBERS = st.sampled_from([-1.5, -0.75, 0.5, 1.25, 2.0])


@st.composite
def recipes(draw):
    """Leaves as numbers, then operations on the indices of what came before; the last one is the loss."""
    recipe = draw(st.lists(_NUMBERS, min_size=1, max_size=3))
    for _ in range(draw(st.integers(1, 8))):
        earlier = st.integers(0, len(recipe) - 1)
        kind = draw(st.sampled_from(["add", "multiply", "tanh"]))
        recipe.append((kind, draw(earlier)) if kind == "tanh" else (kind, draw(earlier), draw(earlier)))
    return recipe


def tensors(recipe):
    """The graph in minigrad: one Tensor for each entry, named n_0, n_1 …"""
    made = []
    for i, entry in enumerate(recipe):
        if isinstance(entry, float):
            made.append(mg.Tensor(entry, requires_grad=True, name=f"n_{i}"))
        else:
            kind, *inputs = entry
            made.append(getattr(mg, kind)(*[made[j] for j in inputs]).named(f"n_{i}"))
    return made


class Plain:
    """The same graph on floats."""

    def __init__(self, recipe):
        self.recipe = recipe
        self.values = []
        for entry in recipe:
            if isinstance(entry, float):
                self.values.append(entry)
            else:
                kind, *inputs = entry
                x = [self.values[j] for j in inputs]
                self.values.append(math.tanh(*x) if kind == "tanh" else x[0] + x[1] if kind == "add" else x[0] * x[1])

    def shares(self, i, signal):
        """(input, what it receives) for each use of an input by entry i."""
        if isinstance(self.recipe[i], float):
            return []
        kind, *inputs = self.recipe[i]
        if kind == "tanh":
            return [(inputs[0], signal * (1 - self.values[i] ** 2))]
        a, b = inputs
        left, right = (1.0, 1.0) if kind == "add" else (self.values[b], self.values[a])
        return [(a, signal * left), (b, signal * right)]

    def topological(self):
        """The error signals, by entry."""
        signals = {len(self.recipe) - 1: 1.0}
        for i in reversed(range(len(self.recipe))):
            if i in signals:
                for j, share in self.shares(i, signals[i]):
                    signals[j] = signals.get(j, 0.0) + share
        return signals

    def depth_first(self):
        """What each entry passes on when a recursion reaches it; for leaves what they have in the end."""
        signals, passed = {len(self.recipe) - 1: 1.0}, {}

        def visit(i):
            if i in passed:
                return
            passed[i] = signals[i]
            shares = self.shares(i, signals[i])
            for j, share in shares:
                signals[j] = signals.get(j, 0.0) + share
            for j, _ in shares:
                visit(j)

        visit(len(self.recipe) - 1)
        return {i: signals[i] if isinstance(self.recipe[i], float) else passed[i] for i in passed}
