"""PyTorch, for the tests that compare with it: where it is not installed, importing it from here skips them."""

import pytest

__all__ = ["torch"]

torch = pytest.importorskip("torch", reason="PyTorch is not installed: make test-oracle installs it")
torch.set_num_threads(1)  # more are slower on small arrays
