"""Random graphs with random scopes, for hypothesis."""

import numpy as np
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.named_scope import TOP_LEVEL, Scope
from minigrad.drawing.graph.nodes import Graph, Node, Use

KINDS = ("parameter", "buffer", "given", "constant", "unrecorded")
PRIMITIVES = (mg.add, mg.multiply, mg.matmul, mg.exp)


class Module:
    """The label of a call, as modules have it."""

    def __init__(self, name):
        self.name = name

    def named_parameters(self):
        return iter(())

    def __str__(self):
        return f"{self.name}: Layer()"


@st.composite
def random_graphs(draw, max_nodes=30):
    """Operations on any earlier values, in scopes that begin and end at any time, also in turns, as threads would."""
    count = draw(st.integers(1, max_nodes))
    scopes, nodes, uses = [TOP_LEVEL], [], []
    for i in range(count):
        if draw(st.integers(0, 4)) == 0:
            label = draw(st.sampled_from((f"s{i}", Module(f"m{i}"), [i], np.array([1.0, 2.0]))))
            scopes.append(Scope(label, draw(st.sampled_from(scopes))))
        if not nodes or draw(st.integers(0, 3)) == 0:
            kind = draw(st.sampled_from(KINDS))
            name = f"x{i}" if draw(st.booleans()) else None
            value = draw(st.sampled_from((1.0, [1.0, 2.0], [[1.0, 2.0]])))
            nodes.append(Node(mg.Tensor(value), kind, name))
            continue
        primitive = draw(st.sampled_from(PRIMITIVES))
        sources = draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=2))
        name = draw(st.sampled_from((None, None, "z", "h", f"y{i}")))
        value = draw(st.sampled_from((1.0, [1.0, 2.0])))
        scope = draw(st.sampled_from(scopes))
        node = Node(mg.Tensor(value), "operation", name, primitive, {}, scope, gets_signal=True)
        uses += [Use(source, node, k) for k, source in enumerate(sources)]
        nodes.append(node)
    roots = draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=2, unique=True))
    failed = nodes[-1] if draw(st.integers(0, 5)) == 0 and nodes[-1].kind == "operation" else None
    return Graph(nodes, uses, roots, failed)
