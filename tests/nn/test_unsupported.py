"""Names and arguments of PyTorch and Keras, and what is misspelled: each error says what to write, and that works."""

from __future__ import annotations

import pickle
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.unsupported_words import ATTRIBUTES, NAMES
from tests.helpers.training import X, Y

T = X.sum(axis=1, keepdims=True)
ARRAYS = nn.data.DataLoader(X, Y)
LOSSES = [cls for name, cls in vars(nn).items() if name.endswith("Loss")]


def classifier() -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 2, rng=0))


def fit(data: Any = (X, Y), model: Any = None, **settings: Any) -> Any:
    model = classifier() if model is None else model
    parameters = model.parameters() if isinstance(model, nn.Module) else classifier().parameters()
    settings.setdefault("optimizer", nn.optim.SGD(parameters, lr=0.01))
    return nn.fit(model, data, verbose=False, **settings)


def refused(call: Any, *said: str) -> None:
    """The error of a call names what was called and has these words: it is not one of Python's own."""
    with pytest.raises((TypeError, ValueError, IndexError, AttributeError)) as raised:
        call()
    for words in said:
        assert words in str(raised.value)


# ---------------------------------------------------------------- arguments


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: nn.fit(classifier()), "missing a required argument: 'data'"),
        (lambda: nn.fit(classifier(), X, Y, 5), "it is called fit(model, data, y=None, *, "),
        (lambda: fit(loss_fn=nn.MSELoss()), "write loss="),
        (lambda: fit(criterion=nn.MSELoss()), "write loss="),
        (lambda: fit(epoch=3), "write epochs="),
        (lambda: fit(nb_epoch=3), "write epochs="),
        (lambda: fit(validation=(X, Y)), "write validation_data="),
        (lambda: fit(steps_per_epoch=3), "an epoch is one pass through the data"),
        (lambda: fit(sample_weight=Y), "class_weight="),
        (lambda: nn.fit(classifier(), train=(X, Y)), "write data="),
        (lambda: fit(seed=0), "write rng="),
        (lambda: fit(lr=0.1), "make it with the optimizer"),
        (lambda: fit(shuffel=True), "it is called fit(model, data, y=None, *, loss="),
        (lambda: nn.evaluate(classifier(), X, Y, 3), "evaluate() takes"),
        (lambda: nn.predict(classifier()), "missing a required argument: 'x'"),
        (
            lambda: nn.Conv2d(1, 6, kernal_size=5),
            "Conv2d() got an unexpected keyword argument 'kernal_size'",
        ),
        (lambda: nn.Conv2d(1, 6, 5, strides=2), "write stride="),
        (lambda: nn.Conv2d(filters=6, kernel_size=5), "write out_channels="),
        (lambda: nn.Conv2d(), "Conv2d() missing a required argument: 'in_channels'; it is called Conv2d(in_channels, "),
        (lambda: nn.Conv2d(1, 6, 5, activation="relu"), "nn.Sequential(layer, nn.ReLU())"),
        (lambda: nn.Linear(2, units=3), "write out_features="),
        (lambda: nn.Linear(2, 3, biass=False), "write bias="),
        (lambda: nn.Linear(2), "Linear() missing a required argument: 'out_features'"),
        (lambda: nn.MaxPool2d(pool_size=2), "write kernel_size="),
        (lambda: nn.Dropout(rate=0.5), "write p="),
        (lambda: nn.ReLU(inplace=True), "nothing is computed in place"),
        (lambda: nn.LeakyReLU(alpha=0.1), "write negative_slope="),
        (lambda: nn.Softmax(axis=1), "write dim="),
        (lambda: nn.Embedding(output_dim=3), "write embedding_dim="),
        (lambda: nn.Embedding(9, 3, max_norm=1.0), "divide the rows by their norm between steps"),
        (lambda: nn.MSELoss(size_average=True), "write reduction=; it is called MSELoss(reduction='mean')"),
        (lambda: nn.CrossEntropyLoss(from_logits=True), "nn.BCEWithLogitsLoss take logits"),
        (lambda: mg.cross_entropy(X, Y, reduce=False), "write reduction="),  # type: ignore[call-arg]
        (lambda: nn.optim.SGD(classifier().parameters(), learning_rate=0.1), "write lr="),
        (lambda: nn.optim.Adam(classifier().parameters(), beta_1=0.9), "write betas=(beta_1, beta_2)"),
        (lambda: nn.optim.Adam(classifier().parameters(), epsilon=1e-7), "write eps="),
        (lambda: nn.optim.Adam(classifier().parameters(), fused=True), "it changes the speed alone"),
        (lambda: nn.data.DataLoader(X, Y, batchsize=3), "write batch_size="),
        (lambda: nn.data.DataLoader(X, Y, num_workers=4), "prefetch=2 prepares two ahead, in a thread"),
        (lambda: nn.data.DataLoader(X, Y, collate_fn=list), "return arrays of one shape from __getitem__"),
        (lambda: nn.data.DataLoader(X, Y, sampler=[1, 0]), "write shuffle=True for a random order"),
        (lambda: nn.data.DataLoader(X, Y, generator=3), "write rng="),
        (lambda: nn.Parameter(X, requires_grad=True), "Parameter() got an unexpected keyword"),
        (lambda: nn.summary(classifier(), (2,), batch_size=3), "it is called summary("),
        (
            lambda: classifier().zero_grad(set_to_none=True),
            "a gradient is always None afterwards",
        ),
        (
            lambda: nn.optim.SGD(classifier().parameters()).step(X),
            "SGD.step: expected a closure, a function that resets the gradients",
        ),
        (lambda: classifier()(), "Sequential.forward() missing a required argument: 'x'"),
        (lambda: classifier()(X, X), "Sequential.forward() takes 1 argument by position, got 2"),
        (lambda: classifier()(y=X), "Sequential.forward() got an unexpected keyword argument 'y'"),
    ],
)
def test_arguments_that_do_not_fit_the_signature(call: Any, said: str) -> None:
    refused(call, said)


