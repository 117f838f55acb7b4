"""Looks at everyone who can be reached or saves, and tells what there is to tell, again and again.

Nothing is kept here: what was told lies in the ledger, noted in the transaction that queued it. So
a restart sends nothing twice, and of several processes that look at once one tells.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from actions.notify import BusyError, tell
from ledger import notices
from ledger.autosave import savers
from ledger.database import reading
from ledger.scope import UserScope

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
ENRICHED_WITHIN = timedelta(minutes=2)
"""An import whose rows are not enriched by then is told of as it is."""


class Scheduler:
    """Rounds over everyone who can be reached, or whose autosave is on.

    Args:
        engine: The ledger's database.
        clock: The real time, aware.
        hour: The local hour of the day's digests where a person chose none.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime], hour: int) -> None:
        self._engine = engine
        self._clock = clock
        self._hour = hour
        self._seen: dict[str, tuple[datetime, datetime | None]] = {}

    async def run(self) -> None:
        """Rounds until cancelled; one that fails is logged by its class and comes again."""
        while True:
            try:
                await asyncio.to_thread(self.round)
            except SQLAlchemyError as error:
                log.error("a round of notices failed: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    def round(self) -> None:
        """Look at whom an hour has passed for, or something was imported, since the last look."""
        at = self._clock()
        with reading(self._engine) as connection:
            scopes = dict.fromkeys((*notices.reachable(connection), *savers(connection)))
            imported = notices.newest_imports(connection)
        for scope in scopes:
            mark = (at.replace(minute=0, second=0, microsecond=0), imported.get(scope.person_id))
            if self._seen.get(scope.person_id) != mark and self._is_ready(scope, mark[1], at):
                self._look(scope, at, mark)

    def _is_ready(self, scope: UserScope, imported: datetime | None, at: datetime) -> bool:
        """Whether enrichment has seen what was imported, or is not awaited any longer."""
        if imported is None or at - imported > ENRICHED_WITHIN:
            return True
        with reading(self._engine) as connection:
            return notices.is_enriched(connection, scope)

    def _look(self, scope: UserScope, at: datetime, mark: tuple[datetime, datetime | None]) -> None:
        try:
            tell(self._engine, scope, at, self._hour)
        except BusyError:
            return
        except Exception as error:  # one person's mishap keeps nobody else from being told
            log.error("notices of one person failed: %s", type(error).__name__)
        self._seen[scope.person_id] = mark
