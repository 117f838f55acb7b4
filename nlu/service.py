"""The NLU service: `POST /model/parse`, `/intent` and `/entities`, on loopback with the key."""

import asyncio
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from encoder.memory import give_back
from nlu.errors import BadRequestError
from nlu.reading import read_request
from nlu.serving import entity_json, open_nlu, to_json
from nlu.types import Request

LARGEST = 1 << 20
"""Bytes of a request; a person's whole context is a tenth of it."""
Answer = Callable[[Request], dict[str, Any]]


def create_app(registry_root: Path, key: str) -> Starlette:
    """The NLU service.

    Args:
        registry_root: Where released models lie; the service follows the registry's pointers.
        key: The internal key that callers show in ``x-florin-key``.
    """
    nlu = open_nlu(registry_root)
    give_back()  # what reading the tables took for a moment

    def parse(request: Request) -> dict[str, Any]:
        return to_json(nlu.parse(request))

    def intent(request: Request) -> dict[str, Any]:
        found = nlu.intent(request)
        ranking = [ranked._asdict() for ranked in found.ranking]
        return {
            "text": request.text, "intent": found.intent._asdict(),
            "intent_ranking": ranking, "route": found.route, "models": dict(nlu.models),
        }  # fmt: skip

    def entities(request: Request) -> dict[str, Any]:
        found = [entity_json(entity) for entity in nlu.entities(request)]
        return {"text": request.text, "entities": found, "models": dict(nlu.models)}

    async def health(_: HttpRequest) -> Response:
        return _json({"status": "ok", "models": dict(nlu.models)})

    routes = [
        Route("/model/parse", _endpoint(parse, key), methods=["POST"]),
        Route("/intent", _endpoint(intent, key), methods=["POST"]),
        Route("/entities", _endpoint(entities, key), methods=["POST"]),
        Route("/health", health),
    ]
    return Starlette(routes=routes)


def _endpoint(answer: Answer, key: str) -> Any:
    async def endpoint(http: HttpRequest) -> Response:
        if not hmac.compare_digest(http.headers.get("x-florin-key", "").encode(), key.encode()):
            return _json({"error": "The internal key is missing or wrong."}, 401)
        body = await http.body()
        if len(body) > LARGEST:
            return _json({"error": "The request is too large."}, 413)
        try:
            request = read_request(orjson.loads(body), datetime.now(UTC))
        except (BadRequestError, orjson.JSONDecodeError) as error:
            return _json({"error": str(error)}, 400)
        return _json(await asyncio.to_thread(answer, request))

    return endpoint


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
