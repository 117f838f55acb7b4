"""What people send is theirs: nobody else on the machine may read it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import Engine

from bot.store import Store
from bot.uploads import Uploads
from ledger import people
from ledger.database import writing
from ledger.scope import UserScope
from tests.bot.conftest import now


def test_a_kept_file_is_for_its_owner_only(database: Engine, tmp_path: Path) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"Date,Amount"

    with writing(database) as connection:
        conversation = people.open_conversation(connection, UserScope("maya"), "web", now())
    kept = Uploads(tmp_path, 100, Store(database))
    upload = asyncio.run(kept.keep("maya", conversation.id, "bank.csv", parts(), now()))
    assert (tmp_path / upload.id).read_bytes() == b"Date,Amount"
    assert (tmp_path / upload.id).stat().st_mode & 0o777 == 0o600
