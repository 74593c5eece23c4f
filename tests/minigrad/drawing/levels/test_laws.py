"""What is true of every grouping of every graph: nothing is left out, nothing is invented."""

import pytest
from hypothesis import given, settings

from minigrad.drawing.levels import connections, lines, modules, operations, stages
from minigrad.drawing.levels.grouping import Summary
from tests.helpers.drawing.random_graphs import random_graphs

LEVELS = {
    "lines": lines,
    "stages": stages,
    "modules": modules,
    "modules to depth 1": lambda graph: modules(graph, 1),
    "modules to depth 2": lambda graph: modules(graph, 2),
    "operations": operations,
}


def described(grouping):
    """Everything that a grouping says."""
    groups = [(g.nodes, g.kind, str(g.label), g.times, g.enclosure, list(map(str, g.folded))) for g in grouping.groups]
    return groups, [(str(e.label), e.outer) for e in grouping.enclosures], grouping.notes, grouping.level


def obeys_the_laws(graph, grouping):
    position = {node: k for k, group in enumerate(grouping.groups) for node in group.nodes}
    assert sorted(map(id, graph.nodes)) == sorted(id(node) for group in grouping.groups for node in group.nodes)
    order = {node: i for i, node in enumerate(graph.nodes)}
    for k, group in enumerate(grouping.groups):
        assert [order[node] for node in group.nodes] == sorted(order[node] for node in group.nodes)
        assert group.enclosure is None or 0 <= group.enclosure < len(grouping.enclosures), k
    for k, enclosure in enumerate(grouping.enclosures):
        assert enclosure.outer is None or enclosure.outer < k
    assert all(position[use.source] <= position[use.target] for use in graph.uses)

    failed = [group for group in grouping.groups if group.kind == "failed"]
    operations = [node for group in failed for node in group.nodes if node.kind == "operation"]
    assert operations == ([graph.failed] if graph.failed is not None else [])

    found = connections(graph, grouping)
    between = [use for use in graph.uses if position[use.source] != position[use.target]]
    assert sorted(map(id, between)) == sorted(id(use) for connection in found for use in connection.uses)
    for source, target, uses in found:
        assert {(position[use.source], position[use.target]) for use in uses} == {(source, target)}
        both = {type(grouping.groups[source].label), type(grouping.groups[target].label)}
        assert len({use.source for use in uses}) == 1 or Summary in both


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=20, deadline=None)
@given(graph=random_graphs())
def test_each_node_is_in_one_group_and_each_use_between_groups_is_a_connection(level, graph):
    obeys_the_laws(graph, LEVELS[level](graph))


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=8, deadline=None)
@given(graph=random_graphs())
def test_the_same_graph_gives_the_same_groups(level, graph):
    assert described(LEVELS[level](graph)) == described(LEVELS[level](graph))


@settings(max_examples=20, deadline=None)
@given(graph=random_graphs())
def test_operations_are_one_by_one_and_so_are_their_uses(graph):
    grouping = operations(graph)
    assert all(len(group.nodes) == 1 for group in grouping.groups)
    assert [uses for *_, (use, *uses) in connections(graph, grouping)] == [[] for _ in graph.uses]


@settings(max_examples=20, deadline=None)
@given(graph=random_graphs())
def test_a_line_has_one_value_that_leaves_it(graph):
    grouping = lines(graph)
    for source, _, (use, *_) in connections(graph, grouping):
        assert use.source is grouping.groups[source].nodes[-1]
