"""The table of operations, from the samples, the tables of the oracles and the expression language."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from inspect import CO_VARARGS, CO_VARKEYWORDS, signature, unwrap
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special

from minigrad.cli.functions import FUNCTIONS
from minigrad.cli.language import run
from minigrad.cli.source import InputError
from minigrad.core.dispatch import named_for_users, numpy_functions
from minigrad.core.primitive import Primitive
from minigrad.core.scipy_special import special_functions
from minigrad.core.tensor import Tensor
from tests.minigrad.core.namespaces.kinds import KINDS, namespaces
from tests.oracles import HIPS, OWN, PARTS, PYTORCH, Library
from tests.oracles.conventions import CONVENTIONS
from tests.samples import OPERATIONS, PRIMITIVES, SAMPLES

__all__ = ["conventions", "counts", "internal_primitives", "not_compared", "tables"]

REFERENCE = Path(__file__).with_name("reference.md").read_text(encoding="utf-8")

#: The operations' headings in the reference, in its order: the module of the table of rules, and its heading.
HEADINGS = {
    module: heading
    for heading, body in re.findall(r"^###+ (.+?)\n(.*?)(?=^##|\Z)", REFERENCE, flags=re.MULTILINE | re.DOTALL)
    for module in re.findall(r"automodule:: (minigrad\.rules\.[\w.]+)", body)
}

MARKS = {OWN: "✓", PARTS: "○"}


def tables() -> str:
    """The tables of public operations as Markdown, one for each table of rules, in the reference's order."""
    by_module = {module: [name for name in FUNCTIONS if module_of(name) == module] for module in HEADINGS}
    parts = [
        f"## {HEADINGS[module]}\n\n{table(names, lambda name, m=module: f'{{py:obj}}`{name} <{m}.{name}>`')}"
        for module, names in by_module.items()
        if names
    ]
    return "\n\n".join(parts)


def table(names: list[str], title: Callable[[str], str]) -> str:
    heads = ["operation", "error signals of", "reached by", "NumPy", "PyTorch", "HIPS", "CLI"]
    rows = [
        [
            title(name),
            listed(arguments(name)),
            listed([*numpy_names(name), *scipy_names(name)]),
            MARKS[OWN if numpy_names(name) else PARTS],
            *(MARKS.get(library.agreement(name), "–") for library in (PYTORCH, HIPS)),
            "✓" if works_in_the_command_line(name) else "–",
        ]
        for name in sorted(names)
    ]
    return markdown("operations", heads, rows)


def counts() -> str:
    """How many functions of NumPy and SciPy are of each kind."""
    heads = ["functions of", *KINDS]
    rows = [[f"`{space}`", *(str(len(kinds[kind])) for kind in KINDS)] for space, kinds in sorted(namespaces().items())]
    return markdown("namespaces", heads, rows)


def internal_primitives() -> str:
    heads = ["primitive", "error signals of", "PyTorch", "HIPS"]
    rows = [
        [f"`{name}`", listed(arguments(name)), *(MARKS.get(lib.agreement(name), "–") for lib in (PYTORCH, HIPS))]
        for name in sorted(PRIMITIVES)
        if name not in FUNCTIONS
    ]
    return markdown("primitives", heads, rows)


def listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def markdown(kind: str, heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        [
            f"```{{table}}\n:class: {kind}\n",
            *("| " + " | ".join(line) + " |" for line in lines),
            "```",
        ]
    )


def not_compared() -> str:
    """The operations without a counterpart in a library, and why."""
    return "".join(map(_lacking, (PYTORCH, HIPS)))


def _lacking(library: Library) -> str:
    lacking = sorted(library.lacking.items(), key=lambda item: item[1])
    return "".join(
        f"- {library.name}, {listed([name for name, _ in names])}: {reason}.\n"
        for reason, names in groupby(lacking, key=lambda item: item[1])
    )


def conventions() -> str:
    def numbers(values: Any) -> str:
        return "`" + ", ".join(str(value) for value in values).replace("inf", "∞").replace("nan", "NaN") + "`"

    heads = ["operation", "at", "minigrad", "the other", "why"]
    rows = [
        [f"`{c.operation}`", numbers(c.at), numbers(c.ours), f"{numbers(c.theirs)} {c.library.name}", c.reason]
        for c in CONVENTIONS
    ]
    return markdown("conventions", heads, rows)


