"""Callbacks: what is done during a training, at its beginning, after each epoch, at its end.

`callback` is the base, with the hooks; `monitor` is the number that some of them watch, and `state` checks what a
checkpoint holds. `early_stopping`, `model_checkpoint`, `reduce_lr_on_plateau`, `csv_logger`, `parameter_path` and
`tensorboard` are one callback each.
"""

from nn.callbacks.callback import Callback as Callback
from nn.callbacks.callback import LambdaCallback as LambdaCallback
from nn.callbacks.csv_logger import CSVLogger as CSVLogger
from nn.callbacks.early_stopping import EarlyStopping as EarlyStopping
from nn.callbacks.model_checkpoint import ModelCheckpoint as ModelCheckpoint
from nn.callbacks.parameter_path import ParameterPath as ParameterPath
from nn.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau as ReduceLROnPlateau
from nn.callbacks.snapshots import Snapshots as Snapshots
from nn.callbacks.tensorboard import TensorBoard as TensorBoard

__all__ = [
    "CSVLogger",
    "Callback",
    "EarlyStopping",
    "LambdaCallback",
    "ModelCheckpoint",
    "ParameterPath",
    "ReduceLROnPlateau",
    "Snapshots",
    "TensorBoard",
]


def __dir__() -> list[str]:
    return __all__
