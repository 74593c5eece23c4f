"""Names of a program's variables: those of the user's variables, with ``_bar`` for error signals; all different."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from minigrad.program.recording.lines import Variable
from minigrad.program.recording.numpy_calls import OPERATORS, Attribute, Method

__all__ = ["Names", "identifier"]

#: What a method has done to an array.
_DONE = {"reshape": "reshaped", "T": "transposed", "mT": "transposed", "transpose": "transposed", "sum": "sum"}
_SYMBOLS = frozenset({*OPERATORS, "getitem", "alias", "as_plain_array", *(f.__name__ for f in OPERATORS.values())})


@lru_cache(1 << 12)
def identifier(name: str) -> str:
    """A name as an identifier, in the form in which Python compares them: µ (micro) and μ (mu) are the same.

    >>> identifier("conv1.weight"), identifier("lambda"), identifier("z")
    ('conv1_weight', '_lambda', 'z')
    """
    name = normalize("NFKC", name)
    if name.isidentifier() and not keyword.iskeyword(name):
        return name
    from minigrad.notation import Name  # which few programs need

    return Name.parse(name).python or "_"


class Names:
    """Gives each variable a name of its own.

    Attributes:
        taken: all names in use.
        of_functions: those of functions, which a layer may have, too: what leaves it is ``relu_out``.
    """

    def __init__(self) -> None:
        self.taken = {"np", "__debug__", *keyword.kwlist, *keyword.softkwlist, *vars(builtins)}
        self.of_functions: set[str] = set()
        self._of: dict[Variable, str] = {}
        self._temporaries = 0
        self._letter = ""
        self._numbers: dict[str, int] = {}

    def known(self, variable: Variable) -> str | None:
        """Its name, if it has one."""
        return self._of.get(variable)

    def own(self, variable: Variable) -> str | None:
        """What the user's program calls it, or the variable whose error signal it is.

        It is the first of its names that is not taken, and else the first.
        """
        if variable.names:
            for name in variable.names:
                found = self._beside_functions(identifier(name))
                if found not in self.taken:
                    return found
            return self._beside_functions(identifier(variable.names[0]))
        if not variable.signal_of:
            return None
        seen, to_visit = {variable}, [(variable, "")]  # of ½ w² the error signal is w itself
        while to_visit:
            of, bars = to_visit.pop()
            if of.names:
                return (self._of.get(of) or self._beside_functions(identifier(of.names[0]))) + bars
            new = [x for x in of.signal_of if x not in seen]
            seen.update(new)
            to_visit += [(x, f"{bars}_bar") for x in reversed(new)]
        return None

    def _beside_functions(self, name: str) -> str:
        return f"{name}_out" if name in self.of_functions else name

    def give(self, variable: Variable, wanted: str | None = None) -> str:
        """Its name from now on."""
        name = wanted or self.own(variable) or self._by_line(variable) or self._numbered()
        self._of[variable] = found = self.free(name)
        return found

    def _by_line(self, variable: Variable) -> str | None:
        """What a value without a name may be called after what it is computed from: ``x_reshaped``, ``cos_x``."""
        line = variable.line
        for of in variable.signal_of:
            if of in self._of and self._of[of].isidentifier():
                return f"{self._of[of]}_bar"
        if line is None or not line.args or not isinstance(line.args[0], Variable):
            return None
        name, function = self._of.get(line.args[0], ""), getattr(line.function, "__name__", "")
        if not name.isidentifier() or len(list(line.inputs())) > 1:
            return None
        if isinstance(line.function, Method | Attribute):
            return f"{name}_{_DONE[function]}" if function in _DONE else None
        return f"{function}_{name}" if function.isidentifier() and function not in _SYMBOLS else None

    def _numbered(self) -> str:
        """v1, v2 …; other letters beside a v of the user's."""
        if not self._letter:
            self._letter = next(letter for letter in ("v", "u", "r", "s", "_v") if letter not in self.taken)
        while True:
            self._temporaries += 1
            name = f"{self._letter}{self._temporaries}"
            if name not in self.taken:
                return name

    def call(self, variable: Variable, text: str) -> None:
        """A text that stands for it in place of a name: ``m["W1"]``."""
        self._of[variable] = text

    def hand_on(self, variable: Variable, other: Variable) -> str:
        """The name of a variable for another, which takes its place: ``w = np.float64(w)``."""
        self._of[other] = self._of[variable]
        return self._of[other]

    def free(self, name: str) -> str:
        """The name, or with a number where it is taken; taken from now on."""
        found, k = name, self._numbers.get(name, 1)  # the values of a loop all have one name
        while found in self.taken:
            k += 1
            found = f"{name}_{k}"
        self._numbers[name] = k - 1 if k > 1 else 1
        self.taken.add(found)
        return found

    def reserve(self, names: Iterable[str]) -> None:
        """Keep names free for what has them by itself."""
        self.taken.update(names)
