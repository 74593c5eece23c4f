"""``mg.compile``: a function that writes programs of itself, and runs them."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from copy import deepcopy
from functools import update_wrapper
from pathlib import Path
from threading import Lock
from types import MethodType
from typing import TYPE_CHECKING, Any

from minigrad.core.anomaly_detection import watching
from minigrad.core.named_scope import current_scope
from minigrad.core.recording.collector import collector_paused
from minigrad.core.recording.scopes import recordings
from minigrad.files import write_file
from minigrad.program.arguments import kind_of, must_run_eagerly
from minigrad.program.runtime import OtherProgram
from minigrad.program.source.check import with_check
from minigrad.program.source.names import identifier
from minigrad.recorder import Draws
from minigrad.user_frame import warn

if TYPE_CHECKING:
    from minigrad.program.program import Program

__all__ = ["CompiledFunction", "compile"]

STYLES = ("readable", "fast")

_MOST = 16  # programs of one function


class CompiledFunction:
    """A function together with the programs that were written of it: the result of `compile`."""

    def __init__(self, f: Callable[..., Any], style: str = "readable") -> None:
        if not callable(f):
            raise TypeError(f"compile: expected a function, got {type(f).__name__}; write mg.compile(f)(x)")
        if style not in STYLES:
            raise ValueError(f"compile: got style={style!r}, expected one of {', '.join(map(repr, STYLES))}")
        self.style = style
        self.f = f
        update_wrapper(self, f, updated=())
        name = getattr(f, "__name__", "step")
        self._name = identifier(name) if name.isidentifier() else "step"
        self._programs: OrderedDict[Any, list[Program]] = OrderedDict()
        self._latest: Program | None = None
        self._kinds: list[Any] = []
        self._lock = Lock()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The value of the function: the first call with arguments of a kind writes a program, later ones run it."""
        try:
            kind: tuple[Any, ...] = tuple([kind_of(x) for x in args])
            if kwargs:
                kind += tuple([(name, kind_of(x)) for name, x in kwargs.items()])
        except RecursionError:
            raise ValueError(
                f"compile: an argument of {self._name} is nested too deep; does a list or dictionary contain itself?"
            ) from None
        if current_scope() is None:
            kind += ("no_grad",)
        if recordings or watching() is not None:
            return self.f(*args, **kwargs)
        draws: Draws | None = None
        for program in self._programs.get(kind, ()):
            try:
                if program.is_plain:
                    return program.run(*args, *kwargs.values())
                draws = Draws() if program.draws and draws is None else draws
                return program(args, kwargs, draws)
            except OtherProgram:
                continue
        if must_run_eagerly(args) or must_run_eagerly(kwargs):
            return self.f(*args, **kwargs)
        from minigrad.program.program import Program  # loaded with the first program, and not by `import minigrad`

        for tries_left in (2, 1, 0):
            with collector_paused():
                program = Program(self.f, self._name, args, kwargs, self.style)
            self._keep(kind, program, args)
            try:
                return program(args, kwargs, draws)
            except OtherProgram as error:  # another thread has changed a parameter since it was recorded
                if not tries_left:
                    raise RuntimeError(
                        f"compile: {self._name} takes another way in each call, although its arguments are the same: "
                        f"{error}"
                    ) from None
        raise AssertionError

    def _keep(self, kind: Any, program: Program, args: tuple[Any, ...]) -> None:
        with self._lock:
            self._latest = program
            self._programs.setdefault(kind, []).append(program)
            self._programs.move_to_end(kind)
            while sum(map(len, self._programs.values())) > _MOST:
                oldest, programs = next(iter(self._programs.items()))
                del programs[0]
                if not programs:
                    del self._programs[oldest]
                if not self._kinds:
                    from minigrad.program.program import parameter_names

                    names = parameter_names(self.f, len(args))
                    changing = [name for name, a, b in zip(names, oldest, kind, strict=False) if a != b]
                    what = f"what changes is the argument {', '.join(changing)}" if changing else (
                        "its operations take another way with other numbers, or what it looks up outside changes"
                    )  # fmt: skip
                    self._kinds.append(kind)
                    warn(
                        f"compile: {self._name} has been written for more than {_MOST} kinds of arguments, and the "
                        f"oldest programs are dropped; {what}. A program is written for shapes, dtypes, and the "
                        "values of whole numbers and text; pass numbers that change as floats or arrays"
                    )

    @property
    def source(self) -> str:
        """The text of the program that was written last, a complete module.

        Raises:
            RuntimeError: before the first call.
        """
        return self._written("source").module.text

    def save(self, path: str | Path) -> None:
        """Write the program that was written last to a file, a module to be imported; completely or not at all.

        Raises:
            RuntimeError: before the first call, or if it needs what another process would not find.
        """
        module = self._written("save").module
        if module.unsaved:
            raise RuntimeError(
                f"compile: the program of {self._name} cannot be saved; it needs {', and '.join(module.unsaved)}. "
                "Pass arrays as arguments, and define operations in a module"
            )
        write_file(path, with_check(module.text, module.name, module.kinds).encode())

    def _written(self, what: str) -> Program:
        if self._latest is None:
            raise RuntimeError(
                f"compile: {self._name} has not been called yet; {what} is that of the program for the shapes and "
                "dtypes of the first call"
            )
        return self._latest

    def __get__(self, x: Any, kind: type | None = None) -> CompiledFunction:
        """As a method: each object has programs of its own, which it keeps in an attribute of the same name.

        Of a method that another class overrides, and calls by ``super()``, the attribute names the class, too.
        """
        if x is None:
            return self
        kinds = type(x).__mro__
        owner, name = next((c, name) for c in kinds for name, value in vars(c).items() if value is self)
        if not hasattr(x, "__dict__"):
            raise TypeError(
                f"compile: an object with __slots__ cannot store the programs of {type(x).__name__}.{name}; remove "
                "__slots__, or write mg.compile(x.method)"
            )
        if next(c for c in kinds if name in vars(c)) is not owner:
            name = f"_{owner.__qualname__}.{name}"
        own = vars(x).get(name)
        if own is None:
            own = vars(x)[name] = CompiledFunction(MethodType(self.f, x), self.style)
        return own  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"<compiled {self._name}>"

    def _repr_markdown_(self) -> str | None:
        """The program that was written last, which a notebook colours as Python; ``None`` before the first call."""
        return None if self._latest is None else f"````python\n{self.source}````"

    def __deepcopy__(self, memo: dict[int, Any]) -> CompiledFunction:
        return CompiledFunction(deepcopy(self.f, memo), self.style)  # of a method, the object is copied, too

    def __reduce__(self) -> Any:
        """As a function is: by its name, which of a decorated function is that of this object."""
        owner = getattr(self.f, "__self__", None)
        for c in type(owner).__mro__ if isinstance(self.f, MethodType) else ():
            method = vars(c).get(self.f.__name__)
            if isinstance(method, CompiledFunction) and method.f is getattr(self.f, "__func__", None):
                return _method, (c, self.f.__name__, owner)
        found: Any = sys.modules.get(getattr(self, "__module__", None) or "")
        for name in getattr(self, "__qualname__", "").split("."):
            found = getattr(found, name, None)
        return self.__qualname__ if found is self else (CompiledFunction, (self.f, self.style))


