"""Level "stages": layers with what follows them."""

import numpy as np

import minigrad as mg
import nn
from minigrad.drawing.levels import stages
from tests.helpers.drawing.traced_graphs import arrows_of, text_of, traced


def parameter(data):
    return mg.Tensor(data, requires_grad=True)


def names(grouping):
    return [text_of(group) for group in grouping.groups]


def of(model, *shape):
    """The graph of a model with a loss, and its stages."""
    x = mg.Tensor(np.random.default_rng(0).random(shape), name="x")
    t = mg.Tensor(np.zeros(shape[0], dtype=int), name="t")
    L = mg.cross_entropy(model(x), t).named("L")
    graph = traced(L)
    return graph, stages(graph)


def test_lenet_has_five_boxes_between_the_images_and_the_loss():
    graph, grouping = of(nn.LeNet(), 2, 1, 28, 28)
    layers = [group for group in grouping.groups if group.kind == "layer"]
    assert [text_of(group) for group in layers] == [
        *("conv1: Conv2d", "conv2: Conv2d", "fc1: Linear", "fc2: Linear", "fc3: Linear"),
    ]
    assert [[type(label.module).__name__ for label in group.folded] for group in layers] == [
        ["Conv2d", "ReLU", "MaxPool2d"],
        ["Conv2d", "ReLU", "MaxPool2d", "Flatten"],
        ["Linear", "ReLU"],
        ["Linear", "ReLU"],
        ["Linear"],
    ]
    assert arrows_of(graph, grouping)[-2:] == ["fc3: Linear → L", "t → L"]
    assert not grouping.enclosures


def test_what_comes_before_the_first_layer_is_a_box():
    x, W = mg.Tensor(np.ones((1, 1, 4, 4)), requires_grad=True, name="x"), nn.Linear(4, 2)
    model = nn.Sequential(nn.MaxPool2d(2), nn.Flatten(), W)
    grouping = stages(traced(model(x)))
    assert names(grouping) == ["x", "0: MaxPool2d", "2: Linear"]
    assert [group.kind for group in grouping.groups] == ["parameter", "module", "layer"]


def test_a_residual_sum_is_a_box_of_its_own():
    graph, grouping = of(nn.Sequential(nn.Conv2d(3, 4, 1), nn.BasicBlock(4, 4), nn.GlobalAvgPool()), 2, 3, 4, 4)
    assert [group.folded and len(group.folded) for group in grouping.groups if group.kind != "given"] == [1, 3, 2, 3, 2]
    assert "0: Conv2d → 1: BasicBlock" not in names(grouping)
    kinds = [group.kind for group in grouping.groups]
    assert kinds == ["given", "layer", "layer", "layer", "module", "given", "computed"]
    targets = [arrow.split(" → ")[1] for arrow in arrows_of(graph, grouping)]
    assert targets.count("mean") == 2  # the sum, with the ReLU and the mean over pixels after it


def test_each_branch_of_an_inception_block_is_on_its_own():
    model = nn.Sequential(nn.Conv2d(3, 4, 1), nn.Inception(4, 2, 2, 2, 2, 2, 2), nn.GlobalAvgPool(), nn.Linear(8, 3))
    graph, grouping = of(model, 2, 3, 8, 8)
    assert names(grouping) == [
        *("x", "0: Conv2d", "0: Conv2d", "0: Conv2d", "2: Conv2d", "0: Conv2d", "2: Conv2d", "0: MaxPool2d"),
        *("1: Conv2d", "mean", "3: Linear", "t", "L"),
    ]
    assert arrows_of(graph, grouping).count("0: Conv2d → 0: MaxPool2d") == 1


def test_a_network_without_modules_has_a_stage_for_each_matrix():
    rng = np.random.default_rng(0)
    x, t = mg.Tensor(rng.random((5, 3)), name="x"), mg.Tensor(rng.random((5, 2)), name="t")
    W1, b1, W2, b2 = (parameter(rng.random(shape)) for shape in ((3, 4), (4,), (4, 2), (2,)))
    h = mg.tanh(x @ W1 + b1).named("h")
    y = (h @ W2 + b2).named("y")
    L = (((y - t) ** 2).mean() + 0.1 * ((W1**2).sum() + (W2**2).sum())).named("L")
    graph = traced(L)
    grouping = stages(graph)
    assert names(grouping) == ["x", "h", "y", "t", "L"]
    assert [group.kind for group in grouping.groups] == ["given", "layer", "layer", "given", "computed"]
    assert arrows_of(graph, grouping) == ["x → h", "h → y", "y → L", "t → L", "h → L", "y → L"]  # the penalties last


def test_tied_weights_stand_beside_the_layers_that_share_them():
    x, W = mg.Tensor(np.ones((2, 3)), name="x"), parameter(np.ones((3, 2))).named("W")
    h = mg.tanh(x @ W).named("h")
    y = (h @ W.T).named("y")
    L = ((y - x) ** 2).mean().named("L")
    graph = traced(L)
    grouping = stages(graph)
    assert names(grouping) == ["W", "x", "h", "y", "L"]
    assert arrows_of(graph, grouping) == ["x → h", "W → h", "W → y", "h → y", "y → L", "x → L"]


