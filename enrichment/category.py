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
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from enrichment.counterparty import Found
from enrichment.reading import Reading
from knowledge.taxonomy import UNCATEGORISED, Taxonomy

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

FROM_TEXT = 6
RAILS = (
    "", "card", "direct_debit", "standing_order", "faster_payment", "credit_transfer", "ach",
    "person", "cash", "cheque", "wire", "bank",
)  # fmt: skip
_RAIL_NUMBERS = {rail: n for n, rail in enumerate(RAILS)}
_ACCOUNT_NUMBERS = {
    "checking": 0, "savings": 1, "credit": 2, "loan": 3, "investment": 4, "other": 5,
}  # fmt: skip
CADENCES = (
    "", "weekly", "fortnightly", "four_weekly", "monthly", "quarterly", "half_yearly", "yearly",
)  # fmt: skip
_UNLIKELY = 0.02
"""What is left of a text's probability for what the sign rules out."""
_FLOWS = {"in": 0, "out": 1, "neutral": 2}


class BankLine(NamedTuple):
    """What a rule reads in a line, see `enrichment.bank_lines`.

    Attributes:
        category: Taxonomy id.
        by_bank: Whether the counterparty is the institution that keeps the account.
        sure: Probability that the rule is right, measured on silver.
    """

    category: str
    by_bank: bool
    sure: float


