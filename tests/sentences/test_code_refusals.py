"""What is said of code that cannot be read: the rule, its place, and that the repair is one."""

import ast
import re

import numpy as np
import pytest

from convview import torch_code
from convview.params import Shapes
from convview.scenes import shapes
from convview.torch_code import CodeError, parse
from tests.sentences import arithmetic, language, stacks

NUMBER = (
    r"(?P<argument>\w+) must be "
    r"(a whole number from (?P<least>[01]) to (?P<most>[\d,]+) here|True or False here)"
    r"(, or 'valid' or 'same')?"
)
WRONG = {  # what is put in the place of an argument: what is said of it
    "k": r"(?P<argument>\w+) "
         r"(must be written as a number here|must be (True or False|\S+( or \S+)?) here)",
    "2.5": NUMBER,
    "-1": NUMBER,
    "10000000000000": NUMBER,
    "(1, 2, 3)": NUMBER.replace("(a whole", "(one number or two here, rows and columns|a whole"),
    "'full'": NUMBER,
}
EXAMPLES = (  # code, what stands at the place, the rule, code that is repaired as the rule says
    ("nn.Conv3d(3, 8, 3)", "nn.Conv3d(3, 8, 3)", r"Conv3d is not known here; known are (.*)", ""),
    ("nn.ReLU(True, 2)", "2", "ReLU is read here with at most 1 argument", "nn.ReLU(True)"),
    ("nn.Linear(3, 8, True, 1)", "1", "Linear is read here with at most 3 arguments",
     "nn.Linear(3, 8, True)"),
    ("nn.Conv2d(3, 8, 3, strides=2)", "2",
     r"Conv2d is read here with in_channels, .*, stride, .*, each at most once; got strides",
     "nn.Conv2d(3, 8, 3, stride=2)"),
    ("nn.Conv2d(3, 8, 3, 1, stride=2)", "2",
     r"Conv2d is read here with .*, each at most once; got stride",
     "nn.Conv2d(3, 8, 3, stride=2)"),
    ("nn.Conv2d(3, 8)", "nn.Conv2d(3, 8)", "Conv2d needs in_channels, out_channels, kernel_size",
     "nn.Conv2d(3, 8, 3)"),
    ("nn.MaxPool2d()", "nn.MaxPool2d()", "MaxPool2d needs kernel_size", "nn.MaxPool2d(2)"),
    ("nn.Linear(5)", "nn.Linear(5)", "Linear needs in_features, out_features", "nn.Linear(5, 2)"),
    ("nn.Conv2d(3, 8, 3, padding_mode='reflect')", "'reflect'", "padding_mode must be 'zeros' here",
     "nn.Conv2d(3, 8, 3, padding_mode='zeros')"),
    ("nn.Conv2d(3, 8, (1, 2, 3))", "(1, 2, 3)",
     "kernel_size must be one number or two here, rows and columns", "nn.Conv2d(3, 8, (1, 2))"),
    ("nn.Conv2d(3, 8, 3, bias=1)", "1", "bias must be True or False here",
     "nn.Conv2d(3, 8, 3, bias=True)"),
    ("nn.ReLU(inplace=3)", "3", "inplace must be False or True here", "nn.ReLU(inplace=True)"),
    ("nn.Flatten(0)", "0", "start_dim must be 1 here", "nn.Flatten(1)"),
    ("import os", "import os", r"only layers are read, such as nn.Conv2d\(3, 8, 3\)",
     "nn.Conv2d(3, 8, 3)"),
    ("3 + 4", "3 + 4", r"a layer is a call, such as nn.Conv2d\(3, 8, 3\)", "nn.Conv2d(3, 8, 3)"),
    ("nn.Sequential(conv=nn.ReLU())", "nn.ReLU()",
     "nn.Sequential is read here with layers, nothing else",
     "nn.Sequential(nn.ReLU())"),
    ("nn.ReLU()\n" * 61, "nn.ReLU()", "at most 60 layers are shown; these are 61",
     "nn.ReLU()\n" * 60),
)  # fmt: skip


def refused(code):
    with pytest.raises(CodeError) as caught:
        parse(code)
    error = caught.value
    assert not language.faults(error.rule)
    assert not arithmetic.wrong(error.rule)
    return error


def at(code, error):
    """The text from the place on that an error points at."""
    return code.splitlines()[error.line - 1][error.column - 1 :]


