"""What `trace` finds: leaves, operations, uses, names, and what is marked as detached or unrecorded."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.recording.arrays import _known
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.graph.trace import trace


def rows(graph: Graph) -> list[str]:
    """Each node as ``name = primitive(arguments)`` or ``kind name``, in order; nameless ones are numbered."""
    called: dict[Any, str] = {}
    lines = []
    for i, node in enumerate(graph.nodes):
        called[node] = node.name or f"#{i}"
        arguments = [called[use.source] for use in graph.uses if use.target is node]
        assert [use.position for use in graph.uses if use.target is node] == [*range(len(arguments))]
        what = f"{node.primitive.name}({', '.join(arguments)})" if node.primitive else node.kind
        lines.append(f"{called[node]} = {what}")
    return lines


def test_a_value_that_is_used_twice_has_two_uses() -> None:
    x = mg.Tensor(3.0, requires_grad=True, name="x")
    assert rows(trace([(x * x + x).named("y")])) == ["x = parameter", "#1 = multiply(x, x)", "y = add(#1, x)"]


def test_each_use_of_a_number_is_a_node_of_its_own_but_an_array_is_one() -> None:
    x, a = mg.Tensor([3.0], requires_grad=True, name="x"), np.array([2.0])
    y = (x * 0.5) * 0.5 + a * x + a * x
    kinds = [node.kind for node in trace([y]).nodes]
    assert kinds.count("constant") == 3
    assert [node.kind for node in trace([y], {id(a): "a"}).nodes].count("given") == 1


def test_constants_are_followed_within_record() -> None:
    t = mg.Tensor([1.0, 2.0], name="t")
    with mg.record():
        u = t * t
        for _ in range(20):  # more than is kept otherwise
            u = u + 1
    graph = trace([u])
    assert len(graph.nodes) == 1 + 1 + 20 + 20
    assert not any(node.gets_signal for node in graph.nodes)


def test_a_computed_value_is_never_an_input() -> None:
    t, big = mg.Tensor(2.0, name="t"), mg.Tensor(np.zeros(200_000), name="big")
    w = mg.Tensor(2.0, requires_grad=True, name="w")
    with mg.no_grad():
        u = w * t
    assert rows(trace([w * u])) == ["w = parameter", "#1 = unrecorded", "#2 = multiply(w, #1)"]
    assert rows(trace([w * (big + 1)]))[1] == "#1 = unrecorded"  # too large to be kept
    assert rows(trace([w * (w * t).detach()]))[1] == "#1 = unrecorded"
    assert rows(trace([w * t.detach()]))[1] == "#1 = constant"  # t without its name
    assert rows(trace([w * mg.Tensor(t * t)]))[1] == "#1 = unrecorded"
    assert rows(trace([w * mg.Tensor(t * t, requires_grad=True)]))[1] == "#1 = parameter"
    assert rows(trace([w * (t + 1)]))[:3] == ["t = given", "#1 = constant", "#2 = add(t, #1)"]


def test_what_is_detached_gets_no_signal() -> None:
    w = mg.Tensor(2.0, requires_grad=True, name="w")
    with mg.record():
        with mg.no_grad():
            u = (w * 3.0).named("u")
        v = w.detach().named("v")
        L = (w * u * v).named("L")
    graph = trace([L])
    assert rows(graph) == [
        "w = parameter",
        "#1 = constant",
        "u = multiply(w, #1)",
        "v = detach(w)",
        "#4 = multiply(w, u)",
        "L = multiply(#4, v)",
    ]
    assert [node.gets_signal for node in graph.nodes] == [True, False, False, False, True, True]


def test_operations_on_plain_arrays_are_recorded() -> None:
    x = np.array([[4.0, 1.0], [1.0, 4.0]])
    with mg.record():
        y = mg.exp(x)
        values, vectors = mg.eigh(x)
        sign, _ = mg.slogdet(x)
        z = mg.sqrt(4.0)
    assert isinstance(mg.exp(x), np.ndarray)
    graph = trace([y, values, vectors, sign, z], {id(x): "x"})
    assert [row.split("= ")[1] for row in rows(graph)] == [
        "given",
        "exp(x)",
        "eigenvalues(x)",
        "eigenvectors(x)",
        "slogdet_sign(x)",
        "constant",
        "sqrt(#5)",
    ]


def test_comparisons_give_arrays_and_are_recorded() -> None:
    x = mg.Tensor([[1.0, -2.0]], requires_grad=True, name="x")
    with mg.record():
        mask = x > 0
        both = np.logical_and(mask, np.isfinite(x))  # of plain arrays: NumPy's own
        places = x.argmax(axis=1)
        y = mg.where(mask, x, mg.Tensor(places)).named("y")
    assert type(mask) is type(places) is np.ndarray
    assert rows(trace([y], {id(mask): "mask"})) == [
        "x = parameter",
        "#1 = constant",
        "mask = greater(x, #1)",
        "#3 = argmax(x)",
        "#4 = detach(#3)",
        "y = where(mask, x, #4)",
    ]
    assert rows(trace([y + mg.where(both, x, 0.0)]))[0] == "x = parameter"
    alive = weakref.ref(x)
    del x, y, places
    assert alive() is not None
    del mask, both
    assert alive() is None
    assert not _known


def test_arrays_outside_record_have_no_origin() -> None:
    x = mg.Tensor([1.0, -2.0], requires_grad=True, name="x")
    assert rows(trace([mg.where(x > 0, x, 0.0)]))[0] == "#0 = constant"


def test_several_roots_share_their_nodes() -> None:
    x = mg.Tensor(2.0, requires_grad=True, name="x")
    a, b = (2 * x).named("a"), (x + 1).named("b")
    graph = trace([b, a, b])
    assert [node.name for node in graph.roots] == ["b", "a", "b"]
    assert [node.name for node in graph.nodes if node.name] == ["x", "a", "b"]


def test_a_recorded_backward_pass_is_a_graph() -> None:
    x = mg.Tensor(2.0, requires_grad=True, name="x")
    y = (x * x).named("y")
    y.backward(create_graph=True)
    assert [row.split("= ")[1] for row in rows(trace([x.grad]))][-1].startswith("add(")


def test_a_freed_graph_is_an_error() -> None:
    x = mg.Tensor(2.0, requires_grad=True)
    y = mg.exp(x * x)
    y.backward()
    with pytest.raises(RuntimeError, match="was freed by an earlier backward"):
        trace([y])


def test_nothing_is_kept_alive() -> None:
    with mg.record():
        x = mg.Tensor(np.ones(3))
        with mg.no_grad():
            y = mg.exp(x) * 2
        graph = trace([y])
        alive = weakref.ref(x), weakref.ref(y)
        del x, y
        assert all(reference() is not None for reference in alive)
        gc.disable()
        try:
            del graph
            assert all(reference() is None for reference in alive)  # without cycles
        finally:
            gc.enable()


def test_comparisons_of_single_numbers_are_recorded() -> None:
    x = mg.Tensor(2.0, requires_grad=True, name="x")
    with mg.record():
        y = mg.where(x > 1, x, 0.0).named("y") if x > 0 else x
    assert rows(trace([y])) == [
        "x = parameter",
        "#1 = constant",
        "#2 = greater(x, #1)",
        "#3 = constant",
        "y = where(#2, x, #3)",
    ]
    assert type(x > 1) is np.bool


def test_what_is_computed_after_record_keeps_nothing_large() -> None:
    with mg.record():
        x = mg.Tensor(np.ones(200_000))
        w = mg.Tensor(1.0, requires_grad=True)
        with mg.no_grad():
            y = x.sum() * w
    outside, alive = y + 1, weakref.ref(x)
    del x, y
    assert alive() is None
    assert rows(trace([outside])) == ["#0 = unrecorded"]


def test_what_a_module_was_given_is_no_parameter_of_it_though_it_requires_gradients() -> None:
    x = mg.Tensor(np.ones((1, 2), np.float32), requires_grad=True, name="x")
    model = nn.Linear(2, 1, rng=0)
    kinds = {node.name: node.kind for node in trace([model(x)]).nodes if node.kind != "operation"}
    assert kinds == {"x": "given", "weight": "parameter", "bias": "parameter"}


def test_what_has_no_name_is_a_constant_and_what_has_one_is_given() -> None:
    w = mg.Tensor(2.0, requires_grad=True, name="w")
    for value in (3.0, [3.0, 1.0]):
        assert rows(trace([w * mg.Tensor(value)]))[1] == "#1 = constant"
        assert rows(trace([w * mg.Tensor(value, name="x")]))[1] == "x = given"


def test_arrays_given_as_keywords_are_uses_and_what_the_forward_pass_saved_is_not() -> None:
    x, rows_of_x = mg.Tensor([1.0, 2.0, 3.0], requires_grad=True, name="x"), np.array([0, 0, 2])
    graph = trace([x[rows_of_x].named("y")], {id(rows_of_x): "i"})
    assert rows(graph) == ["x = parameter", "i = given", "y = getitem(x, i)"]
    assert [use.keyword for use in graph.uses] == [False, True]
    image = mg.Tensor(np.ones((1, 1, 2, 2)), requires_grad=True, name="image")
    assert rows(trace([mg.max_pool2d(image, 2).named("y")])) == ["image = parameter", "y = max_pool2d(image)"]


def test_the_indices_of_an_embedding_are_drawn() -> None:
    drawing = nn.draw(nn.Embedding(5, 2, rng=0), np.array([[1, 2, 0]]), loss=mg.sum)
    assert "[1   2   0]" in str(drawing)
