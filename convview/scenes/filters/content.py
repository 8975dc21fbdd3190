"""What each view of the filters page shows: panels, and the sentences below them."""

from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from scipy import ndimage

from convview import filters, labels
from convview.params import MOST_POINTS
from convview.scenes.filters.answers import Answer, answer, input_of, mode_of, weight_of
from convview.scenes.filters.closely import ACROSS, CHANNELS, DOWN
from convview.scenes.filters.cost import cost
from convview.scenes.filters.design import explained, frequency, measures, scores
from convview.scenes.layer import times
from convview.scenes.panel import Panel, by_step, light, packed, signed, step_of, strongest

FLAT = 0.05  # of the steepest gradient: below it no direction is shown
BLANK = 128  # grey: unlike every colour of the wheel, and quiet in both themes
WHEEL_SIDE = 65  # cells
COLOURS = np.rint(255 * mpl.colormaps["hsv"](np.linspace(0, 1, 256))[:, :3])
ROUNDING = 1e-9  # of the largest answer that there can be
LEAST = 0.001  # height of a peak that three decimals show
MOST_PEAKS = 6  # that are listed


@dataclass(frozen=True)
class Content:
    """answer : of the filter that is looked at; panels, notes, table : what is shown.

    table : [[cell, ...], ...], its heads first, or ()
    """

    answer: Answer
    panels: tuple
    notes: tuple
    table: tuple

    def panel(self, name):
        return next(panel for panel in self.panels if panel.name == name)

    def packed(self):
        """As it is sent."""
        return packed(self.panels, self.notes, self.table)


def content(params, own=None):
    """What the view of these parameters shows; ShapeError where it cannot be.

    own : Pillow image that the visitor has brought, or None
    """
    found = answer(input_of(params, own), weight_of(params), mode_of(params))
    panels, notes, *table = VIEWS[params.view](params, found)
    return Content(found, tuple(panels), tuple(notes), tuple(*table))


def _blobs(params, found):
    window = params.blob_window
    other = window - 1 if window > 1 else 2
    beside = answer(found.x, filters.blob(other, params.blob_sigma), "zeros")
    top = max(1.0, float(found.y.max()), float(beside.y.max()))
    panels = [
        signed(
            "input",
            "Points: click to put or take one",
            found.x[0],
            1.0,
            times(found.x.shape[1:]),
            act="point",
        ),
        _filter_panel(found.weight, "Gaussian window"),
        signed("output", f"Window {window}: {_parity(window)}", found.y[0], top),
        signed("other", f"Window {other}: {_parity(other)}", beside.y[0], top, act=""),
    ]
    spots = peaks(found.y[0])
    notes = [
        "Each point becomes the window: what a single point turns into is the point spread. "
        "Heights are rounded.",
        f"Window {window}: {_said(spots)}.",
        f"Window {other}: {_said(peaks(beside.y[0]))}.",
    ]
    if 0 < len(spots) < len(params.points):
        notes.append(
            f"{len(params.points)} points, {labels.counted(len(spots), 'peak')}: where windows "
            "overlap, their answers add up; peaks that touch or run together count once."
        )
    left = f"and what is left is not scaled: it sums to {labels.marked(float(found.weight.sum()))}"
    notes.append(f"{filters.cut('gaussian', window, params.blob_sigma, left)}.")
    if len(params.points) == MOST_POINTS:
        notes.append(f"{MOST_POINTS} points are as many as a link holds.")
    if params.points:
        even, blob = (window, found) if window % 2 == 0 else (other, beside)
        highest = labels.marked(float(blob.weight.max()))
        notes.append(
            f"An even window has no middle cell: what window {even} makes of a single point lies "
            f"half a cell off, and its four highest cells are {highest} high instead of 1."
        )
    return panels, notes


def peaks(y):
    """The highest spots: [(rows (first, last), columns (first, last), height, whether full), ...].

    Heights are compared as they are said: neighbours that are as high are one spot, and it is
    full if no cell between its ends is lower.
    """
    said = _rounded(y)
    tops = (said >= ndimage.maximum_filter(said, 3, mode="constant")) & (y > 0)
    while True:  # a spot with a cell beside a higher one is no peak, nor any of its cells
        beside = ndimage.maximum_filter(np.where(tops, -np.inf, said), 3, mode="constant", cval=-1)
        if not (tops & (beside >= said)).any():
            break
        tops &= beside < said
    places, count = ndimage.label(tops, np.ones((3, 3)))
    found = []
    for number, (rows, cols) in enumerate(ndimage.find_objects(places), 1):
        height = float(y[places == number].max())
        full = bool((places[rows, cols] == number).all())
        found.append(((rows.start, rows.stop - 1), (cols.start, cols.stop - 1), height, full))
    return sorted(found, key=lambda peak: -peak[2]) if count else []