@pytest.mark.parametrize("name", [name for name in nn.__all__ if isinstance(getattr(nn, name), type)])
def test_each_class_says_how_it_is_constructed(name: str) -> None:
    cls = getattr(nn, name)
    if issubclass(cls, nn.Module) and name not in ("Concat", "Module", "Sequential"):
        refused(lambda: cls(frobnicate=1), f"{name}() got an unexpected keyword", f"it is called {name}(")
        refused(lambda: cls(mg.Tensor(X)), f"{name}: got a Tensor of shape (120, 2) in place of its settings")
        refused(lambda: cls(X), "construct the module first, and call it then")


def test_classes_of_a_user_get_the_same_errors_and_may_take_arrays() -> None:
    class Affine(nn.Module):
        def __init__(self, w: Any, hidden: int = 3) -> None:
            self.w, self.hidden = nn.Parameter(w), hidden

        def forward(self, x: Any) -> Any:
            return self.w * x

    assert Affine(mg.Tensor([1.0]))(2.0).data == 2
    refused(lambda: Affine([1.0], hiden=4), "Affine() got an unexpected keyword argument 'hiden'; write hidden=")
    assert deepcopy(Affine([1.0])).hidden == 3


def test_a_type_error_within_a_function_stays_what_it_is() -> None:
    class Wrong(nn.Module):
        def forward(self, x: Any) -> Any:
            return x + len(3)  # type: ignore[arg-type]

    with pytest.raises(TypeError, match=r"^object of type 'int' has no len\(\)$"):
        Wrong()(X)


