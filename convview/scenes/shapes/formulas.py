"""Sentences on one layer of a stack: its formulas with their numbers."""

from fractions import Fraction
from math import prod

from convcore.stack import Conv2d, ConvTranspose2d, Linear
from convview.labels import counted
from convview.scenes.shapes.seen import BYTES, along


def formulas(found):
    """Sentences on the layer that is looked at: its formulas with their numbers."""
    if found.at is None:
        return
    step, before = found.steps[found.at], found.shape_before(found.at)
    if step.rows is not None:
        flat = all(one.rows.padded_size == 1 for one in found.steps if one.rows is not None)
        yield from _size_lines(step, before, flat)
    yield from _cost_lines(step, before)
    yield f"Memory: {counted(step.activations, 'number')}, {_kilobytes(step)} as float32."


def _size_lines(step, shape, flat):
    axes = [("rows", step.rows, 0), ("columns", step.columns, 1)]
    if step.rows == step.columns and shape[1] == shape[2]:
        axes = [("size", step.rows, 0)]
    elif flat:
        axes = axes[1:]  # of layers of one row there is nothing to say
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
        divided = f"/{layer.groups}" * (layer.groups > 1)
        name = f"Parameters, in {layer.groups} groups" if divided else "Parameters"
        product = f"{outer} · {inner}{divided} · {kernel[0]} · {kernel[1]}"
        yield f"{name}: {product} = {_learned(step)}"
        places = step.output_shape[1:] if isinstance(layer, Conv2d) else before[1:]
        yield (
            f"Multiply-accumulates: {step.weights:,} · {places[0]} · {places[1]} = {step.macs:,}"
        )
        if isinstance(layer, Conv2d) and layer.groups == 1:
            yield _against_linear(step, before, kernel)
    elif isinstance(layer, Linear):
        yield f"Parameters: {before[0]:,} · {layer.out_features:,} = {_learned(step)}"
        yield f"Multiply-accumulates: one for each weight, {step.macs:,}"
    else:
        yield "Nothing to learn."


def _against_linear(step, before, kernel):
    """C2: the same output from a fully connected layer."""
    full = prod(before) * step.activations
    ratio = Fraction(kernel[0] * kernel[1], before[1] * before[2])
    share = f"{kernel[0]}·{kernel[1]} / ({before[1]}·{before[2]}) = {ratio}"
    if ratio < 1:
        share += " of them"
    else:
        share += ": just as many" if ratio == 1 else " times as many, some of them with padding"
    return (
        f"A fully connected layer with the same output: ({_product(before)}) · "
        f"({_product(step.output_shape)}) = {counted(full, 'multiplication')}. "
        f"The convolution needs kH·kW / (H·W) = {share}."
    )


def _product(shape):
    return "·".join(map(str, shape))


def _learned(step):
    """18 weights + 2 biases = 20"""
    weights = counted(step.weights, "weight")
    if not step.biases:
        return f"{weights}, no bias"
    return f"{weights} + {counted(step.biases, 'bias', 'biases')} = {step.parameters:,}"


def _kilobytes(step):
    size = step.activations * BYTES
    if size < 1024:
        return counted(size, "byte")
    tenths, rest = divmod(10 * size, 1024)
    return f"{'≈ ' if rest else ''}{(tenths + (2 * rest >= 1024)) / 10:,.1f} KiB"
