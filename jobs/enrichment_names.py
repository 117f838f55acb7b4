"""What merchants found in a name and names read off a line are worth, on held-out lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression

from enrichment.ach_entry import COMPANY
from enrichment.confidence import Logistic
from enrichment.counterparty import MerchantIndex, same
from enrichment.decide import match_features, named_features
from enrichment.models import Models
from enrichment.reading import Reading, read
from enrichment.text_model import hashes_many
from jobs.enrichment_text import Silver
from knowledge.words import load_typical_names

if TYPE_CHECKING:
    from jobs.enrichment_fit import Held


def _logistic(
    values: list[list[float]], truth: list[bool], weights: list[float] | None = None
) -> Logistic:
    model = LogisticRegression(C=1.0, max_iter=500)
    fitted = model.fit(np.array(values), np.array(truth), weights)
    return Logistic(tuple(float(w) for w in fitted.coef_[0]), float(fitted.intercept_[0]))


def fit_match(held: Held, models: Models) -> Logistic:
    """Whether a merchant found in a name is right; it may only begin an independent's name."""
    values = _only_begun(models)
    truth = [False] * len(values)
    for n, (row, evidence) in enumerate(zip(held.rows, held.evidence, strict=True)):
        for found in (evidence.learned, row.reading.found):
            if found is not None:
                values.append(match_features(found, row.reading, held.text[n], models))
                truth.append(is_same(found.merchant.name, row.counterparty, models.index))
    return _logistic(values, truth)


_PRICE = -2_000


def _only_begun(models: Models) -> list[list[float]]:
    """Names as independents carry them that begin like a merchant of another kind."""
    found = []
    for category, names in load_typical_names().items():
        for n, name in enumerate(names):
            reading = read(name.upper(), _HOMES[n % len(_HOMES)], "checking", _PRICE, models.index)
            begun = (reading.found, models.learned_index.find(reading.lookup))
            others = [f for f in begun if f is not None and f.merchant.category != category]
            if others:
                said = hashes_many([(reading.text, reading.tokens)])
                text = models.text.probabilities(said)[0]
                found += [match_features(other, reading, text, models) for other in others]
    return found


_HOMES = ("USD", "GBP")


def fit_named(held: Held, models: Models) -> Logistic:
    """Whether a name read off a line is right, where somebody is named at all.

    Learned from independents and from brands that the merchant base lacks, half and half: both are
    what is left for people to meet once all other brands are found.
    """
    values, truth, weights = [], [], []
    shares = unknown_shares(held.rows, models.index)
    for n, (row, evidence, share) in enumerate(zip(held.rows, held.evidence, shares, strict=True)):
        known = evidence.learned or row.reading.found
        if share and row.reading.shown and known is None:
            for reading in (row.reading, *printed(row, models.index)):
                values.append(named_features(reading, held.text[n]))
                truth.append(is_same(reading.shown, row.counterparty, models.index))
                weights.append(share)
    return _logistic(values, truth, weights)


def unknown_shares(rows: Sequence[Silver], index: MerchantIndex) -> list[float]:
    """What each line counts among those of unknown counterparties.

    Independents (no website in silver) and brands that the base lacks count half each, brands of
    the base and lines that name nobody nothing.
    """
    independent = [bool(r.counterparty) and not r.website for r in rows]
    lacking = [bool(r.website) and index.exact(r.counterparty) is None for r in rows]
    share = sum(independent) / max(1, sum(lacking))
    return [one + share * other for one, other in zip(independent, lacking, strict=True)]


_METHODS = ("Faster Payments", "Direct Debit", "Standing Order", "P2P Payment")


def set_apart(row: Silver, index: MerchantIndex) -> Reading:
    """A line of the same counterparty in the format that sets name and reference apart."""
    method = _METHODS[len(row.description) % len(_METHODS)]
    said = row.reading.line.memo or row.reading.text
    line = f"{row.counterparty} ({method}) Reference: {said}"
    return read(line, "GBP", row.account_type, row.minor, index)


_FIELD = 22
_PREFIXES = ("SQ *", "SumUp  *", "TST* ", "ZETTLE_*", "PY *")


def cut_short(row: Silver, index: MerchantIndex) -> Reading:
    """A line of the same counterparty behind a processor, cut to a card's 22 characters."""
    prefix = _PREFIXES[len(row.description) % len(_PREFIXES)]
    name = f"{prefix}{row.counterparty.upper()}"[:_FIELD].ljust(_FIELD)
    line = f"{name} {row.place[0].upper()[:13].ljust(13)} {row.place[2]}"
    return read(line, row.currency, row.account_type, row.minor, index)


_ENTRIES = (
    "ORIG CO NAME:{} ORIG ID:1800948598 CO ENTRY DESCR:{} SEC:WEB IND ID:A1",
    "{} DES:{} ID:0012 INDN:LEE CO ID:9000254771 WEB",
    "{} {} 260512 0012A LEE",
)


def as_entry(row: Silver, index: MerchantIndex) -> Reading:
    """An ACH line of the same counterparty, its name cut to the company's 16 letters."""
    form = _ENTRIES[len(row.description) % len(_ENTRIES)]
    name = row.counterparty.upper()[:COMPANY].strip()
    line = form.format(name, row.reading.line.entry or "WEB PMTS")
    return read(line, row.currency, row.account_type, row.minor, index)


def printed(row: Silver, index: MerchantIndex) -> list[Reading]:
    """A line of an unknown counterparty as other banks print it."""
    found = [set_apart(row, index)]
    if row.reading.line.rail in _CARDS and not row.website:
        found.append(cut_short(row, index))
    if row.reading.line.rail == "ach":
        found.append(as_entry(row, index))
    return found


_CARDS = frozenset({"", "card"})


def is_same(shown: str, wanted: str, index: MerchantIndex) -> bool:
    """Whether two names are one counterparty: equal when folded, or spellings of one merchant."""
    if same(shown, wanted):
        return True
    one, other = index.exact(shown), index.exact(wanted)
    return one is not None and other is not None and one.id == other.id
