"""The small file that says which model of a kind serves."""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

_REMEMBERED = 20


@dataclass(frozen=True)
class Variant:
    """A second model beside the one that serves.

    Attributes:
        hash: The variant's content hash.
        share: Percent of conversations that get the variant's answer; 0 is shadow only.
    """

    hash: str
    share: int


@dataclass(frozen=True)
class Pointer:
    """What serves, what served before (latest first), and what runs beside it."""

    current: str | None = None
    previous: tuple[str, ...] = ()
    variant: Variant | None = None

    def to(self, name: str) -> "Pointer":
        """Return the pointer after a switch to another model; a variant ends with it."""
        if name == self.current:
            return replace(self, variant=None)
        before = (self.current,) if self.current else ()
        return Pointer(name, (before + self.previous)[:_REMEMBERED])

    def back(self) -> "Pointer":
        """Return the pointer after going back to the model before."""
        return Pointer(self.previous[0], self.previous[1:])


def read_pointer(path: Path) -> Pointer:
    """Read a pointer; a kind that was never published has an empty one."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Pointer()
    variant = Variant(**found["variant"]) if found.get("variant") else None
    return Pointer(found["current"], tuple(found["previous"]), variant)


def write_pointer(path: Path, pointer: Pointer) -> None:
    """Replace a pointer at once: a reader sees the old one or the new one, whole."""
    write_atomically(path, lambda stream: stream.write(json.dumps(asdict(pointer)).encode()))


def write_atomically(path: Path, write: Callable[[Any], object]) -> None:
    """Write a file beside its place, flush it to the disk and move it there in one step."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
