"""How the upstream map is made ready for the rotated kernel: spread, append, pad."""

from dataclasses import replace

from convcore import grad_x_by_construction
from convview.scene import Scene, Sweep
from convview.scenes.gradients import parts, words
from convview.scenes.gradients.way import ways
from convview.scenes.layer import times


def scene(params, result, g):
    back = ways(result)
    steps = grad_x_by_construction(g, result.x, result.sliding, *result.settings)
    ring = [way.effective_kernel_size - 1 for way in back]
    between, appended, around = (
        f"{done}, {times(values.shape[1:])}"
        for done, values in (
            ("spread", steps.spread), ("r appended", steps.appended), ("padded", steps.padded),
        )
    )  # fmt: skip
    bare = [replace(way, leftover=0) for way in back]
    grids = (
        parts.upstream_grid(g),
        parts.spread_grid(steps.spread, bare, [0, 0], "between", between),
        parts.spread_grid(steps.appended, back, [0, 0], "appended", appended),
        parts.spread_grid(steps.padded, back, ring, "spread", around),
    )
    places = [way.place(r) for way, r in zip(back, ring, strict=True)]
    rows, cols = (
        [[place.index(at)] if at in place else [] for at in range(size)]
        for place, size in zip(places, steps.padded.shape[1:], strict=True)
    )
    return Scene(
        view=params.view,
        grids=grids,
        columns=(
            (0.17, ("upstream",)), (0.22, ("between",)), (0.25, ("appended",)), (0.36, ("spread",)),
        ),
        sweeps=(
            Sweep(
                "spread", "upstream", "", rows, cols, [0], [0], [[[f, 0]] for f in range(len(g))],
                columns=(0, 3), words=(0, 1),
            ),
        ),
        formula=words.construction(result, back),
        notes=(
            "Spread: the stride jumped over stride − 1 places, so as many zeros stand between.",
            "Append: the r rows and columns that the stride left over come back as zeros.",
            f"Pad: now the kernel{', rotated,' * (not result.flip)} can start where it covers one "
            "cell only.",
        ),
        symbols=parts.SYMBOLS,
        twins=(
            parts.spread_twin(g, back, "between", [0, 0]),
            parts.spread_twin(g, back, "appended", [0, 0]),
            parts.spread_twin(g, back, "spread", ring),
        ),
    )  # fmt: skip
