"""Looks at everyone who can be reached or saves, and tells what there is to tell, again and again.

What was told lies in the ledger, noted in the transaction that queued it. So a restart sends
nothing twice, and of several processes that look at once one tells. Kept here is only whom there is
no need to look at: between the hours in which something may fall due for a person, only an import
or a new chat of theirs is news, and a round reads those alone.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from actions.notify import BusyError, tell
from ledger import notices
from ledger.autosave import savers
from ledger.database import reading
from ledger.notices import Waking
from ledger.scope import UserScope

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
ENRICHED_WITHIN = timedelta(minutes=2)
"""An import whose rows are not enriched by then is told of as it is."""
_COMMITTED_WITHIN = timedelta(minutes=2)
"""How long before it was committed an import or a chat may say that it was made."""
_FRESH = timedelta(days=1)
"""After an import every hour is looked at: enrichment may have come late."""

Slot = tuple[date, int]
"""A local day, and how many of the hours in which something falls due have come in it."""


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
        self._last: datetime | None = None
        self._everyone: set[str] = set()
        self._slots: dict[str, Slot] = {}
        self._imported: dict[str, datetime] = {}
        self._waiting: dict[str, None] = {}

    async def run(self) -> None:
        """Rounds until cancelled; one that fails is logged by its class and comes again."""
        while True:
            try:
                await asyncio.to_thread(self.round)
            except SQLAlchemyError as error:
                log.error("a round of notices failed: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    def round(self) -> None:
        """Look at whom an hour has come for, or something was imported, since the last look."""
        at = self._clock()
        last, self._last = self._last, at
        with reading(self._engine) as connection:
            if last is not None and _hour(last) == _hour(at):
                self._find_stirred(connection, last - _COMMITTED_WITHIN)
            else:
                self._find_due(connection, at)
        for person in list(self._waiting):
            if self._is_ready(UserScope(person), at) and self._look(UserScope(person), at):
                del self._waiting[person]

    def _find_due(self, connection: Connection, at: datetime) -> None:
        """Once an hour: everyone anew, and of them those for whom something may fall due."""
        found = (*notices.reachable(connection), *savers(connection))
        self._everyone = {scope.person_id for scope in found}
        self._imported = notices.newest_imports(connection)
        for person, waking in notices.waking(connection).items():
            if person not in self._everyone:
                continue
            slot = _slot(waking, at, self._hour)
            newest = self._imported.get(person)
            if self._slots.get(person) != slot or (newest and at - newest < _FRESH):
                self._waiting[person] = None
            self._slots[person] = slot

    def _find_stirred(self, connection: Connection, since: datetime) -> None:
        """Between: those who imported something, or whose chat is new."""
        for person, newest in notices.newest_imports(connection, since).items():
            if person in self._everyone and self._imported.get(person) != newest:
                self._imported[person] = newest
                self._waiting[person] = None
        for scope in notices.reachable(connection, since):
            if scope.person_id not in self._everyone:
                self._everyone.add(scope.person_id)
                self._waiting[scope.person_id] = None

    def _is_ready(self, scope: UserScope, at: datetime) -> bool:
        """Whether enrichment has seen what was imported, or is not awaited any longer."""
        imported = self._imported.get(scope.person_id)
        if imported is None or at - imported > ENRICHED_WITHIN:
            return True
        with reading(self._engine) as connection:
            return notices.is_enriched(connection, scope)

    def _look(self, scope: UserScope, at: datetime) -> bool:
        """One look; False where they are being answered, so that it must come again."""
        try:
            tell(self._engine, scope, at, self._hour)
        except BusyError:
            return False
        except Exception as error:  # one person's mishap keeps nobody else from being told
            log.error("notices of one person failed: %s", type(error).__name__)
        return True


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _slot(waking: Waking, at: datetime, hour: int) -> Slot:
    """The day's digests come at one hour, and what the night held back at the end of the quiet.

    Until the first of them the day before goes on.
    """
    local = at.astimezone(ZoneInfo(waking.timezone))
    due = {hour if waking.hour is None else waking.hour, waking.quiet_until}
    come = sum(one <= local.hour for one in due)
    return (local.date(), come) if come else (local.date() - timedelta(days=1), len(due))
