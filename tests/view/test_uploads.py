"""Files that visitors bring: the right picture, or one sentence."""

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from convview import uploads

RED, WHITE = (255, 0, 0), (255, 255, 255)


def saved(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of_size(width, height):
    """A PNG whose header promises so many pixels, and holds a few."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )  # fmt: skip


def test_the_kinds_that_are_read():
    image = Image.new("RGB", (9, 5), RED)
    for kind in ("PNG", "WEBP"):
        read = uploads.read(saved(image, kind, **({"lossless": True} if kind == "WEBP" else {})))
        assert (read.size, read.getpixel((8, 4))) == ((9, 5), RED)
    assert uploads.read(saved(image, "JPEG")).getpixel((4, 2))[0] > 250


NONE = "it is no PNG, JPEG or WebP picture"
DAMAGED = "it is damaged or cut off"
MOVES = "it moves; one picture that stands still is needed"
FILES = {
    "no picture": (b"hello", NONE),
    "empty": (b"", "the file is empty"),
    "html": (b"<!doctype html><script>alert(1)</script>", NONE),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', NONE),
    "zip": (b"PK\x03\x04" + bytes(100), NONE),
    "bomb": (png_of_size(13000, 13000), "13,000 × 13,000 = 169,000,000 pixels"),
    "larger bomb": (png_of_size(30000, 30000), "900,000,000 pixels"),
    "one pixel too many": (png_of_size(4_194_305, 1), "4,194,305 pixels"),
    "promises more than it holds": (png_of_size(900, 900), DAMAGED),
    "cut off": (saved(Image.effect_noise((64, 64), 50), "JPEG")[:900], DAMAGED),
    "header alone": (saved(Image.new("L", (64, 64)), "JPEG")[:20], f"{NONE}|{DAMAGED}"),
    "too long": (bytes(uploads.MOST_BYTES + 1), "at most 20,000,000"),
    "gif": (saved(Image.new("P", (4, 4)), "GIF"), NONE),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_such_picture_gets_one_sentence(name):
    data, rule = FILES[name]
    tracemalloc.start()
    with pytest.raises(uploads.PictureError, match=rule) as error:
        uploads.read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "\n" not in str(error.value)
    assert peak < 5_000_000


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind):
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, WHITE)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    with pytest.raises(uploads.PictureError, match=MOVES):
        uploads.read(data)


def test_a_long_thin_picture_fits():
    assert uploads.read(saved(Image.new("L", (100_000, 10)))).size == (2048, 1)


@pytest.mark.parametrize("turn", range(1, 9))
def test_pictures_are_turned_upright(turn):
    image = Image.new("RGB", (16, 8), WHITE)
    exif = image.getexif()
    exif[0x0112] = turn
    size = uploads.read(saved(image, "JPEG", exif=exif)).size
    assert size == ((16, 8) if turn < 5 else (8, 16))


def test_what_is_clear_is_laid_over_white():
    clear = Image.new("RGBA", (2, 2), (0, 0, 0, 0))
    assert uploads.read(saved(clear)).getpixel((0, 0)) == WHITE
    half = Image.new("RGBA", (2, 2), (255, 0, 0, 128))
    assert uploads.read(saved(half)).getpixel((0, 0)) == (255, 127, 127)
    grey = Image.new("LA", (2, 2), (0, 0))
    assert uploads.read(saved(grey)).getpixel((0, 0)) == WHITE
    palette = Image.new("P", (2, 2), 0)
    palette.putpalette([0, 0, 0] * 256)
    assert uploads.read(saved(palette, transparency=0)).getpixel((0, 0)) == WHITE


def test_sixteen_bits_become_eight():
    ramp = np.array([[0, 257 * 100, 65535]], np.uint16)
    read = uploads.read(saved(Image.fromarray(ramp)))
    np.testing.assert_allclose(np.asarray(read)[0], [0, 100, 255], atol=1)


def test_cmyk_becomes_rgb():
    ink = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    red, green, blue = uploads.read(saved(ink, "JPEG", quality=95)).getpixel((4, 4))
    assert red > 200 > 60 > max(green, blue)


def test_black_and_white_stays():
    assert uploads.read(saved(Image.new("1", (3, 3), 1))).getpixel((1, 1)) == 255


def test_grey_that_is_clear_is_laid_over_white():
    grey = Image.new("L", (2, 2), 7)
    assert uploads.read(saved(grey, transparency=7)).getpixel((0, 0)) == WHITE


def test_a_photograph_with_a_preview_is_read():
    large, preview = Image.new("RGB", (32, 16), RED), Image.new("RGB", (8, 4), WHITE)
    data = saved(large, "MPO", save_all=True, append_images=[preview])
    assert uploads.read(data).size == (32, 16)
