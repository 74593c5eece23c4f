"""Other libraries that differentiate, as a second opinion on every operation: PyTorch and HIPS autograd.

A sample is a function of Tensors. Called with values of another library instead (`Twin`), it calls that library's
functions, and the library differentiates them itself: no sample is written twice. Each library has one table that maps
operations to its functions; the table can be read without the library.
"""

from tests.oracles.hips import HIPS
from tests.oracles.library import OWN, PARTS, Library
from tests.oracles.pytorch import PYTORCH

__all__ = ["HIPS", "OWN", "PARTS", "PYTORCH", "Library"]
