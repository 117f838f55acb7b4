"""Layers 1 and 2 over many lines at once: readings, category choices, counterparties."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np

from enrichment.ach_entry import COMPANY
from enrichment.bank_lines import bank_line
from enrichment.category import Evidence, Floats, in_light, with_code
from enrichment.choice import Choice
from enrichment.clean import merchant_code
from enrichment.counterparty import Found, is_business_word
from enrichment.everyday import plainness, tells_kind
from enrichment.layers import choices_of
from enrichment.models import Models
from enrichment.names import readable
from enrichment.reading import Reading, amount_bucket, looks_personal, read
from enrichment.text_model import hashes_many
from knowledge.mcc import category_of_mcc
from knowledge.merchants import Merchant, slug
from ledger.types import Account, Transaction

_LETTERS = re.compile(r"[^\W\d_]{2}")
_ANYWHERE = re.compile(r"[^A-Za-z0-9&' ]+")


@dataclass(frozen=True, slots=True)
class Decision:
    """What one line says by itself, before the history is looked at.

    Attributes:
        evidence: What was known.
        text: The text model's probabilities.
        choice: The category.
        name: The counterparty as people write it, None where none is named.
        id: Its id.
        merchant: The merchant of the base, None for one that is only named.
        sure: Probability that the counterparty is right, before calibration.
        how: `merchants`, `description` or `account`.
    """

    evidence: Evidence
    text: Floats
    choice: Choice
    name: str | None
    id: str | None
    merchant: Merchant | None
    sure: float
    how: str


def match_features(found: Found, reading: Reading, text: Floats, models: Models) -> list[float]:
    """What speaks for a merchant found in a name; the input of `Models.match`."""
    top = found.merchant.category.split(".")[0]
    frame = models.frame
    agree = 0.4
    if top:
        agree = float(np.add.reduce(text.take(frame.inside[top])))
    plain, numbered = plainness(found, reading.name)
    return [
        found.covered,
        float(found.covered >= 1),
        min(3.0, float(found.words)),
        float(found.distinct),
        min(3.0, float(len(found.left))),
        float(bool(reading.line.processor)),
        agree,
        float(not top),
        float(found.covered >= 1 and found.distinct),
        float(not top) * min(3.0, float(len(found.left))),
        float(found.covered >= 1) * agree,
        plain,
        float(found.covered < 1) * plain,
        float(tells_kind(found.left)),
        float(numbered),
    ]


_LIKELY = 0.5


def trusted(evidence: Evidence, text: Floats, models: Models) -> Evidence:
    """The evidence without a merchant whose name only begins another's: `WASH PARK FLATS`.

    Args:
        evidence: What is known of a line.
        text: The text model's probabilities for it.
        models: The fitted parts.
    """
    reading, found = evidence.reading, evidence.reading.found
    if found is None or found.words > 1 or not reading.text:
        return evidence
    if models.match(match_features(found, reading, text, models)) >= _LIKELY:
        return evidence
    return evidence._replace(reading=reading._replace(found=None))


_Key = tuple[str, str, str, int]
_Named = tuple[str | None, str | None, Merchant | None, float, str]


def _line_key(row: Transaction, account: Account) -> _Key:
    """What a line's reading depends on: its text, currency, account type and sign."""
    return row.description, row.currency, account.type, (row.minor > 0) - (row.minor < 0)


def decide(rows: Sequence[tuple[Transaction, Account]], models: Models) -> list[Decision]:
    """Reads and decides lines; equal lines are read once, of like amounts decided once.

    Args:
        rows: Each transaction with its account.
        models: The fitted parts.
    """
    keys = [_line_key(row, account) for row, account in rows]
    lines: dict[_Key, tuple[Transaction, Account]] = {}
    for key, row_of in zip(keys, rows, strict=True):
        lines.setdefault(key, row_of)
    number = {key: n for n, key in enumerate(lines)}
    read_once, probabilities = _read_lines(list(lines.values()), models)
    read_once = [trusted(e, t, models) for e, t in zip(read_once, probabilities, strict=True)]
    distinct: dict[tuple[int, int, str | None], int] = {}
    evidence: list[Evidence] = []
    owners: list[Account] = []
    places = []
    for key, (row, account) in zip(keys, rows, strict=True):
        line = number[key]
        alike = line, amount_bucket(row.minor), row.mcc
        if alike not in distinct:
            distinct[alike] = len(evidence)
            evidence.append(_of_row(read_once[line], row))
            owners.append(account)
        places.append(distinct[alike])
    text = probabilities
    if len(distinct) > len(lines):
        text = probabilities[[line for line, _, _ in distinct]]
    text = with_code(text, evidence, models.frame)
    choices = choices_of(evidence, text, models)
    named: dict[tuple[int, str, str], _Named] = {}
    decided = []
    for e, t, choice, account in zip(evidence, text, choices, owners, strict=True):
        # Who a line is with does not depend on its amount.
        whose = id(e.reading), choice.category, account.institution
        if whose not in named:
            named[whose] = _counterparty(e, t, choice, account, models)
        decided.append(Decision(e, t, choice, *named[whose]))
    return [decided[place] for place in places]


