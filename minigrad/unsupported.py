"""What to write instead of names that minigrad does not have: attributes, functions of the package, keywords."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from inspect import Parameter, Signature, signature
from typing import Any, NoReturn

import numpy as np

__all__ = ["NUMPY_KEYWORDS", "bare", "closest", "explain_unsupported", "refuse_call", "unknown_name"]

_WRITES = ("fill", "itemset", "partition", "put", "resize", "setfield", "sort", "setflags")

#: Attributes of PyTorch's Tensors and of arrays, and how minigrad says it.
_ELSEWHERE = {
    "backwards": "t.backward()",
    "bool": "t.astype(bool)",
    "chunk": "mg.array_split(t, sections)",
    "clamp": "t.clip(low, high)",
    "clone": "t.copy()",
    "contiguous": "t",
    "dim": "t.ndim",
    "cpu": 't.to("cpu")',
    "cuda": 't.to("cuda")',
    "expand": "mg.broadcast_to(t, shape)",
    "flat": "t.reshape(-1)",
    "double": "t.astype(float)",
    "float": 't.astype("float32")',
    "int": "t.astype(int)",
    "is_cuda": 't.device != "cpu"',
    "half": 't.astype("float16")',
    "long": "t.astype(int)",
    "matmul": "t @ other",
    "mm": "t @ other",
    "mul": "t * other",
    "nelement": "t.size",
    "numel": "t.size",
    "permute": "t.transpose(axes)",
    "requires_grad_": "t.requires_grad = True",
    "pow": "t**n",
    "requires_gradient": "t.requires_grad",
    "retain_grad": "mg.explain(loss), which shows every error signal",
    "type": "t.dtype, or t.astype(dtype)",
    "unsqueeze": "np.expand_dims(t, axis)",
    "view": "t.reshape(shape)",
    "add_": "with mg.no_grad(): t += …",
    "sub_": "with mg.no_grad(): t -= …",
    "mul_": "with mg.no_grad(): t *= …",
    "div_": "with mg.no_grad(): t /= …",
    "clamp_": "t.data = …",
    "normal_": "t.data = …",
    "uniform_": "t.data = …",
    "copy_": "t.data = …",
    "fill_": "t.data = …",
    "zero_": "t.data = …, or t.grad = None for the gradient",
}

#: Functions of NumPy that make arrays.
_CREATORS = ("arange", "empty", "eye", "full", "identity", "ones", "tri", "zeros")

#: Names of PyTorch and JAX, and how minigrad says it.
_OTHER_NAMES = {
    "Variable": "mg.Tensor(data, requires_grad=True)",
    "array": "mg.Tensor(data)",
    "as_tensor": "mg.Tensor(data)",
    "asarray": "mg.Tensor(data)",
    "autograd": "mg.grad(f)",
    "backward": "loss.backward()",
    "bmm": "mg.matmul(a, b)",
    "c_": "mg.column_stack([a, b])",
    "cat": "mg.concatenate([a, b])",
    "clamp": "mg.clip(t, low, high)",
    "cuda": 't.to("cuda")',
    "dropout": "nn.Dropout(p)(x)",
    "enable_grad": "the code outside of mg.no_grad()",
    "float32": "np.float32",
    "float64": "np.float64",
    "flatten": "t.reshape(len(t), -1)",
    "from_numpy": "mg.Tensor(array)",
    "jacfwd": 'mg.jacobian(f, mode="forward")',
    "jacrev": 'mg.jacobian(f, mode="reverse")',
    "load": "np.load(path)",
    "manual_seed": "rng=seed where random numbers are drawn, or np.random.default_rng(seed)",
    "mm": "mg.matmul(a, b)",
    "nn": "import nn",
    "no_gradient": "with mg.no_grad():",
    "numpy": "import numpy as np: NumPy's functions take Tensors",
    "optim": "import nn, and nn.optim",
    "permute": "mg.transpose(t, axes)",
    "one_hot": "np.eye(classes)[numbers]",
    "r_": "mg.concatenate([a, b])",
    "rand": "mg.Tensor(np.random.default_rng().random(shape))",
    "randn": "mg.Tensor(np.random.default_rng().normal(size=shape))",
    "save": "np.save(path, t.data), or nn.save(model, path)",
    "swish": "mg.silu(x)",
    "unsqueeze": "mg.expand_dims(t, axis)",
    "value_and_gradient": "mg.value_and_grad(f)",
}

#: Keywords of NumPy's functions that those here do not take, and what to write instead.
NUMPY_KEYWORDS = {
    "out": "a Tensor's value is never written into an array: write z = f(x), and z = x + t for x += t",
    "dtype": "convert its argument: t.astype(dtype)",
    "where": "choose afterwards, mg.where(mask, f(x), 0.0), or before a reduction, t[mask]",
    "casting": "convert its argument: t.astype(dtype)",
    "signature": "convert its argument: t.astype(dtype)",
    "order": "leave it out: it is a layout in memory",
    "subok": "leave it out: there are no subclasses",
    "overwrite_input": "leave it out: nothing is overwritten",
    "hermitian": "leave it out if the matrix is Hermitian",
    "device": "move it: t.to(device)",
    "axes": "move the axes before, mg.moveaxis(t, source, destination)",
    "axis": "move the axis before, mg.moveaxis(t, source, destination)",
    "keepdims": "put the axis back, mg.expand_dims(result, axis)",
    "like": "leave it out: the Tensor itself says where its numbers are",
    "full": "the squared distances are mg.sum((y - mg.polyval(p, x)) ** 2, axis=0)",
    "cov": "it is mg.inv(V.T @ V) * mg.sum((y - V @ p) ** 2) / (len(x) - deg - 1), with V = mg.vander(x, deg + 1)",
    "copy": "write t.copy() for a copy",
    "kind": "leave it out: every kind gives the same values",
    "ndmin": "put axes in front, t[None]",
    "ndmax": "leave it out: the numbers are no objects",
    "writeable": "leave it out: windows share memory with a Tensor, whose value must not be written into",
}

#: Keywords of PyTorch, and NumPy's.
_KEYWORDS = {
    **NUMPY_KEYWORDS,
    "axes": "axis",
    "a_min": "min",
    "a_max": "max",
    "dim": "axis",
    "dims": "axis",
    "keepdim": "keepdims",
    "unbiased": "write ddof=1 for unbiased=True, ddof=0 for unbiased=False",
    "inplace": "nothing is computed in place: use what the call returns",
    "input": "x",
    "reduce": "reduction",
    "size_average": "reduction",
}


class _Unsupported:
    """An attribute that raises an AttributeError, which says what to write instead; ``hasattr`` does not find it.

    A ``__getattr__`` would serve any name, but slow down every other attribute.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        raise AttributeError(
            f"{owner.__name__} has no attribute {self.name!r}{_instead_of(self.name)}", name=self.name, obj=instance
        )


