"""Names and attributes of PyTorch and Keras, and what is misspelled: the error says what is meant."""

from __future__ import annotations

import pickle
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.training import X, Y, classifier, fit, refused

ARRAYS = nn.data.DataLoader(X, Y)


@pytest.mark.parametrize(
    ("name", "meant"),
    {
        "nn.Adam": "nn.optim.Adam",
        "nn.DataLoader": "nn.data.DataLoader",
        "nn.Tensor": "mg.Tensor",
        "nn.Conv2D": "nn.Conv2d or mg.conv2d",
        "nn.MaxPooling2D": "nn.MaxPool2d or mg.max_pool2d",
        "nn.Relu": "nn.ReLU or mg.relu",
        "nn.Seqential": "nn.Sequential",
        "nn.Gelu": "nn.GELU or mg.gelu",
        "nn.layers.Linear": "nn.Linear or mg.linear",
        "nn.models.Sequential": "nn.Sequential",
        "nn.losses.MSELoss": "nn.MSELoss",
        "nn.optim.AdaGrad": "nn.optim.Adagrad",
        "nn.vgg16_bn": "nn.VGG(16, batch_norm=True)",
        "nn.resnet18": "nn.ResNet18",
        "nn.CNN": "nn.ConvNet((1, 28, 28), [(8, 8), (16, 16)])",
        "nn.BatchNormalization": "nn.BatchNorm1d(features); its momentum is 1 − Keras's",
        "nn.LayerNormalization": "nn.LayerNorm(normalized_shape)",
        "nn.LRN": "nn.LocalResponseNorm(size)",
        "nn.Dense": "nn.Linear(in_features, out_features)",
        "nn.Swish": "nn.SiLU()",
        "nn.Conv2DTranspose": "nn.ConvTranspose2d(in_channels, out_channels, kernel_size)",
        "nn.ReplicationPad1d": 'mg.pad(x, widths, mode="edge")',
        "nn.ConstantPad3d": "mg.pad(x, widths, constant_values=value)",
        "nn.ZeroPad1d": "padding= of a convolution",
        "nn.Concatenate": "nn.Concat(branch, branch, dim=1)",
        "nn.SpatialDropout2D": "nn.Dropout2d(p)",
        "nn.SparseCategoricalCrossentropy": "nn.CrossEntropyLoss()",
        "nn.MultiLabelSoftMarginLoss": "nn.BCEWithLogitsLoss()",
        "nn.Huber": "nn.HuberLoss()",
        "nn.functional": "mg.relu",
        "nn.SomethingElse": "class Net(nn.Module)",
        "nn.optim.Muon": "nn.optim has LBFGS, SGD, Adadelta",
        "nn.optim.Linear": "did you mean nn.Linear or mg.linear?",
        "nn.plot.loss": "; nn.plot has activation, attribution, augmented",  # and not nn.L1Loss, which is similar
        "nn.plot.filter": "did you mean nn.plot.filters?",
        "nn.manual_seed": "write rng=0 where",
        "nn.metrics.MAE": "nn.metrics.MeanAbsoluteError() measures it",
        "nn.data.transforms": "as transform= of nn.data.DataLoader",
    }.items(),
)
def test_a_name_that_is_elsewhere(name: str, meant: str) -> None:
    found: Any = nn
    *path, last = name.split(".")[1:]
    for part in path:
        found = getattr(found, part)
    refused(lambda: getattr(found, last), f"has no attribute {last!r}", meant)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *((f"CircularPad{n}d", 'mode="wrap"') for n in (1, 2, 3)),
        *((f"ConstantPad{n}d", "constant_values=value") for n in (1, 2, 3)),
        *((f"Conv{n}DTranspose", f"nn.ConvTranspose{n}d(in_") for n in (1, 2, 3)),
        *((f"ReflectionPad{n}d", 'mode="reflect"') for n in (1, 3)),
        *((f"ReplicationPad{n}d", 'mode="edge"') for n in (1, 2, 3)),
        *((f"SpatialDropout{n}D", f"nn.Dropout{n}d(p)") for n in (1, 2, 3)),
        *((f"ZeroPad{n}d", "padding= of a convolution") for n in (1, 3)),
        *((f"vgg{depth}", f"nn.VGG({depth})") for depth in (11, 13, 16, 19)),
        *((f"vgg{depth}_bn", f"nn.VGG({depth}, batch_norm=True)") for depth in (11, 13, 16, 19)),
    ],
)
def test_names_that_differ_in_a_number(name: str, meant: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(nn, name)
    assert meant in str(caught.value).partition("; write ")[2]


def test_a_name_that_is_known_elsewhere_needs_no_list_of_all_names() -> None:
    callbacks: Any = nn.callbacks
    with pytest.raises(AttributeError) as caught:
        _ = callbacks.EarlyStoping
    assert str(caught.value).endswith("did you mean nn.callbacks.EarlyStopping?")


def test_a_module_in_place_of_the_class_in_it() -> None:
    optim: Any = nn.optim
    refused(lambda: optim.adam(classifier().parameters()), "cannot be called; did you mean nn.optim.Adam?")


@pytest.mark.parametrize(
    ("attribute", "meant"),
    {
        "paramters": "did you mean parameters?",
        "fit": "nn.fit(model, x, y)",
        "predict": "nn.predict(model, x)",
        "summary": "nn.summary(model, input_shape)",
        "get_layer": "model.get_submodule(name)",
        "trainable": "model.requires_grad_(False)",
        "backward": "loss.backward()",
        "conv1": "dir() lists what it has",
    }.items(),
)
def test_an_attribute_that_a_model_does_not_have(attribute: str, meant: str) -> None:
    model = classifier()
    refused(lambda: getattr(model, attribute), f"Sequential has no attribute {attribute!r}", meant)
    assert not hasattr(model, attribute)
    for copied in (deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert not hasattr(copied, attribute)


def test_attributes_of_optimizers_histories_and_loaders() -> None:
    optimizer, history = nn.optim.SGD(classifier().parameters()), fit()
    refused(lambda: optimizer.learning_rate, "write optimizer.lr")
    refused(lambda: optimizer.zerograd(), "did you mean zero_grad?")
    refused(lambda: optimizer.defaults, "write optimizer.param_groups[0]")
    refused(lambda: history.loss, 'history.history["loss"]')
    refused(lambda: ARRAYS.batchsize, "did you mean batch_size?")
    subset: Any = nn.data.Subset("abc", [0])
    refused(lambda: subset.indices, "Subset has no attribute 'indices'; write subset.samples")
    run: Any = nn.Run(classifier(), X, Y)
    refused(lambda: run.lr, "write run.optimizer.lr")
    assert run.optimizer.lr == 0.001
    refused(lambda: nn.fit(classifier(), x=X, y=Y), "come by position: nn.fit(model, x, y)")


def test_a_property_that_fails_keeps_its_own_error() -> None:
    class Broken(nn.Module):
        @property
        def size(self) -> Any:
            return np.float64(1).frobnicate

    with pytest.raises(AttributeError, match=r"'numpy\.float64' object has no attribute 'frobnicate'"):
        _ = Broken().size


def test_packages_are_pickled_by_name() -> None:
    """Modules of other libraries are, by cloudpickle, with a function that names them."""
    for package in (nn, nn.optim, nn.data):
        assert pickle.loads(pickle.dumps(package)) is package
        assert deepcopy([package]) == [package]
