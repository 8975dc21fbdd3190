"""Why a setting is impossible, in the page's words, and the nearest settings that are possible."""

from dataclasses import dataclass, replace

from convcore import ShapeError
from convview import changes, query
from convview.labels import counted
from convview.params import Filters, Pooling
from convview.scenes.layer import LINES, padding_of, times

MOST = 3  # repairs that are offered, and changes that a sentence names
DEEP = 3  # parameters that a repair may change, where no single one helps
ALONE = ("groups", "kind", "padding_mode", "dialect", "view")  # each in one rule alone
SIDES = (("above", "below"), ("left", "right"))


@dataclass(frozen=True)
class Fault:
    """A refusal of a setting: the rule that is broken, and the numbers that break it."""

    params: object
    rule: str
    numbers: dict

    def __getattr__(self, name):
        try:
            return self.numbers[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def unit(self):
        return LINES[self.axis]

    @property
    def missing(self):
        """By how many cells more a window would fit."""
        return self.span - self.padded - self.overhang

    def at_axis(self, pair, value):
        """A pair with another value for the axis that the refusal is about."""
        return tuple(value if axis == self.axis else old for axis, old in enumerate(pair))

    def of_axis(self, name):
        return getattr(self.params, name)[self.axis]


@dataclass(frozen=True)
class Refused:
    """What is said of a setting that cannot be, and which one is shown instead, dimmed.

    repaired : parameters, one for each button
    """

    params: object
    warning: str
    repaired: tuple
    good: object

    @property
    def buttons(self):
        """[(label, {parameter: value}), ...]"""
        found = []
        for candidate in self.repaired:
            names = changes.between(self.params, candidate)
            values = {name: getattr(candidate, name) for name in names}
            found.append((f"Use {changes.listed(candidate, names)}", values))
        return found

    @property
    def caption(self):
        """What the dimmed picture has other than the impossible setting."""
        names = changes.between(self.params, self.good)
        if len(names) > MOST or not all(changes.is_plain(self.good, name) for name in names):
            return "Dimmed below, to look at only: another setting of this page, one that works."
        changed = changes.listed(self.good, names)
        return f"Dimmed below, to look at only: this setting with {changed}."


def refused(params, error, show, last_good=None):
    """What is said of a refusal; the last good parameters are shown, else the first repair."""
    repaired = tuple(repairs(params, error, show))
    rules = [
        SENTENCES[fault.rule](Fault(params, fault.rule, fault.numbers))
        for fault in _faults(params, error, show)
    ]
    good = last_good or (repaired[0] if repaired else type(params)())
    warning = f"This setting is impossible: {'. Besides, '.join(rules)}."
    return Refused(params, warning, repaired, good)


def _faults(params, error, show):
    """The rules that are broken: the first, and behind it those that mending it leaves as they are.

    It is mended by what the numbers of no other rule depend on, where there is such a parameter.
    """
    while error:
        yield error
        name = next((name for name in STEPS[error.rule] if name in ALONE), None)
        changed, left = _changed(params, error, name, show) if name else (params, None)
        if changed == params:
            return
        params, error = changed, left


def _spans(fault):
    window = "window" if isinstance(fault.params, Pooling) else "kernel"
    before, after = fault.padding
    pads = f"{before} + {after}" if before or after else "0"
    hang = f", and in ceil mode at most {fault.overhang} may hang over the end"
    return (
        f"the {window} spans {counted(fault.span, fault.unit)} "
        f"({window} {fault.kernel}, dilation {fault.dilation}) but the padded input has "
        f"{fault.padded} (input {fault.size}, padding {pads}){hang * bool(fault.overhang)}"
    )


def _half(fault):
    return (
        "padding must be at most half of the window, as in PyTorch; "
        f"here {counted(fault.padding, fault.unit)} of padding "
        f"{'meets' if fault.padding == 1 else 'meet'} a window of "
        f"{counted(fault.kernel, fault.unit)}"
    )


def _mirror(fault):
    before, after = fault.padding
    one, other = SIDES[fault.axis]
    filters = isinstance(fault.params, Filters)
    return (
        f"{fault.mode} adds at most {counted(fault.limit, fault.unit)} on each side of "
        f"{'a picture' if filters else 'an input'} with {counted(fault.size, fault.unit)}, as in "
        "PyTorch; "
        f"{'the filter needs' if filters else 'the padding is'} "
        f"{before} {'on the ' * fault.axis}{one} and {after} {'on the ' * fault.axis}{other}"
    )


def _groups(fault):
    wrong = [
        counted(count, *words)
        for count, *words in (
            (fault.channels, "channel in", "channels in"), (fault.filters, "filter out",
             "filters out"),
        )
        if count % fault.groups
    ]  # fmt: skip
    verb = "divides neither" if len(wrong) == 2 else "does not divide"
    return (
        "groups must divide the channels in and the filters out; "
        f"{fault.groups} {verb} {' nor '.join(wrong)}"
    )


def _same(fault):
    stride = changes.written(fault.params, "stride")
    return f'PyTorch has no padding "same" with a stride; the stride is {stride}'


def _average(fault):
    dilation = changes.written(fault.params, "dilation")
    return f"average pooling has no dilation in PyTorch, so it must be 1 here; it is {dilation}"


def _output_padding(fault):
    return (
        "output padding must be less than the larger of stride and dilation, as in PyTorch; along "
        f"the {fault.unit}s it is {fault.output_padding}, the stride {fault.stride}, the dilation "
        f"{fault.dilation}"
    )


def _crops(fault):
    before, after = fault.padding
    return (
        "padding crops a transposed convolution and must leave at least one cell; it takes "
        f"{before} + {after} of {counted(fault.whole, fault.unit)}"
    )


def _matrix(fault):
    return (
        f"the matrix is drawn for inputs up to {times((fault.most,) * 2)}; this input is "
        f"{times(fault.params.size)}, and its matrix would have {fault.height:,} × {fault.width:,} "
        "entries"
    )


SENTENCES = {
    "spans": _spans,
    "half": _half,
    "mirror": _mirror,
    "groups": _groups,
    "same": _same,
    "average": _average,
    "output padding": _output_padding,
    "crops": _crops,
    "matrix": _matrix,
}


# Repairs: for a rule, what each parameter would have to be on the axis that breaks it, or None. As
# the axes are looked at one after the other, and each moves no farther than it must, what is found
# is the nearest.


def repairs(params, error, show):
    """Parameters that would work, each by changing something else: at most MOST.

    Each changes a single parameter by as little as helps; where no single one helps, as few as
    do. show : params -> anything, raising ShapeError
    """
    tried = [(params, error, ())]
    for _ in range(DEEP):
        found, further = {}, []
        for at, fault, names in tried:
            for name in STEPS[fault.rule]:
                if name in names or len(found) == MOST:
                    continue
                changed, left = _changed(at, fault, name, show)
                if left is None:
                    nearest = _nearest(params, changed, (*names, name), show) if names else changed
                    found.setdefault(frozenset(changes.between(params, nearest)), nearest)
                elif changed != at:
                    further.append((changed, left, (*names, name)))
        if found:
            fewest = min(map(len, found))
            return [nearest for names, nearest in found.items() if len(names) == fewest]
        tried = further
    return []


def _nearest(params, changed, names, show):
    """A repair of several parameters with each moved no farther than it must, beside the others."""
    for name in names * 2:
        back = replace(changed, **{name: getattr(params, name)})
        nearer, left = _changed(back, _fault(back, show), name, show)
        changed = changed if left else nearer
    return changed


def _changed(params, error, name, show):
    """The parameters with `name` moved as far as it helps, and the error that is left, or None."""
    seen = {params}
    while error:
        step = STEPS[error.rule].get(name)
        changed = step and _stepped(Fault(params, error.rule, error.numbers), name, step)
        if not changed or changed in seen:
            break
        seen.add(changed)
        params, error = changed, _fault(changed, show)
    return params, error


def _fault(params, show):
    """The ShapeError of these parameters, or None."""
    try:
        show(params)
    except ShapeError as error:
        return error
    return None


def _stepped(fault, name, step):
    """The parameters with one step done, or None where it leads out of the page's range.

    A step that says one number of a pair says it of the axis that breaks the rule.
    """
    if name not in query.kinds(fault.params):
        return None
    value = step(fault)
    if value is None:
        return None
    if isinstance(value, int) and isinstance(getattr(fault.params, name), tuple):
        value = fault.at_axis(getattr(fault.params, name), value)
    changed = replace(fault.params, **{name: value})
    return changed if query.clamp(changed) == changed and changed != fault.params else None


# Padding with as many cells on either side, as the slider sets it, stays so.


def _more_padding(fault):
    return _padded(fault, fault.missing)


def _padded(fault, cells):
    """The padding with so many cells more, or less, along the axis; None where it has no room."""
    sides = padding_of(fault.params)
    before, after = sides[fault.axis]
    most = query.kinds(fault.params)["padding"].high
    if _is_even(sides):
        if cells % 2:
            cells += 1
        both = before + cells // 2
        return fault.at_axis(sides, (both, both)) if 0 <= both <= most else None
    total = before + after + cells
    if not 0 <= total <= 2 * most:
        return None
    first = min(max(before + cells // 2, total - most, 0), most, total)
    return fault.at_axis(sides, (first, total - first))


def _is_even(sides):
    return all(before == after for before, after in sides)


def _less_padding(fault, most):
    sides = padding_of(fault.params)
    return fault.at_axis(sides, tuple(min(side, most) for side in sides[fault.axis]))


def _uncropped(fault):
    """The padding nearest to this one whose crop leaves a cell: by a few cells less, or more."""
    size, kernel, stride, dilation, extra = map(
        fault.of_axis, ("size", "kernel_size", "stride", "dilation", "output_padding")
    )
    room = sum(fault.padding) + size - dilation * (kernel - 1) - 1
    even = _is_even(padding_of(fault.params))
    for cells in sorted(range(-12, 13), key=abs):
        free = room + cells
        if free >= 0 and size - free % stride + extra >= 1 and not (even and cells % 2):
            changed = _padded(fault, cells)
            if changed:
                return changed
    return None


def _room(fault):
    return fault.padded + fault.overhang


def _smaller_window(fault):
    """Of a filter: the widest whose padding the mode can fill."""
    return min(fault.params.window, 2 * fault.limit + 1)


def _larger_picture(fault):
    """By no more cells than are missing: the shorter side grows more slowly."""
    return fault.params.side + max(fault.padding) - fault.limit


def _divisor(fault):
    fitting = [g for g in range(1, 10) if not fault.channels % g and not fault.filters % g]
    return min(fitting, key=lambda g: abs(g - fault.groups))


def _multiple(count, fault):
    """The nearest number of channels that the groups divide."""
    low = count // fault.groups * fault.groups
    return min((n for n in (low, low + fault.groups) if n), key=lambda n: abs(n - count))


STEPS = {
    "spans": {
        "padding": _more_padding,
        "dilation": lambda f: (_room(f) - 1) // (f.kernel - 1),
        "kernel_size": lambda f: (_room(f) - 1) // f.dilation + 1,
        "size": lambda f: f.size + f.missing,
    },
    "half": {
        "padding": lambda f: _less_padding(f, f.kernel // 2),
        "kernel_size": lambda f: 2 * f.numbers["padding"],
    },
    "mirror": {
        "padding": lambda f: _less_padding(f, f.limit),
        "window": _smaller_window,
        "padding_mode": lambda f: "replicate",
        "size": lambda f: f.size + max(f.padding) - f.limit,
        "side": _larger_picture,
    },
    "groups": {
        "groups": _divisor,
        "in_channels": lambda f: _multiple(f.channels, f) if f.channels % f.groups else None,
        "out_channels": lambda f: _multiple(f.filters, f) if f.filters % f.groups else None,
    },
    "same": {"stride": lambda f: (1, 1), "dialect": lambda f: "tensorflow"},
    "average": {"dilation": lambda f: (1, 1), "kind": lambda f: "max"},
    "output padding": {
        "output_padding": lambda f: max(f.stride, f.dilation) - 1,
        "stride": lambda f: f.output_padding + 1,
        "dilation": lambda f: f.output_padding + 1,
    },
    "crops": {
        "padding": _uncropped,
        "output_padding": lambda f: f.of_axis("output_padding") + sum(f.padding) - f.whole + 1,
    },
    "matrix": {
        "size": lambda f: tuple(min(n, f.most) for n in f.params.size),
        "view": lambda f: f.otherwise,
    },
}  # fmt: skip
