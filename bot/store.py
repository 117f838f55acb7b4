"""The database from asynchronous code: each piece of work is one transaction on a thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

from ledger.database import purge, reading, writing

_THREADS = 8
"""Below the connection pool's size, so that no thread waits for a connection."""

T = TypeVar("T")


class Store:
    """Runs reads and writes against one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="store")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a read; nothing it does is kept."""
        return await self._run(self._read, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run a transaction; it is committed when this returns."""
        return await self._run(self._write, work)

    async def purge(self) -> None:
        """Leave nothing of what was deleted in the database's files."""
        await asyncio.get_running_loop().run_in_executor(self._threads, purge, self._engine)

    async def _run(
        self, run: Callable[[Callable[[Connection], T]], T], work: Callable[[Connection], T]
    ) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, run, work)

    def _read(self, work: Callable[[Connection], T]) -> T:
        with reading(self._engine) as connection:
            return work(connection)

    def _write(self, work: Callable[[Connection], T]) -> T:
        with writing(self._engine) as connection:
            return work(connection)
