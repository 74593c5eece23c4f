"""minigrad: reverse-mode differentiation that can be read, from scalars to convolutional networks."""

from minigrad import methods as methods  # gives Tensors their operators
from minigrad.anomaly import detect_anomaly as detect_anomaly
from minigrad.check import check_grads as check_grads
from minigrad.checkpoint import checkpoint as checkpoint
from minigrad.derivatives import grad as grad
from minigrad.derivatives import hessian as hessian
from minigrad.derivatives import hvp as hvp
from minigrad.derivatives import jacobian as jacobian
from minigrad.derivatives import jvp as jvp
from minigrad.derivatives import stop_gradient as stop_gradient
from minigrad.derivatives import value_and_grad as value_and_grad
from minigrad.derivatives import vjp as vjp
from minigrad.drawing import Drawing as Drawing
from minigrad.drawing import draw as draw
from minigrad.given import in_their_own_name as _in_their_own_name
from minigrad.graph import Operation as Operation
from minigrad.graph import operations as operations
from minigrad.primitive import Binary as Binary
from minigrad.primitive import Primitive as Primitive
from minigrad.primitive import Unary as Unary
from minigrad.primitive import primitive as primitive
from minigrad.recording import no_grad as no_grad
from minigrad.recording import scope as scope
from minigrad.rules.accumulate import *
from minigrad.rules.activation import *
from minigrad.rules.adaptive import *
from minigrad.rules.arithmetic import *
from minigrad.rules.average import *
from minigrad.rules.complex import *
from minigrad.rules.conv import *
from minigrad.rules.convert import *
from minigrad.rules.decompositions import *
from minigrad.rules.diagonal import *
from minigrad.rules.elementary import *
from minigrad.rules.factors import *
from minigrad.rules.join import *
from minigrad.rules.linalg import *
from minigrad.rules.loss import *
from minigrad.rules.nan import *
from minigrad.rules.norm import *
from minigrad.rules.pairs import *
from minigrad.rules.pool import *
from minigrad.rules.products import *
from minigrad.rules.rearrange import *
from minigrad.rules.reduce import *
from minigrad.rules.resample import *
from minigrad.rules.select import *
from minigrad.rules.shape import *
from minigrad.rules.signal import *
from minigrad.rules.sort import *
from minigrad.rules.statistics import *
from minigrad.rules.unpool import *
from minigrad.sizes import conv_output_size as conv_output_size
from minigrad.tensor import Tensor as Tensor
from minigrad.walkthrough import Contribution as Contribution
from minigrad.walkthrough import Grade as Grade
from minigrad.walkthrough import Step as Step
from minigrad.walkthrough import Walkthrough as Walkthrough
from minigrad.walkthrough import WrongOrder as WrongOrder
from minigrad.walkthrough import explain as explain
from minigrad.walkthrough import grade as grade

_in_their_own_name(globals())