class Evidence(NamedTuple):
    """What is known of one line before its category is decided.

    Attributes:
        reading: The line, read.
        learned: The merchant of the training lines that the name begins with.
        rule: What the bank-line rules say.
        mcc: The taxonomy id of the card's merchant category code.
        minor: Signed minor units.
        account_type: Of the account.
        cadence: Of the stream that the line belongs to, empty for none; None when not looked for.
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

    @cached_property
    def table(self) -> Floats:
        """The four side by side, one row a class."""
        return np.stack((self.prior, self.mean, self.spread, self.inflow), axis=1)


@dataclass(frozen=True)
class Frame:
    """The taxonomy as arrays over the text model's classes.

    Attributes:
        classes: Taxonomy ids.
        kinds: For each class whether it is income, spending or neither, a number for its
            top-level category, and one for its first two parts.
        parts: One row a class, 1 in the columns of the last two.
        index: The place of each class.
        spending: The classes that money coming in cannot be.
        spendable: What the text's probability of each counts where money went out.
        inside: The classes at or below each id of the taxonomy.
        tops: The top-level categories as plain numbers.
        proposable: A row of `agreements` for each id; row 0 is for no proposal.
        agreements: See `agreement`.
    """

    classes: tuple[str, ...]
    kinds: Ints
    parts: Floats
    index: dict[str, int]
    spending: Ints
    spendable: Floats
    inside: dict[str, npt.NDArray[np.int64]]
    tops: tuple[int, ...]
    proposable: dict[str, int]
    agreements: Floats

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
        top = [tops[taxonomy.top(c)] for c in classes]
        middle = [len(tops) + middles[".".join(c.split(".")[:2])] for c in classes]
        parts = np.zeros((len(classes), len(tops) + len(middles)), dtype=np.float32)
        for part in (top, middle):
            parts[np.arange(len(classes)), part] = 1
        flows, unsaid = [taxonomy.flow(c) for c in classes], classes.index(UNCATEGORISED)
        proposable = {"": 0, **{c.id: n for n, c in enumerate(taxonomy, 1)}}
        return cls(
            classes,
            np.array(([_FLOWS[flow] for flow in flows], top, middle)).T.copy(),
            parts,
            {c: n for n, c in enumerate(classes)},
            np.array([n for n, f in enumerate(flows) if f == "out" and n != unsaid]),
            np.array([_UNLIKELY if flow == "in" else 1 for flow in flows], dtype=np.float32),
            {
                id_.id: np.array(
                    [n for n, c in enumerate(classes) if c == id_.id or c.startswith(f"{id_.id}.")],
                    dtype=np.int64,
                )
                for id_ in taxonomy
            },
            tuple(top),
            proposable,
            np.array([[agreement(p, c) for c in classes] for p in proposable], dtype=np.float32),
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


def signed(probabilities: Floats, minor: Ints, frame: Frame) -> Floats:
    """Text probabilities in the light of the sign, one row a line.

    What came in cannot be spending: that probability becomes a refund's (a friend's share for a
    dinner is the dinner's money back). What went out cannot be income.
    """
    went = minor < 0
    if went.all():
        return _gone(probabilities, frame)
    came = minor > 0
    found = probabilities.copy()
    if came.any():
        part = found[came]
        moved = part[:, frame.spending].sum(axis=1)
        part[:, frame.spending] *= _UNLIKELY
        part[:, frame.index[_REFUND]] += (1 - _UNLIKELY) * moved
        found[came] = part
    if went.any():
        found[went] = _gone(found[went], frame)
    return found


def _gone(probabilities: Floats, frame: Frame) -> Floats:
    """Probabilities of lines where money went out."""
    part = probabilities * frame.spendable
    return np.asarray(part / part.sum(axis=1, keepdims=True))


_CODE_SAYS = {1.0: 200.0, 0.8: 200.0, 0.5: 10.0}
"""How much likelier a merchant category code makes its own class, and others of the same top."""


def with_code(probabilities: Floats, evidence: Sequence[Evidence], frame: Frame) -> Floats:
    """Text probabilities in the light of the card's merchant category code, one row a line.

    Most codes name what a shop sells; some are a marketplace's, or of another trade under one roof.
    No training line carries one, so the trees cannot learn what it is worth.
    """
    coded = [n for n, e in enumerate(evidence) if e.mcc and e.minor < 0]
    for n in coded:
        agreed = frame.agreements[frame.proposable[evidence[n].mcc]]
        odds = probabilities[n] * [_CODE_SAYS.get(round(float(a), 1), 1.0) for a in agreed]
        probabilities[n] = odds / odds.sum()
    return probabilities


Said = tuple[str, str, str, str]
"""What merchant base, learned merchants, rules and merchant category code say."""


@dataclass(frozen=True)
class Candidates:
    """The candidates of many lines, one line's behind the other's.

    Attributes:
        classes: The class of each candidate; the text model's best of a line come first.
        line: The line that it belongs to.
        place: Its place among those of its line.
        edges: Where each line's candidates begin, and the end.
        said: What `proposals` gives for each line.
    """

    classes: Ints
    line: Ints
    place: Ints
    edges: Ints
    said: Sequence[Said]


def candidates(evidence: Sequence[Evidence], probabilities: Floats, frame: Frame) -> Candidates:
    """The classes that any source proposes for each line."""
    said = [proposals(one) for one in evidence]
    index = frame.index
    classes: list[int] = []
    line: list[int] = []
    place: list[int] = []
    edges = [0]
    for number, best in enumerate(_ranked(probabilities).tolist()):
        more = (*said[number], *_INFLOWS) if evidence[number].minor > 0 else said[number]
        found = dict.fromkeys(best + [index[id_] for id_ in more if id_ in index])
        classes += found
        line += [number] * len(found)
        place += range(len(found))
        edges.append(len(classes))
    numbers = np.array((classes, line, place))
    return Candidates(numbers[0], numbers[1], numbers[2], np.array(edges), said)


def _ranked(probabilities: Floats) -> Ints:
    """The columns of each line's best classes, the best first."""
    if len(probabilities) == 1:
        return np.argsort(-probabilities, axis=1)[:, :FROM_TEXT]
    lines = np.arange(len(probabilities))[:, None]
    best = np.argpartition(-probabilities, FROM_TEXT, axis=1)[:, :FROM_TEXT]
    return np.asarray(best[lines, np.argsort(-probabilities[lines, best], axis=1)])


