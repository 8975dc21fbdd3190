"""The package as a whole: what it imports, which way, and what its docstrings promise."""

import ast
import doctest
import importlib
import inspect
import pathlib
import subprocess
import sys

import pytest

import convcore

FOLDER = pathlib.Path(convcore.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
FUNCTIONS = [name for name in convcore.__all__ if inspect.isfunction(getattr(convcore, name))]


def imports_of(module):
    """(level, name) of every import that happens when the module is loaded."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text())
    for node in tree.body:  # `if TYPE_CHECKING:` blocks are not loaded
        if isinstance(node, ast.ImportFrom):
            yield node.level, node.module
        elif isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)


@pytest.mark.parametrize("module", MODULES)
def test_it_imports_numpy_and_scipy_only(module):
    outside = {name.split(".")[0] for level, name in imports_of(module) if level == 0}
    assert outside <= {"numpy", "scipy", *sys.stdlib_module_names}


def test_arrows_go_one_way():
    needs = {module: {name for level, name in imports_of(module) if level} for module in MODULES}
    while needs:
        leaves = {module for module, names in needs.items() if not names & needs.keys()}
        assert leaves, f"modules that import each other: {sorted(needs)}"
        needs = {module: names for module, names in needs.items() if module not in leaves}


def test_only_taps_and_the_literal_loops_do_index_arithmetic():
    """Output index * stride appears in code (not in a docstring) nowhere else."""
    for module in set(MODULES) - {"taps", "loops", "padding"}:
        tree = ast.parse((FOLDER / f"{module}.py").read_text())
        factors = {
            side.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
            for side in (node.left, node.right)
            if isinstance(side, ast.Attribute)
        }
        assert not factors & {"stride", "dilation"}, module


@pytest.mark.parametrize("name", convcore.__all__)
def test_every_public_name_exists_and_is_documented(name):
    public = getattr(convcore, name)
    assert inspect.getdoc(public) or name == "KERNELS"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_has_the_agreed_docstring(name):
    function = getattr(convcore, name)
    text = inspect.getdoc(function)
    first, blank = text.split("\n")[:2]
    assert first.endswith(".")
    assert blank == ""
    for section in ("Parameters", "Returns", "Raises", "Notes", "Examples"):
        assert f"\n{section}\n{'-' * len(section)}\n" in text, section
    assert name in ("windows",) or "\nSource: " in text
    for parameter in inspect.signature(function).parameters:
        assert parameter in text.split("Parameters")[1].split("Returns")[0], parameter


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_are_true(module):
    assert doctest.testmod(importlib.import_module(f"convcore.{module}")).failed == 0


def test_signatures_are_torchs():
    *names, method = inspect.signature(convcore.conv2d).parameters.values()
    assert (method.name, method.kind) == ("method", method.KEYWORD_ONLY)  # torch has none
    names = [one.name for one in names]
    assert names == ["x", "weight", "bias", "stride", "padding", "dilation", "groups"]
    assert list(inspect.signature(convcore.conv1d).parameters) == names
    for backward in ("conv2d_backward", "conv1d_backward", "conv2d_backward_loops",
                     "grad_x_by_construction", "grad_weight_by_construction"):  # fmt: skip
        parameters = list(inspect.signature(getattr(convcore, backward)).parameters)
        assert parameters == ["grad_y", *names[:2], *names[3:]]
    assert list(inspect.signature(convcore.conv_transpose2d).parameters) == [
        *names[:5], "output_padding", "groups", "dilation"]  # fmt: skip
    assert list(inspect.signature(convcore.im2col).parameters) == [
        "x", "kernel_size", "stride", "padding", "dilation"]  # fmt: skip
    assert list(inspect.signature(convcore.conv2d_matrix).parameters)[:6] == [
        "weight", "input_shape", "stride", "padding", "dilation", "groups"]  # fmt: skip
    assert list(inspect.signature(convcore.coverage).parameters) == [
        "input_shape", "kernel_size", "stride", "padding", "dilation"]  # fmt: skip


def test_loading_it_loads_no_view():
    code = "import sys, convcore; print({'streamlit', 'jax', 'torch', 'PIL'} & {*sys.modules})"
    answer = subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parent, capture_output=True,
                            text=True, check=True)  # fmt: skip
    assert answer.stdout.strip() == "set()"
