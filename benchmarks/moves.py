"""A move: a key press on a slider, the rerun that it causes, the changed picture."""

from itertools import product

from playwright.sync_api import Browser

from benchmarks.pages import DETAIL, PHOTOS, STAGE, WRITTEN, Looks, Slider, opened
from benchmarks.table import largest, median, p95, table
from convview import query
from convview.params import Shapes, Slide
from convview.pictures import PICTURES
from convview.scenes import slide
from convview.weights import WEIGHTS
from tests.browser.visit import address

MOVED = {
    "/slide": ("Stride", "Padding"),
    "/gradients": ("Stride", "Padding"),
    "/pooling": ("Stride",),  # padding beyond half of the window is refused
}
BESIDE = {  # pages whose sliders move pictures, charts and a table
    "/filters, Sigma": ("/filters?view=filter&filter=gaussian&window=9", "Sigma"),
    "/calculus, k": ("/calculus?view=limit", "k"),
    "/calculus, Jacobian": ("/calculus?view=jacobian", "x[0]"),
}
STACKED = ("sheet", "vgg")
BLOCK = 6  # moves of one slider before it is another's turn


def latency(browser: Browser, app: str, bare: str, rounds: int) -> str:
    """Until the DOM has changed, and until that is painted; in turns with the floor.

    Settings come back, as they do in a class: most scenes are ready (see `convview.lesson.drawn`).
    """
    sliders = {"floor": Slider(opened(browser, bare, WRITTEN), "Value", WRITTEN)}
    for path, size in product(MOVED, (Slide().size[0], 16)):
        page = opened(browser, address(app, path, size=size), STAGE)
        for label in MOVED[path]:
            sliders[f"{path} {size}x{size}, {label}"] = Slider(page, label, STAGE)
    for name, (path, label) in BESIDE.items():
        sliders[name] = Slider(opened(browser, address(app, path), PHOTOS), label, PHOTOS)
    for name in STACKED:
        page = opened(browser, address(app, "/shapes", **query.write(Shapes.of(name))), DETAIL)
        sliders[f"/shapes {name}, look at a layer"] = Looks(page)
    found = {name: [] for name in sliders}
    for slider in sliders.values():
        slider.moves(2)  # the first move of a session loads what later ones keep
    for _, (name, slider) in product(range(rounds), sliders.items()):
        found[name] += slider.moves(BLOCK)
    heads = ("", "changed ms", "to floor", "painted ms", "to floor", "asked", "answered", "kB")
    return table(
        f"Key press to changed picture: median / p95 of {BLOCK * rounds} moves (goal: to floor x2)",
        heads,
        [_row(name, these, found["floor"]) for name, these in found.items()],
    )


def _row(name: str, found: list[dict], floor: list[dict]) -> list[str]:
    row = [name]
    for what in ("changed", "painted"):
        row.append(f"{median(found, what):.0f} / {p95(found, what):.0f}")
        row.append(f"x{median(found, what) / median(floor, what):.1f}")
    row += (f"{median(found, what):.0f}" for what in ("sent", "answered"))
    return [*row, f"{median(found, 'bytes') / 1000:.1f}"]


def payload(browser: Browser, app: str) -> str:
    """What a move sends at 16 x 16, for the picture and the kernel that need most."""
    pairs = [("digit", "sobel_x", 3), *(_heaviest(kernel_size) for kernel_size in (3, 7))]
    rows = []
    for picture, kernel, kernel_size in pairs:
        setting = {"size": 16, "picture": picture, "kernel": kernel, "kernel_size": kernel_size}
        page = opened(browser, address(app, "/slide", **setting), STAGE)
        found = Slider(page, "Padding", STAGE).moves(12)  # to 6 and back
        page.context.close()
        rows.append(
            (
                f"{picture}, {kernel} {kernel_size}x{kernel_size}",
                f"{median(found, 'bytes') / 1000:.1f}",
                f"{largest(found, 'bytes') / 1000:.1f}",
                f"{median(found, 'messages'):.0f}",
            )
        )
    return table(
        "Received per move at 16x16, padding 0 to 6, before compression (goal: at most 12 kB)",
        ("the usual picture, then the two largest", "median kB", "largest kB", "messages"),
        rows,
    )


def _heaviest(kernel_size: int) -> tuple[str, str, int]:
    def weight(pair: tuple[str, str]) -> int:
        setting = Slide(
            size=(16, 16),
            picture=pair[0],
            kernel=pair[1],
            kernel_size=(kernel_size, kernel_size),
            padding=((6, 6), (6, 6)),
        )
        return len(str(slide.scene(setting).data()))

    return (*max(product(PICTURES, WEIGHTS), key=weight), kernel_size)
