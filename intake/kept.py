"""The folder of uploads: a bank file is kept only until it needs no further answer."""

from datetime import datetime, timedelta
from pathlib import Path

LIFE = timedelta(hours=24)
"""How long a file waits for the answer to a question about it."""


def discard(path: Path) -> None:
    """Delete a file; one that is gone already is as it should be."""
    path.unlink(missing_ok=True)


def sweep(folder: Path, now: datetime) -> int:
    """Delete files that nobody will ask for any more; tells how many.

    Args:
        folder: Holds uploads and nothing else.
        now: The real time.
    """
    before = (now - LIFE).timestamp()
    old = [
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.is_file() and path.stat().st_mtime < before
    ]
    for path in old:
        discard(path)
    return len(old)
