"""The category layers 1 and 2: each source proposes, gradient-boosted trees decide.

Candidates come from the hashed n-gram model's best classes, the merchant base, the merchants of
the training lines, the bank-line rules and the card's merchant category code. LightGBM scores each
candidate of a line on how well it fits: text probability, what the other sources say, amount,
sign, account type, rail, recurrence. The scores are made probabilities over the candidates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from enrichment.counterparty import Found
from enrichment.reading import Reading
from knowledge.taxonomy import UNCATEGORISED, Taxonomy

Floats = npt.NDArray[np.float32]

FROM_TEXT = 6
RAILS = (
    "", "card", "direct_debit", "standing_order", "faster_payment", "credit_transfer", "ach",
    "person", "cash", "cheque", "wire", "bank",
)  # fmt: skip
_ACCOUNT_NUMBERS = {
    "checking": 0, "savings": 1, "credit": 2, "loan": 3, "investment": 4, "other": 5,
}  # fmt: skip
CADENCES = (
    "", "weekly", "fortnightly", "four_weekly", "monthly", "quarterly", "half_yearly", "yearly",
)  # fmt: skip
_FLOWS = {"in": 0, "out": 1, "neutral": 2}


class Scorer(Protocol):
    """Anything that scores rows of features, such as a LightGBM booster."""

    def predict(self, features: Floats) -> Any:
        """One value a row."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """What a rule reads in a line, see `enrichment.bank_lines`.

    Attributes:
        category: Taxonomy id.
        by_bank: Whether the counterparty is the institution that keeps the account.
        sure: Probability that the rule is right, measured on silver.
    """

    category: str
    by_bank: bool
    sure: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one line before its category is decided.

    Attributes:
        reading: The line, read.
        learned: The merchant of the training lines that the name begins with.
        rule: What the bank-line rules say.
        mcc: The taxonomy id of the card's merchant category code.
        minor: Signed minor units.
        account_type: Of the account.
        cadence: Of the stream that the line belongs to, empty for none; None when not looked for.
        prior: What a merchant's other lines say, empty for nothing.
    """

    reading: Reading
    learned: Found | None
    rule: BankLine | None
    mcc: str
    minor: int
    account_type: str
    cadence: str | None = None


@dataclass(frozen=True)
class Profile:
    """What the training lines tell of each class.

    Attributes:
        prior: Log share.
        mean: Mean of log amounts.
        spread: Their standard deviation.
        inflow: Share of lines where money came in.
    """

    prior: Floats
    mean: Floats
    spread: Floats
    inflow: Floats


@dataclass(frozen=True)
class Frame:
    """The taxonomy as arrays over the text model's classes."""

    classes: tuple[str, ...]
    top: npt.NDArray[np.int32]
    middle: npt.NDArray[np.int32]
    flow: npt.NDArray[np.int32]
    index: dict[str, int]
    tops_in: npt.NDArray[np.int32]
    inside: dict[str, npt.NDArray[np.int64]]

    def where(self, ids: Iterable[str]) -> npt.NDArray[np.int64]:
        """The columns of the classes at or below any of these ids."""
        return np.concatenate([self.inside[id_] for id_ in ids])

    @classmethod
    def of(cls, classes: tuple[str, ...], taxonomy: Taxonomy) -> Frame:
        """Frames the classes."""
        tops: dict[str, int] = {}
        middles: dict[str, int] = {}
        for id_ in classes:
            tops.setdefault(taxonomy.top(id_), len(tops))
            middles.setdefault(".".join(id_.split(".")[:2]), len(middles))
        return cls(
            classes,
            np.array([tops[taxonomy.top(c)] for c in classes], dtype=np.int32),
            np.array([middles[".".join(c.split(".")[:2])] for c in classes], dtype=np.int32),
            np.array([_FLOWS[taxonomy.flow(c)] for c in classes], dtype=np.int32),
            {c: n for n, c in enumerate(classes)},
            np.array([c.startswith("services.uncat") for c in classes], dtype=np.int32),
            {
                id_.id: np.array(
                    [n for n, c in enumerate(classes) if c == id_.id or c.startswith(f"{id_.id}.")],
                    dtype=np.int64,
                )
                for id_ in taxonomy
            },
        )


def agreement(proposed: str, candidate: str) -> float:
    """1 for the same id, 0.5 for the same top, 0 for another, -1 where nothing is proposed."""
    if not proposed:
        return -1.0
    if proposed == candidate:
        return 1.0
    if candidate.startswith(f"{proposed}."):
        return 0.8
    return 0.5 if proposed.split(".", maxsplit=1)[0] == candidate.split(".", maxsplit=1)[0] else 0.0


_REFUND = "income.money_back.refund"
# What money that comes in may be besides what the text says.
_INFLOWS = (
    _REFUND,
    "income.pay.salary",
    "income.pay.gig",
    "income.pay.freelance",
    "transfers.person",
)
PAYERS = frozenset(
    {
        "doordash", "uber", "uber_eats", "lyft", "instacart", "deliveroo", "just_eat", "grubhub",
        "etsy", "ebay", "vinted", "depop", "poshmark", "mercari", "rover", "wag", "taskrabbit",
        "patreon", "twitch", "substack", "onlyfans", "turo", "shipt", "amazon_flex", "fiverr",
    }
)  # fmt: skip
"""Platforms that pay the people who work or sell through them."""


def inflow_of(category: str, merchant_id: str, rail: str) -> str:
    """What money from a merchant is, by what payments to it are."""
    if category.startswith("taxes_fees."):
        return "income.money_back.tax_refund"
    if category.startswith(("debt.loans", "debt.bnpl")):
        return "debt.borrowed"
    if category.startswith(("income.", "savings.", "transfers.", "debt.")) or not category:
        return category
    if merchant_id in PAYERS and rail not in {"", "card"}:
        return "income.pay.gig"
    return _REFUND


