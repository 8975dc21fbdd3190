"""Between the query of a link and a frozen dataclass of parameters.

A dataclass declares its fields with `setting(kind, default)`, and with `implied(values)` what some
of them mean for others that a link leaves out. Defaults stay out of the link, so
the link carries the version of the defaults: `v`.
"""

import re
from dataclasses import field, fields, replace

from convview.fields import LONGEST_TEXT, Numbers, Reals

VERSION = "1"
APP_WIDE = ("v", "embed", "embed_options", "present", "step")  # not a page's own: never refused


def setting(kind, default):
    """A dataclass field with a kind of `convview.fields` and its default."""
    return field(default=default, metadata={"kind": kind})


def kinds(page):
    """{field name: kind} of a dataclass of settings, or of one of its instances."""
    return {f.name: f.metadata["kind"] for f in fields(page)}


def clamp(params):
    """The same parameters with every one inside its own range."""
    return replace(
        params, **{name: kind.clamp(getattr(params, name)) for name, kind in kinds(params).items()}
    )


def read(page, query):
    """The parameters that a link asks for, and one sentence for each thing that was mended.

    query : {name: [text, ...]}, as a browser sends it. What is repeated counts once, the last.
    Returns (params, notices). No text of the link stands in a notice: it is not ours to show.
    """
    known = kinds(page)
    readings = _read_texts(known, query)
    values = {name: reading[0] for name, reading in readings.items() if reading}
    params = clamp(page(**page.implied(values)))
    notices = mended(known, query, readings, vars(params), vars(page()))
    unknown = sum(name not in known and name not in APP_WIDE for name in query)
    if unknown:
        notices.append(f"{unknown} unknown parameter{'s' * (unknown > 1)} left out")
    if query.get("v", [VERSION])[-1] != VERSION:
        notices.append("it was made for another version of Convscope, so the picture may differ")
    return params, notices


def read_values(known, query, usual):
    """({name: value} of what a query says and what it leaves out, what was mended).

    known : {name: kind}; usual : {name: value}, the defaults
    """
    readings = _read_texts(known, query)
    values = usual | {name: reading[0] for name, reading in readings.items() if reading}
    return values, mended(known, query, readings, values, usual)


def _read_texts(known, query):
    """{name: (value, whether it was mended), or None: no value is near} of what a query says."""
    texts = {name: query[name][-1] for name in known if query.get(name)}
    return {
        name: known[name].read(text) if len(text) <= LONGEST_TEXT else None
        for name, text in texts.items()
    }


def mended(known, query, readings, shown, usual):
    """One sentence for each thing that a link says and that is not what is shown.

    shown, usual : {name: value}, what came out and the defaults
    """
    notices = []
    for name, reading in readings.items():
        if len(query[name]) > 1:
            notices.append(f"{name} was given {len(query[name])} times; the last one counts")
        value = shown[name]
        if reading is None and value == usual[name]:
            notices.append(f"{name} could not be read; the default is shown")
        elif reading is None:
            notices.append(f"{name} could not be read; {_written(known[name], value)} is shown")
        elif reading != (value, False):
            notices.append(f"{name} is read as {_written(known[name], value)}")
    return notices


def _written(kind, value):
    """As a link says it, with the signs of the page: 5 × 9, −3; numbers with commas."""
    text = re.sub(r"(?<=\d)x(?=\d)", " × ", re.sub(r"-(?=\d)", "−", kind.write(value)))
    return text.replace("_", ", ") if isinstance(kind, Reals) else text


def write(params):
    """{name: text} of what a link must say, with the version; {} when the defaults say it all.

    What typed numbers imply (an input of 2 x 5 numbers: `size=2x5`) need not be said.
    """
    typed = {
        name: getattr(params, name)
        for name, kind in kinds(params).items()
        if isinstance(kind, Numbers)
    }
    usual = type(params)(**type(params).implied(typed))
    query = {
        name: kind.write(getattr(params, name))
        for name, kind in kinds(params).items()
        if getattr(params, name) != getattr(usual, name) or typed.get(name)
    }
    return {"v": VERSION, **query} if query else {}
