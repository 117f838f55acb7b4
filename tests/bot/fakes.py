"""NLU, actions, engine and intake as small apps that speak the seams and can be made to fail."""

import asyncio
import json
import time
from collections import defaultdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ledger.crypto import open_turn

KEY = "internal-key-of-the-tests"
PNG = b"\x89PNG\r\n\x1a\n"


class Fakes:
    """What the services answer, and what they were asked.

    `modes[service]` is `ok`, `hang`, `error`, `garbage` or `empty`; `failures[service]` counts down
    calls that answer 500 first.
    """

    def __init__(self) -> None:
        self.modes: dict[str, str] = defaultdict(lambda: "ok")
        self.failures: dict[str, int] = defaultdict(int)
        self.calls: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.seconds: dict[str, float] = defaultdict(float)
        self.in_flight: dict[str, int] = defaultdict(int)
        self.most_in_flight: dict[str, int] = defaultdict(int)
        self.reply: dict[str, Any] | None = None
        self.imported: dict[str, Any] = {"added": 3, "matched": 0, "held": 0, "rejected": 0}
        self.imported_status = 200
        self.exported = b""
        self.app = Starlette(
            routes=[
                Route("/context", self._route("actions", self._context), methods=["POST"]),
                Route("/model/parse", self._route("nlu", self._parse), methods=["POST"]),
                Route(
                    "/webhooks/florin/webhook",
                    self._route("engine", self._dialogue),
                    methods=["POST"],
                ),
                Route(
                    "/webhooks/florin/forget",
                    self._route("forget", self._forgotten),
                    methods=["POST"],
                ),
                Route("/export", self._route("export", self._export), methods=["POST"]),
                Route("/chart", self._route("charts", self._chart), methods=["POST"]),
                Route("/imports", self._route("intake", self._imports), methods=["POST"]),
            ]
        )

    def _route(self, service: str, answer: Any) -> Any:
        async def handle(request: Request) -> Response:
            if request.headers.get("x-florin-key") != KEY:
                return JSONResponse({"error": "key"}, 401)
            body = await request.json()
            self.calls[service].append(body)
            if self.failures[service] > 0:
                self.failures[service] -= 1
                return JSONResponse({"error": "boom"}, 500)
            mode = self.modes[service]
            if mode == "hang":
                await asyncio.sleep(60)
            if mode == "error":
                return JSONResponse({"error": "Traceback: secret"}, 500)
            if mode == "garbage":
                return Response("<html>", media_type="text/html")
            if self.seconds[service]:
                await asyncio.sleep(self.seconds[service])
            return await answer(body, mode)

        return handle

    async def _context(self, body: dict[str, Any], _: str) -> Response:
        person = open_turn(KEY, body["scope"]).person_id
        return JSONResponse({"currency": "GBP", "locale": "GB", "accounts": [], "of": person})

    async def _parse(self, body: dict[str, Any], mode: str) -> Response:
        if mode == "empty":
            return JSONResponse({})
        intent = {"name": "spending_total", "confidence": 0.9}
        return JSONResponse(
            {
                "text": body["text"],
                "intent": intent,
                "intent_ranking": [intent],
                "entities": [],
                "route": "model",
                "model": "hash-of-all",
            }
        )

    async def _dialogue(self, body: dict[str, Any], mode: str) -> Response:
        sender = body["sender"]
        self.in_flight[sender] += 1
        self.most_in_flight[sender] = max(self.most_in_flight[sender], self.in_flight[sender])
        await asyncio.sleep(0.01)
        self.in_flight[sender] -= 1
        if mode == "empty":
            return JSONResponse({"messages": []})
        return JSONResponse({"messages": [self.reply or self._echo(body)]})

    def _echo(self, body: dict[str, Any]) -> dict[str, Any]:
        turn = open_turn(KEY, body["metadata"]["scope"])
        previous = body["metadata"]["previous"] or {"count": 0}
        count = previous.get("count", 0) + 1
        intent = body["parse_data"]["intent"]["name"]
        said = f"{turn.person_id} said “{body['text']}” ({intent})"
        return {
            "text": said,
            "buttons": [
                {"title": "Why?", "payload": json.dumps({"intent": "show_more", "entities": []})}
            ],
            "custom": {
                "reply": said,
                "intent": intent,
                "confidence": 0.9,
                "query": {"measure": "spending_total"},
                "figures": [{"name": "total", "minor": 100 * count, "currency": "GBP"}],
                "transactions": [f"row-{count}"],
                "memory": {"intent": "spending_total", "count": count, "text": body["text"]},
                "action": "action_followup" if intent == "show_more" else "action_spending",
            },
        }

    async def _chart(self, body: dict[str, Any], _: str) -> Response:
        return Response(PNG + json.dumps(body["spec"]).encode(), media_type="image/png")

    async def _forgotten(self, body: dict[str, Any], _: str) -> Response:
        return JSONResponse({"forgotten": len(body["senders"])})

    async def _export(self, body: dict[str, Any], _: str) -> Response:
        open_turn(KEY, body["scope"])
        return Response(self.exported, media_type="application/zip")

    async def _imports(self, body: dict[str, Any], _: str) -> Response:
        open_turn(KEY, body["scope"])
        return JSONResponse(self.imported, self.imported_status)


def until(condition: Any, seconds: float = 10.0) -> Any:
    """Wait for a condition; its value once it holds."""
    latest = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < latest, "it did not happen in time"
        time.sleep(0.01)
    return value
