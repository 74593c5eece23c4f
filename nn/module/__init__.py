"""Module, the base of layers and models, and what belongs to it: parameters, buffers, modes, state.

`module` is the class; `attributes` is where it finds its parts; `parameter` is what it has of numbers; `state_dict`
saves and loads them; `modes` and `calls` are what a block of code sets for all calls within it.
"""

from nn.module.calls import observe as observe
from nn.module.modes import evaluation_mode as evaluation_mode
from nn.module.modes import training_mode as training_mode
from nn.module.module import Module as Module
from nn.module.module import device_of as device_of
from nn.module.parameter import Buffer as Buffer
from nn.module.parameter import Parameter as Parameter

__all__ = ["Buffer", "Module", "Parameter", "device_of", "evaluation_mode", "observe", "training_mode"]
