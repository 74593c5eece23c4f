"""A model as a folder: config.json, model.safetensors and README.md, as model hubs have them.

Whenever a program is killed, the folder has a model, the old one or the new one. The weights name the config that they
belong to, by its checksum, and are written after it, in one step. Until then, the old config is kept beside the new.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import minigrad as mg
from nn.constructor_arguments import call_with, constructor_arguments
from nn.init.room import room_for
from nn.module import Module
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.model_metadata import as_metadata, from_metadata, set_on
from nn.serialization.pretrained.config import Config, read_config, require_arguments
from nn.serialization.pretrained.model_card import model_card
from nn.serialization.pretrained.same_model import difference
from nn.serialization.safetensors import contents_of, read_metadata, read_safetensors

__all__ = ["CARD", "CONFIG", "WEIGHTS", "load_folder", "save_folder"]

CONFIG, WEIGHTS, CARD = "config.json", "model.safetensors", "README.md"
_DIGEST = "minigrad.config"
_TIMES, _MORE = 2, 1 << 18  # a constructor may make so many times the elements of the file: some are tied afterwards

_Model = TypeVar("_Model", bound=Module)


def save_folder(model: Module, folder: str | os.PathLike[str]) -> Path:
    """What `Module.save_pretrained` does."""
    if not isinstance(folder, str | os.PathLike):
        raise TypeError(f"save_pretrained: folder is a {type(folder).__name__}, expected the name of a folder")
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(f"save_pretrained: {target} is a file, expected a folder, or a new name")
    config = Config(type(model).__name__, constructor_arguments(model))
    _require_same(model, config)
    noted = {**as_metadata("save_pretrained", model), _DIGEST: config.digest()}
    weights, card = contents_of(model.state_dict(), noted), model_card(model, config).encode()
    # Up to here, nothing was written. The config of the old weights is kept until there are new ones.
    keep = _belongs(target / CONFIG, target / WEIGHTS)
    mg.files.write_file(target / CONFIG, config.as_bytes(), keep_previous=keep)
    mg.files.write_file(target / WEIGHTS, weights)
    mg.files.previous_of(target / CONFIG).unlink(missing_ok=True)
    if not (target / CARD).exists():
        mg.files.write_file(target / CARD, card)
    return target


def load_folder(cls: type[_Model], folder: str | os.PathLike[str]) -> _Model:
    """What `Module.from_pretrained` does."""
    if not isinstance(folder, str | os.PathLike):
        raise TypeError(f"from_pretrained: folder is a {type(folder).__name__}, expected the name of a folder")
    path = Path(folder)
    if not path.is_dir():
        hint = f"; relative paths start at {Path.cwd()}" * (not path.is_absolute())
        raise FileNotFoundError(f"{path}: there is no such folder{hint}; one of a hub has to be downloaded first")
    weights = path / WEIGHTS
    tensors, metadata = read_safetensors(weights)
    config = _config_of(path, metadata.get(_DIGEST))
    require_arguments(path / CONFIG, config, cls)
    classes, preprocessing = from_metadata(weights, metadata)
    elements = sum(array.size for array in tensors.values())
    try:
        with room_for(_TIMES * elements + _MORE):
            model: _Model = call_with(cls, config.arguments)
    except Exception as error:  # of any kind: the constructor may be a user's
        raise DamagedFileError(
            path / CONFIG,
            config.at("arguments"),
            f"{cls.__name__} refuses its arguments: {type(error).__name__}: {error}",
            "the file was changed, or the class is another one",
        ) from error
    _take_dtypes(model, tensors)
    try:
        model.load_state_dict(tensors)
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedFileError(
            weights, 8, str(error.args[0]), "the class is not the one whose weights these are, or it has changed"
        ) from None
    set_on(model, classes, preprocessing)
    model.eval()
    return model


def _require_same(model: Module, config: Config) -> None:
    """Raise a ValueError if the constructor does not make the model from the arguments that would be kept."""
    called = f"save_pretrained: {config.name}"
    try:
        again = call_with(type(model), config.arguments)
    except Exception as error:
        raise ValueError(
            f"{called} cannot be constructed from config.json: {type(error).__name__}: {error}; JSON turns tuples into "
            "lists, and a generator of random numbers is left out"
        ) from error
    found = difference(model, again)
    if found is not None:
        raise ValueError(
            f"{called} was changed after it was constructed: {found}; a folder keeps the arguments and the weights "
            "alone, and arrays that are an nn.Buffer. Give the change an argument in a class of your own, or "
            "write nn.save(model, path)"
        )


def _belongs(config: Path, weights: Path) -> bool:
    """Whether the weights there are those of this config."""
    try:
        return read_metadata(weights).get(_DIGEST) == read_config(config).digest()
    except (DamagedFileError, OSError):
        return False


def _config_of(folder: Path, digest: str | None) -> Config:
    """The config that the weights belong to: the last one, or, if writing was interrupted, the one before."""
    path = folder / CONFIG
    previous = mg.files.previous_of(path)
    config: Config | None = None
    try:
        config = read_config(path)
        if digest is None or config.digest() == digest:  # without one, other programs have written the weights
            return config
        error = DamagedFileError(
            path,
            0,
            f"it is not the config with which {WEIGHTS} was written",
            f"to change an argument, construct the model with it, and write nn.load(folder / {WEIGHTS!r}, into=model)",
        )
    except DamagedFileError as damage:
        error = damage
    with suppress(DamagedFileError, OSError):
        config = read_config(previous)
        if config.digest() == digest:
            mg.user_frame.warn(
                f"from_pretrained: {path} belongs to weights that were not written any more; the model "
                f"before is loaded, of {previous.name}"
            )
            return config
    raise error


def _take_dtypes(model: Module, tensors: dict[str, Any]) -> None:
    """Give parameters and buffers the floating dtypes of the file: the model may have been converted."""
    for name, tensor in (*model.named_parameters(), *model.named_buffers()):
        stored = tensors.get(name)
        if stored is not None and stored.dtype.kind == tensor.dtype.kind == "f" and stored.dtype != tensor.dtype:
            tensor.dtype = stored.dtype
