"""The loss over a plane of parameter space: its values, where a path lies in it, and that nothing else changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X, T = np.random.default_rng(0).normal(size=(20, 3)), np.random.default_rng(1).integers(0, 4, 20)
A = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]])


def network(*, normalized: bool = False) -> nn.Sequential:
    rng = np.random.default_rng(0)
    layers = [nn.Linear(3, 5, dtype=np.float64, rng=rng)]
    layers += [nn.BatchNorm1d(5, dtype=np.float64), nn.Dropout(0.5, rng=rng)] if normalized else [nn.Tanh()]
    return nn.Sequential(*layers, nn.Linear(5, 4, dtype=np.float64, rng=rng))


def loss_of(model: nn.Module) -> Any:
    return lambda: mg.cross_entropy(model(X), T)


def numbers(model: nn.Module) -> Any:
    return np.concatenate([p.data.ravel() for p in model.parameters()])


def set_numbers(model: nn.Module, vector: Any) -> None:
    for p in model.parameters():
        p.data, vector = vector[: p.size].reshape(p.shape).astype(p.dtype), vector[p.size :]


# ---------------------------------------------------------------- two parameters


def test_over_two_parameters_it_is_the_function_itself() -> None:
    w, b = mg.Tensor(2.0, requires_grad=True), mg.Tensor(-1.0, requires_grad=True)
    surface = nn.loss_surface(lambda: (w - 1) ** 2 + 3 * w * b**2, {"w": w, "b": b}, limits=((-1, 3), (-2, 2)))
    ws, bs = np.meshgrid(surface.x, surface.y)
    np.testing.assert_allclose(surface.loss, (ws - 1) ** 2 + 3 * ws * bs**2, rtol=1e-12)
    assert (surface.kind, surface.names, surface.origin) == ("parameters", ("w", "b"), (2.0, -1.0))
    assert surface.centre_loss == 1 + 6
    assert (surface.x[0], surface.x[-1], surface.y[0], surface.y[-1]) == (-1, 3, -2, 2)


def test_over_the_two_numbers_of_one_tensor() -> None:
    w = mg.Tensor([1.0, 2.0], name="w")
    surface = nn.loss_surface(lambda: w[0] + 10 * w[1], [w], points=3)
    assert surface.names == ("w₁", "w₂")
    np.testing.assert_allclose(surface.loss, surface.x + 10 * surface.y[:, None])
    np.testing.assert_array_equal([surface.x, surface.y], [[0, 1, 2], [0, 2, 4]])


def test_the_path_of_two_parameters_is_as_it_was() -> None:
    w, b = mg.Tensor(0.0), mg.Tensor(0.0)
    path = [(4.0, 2.0), (1.0, 1.5), (0.0, 0.0)]
    surface = nn.loss_surface(lambda: w**2 + b**2, [w, b], path=path)
    np.testing.assert_array_equal(surface.path, path)
    assert surface.explained is None
    assert surface.x[0] < 0 < 4 < surface.x[-1]
    assert surface.y[0] < 0 < 2 < surface.y[-1]
    straight = nn.loss_surface(lambda: w**2 + b**2, [w, b], path=[(3.0, 0.0), (0.0, 0.0)])
    assert straight.y[0] < 0 < straight.y[-1]


# ---------------------------------------------------------------- a plane through more


def test_of_a_quadratic_it_is_the_quadratic() -> None:
    w = mg.Tensor([1.0, -2.0, 0.5])
    surface = nn.loss_surface(lambda: w @ mg.Tensor(A) @ w, [w], points=5, rng=0)
    for i, j in np.ndindex(5, 5):
        at = surface.centre + surface.x[j] * surface.directions[0] + surface.y[i] * surface.directions[1]
        assert surface.loss[i, j] == pytest.approx(at @ A @ at, rel=1e-12)


def test_the_middle_is_the_loss() -> None:
    model = network()
    surface = nn.loss_surface(loss_of(model), model, points=5, rng=0)
    assert surface.loss[2, 2] == surface.centre_loss == loss_of(model)().item()
    assert (surface.kind, surface.model, surface.origin, surface.path) == ("random", "Sequential", (0, 0), None)
    np.testing.assert_array_equal(surface.centre, numbers(model))
    set_numbers(model, surface.centre + surface.x[3] * surface.directions[0] + surface.y[1] * surface.directions[1])
    assert surface.loss[1, 3] == loss_of(model)().item()


def test_random_directions_have_the_lengths_of_the_filters() -> None:
    model = nn.Sequential(nn.Conv2d(2, 3, 3, rng=0), nn.Flatten(), nn.Linear(3, 4, rng=0))
    x = np.random.default_rng(0).normal(size=(2, 2, 3, 3)).astype(np.float32)
    surface = nn.loss_surface(lambda: mg.mean(model(x) ** 2), model, points=2, rng=0)
    for direction in surface.directions:
        other = nn.Sequential(nn.Conv2d(2, 3, 3, dtype=np.float64), nn.Flatten(), nn.Linear(3, 4, dtype=np.float64))
        set_numbers(other, direction)
        for layer in (0, 2):
            lengths, own = (np.linalg.norm(np.asarray(m[layer].weight.data).reshape(len(m[layer].weight), -1), axis=1)
                            for m in (other, model))  # fmt: skip
            np.testing.assert_allclose(lengths, own, rtol=1e-5)
            assert not other[layer].bias.data.any()
    again, another = (nn.loss_surface(lambda: mg.mean(model(x) ** 2), model, points=2, rng=rng) for rng in (0, 1))
    np.testing.assert_array_equal(again.directions, surface.directions)
    assert (another.directions != surface.directions).any()
    assert abs(np.corrcoef(surface.directions)[0, 1]) < 0.5


def test_frozen_parameters_stay() -> None:
    model = network()
    for p in model[0].parameters():
        p.requires_grad = False
    frozen = sum(p.size for p in model[0].parameters())
    surface = nn.loss_surface(loss_of(model), model, points=2, rng=0)
    assert not surface.directions[:, :frozen].any()
    assert surface.directions[:, frozen:].any()


def test_vectors_alone_are_filters_of_their_own() -> None:
    w, b = mg.Tensor([3.0, 0.0, 4.0]), mg.Tensor([2.0])
    for direction in nn.loss_surface(lambda: mg.sum(w) + mg.sum(b), [w, b], points=2, rng=0).directions:
        assert np.linalg.norm(direction[:3]) == pytest.approx(5)
        assert abs(direction[3]) == pytest.approx(2)


def test_points_of_a_path_lie_where_the_projection_says() -> None:
    model = network()
    end, rng = numbers(model), np.random.default_rng(0)
    path = end + np.linspace(1, 0, 9)[:, None] * rng.normal(size=end.size) + 0.1 * rng.normal(size=(9, end.size))
    surface = nn.loss_surface(loss_of(model), model, path=path, points=3)
    d = surface.directions
    np.testing.assert_allclose(d @ d.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(surface.path, (path - end) @ d.T, atol=1e-12)
    left, right, low, high = (*surface.x[[0, -1]], *surface.y[[0, -1]])
    assert ((left < surface.path[:, 0]) & (surface.path[:, 0] < right)).all()
    assert ((low < surface.path[:, 1]) & (surface.path[:, 1] < high)).all()
    assert surface.path[0, 0] < 0


def test_the_plane_of_a_path_is_the_closest_one() -> None:
    model = network()
    end, rng = numbers(model), np.random.default_rng(0)
    path = end + np.cumsum(rng.normal(size=(7, end.size)), axis=0)
    surface = nn.loss_surface(loss_of(model), model, path=path, points=2)
    lengths = np.linalg.eigvalsh((path - end).T @ (path - end))[::-1]
    assert surface.explained is not None
    np.testing.assert_allclose(surface.explained, lengths[:2] / lengths.sum(), rtol=1e-8)
    rest = path - end - surface.path @ surface.directions
    assert 1 - (rest**2).sum() / ((path - end) ** 2).sum() == pytest.approx(sum(surface.explained))


def test_a_path_within_a_plane_is_explained_completely() -> None:
    model = network()
    end, rng = numbers(model), np.random.default_rng(0)
    path = end + rng.normal(size=(6, 2)) @ rng.normal(size=(2, end.size))
    surface = nn.loss_surface(loss_of(model), model, path=path, points=2)
    assert sum(surface.explained or ()) == pytest.approx(1, rel=1e-12)
    assert repr(surface).endswith("the plane has 100.0 % of the path)")


# ---------------------------------------------------------------- what is left as it was


class Interrupted(Exception):
    pass


@pytest.mark.parametrize("fails", [False, True])
def test_the_model_is_as_before(fails: bool) -> None:
    model = network(normalized=True)
    model[2].eval()
    mg.sum(model(X)).backward()
    arrays = [p.data for p in model.parameters()]
    values, grads = [a.copy() for a in arrays], [p.grad.copy() for p in model.parameters()]
    state = {name: np.copy(a) for name, a in model.state_dict().items() if "generator" not in name}
    drawn = [g.bit_generator.state for _, g in model.named_generators()]
    calls = []

    def loss() -> Any:
        calls.append(model[0].training)
        if fails and len(calls) == 5:
            raise Interrupted
        model[1].train()
        model[2].train()
        return mg.cross_entropy(model(X), T)

    if fails:
        with pytest.raises(Interrupted):
            nn.loss_surface(loss, model, points=3)
    else:
        nn.loss_surface(loss, model, points=3)
    assert not any(calls)
    assert [module.training for module in model] == [True, True, False, True]
    assert all(p.data is array for p, array in zip(model.parameters(), arrays, strict=True))
    for p, value, grad in zip(model.parameters(), values, grads, strict=True):
        np.testing.assert_array_equal(p.data, value)
        np.testing.assert_array_equal(p.grad, grad)
    for name, array in state.items():
        np.testing.assert_array_equal(model.state_dict()[name], array)
    assert [g.bit_generator.state for _, g in model.named_generators()] == drawn


def test_a_batch_normalization_uses_its_running_means_or_those_of_the_batch() -> None:
    model = network(normalized=True)
    model(X)
    running = nn.loss_surface(loss_of(model), model, points=3, rng=0)
    assert running.centre_loss == nn.evaluate(model, X, T)["loss"]

    def of_the_batch() -> Any:
        model[1].train()
        return mg.cross_entropy(model(X), T)

    batch = nn.loss_surface(of_the_batch, model, points=3, rng=0)
    with nn.module.evaluation_mode(model):
        model[1].train()
        assert batch.loss[1, 1] == pytest.approx(mg.cross_entropy(model(X), T).item())
    assert batch.centre_loss != running.centre_loss


def test_the_dtype_of_parameters_stays() -> None:
    model = nn.Linear(3, 4, rng=0)
    seen = []
    nn.loss_surface(lambda: (seen.append(model.weight.dtype), mg.sum(model.weight**2))[1], model, points=2)
    assert set(seen) == {np.dtype(np.float32)}


def test_where_the_loss_is_not_finite() -> None:
    w, b = mg.Tensor(1.0), mg.Tensor(1.0)
    surface = nn.loss_surface(lambda: mg.log(w) + b, [w, b], limits=((-1, 1), (0, 1)), points=3)
    assert np.isnan(surface.loss[:, 0]).all()
    assert np.isneginf(surface.loss[:, 1]).all()
    np.testing.assert_array_equal(surface.loss[:, 2], [0, 0.5, 1])


# ---------------------------------------------------------------- errors

W = mg.Tensor([1.0, 2.0, 3.0], name="W")


@pytest.mark.parametrize(
    ("loss", "parameters", "options", "error", "said"),
    [
        (1.5, [W], {}, TypeError, "loss is a float, expected a function without arguments"),
        (nn.Linear(1, 1), [W], {}, TypeError, "loss is a Linear, expected a function"),
        (lambda w, b: w * b, [W], {}, TypeError, "loss takes the arguments w, b, expected .*: lambda: loss"),
        (mg.cross_entropy, [W], {}, TypeError, "loss takes the arguments z, target, .*: lambda: cross_entropy"),
        (lambda: None, [W], {}, TypeError, "the loss is None, expected a number; does the function end with return"),
        (lambda: 2.0, [W], {}, ValueError, "the loss is 2 at all points; does the function compute it anew"),
        (lambda: W * 1.0, [W], {}, TypeError, r"the loss has shape \(3,\), expected a single number"),
        (lambda: mg.sum(W), [], {}, ValueError, "there are no parameters"),
        (lambda: mg.sum(W), [W.data], {}, TypeError, "parameter 1 is a ndarray, expected a Tensor"),
        (lambda: mg.sum(W), [mg.Tensor([1, 2, 3])], {}, TypeError, "parameter 1 has dtype int64, expected floating"),
        (lambda: mg.sum(W), [W], {"path": np.zeros((4, 2))}, ValueError, r"path has shape \(4, 2\), expected \(K, 3\)"),
        (
            lambda: mg.sum(W),
            [W],
            {"path": [[0, 0, 0], [np.nan, 0, 0]]},
            ValueError,
            "point 1 of the path is not finite",
        ),
        (lambda: mg.sum(W), [W], {"path": [[2, 4, 6], [1, 2, 3]]}, ValueError, "lie on a straight line"),
        (lambda: mg.sum(W), [W], {"limits": (0, 1)}, ValueError, r"limits are \(0, 1\), expected two intervals"),
        (lambda: mg.sum(W), [W], {"limits": ((0, 1), (1, 0))}, ValueError, "expected two intervals"),
        (lambda: mg.sum(W), [W], {"points": 1}, ValueError, "points"),
        (lambda: mg.sum(W) * np.nan, [W], {}, ValueError, "infinite or NaN everywhere"),
    ],
)
def test_errors(loss: Any, parameters: Any, options: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=f"^loss_surface: .*{said}"):
        nn.loss_surface(loss, parameters, **options)
    np.testing.assert_array_equal(W.data, [1, 2, 3])


def test_errors_of_what_cannot_be_moved() -> None:
    model = nn.Linear(2, 2)
    for p in model.parameters():
        p.data = np.zeros_like(p.data)
    with pytest.raises(ValueError, match="all weights are 0"):
        nn.loss_surface(lambda: mg.sum(model.weight), model)
    computed = mg.Tensor([1.0, 2.0], requires_grad=True) * 2
    with pytest.raises(TypeError, match="was computed; give the Tensors"):
        nn.loss_surface(lambda: mg.sum(computed), [computed])
