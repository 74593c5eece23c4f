"""The base of all callbacks: hooks that a training calls at fixed points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, signature
from typing import Any

import minigrad as mg
from nn.unsupported import Explained

__all__ = ["HOOKS", "Callback", "LambdaCallback", "as_callbacks"]

#: The hooks, in the order in which they are called.
HOOKS = ("on_train_begin", "on_epoch_begin", "on_train_batch_end", "on_epoch_end", "on_train_end")

#: A hook: a function of the run.
Hook = Callable[[Any], Any]


class Callback(Explained):
    """Something that is done during a training. Each hook receives the run; those that are not overridden do nothing.

    A run has ``model``, ``optimizer``, ``schedule`` and ``loss``; ``epoch``, from 1, of ``epochs``, and ``step``, the
    steps of the optimizer so far; ``comm``, with the ``rank`` of this process, as each of several calls all hooks, and
    one alone should print and write; ``logs``, a dictionary of the means of this epoch so far, in `on_epoch_end` with
    those of the validation, ``val_loss`` …; ``history``; and ``run.stop(reason)``, which ends the training.

    What a callback remembers from epoch to epoch belongs into its `state_dict`: then a resumed training ends as one
    that was not interrupted.

    Raises:
        TypeError: for a subclass with a hook that there is not, or one that takes something other than the run.

    >>> import nn
    >>> class StopAt(nn.callbacks.Callback):
    ...     def __init__(self, loss):
    ...         self.loss = loss
    ...
    ...     def on_epoch_end(self, run):
    ...         if run.logs["loss"] < self.loss:
    ...             run.stop(f"the loss is below {self.loss}")
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, hook in vars(cls).items():
            if name.startswith("on_") and callable(hook):
                _check_hook(cls, name, hook)

    def on_train_begin(self, run: Any) -> None:
        """Before the first batch, also of a training that goes on from a checkpoint: then ``run.step > 0``."""

    def on_epoch_begin(self, run: Any) -> None:
        """Before the first batch of an epoch."""

    def on_train_batch_end(self, run: Any) -> None:
        """After each batch."""

    def on_epoch_end(self, run: Any) -> None:
        """After the last batch of an epoch, and its validation."""

    def on_train_end(self, run: Any) -> None:
        """At the end of the training, also of one that was stopped or failed."""

    def __repr__(self) -> str:
        given = ((name, vars(self)[name]) for name in signature(type(self)).parameters if name in vars(self))
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in given)})"

    def state_dict(self) -> dict[str, Any]:
        """What the callback remembers between epochs; nothing, unless a subclass says otherwise."""
        return {}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            ValueError: if there is something in it, and this callback has no state.
        """
        if state_dict:
            raise ValueError(
                f"{type(self).__name__}: got a state with {', '.join(map(str, state_dict))}, but it has no "
                "load_state_dict(state), which goes with state_dict()"
            )


def _check_hook(cls: type, name: str, hook: Any) -> None:
    """Raise a TypeError for a hook that would never be called, or be called with something else than it expects."""
    if name not in HOOKS:
        close = mg.unsupported.closest(name, HOOKS)
        hint = f"did you mean {close}?" if close else f"the hooks are {', '.join(HOOKS)}"
        raise TypeError(f"{cls.__name__} has a hook {name}, which is never called; {hint}")
    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    taken = [p.name for p in signature(hook).parameters.values() if p.kind in kinds]
    if len(taken) > 2:
        raise TypeError(
            f"{cls.__name__}.{name} takes {', '.join(taken[1:])}, but hooks take the run alone: write "
            f"{name}(self, run), and run.epoch, run.logs … in it"
        )


class LambdaCallback(Callback):
    """A callback from functions of the run.

    Arguments:
        on_epoch_end, on_train_begin, on_epoch_begin, on_train_batch_end, on_train_end: what to call where.

    Raises:
        TypeError: if one of them cannot be called, or none is given.

    A function alone, in the list of callbacks, is an `on_epoch_end`.

    >>> import nn
    >>> report = nn.callbacks.LambdaCallback(on_train_end=lambda run: print("steps:", run.step))
    """

    def __init__(
        self,
        on_epoch_end: Hook | None = None,
        *,
        on_train_begin: Hook | None = None,
        on_epoch_begin: Hook | None = None,
        on_train_batch_end: Hook | None = None,
        on_train_end: Hook | None = None,
    ) -> None:
        given = (on_train_begin, on_epoch_begin, on_train_batch_end, on_epoch_end, on_train_end)
        hooks = {name: hook for name, hook in zip(HOOKS, given, strict=True) if hook is not None}
        if not hooks:
            raise TypeError("LambdaCallback: got no function; write LambdaCallback(on_epoch_end=lambda run: …)")
        for name, hook in hooks.items():
            if not callable(hook):
                raise TypeError(f"LambdaCallback: {name} is {hook!r:.80}, expected a function of the run")
            _check_function(name, hook)
            setattr(self, name, hook)


def _check_function(name: str, hook: Hook) -> None:
    """Raise a TypeError for a function that needs more than the run."""
    try:
        parameters = signature(hook).parameters.values()
    except (TypeError, ValueError):  # a function of C that does not tell
        return
    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    needed = [p.name for p in parameters if p.kind in kinds and p.default is p.empty]
    if len(needed) > 1:
        raise TypeError(
            f"callbacks: a function for {name} takes {', '.join(needed)}, but it gets the run alone: write "
            "lambda run: …, and run.epoch, run.logs … in it"
        )


def as_callbacks(given: Callback | Hook | Iterable[Callback | Hook] | None) -> list[Callback]:
    """The callbacks of a list, or one alone; a plain function of the run is called after each epoch.

    Raises:
        TypeError: if one is something else, such as a class that has to be constructed.

    >>> [type(callback).__name__ for callback in as_callbacks([Callback(), print])]
    ['Callback', 'LambdaCallback']
    """
    if given is None:
        return []
    alone = isinstance(given, Callback | str) or not isinstance(given, Iterable)
    callbacks = [_callback(one) for one in ([given] if alone else given)]  # type: ignore[union-attr]
    for i, callback in enumerate(callbacks):
        if any(callback is other for other in callbacks[:i]):
            raise ValueError(f"callbacks: the {type(callback).__name__} is there twice")
    return callbacks


def _callback(one: Any) -> Callback:
    if isinstance(one, Callback):
        return one
    if isinstance(one, type):
        raise TypeError(f"callbacks: got the class {one.__name__}, which has to be constructed: {one.__name__}(…)")
    if callable(one):
        return LambdaCallback(on_epoch_end=one)
    raise TypeError(
        f"callbacks: got {one!r:.80}, expected a callback such as nn.callbacks.EarlyStopping(), or a function of the "
        "run"
    )