@pytest.mark.parametrize(("code", "place", "rule", "repaired"), EXAMPLES, ids=lambda x: str(x)[:40])
def test_a_rule_is_so_and_its_repair_works(code, place, rule, repaired):
    error = refused(code)
    assert re.fullmatch(rule, error.rule)
    assert at(code, error).startswith(place)
    assert isinstance(parse(repaired), tuple)


def test_what_is_said_to_be_known_is():
    names = refused("nn.Conv3d(3, 8, 3)").rule.partition("known are ")[2].split(", ")
    least = {"Conv2d": "1, 1, 1", "ConvTranspose2d": "1, 1, 1", "Linear": "1, 1"}
    for name in names:
        arguments = least.get(name, "" if name in ("ReLU", "Flatten") else "2")
        (layer,) = parse(f"nn.{name}({arguments})")
        assert type(layer).__name__ == name


def test_code_of_the_most_characters_is_read_and_one_more_is_not():
    most = torch_code.LONGEST
    assert refused("#" * (most + 1)).rule == f"at most {most} characters are read"
    assert parse("#" * most) == ()


def test_a_number_of_too_many_digits_is_called_that():
    """"a number has too many digits": Python reads it as one, but not of this length."""
    code = f"nn.Conv2d(3, 6, {'9' * 5000})"
    assert refused(code).rule == "a number has too many digits"
    with pytest.raises(SyntaxError, match="digits"):
        ast.parse(code)
    assert "digits" not in refused(code.replace("9" * 5000, "9" * 4000)).rule


def test_what_python_refuses_is_called_no_python():
    for code in ("nn.Conv2d(3, 8", "nn.ReLU())", "a b"):
        assert refused(code).rule.startswith("this is no Python: ")
        with pytest.raises(SyntaxError):
            ast.parse(code)


@pytest.mark.parametrize("seed", range(500))
def test_an_argument_that_cannot_be_is_named_and_pointed_at(seed):
    rng = np.random.default_rng(seed)
    lines = stacks.drawn(rng).split(";")
    number = int(rng.integers(len(lines)))
    call = ast.parse(lines[number]).body[0].value
    entries = [*call.args, *(one.value for one in call.keywords)]
    if not entries:  # ReLU()
        lines[number], call = "MaxPool2d(2)", ast.parse("MaxPool2d(2)").body[0].value
        entries = call.args
    entry = entries[int(rng.integers(len(entries)))]
    text = str(rng.choice(list(WRONG)))
    line = lines[number]
    lines[number] = line[: entry.col_offset] + text + line[entry.end_col_offset :]
    code = "\n".join(lines)
    error = refused(code)
    said = re.fullmatch(WRONG[text], error.rule)
    assert said, error.rule
    assert (error.line, error.column) == (number + 1, entry.col_offset + 1)
    keywords = {one.value: one.arg for one in call.keywords}
    order = torch_code.SIGNATURES[call.func.id][1].split()
    place = call.args.index(entry) if entry in call.args else None
    assert said["argument"] == (keywords[entry] if place is None else order[place])
    parse(line)  # as it was, with a number there
    if said.groupdict().get("most"):
        most = said["most"].replace(",", "")
        parse(line[: entry.col_offset] + most + line[entry.end_col_offset :])
        with pytest.raises(CodeError):
            parse(line[: entry.col_offset] + f"{int(most) + 1}" + line[entry.end_col_offset :])
        assert said["least"] == ("0" if "padding" in said["argument"] else "1")


TYPED = {"kernel_size": "kernel size", "stride": "stride", "padding": "padding",
         "dilation": "dilation"}  # fmt: skip


@pytest.mark.parametrize(("name", "words"), TYPED.items())
def test_a_field_of_the_table_says_what_it_takes(name, words):
    def typed(text):
        return shapes.acted(Shapes(), {"act": "edit", "place": 0, "name": name, "text": text})

    least = 0 if name == "padding" else 1
    legal = f"^layer 1: {words} must be a whole number from {least} to 64, or two: rows, columns"
    with pytest.raises(ValueError, match=legal):
        typed("abc")
    with pytest.raises(ValueError, match=f"^Layer 1: {words} up to 64 can be shown"):
        typed("65")
    for text, value in (("3", 3), ("3, 2", (3, 2)), ("64", 64)):
        assert getattr(typed(text).layers[0], name) == value
