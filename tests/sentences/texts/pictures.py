"""Names of pictures, (channels, height, width, seed) -> array, and of photographs and drawings."""

import gzip

import numpy as np
from matplotlib.cbook import get_sample_data
from PIL import Image
from scipy import ndimage

from tests.sentences.prepared import says
from tests.sentences.texts.kernels import counts_up, is_random

SIZES = [(7, 7), (9, 16), (32, 32)]


@says("Digit", of="picture")
def digits(at):
    """7, 4 and 1 in ink: each in one piece, the 4 alone with a hole."""
    for x, holes in zip(at(3, 32, 32, 1), (0, 1, 0), strict=True):
        ink, paper = x > 4, np.pad(x <= 4, 1, constant_values=True)
        pieces = ndimage.label(ink, np.ones((3, 3)))[1]
        if (pieces, ndimage.label(paper)[1] - 1) != (1, holes):
            return False
    return True


@says("Face", of="picture")
def face(at):
    """An outline that is closed, and in it two eyes and a mouth; then these alone."""
    ink = at(3, 32, 32, 1) > 4
    pieces = [ndimage.label(x, np.ones((3, 3)))[1] for x in ink]
    inside = ndimage.binary_fill_holes(ink[0])
    return pieces == [4, 2, 1] and all((inside | ~x).all() for x in ink)


@says("Edge", of="picture")
def edge(at):
    """One step from dark to bright, in each row at the same place."""
    rises = [np.diff(at(1, *size, 1)[0], axis=1) for size in SIZES]
    return all(np.count_nonzero(d[0]) == 1 and d.max() > 0 and (d == d[0]).all() for d in rises)


@says("Ramp 1, 2, 3 …", of="picture")
def ramp(at):
    return all(counts_up(at(c, *size, 1)) for size in SIZES for c in (1, 3))


@says("Impulse", of="picture")
def impulse(at):
    """One cell of each channel alone."""
    planes = [plane for size in SIZES for plane in at(3, *size, 1)]
    return at(1, 7, 7, 1).max() == 1 and all(np.count_nonzero(plane) == 1 for plane in planes)


@says("Checker", of="picture")
def checker(at):
    """Squares of two numbers; one square further across or down it is the other."""
    return all(is_checker(at(1, *size, 1)[0], max(1, min(size) // 8)) for size in SIZES)


def is_checker(x, side):
    """Whether squares of this side are even, and each beside one of the other of two numbers."""
    first = x[::side, ::side]
    squares = np.kron(first, np.ones((side, side)))[: x.shape[0], : x.shape[1]]
    other = [np.diff(first, axis=axis).all() for axis in (0, 1)]
    return np.array_equal(x, squares) and len(np.unique(x)) == 2 and all(other)


@says("Random", of="picture")
def random_picture(at):
    x = at(1, 32, 32, 1)
    return is_random(x, at(1, 32, 32, 2)) and x.min() == 0


@says("Random, both signs", of="picture")
def random_signs(at):
    x = at(1, 32, 32, 1)
    return is_random(x, at(1, 32, 32, 2)) and x.min() < 0 < x.max()


@says("Photograph", of="picture")
def photograph(at):
    """A part of Matplotlib's photograph, ten by ten pixels in one."""
    bands = sample("grace_hopper.jpg")[62:312, 138:388].transpose(2, 0, 1)
    means = bands.reshape(3, 25, 10, 25, 10).mean((2, 4))
    return np.abs(at(3, 25, 25, 1) - means).max() <= 1  # rounded twice


def sample(name):
    with get_sample_data(name) as file:
        if name.endswith(".jpg"):
            return np.asarray(Image.open(file).convert("RGB"), float)
        raw = file.read()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    return np.frombuffer(raw, np.uint16).reshape(256, 256).astype(float)


# Photographs and drawings of /filters: (side, colour)


def is_like(one, other):
    return one.shape == other.shape and np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.999


@says("Photograph: Grace Hopper", of="photograph")
def hopper(at):
    return is_like(at(2048, True), sample("grace_hopper.jpg").transpose(2, 0, 1))


@says("Head, by magnetic resonance", of="photograph")
def head(at):
    """Matplotlib's slice of 256 x 256, by Siemens."""
    return is_like(at(256, False)[0], sample("s1045.ima.gz"))


@says("Step edges in all directions", of="photograph")
def step_edges(at):
    """Flat parts, and between them edges that rise towards each of 36 directions."""
    x = at(256, False)[0]
    rows, cols = (ndimage.gaussian_filter(x, 2, order) for order in ((1, 0), (0, 1)))
    steep = np.hypot(rows, cols) > 20
    turns = np.degrees(np.arctan2(rows, cols)[steep]) // 10 % 36
    return len(np.unique(x)) == 3 and len(np.unique(turns)) == 36


@says("Thin lines", of="photograph")
def thin_lines(at):
    """Of one cell: away from the middle no square of 2 x 2 is bright, yet many cells are."""
    bright = at(128, False)[0] > 128
    squares = ndimage.binary_opening(bright, np.ones((2, 2)))
    middle = np.hypot(*(np.indices(bright.shape) - 63.5)) < 24
    return not (squares & ~middle).any() and np.count_nonzero(bright & ~middle) > 12 * 20


@says("Checker", of="photograph")
def large_checker(at):
    """Eight by eight squares, each neighbour the other of two greys."""
    return is_checker(at(64, False)[0][:64, :64], 8)


@says("Zone plate", of="photograph")
def zone_plate(at):
    """Rings about the middle, closer and closer outwards."""
    x = at(512, False)[0] - 127.5
    row = x[256, 256:384]
    apart = np.diff(np.flatnonzero(np.diff(np.sign(row))))
    rings = all(np.array_equal(x, other) for other in (x.T, x[::-1], x[:, ::-1]))
    return rings and len(apart) > 10 and apart[0] > 3 * apart[-1] and (np.diff(apart) <= 1).all()
