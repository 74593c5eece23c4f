"""Training and evaluation mode: of a module, and of one thread within a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn.module.module import Module

__all__ = ["evaluation_mode", "is_training", "modes", "set_training", "training_mode"]

#: The modes of modules within `evaluation_mode`, by their ids: another thread may train the same model meanwhile.
modes: ContextVar[dict[int, bool]] = ContextVar("nn modes", default={})  # noqa: B039  an empty one is never changed


def is_training(module: Module) -> bool:
    """The mode of a module in this thread."""
    return bool(modes.get().get(id(module), module.__dict__.get("training", True)))


def set_training(module: Module, mode: bool) -> None:
    """Set the mode of a module; within `evaluation_mode` that of this thread alone."""
    overridden = modes.get()
    if id(module) in overridden:
        overridden[id(module)] = mode
    else:
        module.__dict__["training"] = mode


@contextmanager
def evaluation_mode(model: Module) -> Iterator[None]:
    """Evaluation mode within the block, in this thread alone; after it, each module is back in its previous mode."""
    with _mode(model, False):
        yield


@contextmanager
def training_mode(model: Module) -> Iterator[None]:
    """Training mode within the block, likewise."""
    with _mode(model, True):
        yield


@contextmanager
def _mode(model: Module, mode: bool) -> Iterator[None]:
    modules = [module for _, module in model.named_modules()]  # kept until the end, so that their ids stay theirs
    token = modes.set(modes.get() | {id(module): mode for module in modules})
    try:
        yield
    finally:
        modes.reset(token)
