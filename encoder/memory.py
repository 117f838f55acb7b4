"""Memory that a library freed but the C library keeps; only glibc can be asked for it."""

import ctypes
import ctypes.util
import sys
from typing import Any

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_ARENAS = 2


def give_back() -> None:
    """Hand freed memory back to the system.

    Loading the network takes 64 MB for a moment, which a service would otherwise hold for good.
    """
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def share_arenas() -> None:
    """Let threads share two heaps; each would keep the free pages of its own."""
    library = _glibc()
    if library is not None:
        library.mallopt(_ARENA_MAX, _ARENAS)


def _glibc() -> Any:
    """The C library, where it is glibc."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(ctypes.util.find_library("c"))
    return library if hasattr(library, "malloc_trim") else None
