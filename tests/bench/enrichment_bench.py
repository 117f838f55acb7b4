"""What enrichment costs: one row, many rows, the text model beside a Redis GET, a large import."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from multiprocessing import get_context
from typing import Any

from enrichment.decide import decide
from enrichment.models import Models, load
from enrichment.pipeline import enrich
from enrichment.text_model import hashes_many
from florin.settings import Settings
from jobs.enrichment import ensure_quick
from jobs.enrichment_text import Silver, read_silver
from ledger.types import Account, Transaction
from registry import Registry
from tests.bench.figures import Figure, at_least, at_most, quantile

ROWS = 100_000
DISTINCT = 30_000
_BATCH = 5_000
_SINGLE = 600
_ASKED = 800
_ACCOUNTS = [Account(f"a{n}", "Monzo", "checking", "GBP", f"Account {n}") for n in range(4)]
_TOWNS = ("LEEDS", "YORK", "LONDON", "BRISTOL", "MANCHESTER", "BATH", "HULL", "DERBY")


def measure() -> Iterator[Figure]:
    """Costs of layers 1 and 2, on lines whose like the model was fitted on."""
    settings = Settings()
    registry = Registry(settings.registry_dir)
    name = ensure_quick(registry, settings.data_dir, lambda _: None)
    models = load(registry.path("enrichment", name))
    silver = read_silver(settings.data_dir, models.index)
    random.Random(7).shuffle(silver)
    second = replace(models, third=None)
    enrich(_ACCOUNTS, _rows(_varied(silver[:50], 50), 50), models)
    yield from _single(silver[-_SINGLE:], second)
    yield from _text(silver[-_SINGLE:], models)
    distinct = _rows(_varied(silver, _BATCH), _BATCH)
    spent = _seconds(lambda: enrich(_ACCOUNTS, distinct, second))
    yield Figure("rows that all differ, a second of one core", f"{_BATCH / spent:,.0f} rows")
    yield from _on_two_cores(name)
    yield from _third(silver, models)
    many = _rows(_varied(silver, DISTINCT), ROWS)
    spent = _seconds(lambda: enrich(_ACCOUNTS, many, second))
    # Half of the 10,000 that two cores are to do in a second.
    yield at_least("30 % of rows differ, a second of one core", ROWS / spent, 5_000, "rows")
    begun = time.perf_counter()
    enrich(_ACCOUNTS, many, models)
    waited = time.perf_counter() - begun
    yield at_most("100,000 rows with 30,000 distinct descriptors, wall time", waited, 90, "s")


def _on_two_cores(name: str) -> Iterator[Figure]:
    """Rows a second when two processes enrich at once, each a history of its own."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(_enrich_half, [name] * 2, [50] * 2, [50] * 2))
        for said, distinct, count in (
            ("rows that all differ", _BATCH, _BATCH),
            ("30 % of rows differ", DISTINCT, ROWS),
        ):
            halves = list(pool.map(_enrich_half, [name] * 2, [distinct] * 2, [count] * 2))
            waited = max(ended for _, ended, _ in halves) - min(begun for begun, _, _ in halves)
            yield at_least(f"{said}, a second of two cores", 2 * count / waited, 10_000, "rows")
            # What the two would do if nobody else were on the machine.
            by_cpu = sum(count / spent for _, _, spent in halves)
            yield Figure(f"{said}, a second of processor time of two cores", f"{by_cpu:,.0f} rows")


def _enrich_half(name: str, distinct: int, count: int) -> tuple[float, float, float]:
    """When one history was begun and ended, by the clock of all processes, and its CPU time."""
    models, lines = _loaded(name)
    rows, second = _rows(lines[:distinct], count), replace(models, third=None)
    begun = time.monotonic()
    spent = _seconds(lambda: enrich(_ACCOUNTS, rows, second))
    return begun, time.monotonic(), spent


@cache
def _loaded(name: str) -> tuple[Models, list[str]]:
    settings = Settings()
    models = load(Registry(settings.registry_dir).path("enrichment", name))
    silver = read_silver(settings.data_dir, models.index)
    random.Random(7).shuffle(silver)
    return models, _varied(silver, DISTINCT)


def _third(silver: list[Silver], models: Models) -> Iterator[Figure]:
    """What the small language model costs for each distinct text."""
    if models.third is None:
        yield Figure("layer 3", "skipped: no head was released")
        return
    texts = list(dict.fromkeys(line.reading.text for line in silver if line.reading.text))
    models.third.probabilities(texts[:50], models.frame.classes)
    asked = texts[50 : 50 + _ASKED]
    begun = time.perf_counter()
    models.third.probabilities(asked, models.frame.classes)
    rate = len(asked) / (time.perf_counter() - begun)
    yield at_least("layer 3, distinct texts a second of two cores", rate, 400, "texts")


def _seconds(work: Callable[[], Any]) -> float:
    """CPU time: what others do on the machine must not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _single(lines: list[Silver], models: Models) -> Iterator[Figure]:
    account = _ACCOUNTS[0]
    rows = _rows([line.description for line in lines], len(lines))
    spent = [1_000 * _seconds(partial(decide, [(row, account)], models)) for row in rows]
    yield at_most("one row, layers 1 and 2, p50 of CPU", quantile(spent, 0.5), 0.4, "ms")
    yield Figure("one row, layers 1 and 2, p95 of CPU", f"{quantile(spent, 0.95):.3g} ms")


def _text(lines: list[Silver], models: Models) -> Iterator[Figure]:
    read = [(line.reading.text, line.reading.tokens) for line in lines]

    def scored(texts: list[tuple[str, tuple[str, ...]]]) -> float:
        return 1e6 * _seconds(lambda: models.text.probabilities(hashes_many(texts)))

    spent = [scored([one]) for one in read]
    alone = quantile(spent, 0.5)
    whole = scored(read) / len(read)
    yield Figure("text model, a text of a batch", f"{whole:.3g} µs")
    url = os.environ.get("FLORIN_TEST_REDIS_URL")
    if not url:
        yield Figure("text model, one text, p50", f"{alone:.3g} µs")
        return
    import redis

    client = redis.Redis.from_url(url)
    client.set("florin:bench", "groceries.supermarket")
    got = statistics.median(_waited(lambda: client.get("florin:bench")) for _ in range(999))
    client.delete("florin:bench")
    yield at_most("text model, one text, CPU, beside a Redis GET", alone, round(got, 1), "µs")
    yield at_most(
        "text model, a text of a batch, CPU, beside a Redis GET", whole, round(got, 1), "µs"
    )


def _waited(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return 1e6 * (time.perf_counter() - start)


def _varied(silver: list[Silver], count: int) -> list[str]:
    """Descriptions that all differ: silver lines, then with store numbers and towns."""
    draw = random.Random(11)
    found = dict.fromkeys(line.description for line in silver[:count])
    while len(found) < count:
        name = draw.choice(silver).description[:40]
        found[f"{name} {draw.randint(100, 9999)} {draw.choice(_TOWNS)}"] = None
    return list(found)


def _rows(descriptions: list[str], count: int) -> list[Transaction]:
    """Rows of ten years, each description at least once, some far more often than others."""
    draw = random.Random(13)
    often = [int(len(descriptions) * draw.random() ** 3) for _ in range(count - len(descriptions))]
    said = descriptions + [descriptions[n] for n in often]
    draw.shuffle(said)
    first = date(2016, 1, 1)
    return [
        Transaction(
            f"t{n}", f"a{n % 4}", first + timedelta(days=n * 3650 // count), text,
            -draw.randint(100, 20_000), "GBP",
        )
        for n, text in enumerate(said)
    ]  # fmt: skip
