"""Networks on a GPU give the same numbers as on the CPU."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.device import device_of
from tests.helpers.networks.optimizers import OPTIMIZERS, minimize
from tests.helpers.threads.ranks import on_ranks

IMAGES = np.random.default_rng(0).normal(size=(40, 1, 8, 8)).astype(np.float32)
LABELS = np.random.default_rng(1).integers(0, 3, size=40)


def model() -> Any:
    rng = np.random.default_rng(0)
    return nn.Sequential(
        conv=nn.Conv2d(1, 4, 3, padding=1, rng=rng),
        relu=nn.ReLU(),
        pool=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
        dropout=nn.Dropout(0.2, rng=rng),
        fc=nn.Linear(64, 3, rng=rng),
    )


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("optimizer", [cls for name, cls in OPTIMIZERS.items() if name != "LBFGS"])
def test_training_gives_the_same_model(optimizer: Any) -> None:
    found = []
    for device in ("cpu", "cuda"):
        net = model()
        assert net.to(device) is net
        parameters = list(net.parameters())
        options = {"momentum": 0.9} if optimizer is nn.optim.SGD else {}
        history = nn.fit(
            net,
            (IMAGES, LABELS),
            optimizer=optimizer(parameters, lr=0.01, **options),
            epochs=2,
            batch_size=16,
            validation_data=(IMAGES, LABELS),
            rng=0,
            verbose=False,
        )
        assert [p.device for p in net.parameters()] == [p.device for p in parameters]
        assert {p.device for p in parameters} == {"cpu" if device == "cpu" else "cuda:0"}
        assert all(device_of(p.grad) == p.device for p in parameters)
        found.append((history.history, nn.predict(net, IMAGES), net.state_dict()))
    (on_cpu, outputs, weights), (on_gpu, gpu_outputs, gpu_weights) = found
    for name, values in on_cpu.items():
        np.testing.assert_allclose(on_gpu[name], values, rtol=1e-4, err_msg=name)
    assert isinstance(gpu_outputs, np.ndarray)
    np.testing.assert_allclose(gpu_outputs, outputs, rtol=1e-3, atol=1e-4)
    for name, array in weights.items():
        assert isinstance(gpu_weights[name], np.ndarray)
        np.testing.assert_allclose(gpu_weights[name], array, rtol=1e-3, atol=1e-4, err_msg=name)


@pytest.mark.usefixtures("gpu")
def test_training_with_a_schedule_clipping_and_several_batches_to_a_step() -> None:
    found = []
    for device in ("cpu", "cuda"):
        net = model().to(device)
        history = nn.fit(
            net,
            (IMAGES, LABELS),
            optimizer=nn.optim.SGD(net.parameters(), lr=0.1),
            epochs=2,
            batch_size=8,
            schedule=nn.optim.OneCycleLR(0.1, epochs=2, steps_per_epoch=3),
            clip_norm=0.1,
            accumulate=2,
            rng=0,
            verbose=False,
        )
        found.append((history.history, net.state_dict()))
    (on_cpu, weights), (on_gpu, gpu_weights) = found
    assert on_gpu["lr"] == on_cpu["lr"]
    for name, array in weights.items():
        np.testing.assert_allclose(gpu_weights[name], array, rtol=1e-3, atol=1e-4, err_msg=name)


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("name", [name for name in nn.init.__all__ if name.endswith("_") and name != "dirac_"])
def test_initial_values_are_drawn_on_the_cpu_and_stay_on_the_device(name: str) -> None:
    weights = [nn.Parameter(np.full((4, 3), 7.0), device=device) for device in ("cpu", "cuda")]
    for weight in weights:
        getattr(nn.init, name)(weight, *((0.5,) if name == "constant_" else ()), rng=3)
    assert [weight.device for weight in weights] == ["cpu", "cuda:0"]
    np.testing.assert_array_equal(weights[1].to("cpu").numpy(), weights[0].numpy())


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_state_of_an_optimizer_follows_a_model_that_is_moved(name: str) -> None:
    options: dict[str, Any] = {"SGD": {"momentum": 0.9}, "LBFGS": {"line_search_fn": "strong_wolfe", "max_iter": 3}}
    found = []
    for devices in (("cpu", "cpu", "cpu"), ("cpu", "cuda", "cpu"), ("cuda", "cuda", "cuda")):
        net = nn.Sequential(
            nn.Linear(4, 3, rng=0, dtype=np.float64), nn.Tanh(), nn.Linear(3, 1, rng=1, dtype=np.float64)
        )
        optimizer = OPTIMIZERS[name](net.parameters(), lr=0.01, **options.get(name, {}))
        x = np.random.default_rng(0).normal(size=(5, 4))
        for device in devices:
            net.to(device)
            batch = mg.to(x, device)
            for _ in range(2):
                minimize(optimizer, lambda net=net, batch=batch: mg.mean(net(batch) ** 2))
            nn.optim.clip_grad_norm_(net.parameters(), 0.1)
            nn.optim.clip_grad_value_(net.parameters(), 0.1)
            optimizer.load_state_dict(optimizer.state_dict())
        found.append(net.state_dict())
    for other in found[1:]:
        for key, array in found[0].items():
            np.testing.assert_allclose(other[key], array, rtol=1e-7, err_msg=key)


@pytest.mark.usefixtures("gpu")
def test_weights_are_loaded_onto_the_device_of_the_parameters() -> None:
    net, other = model().to("cuda"), model()
    other.load_state_dict(net.state_dict())
    assert other.fc.weight.device == "cpu"
    doubled = {name: 2 * array for name, array in other.state_dict().items() if array.dtype.kind == "f"}
    net.load_state_dict({**other.state_dict(), **doubled})  # but for the random numbers of the dropout
    assert net.fc.weight.device == "cuda:0"
    np.testing.assert_array_equal(net.fc.weight.to("cpu").numpy(), 2 * other.fc.weight.numpy())
    net.load_state_dict({name: parameter.data for name, parameter in net.named_parameters()})


@pytest.mark.usefixtures("gpu")
def test_gradients_move_with_their_parameters_and_back() -> None:
    assert nn.Parameter([1.0], device="cuda").device == "cuda:0"
    layer = nn.Linear(2, 3)
    layer(np.ones((1, 2), dtype=np.float32)).sum().backward()
    weight = layer.weight
    layer.to("cuda")
    assert layer.weight is weight
    assert (weight.device, device_of(weight.grad)) == ("cuda:0", "cuda:0")
    layer.to("cpu")
    assert isinstance(weight.grad, np.ndarray)
    assert isinstance(weight.data, np.ndarray)


@pytest.mark.usefixtures("gpu")
def test_arrays_that_were_not_moved_are_refused() -> None:
    net = model().to("cuda").eval()
    with pytest.raises(TypeError, match=r"conv2d: .*'cpu'.*'cuda:0'.*model\.to"):
        net(IMAGES)
    with pytest.raises(TypeError, match=r"cross_entropy: .*'cuda:0'.*'cpu'"):
        nn.CrossEntropyLoss()(net(mg.to(IMAGES, "cuda")), LABELS)
    y = net(mg.to(IMAGES, "cuda"))
    with pytest.raises(TypeError, match=r"mse_loss: .*'cuda:0'.*'cpu'"):
        nn.MSELoss()(y, np.zeros(y.shape))


@pytest.mark.usefixtures("gpu")
def test_the_page_about_gpus_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "gpu.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    exec("\n".join(blocks), {})
    output = capsys.readouterr().out
    assert output.startswith("cuda:0 Tensor(0.5377")
    assert "(3, 10)" in output


@pytest.mark.usefixtures("gpu")
def test_tables_and_pictures() -> None:
    net = model()
    table = str(nn.summary(net, (1, 8, 8)))
    assert str(nn.summary(net.to("cuda"), (1, 8, 8))) == table
    pytest.importorskip("matplotlib")
    assert len(nn.plot.feature_maps(net, IMAGES[0]).axes[0].images) > 4
    first = next(name for name, layer in net.named_modules() if isinstance(layer, nn.Conv2d))
    assert nn.empirical_receptive_field(net, first, IMAGES[:2]).any()
    assert nn.plot.receptive_field(net, first, IMAGES[:2]).axes
    with pytest.raises(TypeError, match=r't\.to\("cpu"\)'):
        nn.plot.filters(net.conv.weight)


@pytest.mark.usefixtures("gpu")
def test_a_loss_surface_and_its_path() -> None:
    surfaces = []
    for device in ("cpu", "cuda"):
        net, path = model().to(device), nn.callbacks.ParameterPath(every=1)
        adam = nn.optim.Adam(net.parameters(), lr=0.01)
        data = nn.data.DataLoader(IMAGES, LABELS, batch_size=4)
        nn.fit(net, data, optimizer=adam, epochs=2, callbacks=[path], rng=0, verbose=False)
        before = [p.to("cpu").numpy().copy() for p in net.parameters()]
        loss = lambda net=net: nn.evaluate(net, IMAGES, LABELS)["loss"]  # noqa: E731
        surfaces.append(nn.loss_surface(loss, net, path=path, points=2))
        for p, array in zip(net.parameters(), before, strict=True):
            np.testing.assert_array_equal(p.to("cpu").numpy(), array)
            assert device_of(p).startswith(device)
    on_cpu, on_gpu = surfaces
    np.testing.assert_allclose(on_gpu.path, on_cpu.path, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(on_gpu.loss, on_cpu.loss, rtol=1e-3)


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize(
    ("name", "shape"),
    {
        "ResNet20": (3, 8, 8),
        "SmallAlexNet": (3, 32, 32),
        "SmallGoogLeNet": (3, 8, 8),
        "ConvAutoencoder": (1, 8, 8),
    }.items(),
)
def test_models_compute_on_a_gpu(name: str, shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).normal(size=(3, *shape))
    on_cpu, on_gpu = (getattr(nn, name)(rng=0).double().to(device) for device in ("cpu", "cuda"))
    outputs = [net(mg.Tensor(x, device=device)) for net, device in ((on_cpu, "cpu"), (on_gpu, "cuda"))]
    for y in outputs:
        mg.sum(y**2).backward()
    np.testing.assert_allclose(outputs[1].to("cpu").numpy(), outputs[0].numpy(), rtol=1e-9, atol=1e-12)
    for (buffer, b), c in zip(on_cpu.named_buffers(), on_gpu.buffers(), strict=True):
        np.testing.assert_allclose(mg.to(c.data, "cpu"), b.data, rtol=1e-9, err_msg=buffer)
    for (parameter, p), q in zip(on_cpu.named_parameters(), on_gpu.parameters(), strict=True):
        np.testing.assert_allclose(mg.to(q.grad, "cpu"), p.grad, rtol=1e-6, atol=1e-9, err_msg=parameter)


@pytest.mark.usefixtures("gpu")
def test_a_perceptron_learns_on_a_gpu() -> None:
    corners, either = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), [0, 1, 1, 1]
    perceptron = nn.Perceptron(2, rng=0).to("cuda")
    while perceptron.learn(corners, either):
        pass
    assert nn.predict(perceptron, corners.astype(np.float32)).tolist() == either


@pytest.mark.usefixtures("gpu")
def test_buffers_move_with_their_model_and_dtypes_change_there() -> None:
    net = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5, rng=0))
    net.to("cuda", np.float64)
    assert {tensor.device for tensor in (*net.parameters(), *net.buffers())} == {"cuda:0"}
    assert [buffer.dtype for buffer in net.buffers()] == [np.float64, np.float64, np.int64]
    net(mg.to(np.random.default_rng(0).normal(size=(5, 4)), "cuda"))
    state = net.state_dict()
    assert all(isinstance(array, np.ndarray) for array in state.values() if array.ndim)
    other = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5, rng=1)).to("cuda")
    other.load_state_dict(state)
    assert {tensor.device for tensor in (*other.parameters(), *other.buffers())} == {"cuda:0"}
    assert other[0].num_batches_tracked.item() == 1
    assert other[1].rng.random() == net[1].rng.random()
    assert net.cpu().half()[0].running_mean.dtype == np.float16


@pytest.mark.usefixtures("gpu")
def test_ranks_train_on_a_gpu_as_on_the_cpu() -> None:
    def train(comm: Any, device: str) -> Any:
        net = model().to(device)
        sgd = nn.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
        history = nn.fit(
            *(net, IMAGES, LABELS), optimizer=sgd, epochs=2, batch_size=8, validation_data=(IMAGES, LABELS), comm=comm,
            rng=0, verbose=False,
        )  # fmt: skip
        assert all(device_of(p.data).startswith(device) for p in net.parameters())
        return net.state_dict(), history.history

    on_gpu, expected = on_ranks(2, lambda comm: train(comm, "cuda")), on_ranks(2, lambda comm: train(comm, "cpu"))[0]
    for state, history in on_gpu:
        for name, array in expected[0].items():
            np.testing.assert_allclose(state[name], array, rtol=1e-3, atol=1e-4, err_msg=name)
        for name, values in expected[1].items():
            np.testing.assert_allclose(history[name], values, rtol=1e-3, err_msg=name)
