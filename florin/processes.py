"""Child processes that live and die with their supervisor."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from florin.errors import ServiceFailedError

_DEATH_SIGNAL = 1
"""Linux's PR_SET_PDEATHSIG: the kernel ends a child whose parent was killed."""
_STOP_SECONDS = 8.0
_POLL_SECONDS = 0.1
_LOOK_SECONDS = 5.0
_MISSED_LOOKS = 3
"""A service that lives but misses this many looks in a row hangs; it is ended and started again."""
_RESTART_SECONDS = (0.2, 1.0, 5.0)
"""Pauses before a service that died is started again; the last one repeats."""


@dataclass(frozen=True)
class Service:
    """One process of the stack.

    Attributes:
        name: Its name in messages and of its log.
        command: What is run.
        environment: All that the process may know.
        health: Address that answers 200 once it serves.
        folder: Working folder, if it needs one.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    health: str
    folder: Path | None = None


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def die_with_parent() -> None:
    """Have the kernel end this process once its parent is killed, where the kernel can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)


def _launch(service: Service, logs: Path) -> subprocess.Popen[bytes]:
    with (logs / f"{service.name}.log").open("ab") as log:
        # A session of its own: Ctrl-C reaches the supervisor alone, who stops the others in order.
        return subprocess.Popen(  # noqa: S603
            list(service.command),
            cwd=service.folder,
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the children start before any thread
        )


@dataclass
class Supervisor:
    """Starts services, starts again what dies, stops all.

    Attributes:
        logs: Folder of the logs.
        running: The processes by service name.
    """

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _services: dict[str, Service] = field(default_factory=dict)
    _deaths: dict[str, list[float]] = field(default_factory=dict)
    _missed: dict[str, int] = field(default_factory=dict)
    _looked: float = 0.0
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, services: Sequence[Service]) -> None:
        """Start the services together; none of them is waited for."""
        for service in services:
            self._services[service.name] = service
            self.running[service.name] = _launch(service, self.logs)

    def address(self, name: str) -> str:
        """Base address of a service."""
        return self._services[name].health.removesuffix("/health")

    def wait_until_healthy(self, seconds: float) -> None:
        """Wait until each service answers.

        Raises:
            ServiceFailedError: One ended or stayed silent; the sentence names its log.
        """
        deadline = time.monotonic() + seconds
        waiting = dict(self._services)
        while waiting:
            for name, service in list(waiting.items()):
                if self.running[name].poll() is not None:
                    raise ServiceFailedError(
                        f"{name} stopped while starting; see {self.logs / f'{name}.log'}."
                    )
                if _answers(service.health):
                    del waiting[name]
            if waiting and time.monotonic() > deadline:
                slow = ", ".join(waiting)
                raise ServiceFailedError(
                    f"{slow} did not answer in {seconds:.0f} s; see {self.logs}."
                )
            time.sleep(_POLL_SECONDS)

    def revive(self) -> list[str]:
        """Start again what has died or hangs since the last look, and return the names.

        The pause before a new start grows with the deaths of the last minute.
        """
        revived = []
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            self._end_hanging()
        for name, process in list(self.running.items()):
            if process.poll() is None or self._stopping.is_set():
                continue
            deaths = self._deaths.setdefault(name, [now])
            deaths[:] = [at for at in deaths if now - at < 60] or [now]
            pause = _RESTART_SECONDS[min(len(deaths), len(_RESTART_SECONDS)) - 1]
            if now - deaths[-1] >= pause:
                deaths.append(now)
                self.running[name] = _launch(self._services[name], self.logs)
                revived.append(name)
        return revived

    def _end_hanging(self) -> None:
        for name, service in self._services.items():
            silent = self.running[name].poll() is None and not _answers(service.health)
            self._missed[name] = self._missed.get(name, 0) + 1 if silent else 0
            if self._missed[name] >= _MISSED_LOOKS:
                self._missed[name] = 0
                _signal(self.running[name], signal.SIGKILL)
                self.running[name].wait()

    def stop(self) -> None:
        """Ask every process to end, then end what is left, with all its children."""
        self._stopping.set()
        for process in self.running.values():
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in self.running.values():
            _signal(process, signal.SIGKILL)
            process.wait()
        self.running.clear()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
