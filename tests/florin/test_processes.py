"""A supervisor's children live and die with it."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from florin.errors import ServiceFailedError
from florin.processes import Service, Supervisor, free_ports

_SERVER = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def _service(name: str) -> Service:
    port = free_ports(1)[0]
    command = [sys.executable, "-c", _SERVER, str(port)]
    return Service(name, command, {"PATH": os.environ["PATH"]}, f"http://127.0.0.1:{port}/health")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path)
    yield made
    made.stop()


def test_services_start_answer_and_stop(supervisor: Supervisor) -> None:
    supervisor.start([_service("one"), _service("two")])
    supervisor.wait_until_healthy(20)
    pids = [process.pid for process in supervisor.running.values()]
    supervisor.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_service_that_was_killed_is_started_again(supervisor: Supervisor) -> None:
    supervisor.start([_service("one")])
    supervisor.wait_until_healthy(20)
    supervisor.running["one"].kill()
    supervisor.running["one"].wait()
    revived: list[str] = []
    until = time.monotonic() + 10
    while not revived and time.monotonic() < until:
        revived = supervisor.revive()
        time.sleep(0.05)
    assert revived == ["one"]
    supervisor.wait_until_healthy(20)


def test_a_service_that_ends_at_once_is_named_with_its_log(supervisor: Supervisor) -> None:
    broken = Service(
        "broken", [sys.executable, "-c", "raise SystemExit(3)"], {}, "http://127.0.0.1:9/"
    )
    supervisor.start([broken])
    with pytest.raises(
        ServiceFailedError, match=r"broken stopped while starting; see .*broken\.log"
    ):
        supervisor.wait_until_healthy(20)


def test_children_die_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from florin.processes import Service, Supervisor
        supervisor = Supervisor(Path(sys.argv[1]))
        supervisor.start([Service("sleeper", ["sleep", "60"], {"PATH": "/usr/bin:/bin"}, "http://127.0.0.1:9/")])
        print(supervisor.running["sleeper"].pid, flush=True)
        time.sleep(60)
        """
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 10
    while psutil.pid_exists(child) and time.monotonic() < until:
        time.sleep(0.05)
    gone = not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE
    assert gone
