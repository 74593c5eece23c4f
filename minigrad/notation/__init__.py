"""From a rule to a formula: named values, expressions, and how they are written."""

from minigrad.notation.expression import Expression as Expression
from minigrad.notation.expression import Symbol as Symbol
from minigrad.notation.named import Named as Named
from minigrad.notation.names import bar as bar
from minigrad.notation.names import pretty as pretty
from minigrad.notation.text import number as number
from minigrad.notation.text import write as write
