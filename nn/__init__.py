"""nn: neural networks on minigrad, with PyTorch's names for layers and Keras's for training."""

import typing as _typing

from minigrad import conv_output_size as conv_output_size
from nn import attribution as attribution
from nn import callbacks as callbacks
from nn import data as data
from nn import distributed as distributed
from nn import init as init
from nn import metrics as metrics
from nn import optim as optim
from nn import plot as plot
from nn.analysis.draw import draw as draw
from nn.analysis.fields.empirical_receptive_field import empirical_receptive_field as empirical_receptive_field
from nn.analysis.fields.receptive_field import LayerField as LayerField
from nn.analysis.fields.receptive_field import ReceptiveField as ReceptiveField
from nn.analysis.fields.receptive_field import receptive_field as receptive_field
from nn.analysis.summary import summary as summary
from nn.analysis.surface.loss_surface import LossSurface as LossSurface
from nn.analysis.surface.loss_surface import loss_surface as loss_surface
from nn.layers.activations.exponential import CELU as CELU
from nn.layers.activations.exponential import ELU as ELU
from nn.layers.activations.exponential import SELU as SELU
from nn.layers.activations.maxout import Maxout as Maxout
from nn.layers.activations.rectifiers import LeakyReLU as LeakyReLU
from nn.layers.activations.rectifiers import PReLU as PReLU
from nn.layers.activations.rectifiers import ReLU as ReLU
from nn.layers.activations.rectifiers import ReLU6 as ReLU6
from nn.layers.activations.sigmoids import Hardsigmoid as Hardsigmoid
from nn.layers.activations.sigmoids import Hardtanh as Hardtanh
from nn.layers.activations.sigmoids import LogSigmoid as LogSigmoid
from nn.layers.activations.sigmoids import Sigmoid as Sigmoid
from nn.layers.activations.sigmoids import Softsign as Softsign
from nn.layers.activations.sigmoids import Tanh as Tanh
from nn.layers.activations.sigmoids import Tanhshrink as Tanhshrink
from nn.layers.activations.smooth_rectifiers import GELU as GELU
from nn.layers.activations.smooth_rectifiers import Hardswish as Hardswish
from nn.layers.activations.smooth_rectifiers import Mish as Mish
from nn.layers.activations.smooth_rectifiers import SiLU as SiLU
from nn.layers.activations.smooth_rectifiers import Softplus as Softplus
from nn.layers.activations.softmax import LogSoftmax as LogSoftmax
from nn.layers.activations.softmax import Softmax as Softmax
from nn.layers.activations.softmax import Softmin as Softmin
from nn.layers.bilinear import Bilinear as Bilinear
from nn.layers.containers.concat import Concat as Concat
from nn.layers.containers.mlp import MLP as MLP
from nn.layers.containers.module_dict import ModuleDict as ModuleDict
from nn.layers.containers.module_list import ModuleList as ModuleList
from nn.layers.containers.parameter_dict import ParameterDict as ParameterDict
from nn.layers.containers.parameter_list import ParameterList as ParameterList
from nn.layers.containers.residual import Residual as Residual
from nn.layers.containers.sequential import Sequential as Sequential
from nn.layers.convolution import Conv1d as Conv1d
from nn.layers.convolution import Conv2d as Conv2d
from nn.layers.convolution import Conv3d as Conv3d
from nn.layers.convolution import ConvTranspose1d as ConvTranspose1d
from nn.layers.convolution import ConvTranspose2d as ConvTranspose2d
from nn.layers.convolution import ConvTranspose3d as ConvTranspose3d
from nn.layers.dropout.alpha_dropout import AlphaDropout as AlphaDropout
from nn.layers.dropout.alpha_dropout import FeatureAlphaDropout as FeatureAlphaDropout
from nn.layers.dropout.dropout import Dropout as Dropout
from nn.layers.dropout.dropout import Dropout1d as Dropout1d
from nn.layers.dropout.dropout import Dropout2d as Dropout2d
from nn.layers.dropout.dropout import Dropout3d as Dropout3d
from nn.layers.embedding import Embedding as Embedding
from nn.layers.flatten import Flatten as Flatten
from nn.layers.flatten import Reshape as Reshape
from nn.layers.flatten import Unflatten as Unflatten
from nn.layers.identity import Identity as Identity
from nn.layers.linear import Linear as Linear
from nn.layers.normalization.batch_norm import BatchNorm1d as BatchNorm1d
from nn.layers.normalization.batch_norm import BatchNorm2d as BatchNorm2d
from nn.layers.normalization.batch_norm import BatchNorm3d as BatchNorm3d
from nn.layers.normalization.group_norm import GroupNorm as GroupNorm
from nn.layers.normalization.instance_norm import InstanceNorm1d as InstanceNorm1d
from nn.layers.normalization.instance_norm import InstanceNorm2d as InstanceNorm2d
from nn.layers.normalization.instance_norm import InstanceNorm3d as InstanceNorm3d
from nn.layers.normalization.layer_norm import LayerNorm as LayerNorm
from nn.layers.normalization.layer_norm import RMSNorm as RMSNorm
from nn.layers.normalization.local_response_norm import LocalResponseNorm as LocalResponseNorm
from nn.layers.padding import ReflectionPad2d as ReflectionPad2d
from nn.layers.padding import ZeroPad2d as ZeroPad2d
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
from nn.losses.classification import BCELoss as BCELoss
from nn.losses.classification import BCEWithLogitsLoss as BCEWithLogitsLoss
from nn.losses.classification import CrossEntropyLoss as CrossEntropyLoss
from nn.losses.classification import MultiMarginLoss as MultiMarginLoss
from nn.losses.classification import NLLLoss as NLLLoss
from nn.losses.classification import SoftMarginLoss as SoftMarginLoss
from nn.losses.distributions import GaussianNLLLoss as GaussianNLLLoss
from nn.losses.distributions import KLDivLoss as KLDivLoss
from nn.losses.distributions import PoissonNLLLoss as PoissonNLLLoss
from nn.losses.embeddings import CosineEmbeddingLoss as CosineEmbeddingLoss
from nn.losses.embeddings import HingeEmbeddingLoss as HingeEmbeddingLoss
from nn.losses.embeddings import MarginRankingLoss as MarginRankingLoss
from nn.losses.embeddings import TripletMarginLoss as TripletMarginLoss
from nn.losses.regression import HuberLoss as HuberLoss
from nn.losses.regression import L1Loss as L1Loss
from nn.losses.regression import MSELoss as MSELoss
from nn.losses.regression import SmoothL1Loss as SmoothL1Loss
from nn.losses.regression import SumSquaredErrorLoss as SumSquaredErrorLoss
from nn.models.alexnet import AlexNet as AlexNet
from nn.models.alexnet import SmallAlexNet as SmallAlexNet
from nn.models.autoencoder import Autoencoder as Autoencoder
from nn.models.autoencoder import ConvAutoencoder as ConvAutoencoder
from nn.models.autoencoder import DenoisingAutoencoder as DenoisingAutoencoder
from nn.models.conv_net import ConvNet as ConvNet
from nn.models.digit_cnn import DigitCNN as DigitCNN
from nn.models.inception import Inception as Inception
from nn.models.inception import SmallGoogLeNet as SmallGoogLeNet
from nn.models.lenet import LeNet as LeNet
from nn.models.perceptron import Perceptron as Perceptron
from nn.models.resnet import BasicBlock as BasicBlock
from nn.models.resnet import ResNet18 as ResNet18
from nn.models.resnet import ResNet20 as ResNet20
from nn.models.vgg import VGG as VGG
from nn.module import Buffer as Buffer
from nn.module import Module as Module
from nn.module import Parameter as Parameter
from nn.module import observe as observe
from nn.onnx.export import export_onnx as export_onnx
from nn.serialization.load import load as load
from nn.serialization.pytorch.read_torch import read_torch as read_torch
from nn.serialization.save import save as save
from nn.training.compile_step import CompiledStep as CompiledStep
from nn.training.compile_step import compile_step as compile_step
from nn.training.evaluate import evaluate as evaluate
from nn.training.fit import fit as fit
from nn.training.history import History as History
from nn.training.predict import Prediction as Prediction
from nn.training.predict import predict as predict
from nn.training.run.checkpoint import Checkpoint as Checkpoint
from nn.training.run.run import Run as Run
from nn.unsupported import explain_names as _explain_names

