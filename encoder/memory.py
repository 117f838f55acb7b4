"""Memory that a library freed but the C library keeps."""

import ctypes
import ctypes.util
import sys


def give_back() -> None:
    """Hand freed memory back to the system; only glibc has a way to ask for it (`malloc_trim`).

    Loading the network takes 64 MB for a moment, which a service would otherwise hold for good.
    """
    if not sys.platform.startswith("linux"):
        return
    trim = getattr(ctypes.CDLL(ctypes.util.find_library("c")), "malloc_trim", None)
    if trim is not None:
        trim(0)
