"""Other libraries that differentiate, as a second opinion on every operation: PyTorch and HIPS autograd.

A sample is a function of Tensors. Called with the values of another library in their place (`Twin`), it calls that
library's functions, and the library differentiates them by itself: no sample is written twice. What it has for an
operation stands in one table for each library, which can be read without the library.
"""

from tests.oracles.hips import HIPS
from tests.oracles.library import OWN, PARTS, Library
from tests.oracles.pytorch import PYTORCH

__all__ = ["HIPS", "OWN", "PARTS", "PYTORCH", "Library"]
