"""ASGI apps on real ports, for tests."""

import socket
import threading
import time

import uvicorn
from starlette.types import ASGIApp


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """An app served by uvicorn on a thread; an `abrupt` one drops what it is doing at the end."""

    def __init__(self, app: ASGIApp, port: int | None = None, *, abrupt: bool = False) -> None:
        self._abrupt = abrupt
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=self.port,
            log_level="critical" if abrupt else "warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> "Server":
        self._thread.start()
        latest = time.monotonic() + 10
        while not self._server.started:
            assert self._thread.is_alive(), "the server ended at start"
            assert time.monotonic() < latest, "the server did not start"
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = self._abrupt
        self._thread.join(10)

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
