"""What happened in a turn, stage by stage, for support and for replay. It is never logged."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.answer import Reply
from ledger.inbox import Claimed

Json = dict[str, Any]

_RANKED = 5


class Trace:
    """Collects a turn's facts and the milliseconds of its stages.

    Attributes:
        stage: The stage the turn is in, or was in when it failed.
        parse: The parse that was handed to the engine, once there is one.
        text: What was asked, as it is shown: a button's title, a file's name.
    """

    def __init__(self, claimed: Claimed) -> None:
        message = claimed.message
        self.stage = "claim"
        self.parse: Json = {}
        self.text = message.body if message.kind == "text" else ""
        self.previous: Json | None = None
        self.notes: Json = {"attempts": claimed.attempts}
        self._ms: dict[str, float] = {}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Measure a stage."""
        self.stage = stage
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._ms[stage] = round((time.perf_counter() - begun) * 1000, 2)

    def to_json(self, claimed: Claimed, reply: Reply) -> Json:
        """The trace as it is stored with the turn."""
        message, facts = claimed.message, reply.facts
        parse = dict(self.parse)
        if "intent_ranking" in parse:
            parse["intent_ranking"] = parse["intent_ranking"][:_RANKED]
        return {
            "channel": message.channel,
            "kind": message.kind,
            "text": self.text,
            "now": message.now.isoformat(),
            "previous": self.previous,
            "parse": parse,
            "query": facts.get("query"),
            "action": facts.get("action"),
            "rows": facts.get("transactions") or [],
            "figures": facts.get("figures") or [],
            "reply": reply.text,
            "failed": {"stage": self.stage, "error": reply.failed} if reply.failed else None,
            "ms": self._ms,
            **self.notes,
        }
