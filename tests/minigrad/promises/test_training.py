"""Copies of Tensors and models; training: parameters, settings, `fit`."""

from __future__ import annotations

import copy
import pickle
import warnings
from threading import Barrier, Thread

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.minigrad.promises import same

X, Y = np.eye(4, dtype=np.float32), np.array([0, 1, 0, 1])


# ---------------------------------------------------------------- copies


class Named(Tensor):
    pass


def test_copies_of_leaves() -> None:
    """a leaf, a `Parameter`, a subclass of your own"""
    for x in (nn.Parameter([1.0, 2.0], name="x"), Named([1.0, 2.0], requires_grad=True, name="x")):
        mg.sum(x * x).backward()
        for y in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
            assert (type(y), y.name, y.requires_grad) == (type(x), "x", True)
            y.data -= 1.0
            y.grad *= 2.0
        same(x.data, [1, 2])
        same(x.grad, [2, 4])


def test_copies_of_models() -> None:
    """a model, an optimizer, both together"""
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    model[1].weight = model[0].weight
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    for twin, of_twin in (copy.deepcopy((model, optimizer)), pickle.loads(pickle.dumps((model, optimizer)))):
        assert twin[1].weight is twin[0].weight is of_twin.params[0]
        assert twin[0].weight is not model[0].weight


def test_copies_of_computed_tensors() -> None:
    """a computed Tensor, an argument of `mg.grad` and its kin"""
    with pytest.raises(TypeError, match="is an argument being differentiated"):
        mg.grad(lambda x: mg.sum(copy.deepcopy(x)))([1.0, 2.0])
    same(mg.grad(lambda x: mg.sum(copy.copy(x)))([1.0, 2.0]), [1, 1])
    x = Tensor([1.0, 2.0], requires_grad=True)
    for copied in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="would be cut from its graph"):
            copied(x * x)
    mg.sum(copy.copy(x * x)).backward()
    same(x.grad, [2, 4])


def test_copies_of_hooks() -> None:
    """hooks of a Tensor"""
    x = Tensor(1.0, requires_grad=True)
    x.register_hook(lambda x_bar: 10 * x_bar)
    with pytest.warns(RuntimeWarning, match="has none of its hooks"):
        y = copy.deepcopy(x)
    y.backward()
    assert y.grad == 1.0


def test_copies_of_forward_hooks() -> None:
    """forward hooks of a module"""
    model = nn.ReLU()
    handle = model.register_forward_hook(lambda module, args, y: 2 * y)
    twin = copy.deepcopy(model)
    handle.remove()
    assert (model(1.0), twin(1.0)) == (1.0, 2.0)


def test_copies_of_random_generators() -> None:
    """the random numbers of `Dropout` and `DataLoader`"""
    dropout = nn.Dropout(0.5, rng=0)
    twin = copy.deepcopy(dropout)
    same(dropout(np.ones(100)), twin(np.ones(100)))


# ---------------------------------------------------------------- training


def test_a_parameter_given_twice() -> None:
    """a parameter given twice to an optimizer, as tied weights are"""
    w = Tensor(1.0, requires_grad=True)
    sgd = nn.optim.SGD([w, w], lr=0.1)
    (w * w).backward()
    sgd.step()
    same(w.data, 0.8)


def test_frozen_parameters() -> None:
    """a frozen parameter (`requires_grad = False`)"""
    layer = nn.Linear(2, 2)
    layer.weight.requires_grad = False
    before = layer.state_dict()
    sgd = nn.optim.SGD(layer.parameters(), lr=0.1)
    mg.sum(layer(np.ones((1, 2)))).backward()
    sgd.step()
    same(layer.weight.data, before["weight"])
    assert (layer.bias.data != before["bias"]).all()


def test_what_is_no_parameter() -> None:
    """`SGD(w)`, a model, a dictionary, a computed Tensor, one without `requires_grad`, nothing"""
    w = Tensor(1.0, requires_grad=True)
    for params in (w, nn.Linear(1, 1), {"w": w}, [2 * w], [Tensor(1.0)], []):
        with pytest.raises((TypeError, ValueError), match="SGD: "):
            nn.optim.SGD(params)


def test_groups() -> None:
    """a parameter in two groups"""
    w = Tensor(1.0, requires_grad=True, name="w")
    with pytest.raises(ValueError, match=r"'w'.* is in group 0, too"):
        nn.optim.SGD([{"params": [w]}, {"params": [w], "lr": 0.1}])


