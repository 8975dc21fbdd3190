"""Sentences on one layer of a stack: its formulas with their numbers."""

from fractions import Fraction
from math import prod

from convcore.stack import Conv2d, ConvTranspose2d, Linear
from convview.scenes.layer import times
from convview.scenes.shapes.seen import BYTES, along, counted


def formulas(found):
    """Sentences on the layer that is looked at: its formulas with their numbers."""
    if found.at is None:
        return
    step, before = found.steps[found.at], found.shape_before(found.at)
    if step.rows is not None:
        yield from _size_lines(step)
    yield from _cost_lines(step, before)
    yield f"Memory: {counted(step.activations)} numbers, {_kilobytes(step)} as float32."


def _size_lines(step):
    axes = [("size", step.rows)]
    if step.rows != step.columns:
        axes = [("rows", step.rows), ("columns", step.columns)]
    for word, axis in axes:
        before, after = axis.padding
        pads = f"2·{before}" if before == after else f"({before} + {after})"
        kernel = f"{axis.dilation}·({axis.kernel_size} − 1)"
        if isinstance(step.layer, ConvTranspose2d):
            out = axis.size
            cells = out + before + after - axis.leftover - axis.effective_kernel_size
            inputs = cells // axis.stride + 1
            yield (
                f"Output {word} = ({inputs} − 1)·{axis.stride} − {pads} + {kernel} + "
                f"{out + before + after - (inputs - 1) * axis.stride - axis.effective_kernel_size}"
                f" + 1 = {out}"
            )
            continue
        ceil = getattr(step.layer, "ceil_mode", False)
        down, up = "⌈⌉" if ceil else "⌊⌋"
        yield (
            f"Output {word} = {down}({axis.size} + {pads} − {kernel} − 1) / {axis.stride}{up} + 1 "
            f"= {axis.output_size}"
        )


def _cost_lines(step, before):
    layer = step.layer
    if isinstance(layer, (Conv2d, ConvTranspose2d)):
        kernel = [along(layer.kernel_size, axis) for axis in (0, 1)]
        channels = (before[0], step.output_shape[0])
        inner = channels[0] if isinstance(layer, Conv2d) else channels[1]
        outer = channels[1] if isinstance(layer, Conv2d) else channels[0]
        each = f"{inner // layer.groups}" + (f" (of {layer.groups} groups)" * (layer.groups > 1))
        product = f"{outer} · {each} · {kernel[0]} · {kernel[1]}"
        yield (
            f"Parameters: {product} = {counted(step.weights)} weights"
            + (f" + {counted(step.biases)} biases = {counted(step.parameters)}"
               if step.biases else ", no bias")
        )  # fmt: skip
        places = step.output_shape[1:] if isinstance(layer, Conv2d) else before[1:]
        yield (
            f"Multiply-accumulates: {counted(step.weights)} · {places[0]} · {places[1]} = "
            f"{counted(step.macs)}"
        )
        if isinstance(layer, Conv2d) and layer.groups == 1:
            yield _against_linear(step, before, kernel)
    elif isinstance(layer, Linear):
        yield (
            f"Parameters: {before[0]} · {layer.out_features} = {counted(step.weights)} weights"
            + (f" + {step.biases} biases = {counted(step.parameters)}" if step.biases else "")
        )
    else:
        yield "Nothing to learn."


def _against_linear(step, before, kernel):
    """C2: the same output from a fully connected layer."""
    full = prod(before) * step.activations
    ratio = Fraction(kernel[0] * kernel[1], before[1] * before[2])
    return (
        f"A fully connected layer with the same output: {times(before)} · "
        f"{times(step.output_shape)} = {counted(full)} multiplications. The convolution needs "
        f"H_K W_K / (H W) = {kernel[0]}·{kernel[1]} / ({before[1]}·{before[2]}) = {ratio} of them."
    )


def _kilobytes(step):
    size = step.activations * BYTES
    return f"{size / 1024:,.1f} KiB" if size >= 1024 else f"{size} bytes"
