"""Stacks of layers that are ready to choose: published networks, and the courses' own."""

from dataclasses import dataclass

from convcore.stack import AvgPool2d, Conv2d, ConvTranspose2d, Flatten, Linear, MaxPool2d, ReLU


@dataclass(frozen=True)
class Stack:
    """A name, the layers, and the (C, H, W) that goes in."""

    name: str
    layers: tuple
    shape: tuple


def _vgg():
    for width in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0):
        yield from (Conv2d(None, width, 3, padding=1), ReLU()) if width else (MaxPool2d(2),)


STACKS = {
    "sheet": Stack(
        "B11: two convolutions and a pooling",
        (Conv2d(None, 32, 8, 2, 3), MaxPool2d(2), Conv2d(None, 64, 3, 1, 1, bias=False)),
        (3, 128, 128),
    ),
    "lenet": Stack(
        "LeNet-5 (1998) with ReLU, C3 reading all 6 maps",
        (
            Conv2d(None, 6, 5), ReLU(), AvgPool2d(2), Conv2d(None, 16, 5), ReLU(), AvgPool2d(2),
            Conv2d(None, 120, 5), ReLU(), Flatten(), Linear(None, 84), ReLU(), Linear(None, 10),
        ),
        (1, 32, 32),
    ),
    "alexnet": Stack(
        "AlexNet as in torchvision, convolutional part",
        (
            Conv2d(None, 64, 11, 4, 2), ReLU(), MaxPool2d(3, 2),
            Conv2d(None, 192, 5, padding=2), ReLU(), MaxPool2d(3, 2),
            Conv2d(None, 384, 3, padding=1), ReLU(), Conv2d(None, 256, 3, padding=1), ReLU(),
            Conv2d(None, 256, 3, padding=1), ReLU(), MaxPool2d(3, 2),
        ),
        (3, 224, 224),
    ),
    "vgg": Stack("VGG-16, convolutional part", tuple(_vgg()), (3, 224, 224)),
    "resnet": Stack(
        "ResNet-18, the stem without batch norm",
        (Conv2d(None, 64, 7, 2, 3, bias=False), ReLU(), MaxPool2d(3, 2, 1)),
        (3, 224, 224),
    ),
    "dilated": Stack(
        "Dilated stack 1, 2, 4",
        tuple(Conv2d(None, 8, 3, padding=d, dilation=d) for d in (1, 2, 4)),
        (1, 32, 32),
    ),
    "holes": Stack(
        "Dilated twice by 2: holes",
        (Conv2d(None, 8, 3, dilation=2), Conv2d(None, 8, 3, dilation=2)),
        (1, 16, 16),
    ),
    "strided": Stack(
        "E6: four layers of stride 2",
        tuple(Conv2d(None, 8 * 2**n, 3, 2, 1) for n in range(4)),
        (3, 64, 64),
    ),
    "floor": Stack(
        "C1: a stride that does not divide",
        (Conv2d(None, 4, 3, 2), Conv2d(None, 8, 3, 2, 1)),
        (3, 32, 32),
    ),
    "updown": Stack(
        "Down and up again: transposed convolution",
        (Conv2d(None, 8, 3, 2, 1), ReLU(), ConvTranspose2d(None, 3, 4, 2, 1)),
        (3, 32, 32),
    ),
}  # fmt: skip
