"""The names that a pickle may use, one by one, and what is done in place of PyTorch's functions.

A prefix such as ``torch.`` would allow functions that run or download programs: so each name is written out. Nothing
is imported, and none of these calls anything else than functions of this folder.
"""

from __future__ import annotations

from typing import Any

from nn.printed_text import printable
from nn.serialization.pytorch.refused import STATE_ALONE, Refused
from nn.serialization.pytorch.storages import DTYPES, TYPES, StorageType
from nn.serialization.pytorch.tensors import parameter, tensor, tensor_v2, tensor_v3

__all__ = ["ALLOWED", "find"]


def _ordered_dict(*arguments: Any) -> Any:
    """An OrderedDict as a dictionary; its items follow in the pickle."""
    if arguments:
        raise Refused("an OrderedDict is not described as PyTorch does it")
    return {}


def _counter(*arguments: Any) -> Any:
    """A Counter, as MultiStepLR has one of its milestones, as a dictionary: the same one, for a copy takes memory."""
    match arguments:
        case (dict() as counts,):
            return counts
    raise Refused("a Counter is not described as Python does it")


def _size(*arguments: Any) -> Any:
    match arguments:
        case (tuple() as sizes,):
            return sizes
    raise Refused("a torch.Size is not described as PyTorch does it")


def _device(*arguments: Any) -> str:
    """A device as a text: "cuda:0"."""
    match arguments:
        case (str() as kind,):
            return kind
        case (str() as kind, int() as number) if 0 <= number < 1 << 16 and len(kind) < 16:
            return f"{kind}:{number}"
    raise Refused("a torch.device is not described as PyTorch does it")


ALLOWED: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): _ordered_dict,
    ("collections", "Counter"): _counter,
    ("torch", "Size"): _size,
    ("torch", "device"): _device,
    ("torch._utils", "_rebuild_tensor"): tensor,
    ("torch._utils", "_rebuild_tensor_v2"): tensor_v2,
    ("torch._utils", "_rebuild_tensor_v3"): tensor_v3,
    ("torch._utils", "_rebuild_parameter"): parameter,
    ("torch.storage", "UntypedStorage"): StorageType(None),
    **{("torch", name): StorageType(dtype) for name, dtype in TYPES.items()},
    **{("torch", name): f"torch.{name}" for name in DTYPES},
}

_FLOAT8 = ("float8_e4m3fn", "float8_e5m2", "float8_e8m0fnu", "float8_e4m3fnuz", "float8_e5m2fnuz")

#: Names that checkpoints often have and that are refused, with what to do in PyTorch.
_HINTS: dict[tuple[str, str], str] = {
    ("torch._utils", "_rebuild_sparse_tensor"): "in PyTorch, save tensor.to_dense()",
    ("torch._utils", "_rebuild_qtensor"): "in PyTorch, save tensor.dequantize()",
    ("torch._utils", "_rebuild_meta_tensor_no_storage"): "it is on the device meta, without numbers: load it first",
    **{("torch", name): "in PyTorch, save tensor.float()" for name in (*_FLOAT8, "complex32")},
    **{
        (module, "scalar"): "a number of NumPy's was saved: in PyTorch, save float(x)"
        for module in ("numpy.core.multiarray", "numpy._core.multiarray")
    },
    **{(module, "set"): "in PyTorch, save sorted(x) in place of a set" for module in ("__builtin__", "builtins")},
    ("argparse", "Namespace"): "in PyTorch, save vars(args) in place of args",
}


def find(module: str, name: str) -> Any:
    """What a name in a pickle stands for here.

    Raises:
        Refused: for all that is not in the table.
    """
    found = ALLOWED.get((module, name))
    if found is None:
        raise Refused(
            f"the pickle asks for {printable(f'{module}.{name}'[:200])}, and read_torch makes arrays, lists, "
            "dictionaries, texts and numbers alone",
            _HINTS.get((module, name), STATE_ALONE),
        )
    return found
