"""The name of a folder of files is the hash of what they hold."""

import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"
_BLOCK = 1 << 20


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as hexadecimal text."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def digest_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under a folder by its relative POSIX path.

    The manifest itself is left out, since it is made from the others.
    """
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    found = {path.relative_to(folder).as_posix(): digest_file(path) for path in files}
    found.pop(MANIFEST, None)
    return found


def content_hash(files: dict[str, str]) -> str:
    """Return the 16 hexadecimal digits that name a folder with these files."""
    listing = json.dumps(files, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(listing.encode()).hexdigest()[:16]
