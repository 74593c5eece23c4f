"""The operations that formulas and derivations treat specially, in one place.

Tables in `minigrad.notation` and above are keyed by these objects, never by names: a user's operation may have any
name. Where a public function wraps a primitive, this is the primitive.
"""

# mypy: implicit-reexport
# ruff: noqa: F401

from minigrad.rules.elementwise.activations import relu, sigmoid
from minigrad.rules.elementwise.arithmetic import _abs as abs
from minigrad.rules.elementwise.arithmetic import add, divide, floor_divide, multiply, negative, remainder, subtract
from minigrad.rules.elementwise.complex import modulus
from minigrad.rules.elementwise.exponential import exp, exp2, log, log2, log10, logaddexp, logaddexp2
from minigrad.rules.elementwise.hyperbolic import tanh
from minigrad.rules.elementwise.powers import cbrt, power, reciprocal, sqrt, square
from minigrad.rules.elementwise.special.bessel import _i as modified_bessel
from minigrad.rules.elementwise.special.bessel import _ie as scaled_modified_bessel
from minigrad.rules.elementwise.special.bessel import _j as bessel
from minigrad.rules.elementwise.special.bessel import _y as second_kind_bessel
from minigrad.rules.elementwise.special.error_functions import _erfcx as erfcx
from minigrad.rules.elementwise.special.error_functions import erf, erfc, erfcinv, erfinv, ndtr, ndtri
from minigrad.rules.elementwise.special.gamma_functions import _betainc as betainc
from minigrad.rules.elementwise.special.gamma_functions import _gammainc as gammainc
from minigrad.rules.elementwise.special.gamma_functions import _gammaincc as gammaincc
from minigrad.rules.elementwise.special.gamma_functions import _polygamma as polygamma
from minigrad.rules.elementwise.special.gamma_functions import beta, betaln, gamma, gammaln
from minigrad.rules.elementwise.special.logarithms import entr, rel_entr, xlog1py, xlogy
from minigrad.rules.elementwise.special.sinc import _sinc as sinc
from minigrad.rules.elementwise.trigonometric import cos, hypot, sin, tan
from minigrad.rules.linalg.decompositions.eig import _left_eigenvectors as left_eigenvectors
from minigrad.rules.linalg.diagonal import _on_diagonal as on_diagonal
from minigrad.rules.linalg.einsum import _einsum as einsum
from minigrad.rules.linalg.least_squares import _lstsq as lstsq
from minigrad.rules.linalg.matmul import _linear as linear
from minigrad.rules.linalg.matmul import matmul
from minigrad.rules.linalg.products import _cross as cross
from minigrad.rules.linalg.products import _kron as kron
from minigrad.rules.linalg.solve import _pinv as pinv
from minigrad.rules.linalg.solve import inv, solve
from minigrad.rules.linalg.triu_tril import _tril as tril
from minigrad.rules.linalg.triu_tril import _triu as triu
from minigrad.rules.losses.absolute_error import _huber as huber
from minigrad.rules.losses.binary_cross_entropy import _binary_cross_entropy as binary_cross_entropy
from minigrad.rules.losses.binary_cross_entropy import (
    _binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
)
from minigrad.rules.losses.cross_entropy import _nll_loss as nll_loss
from minigrad.rules.losses.cross_entropy import _softmax_cross_entropy as softmax_cross_entropy
from minigrad.rules.losses.divergence import _kl_div as kl_div
from minigrad.rules.losses.squared_error import _mse_loss as mse_loss
from minigrad.rules.losses.squared_error import _sum_squared_error as sum_squared_error
from minigrad.rules.manipulation.conversion import _astype as astype
from minigrad.rules.manipulation.conversion import _to as to
from minigrad.rules.manipulation.indexing import _getitem as getitem
from minigrad.rules.manipulation.indexing import _padded_embedding as padded_embedding
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.manipulation.join import _stack as stack
from minigrad.rules.manipulation.pad import _pad as pad
from minigrad.rules.manipulation.rearrange import _flip as flip
from minigrad.rules.manipulation.rearrange import _roll as roll
from minigrad.rules.manipulation.repeat import _repeat as repeat
from minigrad.rules.manipulation.repeat import _tile as tile
from minigrad.rules.manipulation.select import _where as where
from minigrad.rules.manipulation.shape import _broadcast_to as broadcast_to
from minigrad.rules.manipulation.shape import _reshape as reshape
from minigrad.rules.manipulation.sort import _partition as partition
from minigrad.rules.manipulation.sort import _reorder as reorder
from minigrad.rules.manipulation.transpose import _transpose as transpose
from minigrad.rules.normalization.local_response_norm import _channel_sums as channel_sums
from minigrad.rules.normalization.local_response_norm import _damping as damping
from minigrad.rules.normalization.local_response_norm import _local_response_norm as local_response_norm
from minigrad.rules.normalization.running_values import _affine as affine
from minigrad.rules.normalization.standardize import _group_mean as group_mean
from minigrad.rules.normalization.standardize import _spread as spread
from minigrad.rules.normalization.standardize import _standardize as standardize
from minigrad.rules.reductions.extrema import _max as max
from minigrad.rules.reductions.extrema import _min as min
from minigrad.rules.reductions.norms import _norm as norm
from minigrad.rules.reductions.prod import _prod as prod
from minigrad.rules.reductions.prod import _products_of_others as products_of_others
from minigrad.rules.reductions.softmax import _log_softmax as log_softmax
from minigrad.rules.reductions.softmax import _softmax as softmax
from minigrad.rules.reductions.statistics.moments import _mean as mean
from minigrad.rules.reductions.statistics.moments import _var as var
from minigrad.rules.reductions.sum import _sum as sum
from minigrad.rules.safe_division import _positive_power as positive_power
from minigrad.rules.safe_division import _quotient as quotient
from minigrad.rules.spatial.avg_pool import _sum_pool1d as sum_pool1d
from minigrad.rules.spatial.avg_pool import _sum_pool2d as sum_pool2d
from minigrad.rules.spatial.avg_pool import _sum_pool3d as sum_pool3d
from minigrad.rules.spatial.avg_pool import _sum_unpool1d as sum_unpool1d
from minigrad.rules.spatial.avg_pool import _sum_unpool2d as sum_unpool2d
from minigrad.rules.spatial.avg_pool import _sum_unpool3d as sum_unpool3d
from minigrad.rules.spatial.convolution import _conv1d as conv1d
from minigrad.rules.spatial.convolution import _conv1d_input_grad as conv1d_input_grad
from minigrad.rules.spatial.convolution import _conv1d_weight_grad as conv1d_weight_grad
from minigrad.rules.spatial.convolution import _conv2d as conv2d
from minigrad.rules.spatial.convolution import _conv2d_input_grad as conv2d_input_grad
from minigrad.rules.spatial.convolution import _conv2d_weight_grad as conv2d_weight_grad
from minigrad.rules.spatial.convolution import _conv3d as conv3d
from minigrad.rules.spatial.convolution import _conv3d_input_grad as conv3d_input_grad
from minigrad.rules.spatial.convolution import _conv3d_weight_grad as conv3d_weight_grad
from minigrad.rules.spatial.max_pool import _max_pool1d as max_pool1d
from minigrad.rules.spatial.max_pool import _max_pool2d as max_pool2d
from minigrad.rules.spatial.max_pool import _max_pool3d as max_pool3d
from minigrad.rules.spatial.max_pool import _unpool1d as unpool1d
from minigrad.rules.spatial.max_pool import _unpool2d as unpool2d
from minigrad.rules.spatial.max_pool import _unpool3d as unpool3d
