"""The stack as other commands see it: the one that runs, or one of their own for a while."""

import json
import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
from filelock import FileLock, Timeout

from florin import prepare
from florin.errors import FlorinError, PortInUseError
from florin.processes import Supervisor, free_ports
from florin.services import Addresses, services
from florin.settings import Settings

_START_SECONDS = 90.0


@dataclass(frozen=True)
class Stack:
    """A stack that answers.

    Attributes:
        gateway_url: Where the gateway listens.
        internal_key: What the internal routes ask for.
        pid: The supervisor's process.
    """

    gateway_url: str
    internal_key: str
    pid: int


def _state_file(settings: Settings) -> Path:
    return settings.run_dir / "stack.json"


def running(settings: Settings) -> Stack | None:
    """The stack that another process keeps up for this data folder, or None."""
    try:
        stack = Stack(**json.loads(_state_file(settings).read_text()))
        answer = httpx.get(f"{stack.gateway_url}/health", timeout=3.0, trust_env=False)
    except (OSError, ValueError, TypeError, httpx.HTTPError):
        return None
    return stack if answer.status_code == httpx.codes.OK else None


def _write_state(settings: Settings, stack: Stack) -> None:
    file = _state_file(settings)
    draft = file.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(stack)))
    draft.replace(file)


def require_port(host: str, port: int) -> None:
    """Make sure that the gateway can listen.

    Raises:
        PortInUseError: Another program listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUseError(
                f"Port {port} on {host} is in use; stop the other program or set FLORIN_PORT."
            ) from error


@contextmanager
def started(
    settings: Settings, progress: Callable[[str], None], port: int
) -> Iterator[tuple[Stack, Supervisor]]:
    """Prepare what is missing, start every service, stop all at the end.

    Args:
        settings: Where everything lies.
        progress: Told each step in a few words.
        port: The gateway's port.

    Raises:
        FlorinError: One clear sentence; nothing is left running.
    """
    require_port(settings.host, port)
    prepare.folders(settings)
    lock = FileLock(settings.run_dir / "stack.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise FlorinError(
            f"Florin is already starting or running on {settings.home}; stop it or set FLORIN_HOME."
        ) from error
    supervisor = Supervisor(settings.logs_dir)
    try:
        model = prepare.everything(settings, progress)
        key = secrets.token_urlsafe(32)
        supervisor.start(services(settings, Addresses.choose(port), key, model))
        progress("services starting")
        supervisor.wait_until_healthy(_START_SECONDS)
        stack = Stack(f"http://{settings.local_host}:{port}", key, os.getpid())
        _write_state(settings, stack)
        yield stack, supervisor
    finally:
        supervisor.stop()
        _state_file(settings).unlink(missing_ok=True)
        lock.release()


@contextmanager
def stack(settings: Settings) -> Iterator[Stack]:
    """The running stack, or one of our own on a free port until the block ends."""
    found = running(settings)
    if found is not None:
        yield found
        return
    port = free_ports(1)[0]
    # A stack for a few questions takes no messages off Telegram: it could end before it answers.
    alone = settings.model_copy(update={"telegram_token": None, "proactive": False})
    with started(alone, lambda line: print(line, file=sys.stderr), port) as (own, _):
        yield own
