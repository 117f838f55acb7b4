"""What the NLU service takes in memory, with every model loaded: its own process, real requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil

from florin.settings import ROOT, Settings
from jobs.extractor import Recipe, train
from jobs.intents import ensure_quick
from registry import Registry
from tests.bench.figures import Figure, at_most, quantile
from tests.serving import free_port

_KEY = "bench"
_ASKED = 1_500
_MESSAGES = ROOT / "data" / "messages" / "uk.jsonl"
_SMALL = Recipe(sentences=400, messages=200, epochs=1)  # its size is that of a longer training


def measure() -> Iterator[Figure]:
    """Start the service on a fresh registry with a quick intent model and an NER; ask it a lot."""
    settings = Settings()
    kept = Registry(settings.registry_dir)
    quick = ensure_quick(kept, settings.data_dir, lambda _: None)
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry(Path(folder))
        registry.switch("intents", registry.publish("intents", kept.path("intents", quick)))
        registry.switch("extractor", train(registry, settings.data_dir, _SMALL, lambda _: None))
        yield from _served(registry)


def _served(registry: Registry) -> Iterator[Figure]:
    port = free_port()
    config = {"key": _KEY, "registry": str(registry.root), "port": port}
    process = subprocess.Popen(
        [sys.executable, "-m", "florin.serve", "nlu"],
        cwd=ROOT,
        env={**os.environ, "FLORIN_SERVICE": json.dumps(config)},
    )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"x-florin-key": _KEY}, trust_env=False
        ) as client:
            _wait(client)
            routes = [_route(client, text) for text in _texts()]
        size = psutil.Process(process.pid).memory_info().rss / 1e6
    finally:
        process.terminate()
        process.wait(10)
    second = sum(1 for route, _ in routes if route == "second")
    assert second, "no message went to the second layer, so its memory was not measured"
    yield at_most("resident memory of the NLU service, second layer loaded", size, 300, "MB")
    took = [milliseconds for _, milliseconds in routes[_ASKED // 2 :]]
    yield Figure("POST /model/parse, alone on the machine, p50", f"{quantile(took, 0.5):.3g} ms")


def _wait(client: httpx.Client) -> None:
    latest = time.monotonic() + 60
    while time.monotonic() < latest:
        try:
            client.get("/health").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("The NLU service did not start within a minute.")


def _texts() -> list[str]:
    lines = _MESSAGES.read_text(encoding="utf-8").splitlines()[:_ASKED]
    return [json.loads(line)["text"] for line in lines]


def _route(client: httpx.Client, text: str) -> tuple[str, float]:
    """Which layer answered, and milliseconds."""
    begun = time.perf_counter()
    answer = client.post("/model/parse", json={"text": text, "now": "2026-11-10T09:00:00+00:00"})
    answer.raise_for_status()
    route: str = answer.json()["route"]
    return route, (time.perf_counter() - begun) * 1000
