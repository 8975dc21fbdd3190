"""What the shapes page sends."""

import json
from functools import lru_cache

from convview.scenes.shapes.seen import Seen
from convview.scenes.shapes.table import table
from convview.scenes.shapes.view import detail


@lru_cache(maxsize=32)
def written(params):
    """(Seen, its table and what stands below it as JSON); who asks second finds them ready."""
    found = Seen(params)
    shown = table(found) | {"detail": None if found.at is None else detail(found)}
    return found, json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
