"""nn: neural networks on minigrad, with PyTorch's names for layers and Keras's for training."""

from minigrad import conv_output_size as conv_output_size
from nn import data as data
from nn import look as look
from nn import optim as optim
from nn.activation import ReLU as ReLU
from nn.activation import Sigmoid as Sigmoid
from nn.activation import Tanh as Tanh
from nn.conv import Conv2d as Conv2d
from nn.dropout import Dropout as Dropout
from nn.linear import Linear as Linear
from nn.loss import CrossEntropyLoss as CrossEntropyLoss
from nn.loss import MSELoss as MSELoss
from nn.models import LeNet as LeNet
from nn.module import Module as Module
from nn.module import Parameter as Parameter
from nn.module import observe as observe
from nn.pool import MaxPool2d as MaxPool2d
from nn.resample import PixelShuffle as PixelShuffle
from nn.resample import Upsample as Upsample
from nn.sequential import Sequential as Sequential
from nn.shape import Flatten as Flatten
from nn.summary import summary as summary
from nn.training import History as History
from nn.training import evaluate as evaluate
from nn.training import fit as fit
from nn.training import predict as predict
