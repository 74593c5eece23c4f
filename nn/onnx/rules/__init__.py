"""The rules, one for each operation that ONNX's operators can compute, by subjects as minigrad's tables."""

from nn.onnx.rules.activations import ACTIVATIONS
from nn.onnx.rules.elementwise import ELEMENTWISE
from nn.onnx.rules.indexing import INDEXING
from nn.onnx.rules.linalg import LINALG
from nn.onnx.rules.losses import LOSSES
from nn.onnx.rules.manipulation import MANIPULATION
from nn.onnx.rules.nondifferentiable import NONDIFFERENTIABLE
from nn.onnx.rules.normalization import NORMALIZATION
from nn.onnx.rules.reductions import REDUCTIONS
from nn.onnx.rules.spatial import SPATIAL
from nn.onnx.table import Rule

__all__ = ["RULES"]

RULES: dict[str, Rule] = {
    **ELEMENTWISE,
    **ACTIVATIONS,
    **NONDIFFERENTIABLE,
    **MANIPULATION,
    **INDEXING,
    **REDUCTIONS,
    **LINALG,
    **LOSSES,
    **NORMALIZATION,
    **SPATIAL,
}
