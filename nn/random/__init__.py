"""Random numbers that are a function of where they are used, never of how many were drawn before.

`seeds` makes generators from (seed, epoch, purpose), `sample_generator` gives each sample numbers of its own, and
`position` says at which samples training is, so that layers draw theirs from it.
"""

from nn.random.position import clear_position, keep, noise, set_position
from nn.random.sample_generator import SampleGenerator
from nn.random.seeds import Seed, epoch_generator, seed_of

__all__ = [
    "SampleGenerator",
    "Seed",
    "clear_position",
    "epoch_generator",
    "keep",
    "noise",
    "seed_of",
    "set_position",
]
