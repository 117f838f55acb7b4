"""From chains of rows to the streams of a person: which are real, how sure, what comes next."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from enrichment.changes import price_rises, trial_ended_on
from enrichment.models import Models
from enrichment.recurring import Chain, Item, chains_of, next_amounts, next_due
from ledger.types import Stream, Transaction

_INCOME_TOPS = ("income.pay", "income.support", "income.returns")


class Known(NamedTuple):
    """What is known of a row when streams are looked for.

    Attributes:
        row: The transaction.
        counterparty: Shown name.
        counterparty_id: Its id.
        category: Taxonomy id.
        rail: How it moved.
        said: Whether the line itself says that it recurs.
    """

    row: Transaction
    counterparty: str | None
    counterparty_id: str | None
    category: str
    rail: str
    said: bool


def stream_features(
    chain: Chain, known: Sequence[Known], rates: Mapping[str, float]
) -> list[float]:
    """What speaks for a chain being a stream; the input of `Models.streams`.

    Args:
        chain: The rows.
        known: What is known of each.
        rates: `Models.recurring_rate`.
    """
    category = Counter(k.category for k in known).most_common(1)[0][0]
    rate = recurring_rate(category, rates)
    count = len(chain.items)
    rails = {k.rail for k in known}
    income = category.startswith("income.")
    return [
        rate,
        min(1.0, count / 6),
        float(count == 2),
        chain.hits,
        min(1.5, chain.drift / chain.period.slack),
        chain.steady,
        min(1.0, chain.spread),
        chain.purity,
        float(bool(rails & {"direct_debit", "standing_order"})),
        float(any(k.said for k in known)),
        float(income),
        float(chain.period.name in {"weekly", "fortnightly"}),
        float(chain.period.name in {"quarterly", "half_yearly", "yearly", "twice_monthly"}),
        rate * chain.hits,
        rate * chain.steady,
        rate * float(chain.period.name in {"weekly", "fortnightly"}),
        float(income and count > 5),
        chain.exact,
        chain.exact * chain.hits * chain.purity,
        min(1.0, count / 20),
        float(known[0].row.minor > 0),
    ]


def stream_chances(features: Sequence[Sequence[float]], models: Models) -> list[float]:
    """Probability of each chain that it is a stream, before calibration."""
    assert models.streams is not None, "a published model has its stream trees"
    if not features:
        return []
    raw = models.streams.scores(np.array(features, dtype=np.float32))
    return [1 / (1 + math.exp(-value)) for value in raw.tolist()]


def recurring_rate(category: str, rates: Mapping[str, float]) -> float:
    """Share of recurring lines in a category; that of its parent where none were seen."""
    while category not in rates and "." in category:
        category = category.rsplit(".", 1)[0]
    return rates.get(category, 0.3)


_RECURRING_WORDS = ("recurring", "subscription", "membership", "monthly", "annual", "renewal")
_SAYS_RECURRING = re.compile(rf"\b(?:{'|'.join(_RECURRING_WORDS)})\b")


@lru_cache(maxsize=1 << 13)
def said_recurring(description: str) -> bool:
    """Whether a line itself says that it comes again."""
    text = description[:200].casefold()
    return any(map(text.__contains__, _RECURRING_WORDS)) and bool(_SAYS_RECURRING.search(text))


def grouped(known: Sequence[Known]) -> list[list[Known]]:
    """Rows that may form streams: two or more of one account, counterparty and sign."""
    groups: dict[tuple[str, str, bool], list[Known]] = {}
    for k in known:
        key = k.counterparty_id or k.row.description.casefold()
        groups.setdefault((k.row.account_id, key, k.row.minor > 0), []).append(k)
    return [groups[key] for key in sorted(key for key, group in groups.items() if len(group) > 1)]


def find_streams(
    known: Sequence[Known], models: Models, until: date
) -> tuple[list[Stream], dict[str, str], dict[str, float]]:
    """The streams of a history.

    Args:
        known: Every row.
        models: The fitted parts.
        until: The last day of the history.

    Returns:
        The streams, the stream id of each row in one, and for every row that was in a chain the
        probability that it recurs.
    """
    streams: list[Stream] = []
    member: dict[str, str] = {}
    chance: dict[str, float] = {}
    taken: Counter[str] = Counter()
    chains = list(_chains(known))
    rates = models.recurring_rate
    features = [stream_features(chain, inside, rates) for chain, inside, _ in chains]
    for (chain, inside, group), sure in zip(chains, stream_chances(features, models), strict=True):
        chance.update(dict.fromkeys((item.id for item in chain.items), sure))
        if sure < 0.5:
            continue
        stream = _stream(chain, inside, sure, until=until, taken=taken, models=models)
        streams.append(replace(stream, trial_ended_on=trial_ended_on(chain, group)))
        member.update({item.id: stream.id for item in chain.items})
    return streams, member, chance


def _chains(known: Sequence[Known]) -> Iterator[tuple[Chain, list[Known], list[Item]]]:
    """Every chain of every group, what is known of its rows, and the group."""
    for group in grouped(known):
        by_id = {k.row.id: k for k in group}
        items = [Item(k.row.id, k.row.booked, k.row.minor) for k in group]
        for chain in chains_of(items):
            yield chain, [by_id[item.id] for item in chain.items], items


def _stream(
    chain: Chain,
    inside: Sequence[Known],
    sure: float,
    *,
    until: date,
    taken: Counter[str],
    models: Models,
) -> Stream:
    last = inside[-1]
    category = Counter(k.category for k in inside).most_common(1)[0][0]
    income = last.row.minor > 0 and category.startswith(_INCOME_TOPS)
    expected = next_due(chain, income=income)
    grace = timedelta(days=chain.period.slack + round(chain.period.days * 0.35))
    active = (expected + grace >= until and category != "debt.bnpl") or expected >= until
    amount, low, high = next_amounts(chain)
    base = f"{last.counterparty_id or 'stream'}_{chain.period.name}"
    base = f"{base}_in" if last.row.minor > 0 and not income else base
    taken[base] += 1
    id_ = base if taken[base] == 1 else f"{base}_{taken[base]}"
    return Stream(
        id=id_,
        counterparty=last.counterparty,
        counterparty_id=last.counterparty_id,
        category=category,
        cadence=chain.period.name,
        income=income,
        status=_status(len(chain.items)) if active else "ended",
        confidence=models.curve("stream")(sure),
        next_on=expected if active else None,
        next_minor=amount if active else None,
        next_low=min(low, high) if active else None,
        next_high=max(low, high) if active else None,
        currency=last.row.currency,
        first_on=chain.items[0].on,
        last_on=chain.items[-1].on,
        count=len(chain.items),
        price_rises=price_rises(chain),
    )


_MATURE = 3
"""Payments from which on a rhythm is more than two that lie apart by chance."""


def _status(count: int) -> str:
    return "mature" if count >= _MATURE else "early"
