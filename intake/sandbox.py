"""Reading a file in a process of its own, under limits on memory and time."""

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from intake.errors import FileMissingError, ReaderFailedError
from intake.spool import Spool
from ledger.errors import HostileFileError
from ledger.imports.choices import Choices
from ledger.imports.limits import MAX_BYTES

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reader may take.

    Attributes:
        memory_mb: Address space; a 100,000-row CAMT.053 file needs about half.
        cpu_s: Processor time.
        wall_s: Time on the clock.
    """

    memory_mb: int = 768
    cpu_s: int = 60
    wall_s: int = 90


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read: its name, the hash of its bytes, and what it says."""

    name: str
    sha256: str
    spool: Spool


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _check(path: Path) -> None:
    if not path.is_file():
        raise FileMissingError(f"There is no file {path.name!r}; check the path.")
    if path.stat().st_size > MAX_BYTES:
        raise HostileFileError(
            f"The file is larger than {MAX_BYTES // 1024 // 1024} MB; export a shorter period."
        )


def read(path: Path, name: str, choices: Choices, limits: Limits) -> Reading:
    """Read a file in a process that has nothing but its bytes.

    Args:
        path: Where it lies.
        name: What the person calls it.
        choices: What the person chose.
        limits: What the process may take.

    Raises:
        FileMissingError: There is no such file.
        ImportQuestion: The person must choose.
        ImportRefusedError: The file is refused.
        ReaderFailedError: The process could not do its work.
    """
    _check(path)
    command = [sys.executable, "-m", "intake.reader", str(limits.memory_mb), str(limits.cpu_s),
               orjson.dumps(asdict(choices)).decode()]  # fmt: skip
    bare = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the spool reads it for as long as it lives
    with path.open("rb") as stream:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                command, stdin=stream, stdout=out, stderr=subprocess.DEVNULL, env=bare,
                timeout=limits.wall_s, check=False, cwd=Path(__file__).parent.parent,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise HostileFileError(
                "The file takes longer than any bank file; it is refused."
            ) from error
    if done.returncode == 1:
        raise ReaderFailedError("The file could not be read because of a mistake inside Florin.")
    spool = Spool(out)  # a refusal ends here, before the hash of a large file
    return Reading(name, _digest(path), spool)
