"""Between the query of a link and a frozen dataclass of parameters.

A dataclass declares its fields with `setting(kind, default)`, and with `implied(values)` what some
of them mean for others that a link leaves out. Defaults stay out of the link, so
the link carries the version of the defaults: `v`.
"""

import re
from dataclasses import field, fields, replace

from convview import ranges
from convview.fields import LONGEST_TEXT, Numbers, Reals
from convview.labels import counted, joined

VERSION = "1"
APP_WIDE = ("v", "embed", "embed_options", "present", "step")  # not a page's own: never refused

PLAIN = re.compile(r"[A-Za-z][\w-]*", re.ASCII)  # a name that can be shown
NAMED, LONGEST_NAME = 3, 20  # of unknown parameters: how many, and how much of each


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
    Returns (params, notices). Of the link's own texts no more than plain names stand in a notice.
    """
    known = kinds(page)
    readings = _read_texts(known, query)
    values = {name: reading[0] for name, reading in readings.items() if reading}
    params = clamp(page(**page.implied(values)))
    notices = mended(known, query, readings, vars(params), vars(page()))
    unknown = [name for name in query if name not in known and name not in APP_WIDE]
    if unknown:
        notices.append(_left_out(unknown))
    if query.get("v", [VERSION])[-1] != VERSION:
        notices.append("it was made for another version of Convscope, so the picture may differ")
    return params, notices


def _left_out(unknown):
    """Names that no parameter has: the first few that are plain, as code, which nothing marks up.

    >>> _left_out(["rocket", "<b>"]), _left_out(["<b>"])
    ('`rocket` and 1 other are unknown and left out', '1 unknown parameter left out')
    """
    plain = [name for name in unknown if PLAIN.fullmatch(name)][:NAMED]
    if not plain:
        return f"{counted(len(unknown), 'unknown parameter')} left out"
    named = [f"`{one[:LONGEST_NAME]}{'…' * (len(one) > LONGEST_NAME)}`" for one in plain]
    rest = [counted(len(unknown) - len(plain), "other")] * (len(unknown) > len(plain))
    return f"{joined(named + rest)} {'is' if len(unknown) == 1 else 'are'} unknown and left out"


def is_own(params, query):
    """Whether a query is what `write` makes of these parameters, word for word."""
    asked = {name: texts for name, texts in query.items() if name == "v" or name not in APP_WIDE}
    return asked == {name: [text] for name, text in write(params).items()}


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
        value, kind = shown[name], known[name]
        takes = f"it takes {ranges.takes(kind)}" if ranges.takes(kind) else ""
        if reading is None:
            text = query[name][-1]
            out = len(text) <= LONGEST_TEXT and ranges.is_out(kind, text)
            why = "is out of range" if out else "could not be read"
            why += f" ({takes})" * bool(takes)
            now = "the default" if value == usual[name] else _written(kind, value)
            notices.append(f"{name} {why}; {now} is shown")
        elif reading != (value, False):
            why = f": {takes}" if takes and reading[1] else ""
            notices.append(f"{name} is read as {_written(kind, value)}{why}")
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
