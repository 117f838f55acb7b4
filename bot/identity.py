"""Who is behind a channel account: bound with a one-time link or code, never by what is typed."""

import hashlib
import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.errors import TooManyAttemptsError
from bot.store import Store
from ledger import people
from ledger.database import writing
from ledger.errors import LinkError
from ledger.scope import UserScope
from ledger.types import Person

WEB = "web"
TELEGRAM = "telegram"
TERMINAL = "terminal"
"""The command line holds the internal key and names the person itself."""

LINK_LIFE = timedelta(hours=12)
"""A link printed at start is used that day; it works once."""

SESSION_LIFE = timedelta(days=30)
"""A browser opens a new link this long after its last."""

_TIME_DIGITS = 11
_CODE = re.compile(r"[A-Za-z0-9_-]{22}")
_TRIES, _TRIES_OF_ALL, _WINDOW_SECONDS = 5, 100, 900.0


def issue_link(engine: Engine, person_id: str, at: datetime, base_url: str) -> str:
    """Make a one-time link that opens the web chat as a person.

    Args:
        engine: The database.
        person_id: Whose chat it opens.
        at: The real time, aware.
        base_url: Where the gateway is reached.

    Raises:
        UnknownPersonError: There is no such person.
    """
    with writing(engine) as connection:
        code = people.issue_code(connection, UserScope(person_id), WEB, at, LINK_LIFE)
    return f"{base_url.rstrip('/')}/link/{code}"


def issue_telegram_code(engine: Engine, person_id: str, at: datetime) -> str:
    """Make a one-time code that ties a Telegram account to a person.

    Raises:
        UnknownPersonError: There is no such person.
    """
    with writing(engine) as connection:
        return people.issue_code(connection, UserScope(person_id), TELEGRAM, at)


class Attempts:
    """Counts wrong codes, per account and over all, in a sliding window."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._failures: deque[tuple[float, str]] = deque(maxlen=_TRIES_OF_ALL)

    def check(self, account: str) -> None:
        """Refuse another try.

        Raises:
            TooManyAttemptsError: The account, or all together, failed too often.
        """
        oldest = self._seconds() - _WINDOW_SECONDS
        while self._failures and self._failures[0][0] < oldest:
            self._failures.popleft()
        own = sum(1 for _, failed in self._failures if failed == account)
        if own >= _TRIES or len(self._failures) >= _TRIES_OF_ALL:
            raise TooManyAttemptsError

    def failed(self, account: str) -> None:
        """Count a wrong code."""
        self._failures.append((self._seconds(), account))


class Identity:
    """Finds and binds the person of a channel account."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._attempts = Attempts()

    async def person_of(self, channel: str, external_id: str) -> Person | None:
        """The person that an account is bound to, or none."""
        return await self._store.read(
            lambda connection: people.person_of(connection, channel, external_id)
        )

    async def get_person(self, person_id: str) -> Person:
        """A person by id, for internal callers that hold the key.

        Raises:
            UnknownPersonError: There is none.
        """
        return await self._store.read(lambda connection: people.get_person(connection, person_id))

    async def person_behind(self, channel: str, code: str, account: str) -> Person:
        """Whom a one-time code is for; it works afterwards as before.

        Raises:
            LinkError: The code is wrong, used or too old.
            TooManyAttemptsError: There were too many of those.
        """
        at = self._clock()
        with self._counted(code, account):
            return await self._store.read(lambda it: people.person_behind(it, channel, code, at))

    @contextmanager
    def _counted(self, code: str, account: str) -> Iterator[None]:
        self._attempts.check(account)
        try:
            if not _CODE.fullmatch(code):
                raise LinkError
            yield
        except LinkError:
            self._attempts.failed(account)
            raise

    async def bind(self, channel: str, external_id: str, code: str, account: str) -> Person:
        """Use a one-time code for an account.

        Args:
            channel: The channel of the account and of the code.
            external_id: The account, as the channel names it.
            code: What the person sent.
            account: Who is counted for wrong codes.

        Raises:
            LinkError: The code is wrong, used or too old.
            TooManyAttemptsError: There were too many of those.
        """
        at = self._clock()
        with self._counted(code, account):
            return await self._store.write(
                lambda it: people.redeem_code(it, channel, code, external_id, at)
            )

    async def unbind(self, person: Person, channel: str, external_id: str) -> None:
        """Untie an account of a person: it is nobody's from now on."""
        scope, at = UserScope(person.id), self._clock()
        await self._store.write(
            lambda it: people.unlink_account(it, scope, channel, external_id, at)
        )


def looks_like_code(text: str) -> bool:
    """Whether a message is nothing but a code."""
    return _CODE.fullmatch(text.strip()) is not None


def new_session(at: datetime) -> str:
    """The secret of a browser's session, for its cookie; it tells when the session began.

    A changed time is another secret, which opens nothing.
    """
    return f"{int(at.timestamp())}.{secrets.token_urlsafe(32)}"


def is_over(secret: str, at: datetime) -> bool:
    """Whether a session has ended, or never was one."""
    began, _, _ = secret.partition(".")
    if not (began.isascii() and began.isdecimal() and len(began) <= _TIME_DIGITS):
        return True
    return at.timestamp() >= int(began) + SESSION_LIFE.total_seconds()


def session_account(secret: str) -> str:
    """How the database knows a session: by a hash, so that it holds no cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]
