"""Graphs in full detail, traced in the plainest way, and groupings as text."""

import numpy as np

import minigrad as mg
from minigrad.core.graph import topological_order
from minigrad.drawing.graph.nodes import Graph, Node, Use
from minigrad.drawing.levels import connections
from minigrad.notation import Name
from minigrad.notation.name import variable_names, variables_of


def traced(*roots, variables=None):
    """The graph of these roots: what requires gradients, and what it was computed with."""
    names = variable_names(variables or {})
    order = sorted({y for root in roots for y in topological_order(root)}, key=lambda y: y._order)
    nodes, uses, known = [], [], {}
    paths = {
        id(p): path
        for y in order
        if y._scope is not None
        for scope in y._scope.path()[::-1]
        if hasattr(scope.label, "named_parameters")
        for path, p in scope.label.named_parameters()
    }

    def node_of(x):
        if id(x) in known and not isinstance(x, float | int):
            return known[id(x)]
        name = getattr(x, "name", None) or names.get(id(x)) or paths.get(id(x))
        if isinstance(x, mg.Tensor) and x.requires_grad:
            kind = "operation" if x._primitive is not None else "parameter"
        else:
            kind = "given" if name else "constant"
        node = Node(x, kind, name)
        if kind == "operation":
            node.primitive, node.params, node.scope = x._primitive, x._params or {}, x._scope
        known[id(x)] = node
        nodes.append(node)
        return node

    for y in order:
        sources = [node_of(x) for x in y._inputs or ()] if y._primitive is not None else []
        target = node_of(y)
        uses += [Use(source, target, i) for i, source in enumerate(sources)]
    return Graph(nodes, uses, [known[id(root)] for root in roots])


def here(frame):
    """The variables of a frame."""
    return variables_of(frame)


def text_of(group):
    """A group in a word: its name, or the operation that it is."""
    label = group.label
    if isinstance(label, Name):
        text = label.text
    elif label is not None:
        text = str(label).partition("(")[0]
    else:
        last = group.nodes[-1]
        text = last.name or (last.primitive.name if last.primitive else f"{np.asarray(last.value)}")
    return f"{text} ×{group.times}" if group.times > 1 else text


def arrows_of(graph, grouping):
    """The connections in words."""
    words = [text_of(group) for group in grouping.groups]
    return [f"{words[a]} → {words[b]}" for a, b, _ in connections(graph, grouping)]
