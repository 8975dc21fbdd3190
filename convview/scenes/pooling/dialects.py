"""What PyTorch, ONNX and TensorFlow answer to the same setting, side by side."""

from dataclasses import replace

import numpy as np

from convcore import same_padding
from convview.scene import Scene
from convview.scenes.layer import times
from convview.scenes.pooling import words
from convview.scenes.pooling.pooled import padded_beforehand, pooled


def scene(params, x):
    """The outputs of three libraries; cells that differ from PyTorch's are marked."""
    torch = pooled(params, x)
    onnx = pooled(replace(params, count_include_pad=False), x)
    tensorflow = _tensorflow(params, x, torch)
    results = {"output": torch, "output_onnx": onnx, "output_tensorflow": tensorflow}
    titles = ("PyTorch", "ONNX", "TensorFlow")
    differ = {name: _differs(result.y, torch.y) for name, result in results.items()}
    grids, sweeps = [], []
    for n, (name, result) in enumerate(results.items()):
        reads = "input" if name == "output" else name.replace("output", "input")
        grids.append(result.input_grid(reads, editable=name == "output"))
        note = times(result.y.shape[1:])
        if differ[name].any():
            count = int(differ[name].sum())
            note += f", {count:,} differ{'s' * (count == 1)}" + " in all" * (len(result.y) > 1)
        if name == "output_tensorflow" and _is_refused(params):
            note += ", refused"
        grids.append(result.output_grid(name, titles[n], note, differ[name]))
        sweeps.append(result.sweep(name, reads, columns=(n, n), words=(n, n)))
    columns = (
        (0.34, ("input", "output")), (0.33, ("input_onnx", "output_onnx")),
        (0.33, ("input_tensorflow", "output_tensorflow")),
    )  # fmt: skip
    return Scene(
        view=params.view,
        grids=tuple(grids),
        columns=columns,
        sweeps=tuple(sweeps),
        formula=words.formula(torch),
        notes=(
            _ringed(results, differ), *_steps(results), *_notes(params, torch, tensorflow),
        ),
        symbols={grid.name: "x" if grid.name.startswith("input") else "y" for grid in grids},
    )


def _tensorflow(params, x, torch):
    """VALID where nothing is added, else SAME: padding as far as the stride needs, not counted."""
    sides = ((0, 0), (0, 0))
    if _is_same(torch):
        sides = tuple(
            same_padding(n, k, s, d, "tensorflow")
            for n, k, s, d in zip(
                params.size, params.kernel_size, params.stride, params.dilation, strict=True
            )
        )
    same = replace(params, padding=sides, ceil_mode=False, count_include_pad=False)
    return padded_beforehand(same, x) if params.kind == "max" else pooled(same, x)


def _is_same(torch):
    """Whether anything is read around the input."""
    return torch.rows.padded_size > torch.rows.size or torch.cols.padded_size > torch.cols.size


def _is_refused(params):
    return max(params.stride) > 1 and max(params.dilation) > 1


def _differs(y, beside):
    """Which cells have another value than the one in their place, or none there."""
    differs = np.ones(y.shape, bool)
    common = tuple(slice(size) for size in np.minimum(y.shape, beside.shape))
    differs[common] = ~np.isclose(y[common], beside[common])
    return differs


def _ringed(results, differ):
    """What the rings mean, or why there is none."""
    if any(differs.any() for differs in differ.values()):
        return "Ringed: cells whose value is not PyTorch's, or that PyTorch's output does not have."
    if len({result.y.shape for result in results.values()}) == 1:
        return "All three give the same numbers here."
    return "No cell differs, but TensorFlow's output has fewer of them."


def _steps(results):
    """How outputs of several sizes are walked through side by side."""
    if len({result.y.size for result in results.values()}) > 1:
        yield (
            "The outputs differ in size and end together: at one step the libraries need not stand "
            "at the same cell."
        )


def _notes(params, torch, tensorflow):
    if params.kind == "average":
        yield "ONNX's AveragePool leaves padding out of the divisor unless told otherwise."
    knows = "TensorFlow's average pooling knows the paddings VALID and SAME only"
    if params.kind == "max":
        knows = (
            "Keras pools with padding VALID or SAME only (tf.nn.max_pool2d takes numbers for the "
            "padding too)"
        )
    if not _is_same(torch):
        yield f"{knows}; here VALID: no padding."
    else:
        (top, bottom), (left, right) = tensorflow.params.padding
        odd = ", the odd cell at the end" * ((top, left) != (bottom, right))
        sides = f"{top} above, {bottom} below, {left} left, {right} right"
        yield f"{knows}; here SAME{odd}: {sides}."
        if params.kind == "average":
            yield "TensorFlow's padding is never in the divisor."
    if _is_refused(params):
        yield (
            "TensorFlow's tf.nn.pool refuses a stride together with a dilation; shown is what it "
            "would answer."
        )
    ours, theirs = ([*words.unread(one), *_around(one)] for one in (torch, tensorflow))
    for note in words.notes(torch):
        if note in theirs or note.startswith("PyTorch"):
            yield note
        else:
            yield f"PyTorch{' and ONNX' * (note in ours)}: {note}"
    yield from (f"TensorFlow: {note}" for note in theirs if note not in ours)


def _around(result):
    return words.around(result) if result.kind == "max" else ()
