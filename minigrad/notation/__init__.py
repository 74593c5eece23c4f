"""From a rule to a formula: symbolic values, expressions, and how they are written.

`symbolic` records `expression` trees, which `simplify` builds from the objects in `operations`; `typeset` turns a tree
into a `layout`, and `text`, `latex` and `mathml` write that down; `python` writes a line that computes the formula.
"""

from minigrad.notation.expression import Expression as Expression
from minigrad.notation.expression import Symbol as Symbol
from minigrad.notation.latex import latex as latex
from minigrad.notation.mathml import mathml as mathml
from minigrad.notation.name import Name as Name
from minigrad.notation.name import bar as bar
from minigrad.notation.name import padded as padded
from minigrad.notation.name import pretty as pretty
from minigrad.notation.name import printable as printable
from minigrad.notation.name import width as width
from minigrad.notation.python import write_python as write_python
from minigrad.notation.symbolic import Symbolic as Symbolic
from minigrad.notation.text import write as write
from minigrad.notation.text import write_numbers as write_numbers
from minigrad.notation.typeset import typeset_formula as typeset_formula
from minigrad.notation.typeset import typeset_value as typeset_value
from minigrad.notation.values import number as number
from minigrad.notation.values import show as show
