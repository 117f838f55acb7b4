"""Models under the hash of their content, and the pointer to the one that serves."""

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from registry.content import MANIFEST, content_hash, digest_files
from registry.errors import (
    NoEarlierModelError,
    NothingToPublishError,
    TamperedModelError,
    UnknownKindError,
    UnknownModelError,
)
from registry.pointer import Pointer, Variant, read_pointer, write_atomically, write_pointer

KINDS = frozenset({"intents", "extractor", "enrichment"})


class Registry:
    """A folder of published models.

    Each lies in ``root/kind/hash`` and is never changed; ``root/kind/pointer.json`` names the one
    that serves. Publishing and switching are atomic, so a kill or a full disk leaves what was.

    Args:
        root: The folder; it is made when something is first published.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def publish(self, kind: str, folder: Path) -> str:
        """Copy a folder into the registry and return its content hash.

        The same files published twice are one model. It does not serve before ``switch``.

        Raises:
            UnknownKindError: The kind is none of ``KINDS``.
            NothingToPublishError: The folder is missing or empty.
            OSError: The disk refused; nothing was published.
        """
        home = self._home(kind)
        files = digest_files(folder) if folder.is_dir() else {}
        if not files:
            raise NothingToPublishError(f"{folder} holds no file to publish as {kind}.")
        name = content_hash(files)
        home.mkdir(parents=True, exist_ok=True)
        with self._lock(kind):
            if not self._intact(home / name):
                self._store(folder, home / name, files)
        return name

    def _store(self, folder: Path, place: Path, files: dict[str, str]) -> None:
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=place.parent))
        try:
            for name in files:
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, draft / name)
            text = json.dumps({"hash": place.name, "files": files}, indent=1, sort_keys=True)
            write_atomically(draft / MANIFEST, lambda stream: stream.write(text.encode()))
            shutil.rmtree(place, ignore_errors=True)
            draft.rename(place)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise

    def path(self, kind: str, name: str) -> Path:
        """Return a published model's folder once every file's hash is found right.

        Raises:
            UnknownModelError: Nothing is published under the name.
            TamperedModelError: A file is missing, added or changed.
        """
        place = self._home(kind) / name
        if not place.is_dir():
            raise UnknownModelError(f"No {kind} model {name} is in {self.root}.")
        if not self._intact(place):
            raise TamperedModelError(
                f"The {kind} model {name} in {self.root} is not what was published; "
                f"roll back or train it again."
            )
        return place

    def current(self, kind: str) -> Path | None:
        """Return the verified folder of the model that serves, or None before the first.

        Raises:
            UnknownModelError: The pointer names a model that is gone.
            TamperedModelError: The model's files are not those published.
        """
        name = self.pointer(kind).current
        return None if name is None else self.path(kind, name)

    def previous(self, kind: str) -> str | None:
        """Return the hash of the model that served before this one, or None."""
        before = self.pointer(kind).previous
        return before[0] if before else None

    def pointer(self, kind: str) -> Pointer:
        """Return what serves, what served before and the variant beside it."""
        return read_pointer(self._pointer_file(kind))

    def stamp(self, kind: str) -> tuple[int, int]:
        """Return a value that differs after every switch, at the price of one ``stat``."""
        try:
            found = self._pointer_file(kind).stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    def switch(self, kind: str, name: str) -> None:
        """Let a published model serve, at once.

        Raises:
            UnknownModelError: Nothing is published under the name.
            TamperedModelError: The model's files are not those published; the old one serves on.
        """
        self.path(kind, name)
        with self._lock(kind):
            write_pointer(self._pointer_file(kind), self.pointer(kind).to(name))

    def share(self, kind: str, name: str | None, percent: int = 0) -> None:
        """Run a second model beside the one that serves, or none.

        Args:
            kind: The kind of model.
            name: The variant's content hash; None ends the trial.
            percent: How many of a hundred conversations get its answer; 0 only compares.
        """
        if name is not None:
            self.path(kind, name)
        variant = None if name is None else Variant(name, percent)
        with self._lock(kind):
            write_pointer(self._pointer_file(kind), replace(self.pointer(kind), variant=variant))

    def rollback(self, kind: str) -> str:
        """Let the model before serve again and return its hash.

        Raises:
            NoEarlierModelError: None served before.
        """
        with self._lock(kind):
            pointer = self.pointer(kind)
            if not pointer.previous:
                raise NoEarlierModelError(f"No {kind} model served before this one.")
            self.path(kind, pointer.previous[0])
            write_pointer(self._pointer_file(kind), pointer.back())
        return pointer.previous[0]

    def _intact(self, place: Path) -> bool:
        try:
            files = digest_files(place)
        except OSError:
            return False
        return bool(files) and content_hash(files) == place.name

    def alone(self, kind: str) -> FileLock:
        """A lock for whoever makes a model that others would make as well; it waits for them.

        Publishing and switching have a lock of their own and may happen inside.

        Raises:
            UnknownKindError: The kind is none of ``KINDS``.
        """
        home = self._home(kind)
        home.mkdir(parents=True, exist_ok=True)
        return FileLock(home / ".making.lock")

    def _home(self, kind: str) -> Path:
        if kind not in KINDS:
            raise UnknownKindError(f"There are no models of kind {kind!r}: {sorted(KINDS)}.")
        return self.root / kind

    def _pointer_file(self, kind: str) -> Path:
        return self._home(kind) / "pointer.json"

    def _lock(self, kind: str) -> FileLock:
        home = self._home(kind)
        home.mkdir(parents=True, exist_ok=True)
        return FileLock(home / ".lock")