def _of_row(line: Evidence, row: Transaction) -> Evidence:
    """The evidence of a line, with what only the row says."""
    if row.minor == line.minor and not row.mcc:
        return line
    mcc = category_of_mcc(row.mcc) if row.mcc else line.mcc
    return Evidence(line.reading, line.learned, line.rule, mcc, row.minor, line.account_type)


def _read_lines(
    rows: Sequence[tuple[Transaction, Account]], models: Models
) -> tuple[list[Evidence], Floats]:
    """Each line's evidence, and its text probabilities in the light of its sign."""
    evidence = [_evidence(row, account, models) for row, account in rows]
    read_as = [(e.reading.text, e.reading.tokens) for e in evidence]
    place = {said: n for n, said in enumerate(dict.fromkeys(read_as))}
    text = models.text.probabilities(hashes_many(list(place)))
    if len(place) < len(read_as):
        text = text[[place[said] for said in read_as]]
    return evidence, in_light(text, evidence, models.frame)


def _evidence(row: Transaction, account: Account, models: Models) -> Evidence:
    reading = read(row.description, row.currency, account.type, row.minor, models.index)
    rule = bank_line(reading, row.description, inflow=row.minor > 0, account_type=account.type)
    learned = None if reading.purpose else models.learned_index.find(reading.lookup)
    code = category_of_mcc(merchant_code(row.description)) if row.minor < 0 else ""
    return Evidence(reading, learned, rule, code, row.minor, account.type)


def counterparty_basis(how: str, reading: Reading, id_: str | None = None) -> str:
    """The curve of a counterparty: a bank that sets the reference apart leaves a whole name.

    No line tells whom a collector collects for, so nothing is fitted for those.
    """
    if id_ in COLLECTORS:
        return "counterparty_collected"
    apart = how == "description" and bool(reading.line.memo)
    return f"counterparty_{how}{'_apart' if apart else ''}"


def _counterparty(
    evidence: Evidence, text: Floats, choice: Choice, account: Account, models: Models
) -> _Named:
    reading, rule = evidence.reading, evidence.rule
    by_bank = rule is not None and rule.by_bank and rule.category == choice.category
    if by_bank:
        return _institution(reading, account, models)
    known = [
        (models.match(match_features(found, reading, text, models)), found)
        for found in _told_apart(reading.found, evidence.learned)
        if _fits(found, reading, text, models)
    ]
    if known:
        # The base comes first: of two that explain as much it has the better facts.
        sure, found = max(
            known, key=lambda pair: (pair[0] >= _LIKELY, pair[1].words, pair[1].covered)
        )
        if sure >= _LIKELY:
            merchant = models.index.by_id.get(found.merchant.id, found.merchant)
            if merchant.id in COLLECTORS:
                return _collected(reading, found, merchant)
            return merchant.name, merchant.id, merchant, sure, "merchants"
    if reading.line.rail == "cash" and (not reading.shown or reading.shown[0].isdigit()):
        return _institution(reading, account, models)
    shown = reading.shown
    if not shown or not _LETTERS.search(shown):
        return None, None, None, 0.3, "description"
    sure = models.named(named_features(reading, text))
    return shown, slug(shown) or None, None, sure, "description"


def _told_apart(base: Found | None, learned: Found | None) -> list[Found]:
    """Who a line may be with: what was learned only where it is somebody else or covers more."""
    if base is None or learned is None:
        return [found for found in (base, learned) if found is not None]
    alike = base.merchant.id == learned.merchant.id and base.covered >= learned.covered
    return [base] if alike else [base, learned]


COLLECTORS = frozenset(
    {
        "appfolio", "brightwheel", "buildium", "clickpay", "paylease", "rentcafe",
        "tuition_express",
    }
)  # fmt: skip
"""Who collects for schools and landlords: where a line names them, somebody else was paid."""
_COLLECTED = 0.1
"""Of eight lines of silver that name one none is with it (the rule of succession)."""
_ABOUT_COLLECTING = frozenset(
    {"web", "pmt", "pymt", "payment", "rent", "owner", "draw", "hoa", "dues", "tuition", "fee"}
)


def _collected(reading: Reading, found: Found, collector: Merchant) -> _Named:
    """Whom a collector's line names behind it, else the collector."""
    rest = reading.located.name.split()[found.words :]
    while rest and (rest[0].casefold() in _ABOUT_COLLECTING or not rest[0].isalpha()):
        rest = rest[1:]
    words = list(takewhile(str.isalpha, rest))
    if len(words) < _WHOLE_NAME:
        return collector.name, collector.id, collector, _COLLECTED, "merchants"
    name = readable(" ".join(words))
    return name, slug(name), None, 0.5, "description"


_WHOLE_NAME = 2
"""Words from which on what stands behind a collector is a name."""
_MONEY_TOPS = ("transfers", "savings", "debt", "taxes_fees", "income", "services", "insurance")
_BANKISH = 0.4


