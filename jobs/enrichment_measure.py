"""How well people's histories were enriched, against their labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from enrichment.clean import parse
from enrichment.confidence import expected_error
from enrichment.counterparty import same
from enrichment.pipeline import Enrichment
from jobs.enrichment_people import Golden
from ledger.types import Enriched, Transaction

_JACCARD = 0.6
_OWN_SAVING = frozenset({"savings.pot", "transfers.own_account"})
"""Scorers accept either for one's own savings account, as the taxonomy's conventions say."""
ATTRIBUTES = ("category", "counterparty", "essential", "location", "recurring")


@dataclass
class Tally:
    """Right answers and confidences, row by row.

    Attributes:
        hits: For each name of a measure, one truth value a row.
        confidence: For each attribute, the confidence of each row.
    """

    hits: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    confidence: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def share(self, name: str) -> float:
        """Share of right rows."""
        values = self.hits[name]
        return sum(values) / len(values) if values else 0.0


def same_category(one: str, other: str) -> bool:
    """Whether two categories count as one."""
    return one == other or {one, other} <= _OWN_SAVING


def level(category: str, depth: int) -> str:
    """A category cut to its first `depth` parts."""
    return ".".join(category.split(".")[:depth])


def tally_row(tally: Tally, row: Enriched, label: Mapping[str, str]) -> None:
    """Adds one row."""
    got, want = row.category or "", label["category"]
    leaf = same_category(got, want)
    place = (row.city or "", row.region or "", row.country or "")
    truth = {
        "category": leaf,
        "middle": leaf or level(got, 2) == level(want, 2),
        "top": leaf or level(got, 1) == level(want, 1),
        "counterparty": same(row.counterparty or "", label["counterparty"]),
        "essential": row.essential == (label["essential"] == "yes"),
        "location": place == (label["city"], label["region"], label["country"]),
        "recurring": row.recurring == (label["recurring"] == "yes"),
    }
    for name, right in truth.items():
        tally.hits[name].append(right)
    for name in ATTRIBUTES:
        tally.confidence[name].append(float(getattr(row, f"{name}_confidence")))


@dataclass(frozen=True)
class StreamScore:
    """Streams found against streams there are.

    Attributes:
        hits: Found streams whose rows overlap a true one's with Jaccard 0.6 or more, one to one.
        found: How many were found.
        true: How many there are.
    """

    hits: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the found ones that are true."""
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true ones that were found."""
        return self.hits / self.true if self.true else 1.0

    def plus(self, other: StreamScore) -> StreamScore:
        """Both together."""
        return StreamScore(self.hits + other.hits, self.found + other.found, self.true + other.true)


def score_streams(found: Iterable[set[str]], true: Iterable[set[str]]) -> StreamScore:
    """Matches streams one to one, the best overlap first."""
    found, true = list(found), list(true)
    overlaps = sorted(
        (
            (len(f & t) / len(f | t), n, m)
            for n, f in enumerate(found)
            for m, t in enumerate(true)
            if f & t
        ),
        reverse=True,
    )
    used_found: set[int] = set()
    used_true: set[int] = set()
    for overlap, n, m in overlaps:
        if overlap >= _JACCARD and n not in used_found and m not in used_true:
            used_found.add(n)
            used_true.add(m)
    return StreamScore(len(used_found), len(found), len(true))


def streams_of(person: Golden, result: Enrichment, *, income: bool) -> StreamScore:
    """The streams of one person, or only those of income."""
    true: dict[str, set[str]] = defaultdict(set)
    found: dict[str, set[str]] = defaultdict(set)
    kept = {s.id for s in result.streams if s.income or not income}
    for row in result.rows:
        label = person.labels[row.transaction_id]
        if label["stream"] and (not income or label["income_stream"] == "yes"):
            true[label["stream"]].add(row.transaction_id)
        if row.stream_id in kept and row.stream_id:
            found[row.stream_id].add(row.transaction_id)
    return score_streams(found.values(), true.values())


@dataclass(frozen=True)
class Known:
    """What the fit has seen, to tell rows apart.

    Attributes:
        silver: Folded counterparty names of the silver lines, with their commonest category.
        tables: Whether a name stands in the merchant base.
    """

    silver: Mapping[str, str]
    tables: Callable[[str], bool]


def groups_of(person: Golden, row: Transaction, known: Known) -> list[str]:
    """The slices of the report that a row belongs to."""
    label = person.labels[row.id]
    name = label["counterparty"].casefold()
    seen = name in known.silver
    country = {"GBP": "UK", "USD": "US"}.get(row.currency, row.currency)
    found = [f"country {country}", f"rail {parse(row.description).rail or 'card or unsaid'}"]
    found.append("merchant in silver" if seen else "merchant not in silver")
    if seen and known.silver[name] != label["category"]:
        found.append("label differs from the merchant's commonest in silver")
    if not seen and not known.tables(label["counterparty"]):
        found.append("merchant in no table and not in silver")
    return found


def measure(people: Sequence[tuple[Golden, Enrichment]], known: Known) -> dict[str, Any]:
    """All figures of the report as plain data."""
    whole = Tally()
    parts: dict[str, Tally] = defaultdict(Tally)
    layers: dict[str, Tally] = defaultdict(Tally)
    confusion: Counter[tuple[str, str]] = Counter()
    streams, income = StreamScore(0, 0, 0), StreamScore(0, 0, 0)
    for person, result in people:
        for transaction, row in zip(person.rows, result.rows, strict=True):
            label = person.labels[row.transaction_id]
            tally_row(whole, row, label)
            tally_row(layers[row.category_source or "none"], row, label)
            for name in (f"person {person.name}", *groups_of(person, transaction, known)):
                tally_row(parts[name], row, label)
            confusion[level(label["category"], 1), level(row.category or "", 1)] += 1
        streams = streams.plus(streams_of(person, result, income=False))
        income = income.plus(streams_of(person, result, income=True))
    return {
        "rows": len(whole.hits["category"]),
        **shares(whole),
        "streams": _stream_figures(streams),
        "income_streams": _stream_figures(income),
        "calibration": calibration(whole),
        "most_confident_60": most_confident(whole, 0.6),
        "reliability": {name: reliability(whole, name) for name in ATTRIBUTES},
        "layers": _parts(layers, whole),
        "slices": _parts(parts, whole),
        "confusion": [[*pair, count] for pair, count in sorted(confusion.items())],
    }


def _parts(parts: Mapping[str, Tally], whole: Tally) -> dict[str, dict[str, float]]:
    """The figures of each part, with how much of the whole it is."""
    total = max(1, len(whole.hits["top"]))
    return {
        name: {
            "rows": len(tally.hits["top"]),
            "share": round(len(tally.hits["top"]) / total, 4),
            **shares(tally),
        }
        for name, tally in parts.items()
    }


def shares(tally: Tally) -> dict[str, float]:
    """Share of right rows by measure."""
    names = ("category", "middle", "top", "counterparty", "essential", "location", "recurring")
    return {name: round(tally.share(name), 4) for name in names}


def _stream_figures(score: StreamScore) -> dict[str, float]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "found": score.found,
        "true": score.true,
    }


def calibration(tally: Tally) -> dict[str, float]:
    """Expected calibration error by attribute."""
    return {
        name: round(expected_error(tally.confidence[name], tally.hits[name]), 4)
        for name in ATTRIBUTES
    }


def most_confident(tally: Tally, part: float) -> float:
    """Accuracy of the most confident part of the rows."""
    ranked = sorted(
        zip(tally.confidence["category"], tally.hits["category"], strict=True), reverse=True
    )
    kept = ranked[: int(part * len(ranked))]
    return round(sum(right for _, right in kept) / max(1, len(kept)), 4)


def reliability(tally: Tally, name: str, bins: int = 10) -> list[list[float]]:
    """Mean confidence, accuracy and rows of each bin that has any."""
    found = []
    pairs = list(zip(tally.confidence[name], tally.hits[name], strict=True))
    for n in range(bins):
        inside = [(c, r) for c, r in pairs if min(bins - 1, int(c * bins)) == n]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            right = sum(r for _, r in inside) / len(inside)
            found.append([round(mean, 4), round(right, 4), len(inside)])
    return found
