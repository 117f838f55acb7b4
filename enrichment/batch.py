"""What work on many lines at once needs of the interpreter."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Holds back the collector of reference cycles.

    A history is some forty small objects a row and no cycle among them, but each so many new ones
    the collector walks all that live, the tables of merchants and towns among them: a third of the
    time of a batch. Where it was off it stays off.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
