"""Sentences on one layer of a stack: its formulas with their numbers."""

from fractions import Fraction
from math import prod

from convcore.stack import Conv2d, ConvTranspose2d, Linear
from convview.scenes.shapes.seen import BYTES, along, counted


def formulas(found):
    """Sentences on the layer that is looked at: its formulas with their numbers."""
    if found.at is None:
        return
    step, before = found.steps[found.at], found.shape_before(found.at)
    if step.rows is not None:
        yield from _size_lines(step, before)
    yield from _cost_lines(step, before)
    several = "s" * (step.activations > 1)
    yield f"Memory: {counted(step.activations)} number{several}, {_kilobytes(step)} as float32."


def _size_lines(step, shape):
    axes = [("size", step.rows, 0)]
    if step.rows != step.columns:
        axes = [("rows", step.rows, 0), ("columns", step.columns, 1)]
    for word, axis, which in axes:
        before, after = axis.padding
        pads = f"2·{before}" if before == after else f"({before} + {after})"
        kernel = f"{axis.dilation}·({axis.kernel_size} − 1)"
        if isinstance(step.layer, ConvTranspose2d):
            yield (
                f"Output {word} = ({shape[1 + which]} − 1)·{axis.stride} − {pads} + {kernel} + "
                f"{along(step.layer.output_padding, which)} + 1 = {axis.size}"
            )
            continue
        ceil = getattr(step.layer, "ceil_mode", False)
        down, up = "⌈⌉" if ceil else "⌊⌋"
        reach = axis.size + before + after - axis.effective_kernel_size
        whole = (-(-reach // axis.stride) if ceil else reach // axis.stride) + 1
        dropped = "; the last window would start past the input and is dropped: "
        yield (
            f"Output {word} = {down}({axis.size} + {pads} − {kernel} − 1) / {axis.stride}{up} + 1 "
            f"= {whole}" + f"{dropped}{axis.output_size}" * (axis.output_size < whole)
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
            + (f" + {_biases(step)} = {counted(step.parameters)}" if step.biases else ", no bias")
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
            + (f" + {_biases(step)} = {counted(step.parameters)}" if step.biases else ", no bias")
        )
        yield f"Multiply-accumulates: one for each weight, {counted(step.macs)}"
    else:
        yield "Nothing to learn."


def _against_linear(step, before, kernel):
    """C2: the same output from a fully connected layer."""
    full = prod(before) * step.activations
    ratio = Fraction(kernel[0] * kernel[1], before[1] * before[2])
    taps = f"{kernel[0]}·{kernel[1]} / ({before[1]}·{before[2]}) = {ratio}"
    share = f"{taps} of them" if ratio <= 1 else f"{taps} times as many, some of them with padding"
    return (
        f"A fully connected layer with the same output: ({_product(before)}) · "
        f"({_product(step.output_shape)}) = {counted(full)} multiplications. The convolution needs "
        f"kH·kW / (H·W) = {share}."
    )


def _product(shape):
    return "·".join(map(str, shape))


def _biases(step):
    return f"{counted(step.biases)} bias{'es' * (step.biases > 1)}"


def _kilobytes(step):
    size = step.activations * BYTES
    return f"{size / 1024:,.1f} KiB" if size >= 1024 else f"{size} bytes"