def _rounded(y):
    """Heights as they are said: three decimals, of small ones what their label keeps."""
    said = y.round(3)
    low = (y > 0) & (y < LEAST)
    said[low] = [labels.number(labels.label(height)) for height in y[low]]
    return said


def _said(found):
    if not found:
        return "nothing but 0"
    spots = [_spot(*peak) for peak in found[:MOST_PEAKS]]
    more = f"; {len(found) - MOST_PEAKS} more" if len(found) > MOST_PEAKS else ""
    return f"{'peak' if len(found) == 1 else 'peaks'} at {'; '.join(spots)}{more}"


def _spot(rows, cols, height, full):
    high = f"{height:.3f} high" if height >= LEAST else f"{labels.marked(height)} high"
    if rows[0] == rows[1] and cols[0] == cols[1]:
        return f"[{rows[0]}, {cols[0]}], {high}"
    where = f"{_span('row', rows)}, {_span('column', cols)}"
    two = (rows[1] - rows[0]) + (cols[1] - cols[0]) == 1
    return f"{where}, {'up to' if not full else 'both' if two else 'all'} {high}"


def _span(word, ends):
    first, last = ends
    return f"{word} {first}" if first == last else f"{word}s {first} to {last}"


def _parity(window):
    return "even" if window % 2 == 0 else "odd"


def _filter(params, found):
    return _slid(found), [_note(params), *_signs(found)]


def _cost(params, found):
    return _slid(found), *cost(found)


def _note(params):
    return filters.note(params.filter, params.window, params.sigma, params.angle)


def _slid(found):
    """A picture, a filter, the answer."""
    return [_picture(found), _filter_panel(found.weight, "Filter"), *_results(found)]


def _picture(found):
    return light("input", "Picture", found.x, note=times(found.x.shape[1:]))


def _results(found):
    """The answer as a picture where the filter keeps the brightness, else as signed maps."""
    y = found.y
    if abs(found.weight.sum() - 1) < 1e-9:
        low, high = min(0.0, float(y.min())), max(255.0, float(y.max()))
        note = ""
        if (low, high) != (0.0, 255.0):
            note = f"black is {labels.marked(low)}, white is {labels.marked(high)}"
        return [light("output", "Answer", y, low, high, note)]
    top = _top(found, y)
    if len(y) == 1:
        return [_map(found, "output", "Answer", y[0], top)]
    return [
        _map(found, f"output {n}", f"Answer, {CHANNELS[n]}", y[n], top, plane=n) for n in range(3)
    ]


def _map(found, name, title, y, top=None, **options):
    """A signed map with the ends of its values; what is but rounding is 0."""
    ends = [float(end) for end in (y.min(), y.max())]
    low, high = (labels.marked(0.0 if abs(end) < _least(found) else end) for end in ends)
    return signed(name, title, y, top, f"{low} to {high}", **options)


def _least(found):
    """What is less is but rounding: a share of the largest answer that there can be."""
    return ROUNDING * float(found.x.max()) * float(np.abs(found.weight).sum())


def _top(found, *maps):
    """The end of the scale of some maps; what is but rounding stays near its middle."""
    ends = [end for y in maps for end in (float(y.max()), -float(y.min()))]
    return max(*ends, _least(found))


def _signs(found):
    least = _least(found)
    if found.y.min() < -least and least < found.y.max() and abs(found.weight.sum() - 1) >= 1e-9:
        yield (
            "Purple is below 0, orange above: cut off at 0 or turned into bytes, part of the "
            "answer would be lost."
        )


def _filter_panel(weight, title):
    return signed(
        "kernel", title, weight,
        note=f"{times(weight.shape)}, sum {labels.marked(_sum(weight))}", act="",
    )  # fmt: skip


def _sum(weight):
    total = float(weight.sum())
    return 0.0 if abs(total) < 1e-12 * np.abs(weight).sum() else total


def _edges(params, found):
    name = filters.PAIR_TITLES[params.pair]
    down = answer(found.x, filters.named(filters.PAIRS[params.pair][1]), found.mode)
    across, downwards = found.y[0], down.y[0]
    steep = np.hypot(across, downwards)
    top = _top(found, across, downwards)
    panels = [
        _picture(found),
        _map(found, "output", f"{ACROSS}: {name} x", across, top),
        _map(found, "other", f"{DOWN}: {name} y", downwards, top),
        _map(found, "magnitude", f"Magnitude √({ACROSS}² + {DOWN}²)", steep),
        _direction("direction", "Direction", across, downwards, steep),
    ]
    none = float((steep <= FLAT * steep.max()).mean())
    blank = "all" if none == 1 else f"{labels.marked(100 * none)} %"
    at = np.arange(WHEEL_SIDE) - WHEEL_SIDE // 2
    disc = np.hypot(at[:, None], at) <= WHEEL_SIDE / 2
    panels.append(_direction("wheel", "Its colours", *np.broadcast_arrays(at, at[:, None]), disc))
    return panels, [
        f"{ACROSS} answers to vertical edges, {DOWN} to horizontal ones; both keep their sign.",
        "The direction is where brightness rises, as on the wheel; grey where the gradient is "
        f"at most {100 * FLAT:.0f} % of the steepest: in {blank} of the cells.",
    ]