def test_a_step_of_a_recurrence_is_one_stage():
    W, U, h = parameter(np.ones((2, 3))).named("W"), parameter(np.ones((3, 3))).named("U"), mg.Tensor(np.zeros((1, 3)))
    xs = [mg.Tensor(np.ones((1, 2)), name=f"x{k}") for k in range(4)]
    for k, x in enumerate(xs):
        h = mg.tanh(x @ W + h @ U).named(f"h{k + 1}")
    grouping = stages(traced(h.sum()))
    layers = [group for group in grouping.groups if group.kind == "layer"]
    assert [text_of(group) for group in layers] == ["h⁽¹⁾", "h⁽²⁾", "h⁽³⁾", "h⁽⁴⁾"]


def test_queries_keys_and_values_of_attention_are_layers_of_their_own():
    class Attention(nn.Module):
        def __init__(self):
            self.q, self.k, self.v, self.out = (nn.Linear(4, 4) for _ in range(4))

        def forward(self, x):
            q, k, v = self.q(x), self.k(x), self.v(x)
            return x + self.out(mg.softmax(q @ mg.swapaxes(k, -1, -2)) @ v)

    model = nn.Sequential(nn.Embedding(9, 4), Attention(), nn.Linear(4, 9))
    graph = traced(model(np.array([[1, 2, 3]])))
    grouping = stages(graph)
    layers = [text_of(group) for group in grouping.groups if group.kind == "layer"]
    assert sorted(layers) == ["0: Embedding", "2: Linear", "k: Linear", "out: Linear", "q: Linear", "v: Linear"]
    computed = [text_of(group) for group in grouping.groups if group.kind == "computed"]
    assert computed == ["softmax", "matmul", "add"]  # named after their last operation
    assert arrows_of(graph, grouping).count("0: Embedding → add") == 1


def test_the_positions_added_to_an_embedding_are_a_part_of_it():
    W, positions = parameter(np.ones((9, 4))).named("W"), parameter(np.ones((5, 4))).named("positions")
    x = W[np.array([1, 2, 3])] + positions[:3]
    (group,) = stages(traced(x.named("x"))).groups
    assert (text_of(group), group.kind, len(group.nodes)) == ("x", "layer", 5)


def test_batch_normalization_belongs_to_the_convolution_before_it():
    _, grouping = of(nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.ReLU(), nn.GlobalAvgPool()), 2, 3, 4, 4)
    assert names(grouping) == ["x", "0: Conv2d", "t", "L"]
    assert len(grouping.groups[1].folded) == 4


def test_a_loss_holds_its_arithmetic_and_its_penalty():
    rng = np.random.default_rng(0)
    x, W = mg.Tensor(rng.random((5, 3)), name="x"), parameter(rng.random((3, 2))).named("W")
    L = (mg.sum((x @ W).named("y") ** 2) + 0.1 * mg.sum(W**2)).named("L")
    grouping = stages(traced(L))
    assert names(grouping) == ["x", "y", "L"]
    assert [node.kind for node in grouping.groups[1].nodes] == ["parameter", "operation"]


def test_two_losses_that_are_added_are_one_box():
    x, W, V = mg.Tensor(np.ones((5, 3)), name="x"), parameter(np.ones((3, 2))), parameter(np.ones((3, 2)))
    s, t = mg.Tensor(np.ones((5, 2)), name="s"), mg.Tensor(np.ones((5, 2)), name="t")
    y, z = (x @ W).named("y"), (x @ V).named("z")
    L = (mg.mean((y - s) ** 2) + mg.mean((z - t) ** 2)).named("L")
    assert sorted(names(stages(traced(L)))) == ["L", "s", "t", "x", "y", "z"]


def test_an_accuracy_is_not_a_part_of_the_loss():
    x, W, t = mg.Tensor(np.ones((5, 3)), name="x"), parameter(np.ones((3, 2))), mg.Tensor(np.ones((5, 2)), name="t")
    y = (x @ W).named("y")
    L, size = mg.mean((y - t) ** 2).named("L"), mg.max(mg.abs(y)).named("size")
    graph = traced(L, size)
    graph.roots = graph.roots[:1]
    assert sorted(names(stages(graph))) == ["L", "size", "t", "x", "y"]


def test_a_stage_is_connected():
    for model, shape in ((nn.ResNet20(), (2, 3, 32, 32)), (nn.LeNet(), (2, 1, 28, 28))):
        graph, grouping = of(model, *shape)
        for group in grouping.groups:
            inside, reached = set(group.nodes), {group.nodes[-1]}
            links = [(use.source, use.target) for use in graph.uses if {use.source, use.target} <= inside]
            for _ in group.nodes:
                reached |= {a for a, b in links if b in reached} | {b for a, b in links if a in reached}
            assert reached == inside


def test_layers_called_alike_have_frames_that_tell_them_apart():
    """linear0 of the encoder and of the decoder."""
    graph = traced(nn.Autoencoder([6, 2], rng=0)(mg.Tensor(np.ones((1, 6)), name="x")))
    grouping = stages(graph)
    layers = [group for group in grouping.groups if group.kind == "layer"]
    frames = [grouping.enclosures[group.enclosure].label.name for group in layers]
    assert [(group.label.name, frame) for group, frame in zip(layers, frames, strict=True)] == [
        ("linear0", "encoder"),
        ("linear0", "decoder"),
    ]
