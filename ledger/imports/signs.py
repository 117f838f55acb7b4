"""Which sign is money out: told by a balance, by words beside the amounts, or asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.imports.choices import ImportQuestion, Option

_IN = re.compile(
    r"\b(salary|payroll|wages?|direct dep(osit)?|dir dep|interest (paid|earned|credit)|benefit"
    r"|pension|dividend|deposit|gehalt|lohn|salaire|nomina|stipendio|salaris|lon)\b",
    re.IGNORECASE,
)
"""Words of money that comes into an account."""
_OUT = re.compile(
    r"\b(direct debit|standing order|atm|withdrawal|cash advance|late fee|annual fee|rent|mortgage"
    r"|interest charged?|purchase|sale|card payment to|pos|debit|supermarkets?|restaurants?"
    r"|lastschrift|prelevement|retrait)\b",
    re.IGNORECASE,
)
"""Words of money that goes out."""
_REPAID = re.compile(
    r"payment.{0,12}(received|thank)|thank you|\bauto ?pay\b|payment - |\bpymt\b"
    r"|direct debit payment|\bpayment,? (from|by)\b|^payment$|statement credit|cashback|refund",
    re.IGNORECASE,
)
"""Words of a payment to a card, or money back on it: the opposite of a purchase."""
_EXAMPLES = 5
_TRUSTED = 0.9
"""Share of steps at which balances must add up; the rest are rows that the file leaves out."""


@dataclass(frozen=True, slots=True)
class Signed:
    """An amount as it stands, the balance beside it, and the words of its row."""

    account: str
    minor: int
    balance: int | None
    words: str


@dataclass(slots=True)
class Evidence:
    """What a whole file says about signs and order.

    Attributes:
        steps: From one balance of an account to the next.
        adds: Steps that add up, by sign (1, or -1 where purchases are positive) and by order
            (1 for oldest first, -1 for newest first).
    """

    positive: int = 0
    negative: int = 0
    negative_out: int = 0
    positive_out: int = 0
    steps: int = 0
    adds: dict[tuple[int, int], int] = field(
        default_factory=lambda: {(sign, order): 0 for sign in (1, -1) for order in (1, -1)}
    )
    examples: list[str] = field(default_factory=list)

    def chain(self) -> tuple[int, int] | None:
        """The sign and order with which the balances add up, or none."""
        best = max(self.adds, key=lambda key: self.adds[key])
        good = self.steps and self.adds[best] >= self.steps * _TRUSTED
        return best if good else None


def _hear(evidence: Evidence, row: Signed) -> None:
    repaid, comes, goes = (bool(words.search(row.words)) for words in (_REPAID, _IN, _OUT))
    inward = (repaid or comes) and not (goes and not repaid)
    outward = goes and not repaid and not comes
    if inward == outward:
        return
    if inward == (row.minor > 0):
        evidence.negative_out += 1
    else:
        evidence.positive_out += 1


def weigh(rows: Iterable[Signed]) -> Evidence:
    """Gather what a file's rows say; zero amounts say nothing."""
    evidence = Evidence()
    before: dict[str, Signed] = {}
    for row in rows:
        last = before.get(row.account)
        if row.balance is not None and last is not None and last.balance is not None:
            evidence.steps += 1
            step = row.balance - last.balance
            for sign in (1, -1):
                evidence.adds[sign, 1] += step == sign * row.minor
                evidence.adds[sign, -1] += -step == sign * last.minor
        before[row.account] = row
        if not row.minor:
            continue
        evidence.positive += row.minor > 0
        evidence.negative += row.minor < 0
        _hear(evidence, row)
        if len(evidence.examples) < _EXAMPLES:
            evidence.examples.append(row.words.strip()[:60])
    return evidence


def sign_of(evidence: Evidence, chosen: str | None) -> int:
    """1 where a negative amount is money out, -1 where purchases are positive.

    Raises:
        ImportQuestion: Nothing in the file tells.
    """
    if chosen:
        return 1 if chosen == "negative_out" else -1
    chain = evidence.chain()
    if chain and chain[0] == -1 and evidence.adds[1, chain[1]] < evidence.adds[chain]:
        return -1
    if evidence.positive_out and not evidence.negative_out:
        return -1
    if evidence.negative and (evidence.negative >= evidence.positive or chain):
        return 1
    if evidence.negative_out > 2 * evidence.positive_out or not evidence.positive:
        return 1
    if evidence.positive_out > 2 * evidence.negative_out:
        return -1
    raise ImportQuestion(
        "sign",
        "Is a positive amount in this file money in, or money spent, as on some cards?",
        (
            Option("negative_out", "money in; spending is negative"),
            Option("positive_out", "money spent; payments and refunds are negative"),
        ),
        tuple(evidence.examples),
    )
