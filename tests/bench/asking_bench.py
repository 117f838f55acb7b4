"""How many rows layer 4 would be asked about: at first sight, and once its answers are kept."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from enrichment.decide import decide
from enrichment.models import Models, load
from enrichment.pipeline import enrich
from enrichment.questions import Question, is_unsure, question_of
from florin.settings import Settings
from jobs.enrichment import ensure_quick
from jobs.enrichment_people import read_people
from jobs.enrichment_text import read_silver
from jobs.histories import histories
from ledger.types import Account, Transaction
from registry import Registry
from tests.bench.figures import Figure, at_most
from tests.bench.histories_bench import accounts_of, transaction_of

_TORONTO = Path("data/transactions/toronto_pcard/toronto_pcard_2011_2021.csv.gz")
_CARD = Account("a", "", "credit", "CAD", "Card")
_DAY = date(2020, 1, 1)
_CHUNK = 20_000
_LAST = 100_000
_PEOPLE = 2_000
_SEED = 2_026
_GOAL = 1.0
"""Rows in 10,000 in steady state."""


def measure() -> Iterator[Figure]:
    """The golden people at first sight, many drawn people over a year, Toronto over ten years.

    Answers are kept for everybody: a cleaned line that one person raised is not asked again.
    """
    settings = Settings()
    registry = Registry(settings.registry_dir)
    name = ensure_quick(registry, settings.data_dir, lambda _: None)
    models = load(registry.path("enrichment", name))
    for person in read_people(settings.data_dir / "people"):
        found = enrich(person.accounts, person.rows, models).questions
        rows = sum(found.values())
        yield Figure(
            f"{person.name}, a first import: rows that a question covers",
            f"{100 * rows / len(person.rows):.1f} % in {len(found)} questions",
        )
    yield from _drawn(settings.data_dir, models)
    shared = os.environ.get("FLORIN_SHARED")
    if not shared:
        yield Figure("Toronto", "skipped: FLORIN_SHARED names no folder")
        return
    yield from _steady(Path(shared), models)


def _drawn(data_dir: Path, models: Models) -> Iterator[Figure]:
    """What drawn people raise that nobody raised before, month by month."""
    raised: list[tuple[date, Question | None]] = []
    for rows in histories(read_silver(data_dir, models.index), _PEOPLE, _SEED):
        accounts = {account.id: account for account in accounts_of(rows)}
        lines = [transaction_of(row) for row in rows]
        for line, one in zip(
            lines,
            decide([(line, accounts[line.account_id]) for line in lines], models),
            strict=True,
        ):
            question = question_of(one) if is_unsure(one.choice) else None
            raised.append((line.booked, question))
    raised.sort(key=lambda pair: pair[0])
    seen: set[Question] = set()
    months: dict[tuple[int, int], list[bool]] = {}
    for booked, question in raised:
        months.setdefault((booked.year, booked.month), []).append(
            question is not None and question not in seen
        )
        if question is not None:
            seen.add(question)
    shares = [10_000 * sum(new) / len(new) for _, new in sorted(months.items())]
    yield Figure(
        f"{_PEOPLE:,} drawn people, asked in the first month", f"{shares[0]:.1f} in 10,000"
    )
    yield at_most(f"{_PEOPLE:,} drawn people, in the twelfth month", shares[-1], _GOAL, "in 10,000")


def _steady(shared: Path, models: Models) -> Iterator[Figure]:
    with gzip.open(shared / _TORONTO, "rt", encoding="utf-8", newline="") as file:
        lines = [(row["year"], row["merchant"]) for row in csv.DictReader(file)]
    lines.sort(key=lambda line: line[0])
    asked = _questions(list(dict.fromkeys(text for _, text in lines)), models)
    seen: set[Question] = set()
    new: list[bool] = []
    years: Counter[str] = Counter()
    for year, text in lines:
        question = asked.get(text)
        new.append(question is not None and question not in seen)
        if question is not None:
            seen.add(question)
        years[year] += new[-1]
    unsure = sum(text in asked for _, text in lines) / len(lines)
    yield Figure("Toronto, rows unsure without layer 4", f"{100 * unsure:.1f} %")
    first = 10_000 * sum(new[:_LAST]) / _LAST
    yield Figure("Toronto, asked of the first 100,000 rows", f"{first:.0f} in 10,000")
    last = 10_000 * sum(new[-_LAST:]) / _LAST
    yield at_most("Toronto, asked of the last 100,000 rows", last, _GOAL, "in 10,000")
    for year, count in sorted(years.items()):
        total = sum(1 for at, _ in lines if at == year)
        yield Figure(f"Toronto, asked in {year}", f"{10_000 * count / total:.0f} in 10,000")


def _questions(texts: Sequence[str], models: Models) -> dict[str, Question]:
    """The question of each unsure line."""
    found: dict[str, Question] = {}
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        rows = [
            (Transaction(str(n), "a", _DAY, text, -2_500, "CAD"), _CARD)
            for n, text in enumerate(chunk)
        ]
        for text, decision in zip(chunk, decide(rows, models), strict=True):
            question = question_of(decision) if is_unsure(decision.choice) else None
            if question is not None:
                found[text] = question
    return found
