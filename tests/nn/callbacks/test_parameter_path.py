"""The path of the parameters, recorded in a training and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X, T = np.random.default_rng(0).normal(size=(10, 2)).astype(np.float32), np.arange(10) % 2


def numbers(model: nn.Module) -> Any:
    return np.concatenate([p.data.ravel() for p in model.parameters()])


def trained(path: Any, epochs: int = 3, **options: Any) -> Any:
    """A training of five steps an epoch, and the numbers before it and after each step."""
    model = nn.Linear(2, 2, rng=0)
    steps = [numbers(model)]
    note = nn.callbacks.LambdaCallback(on_train_batch_end=lambda run: steps.append(numbers(run.model)))
    sgd = nn.optim.SGD(model.parameters(), lr=0.1)
    nn.fit(
        model, X, T, optimizer=sgd, epochs=epochs, batch_size=2, callbacks=[note, path], rng=0, verbose=False, **options
    )
    return np.stack(steps)


def test_a_point_for_each_epoch() -> None:
    path = nn.callbacks.ParameterPath()
    np.testing.assert_array_equal(path.points, np.empty((0, 0)))
    steps = trained(path)
    np.testing.assert_array_equal(path.points, steps[[0, 5, 10, 15]])


@pytest.mark.parametrize(("every", "points"), [(1, range(16)), (4, [0, 4, 8, 12, 15]), (5, [0, 5, 10, 15])])
def test_a_point_for_every_few_steps_and_the_end(every: int, points: Any) -> None:
    path = nn.callbacks.ParameterPath(every=every)
    steps = trained(path)
    np.testing.assert_array_equal(path.points, steps[list(points)])
    again = trained(path, epochs=1)  # a new training begins a new path
    assert len(path.points) < len(points)
    np.testing.assert_array_equal(path.points[0], again[0])


def test_of_several_batches_for_a_step_one_is_a_point() -> None:
    path = nn.callbacks.ParameterPath(every=1)
    trained(path, epochs=2, accumulate=2)  # five batches an epoch make three steps
    assert len(path.points) == len(np.unique(path.points, axis=0)) == 7


def test_points_are_copies() -> None:
    w = mg.Tensor([1.0, 2.0], requires_grad=True)
    b = mg.Tensor(3.0, requires_grad=True)
    path = nn.callbacks.ParameterPath()
    path.record([w, b])
    w.data -= 1
    path.record([w, b])
    np.testing.assert_array_equal(path.points, [[1, 2, 3], [0, 1, 3]])


def test_a_resumed_training_has_the_path_of_an_uninterrupted_one(tmp_path: Any) -> None:
    whole, part = nn.callbacks.ParameterPath(every=2), nn.callbacks.ParameterPath(every=2)
    trained(whole, epochs=4)
    file = tmp_path / "run.safetensors"
    trained(part, epochs=2, checkpoint=file, resume=file)
    resumed = nn.callbacks.ParameterPath(every=2)
    trained(resumed, epochs=4, checkpoint=file, resume=file)
    np.testing.assert_array_equal(resumed.points, whole.points)


def test_errors() -> None:
    path = nn.callbacks.ParameterPath()
    path.record(nn.Linear(2, 2))
    with pytest.raises(ValueError, match="got 12 numbers, but the points before have 6"):
        path.record(nn.Linear(3, 3))
    with pytest.raises(ValueError, match="there are no parameters"):
        path.record(nn.ReLU())
    with pytest.raises(TypeError, match="expected a model or a list of Tensors, got a float in it"):
        path.record([1.0])
    with pytest.raises(ValueError, match="every"):
        nn.callbacks.ParameterPath(every=0)
