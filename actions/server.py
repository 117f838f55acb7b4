"""The action server: rasa-sdk's executor behind FastAPI, on loopback and with the internal key."""

import asyncio
import contextlib
import hmac
import json
import logging
import zlib
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sqlalchemy import Engine

from actions import peers
from actions.archive import archive
from actions.context import context_of
from actions.desk import Desk
from actions.query import QueryFormatError, query_from_json
from actions.run import TOPICS, Topic, TopicAction
from actions.scheduler import Scheduler
from ledger import people
from ledger.crypto import open_turn
from ledger.database import reading
from ledger.errors import ScopeError, UnknownPersonError

log = logging.getLogger(__name__)

DEADLINE_S = 12.0
"""An answer takes milliseconds; the gateway gives a whole turn 30 s."""
MAX_BODY = 4 * 1024 * 1024
"""A tracker of 150 events is under 1 MB; a call that inflates past this is not the engine's."""


class ExportRequest(BaseModel):
    """Whose file is fetched.

    Attributes:
        scope: The turn's signed token.
        query: Only the rows behind this question; None for everything.
    """

    scope: str
    query: dict[str, Any] | None = None


class ChartRequest(BaseModel):
    """A chart to draw.

    Attributes:
        spec: A Vega-Lite specification of an answer, its data inside.
    """

    spec: dict[str, Any]


class ContextRequest(BaseModel):
    """Whose context is asked for.

    Attributes:
        scope: The turn's signed token.
    """

    scope: str


def executor_for(engine: Engine, key: str, peers_minimum: int = peers.MINIMUM) -> ActionExecutor:
    """rasa-sdk's executor with every action of the engine's domain."""
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
    executor = ActionExecutor()
    compared: dict[str, Topic] = {"action_peers": partial(peers.peers, minimum=peers_minimum)}
    for name, topic in {**TOPICS, **compared}.items():
        executor.register_action(TopicAction(name, topic, engine, key))
    return executor


async def _body(request: Request) -> bytes:
    """The request's body, inflated, and refused past the limit before it is all read.

    Raises:
        HTTPException: 413 if it is too large, 400 if it does not inflate.
    """
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise HTTPException(413, "The call is too large.")
    if request.headers.get("content-encoding") != "deflate":
        return bytes(raw)
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(bytes(raw), MAX_BODY + 1)
    except zlib.error as error:
        raise HTTPException(400, "The call's body does not inflate.") from error
    if len(body) > MAX_BODY:
        raise HTTPException(413, "The call is too large.")
    return body


async def _call(request: Request) -> dict[str, Any]:
    """The request's body as a call of rasa's protocol.

    Raises:
        HTTPException: 400 if it is no JSON object; 413 if it is too large.
    """
    try:
        call = json.loads(await _body(request))
    except ValueError as error:
        raise HTTPException(400, "The call is not JSON.") from error
    if not isinstance(call, dict):
        raise HTTPException(400, "The call is not a JSON object.")
    return call


def _failed(action: str, error: Exception) -> JSONResponse | dict[str, Any]:
    """A failed validator makes the engine rewind the turn; any other action says that it failed.

    Without a text: the gateway takes it for a failed turn, apologises and offers to try again.
    """
    log.error("action %s failed: %s", action, type(error).__name__)
    if action.startswith("validate_"):
        return JSONResponse({"error": type(error).__name__, "action_name": action}, 400)
    return {"events": [], "responses": [{"custom": {"failed": type(error).__name__}}]}


async def run_call(executor: ActionExecutor, call: dict[str, Any]) -> JSONResponse | dict[str, Any]:
    """Runs one call of rasa's protocol within the deadline."""
    # A selective domain leaves the key out; the executor takes its absence for a stale digest.
    call.setdefault("domain", {})
    action = str(call.get("next_action") or "")
    try:
        async with asyncio.timeout(DEADLINE_S):
            result = await executor.run(call)
    except ActionExecutionRejection as error:
        return JSONResponse({"error": error.message, "action_name": error.action_name}, 400)
    except ActionNotFoundException as error:
        return JSONResponse({"error": error.message, "action_name": error.action_name}, 404)
    except Exception as error:  # whatever went wrong, the person gets the gateway's apology
        return _failed(action, error)
    return dict(result.model_dump()) if result else {"events": [], "responses": []}


@contextlib.asynccontextmanager
async def _scheduled(scheduler: Scheduler | None) -> AsyncIterator[None]:
    """Rounds of the scheduler for as long as the server is up."""
    rounds = asyncio.create_task(scheduler.run()) if scheduler else None
    try:
        yield
    finally:
        if rounds is not None:
            rounds.cancel()
            await asyncio.wait([rounds])


def create_app(
    engine: Engine,
    key: str,
    scheduler: Scheduler | None = None,
    peers_minimum: int = peers.MINIMUM,
) -> FastAPI:
    """The action server.

    Args:
        engine: The ledger's database.
        key: The internal key: callers carry it in ``x-florin-key``, and turn tokens are signed
            with it.
        scheduler: Tells people unasked, where anybody does.
        peers_minimum: How many others must have joined before anybody is compared with them.
    """
    app = FastAPI(
        title="Florin actions",
        lifespan=lambda _: _scheduled(scheduler),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    executor = executor_for(engine, key, peers_minimum)

    def caller(request: Request) -> None:
        given = request.headers.get("x-florin-key", "")
        if not hmac.compare_digest(given.encode(), key.encode()):
            raise HTTPException(401, "The internal key is missing or wrong.")

    only_ours = Annotated[None, Depends(caller)]

    @app.get("/health")
    async def health() -> dict[str, Any]:
        return {"status": "ok", "actions": len(executor.actions)}

    @app.post("/webhook", response_model=None)
    async def webhook(request: Request, _: only_ours) -> JSONResponse | dict[str, Any]:
        return await run_call(executor, await _call(request))

    @app.post("/context")
    def context(body: ContextRequest, _: only_ours) -> dict[str, Any]:
        try:
            with reading(engine) as connection:
                return context_of(Desk(connection, open_turn(key, body.scope)))
        except (ScopeError, UnknownPersonError) as error:
            raise HTTPException(403, "The turn's token does not hold.") from error

    @app.post("/chart", response_model=None)
    def chart(body: ChartRequest, _: only_ours) -> Response:
        # Few processes of this service ever draw: the engine behind it is loaded by the first.
        from actions.pictures.drawing import png  # noqa: PLC0415

        try:
            return Response(png(body.spec), media_type="image/png")
        except ValueError as error:
            raise HTTPException(422, "That is no chart that can be drawn.") from error

    @app.post("/export", response_model=None)
    def export(body: ExportRequest, _: only_ours) -> StreamingResponse:
        try:
            turn = open_turn(key, body.scope)
            query = query_from_json(body.query) if body.query is not None else None
            with reading(engine) as connection:
                people.get_person(connection, turn.person_id)
        except (ScopeError, UnknownPersonError) as error:
            raise HTTPException(403, "The turn's token does not hold.") from error
        except QueryFormatError as error:
            raise HTTPException(422, str(error)) from error
        return StreamingResponse(archive(engine, turn, query), media_type="application/zip")

    return app
