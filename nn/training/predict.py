"""predict: the outputs of a model for arrays, or the class that it sees in a picture."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.module import Module, evaluation_mode
from nn.training.checks.arguments import check_inputs, check_model
from nn.training.checks.usual_mistakes import are_probabilities
from nn.training.evaluate import output_of
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["Prediction", "predict"]


class Prediction(NamedTuple):
    """What a classifier sees in a picture."""

    name: str
    """The name of the class."""
    probability: float
    """How probable it is, by the model."""

    def __str__(self) -> str:
        return f"{self.name} ({self.probability:.1%})"


@explains_calls
def predict(model: Module, x: Array | str | os.PathLike[str], *, batch_size: int = 256) -> Any:
    """The outputs for all inputs as one NumPy array, or the class of a picture in a file.

    In evaluation mode, without recording, batch by batch.

    Arguments:
        model: the model. For pictures it has to know its classes, and how its inputs are made of pictures, as it does
            after `fit` on an `nn.data.ImageFolder`, and after `nn.load` of what was saved then.
        x: inputs, a data set, or the path of a picture. The two may also be swapped: ``predict("photo.jpg", model)``.
        batch_size: the number of samples in a batch.

    Returns:
        The outputs, (N, …), of a data set in the order of its samples; of a picture a `Prediction`, with a name and a
        probability.

    Raises:
        ValueError: if the model does not know its classes, or the file is not a picture.
        TypeError: if inputs are something else, such as a `DataLoader`, or a list of paths.
        OSError: if there is no such file, or it is a folder.

    >>> import nn, numpy as np
    >>> nn.predict(nn.ReLU(), np.array([[-1.0], [2.0]])).tolist()
    [[0.0], [2.0]]
    """
    if isinstance(x, Module) and isinstance(model, str | os.PathLike):
        model, x = x, model
    check_model("predict", model)
    if isinstance(x, str | os.PathLike):
        return _of_file(model, Path(x))
    check_inputs("predict", x)
    with mg.no_grad(), evaluation_mode(model):
        batches = DataLoader(tuple(x) if isinstance(x, list) else x, batch_size=batch_size)  # a list is an array
        return np.concatenate([mg.to(output_of("predict", model, batch[0]), "cpu") for batch in batches])


def _of_file(model: Module, path: Path) -> Prediction:
    classes, preprocessing = getattr(model, "classes", None), getattr(model, "preprocessing", None)
    if classes is None or preprocessing is None:
        raise ValueError(
            f"predict: this {type(model).__name__} does not know its classes and how to prepare pictures; train it on "
            "an nn.data.ImageFolder, or load what was saved after that: nn.load(path, into=model)"
        )
    if path.is_dir():
        raise IsADirectoryError(
            f"predict: {path} is a folder, expected the path of a picture; write "
            f"[nn.predict(model, path) for path in Path({str(path)!r}).rglob('*.jpg')]"
        )
    with mg.no_grad(), evaluation_mode(model):
        y = mg.to(output_of("predict", model, preprocessing(path)[None]), "cpu")[0]
    if y.shape != (len(classes),):
        raise ValueError(f"predict: the model has outputs of shape {y.shape}, and {len(classes)} classes")
    p = np.asarray(mg.softmax(y.astype(np.float64)))
    if are_probabilities(y[None]):
        p = y
    best = int(p.argmax())
    return Prediction(classes[best], float(p[best]))
