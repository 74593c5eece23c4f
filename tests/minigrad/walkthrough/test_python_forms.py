"""Drawn expressions over the whole table of operations: what a formula says in Python is what the sweep computed."""

import numpy as np
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.graph import sweep
from minigrad.notation import write_python
from tests.helpers.every_sample import every_sample, several
from tests.helpers.walkthrough.python_namespace import namespace
from tests.samples import SAMPLES, Sample


def matrix(*shape):
    return np.linspace(-1.3, 1.7, int(np.prod(shape))).reshape(shape)


# What the simplifier has to see through: nothing here is a single operation.
TOGETHER = [
    Sample(text, eval(f"lambda a, b=None: {text}"), tuple(matrix(*shape) for shape in shapes), None)
    for text, *shapes in [
        ("(a @ b.T).T", (2, 3), (4, 3)),
        ("(2.0 * a @ b).T @ a", (3, 2), (2, 3)),
        ("(a * b).T @ a", (3, 2), (3, 2)),
        ("(a @ b) @ (b.T @ a.T)", (2, 3), (3, 2)),
        ("(a + b).T * 3.0", (3, 2), (2,)),
        ("(a * b).T", (3, 2), (1, 2)),
        ("a @ b", (1, 3), (3,)),
        ("a @ b", (1, 1), (1,)),
        ("(a @ b).reshape(1, 1)", (1, 3), (3,)),
        ("a.T.T @ b", (2, 3), (3,)),
        ("b @ a.T @ a", (2, 3), (3,)),
        ("mg.sum(a, axis=1) * mg.mean(b)", (2, 3), (3,)),
        ("mg.sum(mg.mean(a * b, axis=0) / 3.0)", (2, 3), (3,)),
        ("mg.mean(mg.sum(a, axis=1)) * 2.0 / 7.0", (2, 3)),
        ("(a - b) / 4.0 * 2.0 - -(b - a)", (2, 3), (2, 1)),
        ("-(a / (b * b + 1.0)) / 2.0", (3,), (3,)),
        ("mg.broadcast_to(mg.sum(a), (2, 3)) * b", (2, 3), (3,)),
        ("mg.broadcast_to(a, (4, 2, 3)).T.reshape(6, 4) @ mg.broadcast_to(b, (4,))", (2, 3), (1,)),
        ("a.reshape(6) @ b.reshape(-1)", (2, 3), (3, 2)),
        ("mg.linear(a, b)", (3,), (1, 3)),
        ("mg.linear(a, b)", (4, 3), (1, 3)),
        ("mg.max(a, axis=1) * mg.maximum(a[:, 0], b)", (2, 3), (2,)),
        ("mg.cross_entropy(a, [1, 0]) * mg.softmax(a) + mg.cross_entropy(a, b * 0.0 + 1 / 3)", (2, 3), (2, 3)),
        ("(a * 0.0 + b * 0.0).sum(axis=0)", (2, 3), (3,)),
    ]
]
ALL = {**SAMPLES, "several operations": TOGETHER}


@st.composite
def losses(draw):
    """A graph of one to four operations on leaves and on one another's results, some of them named."""
    made = []
    for i in range(draw(st.integers(1, 4))):
        sample = draw(st.sampled_from([sample for samples in ALL.values() for sample in samples]))
        arguments = []
        for j, array in enumerate(sample.arrays):
            known = [t for t in made if t.shape == array.shape and t.dtype == np.float64]
            if known and draw(st.booleans()):
                used = draw(st.sampled_from(known))  # once more; between 0.5 and 1.5 every function is at home
                arguments.append(mg.sigmoid(used) + 0.5 if draw(st.booleans()) else 1.5 - mg.sigmoid(used))
            else:
                arguments.append(mg.Tensor(array, requires_grad=True, name=f"{'abcd'[j]}_{i}"))
                made.append(arguments[-1])
        try:
            y = sample.f(*arguments)
        except (np.linalg.LinAlgError, ValueError):  # what was drawn is singular, or not a probability
            reject()
        made.append(y.named(f"y_{i}") if draw(st.booleans()) else y)
    total = mg.Tensor(0.0)
    for y in made:
        reduced = draw(st.sampled_from([mg.sum, mg.mean if y.size else mg.sum]))
        total = total + reduced(y * draw(st.sampled_from([0.5, -1.0, 2.0])))
    assume(np.isfinite(total.data))
    return total.named("L")


def evaluated(expression, values):
    arrays = {}

    def bind(array):
        arrays[f"_{len(arrays)}"] = array
        return f"_{len(arrays) - 1}"

    text = write_python(expression, constant=bind)
    return eval(text, namespace(), {**values, **arrays})


def same(found, expected):
    expected = np.asarray(expected)
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected))))
    np.testing.assert_allclose(np.broadcast_to(found, expected.shape), expected, rtol=1e-9, atol=1e-9 * scale)


def holds(loss, every_step):
    signals = {}
    sweep(loss, np.ones_like(loss.data)[()], visit=lambda t, t_bar: signals.setdefault(t, t_bar))
    walkthrough = mg.explain(loss, every_step=every_step)
    by_name = {walkthrough.replay.names[t].bar: t_bar for t, t_bar in signals.items() if t in walkthrough.replay.names}
    steps = (*walkthrough.given, *walkthrough.forward, *walkthrough.backward)
    values = {step.name.python: step.value for step in steps}
    assert {step.name for step in walkthrough.backward} == set(by_name)
    for step in walkthrough.forward:
        same(evaluated(step.expression, values), step.value)
    for step in walkthrough.backward:
        same(evaluated(step.expression, values), by_name[step.name])
        if step.contributions:
            same(sum(evaluated(part.expression, values) for part in step.contributions), by_name[step.name])
    assert all(len(step.formula) < 2000 for step in walkthrough.backward)
    return walkthrough


@np.errstate(all="ignore")  # what overflows is the same for both
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(losses(), st.booleans())
def test_every_formula_of_a_drawn_graph_evaluates_to_its_error_signal(loss, every_step):
    holds(loss, every_step)


FEW = {id(sample) for samples in [*several(3).values(), TOGETHER] for sample in samples}


@every_sample(of=ALL)
def test_every_formula_of_every_operation_evaluates_to_its_error_signal(sample):
    inputs = [
        mg.Tensor(array, requires_grad=True, name=name) for name, array in zip("abcd", sample.arrays, strict=False)
    ]
    y = sample.f(*inputs).named("y")
    walkthrough = holds((y * y).sum() + 2.0 * mg.sum(inputs[0]), every_step=False)
    assert walkthrough.check().endswith("all agree")
    assert str(walkthrough)
    if id(sample) in FEW:
        assert walkthrough.latex()
        assert walkthrough.html()
