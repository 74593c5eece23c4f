"""nn: neural networks on minigrad, with PyTorch's names for layers and Keras's for training."""

from minigrad import conv_output_size as conv_output_size
from nn import data as data
from nn import optim as optim
from nn import plot as plot
from nn.analysis.receptive_field import LayerField as LayerField
from nn.analysis.receptive_field import ReceptiveField as ReceptiveField
from nn.analysis.receptive_field import receptive_field as receptive_field
from nn.analysis.summary import summary as summary
from nn.layers.activations import ReLU as ReLU
from nn.layers.activations import Sigmoid as Sigmoid
from nn.layers.activations import Tanh as Tanh
from nn.layers.containers.sequential import Sequential as Sequential
from nn.layers.convolution import Conv1d as Conv1d
from nn.layers.convolution import Conv2d as Conv2d
from nn.layers.convolution import Conv3d as Conv3d
from nn.layers.convolution import ConvTranspose1d as ConvTranspose1d
from nn.layers.convolution import ConvTranspose2d as ConvTranspose2d
from nn.layers.convolution import ConvTranspose3d as ConvTranspose3d
from nn.layers.dropout import Dropout as Dropout
from nn.layers.flatten import Flatten as Flatten
from nn.layers.linear import Linear as Linear
from nn.layers.pooling.adaptive_pool import AdaptiveAvgPool1d as AdaptiveAvgPool1d
from nn.layers.pooling.adaptive_pool import AdaptiveAvgPool2d as AdaptiveAvgPool2d
from nn.layers.pooling.adaptive_pool import AdaptiveAvgPool3d as AdaptiveAvgPool3d
from nn.layers.pooling.adaptive_pool import AdaptiveMaxPool1d as AdaptiveMaxPool1d
from nn.layers.pooling.adaptive_pool import AdaptiveMaxPool2d as AdaptiveMaxPool2d
from nn.layers.pooling.adaptive_pool import AdaptiveMaxPool3d as AdaptiveMaxPool3d
from nn.layers.pooling.avg_pool import AvgPool1d as AvgPool1d
from nn.layers.pooling.avg_pool import AvgPool2d as AvgPool2d
from nn.layers.pooling.avg_pool import AvgPool3d as AvgPool3d
from nn.layers.pooling.global_pool import GlobalAvgPool as GlobalAvgPool
from nn.layers.pooling.global_pool import GlobalMaxPool as GlobalMaxPool
from nn.layers.pooling.lp_pool import LPPool1d as LPPool1d
from nn.layers.pooling.lp_pool import LPPool2d as LPPool2d
from nn.layers.pooling.lp_pool import LPPool3d as LPPool3d
from nn.layers.pooling.max_pool import MaxPool1d as MaxPool1d
from nn.layers.pooling.max_pool import MaxPool2d as MaxPool2d
from nn.layers.pooling.max_pool import MaxPool3d as MaxPool3d
from nn.layers.pooling.max_unpool import MaxUnpool1d as MaxUnpool1d
from nn.layers.pooling.max_unpool import MaxUnpool2d as MaxUnpool2d
from nn.layers.pooling.max_unpool import MaxUnpool3d as MaxUnpool3d
from nn.layers.resampling import PixelShuffle as PixelShuffle
from nn.layers.resampling import Upsample as Upsample
from nn.losses.classification import CrossEntropyLoss as CrossEntropyLoss
from nn.losses.regression import MSELoss as MSELoss
from nn.models.autoencoder import Autoencoder as Autoencoder
from nn.models.autoencoder import ConvAutoencoder as ConvAutoencoder
from nn.models.autoencoder import DenoisingAutoencoder as DenoisingAutoencoder
from nn.models.digit_cnn import DigitCNN as DigitCNN
from nn.models.lenet import LeNet as LeNet
from nn.models.perceptron import Perceptron as Perceptron
from nn.module import Buffer as Buffer
from nn.module import Module as Module
from nn.module import Parameter as Parameter
from nn.module import observe as observe
from nn.training.evaluate import evaluate as evaluate
from nn.training.evaluate import predict as predict
from nn.training.fit import fit as fit
from nn.training.history import History as History
from nn.unsupported import explain_names as _explain_names

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
    "Autoencoder",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "Buffer",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvAutoencoder",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "CrossEntropyLoss",
    "DenoisingAutoencoder",
    "DigitCNN",
    "Dropout",
    "Flatten",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "History",
    "LPPool1d",
    "LPPool2d",
    "LPPool3d",
    "LayerField",
    "LeNet",
    "Linear",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool1d",
    "MaxUnpool2d",
    "MaxUnpool3d",
    "Module",
    "Parameter",
    "Perceptron",
    "PixelShuffle",
    "ReLU",
    "ReceptiveField",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "Upsample",
    "conv_output_size",
    "data",
    "evaluate",
    "fit",
    "observe",
    "optim",
    "plot",
    "predict",
    "receptive_field",
    "summary",
]


def __dir__() -> list[str]:
    return __all__


_explain_names()