def _fits(found: Found, reading: Reading, text: Floats, models: Models) -> bool:
    """Whether a merchant is meant, not a person called like it or a shop called like a bank."""
    personal = reading.line.rail == "person" and looks_personal(reading.name)
    if found.covered >= 1:
        return found.distinct or not personal
    if personal:
        return False
    if found.merchant.category:
        return True
    return float(text[models.frame.where(_MONEY_TOPS)].sum()) > _BANKISH


_WORD = re.compile(r"\w+")
_ABOUT_PAYING = (
    "fee fees payment monthly ref pymt pmt dd paid deposit credit debit transfer from to reg "
    "sub subs dues annual renewal rent loan salary wages refund"
)
_REFERENCE_WORDS = frozenset(_ABOUT_PAYING.split())


_FULL = (21, 22)
"""Letters of a name that fills its column, so that its end may be missing."""


def _cut_off(reading: Reading) -> bool:
    line = reading.line
    first = line.fields[0] if line.fields else ""
    if line.processor:
        return line.lead + len(first) in _FULL
    return len(line.fields) > 1 and len(first) >= _FULL[0]


def _within_a_word(reading: Reading) -> bool:
    """Whether a name that fills its column ends in what is no word of any merchant's name."""
    words = reading.line.fields[0].split() if reading.line.fields else []
    return bool(words) and not is_business_word(words[-1])


def named_features(reading: Reading, text: Floats) -> list[float]:
    """What speaks for a name read off the line being the counterparty's; for `Models.named`."""
    shown = reading.shown
    words = shown.split()
    rail = reading.line.rail
    cut = _cut_off(reading)
    return [
        float(len(words) == 1),
        float(len(words) == 2),
        float(len(words) == 3),
        float(len(words) > 4),
        float(any(map(str.isdigit, shown))),
        float(reading.located.how in {"state", "columns"}),
        float(reading.located.how in {"town", "postcode"}),
        float(bool(reading.line.processor)),
        float(rail == "person"),
        float(rail in {"direct_debit", "standing_order", "faster_payment", "credit_transfer"}),
        float(rail == "ach"),
        float(not _REFERENCE_WORDS.isdisjoint(_WORD.findall(shown.casefold()))),
        float(looks_personal(reading.name)),
        float(text.max()),
        float(bool(reading.line.memo)),
        float(cut),
        float(cut and _within_a_word(reading)),
        float(rail == "ach" and bool(reading.line.entry)),
        float(rail == "ach" and len(reading.line.name) >= COMPANY),
    ]


def _institution(reading: Reading, account: Account, models: Models) -> _Named:
    """The bank behind its own line: one that the text names, else the account's own."""
    named = mentioned(reading.line.name, models)
    if named is not None:
        return named.name, named.id, named, 0.85, "merchants"
    found = models.index.find(account.institution)
    if found is not None:
        merchant = found.merchant
        return merchant.name, merchant.id, merchant, 0.8, "account"
    if not account.institution:
        return None, None, None, 0.5, "account"
    return account.institution, slug(account.institution), None, 0.75, "account"


def by_institution(decision: Decision, other: Account, models: Models) -> Decision:
    """The leg of an own move whose line names nobody: the bank it names, else the other one."""
    rule = decision.evidence.rule
    if decision.how != "description" or rule is None or not rule.by_bank:
        return decision
    name, id_, merchant, sure, how = _institution(decision.evidence.reading, other, models)
    return replace(decision, name=name, id=id_, merchant=merchant, sure=sure, how=how)


def mentioned(text: str, models: Models) -> Merchant | None:
    """A bank or card company that a line names anywhere."""
    words = _ANYWHERE.sub(" ", text).split()
    for start in range(len(words)):
        found = models.index.find(" ".join(words[start : start + 4]))
        if found is None or len(words[start]) < 3:
            continue
        if found.merchant.category in {"", "debt.credit_card", "transfers.own_account"}:
            return found.merchant
    return None


def own_move(decision: Decision, models: Models) -> float:
    """How much a line by itself reads as a move between own accounts, 0 to 1."""
    rule = decision.evidence.rule
    if rule is not None and rule.category in _OWN:
        return 1.0
    inside = models.frame.where(_OWN)
    return min(1.0, float(decision.text[inside].sum()) + _rail_weight(decision))


def _rail_weight(decision: Decision) -> float:
    rail = decision.evidence.reading.line.rail
    if rail in {"faster_payment", "standing_order", "ach", "wire", "credit_transfer"}:
        return 0.2
    return 0.1 if rail in {"", "direct_debit", "person"} else -1.0


_OWN = (
    "transfers.own_account",
    "savings.pot",
    "savings.brokerage",
    "debt.credit_card",
    "debt.loans.personal",
)


def finite(value: float) -> float:
    """A confidence as a plain number between 0 and 1."""
    if 0.0 <= value <= 1.0:
        return value
    return 0.0 if math.isnan(value) else min(1.0, max(0.0, value))
