"""What becomes of memory that pictures leave behind."""

import contextlib
import ctypes

MOST_KEPT_BYTES = 64 * 2**20
"""What each of the C library's arenas keeps at its end; what is more goes back to the system."""
LARGEST_KEPT_BYTES = 32 * 2**20
"""A picture of 4K takes 25 MB; the library takes no more than this."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def keep_freed_memory() -> None:
    """Have the process keep what is freed for what is allocated next.

    Planes of pictures, messages and key frames come and go thirty times a second. By itself the
    library gives such large pieces back each time, and the system clears every page of the next.
    Where there is no glibc nothing is done.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, LARGEST_KEPT_BYTES)
        library.mallopt(_TRIM_THRESHOLD, MOST_KEPT_BYTES)