def signed(probabilities: Floats, minor: int, frame: Frame) -> Floats:
    """Text probabilities in the light of the sign.

    What came in cannot be spending: that probability becomes a refund's (a friend's share for a
    dinner is the dinner's money back). What went out cannot be income.
    """
    if minor == 0:
        return probabilities
    found = probabilities.copy()
    if minor > 0:
        spending = (frame.flow == _FLOWS["out"]) & (frame.tops_in != 1)
        moved = float(found[spending].sum())
        found[spending] *= 0.02
        found[frame.index[_REFUND]] += 0.98 * moved
    else:
        found[frame.flow == _FLOWS["in"]] *= 0.02
        found /= found.sum()
    return found


def candidates(evidence: Evidence, probabilities: Floats, frame: Frame) -> list[int]:
    """The classes that any source proposes, the text model's best first."""
    best = np.argpartition(-probabilities, FROM_TEXT)[:FROM_TEXT]
    found = dict.fromkeys(int(n) for n in best[np.argsort(-probabilities[best])])
    for proposed in (*_proposals(evidence), *(_INFLOWS if evidence.minor > 0 else ())):
        if proposed in frame.index:
            found[frame.index[proposed]] = None
    return list(found)


def _proposals(evidence: Evidence) -> tuple[str, str, str, str]:
    """What merchant base, learned merchants, rules and merchant category code say."""
    reading = evidence.reading
    said = []
    for merchant in (reading.merchant, evidence.learned.merchant if evidence.learned else None):
        category = merchant.category if merchant else ""
        if merchant and evidence.minor > 0:
            category = inflow_of(category, merchant.id, reading.line.rail)
        said.append(category)
    rule = evidence.rule.category if evidence.rule else ""
    return said[0], said[1], rule, evidence.mcc


def features(
    evidence: Evidence, chosen: Sequence[int], probabilities: Floats, frame: Frame, profile: Profile
) -> Floats:
    """One row of features for each candidate."""
    reading, found, learned = evidence.reading, evidence.reading.found, evidence.learned
    size = math.log1p(abs(evidence.minor) / 100)
    inflow = float(evidence.minor > 0)
    best = float(probabilities.max())
    entropy = -float((probabilities * np.log(probabilities + 1e-9)).sum())
    base, trained, rule, mcc = _proposals(evidence)
    shared = (
        best, entropy,
        found.covered if found else 0.0, found.words if found else 0.0,
        float(found.distinct) if found else -1.0, float(len(found.left)) if found else -1.0,
        learned.covered if learned else 0.0, float(learned.distinct) if learned else -1.0,
        size, inflow,
        float(_ACCOUNT_NUMBERS.get(evidence.account_type, _ACCOUNT_NUMBERS["other"])),
        float(RAILS.index(reading.line.rail)), float(bool(reading.line.processor)),
        float(reading.purpose), float(len(reading.text.split())),
        math.nan if evidence.cadence is None else float(CADENCES.index(evidence.cadence)),
    )  # fmt: skip
    tops = np.bincount(frame.top, weights=probabilities)
    middles = np.bincount(frame.middle, weights=probabilities)
    rows = []
    for rank, n in enumerate(chosen):
        p = float(probabilities[n])
        id_ = frame.classes[n]
        rows.append((
            p, math.log(p + 1e-6), float(rank), p - best,
            agreement(base, id_), agreement(trained, id_),
            agreement(rule, id_), agreement(mcc, id_),
            float(frame.flow[n]), float(profile.prior[n]),
            (size - float(profile.mean[n])) / float(profile.spread[n]), float(profile.inflow[n]),
            float(tops[frame.top[n]]), float(middles[frame.middle[n]]),
            float(frame.top[n]), float(len(chosen)),
            *shared,
        ))  # fmt: skip
    return np.array(rows, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Choice:
    """A decided category.

    Attributes:
        category: Leaf, or an inner node where no leaf is likely enough.
        confidence: Probability that it is right.
        source: `rule` or `trees`.
        top: Probability of its top-level category.
    """

    category: str
    confidence: float
    source: str
    top: float


def softmax(scores: Floats) -> Floats:
    """Scores of one line's candidates as probabilities."""
    odds = np.exp(scores - scores.max())
    return np.asarray(odds / odds.sum(), dtype=np.float32)


# Below this a leaf is a guess; the parent is said if its candidates together reach `_PARENT`.
_LEAF = 0.25
_PARENT = 0.6


def choose(
    evidence: Evidence, chosen: Sequence[int], probabilities: Floats, frame: Frame
) -> Choice:
    """The likeliest candidate, or its parent where no leaf passes the threshold."""
    if not chosen:
        return Choice(UNCATEGORISED, 0.0, "trees", 0.0)
    n = int(np.argmax(probabilities))
    id_, p = frame.classes[chosen[n]], float(probabilities[n])
    top = id_.split(".")[0]
    whole = sum(
        float(q)
        for q, m in zip(probabilities, chosen, strict=True)
        if frame.classes[m].split(".")[0] == top
    )
    if p < _LEAF and "." in id_:
        parent = id_.rsplit(".", 1)[0]
        below = sum(
            float(q)
            for q, m in zip(probabilities, chosen, strict=True)
            if frame.classes[m].startswith(f"{parent}.")
        )
        if below >= _PARENT:
            return Choice(parent, below, "trees", whole)
    merchant = evidence.reading.merchant
    by_rule = evidence.rule is not None and evidence.rule.category == id_
    by_base = merchant is not None and _proposals(evidence)[0] == id_
    return Choice(id_, p, "rule" if by_rule or by_base else "trees", whole)
