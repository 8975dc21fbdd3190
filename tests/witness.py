"""The witness of a change that must leave every picture as it is: what the prepared links show.

    python -m tests.witness save FOLDER            every prepared link, and what its page sends
    python -m tests.witness save FOLDER --as OTHER the links that another save has
    python -m tests.witness compare ONE OTHER      prints what differs; 1 if anything does

Saved at the commit before and after; a folder holds one file of JSON a page. Times that the server
has measured are left out, and pictures are told by a digest.
"""

import argparse
import hashlib
import itertools
import json
import re
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np

from convcore import ShapeError
from convview import practice, query, torch_code
from convview.exercises import EXERCISES
from convview.lessons import CARDS
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide
from convview.refusals import refused
from convview.scenes import filters, shapes
from tests.sentences import settings
from tests.sentences.shown import MADE, STAGES, state

PAGES = {
    page.__name__.lower(): page for page in (Slide, Gradients, Pooling, Filters, Calculus, Shapes)
}
SEEDS = 3  # of each question; 0 has the numbers of the course
DRAWN = 60  # random settings of a page, possible or not
TIMED = re.compile(r"quick|[Mm]easur|median|server|\bms\b")


def links():
    """Every link that the app has prepared, and some of random settings; in order, each once."""
    params = [card.params for card in CARDS] + [one.params for one in EXERCISES]
    for row in practice.EXERCISES:
        params += [practice.question(row, seed).params for seed in range(SEEDS)]
    for page in PAGES.values():
        generators = itertools.islice(settings.generators(), DRAWN)
        params += [page(), *(settings.drawn(page, rng) for rng in generators)]
    return list(dict.fromkeys(link(one) for one in params if one is not None))


def link(params):
    return f"/{type(params).__name__.lower()}?{urlencode(query.write(params))}"


def shown(address):
    """What the page of a link sends, as plain data."""
    path, asked = urlsplit(address).path[1:], parse_qs(urlsplit(address).query)
    params, notices = query.read(PAGES[path], asked)
    assert not notices, (address, notices)
    try:
        return sent(params)
    except ShapeError as error:
        told = refused(params, error, MADE[type(params)])
        return {
            "warning": told.warning, "caption": told.caption, "dimmed": link(told.good),
            "buttons": [[label, changed] for label, changed in told.buttons],
        }  # fmt: skip


def sent(params):
    page = type(params)
    if page in STAGES:
        return STAGES[page](params).data()
    if page is Shapes:
        found, table = shapes.written(params)
        layers = shapes.filled(found)
        return json.loads(table) | {
            "pytorch": torch_code.pytorch(layers), "keras": torch_code.keras(layers, params.shape)
        }  # fmt: skip
    found = state(params)
    said = [(one.place, one.text) for one in found.said if not TIMED.search(one.text)]
    if params.view in ("cost", "chain"):
        said = [(place, _untimed(text) if place == "row" else text) for place, text in said]
    charts = getattr(found.made, "charts", ())
    closely = filters.closely(params, found.made.answer).data() if page is Filters else None
    return {
        "said": said,
        "panels": [[one.name, one.kind, digest(one)] for one in found.made.panels],
        "charts": [digest(one) for one in charts if params.view != "chain"],
        "closely": closely,
    }


def _untimed(row):
    """A row of a table without its last column."""
    return row.rpartition(" | ")[0]


def digest(thing):
    """What tells this dataclass of numbers and texts from another."""
    found = hashlib.blake2b(digest_size=8)
    for value in _leaves(vars(thing)):
        array = isinstance(value, np.ndarray)
        found.update(value.round(9).tobytes() if array else f"{value};".encode())
    return found.hexdigest()


def _leaves(value):
    if isinstance(value, dict):
        for name in sorted(value):
            yield from _leaves((name, value[name]))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def questions():
    """Of each exercise, with its own numbers and fresh ones: what is asked, what is right."""
    found = {}
    for row in practice.EXERCISES:
        for seed in range(SEEDS):
            one = practice.question(row, seed)
            found[f"{row}.{seed}"] = {
                "words": one.words, "kind": one.kind, "answer": one.answer, "slips": one.slips,
                "hints": one.hints, "solution": one.solution, "board": one.board,
                "options": one.options, "link": link(one.params),
            }  # fmt: skip
    return found


def save(folder, addresses):
    folder.mkdir(parents=True, exist_ok=True)
    found = {name: {} for name in PAGES}
    for one in addresses:
        found[urlsplit(one).path[1:]][one] = shown(one)
    for name, data in (found | {"questions": questions()}).items():
        text = json.dumps(data, indent=1, ensure_ascii=False, default=_plain)
        (folder / f"{name}.json").write_text(text)
        print(f"{name}: {len(data)}")


def _plain(value):
    """Numbers and arrays of NumPy, for JSON."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def load(folder):
    return {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}


def differences(one, other, where=""):
    """(place, what stands there on either side) of everything that is not the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys((*one, *other)):
            yield from differences(one.get(key), other.get(key), f"{where} {key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{where}[{n}]")
    elif one != other:
        yield where, one, other


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    acts = parser.add_subparsers(dest="act", required=True)
    saving = acts.add_parser("save")
    saving.add_argument("folder", type=Path)
    saving.add_argument("--as", dest="other", type=Path)
    comparing = acts.add_parser("compare")
    comparing.add_argument("one", type=Path)
    comparing.add_argument("other", type=Path)
    asked = parser.parse_args()
    if asked.act == "save":
        old = load(asked.other) if asked.other else {}
        save(asked.folder, [one for name in PAGES for one in old.get(name, ())] or links())
        return 0
    found = list(differences(load(asked.one), load(asked.other)))
    for place, one, other in found[:40]:
        print(f"{place.strip()}\n  - {str(one)[:300]}\n  + {str(other)[:300]}")
    print(f"{len(found)} differences")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
