"""What to write instead of names and arguments of PyTorch and Keras, and of names that are misspelled."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from inspect import isfunction, signature
from types import ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

import minigrad as mg

__all__ = ["Explained", "explain_names", "explains_calls", "explains_init", "is_ours", "refuse_call"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: Keywords of PyTorch and Keras: the one here, or what to do instead.
_KEYWORDS = {
    "from_logits": "nn.CrossEntropyLoss and nn.BCEWithLogitsLoss take logits, nn.BCELoss probabilities",
    "reduce": "reduction",
    "size_average": "reduction",
    "axis": "dim",
    "alpha": "negative_slope",
    "accumulation_steps": "accumulate",
    "activation": "the activation is a layer of its own: nn.Sequential(layer, nn.ReLU())",
    "bias_initializer": "with init= the bias starts at 0; otherwise nn.init.constant_(layer.bias, 0.1)",
    "base_momentum": "the momentum stays as it is; set optimizer.momentum in a loop of your own",
    "beta_1": "write betas=(beta_1, beta_2)",
    "beta_2": "write betas=(beta_1, beta_2)",
    "class_names": "classes",
    "clip_grad_norm": "clip_norm",
    "color_mode": "mode",
    "collate_fn": "samples are stacked to arrays: return arrays of one shape from __getitem__",
    "criterion": "loss",
    "cycle_momentum": "the momentum stays as it is; set optimizer.momentum in a loop of your own",
    "decay": "weight_decay",
    "directory": "folder",
    "device": "move the model: model.to(device)",
    "dilation_rate": "dilation",
    "epsilon": "eps",
    "filename": "path",
    "filepath": "path",
    "filters": "out_channels",
    "generator": "rng",
    "global_clipnorm": "clip_norm",
    "gradient_accumulation_steps": "accumulate",
    "inplace": "nothing is computed in place: use what the call returns",
    "foreach": "leave it out: it changes the speed alone",
    "fused": "leave it out: it changes the speed alone",
    "capturable": "leave it out: it is for PyTorch's graphs of a GPU",
    "clipnorm": "write nn.optim.clip_grad_norm_(model.parameters(), max_norm) before step(); fit has clip_norm=",
    "clipvalue": "write nn.optim.clip_grad_value_(model.parameters(), clip_value) between backward() and step()",
    "image_size": "size",
    "input_dim": "in_features",
    "input_shape": "the sizes of inputs are given as in_features or in_channels",
    "kernel_initializer": "write init=nn.init.kaiming_normal_",
    "last_epoch": "a schedule is a function of t, which may begin anywhere",
    "lr_scheduler": "schedule",
    "lr": "make it with the optimizer: nn.optim.Adam(model.parameters(), lr=0.001)",
    "learning_rate": "lr",
    "loss_fn": "loss",
    "mask_zero": "write padding_idx=0; minigrad has no masks",
    "max_norm": "divide the rows by their norm between steps, under mg.no_grad()",
    "n_epochs": "epochs",
    "nb_epoch": "epochs",
    "num_epochs": "epochs",
    "num_workers": "batches are prepared in this process; prefetch=2 prepares two ahead, in a thread",
    "output_dim": "embedding_dim",
    "pin_memory": "leave it out: nn.fit moves each batch to the model",
    "pool_size": "kernel_size",
    "prefetch_factor": "prefetch",
    "num_classes": "n_classes",
    "random_state": "rng",
    "rate": "p",
    "sampler": "write shuffle=True for a random order; another one is that of the data: arrays[order]",
    "save_weights_only": "nn.save writes weights; nn.fit(…, checkpoint=path) keeps all of the training",
    "scale_grad_by_freq": "divide the gradients of frequent words, by a hook: weight.register_hook(…)",
    "scheduler": "schedule",
    "seed": "rng",
    "root": "folder",
    "sparse": "gradients are whole arrays",
    "set_to_none": "a gradient is always None afterwards",
    "shuffle": "arrays are shuffled; for another order pass nn.data.DataLoader(x, y, shuffle=False)",
    "stddev": "std",
    "strides": "stride",
    "train_size": "write test_size=, the fraction or the number of samples of the second part",
    "transform": "pass it to the loader: nn.data.DataLoader(data, transform=…)",
    "units": "out_features",
    "use_bias": "bias",
    "train": "data",
    "train_data": "data",
    "val_data": "validation_data",
    "validation": "validation_data",
    "initial_epoch": "resume=path goes on from a checkpoint",
    "sample_weight": "class_weight={class: weight}, or a loss of your own",
    "steps_per_epoch": "an epoch is one pass through the data",
    "workers": "nn.data.DataLoader(x, y, prefetch=2) prepares batches in a thread",
    "checkpoint_path": "checkpoint",
    "resume_from": "resume",
    "vocab_size": "num_embeddings",
}

#: Names of PyTorch and Keras that are neither here nor in minigrad.
_NAMES = {
    **dict.fromkeys(
        ("BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy"),
        'nn.metrics.Accuracy(), or metrics=["accuracy"] of nn.fit',
    ),
    **dict.fromkeys(
        ("TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy"),
        'nn.metrics.TopKAccuracy(k=5), or metrics=["top_5_accuracy"] of nn.fit',
    ),
    "F1Score": "nn.metrics.F1(average)",
    "BackupAndRestore": "nn.fit(…, checkpoint=path, resume=path)",
    "TerminateOnNaN": "nothing: nn.fit refuses a loss that is NaN",
    "Activation": "a class for each: nn.ReLU(), nn.Tanh() …",
    "Add": "nn.Residual(layer), or x + y in a forward",
    "BatchNormalization": "nn.BatchNorm2d(channels), or nn.BatchNorm1d(features); its momentum is 1 − Keras's",
    "BinaryCrossentropy": "nn.BCELoss(), or nn.BCEWithLogitsLoss() of logits",
    "CNN": "nn.ConvNet(input_shape, blocks), as nn.ConvNet((1, 28, 28), [(8, 8), (16, 16)])",
    "CategoricalCrossentropy": "nn.CrossEntropyLoss(), of logits: without a softmax before it",
    "CategoricalHinge": "nn.MultiMarginLoss()",
    **{
        f"CircularPad{n}d": 'padding_mode="circular" of a convolution, or mg.pad(x, widths, mode="wrap")'
        for n in (1, 2, 3)
    },
    "ColorJitter": "nn.data.Brightness(0.2)",
    "Concatenate": "nn.Concat(branch, branch, dim=1)",
    **{f"ConstantPad{n}d": "mg.pad(x, widths, constant_values=value)" for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": f"nn.ConvTranspose{n}d(in_channels, out_channels, kernel_size)" for n in (1, 2, 3)},
    "CosineDecay": "nn.optim.CosineAnnealingLR(T_max)",
    "CrossMapLRN2d": "nn.LocalResponseNorm(size)",
    "Dense": "nn.Linear(in_features, out_features)",
    "EmbeddingBag": "nn.Embedding, and the mean over the words: mg.mean(words(x), axis=1)",
    "ExponentialDecay": "nn.optim.ExponentialLR(gamma)",
    "F": "minigrad's functions: mg.relu, mg.cross_entropy …",
    "GLU": "a, b = mg.split(x, 2, axis=1), and a * mg.sigmoid(b)",
    "GaussianNoise": "nn.data.Noise(std) for data, or nn.DenoisingAutoencoder",
    "GroupNormalization": "nn.GroupNorm(num_groups, num_channels)",
    "Hardshrink": "mg.where(abs(x) > 0.5, x, 0) in a forward",
    "Huber": "nn.HuberLoss()",
    "Input": "the shape of the first layer, nn.Linear(in_features, out_features)",
    "KLDivergence": 'nn.KLDivLoss("batchmean"), of log-probabilities',
    "LRN": "nn.LocalResponseNorm(size)",
    "LayerNormalization": "nn.LayerNorm(normalized_shape)",
    "LearningRateScheduler": "nn.fit(…, schedule=lambda epoch: …)",
    "MeanAbsoluteError": "nn.L1Loss() as the loss; nn.metrics.MeanAbsoluteError() measures it",
    "MeanSquaredError": "nn.MSELoss() as the loss; nn.metrics.MeanSquaredError() measures it",
    "Model": "class Net(nn.Module), with a forward",
    "MultiLabelSoftMarginLoss": "nn.BCEWithLogitsLoss()",
    "MultiplicativeLR": "nn.optim.LambdaLR(lambda t: …), with the product up to t",
    "RReLU": "nn.LeakyReLU(slope), or nn.PReLU(), which learns it",
    **{
        f"ReflectionPad{n}d": 'padding_mode="reflect" of a convolution, or mg.pad(x, widths, mode="reflect")'
        for n in (1, 3)
    },
    **{
        f"ReplicationPad{n}d": 'padding_mode="replicate" of a convolution, or mg.pad(x, widths, mode="edge")'
        for n in (1, 2, 3)
    },
    "RandomAffine": "nn.data.Compose([nn.data.Rotate(…), nn.data.Translate(…), …]), which resamples once",
    "RandomBrightness": "nn.data.Brightness(0.2), a factor and not a summand",
    "RandomCrop": "nn.data.Crop(padding)",
    "RandomErasing": "nn.data.Cutout(size)",
    "RandomFlip": "nn.data.Flip(horizontal=0.5, vertical=0.5)",
    "RandomHorizontalFlip": "nn.data.Flip()",
    "RandomRotation": "nn.data.Rotate(degrees)",
    "RandomTranslation": "nn.data.Translate(height, width)",
    "RandomVerticalFlip": "nn.data.Flip(0, vertical=0.5)",
    "RandomZoom": "nn.data.Rescale(0.1), whose factors above 1 enlarge",
    "Softmax2d": "nn.Softmax(dim=1)",
    "Softshrink": "mg.sign(x) * mg.relu(abs(x) - 0.5) in a forward",
    "SparseCategoricalCrossentropy": "nn.CrossEntropyLoss(), of logits: without a softmax before it",
    **{f"SpatialDropout{n}D": f"nn.Dropout{n}d(p)" for n in (1, 2, 3)},
    "Swish": "nn.SiLU()",
    "SyncBatchNorm": "nn.BatchNorm2d(channels): there is one device",
    "Threshold": "mg.where(x > threshold, x, value) in a forward",
    "UnitNormalization": "x / mg.norm(x, axis=-1, keepdims=True) in a forward",
    **{f"ZeroPad{n}d": "padding= of a convolution, or mg.pad(x, widths)" for n in (1, 3)},
    "ZeroPadding2D": "nn.ZeroPad2d(padding)",
    "PiecewiseConstantDecay": "nn.optim.MultiStepLR(milestones, gamma)",
    "PolynomialDecay": "nn.optim.PolynomialLR(total_iters, power)",
    "functional": "minigrad's functions: mg.relu, mg.cross_entropy …",
    "load_model": "nn.load(path, into=model)",
    "load_state_dict": "nn.load(path, into=model)",
    "save_model": "nn.save(model, path)",
    "lr_scheduler": "nn.optim.lr_scheduler, and each schedule is in nn.optim, too: nn.optim.StepLR",
    "train": "nn.fit(model, x, y)",
    "utils": "nn.data, or nn.optim.clip_grad_norm_",
    **{f"vgg{depth}": f"nn.VGG({depth})" for depth in (11, 13, 16, 19)},
    **{f"vgg{depth}_bn": f"nn.VGG({depth}, batch_norm=True)" for depth in (11, 13, 16, 19)},
    "glorot_normal": "nn.init.xavier_normal_",
    "glorot_uniform": "nn.init.xavier_uniform_",
    "he_normal": "nn.init.kaiming_normal_",
    "he_uniform": "nn.init.kaiming_uniform_",
    "TensorDataset": "nn.data.DataLoader(x, y), of the arrays themselves",
    "random_split": "nn.data.split(dataset, test_size=0.2)",
    "train_test_split": "nn.data.split(x, y, test_size=0.2)",
    "to_categorical": "nn.data.one_hot(labels)",
    "image_dataset_from_directory": "nn.data.ImageFolder(folder, size=(64, 64))",
    "StandardScaler": "nn.data.normalize(x), which gives x, mean and std",
}

#: Attributes of PyTorch's and Keras's models, optimizers and histories, by the class here.
_ATTRIBUTES = {
    "Module": {
        "add": "model.append(layer), of a Sequential",
        "backward": "loss.backward(), on the loss and not on the model",
        "bfloat16": "model.half()",
        "compile": "optimizer= and loss= of nn.fit",
        "count_params": "sum(p.size for p in model.parameters())",
        "device": "next(model.parameters()).device",
        "dtype": "next(model.parameters()).dtype",
        "evaluate": "nn.evaluate(model, x, y)",
        "fit": "nn.fit(model, x, y)",
        "get_layer": "model.get_submodule(name)",
        "get_weights": "model.state_dict()",
        "grad": "[p.grad for p in model.parameters()]",
        "layers": "list(model.children())",
        "load": "nn.load(path, into=model)",
        "load_weights": "nn.load(path, into=model)",
        "predict": "nn.predict(model, x)",
        "register_full_backward_hook": "t.register_hook(hook), of a Tensor in forward",
        "save": "nn.save(model, path)",
        "save_weights": "nn.save(model, path)",
        "set_weights": "model.load_state_dict(state)",
        "step": "optimizer.step()",
        "summary": "nn.summary(model, input_shape)",
        "trainable": "model.requires_grad_(False)",
        "trainable_weights": "[p for p in model.parameters() if p.requires_grad]",
        "type": "model.to(dtype)",
        "weights": "model.parameters()",
    },
    "Schedule": {
        "get_last_lr": "optimizer.lr",
        "get_lr": "base * schedule(t)",
        "last_epoch": "t, which you count",
        "step": "optimizer.lr = base * schedule(t), before the steps of epoch t",
    },
    "Optimizer": {
        "apply_gradients": "optimizer.step()",
        "defaults": "optimizer.param_groups[0]",
        "learning_rate": "optimizer.lr",
        "minimize": "loss.backward() and optimizer.step()",
        "parameters": "optimizer.params",
        "variables": "optimizer.state",
    },
    "History": {
        "accuracy": 'history.history["accuracy"]',
        "loss": 'history.history["loss"]',
        "val_accuracy": 'history.history["val_accuracy"]',
        "val_loss": 'history.history["val_loss"]',
    },
    "DataLoader": {"dataset": "loader.arrays"},
}


def refuse_call(name: str, function: Callable[..., Any], args: Any, kwargs: dict[str, Any], too_many: str = "") -> None:
    """Raise a TypeError that says how the function is called, if the arguments do not fit its signature."""
    mg.unsupported.refuse_call(name, function, args, kwargs, {**_KEYWORDS, "": too_many})


def explains_calls(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Decorator: arguments that do not fit get an error that says how the function is called."""
    of_data = not {"train", "data"}.isdisjoint(signature(function).parameters)
    too_many = "; inputs and targets are one argument: (x, y)" if of_data else ""

    @wraps(function)
    def called(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return function(*args, **kwargs)
        except TypeError:
            method: Any = function
            if next(iter(signature(function).parameters), "") == "self" and args:
                refuse_call(function.__name__, method.__get__(args[0]), args[1:], kwargs)
            else:
                refuse_call(function.__name__, function, args, kwargs, too_many)
            raise

    return called


class Explained:
    """The base of classes whose constructors and attributes say what to write instead."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        init = cls.__init__
        if "__init__" in vars(cls) or (init is object.__init__ and is_ours(cls) and hasattr(cls, "forward")):
            setattr(cls, "__init__", explains_init(init if isfunction(init) else _takes_nothing))  # noqa: B010

    if not TYPE_CHECKING:  # to a type checker, it would offer any name

        def __getattr__(self, name: str) -> Any:
            cls = type(self)
            if name.startswith("__") or hasattr(cls, name):  # a property that failed: its own error
                return object.__getattribute__(self, name)
            known = next((_ATTRIBUTES[base.__name__] for base in cls.__mro__ if base.__name__ in _ATTRIBUTES), {})
            names = [known for known in (*dir(cls), *vars(self)) if not known.startswith("_")]
            close = mg.unsupported.closest(name, names)
            hint = f"; write {known[name]}" if name in known else f"; did you mean {close}?" if close else ""
            own = [known for known in vars(self) if not (known.startswith("_") or known.isdecimal())]
            hint = hint or f"; dir() lists what it has{': ' * bool(own)}{', '.join(own)}{' …' * bool(own)}"
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}{hint}", name=name, obj=self)


def is_ours(cls: type) -> bool:
    """Whether a class is one of nn, and not a user's."""
    return cls.__module__.startswith("nn.")


def _takes_nothing(self: Any) -> None: ...


def explains_init(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor whose errors name the class; a layer of ours given an array tells the layer from its call."""

    @wraps(init)
    def called(self: Any, *args: Any, **kwargs: Any) -> None:
        name = type(self).__name__
        if is_ours(type(self)) and hasattr(type(self), "forward") and _are_data(args, init):
            raise TypeError(
                f"{name}: got a {type(args[0]).__name__} of shape {args[0].shape} in place of its settings; construct "
                f"the module first, and call it then: f = {name}(…), y = f(x)"
            )
        try:
            init(self, *args, **kwargs)
        except TypeError:
            refuse_call(name, init.__get__(self), args, kwargs)
            raise

    return called


def _are_data(args: tuple[Any, ...], init: Callable[..., None]) -> bool:
    """Whether the arguments of a constructor are those of a call. A single vector may be the weights of a loss."""
    if not args or not isinstance(args[0], mg.Tensor | np.ndarray):
        return False
    if args[0].ndim > 1 or len(args) > 1:
        return args[0].ndim > 1 or isinstance(args[0], mg.Tensor)
    return isinstance(args[0], mg.Tensor) and list(signature(init).parameters)[1:2] != ["weight"]


class _Package(ModuleType):
    """A package whose unknown names say where they are, or what to write instead."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            hint = "" if name.startswith("_") else _instead_of(name)
            if hint == "" and self.__name__ == "nn" and not name.startswith("_"):
                hint = "; dir(nn) lists what there is, and a class with a forward is a new layer: class Net(nn.Module)"
            elif "__all__" in vars(self) and self.__name__ != "nn":
                hint += f"; {self.__name__} has {', '.join(self.__all__)}"
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}{hint}")

    def __call__(self, *_: Any, **__: Any) -> Any:
        hint = _instead_of(self.__name__.rpartition(".")[2])
        raise TypeError(f"{self.__name__} is a module, which cannot be called{hint}")


def _instead_of(name: str) -> str:
    known = _NAMES.get(name, _NAMES.get(name.removesuffix("_")))
    if known is not None:
        return f"; write {known}"
    close = mg.unsupported.closest(name, _places.values())
    bare = mg.unsupported.bare
    same = [place for place, known in _places.items() if close and bare(known) == bare(close)]
    return f"; did you mean {' or '.join(same)}?" if same else ""


_PACKAGES = ("nn", "nn.callbacks", "nn.data", "nn.init", "nn.metrics", "nn.optim", "nn.plot")

#: Where the public names of nn and minigrad are.
_places: dict[str, str] = {}


def explain_names() -> None:
    """Let names that nn and its packages do not have say where they are, or what to write instead.

    >>> import nn
    >>> nn.Adam
    Traceback (most recent call last):
        ...
    AttributeError: module 'nn' has no attribute 'Adam'; did you mean nn.optim.Adam?
    """
    packages = [module for name, module in sys.modules.items() if f"{name}.".startswith("nn.")]
    for package in packages:
        package.__class__ = _Package
        if package.__name__ in _PACKAGES:
            _places.update({f"{package.__name__}.{name}": name for name in package.__all__})
    _places.update({f"mg.{name}": name for name in mg.__all__})
