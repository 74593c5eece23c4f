"""Without scikit-learn, nn is imported as before, and the estimators can be looked at; with it, they are lazy."""

from __future__ import annotations

import subprocess
import sys

WITHOUT = """
import sys
sys.modules["sklearn"] = None  # an import of it fails, as of a package that is not installed
import inspect, pickle, pydoc
import nn
from nn import *
from nn import Classifier
assert {"Classifier", "Regressor"} <= set(dir(nn)) & set(nn.__all__)
for cls in (nn.Classifier, nn.Regressor):
    assert list(inspect.signature(cls).parameters)[:4] == ["model", "loss", "optimizer", "epochs"], cls
    assert "partial_fit" in pydoc.plain(pydoc.render_doc(cls))
    assert pickle.loads(pickle.dumps(cls)) is cls
    try:
        cls(epochs=3)
    except ImportError as error:
        print(error)
"""

LAZY = """
import sys, nn
assert not [name for name in sys.modules if name.startswith(("sklearn", "scipy", "nn.estimators"))]
assert {"Classifier", "Regressor"} <= set(dir(nn))
assert not [name for name in sys.modules if name.startswith("sklearn")]
try:
    nn.Classifer
except AttributeError as error:
    print(error)
"""


def run(program: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )


def test_without_scikit_learn() -> None:
    classifier, regressor, _ = run(WITHOUT)
    needs = (
        'needs scikit-learn, 1.6 or newer: pip install "minigrad-autograd[sklearn]"; nn.fit trains a model without it'
    )
    assert classifier == f"nn.Classifier {needs}"
    assert regressor == f"nn.Regressor {needs}"


def test_it_is_imported_when_it_is_used() -> None:
    assert run(LAZY)[0] == "module 'nn' has no attribute 'Classifer'; did you mean nn.Classifier?"
