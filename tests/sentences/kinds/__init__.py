"""The checks, by what is spoken of."""

import importlib
import pkgutil


def load():
    """Import all of them, so that they are registered."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
