"""How far what people bring, and what is said of it, has moved from what the model learned from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import chi2  # type: ignore[import-untyped]

from enrichment.clean import parse
from enrichment.questions import ASK_BELOW
from enrichment.reading import amount_bucket
from ledger.types import Enriched, Transaction

LARGE = 0.25
"""A population stability index from which on a shift is called large (Siddiqi 2006)."""
_LEVEL = 0.99
INPUTS = ("currency", "account type", "direction", "amount", "rail", "processor", "words")
PREDICTIONS = ("category", "counterparty from", "confidence")


@dataclass(frozen=True, slots=True)
class Seen:
    """A row reduced to what is compared; it tells nothing of whose it is.

    Attributes:
        traits: The bin of each of `INPUTS` and, where something was predicted, `PREDICTIONS`.
        source: The layer that decided the category, empty for none.
        unsure: Whether the person would be asked.
        merchant: Id of the counterparty, empty for none.
        known: Whether that merchant stands in a table or among the training lines.
    """

    traits: Mapping[str, str]
    source: str = ""
    unsure: bool = False
    merchant: str = ""
    known: bool = True


def inputs_of(description: str, minor: int, currency: str, account_type: str) -> dict[str, str]:
    """The bins of a line before anything is predicted."""
    line = parse(description)
    return {
        "currency": currency,
        "account type": account_type,
        "direction": "in" if minor > 0 else "out",
        "amount": str(amount_bucket(minor)),
        "rail": line.rail or "unsaid",
        "processor": "yes" if line.processor else "no",
        "words": str(min(6, len(line.name.split()))),
    }


def seen_of(
    row: Transaction, account_type: str, found: Enriched | None, known: frozenset[str]
) -> Seen:
    """A stored row.

    Args:
        row: The raw row.
        account_type: Of its account.
        found: What was found out about it, None where it was not enriched.
        known: Ids of merchants that stand in a table or among the training lines.
    """
    traits = inputs_of(row.description, row.minor, row.currency, account_type)
    if found is None:
        return Seen(traits)
    traits["category"] = (found.category or "none").split(".")[0]
    traits["counterparty from"] = found.counterparty_source or "none"
    traits["confidence"] = str(min(9, int(found.category_confidence * 10)))
    merchant = found.counterparty_id or ""
    return Seen(
        traits,
        found.category_source or "",
        found.category_confidence < ASK_BELOW,
        merchant,
        not merchant or merchant in known or found.counterparty_source != "description",
    )


@dataclass(frozen=True)
class Shift:
    """How one trait is spread now and before.

    Attributes:
        name: The trait.
        index: Population stability index.
        chance: What the index stays below in 99 of 100 weeks if nothing moves, by the number of
            rows and bins alone (Yurdakul 2018).
        now: Share of each bin now.
        before: Share of each bin before.
    """

    name: str
    index: float
    chance: float
    now: Mapping[str, float]
    before: Mapping[str, float]

    @property
    def large(self) -> bool:
        """Whether it moved far, and farther than chance would."""
        return self.index >= LARGE and self.index > self.chance


def stability(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[float, float]:
    """Population stability index of two counts by bin, and the level that chance reaches.

    Half a row is added to every bin, so that an empty one makes no infinity.
    """
    bins = sorted({*now, *before})
    totals = [sum(counts.values()) + 0.5 * len(bins) for counts in (now, before)]
    index = 0.0
    for name in bins:
        p, q = (now.get(name, 0) + 0.5) / totals[0], (before.get(name, 0) + 0.5) / totals[1]
        index += (p - q) * math.log(p / q)
    if len(bins) < 2:
        return index, 0.0
    chance = float(chi2.ppf(_LEVEL, len(bins) - 1)) * (1 / totals[0] + 1 / totals[1])
    return index, chance


def shifts(names: Iterable[str], now: Sequence[Seen], before: Sequence[Seen]) -> list[Shift]:
    """The shift of each trait that both sides have rows of."""
    found = []
    for name in names:
        counts = [
            Counter(s.traits[name] for s in side if name in s.traits) for side in (now, before)
        ]
        if all(counts):
            index, chance = stability(*counts)
            shares = [{b: n / count.total() for b, n in count.items()} for count in counts]
            found.append(Shift(name, index, chance, *shares))
    return found


@dataclass(frozen=True)
class Week:
    """The figures of one week's rows.

    Attributes:
        rows: How many.
        layers: Share of rows by the layer that decided, `none` where nothing did.
        unsure: Share of rows whose category a person would be asked for.
        unknown: Share of rows whose merchant stands in no table and among no training lines.
        new_merchants: Such merchants that no earlier row has.
    """

    rows: int
    layers: Mapping[str, float]
    unsure: float
    unknown: float
    new_merchants: int

    @classmethod
    def of(cls, rows: Sequence[Seen], earlier: frozenset[str]) -> Week:
        """Counts a week.

        Args:
            rows: The week's rows.
            earlier: Ids of merchants that rows before it have.
        """
        total = max(1, len(rows))
        layers = Counter(row.source or "none" for row in rows)
        new = {row.merchant for row in rows if not row.known} - earlier
        return cls(
            len(rows),
            {name: count / total for name, count in layers.most_common()},
            sum(row.unsure for row in rows) / total,
            sum(not row.known for row in rows) / total,
            len(new),
        )
