"""From a formula to its layout: the same for plain text, LaTeX and MathML.

`typesetter` is the engine: sums, products, calls f(x), and the brackets that `brackets` finds necessary.
An operation that is not written as f(x) has a form of its own: a function with the decorator `typesets`,
in the module of its subject.
"""

from minigrad.notation.typeset import arithmetic as arithmetic  # the forms enter the typesetter's table
from minigrad.notation.typeset import comparisons as comparisons
from minigrad.notation.typeset import linalg as linalg
from minigrad.notation.typeset import losses as losses
from minigrad.notation.typeset import manipulation as manipulation
from minigrad.notation.typeset import reductions as reductions
from minigrad.notation.typeset import spatial as spatial
from minigrad.notation.typeset import special as special
from minigrad.notation.typeset.typesetter import typeset_formula as typeset_formula
from minigrad.notation.typeset.typesetter import typeset_value as typeset_value
