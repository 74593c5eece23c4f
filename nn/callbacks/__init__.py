"""Callbacks: what is done during a training, at its beginning, after each epoch, at its end.

`callback` is the base, with the hooks.
"""

from nn.callbacks.callback import Callback as Callback
from nn.callbacks.callback import LambdaCallback as LambdaCallback

__all__ = ["Callback", "LambdaCallback"]


def __dir__() -> list[str]:
    return __all__
