"""What the extractor costs and finds, with dateparser as the peer for periods."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateparser.search import search_dates

from jobs.extractor_cases import read_cases, resolved
from jobs.extractor_report import evaluate
from jobs.golden import read_golden
from nlu.extract import Extractor
from tests.bench.figures import Figure, at_least, at_most, quantile

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
LETTERS = "aeiouaeioubcdfghlmnprstvwy"
SIZES = (3, 4, 5, 6, 8, 11)
HOSTILE = (
    "!" * 4096,
    "1 " * 2048,
    "may " * 1024,
    "from 1 to 2 and " * 250,
    "2 weeks before " * 270,
    "the first week of " * 230,
    "one hundred and " * 256,
    "wedneday febuery " * 240,
    "£20-30 quid " * 340,
    "12 / 31 / 2026 31. 2. 2026 " * 150,
    "e\u0301" * 2048,
    "a week on a week last tuesday " * 140,
    "the 3 months to the year ending " * 130,
    "two fridays ago three summers back " * 120,
    "how close am i to save for the " * 130,
    "the harrow garage vets nails " * 140,
    "eid ramadan hanukkah diwali " * 150,
    "shop.co.uk.com-" * 270,
)


def measure() -> Iterator[Figure]:
    """Costs, golden spans, the public date sentences where `FLORIN_SHARED` names their folder."""
    extractor = Extractor.load(None)
    yield from _costs(extractor)
    golden = [row for row in read_golden(ROOT / "data" / "golden") if row.part == "report"]
    scores = evaluate(extractor, golden, NOW)
    yield at_least("span F1 on golden (report), exact", 100 * scores["all"].f1, 88, "%")
    yield at_least("merchants, span F1", 100 * scores["merchant"].f1, 85, "%")
    yield at_least("amounts, span F1", 100 * scores["amount"].f1, 92, "%")
    for kind, score in resolved(extractor, read_cases(ROOT / "tests" / "cases")).items():
        share = f"{100 * score.accuracy:.3g} % of {score.wanted}"
        yield Figure(f"resolved on the table of messages, {kind}", share)
    shared = os.environ.get("FLORIN_SHARED")
    if shared:
        yield from _dates(extractor, Path(shared) / "bench" / "dates")


def _costs(extractor: Extractor) -> Iterator[Figure]:
    texts = [
        json.loads(line)["text"]
        for file in sorted((ROOT / "data" / "messages").glob("*.jsonl"))
        for line in file.open(encoding="utf-8")
    ]
    spent = [_cpu(lambda text=text: extractor.extract(text, NOW)) for text in texts]
    yield at_most("one message, p50 of CPU", quantile(spent, 0.5), 2, "ms")
    yield at_most("one message, p95 of CPU", quantile(spent, 0.95), 6, "ms")
    peer = [_cpu(lambda text=text: search_dates(text, languages=["en"])) for text in texts[:300]]
    yield Figure("dateparser, p50 of CPU", f"{quantile(peer, 0.5):.3g} ms")
    yield Figure("dateparser, p95 of CPU", f"{quantile(peer, 0.95):.3g} ms")
    worst = max(_least(extractor, (text for _ in range(3))) for text in HOSTILE)
    yield at_most("hostile message of 4,096 characters, CPU", worst, 50, "ms")
    rng = random.Random(5)
    worst = max(_least(extractor, (_misspelt(rng, size) for _ in range(3))) for size in SIZES)
    yield at_most("4,096 characters of words never seen before, CPU", worst, 50, "ms")


def _least(extractor: Extractor, texts: Iterable[str]) -> float:
    """The least of some readings, since other work on the machine only adds."""
    return min(_cpu(lambda text=text: extractor.extract(text[:4096], NOW)) for text in texts)


def _misspelt(rng: random.Random, size: int) -> str:
    """Words that no cache holds; each looks like a slip of many others."""
    words = ("".join(rng.choices(LETTERS, k=size)) for _ in range(4096 // size))
    return " ".join(f"{rng.choice(('s', 'c', 'at ', 'on '))}{word}" for word in words)


def _cpu(work: Any) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1_000


def _dates(extractor: Extractor, folder: Path) -> Iterator[Figure]:
    """The scorer of the sentences, on ours and on dateparser's reading of them."""
    spec = importlib.util.spec_from_file_location("dates_score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    rows = scorer.read(folder / "recognizers_en.jsonl")
    ours = {row["id"]: _ours(extractor, row) for row in rows}
    peer = {row["id"]: _peer(row) for row in rows}
    result = scorer.score(rows, ours, core=True)[0]
    yield at_least("public dates, core, lenient", result["interval_lenient_%"], 72, "%")
    yield Figure("public dates, core, strict", f"{result['interval_strict_%']} %")
    yield at_most("public dates, decoys read", result["decoy_FP_%"], 5, "%")
    result = scorer.score(rows, peer, core=True)[0]
    yield Figure("dateparser, core, lenient", f"{result['interval_lenient_%']} %")
    yield Figure("dateparser, decoys read", f"{result['decoy_FP_%']} %")


def _ours(extractor: Extractor, row: dict[str, Any]) -> dict[str, Any]:
    now = datetime.fromisoformat(row["reference"])
    entities = extractor.extract(row["text"], now, row["locale"] or "US")
    periods = [
        {"text": e.value, "span": [e.start, e.end], **(e.resolved or {})}
        for e in entities
        if e.entity == "period"
    ]
    return {"periods": periods}


def _peer(row: dict[str, Any]) -> dict[str, Any]:
    base = datetime.fromisoformat(row["reference"])
    settings: Any = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"}
    found = search_dates(row["text"], languages=["en"], settings=settings) or []
    periods = []
    for text, moment in found:
        day = moment.date()
        after = day.fromordinal(day.toordinal() + 1)
        periods.append({"text": text, "start": day.isoformat(), "end": after.isoformat()})
    return {"periods": periods}