def _direction(name, title, across, down, steep):
    """The angle of the gradient as a colour of a wheel; grey where it is not steep."""
    shape, step = steep.shape, step_of(steep)
    across, down, steep = strongest(step, steep, across, down, steep)
    turn = np.arctan2(down, across) / (2 * np.pi) % 1  # 0: brighter to the right
    planes = COLOURS[np.rint(255 * turn).astype(int)].transpose(2, 0, 1)
    planes[:, steep <= FLAT * steep.max()] = BLANK
    note, act = by_step("", step, "the steepest"), "look" if name == "direction" else ""
    return Panel(name, title, note, "colour", planes.astype(np.uint8), shape, step, act=act)


def _design(params, found):
    panels = [
        _picture(found),
        *_results(found),
        signed(
            "frequency", "Frequency response", frequency(found.weight), act="",
            note="flat in the middle, the finest stripes at the border",
        ),
    ]  # fmt: skip
    notes = [*measures(found), *_signs(found), *explained(found.weight)]
    return panels, notes, scores(found.weight)


def _compare(params, found):
    weight = filters.named(params.other, params.window, params.other_sigma, params.angle)
    first, title = found.y[0], filters.described(params.filter, params.sigma)
    sizes = [times(found.weight.shape), times(weight.shape)]
    if params.then_sigma:
        blur = filters.gaussian(params.window, params.then_sigma, 0)
        sizes[0] += f", the Gaussian behind it {times(blur.shape)}"
        first = answer(found.y, blur, found.mode).y[0]
        title += f", then {filters.described('gaussian', params.then_sigma)}"
    beside = filters.described(params.other, params.other_sigma)
    second = answer(found.x, weight, found.mode).y[0]
    own = "" if params.then_sigma else "look"  # what is looked at is not blurred afterwards
    apart = first - second
    farthest = float(np.abs(apart).max())
    panels = [
        _picture(found),
        *_alike(found, [("output", title, first, own), ("other", beside, second, "")]),
        _map(found, "difference", "First minus second", apart, _top(found, apart), act=""),
    ]
    notes = ["The first filter is {}, the second {}.".format(*sizes)]
    notes += [f"Largest difference: {_share(found, farthest, first, second)}."]
    blurred = params.window * bool(params.then_sigma)
    border = max(max(found.weight.shape) // 2 + blurred // 2, max(weight.shape) // 2)
    inner = apart[border : apart.shape[0] - border, border : apart.shape[1] - border]
    if inner.size and border:
        notes.append(
            f"At least {labels.counted(border, 'cell')} from the border, where no padding is "
            f"read: {_share(found, float(np.abs(inner).max()), first, second)}."
        )
    return panels, notes + list(_cut(params))


def _cut(params):
    """Sentences on each Gaussian of a comparison that its window cuts off."""
    of = [(params.filter, params.sigma), (params.other, params.other_sigma)]
    of += [("gaussian", params.then_sigma)] * bool(params.then_sigma)
    for name, sigma in dict.fromkeys(of):
        if "sigma" in filters.sliders(name) and params.window < filters.usual(sigma):
            yield f"{filters.cut(name, params.window, sigma)}."


def _share(found, difference, *answers):
    if difference <= _least(found):
        return "0, but for rounding"
    most = max(float(np.abs(one).max()) for one in answers)
    share, of = labels.marked(100 * difference / most), labels.marked(most)
    return (
        f"{labels.marked(difference)}, {share} % of {of}, the largest of the answers compared, "
        "sign aside"
    )


def _alike(found, shown):
    """Two maps (name, title, map, act) on one scale: as pictures where both are pictures."""
    both = np.stack([y for _, _, y, _ in shown])
    if both.min() >= -1e-6 and both.max() <= 255 + 1e-6:
        return [light(name, title, y[None], act=act) for name, title, y, act in shown]
    top = float(np.abs(both).max())
    return [_map(found, name, title, y, top, act=act) for name, title, y, act in shown]


VIEWS = {
    "blobs": _blobs, "filter": _filter, "edges": _edges, "design": _design, "compare": _compare,
    "cost": _cost,
}  # fmt: skip