if _typing.TYPE_CHECKING:
    from nn.estimators.classifier import Classifier as Classifier
    from nn.estimators.regressor import Regressor as Regressor
else:

    def __getattr__(name):
        """The estimators, when they are used for the first time: with them scikit-learn is imported."""
        if name == "Classifier":
            from nn.estimators.classifier import Classifier as found
        elif name == "Regressor":
            from nn.estimators.regressor import Regressor as found
        else:
            raise AttributeError(name)
        return found


__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "MLP",
    "SELU",
    "VGG",
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
    "AlexNet",
    "AlphaDropout",
    "Autoencoder",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BasicBlock",
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "Bilinear",
    "Buffer",
    "Checkpoint",
    "Classifier",
    "CompiledStep",
    "Concat",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvAutoencoder",
    "ConvNet",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "DenoisingAutoencoder",
    "DigitCNN",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "Embedding",
    "FeatureAlphaDropout",
    "Flatten",
    "GaussianNLLLoss",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "GroupNorm",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "HingeEmbeddingLoss",
    "History",
    "HuberLoss",
    "Identity",
    "Inception",
    "InstanceNorm1d",
    "InstanceNorm2d",
    "InstanceNorm3d",
    "KLDivLoss",
    "L1Loss",
    "LPPool1d",
    "LPPool2d",
    "LPPool3d",
    "LayerField",
    "LayerNorm",
    "LeNet",
    "LeakyReLU",
    "Linear",
    "LocalResponseNorm",
    "LogSigmoid",
    "LogSoftmax",
    "LossSurface",
    "MSELoss",
    "MarginRankingLoss",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool1d",
    "MaxUnpool2d",
    "MaxUnpool3d",
    "Maxout",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "MultiMarginLoss",
    "NLLLoss",
    "PReLU",
    "Parameter",
    "ParameterDict",
    "ParameterList",
    "Perceptron",
    "PixelShuffle",
    "PoissonNLLLoss",
    "Prediction",
    "RMSNorm",
    "ReLU",
    "ReLU6",
    "ReceptiveField",
    "ReflectionPad2d",
    "Regressor",
    "ResNet18",
    "ResNet20",
    "Reshape",
    "Residual",
    "Run",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmallAlexNet",
    "SmallGoogLeNet",
    "SmoothL1Loss",
    "SoftMarginLoss",
    "Softmax",
    "Softmin",
    "Softplus",
    "Softsign",
    "SumSquaredErrorLoss",
    "Tanh",
    "Tanhshrink",
    "TripletMarginLoss",
    "Unflatten",
    "Upsample",
    "ZeroPad2d",
    "attribution",
    "callbacks",
    "compile_step",
    "conv_output_size",
    "data",
    "distributed",
    "draw",
    "empirical_receptive_field",
    "evaluate",
    "export_onnx",
    "fit",
    "init",
    "load",
    "loss_surface",
    "metrics",
    "observe",
    "optim",
    "plot",
    "predict",
    "read_torch",
    "receptive_field",
    "save",
    "summary",
]


def __dir__() -> list[str]:
    return __all__


_explain_names()