def test_settings_that_there_are_not() -> None:
    """a setting that a group, or an optimizer, does not have: `group["LR"]`, `sgd.learning_rate = …`"""
    sgd = nn.optim.SGD([Tensor(1.0, requires_grad=True)])
    with pytest.raises(TypeError, match="did you mean 'lr'"):
        sgd.param_groups[0]["LR"] = 0.1
    with pytest.raises(AttributeError, match="its settings are lr"):
        sgd.learning_rate = 0.1  # type: ignore[attr-defined]


def test_learning_rates_of_groups() -> None:
    """`optimizer.lr` where groups differ"""
    w, v = Tensor(1.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    sgd = nn.optim.SGD([{"params": [w]}, {"params": [v], "lr": 0.1}], lr=0.2)
    with pytest.raises(ValueError, match=r"differs between the groups \(0.2, 0.1\)"):
        sgd.lr *= 0.5
    with pytest.raises(ValueError, match="differs between the groups"):
        sgd.lr = 0.5
    sgd.param_groups[0]["lr"] = 0.1
    assert sgd.lr == 0.1


def test_settings() -> None:
    """a setting that is not a number, is infinite, NaN, negative, or explodes"""
    w = Tensor(1.0, requires_grad=True)
    for settings in ({"lr": "0.1"}, {"lr": True}, {"lr": np.inf}, {"lr": np.nan}, {"lr": -1.0}, {"momentum": 5}):
        with pytest.raises((TypeError, ValueError), match=r"expected|negative"):
            nn.optim.SGD([w], **settings)
    sgd = nn.optim.SGD([w], lr=0.1)
    with pytest.raises(ValueError, match="lr is nan"):
        sgd.lr = np.nan


def test_optimizers_of_other_models() -> None:
    """`fit` with another model's optimizer, or after a layer was replaced"""
    model = nn.Sequential(nn.Linear(4, 2))
    sgd = nn.optim.SGD(model.parameters(), lr=0.1)
    for other in (copy.deepcopy(model), nn.Sequential(nn.Linear(4, 2))):
        with pytest.raises(ValueError, match="make it anew"):
            nn.fit(other, (X, Y), optimizer=sgd, verbose=False)


def test_optimizers_of_a_part() -> None:
    """`fit` with an optimizer of a part of the parameters"""
    model = nn.Sequential(nn.Linear(4, 2), nn.Linear(2, 2))
    sgd = nn.optim.SGD(model[1].parameters(), lr=0.1)
    with pytest.warns(UserWarning, match=r"does not train 0.weight, 0.bias"):
        nn.fit(model, (X, Y), optimizer=sgd, verbose=False)
    for p in model[0].parameters():
        p.requires_grad = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nn.fit(model, (X, Y), optimizer=sgd, verbose=False)


# ---------------------------------------------------------------- steps and losses


def test_a_gradient_that_is_set() -> None:
    """`t.grad = g`, `t.backward(g)`, what a hook returns"""
    t = mg.Tensor(np.ones(3, np.float32), requires_grad=True)
    t.grad = [1, 2, 3]
    assert t.grad.dtype == np.float32
    with pytest.raises(ValueError, match="must be the same"):
        t.grad = np.ones(1)
    with pytest.raises(TypeError, match="real numbers"):
        t.grad = np.array([1j, 2, 3])


def test_another_value() -> None:
    """`t.data = v` of another shape"""
    t = mg.Tensor(np.ones(3), requires_grad=True)
    t.grad = np.ones(3)
    t.data = np.ones(2)
    assert t.grad is None


def test_no_zero_grad() -> None:
    """`backward` again after a step, without `zero_grad`"""
    t = mg.Tensor(2.0, requires_grad=True)
    optimizer = nn.optim.SGD([t], lr=0.25)
    (t * t).backward()
    optimizer.step()
    with pytest.warns(RuntimeWarning, match=r"optimizer\.zero_grad\(\)"):
        (t * t).backward()
    assert t.grad == 4 + 2


def test_no_gradient() -> None:
    """`optimizer.step()`, `clip_grad_norm_` and `clip_grad_value_` where no parameter has a gradient"""
    w = mg.Tensor(2.0, requires_grad=True)
    with pytest.raises(RuntimeError, match=r"loss\.backward\(\)"):
        nn.optim.SGD([w], lr=0.1).step()
    for clip in (nn.optim.clip_grad_norm_, nn.optim.clip_grad_value_):
        with pytest.raises(RuntimeError, match=r"loss\.backward\(\)"):
            clip([w], 1.0)


def _stepped(optimizer: type[nn.optim.Optimizer], dtype: type = np.float32) -> tuple[nn.Linear, nn.optim.Optimizer]:
    layer = nn.Linear(2, 1, rng=0, dtype=dtype)
    opt = optimizer(layer.parameters(), lr=0.01)  # type: ignore[call-arg, arg-type]
    mg.sum(layer(np.full((1, 2), 1e-4, dtype))).backward()
    opt.step()
    return layer, opt


def test_states_of_other_optimizers() -> None:
    """an optimizer's `load_state_dict` of another optimizer, other parameters, other shapes"""
    _, adam = _stepped(nn.optim.Adam)
    _, sgd = _stepped(nn.optim.SGD)
    other = nn.optim.Adam(nn.Linear(3, 1).parameters())
    for state in (sgd.state_dict(), nn.optim.Adam([mg.Tensor(1.0, requires_grad=True)]).state_dict()):
        with pytest.raises(ValueError, match="load_state_dict"):
            adam.load_state_dict(state)
    with pytest.raises(ValueError, match=r"shape \(1, 2\), expected \(1, 3\)"):
        other.load_state_dict(adam.state_dict())
    assert other.state == {}


def test_optimizers_of_models_that_are_moved() -> None:
    """a model that is moved, or gets another dtype, after some steps"""
    layer, adam = _stepped(nn.optim.Adam)
    layer.to(np.float64)
    adam.zero_grad()
    mg.sum(layer(np.ones((1, 2)))).backward()
    adam.step()
    assert adam.state[layer.weight]["exp_avg"].dtype == layer.weight.dtype == np.float64


def test_optimizers_of_float16() -> None:
    """optimizers of float16 parameters"""
    layer, _ = _stepped(nn.optim.Adam, np.float16)
    before = nn.Linear(2, 1, rng=0, dtype=np.float16)
    np.testing.assert_allclose(layer.weight.data, before.weight.data - np.float16(0.01), rtol=1e-2)


def test_fit_with_lbfgs() -> None:
    """`fit` with `LBFGS`"""
    layer = nn.Linear(2, 1)
    with pytest.raises(TypeError, match=r"a loop of optimizer\.step\(closure\)"):
        nn.fit(layer, (np.ones((4, 2)), np.ones((4, 1))), optimizer=nn.optim.LBFGS(layer.parameters()))


def _train(loss: nn.typing.Loss, **settings: object) -> nn.Linear:
    model = nn.Linear(1, 1, rng=0)
    x, optimizer = np.ones((4, 1)), nn.optim.SGD(model.parameters(), lr=0.1)
    with np.errstate(all="ignore"):
        nn.fit(model, (x, x), optimizer=optimizer, loss=loss, verbose=False, **settings)  # type: ignore[arg-type]
    return model


def test_a_loss_of_nan() -> None:
    """`fit`, a loss of NaN or ∞"""
    with pytest.raises(FloatingPointError, match="the loss became nan in epoch 1, step 1"):
        _train(lambda y, t: mg.mean(y * np.nan))


def test_a_gradient_of_nan() -> None:
    """`fit`, a gradient of NaN or ∞"""
    with pytest.raises(FloatingPointError, match="the gradient of weight holds NaN in epoch 1, step 1"):
        _train(lambda y, t: mg.sqrt(mg.mean((y - mg.stop_gradient(y)) ** 2)))


def test_a_validation_loss_of_nan() -> None:
    """`fit`, a validation loss of NaN or ∞"""
    with pytest.warns(RuntimeWarning, match="the validation loss is nan in epoch 1"):
        _train(nn.MSELoss(), validation=(np.full((2, 1), np.nan), np.ones((2, 1))))


def test_a_schedule() -> None:
    """`fit` with a schedule"""
    model = nn.Linear(2, 1, rng=0)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        history = nn.fit(
            model,
            (np.ones((2, 2)), np.ones((2, 1))),
            optimizer=optimizer,
            loss=nn.MSELoss(),
            epochs=3,
            schedule=nn.optim.ExponentialLR(0.5),
            verbose=False,
        )
        assert history.history["lr"] == [0.1, 0.05, 0.025]
        assert optimizer.lr == 0.1


def test_accumulated_gradients() -> None:
    """`fit(…, accumulate=k)` of a mean loss"""
    x = np.random.default_rng(0).normal(size=(11, 3))
    weights = []
    for settings in ({"batch_size": 2, "accumulate": 3}, {"batch_size": 6}):
        model = nn.Linear(3, 1, rng=0, dtype=np.float64)
        sgd = nn.optim.SGD(model.parameters(), lr=0.1)
        nn.fit(model, (x, x[:, :1]), optimizer=sgd, loss=nn.MSELoss(), rng=0, verbose=False, **settings)
        weights.append(model.weight.data)
    np.testing.assert_allclose(*weights, rtol=1e-12)


def test_learning_rates_in_a_schedule() -> None:
    """`eta_min`, `max_lr` and other learning rates in a schedule"""
    schedule = nn.optim.CosineAnnealingLR(10, eta_min=0.01)
    assert [base * schedule(10, base) for base in (0.1, 1.0)] == pytest.approx([0.01, 0.01])
    with pytest.raises(TypeError, match=r"write schedule\(t, base\)"):
        schedule(10)


def test_cycles_without_momentum() -> None:
    """`OneCycleLR` and `CyclicLR`"""
    model = nn.Linear(2, 1)
    optimizer = nn.optim.SGD(model.parameters(), momentum=0.5)
    for schedule in (nn.optim.OneCycleLR(0.1, 3), nn.optim.CyclicLR(0.01, 0.1)):
        data = (np.ones((3, 2)), np.ones((3, 1)))
        nn.fit(model, data, optimizer=optimizer, loss=nn.MSELoss(), batch_size=1, schedule=schedule, verbose=False)
        assert optimizer.momentum == 0.5


def test_init_of_a_layer() -> None:
    """`init=` of a layer"""
    layer = nn.Linear(2, 3, init=nn.init.ones_)
    assert layer.weight.data.tolist() == [[1, 1]] * 3
    assert layer.bias.data.tolist() == [0, 0, 0]


def test_softmax_without_an_axis() -> None:
    """`Softmax()` and its kin without `dim`"""
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    for layer in (nn.Softmax, nn.LogSoftmax, nn.Softmin):
        same(layer()(x[0]), layer(dim=1)(x[0]))
        same(layer()(x[0, 0]), layer(dim=0)(x[0, 0]))
        with pytest.raises(ValueError, match="no axis was named"):
            layer()(x)


def test_dropout2d_of_three_axes() -> None:
    """`Dropout2d` of inputs with three axes"""
    with pytest.raises(ValueError, match="a single image needs a batch axis"):
        nn.Dropout2d()(np.ones((2, 3, 4)))


def test_running_values_are_returned() -> None:
    """`batch_norm` and `instance_norm` in training with running values"""
    x, mean, var = np.random.default_rng(0).normal(size=(4, 2, 3)), np.zeros(2), np.ones(2)
    for normalize, flag in ((mg.batch_norm, "training"), (mg.instance_norm, "use_input_stats")):
        _, new_mean, new_var = normalize(x, mean, var, **{flag: True})
        assert mean.tolist() == [0, 0]
        assert var.tolist() == [1, 1]
        assert (new_mean != mean).all()
        assert (new_var != var).all()


def test_what_is_no_batch_leaves_running_values() -> None:
    """a batch that has no samples, or is refused"""
    layer = nn.BatchNorm1d(2)
    layer(np.ones((0, 2), np.float32))
    with pytest.raises(ValueError, match="more than one value"):
        layer(np.ones((1, 2), np.float32))
    assert layer.num_batches_tracked.data == 0  # type: ignore[union-attr]
    assert layer.running_mean.data.tolist() == [0, 0]  # type: ignore[union-attr]


def test_one_value_per_mean() -> None:
    """batch normalization in training, group and instance normalization of one value per mean"""
    calls = (
        lambda: mg.batch_norm(np.ones((1, 2)), training=True),
        lambda: mg.group_norm(np.ones((3, 2)), 2),
        lambda: mg.instance_norm(np.ones((3, 2, 1))),
    )
    for call in calls:
        with pytest.raises(ValueError, match="the output would be the bias"):
            call()


def test_large_numbers_close_together() -> None:
    """normalizing numbers that are large and close together: 10⁴ ± 1 in float32"""
    x = 1e4 + np.tile(np.float32([-1, 1]), (6, 50))
    for y in (
        mg.batch_norm(x[:, None], training=True, eps=0)[:, 0],
        mg.layer_norm(x, 100, eps=0),
        mg.group_norm(x, 2, eps=0),
    ):
        np.testing.assert_allclose(y, x - 1e4, rtol=1e-6)


def test_embedding_out_of_range() -> None:
    """`Embedding`, an index that is negative or too large"""
    for index in (-1, 3):
        with pytest.raises(IndexError, match=f"index {index} at"):
            nn.Embedding(3, 2)([0, index])


def test_embedding_of_padding() -> None:
    """`Embedding(padding_idx=i)`"""
    layer = nn.Embedding(3, 2, padding_idx=1, rng=0)
    layer([1, 0, 1]).sum().backward()
    same(layer.weight.grad, [[1, 1], [0, 0], [0, 0]])
    _, y_dot = mg.jvp(lambda w: mg.embedding([1, 0], w, padding_idx=1), [layer.weight], [np.ones((3, 2))])
    same(y_dot, [[0, 0], [1, 1]])


def test_residual_terms() -> None:
    """`Residual` where the shapes of both terms differ"""
    with pytest.raises(ValueError, match="to which its input cannot be added"):
        nn.Residual(nn.Linear(3, 1))(np.ones((2, 3), np.float32))


def test_threads_that_predict() -> None:
    """`predict` and `evaluate` in several threads, and beside training"""
    model, together, modes = nn.Dropout(0.5), Barrier(2), []

    def predict() -> None:
        with nn.observe(lambda module, y: (together.wait(), modes.append(module.training), together.wait())):
            nn.predict(model, np.ones((1, 2)))

    threads = [Thread(target=predict) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert modes == [False, False]
    assert model.training


def test_keywords_of_calls() -> None:
    """`model(x, scale=2)`"""

    class Scaled(nn.Module):
        def forward(self, x: float, scale: float = 1.0) -> float:
            return scale * x

    assert Scaled()(3.0, scale=2.0) == Scaled()(x=6.0) == 6.0


def test_a_forward_that_returns_nothing() -> None:
    """a `forward` that returns `None`"""

    class Forgot(nn.Module):
        def forward(self, x: float) -> None:
            mg.exp(x)

    with pytest.raises(TypeError, match="it lacks a return"):
        Forgot()(1.0)


def test_words_of_other_libraries() -> None:
    """names and arguments of PyTorch and Keras that are not here"""
    with pytest.raises(TypeError, match="write axis="):
        mg.sum(np.ones(2), dim=0)  # type: ignore[call-arg]
    with pytest.raises(AttributeError, match=r"write nn\.fit\(model"):
        nn.Linear(2, 2).fit(X, Y)  # type: ignore[attr-defined]


def test_swapped_arguments() -> None:
    """`cross_entropy(target, z)`, the arguments swapped"""
    with pytest.raises(ValueError, match="the logits come first"):
        mg.cross_entropy(Y, X)


def test_a_mean_over_ignored_targets() -> None:
    """the mean of `cross_entropy` and `nll_loss` where all targets are ignored, or have the weight 0"""
    for loss in (mg.cross_entropy, mg.nll_loss):
        with pytest.raises(ZeroDivisionError, match="every target is ignored"):
            loss(np.zeros((2, 3)), [-100, -100])
        with pytest.raises(ZeroDivisionError, match="has the weight 0"):
            loss(np.zeros((2, 3)), [0, 1], weight=[0.0, 0.0, 1.0])


def test_targets_do_not_widen_a_loss() -> None:
    """targets of whole numbers or of float64 for outputs of float32"""
    y = np.full(2, 0.5, np.float32)
    for loss in (mg.mse_loss, mg.l1_loss, mg.huber_loss, mg.binary_cross_entropy, mg.binary_cross_entropy_with_logits):
        for target in ([0, 1], [True, False], [0.0, 1.0]):
            assert loss(mg.Tensor(y), target).dtype == np.float32


def test_the_accuracy_of_pixels() -> None:
    """the accuracy of `fit` and `evaluate`"""
    z = np.zeros((1, 2, 3))
    z[:, 1] = 1  # class 1 everywhere
    loss = nn.CrossEntropyLoss(ignore_index=0)
    assert nn.evaluate(nn.Identity(), (z, np.array([[1, 1, 0]])))["accuracy"] == pytest.approx(2 / 3)
    assert nn.evaluate(nn.Identity(), (z, np.array([[1, 1, 0]])), loss=loss)["accuracy"] == 1
