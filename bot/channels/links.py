"""One-time links: looking at one changes nothing, its page's button opens the chat."""

from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.errors import TooManyAttemptsError
from bot.identity import WEB, Identity, new_session, session_account
from bot.sessions import Sessions, cookie
from ledger.errors import LinkError

_PAGE = Path(__file__).parent.parent / "widget" / "link.html"
_HEADERS = {
    "cache-control": "no-store",
    # With none at all a browser would not say where the form was sent from.
    "referrer-policy": "same-origin",
}


class Links:
    """The routes of one-time links."""

    def __init__(
        self, identity: Identity, sessions: Sessions, clock: Callable[[], datetime]
    ) -> None:
        self._identity = identity
        self._sessions = sessions
        self._clock = clock
        self._page = Template(_PAGE.read_text(encoding="utf-8"))

    def router(self) -> APIRouter:
        """Look at a link, and open it."""
        router = APIRouter()
        router.add_api_route("/link/{code}", self._show, methods=["GET"])
        router.add_api_route("/link/{code}", self._open, methods=["POST"])
        return router

    async def _show(self, code: str, request: Request) -> Response:
        try:
            person = await self._identity.person_behind(WEB, code, _caller(request))
        except (LinkError, TooManyAttemptsError) as error:
            return await self._elsewhere(request, error)
        page = self._page.substitute(name=escape(person.name), inside=int(_is_inside(request)))
        return HTMLResponse(page, headers=_HEADERS)

    async def _open(self, code: str, request: Request, inside: bool = False) -> Response:
        if not _is_own_page(request):
            return JSONResponse({"error": "Open the link itself, then press its button."}, 403)
        secret = new_session(self._clock())
        try:
            await self._identity.bind(WEB, session_account(secret), code, _caller(request))
        except (LinkError, TooManyAttemptsError) as error:
            return await self._elsewhere(request, error)
        response = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        response.headers.append("set-cookie", cookie(secret, secure=secure, inside=inside))
        return response

    async def _elsewhere(self, request: Request, error: Exception) -> Response:
        # Opened twice by the same browser: its session still holds.
        if await self._sessions.find(request) is not None:
            return RedirectResponse("/", 303)
        why = "used" if isinstance(error, LinkError) else "wait"
        return RedirectResponse(f"/#{why}", 303)


def _caller(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _is_inside(request: Request) -> bool:
    """Whether the page is shown in another site's page."""
    shown = (request.headers.get("sec-fetch-site"), request.headers.get("sec-fetch-dest"))
    return shown == ("cross-site", "iframe")


def _is_own_page(request: Request) -> bool:
    """Whether a form was sent from a page of ours; over plain HTTP only its origin tells."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")
