"""Augmentation: random changes of images in batches, so that a model sees each image a little different in every epoch.

`affine` maps (rotation, translation, rescaling, shear) share one `resample`; `moves` are flips and crops; `pixels` get
noise, another brightness, or are covered. `transform` is what all are, and `compose` puts several after one another.
"""

from nn.data.augmentation.affine import Rescale, Rotate, Shear, Translate
from nn.data.augmentation.compose import Compose
from nn.data.augmentation.moves import Crop, Flip
from nn.data.augmentation.pixels import Brightness, Cutout, Noise
from nn.data.augmentation.transform import Transform

__all__ = [
    "Brightness",
    "Compose",
    "Crop",
    "Cutout",
    "Flip",
    "Noise",
    "Rescale",
    "Rotate",
    "Shear",
    "Transform",
    "Translate",
]


def __dir__() -> list[str]:
    return __all__
