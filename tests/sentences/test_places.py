"""What is said of a place in a link that is not there: the nearest one, and how many there are."""

from collections import Counter
from dataclasses import replace

import pytest

from convview import photographs, query
from convview.params import Filters, Gradients, Shapes
from convview.scenes import typed
from tests.sentences import brute, language, settings
from tests.sentences.impossible import works
from tests.sentences.stacks import worked

MANY = 300
PLACES = ("cell", "cell_filter", "at", "unit", "look", "channel")


def near(*pairs):
    return [min(asked, size - 1) for asked, size in pairs]


def sized(rows, cols, noun):
    return f"1 {noun}" if rows * cols == 1 else f"{rows} × {cols} {noun}s"


def possible(params):
    """Whether there is a picture to point into, by the rules of the libraries."""
    return not isinstance(params, Gradients) or works(replace(params, view="input"))


def counted(count, noun):
    return f"{count} {noun}{'s' * (count != 1)}"


def of_gradients(rng):
    params = settings.drawn(Gradients, rng)
    size = [axis.out for axis in brute.axes(params)]
    asked = [int(n) for n in rng.integers(0, 9, 2)]
    texts = {"loss": "cell", "cell": "x".join(map(str, asked))}
    right, there = near(*zip(asked, size, strict=True)), sized(*size, "cell")
    yield texts, params, "cell", asked, right, f"y has {there}", 0
    count, asked = params.out_channels, int(rng.integers(0, 3))
    verb = "is" if count == 1 else "are"
    texts = {"loss": "cell", "cell_filter": str(asked)}
    right = min(asked, count - 1)
    yield texts, params, "cell_filter", asked, right, f"there {verb} {counted(count, 'filter')}", 0


def of_shapes(rng):
    params = settings.drawn(Shapes, rng)
    steps, _ = worked(params.layers, params.shape)
    count, asked = len(params.layers), int(rng.integers(1, 12))
    verb = "is" if count == 1 else "are"
    right = min(asked, count)
    there = f"there {verb} {counted(count, 'layer')}"
    if count:
        yield {"at": str(asked)}, params, "at", asked, right, there, 1
    place = min(params.at, len(steps))
    if place and len(steps[place - 1].shape) == 3:
        size, asked = steps[place - 1].shape[1:], [int(n) for n in rng.integers(0, 40, 2)]
        there = f"a channel of layer {place} has {sized(*size, 'unit')}"
        right = near(*zip(asked, size, strict=True))
        texts = {"at": str(params.at), "unit": "x".join(map(str, asked))}
        yield texts, params, "unit", asked, right, there, 0


def of_filters(rng):
    params = settings.drawn(Filters, rng)
    if params.picture == "own":
        return
    colour = params.colour and params.view not in ("edges", "compare")
    channels, *size = photographs.picture(params.picture, params.side, colour).shape
    if params.view == "blobs":
        channels, *size = 1, photographs.CANVAS, photographs.CANVAS
    asked = [int(n) for n in rng.integers(0, 512, 2)]
    right, look = near(*zip(asked, size, strict=True)), "x".join(map(str, asked))
    yield {"look": look}, params, "look", asked, right, f"the picture has {sized(*size, 'cell')}", 0
    asked = int(rng.integers(0, 3))
    there = f"the picture has {counted(channels, 'channel')}"
    texts = {"look": "0x0", "channel": str(asked)}
    yield texts, params, "channel", asked, min(asked, channels - 1), there, 0


@pytest.mark.parametrize(
    ("drawn", "names"),
    [(of_gradients, ("cell", "cell_filter")), (of_shapes, ("at", "unit")),
     (of_filters, ("look", "channel"))],
)  # fmt: skip
def test_a_place_that_is_not_there_is_told(drawn, names):
    told = Counter()
    for _, rng in zip(range(MANY), settings.generators(), strict=False):
        for changed, params, name, asked, right, there, first in drawn(rng):
            texts = query.write(params) | changed
            texts.pop("v", None)
            texts = {key: [text] for key, text in texts.items() if key == name or key not in PLACES}
            texts |= {key: [text] for key, text in changed.items()}
            read, notices = query.read(type(params), texts)
            said = typed.mends(read, texts, notices)
            said = [one for one in said if one.startswith(f"{name} is")]
            wanted = [f"{name} is read as {right}, counted from {first}: {there}"]
            if asked == right:
                wanted = []
            elif possible(read):
                told[name] += 1
            assert said == (wanted if possible(read) else []), texts
            assert not any(map(language.faults, said)), said
    assert min(told[name] for name in names) > MANY / 10, told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ReLU();Dropout(0.5)", ["Dropout is left out: it changes neither shape nor cost"]),
        ("Identity();ReLU();Dropout(0.5)",
         ["Dropout and Identity are left out: they change neither shape nor cost"]),
        ("ReLU()", []),
    ],
)  # fmt: skip
def test_layers_without_a_row_are_told(text, said):
    texts = {"layers": [text]}
    params, notices = query.read(Shapes, texts)
    assert typed.mends(params, texts, notices) == said
    assert len(params.layers) == 1
