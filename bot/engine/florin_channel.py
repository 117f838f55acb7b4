"""The engine's only door: one JSON call per turn from the gateway, on loopback, and one that forgets.

Unlike Rasa's REST channel it takes the ready parse, keeps the action server's message whole, says with
a status when a turn is late (504) or failed (500), and asks for the internal key.
"""
import asyncio
import hmac
import logging
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request

logger = logging.getLogger(__name__)


class FlorinOutput(OutputChannel):
    """Collects a turn's messages as the action server sent them."""

    def __init__(self) -> None:
        self.messages: List[Dict[Text, Any]] = []

    @classmethod
    def name(cls) -> Text:
        return "florin"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        kept = {key: value for key, value in message.items() if value and key != "metadata"}
        if kept:
            self.messages.append(kept)


class FlorinInput(InputChannel):
    """`POST /webhooks/florin/webhook` with sender, text, parse_data, message_id and metadata.

    `POST /webhooks/florin/forget` with senders deletes everything that these conversations left.
    """

    def __init__(self, key: Text, deadline_seconds: float) -> None:
        self.key = key
        self.deadline_seconds = deadline_seconds

    @classmethod
    def name(cls) -> Text:
        return "florin"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> InputChannel:
        if not credentials or not credentials.get("key"):
            cls.raise_missing_credentials_exception()
        return cls(credentials["key"], float(credentials["deadline_seconds"]))

    def get_output_channel(self) -> OutputChannel:
        return FlorinOutput()

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        blueprint = Blueprint("florin_webhook")

        @blueprint.get("/")
        async def health(_: Request):
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request):
            if not self._may(request):
                return response.json({"error": "key"}, status=401)
            output = FlorinOutput()
            turn = asyncio.ensure_future(on_new_message(_message(request.json, output)))
            return await self._answer(turn, output)

        @blueprint.post("/forget")
        async def forget(request: Request):
            if not self._may(request):
                return response.json({"error": "key"}, status=401)
            agent = request.app.ctx.agent
            for sender in request.json["senders"]:
                # A late turn ends first: what it saves is forgotten with the rest.
                async with agent.lock_store.lock(sender):
                    _own(agent.tracker_store).forget(sender)
            return response.json({"forgotten": len(request.json["senders"])})

        return blueprint

    def _may(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("x-florin-key", ""), self.key)

    async def _answer(self, turn: "asyncio.Future[Any]", output: FlorinOutput):
        try:
            # Shielded: a late turn is still finished and saved, only its answer is late.
            await asyncio.wait_for(asyncio.shield(turn), self.deadline_seconds)
        except asyncio.TimeoutError:
            turn.add_done_callback(lambda late: late.exception())
            return response.json({"error": "late", "messages": output.messages}, status=504)
        except Exception as error:
            logger.error("A turn failed: %s", type(error).__name__)  # never the person's text
            return response.json({"error": "failed", "messages": output.messages}, status=500)
        return response.json({"messages": output.messages})


def _own(store: Any) -> Any:
    """Our own tracker store, inside of what Rasa wraps it in."""
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store


def _message(body: Dict[Text, Any], output: FlorinOutput) -> UserMessage:
    return UserMessage(
        body.get("text"),
        output,
        body["sender"],
        parse_data=body.get("parse_data"),
        input_channel=FlorinInput.name(),
        message_id=body.get("message_id"),
        metadata=body.get("metadata"),
    )
