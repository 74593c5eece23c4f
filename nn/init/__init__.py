"""Initial values of parameters, with PyTorch's names: each function changes a Parameter, and returns it.

`fill` takes the values, `fans` counts the inputs and outputs of a unit. On them stand `constants`, `distributions`,
`variance_scaling` (LeCun, Xavier, Kaiming) and `orthogonal`; `layer_parameters` makes those of new layers, if there is
`room` for them.
"""

from nn.init.constants import constant_ as constant_
from nn.init.constants import dirac_ as dirac_
from nn.init.constants import eye_ as eye_
from nn.init.constants import ones_ as ones_
from nn.init.constants import zeros_ as zeros_
from nn.init.distributions import normal_ as normal_
from nn.init.distributions import trunc_normal_ as trunc_normal_
from nn.init.distributions import uniform_ as uniform_
from nn.init.fans import calculate_gain as calculate_gain
from nn.init.orthogonal import orthogonal_ as orthogonal_
from nn.init.variance_scaling import kaiming_normal_ as kaiming_normal_
from nn.init.variance_scaling import kaiming_uniform_ as kaiming_uniform_
from nn.init.variance_scaling import lecun_normal_ as lecun_normal_
from nn.init.variance_scaling import lecun_uniform_ as lecun_uniform_
from nn.init.variance_scaling import xavier_normal_ as xavier_normal_
from nn.init.variance_scaling import xavier_uniform_ as xavier_uniform_

__all__ = [
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]


def __dir__() -> list[str]:
    return __all__
