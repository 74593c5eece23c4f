"""minigrad: reverse-mode differentiation that can be read, from scalars to convolutional networks."""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

from minigrad import methods as _methods  # noqa: F401  it gives Tensors their operators
from minigrad.axis_map import Axes as Axes
from minigrad.axis_map import AxisMap as AxisMap
from minigrad.axis_map import Resampling as Resampling
from minigrad.axis_map import Window as Window
from minigrad.core.anomaly_detection import detect_anomaly as detect_anomaly
from minigrad.core.anomaly_detection import find_anomaly as find_anomaly
from minigrad.core.grad_mode import no_grad as no_grad
from minigrad.core.graph import Operation as Operation
from minigrad.core.graph import operations as operations
from minigrad.core.named_scope import scope as scope
from minigrad.core.primitive import Binary as Binary
from minigrad.core.primitive import Primitive as Primitive
from minigrad.core.primitive import Unary as Unary
from minigrad.core.primitive import primitive as primitive
from minigrad.core.tensor import Tensor as Tensor
from minigrad.core.validation import public_operations as _public_operations
from minigrad.drawing import Drawing as Drawing
from minigrad.drawing import draw as draw
from minigrad.drawing import record as record
from minigrad.drawing import recorded_operations as recorded_operations
from minigrad.kernels.freed_memory import keep_freed_memory as _keep_freed_memory
from minigrad.output_size import conv_output_size as conv_output_size
from minigrad.player import Player as Player
from minigrad.player import animate as animate
from minigrad.program.compiled import CompiledFunction as CompiledFunction
from minigrad.program.compiled import compile as compile
from minigrad.rules.creation.ranges import *
from minigrad.rules.elementwise.activations import *
from minigrad.rules.elementwise.arithmetic import *
from minigrad.rules.elementwise.complex import *
from minigrad.rules.elementwise.emath import *
from minigrad.rules.elementwise.exponential import *
from minigrad.rules.elementwise.extrema import *
from minigrad.rules.elementwise.hyperbolic import *
from minigrad.rules.elementwise.nonfinite import *
from minigrad.rules.elementwise.powers import *
from minigrad.rules.elementwise.special.bessel import *
from minigrad.rules.elementwise.special.error_functions import *
from minigrad.rules.elementwise.special.gamma_functions import *
from minigrad.rules.elementwise.special.logarithms import *
from minigrad.rules.elementwise.special.sinc import *
from minigrad.rules.elementwise.trigonometric import *
from minigrad.rules.functional.apply import *
from minigrad.rules.functional.piecewise import *
from minigrad.rules.linalg.condition_number import *
from minigrad.rules.linalg.decompositions.cholesky import *
from minigrad.rules.linalg.decompositions.eig import *
from minigrad.rules.linalg.decompositions.eigh import *
from minigrad.rules.linalg.decompositions.qr import *
from minigrad.rules.linalg.decompositions.svd import *
from minigrad.rules.linalg.determinant import *
from minigrad.rules.linalg.diagonal import *
from minigrad.rules.linalg.einsum import *
from minigrad.rules.linalg.least_squares import *
from minigrad.rules.linalg.matmul import *
from minigrad.rules.linalg.products import *
from minigrad.rules.linalg.solve import *
from minigrad.rules.linalg.triu_tril import *
from minigrad.rules.losses.absolute_error import *
from minigrad.rules.losses.binary_cross_entropy import *
from minigrad.rules.losses.cross_entropy import *
from minigrad.rules.losses.divergence import *
from minigrad.rules.losses.margins import *
from minigrad.rules.losses.squared_error import *
from minigrad.rules.manipulation.conversion import *
from minigrad.rules.manipulation.indexing import *
from minigrad.rules.manipulation.join import *
from minigrad.rules.manipulation.pad import *
from minigrad.rules.manipulation.rearrange import *
from minigrad.rules.manipulation.repeat import *
from minigrad.rules.manipulation.select import *
from minigrad.rules.manipulation.shape import *
from minigrad.rules.manipulation.sort import *
from minigrad.rules.manipulation.split import *
from minigrad.rules.manipulation.transpose import *
from minigrad.rules.normalization.batch_norm import *
from minigrad.rules.normalization.group_norm import *
from minigrad.rules.normalization.layer_norm import *
from minigrad.rules.normalization.local_response_norm import *
from minigrad.rules.reductions.cumulative import *
from minigrad.rules.reductions.differences import *
from minigrad.rules.reductions.extrema import *
from minigrad.rules.reductions.nan_reductions import *
from minigrad.rules.reductions.norms import *
from minigrad.rules.reductions.prod import *
from minigrad.rules.reductions.quantiles import *
from minigrad.rules.reductions.softmax import *
from minigrad.rules.reductions.statistics.covariance import *
from minigrad.rules.reductions.statistics.moments import *
from minigrad.rules.reductions.sum import *
from minigrad.rules.signal.convolve import *
from minigrad.rules.signal.fft import *
from minigrad.rules.signal.fftn import *
from minigrad.rules.signal.interpolation import *
from minigrad.rules.signal.polynomials import *
from minigrad.rules.spatial.adaptive_pool import *
from minigrad.rules.spatial.avg_pool import *
from minigrad.rules.spatial.conv_transpose import *
from minigrad.rules.spatial.convolution import *
from minigrad.rules.spatial.lp_pool import *
from minigrad.rules.spatial.max_pool import *
from minigrad.rules.spatial.max_unpool import *
from minigrad.rules.spatial.resampling import *
from minigrad.transforms.checkpoint import checkpoint as checkpoint
from minigrad.transforms.derivatives import grad as grad
from minigrad.transforms.derivatives import hessian as hessian
from minigrad.transforms.derivatives import hvp as hvp
from minigrad.transforms.derivatives import jacobian as jacobian
from minigrad.transforms.derivatives import jvp as jvp
from minigrad.transforms.derivatives import stop_gradient as stop_gradient
from minigrad.transforms.derivatives import value_and_grad as value_and_grad
from minigrad.transforms.derivatives import vjp as vjp
from minigrad.transforms.gradcheck import check_grads as check_grads
from minigrad.transforms.ravel_pytree import ravel_pytree as ravel_pytree
from minigrad.unsupported import explain_unsupported as _explain_unsupported
from minigrad.unsupported import unknown_name as _unknown_name

