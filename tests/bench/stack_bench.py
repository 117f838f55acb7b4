"""What a second start takes, what runs together, what NLU takes, what a newcomer downloads."""

import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import psutil

from florin.settings import ROOT
from tests.bench.figures import Figure, at_most, quantile
from tests.stack import RunningStack, running_stack

_PARSES = 300
_OWN_SIZE = "import florin.stack, psutil; print(psutil.Process().memory_full_info().pss)"
_MESSAGES = ROOT / "data" / "messages" / "uk.jsonl"


def measure() -> Iterator[Figure]:
    """Start the stack twice; the first makes what the second finds."""
    with tempfile.TemporaryDirectory() as folder:
        with running_stack(Path(folder)):
            pass
        begun = time.perf_counter()
        with running_stack(Path(folder)) as stack:
            yield at_most("second start, until ready", time.perf_counter() - begun, 20, "s")
            parses = list(_parses(stack))
            yield at_most("POST /model/parse, p50", quantile(parses, 0.5), 5, "ms")
            yield at_most("POST /model/parse, p95", quantile(parses, 0.95), 15, "ms")
            yield at_most("proportional set size, all processes", _memory(stack), 900, "MB")
    yield at_most("first start, downloads", _downloads(), 1000, "MB")


def _parses(stack: RunningStack) -> Iterator[float]:
    """Milliseconds of a parse over HTTP, each of another message."""
    address = stack.supervisor.address("nlu")
    headers = {"x-florin-key": stack.stack.internal_key}
    lines = _MESSAGES.read_text(encoding="utf-8").splitlines()[: 2 * _PARSES]
    with httpx.Client(base_url=address, headers=headers, trust_env=False) as client:
        for number, line in enumerate(lines):
            body = {"text": json.loads(line)["text"], "now": "2026-11-10T09:00:00+00:00"}
            begun = time.perf_counter()
            client.post("/model/parse", json=body).raise_for_status()
            if number >= _PARSES:  # the first half warms caches, as a day's traffic does
                yield (time.perf_counter() - begun) * 1000


def _memory(stack: RunningStack) -> float:
    """Proportional set size in MB of the services and of the process that watches them."""
    pids = [process.pid for process in stack.supervisor.running.values()]
    watched = [psutil.Process(pid).memory_full_info().pss for pid in pids]
    idle = subprocess.run(
        [sys.executable, "-c", _OWN_SIZE],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return (sum(watched) + int(idle.stdout)) / 1e6


def _downloads() -> float:
    """Megabytes of both environments' packages, by the sizes in the lock files uv wrote here."""
    modern = _wheels(ROOT / "uv.lock", "cp311", _needed())
    return modern + _wheels(ROOT / "bot" / "engine" / "uv.lock", "cp310", None)


def _needed() -> set[str]:
    """Names of what `uv run` installs: no optional extra."""
    exported = subprocess.run(
        ["uv", "export", "--no-hashes", "--quiet"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(re.findall(r"^([A-Za-z0-9_.-]+)==", exported.stdout, re.MULTILINE))


def _wheels(lock: Path, python: str, only: set[str] | None) -> float:
    packages: Sequence[dict[str, Any]] = tomllib.loads(lock.read_text())["package"]
    fits = re.compile(rf"none-any|{python}-.*manylinux.*x86_64|(abi3|py3-none)-manylinux.*x86_64")
    total = 0
    for package in packages:
        if only is not None and package["name"] not in only:
            continue
        sizes = [
            w["size"] for w in package.get("wheels", []) if fits.search(w["url"]) and "size" in w
        ]
        total += min(sizes, default=package.get("sdist", {}).get("size", 0))
    return total / 1e6
