"""Bytes on their way to the browser."""

import zlib

PACKED_BEYOND = 9500  # bytes; unpacking takes the browser a moment, 12 kB are a move's limit


def packed(data, level=-1):
    """Compressed, if there is much of it; `level` as zlib counts it."""
    return zlib.compress(data, level) if len(data) > PACKED_BEYOND else data
