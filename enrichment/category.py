"""The category layers 1 and 2: each source proposes, gradient-boosted trees decide.

Candidates come from the hashed n-gram model's best classes, the merchant base, the merchants of
the training lines, the bank-line rules and the card's merchant category code. LightGBM scores each
candidate of a line on how well it fits: text probability, what the other sources say, amount,
sign, account type, rail, recurrence. The scores are made probabilities over the candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from enrichment.counterparty import Found
from enrichment.reading import Reading
from knowledge.taxonomy import UNCATEGORISED, Taxonomy

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

FROM_TEXT = 6
_FEW = 16
RAILS = (
    "", "card", "direct_debit", "standing_order", "faster_payment", "credit_transfer", "ach",
    "person", "cash", "cheque", "wire", "bank",
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
        return np.stack((self.spread, self.prior, self.mean, self.inflow), axis=1)


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
    proposable: dict[str, int]
    agreements: Floats

    @cached_property
    def outward(self) -> frozenset[int]:
        """What money that comes in never is: all spending but bets, which may be won."""
        return frozenset(self.spending.tolist()) - set(self.inside[_BETS].tolist())

    @cached_property
    def _parts(self) -> Any:
        return sparse.csr_matrix(self.parts)

    def sums(self, probabilities: Floats) -> Floats:
        """The probability of each part, one row a line."""
        # A dense product of many lines would wake BLAS's threads, which then wait busily for more.
        few = len(probabilities) <= _FEW
        return np.asarray(probabilities @ (self.parts if few else self._parts))

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
_BETS = "entertainment.gambling"
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
TILLS = frozenset({"square", "shopify", "gocardless", "sumup", "zettle", "worldpay"})
"""Who takes cards or debits for a seller, and pays out what was taken."""


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
    part /= np.add.reduce(part, axis=1, keepdims=True)
    return part


_ACCOUNT_RAILS = frozenset({"person", "faster_payment", "standing_order", "direct_debit", "ach"})
_CASH = "transfers.cash"


def in_light(probabilities: Floats, evidence: Sequence[Evidence], frame: Frame) -> Floats:
    """Text probabilities in the light of sign and rail, one row a line; the given ones stay.

    What goes from account to account is no cash: a deposit that somebody writes of there is one
    for a flat, a party or a job.
    """
    found = signed(probabilities, np.array([e.minor for e in evidence]), frame)
    moved = [n for n, e in enumerate(evidence) if e.reading.line.rail in _ACCOUNT_RAILS]
    if moved:
        part = found[moved]
        part[:, frame.inside[_CASH]] *= _UNLIKELY
        part /= np.add.reduce(part, axis=1, keepdims=True)
        found[moved] = part
    return found


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
    edges = [0]
    for one, four, best in zip(evidence, said, _ranked(probabilities).tolist(), strict=True):
        if one.minor > 0:
            best = [c for c in best if c not in frame.outward]  # noqa: PLW2901 - see `outward`
        more = (*four, *_INFLOWS) if one.minor > 0 else four
        classes += dict.fromkeys(best + [index[id_] for id_ in more if id_ in index])
        edges.append(len(classes))
    starts = np.array(edges)
    counts = starts[1:] - starts[:-1]
    place = np.arange(len(classes)) - starts[:-1].repeat(counts)
    return Candidates(np.array(classes), np.arange(len(said)).repeat(counts), place, starts, said)


def _ranked(probabilities: Floats) -> Ints:
    """The columns of each line's best classes, the best first."""
    if len(probabilities) == 1:
        return (-probabilities).argsort(axis=1)[:, :FROM_TEXT]
    left = probabilities.copy()
    lines = np.arange(len(left))
    best = np.empty((len(left), FROM_TEXT), dtype=np.int64)
    for place in range(FROM_TEXT):
        left.argmax(axis=1, out=best[:, place])
        left[lines, best[:, place]] = -1
    return best


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
