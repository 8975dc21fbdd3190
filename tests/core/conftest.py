"""What the tests of the core share: a strict comparison, random numbers, a grid of settings."""

from __future__ import annotations

import itertools
import os
import random
import re

import numpy as np
import pytest

from convcore import ShapeError

# JAX compiles every shape anew; what is run once need not be optimised. Ten times faster so.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault(
    "XLA_FLAGS",
    "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true "
    "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1",
)

FORM = re.compile(r"^[a-z0-9_]+: [^.]*(\.\d[^.]*)*\. Use .+\.$")


def assert_agrees(actual, expected, relative: float | None = None) -> None:
    """Same shape, and every element within `relative` of the largest expected magnitude.

    Unlike `assert_allclose` it does not broadcast, and a small element may not hide a large error:
    one wrong tap anywhere is found.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape, f"shape {actual.shape}, expected {expected.shape}"
    if relative is None:
        relative = 1e-5 if actual.dtype == np.float32 else 1e-12
    scale = max(np.abs(expected).max(initial=0.0), 1e-300)
    wrong = ~(np.abs(actual - expected) <= relative * scale)  # NaN is wrong
    where = np.argwhere(wrong)[:3].tolist()
    assert not wrong.any(), f"{wrong.sum()} of {wrong.size} differ, first at {where}"


@pytest.fixture(scope="session")
def agrees():
    return assert_agrees


def assert_refused(function, /, **arguments):
    """The ShapeError of a call, checked for its form; every fix is applied and must work."""
    with pytest.raises(ShapeError) as caught:
        function(**arguments)
    error = caught.value
    assert str(error).startswith(function.__name__ + ": ")
    assert FORM.match(str(error)), str(error)
    for fix in error.fixes:
        function(**{**arguments, **fix})
    return error


@pytest.fixture(scope="session")
def refused():
    return assert_refused


@pytest.fixture(scope="session")
def form():
    """What every message must match."""
    return FORM


@pytest.fixture
def rng():
    return np.random.default_rng(20240229)


def settings():
    """Legal settings of all arguments together: kernels even and odd, padding of every form."""
    everything = itertools.product(
        [(1, 4, 6, 7), (2, 4, 5, 5), (3, 6, 9)],  # x; the last has no batch axis
        [(1, 1), (2, 3), (3, 3), (4, 2), (5, 1)],  # kernel
        [1, 2, (3, 1), (1, 2)],  # stride
        [0, 1, (2, 0), ((0, 2), (3, 1)), "valid", "same", "full"],
        [1, 2, (1, 3)],  # dilation
        ["one", "two", "depthwise"],  # groups
    )
    for shape, kernel, stride, padding, dilation, grouping in everything:
        channels = shape[-3]
        groups = {"one": 1, "two": 2, "depthwise": channels}[grouping]
        if channels % groups or (padding == "same" and stride != 1):
            continue
        span = np.multiply(dilation, np.subtract(kernel, 1)) + 1
        extra = {"valid": 0, "same": span - 1, "full": 2 * span - 2}.get(str(padding))
        if extra is None:
            extra = np.sum(padding, axis=1) if np.ndim(padding) == 2 else np.multiply(padding, 2)
        if (np.add(shape[-2:], extra) >= span).all():
            yield shape, kernel, stride, padding, dilation, groups


SAMPLE = random.Random(7).sample(list(settings()), 500)


@pytest.fixture(scope="session")
def sample():
    """All settings of the sample at once."""
    return SAMPLE


def pytest_generate_tests(metafunc):
    """`setting` is each setting of the sample; the other names are its start, for slow judges."""
    for name, count in (("setting", 500), ("setting_of_120", 120), ("setting_of_60", 60)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, SAMPLE[:count], ids=lambda setting: str(setting)[1:-1])