# ---------------------------------------------------------------- things in place of others


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fit(optimizer="adm"), "there is no optimizer 'adm'; did you mean 'adam'?"),
        (lambda: fit(optimizer="nadam"), "there is no optimizer 'nadam'"),
        (lambda: nn.fit(nn.Flatten(), X, Y), "has no parameters that require gradients, so there is nothing to train"),
        (lambda: fit(optimizer=nn.optim.Adam), "the class Adam"),
        (lambda: fit(optimizer=None), "got None; write optimizer="),
        (lambda: fit(optimizer=nn.optim.LBFGS(classifier().parameters())), "a loop of optimizer.step(closure)"),
        (lambda: fit(loss=nn.CrossEntropyLoss), "write loss=nn.CrossEntropyLoss()"),
        *(
            (lambda name=name: fit(loss=name), f"write loss=nn.{meant}()")
            for name, meant in {
                "mean_squared_eror": "MSELoss",
                "BCEWithLogitsLoss": "BCEWithLogitsLoss",
                "kl_divergence": "KLDivLoss",
                "categorical_hinge": "MultiMarginLoss",
            }.items()
        ),
        (lambda: fit(loss="sparse_categorical_crossentropy"), 'write loss="cross_entropy", which takes logits'),
        (lambda: fit(loss="categorical_crossentropy"), "leave out a softmax at the end of the model"),
        *((lambda cls=cls: fit(loss=cls), f"write loss=nn.{cls.__name__}()") for cls in LOSSES),
        (lambda: fit(loss=lambda y, t: None), "the loss <lambda> returned None"),
        (lambda: fit(loss=lambda y, t: mg.sum(y, axis=1)), "returned shape (32,), expected a single number"),
        (lambda: fit(loss=lambda y, t: mg.cross_entropy(y, t).item()), "leave out .item()"),
        (lambda: fit(loss=lambda y, t: mg.cross_entropy(y.detach(), t)), "leave out"),
        (lambda: fit(model=nn.Linear), "the class Linear, which has to be constructed"),
        (lambda: fit(model=(X, Y)), "expected a model, an nn.Module, got a tuple"),
        (lambda: fit(X), "expected data as a pair (inputs, targets)"),
        (lambda: fit({"x": X, "y": Y}), "got a dict; write (inputs, targets)"),
        (lambda: fit("train.csv"), "the str 'train.csv'"),
        (lambda: fit(((x, y) for x, y in [(X, Y)]), epochs=2), "generator"),
        (lambda: fit(zip(X, Y, strict=True)), "batch 0 of the zip: array 1 is the single number"),
        (lambda: fit(((x, y) for x, y in [(X, Y)]), batch_size=3), "the data come in batches; leave it out"),
        (lambda: fit((X, Y, Y)), "got 3 arrays"),
        (lambda: fit((X, Y, X, Y)), "nn.fit(model, x, y, validation_data=(x_test, y_test))"),
        (lambda: fit(nn.data.DataLoader(X)), "got 1 array; the targets are missing"),
        (lambda: nn.fit(classifier(), ARRAYS, Y), "a DataLoader gives inputs and targets, and y is given, too; leave"),
        (lambda: fit("."), "write nn.data.ImageFolder('.', size=(64, 64))"),
        (lambda: fit(validation_data=X), "of shape (120, 2); write validation_data=(x, y)"),
        (lambda: fit(validation_data=0.2), "fit: validation_data: expected data as a pair"),
        (lambda: fit((X, np.where(Y, "cat", "dog"))), "names, target = np.unique(target, return_inverse=True)"),
        (lambda: fit((X, list(np.where(Y, "cat", "dog")))), "names, target = np.unique(target, return_inverse=True)"),
        (lambda: nn.predict(classifier(), (X, Y)), "got a tuple; pass the inputs alone"),
        (lambda: nn.predict(classifier(), None), "got None"),
        (lambda: nn.predict(classifier(), ARRAYS), "got a DataLoader"),
        (lambda: nn.predict(nn.Linear, X), "the class Linear"),
        (lambda: nn.evaluate(classifier(), X), "expected data as a pair"),
        (lambda: nn.data.DataLoader((X, Y)), "pass arrays one by one, DataLoader(x, y)"),
        (lambda: nn.data.DataLoader({"x": X}), "pass its values one by one"),
        (lambda: nn.data.DataLoader("x.npz"), "np.load(path)"),
        (lambda: nn.data.DataLoader(X, (y for y in Y)), "is a generator"),
        (lambda: nn.data.DataLoader(ARRAYS), "got a DataLoader, expected data; use it as it is"),
        (lambda: nn.Sequential([nn.ReLU()]), "write Sequential(*layers)"),
        (lambda: nn.Sequential({"a": nn.ReLU()}), "write Sequential(**layers)"),
        (lambda: nn.Sequential(nn.ReLU), "construct the class: ReLU(…)"),
        (lambda: nn.Sequential(mg.relu), "make a module of the function relu"),
        (lambda: classifier()["0"], "expected a number"),
        (lambda: classifier()[5], "there is no module 5 among 1"),
        (lambda: nn.Linear("3", 2), "Linear: in_features is '3', expected a whole number"),
        (lambda: nn.Linear(2, 3.0), "Linear: out_features is 3.0"),
        (lambda: nn.Linear(-1, 3), "Linear: in_features is -1"),
        (lambda: nn.Dropout("0.5"), "Dropout: p is a probability, 0 ≤ p ≤ 1, got 0.5"),
        (lambda: nn.Flatten()(3.0), "Flatten: got a single float"),
        (lambda: nn.Flatten()(None), "Flatten: got a single NoneType"),
        (lambda: classifier()(None), "does the function that computed it lack a return?"),
        (lambda: nn.summary(classifier(), 3), "expected the shape of one sample"),
        (lambda: nn.summary(nn.Linear, (3,)), "expected a model composed of nn.Modules"),
        (lambda: classifier().load_state_dict("w.npz"), "nn.load(path, into=model)"),
    ],
)
def test_one_thing_in_place_of_another(call: Any, said: str) -> None:
    refused(call, said)


