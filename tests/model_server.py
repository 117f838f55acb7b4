"""A local server that speaks the chat-completions protocol, well or badly as a test asks."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

Answer = Callable[[dict[str, Any]], Any]
"""Given the request's body, what the model writes; an object is sent as JSON."""


@dataclass(frozen=True)
class Status:
    """The server answers with an HTTP status instead of a completion."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Slow:
    """The server waits before it answers, or between every few bytes of its answer."""

    seconds: float
    drips: bool = False


@dataclass(frozen=True)
class Body:
    """The server sends this instead of a completion."""

    raw: bytes


class ModelServer:
    """What the server was asked, and what it does next.

    Attributes:
        answer: What the model writes.
        next: Mishaps for the coming requests, the first one first; then it answers well.
        requests: The bodies that came.
        keys: The authorization headers that came.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.next: list[Status | Slow | Body] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.base_url = ""

    @property
    def asked(self) -> list[str]:
        """The users' messages that came."""
        return [request["messages"][-1]["content"] for request in self.requests]


def _completion(content: Any) -> bytes:
    text = content if isinstance(content, str | None) else json.dumps(content)
    return json.dumps(
        {
            "id": "c1",
            "object": "chat.completion",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"content": text}},
            ],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }
    ).encode()


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.requests.append(body)
            server.keys.append(self.headers.get("authorization"))
            mishap = server.next.pop(0) if server.next else None
            if self.path != "/v1/chat/completions":
                mishap = Status(404)
            try:
                self._reply(mishap, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _reply(self, mishap: Status | Slow | Body | None, body: dict[str, Any]) -> None:
            if isinstance(mishap, Status):
                self.send_response(mishap.code)
                for name, value in mishap.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()
                return
            raw = mishap.raw if isinstance(mishap, Body) else _completion(server.answer(body))
            if isinstance(mishap, Slow) and not mishap.drips:
                time.sleep(mishap.seconds)
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            step = 20 if isinstance(mishap, Slow) and mishap.drips else len(raw)
            for start in range(0, len(raw), step):
                if isinstance(mishap, Slow) and mishap.drips:
                    time.sleep(mishap.seconds)
                self.wfile.write(raw[start : start + step])
                self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            """Nothing is logged."""

    return Handler


@contextmanager
def model_server(answer: Answer) -> Iterator[ModelServer]:
    """Runs the server on a free port of loopback."""
    server = ModelServer(answer)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    server.base_url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        with patch.dict(os.environ, {"NO_PROXY": "127.0.0.1"}):
            yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