def explain_unsupported(cls: type, operations: Iterable[str]) -> None:
    """Give `cls` an attribute that says what to write instead, for each of arrays, PyTorch's and mg's that it lacks."""
    for name in operations:
        if not (hasattr(cls, name) or name in _WRITES):
            _ELSEWHERE.setdefault(name, f"mg.{name}(t, …)")
    for name in (*_ELSEWHERE, *vars(np.ndarray)):
        if not name.startswith("_") and not hasattr(cls, name):
            setattr(cls, name, _Unsupported(name))


def _instead_of(name: str) -> str:
    if name in _WRITES:
        return (
            ", for it would write into a value that a graph may still need; build a new Tensor instead (mg.where, "
            f"NumPy's functions), or change a parameter between training steps with t.data.{name}(…)"
        )
    if name in _ELSEWHERE:
        return f"; write {_ELSEWHERE[name]}"
    return f"; its array has one, through which no gradient flows: t.data.{name}"


def closest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant: the same but for capitals and underscores, or nearly the same.

    >>> closest("MaxPool2D", ["MaxPool1d", "MaxPool2d"])
    'MaxPool2d'
    """
    spelled = {bare(known): known for known in names}
    close = get_close_matches(bare(name), spelled, cutoff=0.75)
    return spelled[close[0]] if close else None


def bare(name: str) -> str:
    """A name without what spellings differ in."""
    return name.lower().replace("_", "").replace("pooling", "pool").replace("average", "avg")


def unknown_name(name: str, names: Iterable[str]) -> AttributeError:
    """The error of ``mg.tensor``: the package has no such name, and what to write instead.

    >>> unknown_name("tensor", ["Tensor", "tensordot"])
    AttributeError("module 'minigrad' has no attribute 'tensor'; did you mean mg.Tensor?")
    """
    hint = ""
    if not name.startswith("_"):
        close = closest(name, names)
        if name in _OTHER_NAMES:
            hint = f"; write {_OTHER_NAMES[name]}"
        elif close and bare(close) == bare(name):
            hint = f"; did you mean mg.{close}?"
        elif callable(getattr(np, name, None)):
            hint = f"; write mg.Tensor(np.{name}(…))" if name in _CREATORS else f"; NumPy has np.{name}"
        elif close:
            hint = f"; did you mean mg.{close}?"
    return AttributeError(f"module 'minigrad' has no attribute {name!r}{hint}")


def refuse_call(
    name: str, function: Callable[..., Any], args: Any, kwargs: dict[str, Any], keywords: Mapping[str, str] = _KEYWORDS
) -> None:
    """Raise a TypeError that says how the function is called, if the arguments do not fit its signature.

    Called after a TypeError, to tell whether it came from this call.

    Arguments:
        keywords: keywords of other libraries, and what to write instead: a keyword of this function, or a sentence;
            the empty keyword has the hint for too many arguments by position.

    >>> refuse_call("sum", lambda x, axis=None: x, (1.0,), {"dim": 0})
    Traceback (most recent call last):
        ...
    TypeError: sum() got an unexpected keyword argument 'dim'; write axis=; it is called sum(x, axis=None)
    """
    called = signature(function)
    try:
        called.bind(*args, **kwargs)
    except TypeError as error:
        mistake = str(error)
    else:
        return
    known = called.parameters
    unknown = next((key for key in kwargs if key not in known), None)
    hint = ""
    if unknown is not None:
        mistake = f"got an unexpected keyword argument {unknown!r}"
        meant = keywords.get(unknown, closest(unknown, known))
        hint = f"; write {meant}=" if meant in known else f"; {meant}" if meant is not None and " " in meant else ""
    elif mistake == "too many positional arguments":
        hint = keywords.get("", "")
        by_position = [p for p in known.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        n = len(by_position)
        mistake = f"takes {n or 'no'} argument{'s' * (n != 1)} by position, got {len(args)}"
    raise TypeError(f"{name}() {mistake}{hint}; it is called {name}{_shown(called)}") from None


def _shown(called: Signature) -> str:
    """A signature without types, with the names of classes that are defaults."""
    parameters = [p.replace(annotation=p.empty, default=_shown_default(p.default)) for p in called.parameters.values()]
    return str(Signature(parameters))


def _shown_default(default: Any) -> Any:
    return _Name(default.__name__) if isinstance(default, type) and default is not Parameter.empty else default


class _Name(str):
    __slots__ = ()
    __repr__ = str.__str__
