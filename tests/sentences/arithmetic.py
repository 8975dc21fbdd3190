"""The arithmetic that a sentence writes, evaluated: every "a op b = c", rounding marked by ≈.

An operand is numbers and operators in the app's own notation (− · × / mod ⌊ ⌋ ⌈ ⌉ √ 10⁻³, floor,
ceil, exp, ln, log₂, sigmoid, H, ReLU, max, min). What holds a name (x[2], k, dL/dw) has no value
and is passed by; what looks like arithmetic and cannot be read is a fault of its own.
"""

import math
import re
from dataclasses import dataclass

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
FUNCTIONS = {
    "floor": math.floor,
    "ceil": math.ceil,
    "exp": math.exp,
    "ln": math.log,
    "log₂": math.log2,
    "√": math.sqrt,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "H": lambda x: 0.5 if x == 0 else float(x > 0),
    "ReLU": lambda x: max(x, 0.0),
    "max": max,
    "min": min,
}
NUMBER = r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?(?:e[−-]?\d+)?|∞"
TOKEN = re.compile(
    rf"(?P<sign>(?<![\w)\]⌋⌉])[−-](?=\d|∞))?(?P<number>{NUMBER})"
    r"(?P<raised>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*)(?P<percent> %)?"
    r"|(?P<word>[^\W\d_][\w′]*(?:/d[A-Za-z]\w*)?)|(?P<index>\[[^\]]*\])"
    r"|(?P<open>[(⌊⌈])|(?P<close>[)⌋⌉])|(?P<relation>[=≈≤≥<>≠])|(?P<root>√)"
    r"|(?P<op>[+−·×/*^]|(?<= )- )|(?P<comma>, )|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)
PYTHON = {
    "−": "-", "- ": "-", "·": "*", "×": "*", "/": "/", "*": "*", "+": "+", "^": "**", "mod": "%",
    "⌊": "floor(", "⌈": "ceil(", "⌋": ")", "⌉": ")", "(": "(", ")": ")",
    "log₂": "log2",
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int
    end: int


@dataclass(frozen=True)
class Operand:
    """tokens : as written; value : what they come to; slack : by how much roundings may move it."""

    text: str
    value: float
    slack: float

    @property
    def is_whole_label(self):
        """Whether it is one whole number of three digits or more: behind ≈ it may be rounded."""
        return bool(re.fullmatch(r"−?\d[\d,]{2,}", self.text))


@dataclass(frozen=True)
class Equation:
    left: Operand
    sign: str
    right: Operand

    @property
    def holds(self):
        """Whether it is so: to the last digit for =, within the roundings written for ≈."""
        one, other = self.left.value, self.right.value
        rounded = sum(0.5 for side in (self.left, self.right) if side.is_whole_label)
        if self.sign == "=":
            return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
        if math.isinf(one) or math.isinf(other):
            return one == other
        slack = self.left.slack + self.right.slack + rounded
        return abs(one - other) <= slack * (1 + 1e-9) + 1e-12

    def __str__(self):
        return f"{self.left.text} {self.sign} {self.right.text}"


class Unreadable(ValueError):
    """What looks like arithmetic and cannot be read."""


def wrong(text):
    """The equations of a text that do not hold, as text."""
    return [str(equation) for equation in equations(text) if not equation.holds]


def equations(text):
    """Every relation by = or ≈ in a text whose two sides have a value.

    Raises Unreadable where a number stands on both sides and one side cannot be evaluated.
    """
    tokens = [token for token in _tokens(text) if token.kind != "space"]
    found = []
    for place, token in enumerate(tokens):
        if token.kind != "relation" or token.text not in "=≈":
            continue
        left, right = _before(tokens, place), _after(tokens, place)
        if not left or not right or _named(left) or _named(right):
            continue
        found.append(Equation(_operand(text, left), token.text, _operand(text, right)))
    return found


def _tokens(text):
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if match["number"]:
            kind = "number"
        if kind == "word" and match[0] == "mod":
            kind = "op"
        yield Token(kind, match[0], match.start(), match.end())


def _before(tokens, place):
    """The tokens of the operand that ends before a relation: operand (operator operand)*."""
    at = place
    while True:
        start = _operand_start(tokens, at)
        if start is None:
            return tokens[at:place] if at < place else []
        at = start
        if at and tokens[at - 1].kind == "op":
            at -= 1
            if _operand_start(tokens, at) is None:  # a sign before the first
                return tokens[at:place]
        else:
            return tokens[at:place]


def _operand_start(tokens, end):
    """Where the single operand that ends before `end` begins, or None."""
    at = end - 1
    if at < 0:
        return None
    if tokens[at].kind == "index":  # x[2], dL/dw[0, 0]
        return at - 1 if at and tokens[at - 1].kind == "word" else at
    if tokens[at].kind in ("number", "word"):
        return at
    if tokens[at].kind != "close":
        return None
    depth = 0
    while at >= 0:
        depth += (tokens[at].kind == "close") - (tokens[at].kind == "open")
        if not depth:
            break
        at -= 1
    else:
        return None
    if at and tokens[at - 1].kind in ("word", "root") and tokens[at - 1].end == tokens[at].at:
        return at - 1
    return at


def _after(tokens, place):
    at = end = place + 1
    while at < len(tokens):
        stop = _operand_end(tokens, at)
        if stop is None:
            break
        end = at = stop
        if at < len(tokens) and tokens[at].kind == "op":
            at += 1
        else:
            break
    return tokens[place + 1 : end]


def _operand_end(tokens, at):
    kind = tokens[at].kind
    if kind == "number":
        return at + 1
    if kind == "op" and tokens[at].text in "−+" and at + 1 < len(tokens):
        return _operand_end(tokens, at + 1)
    if kind in ("word", "root"):
        follows = tokens[at + 1].kind if at + 1 < len(tokens) else ""
        if follows == "index":
            return at + 2
        if follows == "open" and tokens[at].end == tokens[at + 1].at:
            return _operand_end(tokens, at + 1)
        return at + 1 if kind == "word" else None
    if kind != "open":
        return None
    depth = 0
    while at < len(tokens):
        depth += (tokens[at].kind == "open") - (tokens[at].kind == "close")
        at += 1
        if not depth:
            return at
    return None


def _named(tokens):
    """Whether an operand holds a name, so that it has no value, or words only."""
    names = {token.text for token in tokens if token.kind == "word"} - set(FUNCTIONS)
    odd = any(token.kind in ("index", "other", "relation") for token in tokens)
    return bool(names) or odd or not any(token.kind == "number" for token in tokens)


def _operand(text, tokens):
    written = text[tokens[0].at : tokens[-1].end]
    literals = [n for n, token in enumerate(tokens) if token.kind == "number"]
    value = _evaluated(tokens, written)
    slack = 0.0
    for n in literals:
        half = _half_unit(tokens[n].text)
        if half:
            moved = [_evaluated(tokens, written, {n: sign * half}) for sign in (1, -1)]
            slack += max(abs(one - value) for one in moved if math.isfinite(one))
    return Operand(written, value, slack)


def _half_unit(text):
    """Half of the last digit's unit; 0 for a whole number of up to six digits."""
    digits = text.translate(RAISED).replace("−", "").replace("-", "").removesuffix(" %")
    mantissa, _, exponent = digits.replace(",", "").partition("e")
    if "∞" in text or ("." not in mantissa and not exponent):
        return 0.0
    places = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (-places + int(exponent or 0)) * (0.01 if text.endswith(" %") else 1)


def _evaluated(tokens, written, moved=None):
    parts = []
    for n, token in enumerate(tokens):
        if token.kind == "number":
            parts.append(f"({_value(token.text)!r}+{(moved or {}).get(n, 0.0)!r})")
        elif token.kind == "comma":
            parts.append(",")
        elif token.kind == "root":
            parts.append("root")
        else:
            parts.append(PYTHON.get(token.text, token.text))
    names = FUNCTIONS | {"root": math.sqrt, "log2": math.log2, "inf": math.inf}
    try:
        return float(eval("".join(parts), {"__builtins__": {}}, names))  # the tests' own tokens
    except (SyntaxError, TypeError, NameError) as error:
        raise Unreadable(f"{written!r} in {''.join(parts)!r}: {error}") from None
    except (ZeroDivisionError, OverflowError, ValueError):
        return math.nan


def _value(text):
    match = TOKEN.match(text)
    number = float(match["number"].replace(",", "").replace("−", "-").replace("∞", "inf"))
    if match["raised"]:
        number **= int(match["raised"].translate(RAISED))
    if match["percent"]:
        number /= 100
    return -number if match["sign"] else number
