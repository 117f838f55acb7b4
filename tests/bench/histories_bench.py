"""Streams, moves, refunds and double charges on 200 drawn people of twelve months.

The people are drawn anew: none of them taught the streams. Their lines are silver lines, so their
categories are no measure of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from enrichment.models import load
from enrichment.pipeline import Enrichment, enrich
from florin.settings import Settings
from jobs.enrichment import ensure_quick
from jobs.enrichment_measure import StreamScore, score_streams
from jobs.enrichment_text import read_silver
from jobs.histories import Drawn, histories
from ledger.types import Account, Transaction
from registry import Registry
from tests.bench.figures import Figure, at_least

PEOPLE = 200
_SEED = 2_026
_GOALS = {"streams": 92.0, "income streams": 95.0}
_BANKS = {"GBP": ("Monzo", "American Express", "Marcus"), "USD": ("Chase", "Discover", "Ally Bank")}
_OWN = {"savings.pot", "transfers.own_account", "debt.credit_card"}


@dataclass
class _Pairs:
    """Pairs found beside pairs there are."""

    hits: int = 0
    found: int = 0
    true: int = 0

    def add(self, found: set[tuple[str, str]], true: set[tuple[str, str]]) -> None:
        self.hits += len(found & true)
        self.found += len(found)
        self.true += len(true)

    def figures(self, name: str) -> Iterator[Figure]:
        precision, recall = self.hits / max(1, self.found), self.hits / max(1, self.true)
        yield Figure(f"{name}, precision", f"{100 * precision:.1f} % of {self.found:,}")
        yield Figure(f"{name}, recall", f"{100 * recall:.1f} % of {self.true:,}")


def measure() -> Iterator[Figure]:
    """Precision and recall of what only a whole history tells."""
    settings = Settings()
    registry = Registry(settings.registry_dir)
    name = ensure_quick(registry, settings.data_dir, lambda _: None)
    models = load(registry.path("enrichment", name))
    silver = read_silver(settings.data_dir, models.index)
    streams = {kind: StreamScore(0, 0, 0) for kind in _GOALS}
    moves, refunds, doubles = _Pairs(), _Pairs(), _Pairs()
    legs = right = 0
    for rows in histories(silver, PEOPLE, _SEED):
        result = enrich(accounts_of(rows), [transaction_of(row) for row in rows], models)
        for kind in _GOALS:
            streams[kind] = streams[kind].plus(_streams(rows, result, kind))
        found = {row.transaction_id: row for row in result.rows}
        legs += sum(bool(row.twin) for row in rows)
        right += sum(bool(row.twin) and found[row.id].category in _OWN for row in rows)
        moves.add(
            {(id_, "own") for id_, row in found.items() if row.category in _OWN},
            {(row.id, "own") for row in rows if row.twin or row.line.category in _OWN},
        )
        refunds.add(
            {(id_, row.refund_of) for id_, row in found.items() if row.refund_of},
            {(row.id, row.refund_of) for row in rows if row.refund_of},
        )
        doubles.add(
            {(id_, row.duplicate_of) for id_, row in found.items() if row.duplicate_of},
            {(row.id, row.copy_of) for row in rows if row.copy_of and row.minor < 0},
        )
    for kind, goal in _GOALS.items():
        score = streams[kind]
        yield at_least(f"{kind}, precision", 100 * score.precision, goal, "%")
        yield at_least(f"{kind}, recall", 100 * score.recall, goal, "%")
    yield Figure("legs of own moves filed as such", f"{100 * right / max(1, legs):.1f} %")
    yield from moves.figures("rows between own accounts")
    yield from refunds.figures("refunds and their purchase")
    yield from doubles.figures("double charges")


def accounts_of(rows: Sequence[Drawn]) -> list[Account]:
    """The accounts of a drawn person."""
    currency = rows[0].line.currency
    current, card, savings = _BANKS[currency]
    return [
        Account("current", current, "checking", currency, "Current"),
        Account("card", card, "credit", currency, "Card"),
        Account("savings", savings, "savings", currency, "Savings"),
    ]


def transaction_of(row: Drawn) -> Transaction:
    """A drawn row as a bank file has it."""
    line = row.line
    return Transaction(row.id, row.account, row.on, line.description, row.minor, line.currency)


def _streams(rows: Iterable[Drawn], result: Enrichment, kind: str) -> StreamScore:
    income = kind == "income streams"
    true: dict[str, set[str]] = {}
    for row in rows:
        if row.stream and (row.income or not income):
            true.setdefault(row.stream, set()).add(row.id)
    wanted = {stream.id for stream in result.streams if stream.income or not income}
    found: dict[str, set[str]] = {}
    for enriched in result.rows:
        if enriched.stream_id in wanted:
            found.setdefault(str(enriched.stream_id), set()).add(enriched.transaction_id)
    recurring = [ids for ids in true.values() if len(ids) > 1]
    return score_streams(found.values(), recurring)
