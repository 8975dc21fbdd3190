"""The checker of written arithmetic: what it reads, and that a false equation is found."""

import pytest

from tests.sentences.arithmetic import Unreadable, equations, wrong


@pytest.mark.parametrize(
    "text",
    [
        "output size = ⌊(7 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 4",
        "floor((10 − 3) / 2) + 1 = floor(3.5) + 1 = 4.",
        "Never read: row 9, left over at the end: (10 + 0 − 3) mod 2 = 1.",
        "y[0, 1] = 5·(−1) + 0·2 = −5",
        "sigmoid(−4 · 0.5) = 1 / (1 + exp(2)) ≈ 0.119.",
        "the sum of 3 × 3 = 9 products, 10 × 11 = 110 entries",
        "1,024 · 3 = 3,072 weights + 64 biases",
        "0.333·3 ≈ 1",
        "5 products, 2·10⁻¹ = 0.2, √(9 + 16) = 5, max(3, 7, −2) = 7",
        "k = 3, s = 2: x − 3 = 4 says nothing of numbers",
        "(3 + 7 + 2 + 6) / 4 = 4.5",
        "H(0) = 1/2 and ReLU(−3) = 0",
        "9 / 144 = 6.25 %",
        "(103 + 104 + 107 + 108) / 4 ≈ 106",
        "8 · log₂(8) = 24, 2,160 · log₂(2,160) ≈ 23,926",
    ],
)
def test_what_holds(text):
    assert wrong(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(6 − 2) mod 3 = 2", "(6 − 2) mod 3 = 2"),
        ("1 / (1 + exp(2)) = 0.119", "1 / (1 + exp(2)) = 0.119"),
        ("y[0] = 1·2 + 3·4 = 15.", "1·2 + 3·4 = 15"),
        ("floor(3.5) + 1 = 5", "floor(3.5) + 1 = 5"),
        ("0.333·3 ≈ 1.1", "0.333·3 ≈ 1.1"),
        ("Rows: ⌊7 / 2⌋ + 1 = 5 of them", "⌊7 / 2⌋ + 1 = 5"),
        ("1 / 3 = 0.333", "1 / 3 = 0.333"),
        ("z = 3 − (−1) = 2", "3 − (−1) = 2"),
        ("1/3 ≈ 0.334", "1/3 ≈ 0.334"),
        ("421 / 4 ≈ 106", "421 / 4 ≈ 106"),
        ("422 / 4 = 106", "422 / 4 = 106"),
        ("8 · log₂(8) = 25", "8 · log₂(8) = 25"),
        ("2,160 · log₂(2,160) ≈ 23,928", "2,160 · log₂(2,160) ≈ 23,928"),
    ],
)
def test_what_does_not_hold(text, found):
    assert wrong(text) == [found]


def test_a_chain_is_read_pair_by_pair():
    assert [str(one) for one in equations("y = 1 + 1 = 2 = 4 / 2")] == ["1 + 1 = 2", "2 = 4 / 2"]


def test_arithmetic_that_cannot_be_read_is_a_fault():
    with pytest.raises(Unreadable):
        equations("3 (4) + = 7, floor(2, 3) = 2")
