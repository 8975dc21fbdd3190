"""Pictures that visitors bring: checked by their header before they are unpacked."""

import io
import struct
import zlib

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 4_194_304  # 2048 x 2048
LARGEST_SIDE = 2048
MOST_BYTES = 20_000_000


Image.MAX_IMAGE_PIXELS = None  # Pillow warns of them itself; here the header is looked at first


class PictureError(ValueError):
    """What is wrong with a file, in one sentence."""


def read(data):
    """A picture out of a file's bytes, upright, RGB or grey, its longer side at most 2048.

    Alpha is laid over white; 16 bits become 8; CMYK becomes RGB. Raises PictureError.
    """
    if not data:
        raise PictureError("the file is empty")
    if len(data) > MOST_BYTES:
        raise PictureError(f"the file has {len(data):,} bytes; at most {MOST_BYTES:,} are read")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, zlib.error):
        raise PictureError("it is no PNG, JPEG or WebP picture") from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise PictureError(
            f"it has {width:,} × {height:,} = {width * height:,} pixels; at most {MOST_PIXELS:,} "
            "are read: make it smaller"
        )
    if getattr(image, "is_animated", False) and image.format != "MPO":  # a JPEG with a preview
        raise PictureError("it moves; one picture that stands still is needed")
    try:
        image.load()
        return _small(_plain(ImageOps.exif_transpose(image)))
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, struct.error, zlib.error):
        raise PictureError("it is damaged or cut off") from None


def _plain(image):
    if image.mode.startswith("I") or image.mode == "F":
        wide = image.convert("I")
        return wide.point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _small(image):
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
    return image