def test_lists_of_numbers_are_arrays_to_every_layer() -> None:
    assert nn.Flatten()(X.reshape(-1, 1, 2).tolist()).shape == (120, 2)
    assert nn.Dropout(0.5)(X.tolist()).shape == (120, 2)


def test_a_forward_without_return_or_with_another_name() -> None:
    class Forgot(nn.Module):
        def forward(self, x: Any) -> None:
            mg.relu(x)

    class Keras(nn.Module):
        def call(self, x: Any) -> Any:
            return x

    class Misspelled(nn.Module):
        def foward(self, x: Any) -> Any:
            return x

    class WithoutSelf(nn.Module):
        def forward(x: Any) -> Any:
            return x

    refused(lambda: Forgot()(X), "Forgot.forward returned None; it lacks a return")
    refused(lambda: WithoutSelf()(X), "WithoutSelf.forward() takes no arguments by position, got 1; is it")
    for cls, name in ((Keras, "call"), (Misspelled, "foward")):
        with pytest.raises(NotImplementedError, match=f"its method {name} has to be called forward"):
            cls()(X)


@pytest.mark.parametrize(
    ("forward", "note"),
    [
        (
            lambda x: x.reshape(x.size(0), -1),
            "If it is x.size(0): size is the number of elements",
        ),
        (lambda x: x.mean(dim=1), "have NumPy's words: write axis="),
        (lambda x: x.sum(axis=1, keepdim=True), "have NumPy's words: write keepdims="),
    ],
)
def test_methods_of_tensors_that_are_called_as_in_pytorch(forward: Any, note: str) -> None:
    class Net(nn.Module):
        def forward(self, x: Any) -> Any:
            return forward(x)

    for model in (Net(), nn.Sequential(nn.Sequential(Net()))):
        with pytest.raises(TypeError) as caught:
            model(mg.Tensor(X))
        (said,) = caught.value.__notes__
        assert note in said


def test_what_says_what_to_write_gets_no_note() -> None:
    class Net(nn.Module):
        def forward(self, x: Any) -> Any:
            return mg.sum(x, dim=1)  # type: ignore[call-arg]

    with pytest.raises(TypeError, match="write axis=") as caught:
        Net()(X)
    assert not hasattr(caught.value, "__notes__")


# ---------------------------------------------------------------- names


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
        "nn.plot.loss": "; nn.plot has augmented, confusion_matrix, curves",  # and not nn.L1Loss, which is similar
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


# ---------------------------------------------------------------- the advice of the tables


def test_the_tables_have_only_what_is_not_here() -> None:
    here = [*nn.__all__, *nn.data.__all__, *nn.init.__all__, *mg.__all__]
    assert set(here).isdisjoint(NAMES)
    for cls in (nn.Module, nn.optim.Optimizer, nn.History, nn.data.DataLoader, nn.data.Subset, nn.Run):
        assert not [name for name in ATTRIBUTES[cls.__name__] if hasattr(cls, name)]


def _run(advice: str, **names: Any) -> None:
    exec(advice, {"nn": nn, "np": np, "mg": mg, **names})


def test_what_other_libraries_call_the_parts_of_a_folder(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    (tmp_path / "cat").mkdir()
    image.new("RGB", (4, 4)).save(tmp_path / "cat" / "1.png")
    data: Any = nn.data.ImageFolder(tmp_path, size=4)
    for name, advice in ATTRIBUTES["ImageFolder"].items():
        assert name not in dir(data)
        with pytest.raises(AttributeError) as caught:
            getattr(data, name)
        assert str(caught.value) == f"ImageFolder has no attribute {name!r}; write {advice}"
        _run(advice.replace("…", "None").replace("name", "'cat'").replace(", and", ","), data=data)


@pytest.mark.parametrize("name", sorted({*ATTRIBUTES["Module"]} - {"compile"}))
def test_what_is_advised_for_attributes_of_models_can_be_run(name: str, tmp_path: Path) -> None:
    model = classifier()
    np.savez(tmp_path / "w.npz", **model.state_dict())
    optimizer = nn.optim.SGD(model.parameters())
    loss = mg.cross_entropy(model(X), Y)
    if name == "step":
        loss.backward()
    advice = ATTRIBUTES["Module"][name]
    advice = re.split(r", (?=on the|of a)", advice)[0]
    _run(
        advice,
        model=model,
        optimizer=optimizer,
        loss=loss,
        x=X,
        y=Y,
        array=X,
        layer=nn.ReLU(),
        path=tmp_path / "w.npz",
        state=model.state_dict(),
        t=mg.Tensor(1.0, requires_grad=True),
        hook=lambda t_bar: None,
        dtype=np.float64,
        name="0",
        input_shape=(2,),
    )
