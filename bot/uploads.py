"""Keeps files as they come: written under a random id, hashed, never opened."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from bot.errors import UploadRefusedError
from bot.store import Store
from ledger import uploads
from ledger.crypto import new_id
from ledger.uploads import Upload

_NAME = 120


class Uploads:
    """The uploads folder and its table.

    Args:
        folder: Where the bytes lie, each file under its upload's id.
        limit: The largest file that is kept, in bytes.
    """

    def __init__(self, folder: Path, limit: int, store: Store) -> None:
        self.limit = limit
        self._folder = folder
        self._store = store

    async def keep(
        self,
        person_id: str,
        conversation_id: str,
        name: str,
        parts: AsyncIterator[bytes],
        at: datetime,
    ) -> Upload:
        """Store a file that arrives in parts.

        Raises:
            UploadRefusedError: It is empty or too large; nothing of it stays.
        """
        upload_id = new_id("upload")
        path = self._folder / upload_id
        try:
            size, sha256 = await self._write(path, parts)
            upload = Upload(
                upload_id, person_id, conversation_id, shown_name(name), sha256, size, "stored", at
            )
            await self._store.write(lambda connection: uploads.add(connection, upload))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return upload

    async def _write(self, path: Path, parts: AsyncIterator[bytes]) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        await asyncio.to_thread(path.touch, 0o600, exist_ok=False)
        with await asyncio.to_thread(path.open, "wb") as file:
            async for part in parts:
                size += len(part)
                if size > self.limit:
                    raise UploadRefusedError(
                        f"That file is larger than the {self.limit // 1024**2} MB that I take; "
                        "please export a shorter period."
                    )
                digest.update(part)
                await asyncio.to_thread(file.write, part)
        if size == 0:
            raise UploadRefusedError("That file is empty; please export it again.")
        return size, digest.hexdigest()


def shown_name(name: str) -> str:
    """The last part of a file's name, as something that can be shown."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[:_NAME] or "file"