if _TYPE_CHECKING:
    from minigrad.walkthrough import Contribution as Contribution
    from minigrad.walkthrough import Grade as Grade
    from minigrad.walkthrough import Step as Step
    from minigrad.walkthrough import Walkthrough as Walkthrough
    from minigrad.walkthrough import WrongOrder as WrongOrder
    from minigrad.walkthrough import explain as explain
    from minigrad.walkthrough import grade as grade

#: Of the derivation and its notation, a tenth of all code, which is imported when it is asked for.
_OF_WALKTHROUGHS = frozenset({"Contribution", "Grade", "Step", "Walkthrough", "WrongOrder", "explain", "grade"})

_operations = _public_operations(globals())  # the rows of the tables of rules: a new one needs no second place
globals().update(_operations)
_explain_unsupported(Tensor, _operations)
_keep_freed_memory()

__all__ = [
    # a value and its graph
    *("Operation", "Tensor", "detect_anomaly", "find_anomaly", "no_grad", "operations", "scope"),
    # derivatives of functions
    *("check_grads", "checkpoint", "grad", "hessian", "hvp", "jacobian", "jvp", "ravel_pytree"),
    *("stop_gradient", "value_and_grad", "vjp"),
    # the derivation and the graph as a picture
    *("Contribution", "Drawing", "Grade", "Player", "Step", "Walkthrough", "WrongOrder", "animate", "draw"),
    *("explain", "grade", "record", "recorded_operations"),
    # the backward pass as a program
    *("CompiledFunction", "compile"),
    # defining an operation, and how it treats axes
    *("Axes", "AxisMap", "Binary", "Primitive", "Resampling", "Unary", "Window", "primitive"),
    # operations
    "conv_output_size",
    *_operations,
]


def __dir__() -> list[str]:
    return __all__


if not _TYPE_CHECKING:  # to a type checker, it would offer any name; looking up ``mg.exp`` takes 20 ns longer with it

    def __getattr__(name: str) -> object:
        if name in ("notation", "walkthrough"):
            return _import_module(f"minigrad.{name}")
        if name not in _OF_WALKTHROUGHS:
            raise _unknown_name(name, __all__)
        value: object = getattr(_import_module("minigrad.walkthrough"), name)
        globals()[name] = value
        return value
