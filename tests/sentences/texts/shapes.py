"""Cards and exercises of /shapes, and the names of the ready-made stacks; worked out by probing."""

from itertools import pairwise
from math import prod

import numpy as np

from convcore.stack import AvgPool2d, Conv2d, ConvTranspose2d, MaxPool2d
from tests.sentences.prepared import says
from tests.sentences.stacks import field, worked


def kinds(at):
    return [type(layer) for layer in at.params.layers]


def convolutions(at):
    return [layer for layer in at.params.layers if isinstance(layer, Conv2d)]


def steps(at):
    found, why = worked(at.params.layers, at.params.shape)
    assert not why
    return found


def parameters(at):
    """Of the layers that have some."""
    return [one.parameters for one in steps(at) if one.parameters]


def reads(at, unit):
    """{row of the input: how often a unit behind all layers reads it}."""
    cells = {unit: 1}
    for one in reversed(steps(at)):
        below = {}
        for o, times in cells.items():
            for i in one.sides[0].inside(o):
                below[i] = below.get(i, 0) + times
        cells = below
    return cells


PUBLISHED = {  # parameters as torch counts them, AlexNet and VGG-16 less their three linear layers
    "lenet": 61_706,
    "alexnet": 61_100_840 - (9216 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000),
    "vgg": 138_357_544 - (25088 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000),
    "resnet": 64 * 3 * 7 * 7,
}
LENET = [156, 2416, 48120, 10164, 850]  # published, were C3 to read all maps of S2 (then 1,516)


@says(
    "What a network costs",
    "LeNet-5 layer by layer: shapes, parameters, multiplications, from the formulas.",
)
@says("LeNet-5 (1998) with ReLU, C3 reading all 6 maps", of="stack")
def lenet(at):
    written = any(one.text.startswith("Parameters: ") for one in at.state.said)
    relus = [layer.__name__ for layer in kinds(at)].count("ReLU")
    return (
        parameters(at) == LENET
        and relus == 4
        and convolutions(at)[1].groups == 1
        and steps(at)[3].before[0] == 6
        and written
    )


@says(
    "How far a unit sees",
    "Four strided layers: the receptive field more than doubles with each; a border cuts it.",
    "With stride 2 the receptive field grows twice as much with each layer",
)
@says("E6: four layers of stride 2", of="stack")
def strided(at):
    if [layer.stride for layer in convolutions(at)] != [2] * 4:
        return False
    found = steps(at)
    sees = [1, *(field(found[: n + 1], 0) for n in range(len(found)))]
    grows = np.diff(sees)
    cut = len(reads(at, 0)) < sees[-1] == len(reads(at, 2))
    more = all(after > 2 * before for before, after in pairwise(sees))
    return more and cut and all(b == 2 * a for a, b in pairwise(grows))


@says(
    "Holes of a dilated stack",
    "Behind two dilated layers a unit reads every other row and "
    "column, the middle pixel nine times.",
)
@says("Dilated twice by 2: holes", of="stack")
def holes(at):
    if [getattr(layer, "dilation", 1) for layer in at.params.layers] != [2, 2]:
        return False
    cells = reads(at, 3)
    rows = np.array(list(cells.values()))
    both = np.multiply.outer(rows, rows)
    middle = both[len(rows) // 2, len(rows) // 2]
    alone = np.count_nonzero(both == middle) == 1
    return set(np.diff(sorted(cells))) == {2} and middle == both.max() == 9 and alone


@says("3 × 128 × 128 through two convolutions and a pooling", but=[{"shape": (3, 64, 64)}])
@says("B11: two convolutions and a pooling", of="stack")
def the_sheet(at):
    found = kinds(at)
    pools = sum(one in (MaxPool2d, AvgPool2d) for one in found)
    shape = at.params.shape == (3, 128, 128)
    return shape and (found.count(Conv2d), pools, len(found)) == (2, 1, 3)


@says("The size with stride and padding; the floor when it does not divide",
      but=[{"shape": (3, 33, 33)}])  # fmt: skip
@says("C1: a stride that does not divide", of="stack")
def the_floor(at):
    """What the division of the size formula leaves in the first layer, and padding."""
    if any(getattr(layer, "stride", None) != 2 for layer in at.params.layers):
        return False
    sides = [one.sides[0] for one in steps(at)]
    leaves = [(side.n + side.before + side.after - side.span) % side.s for side in sides]
    return any(layer.padding for layer in convolutions(at)) and leaves[0] > 0


@says("Multiplications: a convolution against a fully connected layer", but=[{"at": 1}])
def against_dense(at):
    chosen = min(at.params.at, len(at.params.layers))
    one = steps(at)[chosen - 1]
    said = " ".join(one.text for one in at.state.said if one.place == "detail")
    full = prod(one.before) * prod(one.shape)
    return chosen == 2 and f"= {full:,} multiplications" in said and one.macs < full


@says("AlexNet as in torchvision, convolutional part", of="stack")
def alexnet(at):
    """Its first layer has 64 filters; that of the paper has 96."""
    return sum(parameters(at)) == PUBLISHED["alexnet"] and len(convolutions(at)) == 5


@says("VGG-16, convolutional part", of="stack")
def vgg(at):
    """Configuration D of the paper: 13 of its 16 layers are convolutions."""
    return sum(parameters(at)) == PUBLISHED["vgg"] and len(convolutions(at)) == 16 - 3


@says("ResNet-18, the stem without batch norm", of="stack")
def resnet(at):
    """conv1 and maxpool of the paper, 64 x 56 x 56 out of 224 x 224; bn1 would have 2 x 64."""
    named = [kind.__name__ for kind in kinds(at)]
    return (
        named == ["Conv2d", "ReLU", "MaxPool2d"]
        and parameters(at) == [PUBLISHED["resnet"]]
        and [one.shape for one in steps(at)] == [(64, 112, 112)] * 2 + [(64, 56, 56)]
    )


@says("Dilated stack 1, 2, 4", of="stack")
def dilated(at):
    return [getattr(layer, "dilation", 0) for layer in at.params.layers] == [1, 2, 4]


@says("Down and up again: transposed convolution", of="stack")
def down_and_up(at):
    """Smaller behind the first layer, and as large as before behind the transposed one."""
    sizes = [one.shape for one in steps(at)]
    back = kinds(at)[-1] is ConvTranspose2d and sizes[-1] == at.params.shape
    return back and prod(sizes[0][1:]) < prod(at.params.shape[1:])