def _method(c: type, name: str, x: Any) -> Any:
    return vars(c)[name].__get__(x)


def compile(f: Callable[..., Any], style: str = "readable") -> CompiledFunction:
    """The function as a program: its forward and backward pass written out line by line, which run in its place.

    The first call records what `f` computes and writes it down as a Python function, with the names of the variables
    of `f` and ``_bar`` for error signals. Later calls run that, without Tensors and rules, and give the same numbers;
    only ½ (2 x) is computed as x, and 0.1 (2 x) as 0.2 x, even where 2 x would overflow.

    Arguments:
        f: a function of numbers and arrays, and of tuples, lists and dictionaries of them, made of the operations of
            minigrad and NumPy: a loss, ``mg.value_and_grad(loss)``, a step of training.
        style: ``"readable"`` for a line for each variable and error signal, as a lecture has them; ``"fast"`` for a
            program in less time and memory: large arrays are overwritten where nobody looks at them again, relu is
            computed after max-pooling, and images lie in memory as convolution wants them. Its sums may differ in
            the last digits, and zeros in their signs.

    Returns:
        A function of the same arguments, with the text of its program in ``source``.

    A program is written for the shapes, dtypes and devices of its arguments, and for the values of whole numbers, truth
    values and text; others get programs of their own, 16 at most. What is not an argument is a constant: the numbers,
    arrays, lists and attributes that `f` and the user's functions in it look up by their names. Each call compares them
    with what they were, and another program is written if they have changed. What `f` does besides computing its
    result, such as printing, is not repeated. The first call calls it three times, to find out whether it computes the
    same again, and the same as without being recorded. For a Tensor that requires gradients, and within `record` and
    `detect_anomaly`, `f` itself runs. The Tensors that a program returns have no graph. If they depend on parameters,
    `backward` through them is an error; call it inside `f`.

    Of a module that `f` calls, the parameters and buffers are arguments of the program, which each call reads anew.
    Running means, and the `grad` of parameters where `f` calls ``backward``, are changed after it. Training and
    evaluation mode, other settings of a layer, and frozen parameters get programs of their own.

    Raises:
        ValueError: for another style.
        TypeError: if `f` is not a function; in a call, for an argument that may hold arrays and is no such tree.
        RuntimeError: in a call, if `f` does what no program can repeat for other numbers: a branch on a value
            (``if loss > 0``, ``float(t)``), writing into an array, random numbers, or parameters that are neither
            arguments nor those of a module that it calls. The message names the line.

    >>> import minigrad as mg
    >>> def loss(w, b, x, t):
    ...     z = w * x + b
    ...     y = mg.tanh(z)
    ...     return 0.5 * (y - t) ** 2
    >>> step = mg.compile(mg.value_and_grad(loss, argnums=(0, 1)))
    >>> L, (w_bar, b_bar) = step(0.5, 0.25, 2.0, 1.0)
    >>> print(step.source[step.source.index("def") :])
    def loss(w, b, x, t):
        # forward pass
        w = np.float64(w)
        b = np.float64(b)
        z = w * x + b
        y = np.tanh(z)
        L = 0.5 * (y - t) ** 2
    <BLANKLINE>
        # backward pass
        y_bar = y - t
        z_bar = y_bar * (1 - y * y)
        w_bar = z_bar * x
        b_bar = z_bar
        return L, (w_bar, b_bar)
    <BLANKLINE>
    """
    return CompiledFunction(f, style)
