"""The derivation of a live graph, step by step."""

from minigrad.walkthrough.derivation.derive import explain as explain
from minigrad.walkthrough.grade import Grade as Grade
from minigrad.walkthrough.grade import grade as grade
from minigrad.walkthrough.step import Contribution as Contribution
from minigrad.walkthrough.step import Step as Step
from minigrad.walkthrough.walkthrough import Walkthrough as Walkthrough
from minigrad.walkthrough.wrong_order import WrongOrder as WrongOrder
