"""Browsers' sessions: a cookie that scripts cannot read, of which the database knows a hash."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from bot.errors import NoSessionError
from bot.identity import SESSION_LIFE, WEB, Identity, is_over, session_account
from bot.inbox import Thread
from ledger.types import Person

_COOKIE = "florin_session"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that opened its link."""

    person: Person
    thread: Thread


class Sessions:
    """Finds the session of a request."""

    def __init__(self, identity: Identity, clock: Callable[[], datetime]) -> None:
        self._identity = identity
        self._clock = clock

    async def find(self, request: Request) -> Session | None:
        """The session that a request's cookie names, unless it is over."""
        secret = request.cookies.get(_COOKIE)
        if not secret or is_over(secret, self._clock()):
            return None
        account = session_account(secret)
        person = await self._identity.person_of(WEB, account)
        return Session(person, Thread(person, WEB, account)) if person else None

    async def end(self, session: Session) -> None:
        """Make a session's cookie open nothing from now on."""
        await self._identity.unbind(session.person, WEB, session.thread.name)

    async def get(self, request: Request) -> Session:
        """The session of a request.

        Raises:
            NoSessionError: It has none.
        """
        session = await self.find(request)
        if session is None:
            raise NoSessionError
        return session


def ended_cookies() -> list[str]:
    """The headers that take a session's cookie from a browser, wherever it was kept."""
    gone = f"{_COOKIE}=; Path=/; HttpOnly; Max-Age=0"
    return [f"{gone}; SameSite=Lax", f"{gone}; Secure; SameSite=None; Partitioned"]


def cookie(secret: str, *, secure: bool, inside: bool) -> str:
    """The header that begins a session.

    Args:
        secret: The session's.
        secure: Whether the page came over TLS.
        inside: In another site's page: the cookie must say so, and is kept apart there.
    """
    kept = f"{_COOKIE}={secret}; Path=/; HttpOnly; Max-Age={int(SESSION_LIFE.total_seconds())}"
    if inside:
        return f"{kept}; Secure; SameSite=None; Partitioned"
    return f"{kept}; SameSite=Lax{'; Secure' if secure else ''}"