def proposals(evidence: Evidence) -> Said:
    """What each source that is not the text model says of a line."""
    reading = evidence.reading
    said = []
    for merchant in (reading.merchant, evidence.learned.merchant if evidence.learned else None):
        category = merchant.category if merchant else ""
        if merchant and evidence.minor > 0:
            category = inflow_of(category, merchant.id, reading.line.rail)
        said.append(category)
    rule = evidence.rule.category if evidence.rule else ""
    return said[0], said[1], rule, evidence.mcc


def _shared(evidence: Evidence) -> tuple[float, ...]:
    """What all candidates of a line share, besides the text model's shape."""
    reading, found, learned = evidence.reading, evidence.reading.found, evidence.learned
    return (
        found.covered if found else 0.0, found.words if found else 0.0,
        float(found.distinct) if found else -1.0, float(len(found.left)) if found else -1.0,
        learned.covered if learned else 0.0, float(learned.distinct) if learned else -1.0,
        math.log1p(abs(evidence.minor) / 100), float(evidence.minor > 0),
        _ACCOUNT_NUMBERS.get(evidence.account_type, _ACCOUNT_NUMBERS["other"]),
        _RAIL_NUMBERS[reading.line.rail], float(bool(reading.line.processor)),
        float(reading.purpose), reading.text.count(" ") + bool(reading.text),
        math.nan if evidence.cadence is None else CADENCES.index(evidence.cadence),
    )  # fmt: skip


def features(
    evidence: Sequence[Evidence],
    chosen: Candidates,
    probabilities: Floats,
    frame: Frame,
    profile: Profile,
) -> Floats:
    """One row of features for each candidate.

    Args:
        evidence: What is known of each line.
        chosen: The candidates.
        probabilities: The text model's, one row a line.
        frame: The taxonomy over the classes.
        profile: What the training lines tell of each class.
    """
    edges = chosen.edges.tolist()
    shared = [
        (end - begin, 0.0, 0.0, *_shared(one))
        for (begin, end), one in zip(pairwise(edges), evidence, strict=True)
    ]
    each = np.array(shared, dtype=np.float32)
    each[:, 1] = probabilities.max(axis=1)
    each[:, 2] = -(probabilities * np.log(probabilities + 1e-9)).sum(axis=1)
    table = np.empty((len(chosen.classes), _OWN + each.shape[1]), dtype=np.float32)
    table[:, _OWN:] = each[chosen.line]
    kinds = frame.kinds[chosen.classes]
    _by_text(table, chosen, probabilities, kinds, frame)
    _by_class(table, chosen, kinds, frame, profile)
    return table


_OWN = 15
"""Columns in which the candidates of a line differ."""
_SIZE = _OWN + 3 + 6
"""The column of the amount: behind the number of candidates, the text model's best, its entropy."""


def _by_text(
    table: Floats, chosen: Candidates, probabilities: Floats, kinds: Ints, frame: Frame
) -> None:
    """Fills in how the text model sees each candidate and what lies around it."""
    line = chosen.line
    p = probabilities[line, chosen.classes]
    table[:, 0] = p
    table[:, 1] = np.log(p + 1e-6)
    table[:, 2] = chosen.place
    table[:, 3] = p - table[:, _OWN + 1]
    table[:, 12:14] = (probabilities @ frame.parts)[line[:, None], kinds[:, 1:]]


def _by_class(
    table: Floats, chosen: Candidates, kinds: Ints, frame: Frame, profile: Profile
) -> None:
    """Fills in what else speaks for each candidate's class: other sources, sign, amount."""
    classes, line, number = chosen.classes, chosen.line, frame.proposable
    proposed = np.array([[number.get(id_, 0) for id_ in four] for four in chosen.said])
    known = profile.table[classes]
    table[:, 4:8] = frame.agreements[proposed[line], classes[:, None]]
    table[:, 8] = kinds[:, 0]
    table[:, 9] = known[:, 0]
    table[:, 10] = (table[:, _SIZE] - known[:, 1]) / known[:, 2]
    table[:, 11] = known[:, 3]
    table[:, 14] = kinds[:, 1]