# ---------------------------------------------------------------- facts about one operation


def module_of(name: str) -> str:
    """The module of the table in which an operation is defined and public."""
    value = unwrap(FUNCTIONS[name])
    for module in HEADINGS:
        if name in sys.modules[module].__all__ and vars(sys.modules[module])[name] is value:
            return module
    raise LookupError(f"{name} is defined in a module without a heading in docs/reference.md; add one")


def numpy_names(name: str) -> list[str]:
    """The NumPy functions that reach the operation."""
    ours = unwrap(FUNCTIONS[name]) if name in FUNCTIONS else None
    found = [
        named_for_users(numpys)
        for numpys, function in numpy_functions.items()
        if function is ours or (numpys.__name__ == name and function.__module__.startswith("minigrad.rules."))
    ]
    if getattr(np, name, None) in numpy_functions:  # np.abs is another name of np.absolute
        found.append(f"np.{name}")
    return sorted(dict.fromkeys(found), key=lambda found: (len(found), found))


def scipy_names(name: str) -> list[str]:
    """The ufuncs of SciPy that reach the operation."""
    ours = unwrap(FUNCTIONS[name])
    return [
        f"scipy.special.{theirs}"
        for theirs, function in sorted(special_functions.items())
        if function is ours and isinstance(getattr(special, theirs), np.ufunc)
    ]


def arguments(name: str) -> list[str]:
    """The arguments that receive error signals: those of the rules, or those for which samples pass Tensors."""
    operation = OPERATIONS[name]
    if not isinstance(operation, Primitive):
        return _tensor_arguments(unwrap(operation), name)
    if not isinstance(operation.rules, tuple):
        return ["each"]
    names = list(signature(operation.rules[-1]).parameters)[2:]
    return [argument for argument in names[: len(operation.rules)] if argument != "condition"]


def _tensor_arguments(function: Any, name: str) -> list[str]:
    code = function.__code__
    count = (
        code.co_argcount + code.co_kwonlyargcount + sum(bool(code.co_flags & f) for f in (CO_VARARGS, CO_VARKEYWORDS))
    )
    found: dict[str, None] = {}

    def look(frame: Any, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is code:
            found.update({n: None for n in code.co_varnames[:count] if _holds_tensors(frame.f_locals[n])})

    for sample in SAMPLES[name]:
        xs = [Tensor(a, requires_grad=True) for a in sample.arrays]
        sys.setprofile(look)
        try:
            sample.f(*xs)
        finally:
            sys.setprofile(None)
    return [argument for argument in code.co_varnames[:count] if argument in found]


def _holds_tensors(value: Any) -> bool:
    return any(map(_holds_tensors, value)) if isinstance(value, list | tuple) else isinstance(value, Tensor)


def works_in_the_command_line(name: str) -> bool:
    """Whether the expression language can call the operation on numbers, vectors, matrices or images."""
    return any(map(_computes, _calls(name)))


def _calls(name: str) -> Iterator[str]:
    for arguments in (
        *(
            "w",
            "v",
            "M",
            "v, v",
            "M, v",
            "M, M",
            "X",
            "X, X",
            "X, 1",
            "X, 2",
            "u",
            "v, v, v",
            "v > 0, v, v",
            "[v, v]",
            "[M, M]",
        ),
        *(
            "v, 1",
            "v, 2",
            "M, 0",
            "M, 1",
            "M, 0, 1",
            "M, (0, 1)",
            "M, (4,)",
            "v, (2, 3)",
            "v, [0, 1, 1]",
            "M, [[0, 1], [1, 0]]",
        ),
        *("1, v", "[0, 1, 1], [v, v]", "[1, 0, 1], v", "[v > 0], [v]", '"ij->ji", M', "v, 0.5"),
    ):
        yield f"sum({name}({arguments}))"
        yield f"sum(real({name}({arguments})))"


def _computes(text: str) -> bool:
    rng = np.random.default_rng(0)
    values = {
        "w": 0.5,
        "u": [1.5, 2.5],
        "v": [0.2, 0.5, 0.7],
        "M": [[2.0, 0.3], [0.3, 1.0]],
        "X": rng.normal(size=(1, 1, 4, 4)),
    }
    variables = {key: Tensor(value, requires_grad=True, name=key) for key, value in values.items()}
    try:
        return bool(np.isfinite(run(text, variables).loss.data))
    except InputError:
        return False
