"""Module, the base of layers and models."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np

import minigrad as mg
from nn.constructor_arguments import keeps_arguments
from nn.module.attributes import DEEPEST, parts
from nn.module.calls import CallScope, nested_calls, observer
from nn.module.hooks import ForwardHook, Hooks, hooks_in_use
from nn.module.modes import is_training, set_training
from nn.module.placement import device_and_dtype, place
from nn.module.state_dict import load_state, state_of
from nn.module.state_report import StateReport
from nn.module.tree import ModuleTree
from nn.printed_text import printable
from nn.unsupported import explains_calls, note_method, refuse_call

__all__ = ["Module", "device_of"]

_LONGEST_DESCRIPTION = 24  # characters on a line


class Module(ModuleTree):
    """The base of all layers and models: define ``forward``, and assign parameters and modules as attributes.

    Attributes may also be lists, tuples and dictionaries of modules or parameters. A call of ``super().__init__()`` is
    not needed.

    Attributes:
        training: whether layers like `Dropout` behave as in training; set by `train` and `eval`.
        classes: the names of the classes that it tells apart, a tuple of texts; ``None`` if it does not know them. Like
            `preprocessing`, it is set by ``nn.load`` and ``nn.fit``, and kept in a file by ``nn.save``.
        preprocessing: what makes an input of an image file, an `nn.data.Preprocessing`, or ``None``.

    >>> import nn
    >>> class Affine(nn.Module):
    ...     def __init__(self):
    ...         self.scale = nn.Parameter(2.0)
    ...     def forward(self, x):
    ...         return self.scale * x
    >>> float(Affine()(3.0))
    6.0
    """

    classes: tuple[str, ...] | None = None
    preprocessing: Any = None
    _hooks: Hooks | None = None
    _rng_is_fresh = False  # of a layer that draws: whether it was given no seed, and has not drawn yet

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls):
            setattr(cls, "__init__", keeps_arguments(cls.__init__))  # noqa: B010

    def forward(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Compute the output; called through ``module(x)``, with arguments by position and by keyword."""
        cls = type(self)
        close = "call" if hasattr(cls, "call") else mg.unsupported.closest("forward", set(dir(cls)) - {"forward"})
        hint = f"; its method {close} has to be called forward" if close else ""
        raise NotImplementedError(f"{cls.__name__} has no forward method; define forward(self, x){hint}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            with CallScope(self):
                if hooks_in_use and self._hooks is not None:
                    y = self._hooks.call(self, args, kwargs)
                else:
                    y = self.forward(*args, **kwargs)
        except RecursionError as error:
            raise nested_calls(error, self) from None
        except TypeError as error:
            refuse_call(f"{type(self).__name__}.forward", self.forward, args, kwargs, "; is it def forward(self, x)?")
            note_method(error)
            raise
        if y is None:
            raise TypeError(f"{type(self).__name__}.forward returned None; it lacks a return of its output")
        on_call = observer.get()
        if on_call is not None:
            on_call(self, y[0] if isinstance(y, tuple) else y)  # MaxPool2d may return indices, too
        return y

    # ------------------------------------------------------------------ hooks

    @explains_calls
    def register_forward_pre_hook(self, hook: Callable[..., Any], *, with_kwargs: bool = False) -> ForwardHook:
        """Call ``hook(module, args)`` before each call of this module; what it returns replaces the arguments.

        Arguments:
            hook: returns ``None`` to leave the arguments as they are, one value, or a tuple of all.
            with_kwargs: whether to call ``hook(module, args, kwargs)``, which returns ``None`` or ``(args, kwargs)``.

        Returns:
            A handle, whose ``remove()`` takes the hook back.
        """
        return ForwardHook(hook, with_kwargs, self._own_hooks().before)

    @explains_calls
    def register_forward_hook(self, hook: Callable[..., Any], *, with_kwargs: bool = False) -> ForwardHook:
        """Call ``hook(module, args, output)`` after each call of this module; what it returns replaces the output.

        A copy of the module has its hooks, too.

        Arguments:
            hook: returns ``None`` to leave the output as it is.
            with_kwargs: whether to call ``hook(module, args, kwargs, output)``.

        Returns:
            A handle, whose ``remove()`` takes the hook back.

        >>> import nn, numpy as np
        >>> layer = nn.ReLU()
        >>> with layer.register_forward_hook(lambda module, args, output: print(output)):
        ...     _ = layer(np.array([-1.0, 2.0]))
        [0. 2.]
        """
        return ForwardHook(hook, with_kwargs, self._own_hooks().after)

    def _own_hooks(self) -> Hooks:
        if self._hooks is None:
            self.__dict__["_hooks"] = Hooks()
        return self._hooks  # type: ignore[return-value]

    # ------------------------------------------------------------------ training

    @property
    def training(self) -> bool:
        """Whether layers like `Dropout` behave as in training."""
        return is_training(self)

    @training.setter
    def training(self, mode: bool) -> None:
        set_training(self, mode)

    def train(self, mode: bool = True) -> Module:
        """Set training mode for the module and all submodules; return the module."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Set evaluation mode; return the module."""
        return self.train(False)

    @explains_calls
    def zero_grad(self) -> None:
        """Reset the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def requires_grad_(self, requires_grad: bool = True) -> Module:
        """Set `requires_grad` of all parameters, ``False`` to freeze them; return the module."""
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    # ------------------------------------------------------------------ device and precision

    @explains_calls
    def to(self, device: Any = None, dtype: Any = None) -> Module:
        """Move all parameters, their gradients, and all buffers to a device, or convert them; return the module.

        The state of an optimizer follows in its next step.

        Arguments:
            device: ``"cpu"``, ``"cuda"`` for a GPU, or ``"cuda:1"`` for the second one.
            dtype: a floating one, such as ``np.float64``; it may be the only argument. Buffers of whole numbers keep
                theirs.

        >>> import nn, numpy as np
        >>> nn.Linear(2, 3).to("cpu").weight.device
        'cpu'
        >>> nn.Linear(2, 3).to(np.float64).weight.dtype
        dtype('float64')
        """
        where, precision = device_and_dtype(device, dtype)
        for tensor in (*self.parameters(), *self.buffers()):
            place(tensor, where, precision)
        return self

    def cpu(self) -> Module:
        """``to("cpu")``."""
        return self.to("cpu")

    def cuda(self, device: int | None = None) -> Module:
        """``to("cuda")``, or to the GPU of this number."""
        return self.to("cuda" if device is None else f"cuda:{device}")

    def half(self) -> Module:
        """``to(np.float16)``."""
        return self.to(np.float16)

    def float(self) -> Module:
        """``to(np.float32)``."""
        return self.to(np.float32)

    def double(self) -> Module:
        """``to(np.float64)``."""
        return self.to(np.float64)

    # ------------------------------------------------------------------ saving

    @explains_calls
    def state_dict(self) -> dict[str, Any]:
        """A copy of the array of each parameter and persistent buffer, on the CPU, by its dotted path.

        The names and their order are PyTorch's; what has several names comes once. After them come the states of
        random generators, as bytes, but for those of layers without a seed that have drawn nothing.

        >>> import nn
        >>> {name: array.shape for name, array in nn.Linear(2, 3).state_dict().items()}
        {'weight': (3, 2), 'bias': (3,)}
        """
        return state_of(self)

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> StateReport:
        """Set each parameter and buffer to the array of its name, converted to its dtype.

        Everything is checked before anything is changed: if one array does not fit, the model stays as it is. Values
        that are not finite, or not any more in the dtype of the parameter, are loaded with a RuntimeWarning. A state
        without those of random generators, as PyTorch's are, leaves the generators as they are.

        Arguments:
            strict: ``False`` to load what fits, and leave the rest as it is.

        Returns:
            The names that are missing, unexpected, or of another shape.

        Raises:
            KeyError: if names are missing or unexpected.
            ValueError: if the shape of an array differs from that of its parameter.
            TypeError: if an array is not one of numbers (text, objects, dates, masked arrays), or complex.

        >>> import nn, numpy as np
        >>> model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
        >>> model.load_state_dict({"0.weight": np.ones((3, 2)), "1.weight": np.ones((2, 3))}, strict=False)
        missing 0.bias, 1.bias
        1.weight has shape (2, 3) in the state, but (1, 3) in this model
        """
        return load_state(self, state_dict, strict)

    @explains_calls
    def save_pretrained(self, folder: str | os.PathLike[str]) -> Path:
        """Write the model to a folder in the manner of model hubs, from which `from_pretrained` makes it again.

        ``config.json`` has the name of the class and the arguments that its constructor was called with, also those of
        a class of your own: they are noted in the call, with the defaults of the others. They have to be numbers,
        texts, ``None``, lists and dictionaries. A tuple becomes a list, a dtype its name, and a generator of random
        numbers is left out if the argument has a default. ``model.safetensors`` has the weights, as ``nn.save`` writes
        them, and ``README.md`` is a model card, which is written if there is none.

        Which parameters are frozen is not kept: ``requires_grad`` is what the constructor makes it.

        Before anything is written, the model is constructed from these arguments: so the folder can be loaded, and a
        model that was changed after it was constructed is refused. Whenever the program is killed, the folder has the
        model of before or the new one.

        Returns:
            The folder.

        Raises:
            TypeError: if an argument of the constructor is not one of JSON: a layer, a function, an array.
            ValueError: if the constructor does not make this model.
            OSError: if a file cannot be written.

        >>> import json, nn, pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = nn.LeNet(classes=3, rng=0).save_pretrained(folder)
        ...     json.loads((path / "config.json").read_text())
        {'format': 'minigrad.pretrained.1', 'class': 'LeNet', 'arguments': {'classes': 3, 'classic': False, 'rng': 0}}
        """
        from nn.serialization.pretrained.folder import save_folder

        return save_folder(self, folder)

    @classmethod
    def from_pretrained(cls, folder: str | os.PathLike[str]) -> Self:
        """The model in a folder that `save_pretrained` has written, in evaluation mode.

        You name the class, ``LeNet.from_pretrained(folder)``: a file never chooses the code that is run. The arguments
        in ``config.json`` go to its constructor, and the weights, class names and preprocessing to the model. Its
        parameters get the dtypes of the file. While it is constructed, layers make at most twice as many numbers as
        the file has, so that a changed config cannot ask for all memory.

        Raises:
            OSError: if the folder or a file cannot be read.
            ValueError: if a file is damaged, the config is that of another class or was edited, an argument is unknown,
                missing or refused by the constructor, or the weights are not those of the model.

        Warns:
            RuntimeWarning: if a program was killed while it wrote a new model, and the one of before is loaded.

        >>> import nn, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = nn.LeNet(classes=3).save_pretrained(folder)
        ...     model = nn.LeNet.from_pretrained(path)
        >>> model.fc3
        Linear(84, 3)
        """
        from nn.serialization.pretrained.folder import load_folder

        return load_folder(cls, folder)

    # ------------------------------------------------------------------ repr

    def extra_repr(self) -> str:
        """The text in the brackets of repr: the arguments of the constructor."""
        return ""

    def describe(self) -> list[str]:
        """What it does, in a few short texts, which drawings show: by default its class and its arguments.

        >>> import nn
        >>> nn.Conv2d(1, 6, 5, padding=2).describe(), nn.Dropout(0.5).describe()
        (['6 filters 5×5', 'padding 2'], ['Dropout(p=0.5)'])
        """
        name, arguments = type(self).__name__, self.extra_repr()
        if len(name) + len(arguments) > _LONGEST_DESCRIPTION:
            return [name, *arguments.split(", ")]
        return [f"{name}({arguments})" if arguments else name]

    def __repr__(self) -> str:
        return self._structure(())

    def _structure(self, outer: tuple[Module, ...]) -> str:
        """The text of `repr` within these modules; one that contains itself, or deep ones, are shown by … alone."""
        children: list[tuple[str, Module]] = [(name, part) for name, part in parts(self) if isinstance(part, Module)]
        if not children:
            return f"{type(self).__name__}({self.extra_repr()})"
        if len(outer) == DEEPEST or any(module is self for module in outer):
            return f"{type(self).__name__}(…)"
        texts = [
            child._structure((*outer, self)) if type(child).__repr__ is Module.__repr__ else repr(child)
            for _, child in children
        ]
        lines = [f"  ({printable(n)}): " + t.replace("\n", "\n  ") for (n, _), t in zip(children, texts, strict=True)]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])


def device_of(model: Module) -> str:
    """The device of a model's parameters and buffers; the CPU if it has none."""
    return next((tensor.device for tensor in chain(model.parameters(), model.buffers())), "cpu")
