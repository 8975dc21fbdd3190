"""Every sentence in the app's code is one that a check reads: a new one without a check fails.

A text counts as read where a page, a question or a verdict has said it (each of these is known by
exactly one check), or where a test speaks of it by name. What only names a thing is listed.
"""

import ast
import re
from functools import cache
from pathlib import Path

from convview import controls, exercises, frame, lessons, torch_code
from convview.practice import EXERCISES, question
from tests.sentences import shown
from tests.sentences.test_sentences import PAGES

ROOT = Path(__file__).parents[2]
SOURCES = [
    path for folder in ("convview", "pages") for path in sorted((ROOT / folder).rglob("*.py"))
]
STATES, SEEDS = 250, 20
WORD = re.compile(r"[^\W\d_]{2,}")
HOLE = "\0"  # where a value is put in
NAMES = {  # of a session's keys, of arguments, of what Python says
    controls.BROUGHT, frame.FRAMED, frame.PAGE, frame.ENTERED, "integer string conversion",
    *(arguments for _, arguments in torch_code.SIGNATURES.values()),
}  # fmt: skip
LATER = re.compile(r"\{\w*\}")  # where one is put in later
CODE = re.compile(  # of a page, a pattern, of PyTorch and Keras; and a single name
    r"\s*(?:<|//|\$|export |\\|nn\.|, \w+=)|[a-z_]*$"
)


def docstrings(tree):
    """The ids of the nodes that are a docstring."""
    whole = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, whole) and node.body and isinstance(node.body[0], ast.Expr)
    }


def literals(tree):
    """The texts of a module but for its docstrings, a hole for each value that is put in."""
    skipped = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in node.values)
            yield node, "".join(
                part.value if isinstance(part, ast.Constant) else HOLE for part in node.values
            )
        elif id(node) not in skipped and isinstance(getattr(node, "value", None), str):
            yield node, node.value


def sentences(path):
    """(where, sentence) of a module; markup and code are none."""
    for node, text in literals(ast.parse(path.read_text(encoding="utf-8"))):
        if " " not in text.strip() or CODE.match(text) or text in NAMES:
            continue
        for part in re.split(rf"(?<=[.!?]) (?={HOLE})", text):
            for one in shown.sentences(part):
                if len(WORD.findall(one)) >= 3:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", one


@cache
def said():
    """All that pages and questions say, a line each."""
    states = (state for page in PAGES for state in shown.states(page, STATES))
    lines = {one.text for state in states for one in state.said}
    lines.update(one.text for one in (*exercises.EXERCISES, *lessons.CARDS))
    for row, exercise in EXERCISES.items():
        lines.add(exercise.title)
        for seed in range(SEEDS):
            asked = question(row, seed)
            slips = [words for _, words in asked.slips]
            lines.update((asked.words, *asked.hints, *asked.solution, *asked.options, *slips))
    return "\n".join(lines).lower()


@cache
def spoken_of():
    """All texts of the tests but for what these say of themselves."""
    texts = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = docstrings(tree)
        for node in ast.walk(tree):
            text = getattr(node, "value", None)
            if isinstance(node, ast.Constant) and isinstance(text, str) and id(node) not in skipped:
                texts.append(" ".join(node.value.split()))
    return "\n".join(texts).replace("\\", "").lower()


def lines_with(part):
    """The lines of what is said that hold this text."""
    at = said().find(part)
    while at >= 0:
        end = said().find("\n", at)
        yield said()[said().rfind("\n", 0, at) + 1 : end if end >= 0 else None]
        at = said().find(part, end) if end >= 0 else -1


def is_read(text):
    text = " ".join(LATER.sub(HOLE, text.lower()).split())
    parts = [part.strip(" .,:;#") for part in text.split(HOLE)]
    whole = re.compile(".*?".join(map(re.escape, parts)))
    if any(whole.search(line) for line in lines_with(max(parts, key=len))):
        return True
    told = [part for part in parts if len(WORD.findall(part)) > 1]
    return bool(told) and all(part in spoken_of() for part in told)


def test_every_sentence_is_read():
    found = (one for path in SOURCES for one in sentences(path))
    missing = [f"{at} {text.replace(HOLE, '{}')}" for at, text in found if not is_read(text)]
    assert not missing, "\n".join(missing)
