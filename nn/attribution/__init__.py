"""Which pixels an answer of a network comes from: saliency, guided backpropagation, deconvnet, Grad-CAM, occlusion.

Each function takes a model and a batch of inputs, and gives an array. The model runs in evaluation mode, and is left as
it was: its modes, gradients and buffers. The first three are backward passes down to the pixels; two of them have
another rule for ReLU, ``rules={mg.relu: …}``, and gradients stay as they are. `nn.plot.attribution` draws them.
"""

from nn.attribution.deconvnet import deconvnet as deconvnet
from nn.attribution.grad_cam import grad_cam as grad_cam
from nn.attribution.guided_backpropagation import guided_backpropagation as guided_backpropagation
from nn.attribution.occlusion import occlusion as occlusion
from nn.attribution.saliency import saliency as saliency

__all__ = ["deconvnet", "grad_cam", "guided_backpropagation", "occlusion", "saliency"]


def __dir__() -> list[str]:
    return __all__
