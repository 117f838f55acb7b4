"""Lines that the bank itself wrote: interest, fees, card payments, cash, rewards, own transfers.

Their wording is small and the same at every bank, so rules read them; who they are with is the
institution that keeps the account.
"""

from __future__ import annotations

import re
from functools import cache

from enrichment.category import PAYERS, TILLS, BankLine
from enrichment.counterparty import Found, fold
from enrichment.reading import Reading, looks_personal
from knowledge.merchants import load_merchants


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_INTEREST = _any(
    r"^(?:gross |net |credit |savings |deposit |monthly |annual )?interest\b(?!.*\bloan repay)",
    r"\binterest (?:paid|earned|payment|credit|charge|charged|applied)\b",
    r"^int(?:erest)?\.? (?:to|from|pd|paid)\b",
    r"\b(?:overdraft|o/?d|debit|purchase) interest\b",
    r"^(?:deposit |share |regular |savings )+dividend(?: earned| paid| credit| deposit)*$",
)
_FEE = _any(r"\bfees?\b", r"\bcharges?\b", r"\bsurcharge\b")
_REVERSED = _any(r"\brefund", r"\brevers", r"\brebate", r"\bwaive", r"\bcredit adj")
_PENALTY = _any(
    r"\b(?:overdraft|nsf|insufficient|returned|late|unpaid|bounced|over ?limit|unarranged|od)\b"
)
_USAGE = _any(
    r"\b(?:atm|foreign|non-?sterling|cash advance|currency|international trans|"
    r"intl? (?:purchase|trans)|"
    r"cross[- ]border|balance transfer|fx|out of network|conversion|cash fee|machine)\b"
)
_ACCOUNT = _any(
    r"\b(?:monthly|service|maintenance|account|annual|wire|statement|plan|card replacement|"
    r"replacement card|club|packaged|package|membership) (?:\w+ ){0,2}(?:fee|charge)s?\b",
    r"^(?:account|bank|service|card|annual|monthly) (?:fee|charge)s?\b",
)
_CARD_PAYMENT = _any(
    r"\bpayment\b.*\b(?:thank|received)",
    r"\bthank you\b",
    r"\b(?:autopay|direct debit|online|mobile|internet|electronic|ach|automatic|branch|web) "
    r"(?:pay(?:ment|mt)?|pymt|pmt)\b",
    r"^pay(?:ment|mt)\b",
    r"\bpayment received\b",
    r"\be-?payment\b",
)
_REWARD = _any(
    r"\bcash ?back\b(?!.*\bpurchase)",
    r"\brewards?\b.*\b(?:redeem|redemption|credit|cash|earned|paid|payment)",
    r"\bstatement credit\b",
    r"\b(?:offer|reward|referral|welcome|switch(?:ing)?|sign ?up) "
    r"(?:credit|bonus|payment|reward)\b",
)
_SAVING = _any(
    r"\b(?:to|from) (?:my |your )?(?:savings?|saver|pot|vault|goal|space|isa)\b",
    r"\bround[- ]?ups?\b",
    r"\bsave the change\b",
    r"\bkeep the change\b",
    r"\bpot (?:transfer|deposit|withdrawal)\b",
)
_OWN = _any(
    r"\b(?:online|internal|requested|mobile|account|acct|automatic|recurring|scheduled|web|"
    r"telephone|own account) (?:banking )?(?:transfer|xfer)\b",
    r"\btransfer (?:to|from) (?:checking|chk|current|account|acct|sav|share|.*\baccount\b)",
    r"^(?:transfer|xfer)\b",
    r"\btransfer between\b",
)
_DEPOSIT = _any(
    r"\b(?:cash|check|cheque|atm|mobile|branch|counter|remote|edeposit|e-deposit) ?"
    r"(?:check |cash |cheque )?(?:deposit|credit|paid in|lodgement)\b",
    r"^deposit\b(?!.*\b(?:payroll|dividend|interest|from|dir|ach|protection|refund)\b)",
    r"\bcash (?:paid in|in)\b",
    r"\blodgement\b",
    r"\bpaid in at\b",
)
_SALARY = _any(
    r"\b(?:pay ?roll|salary|salaries|wages?|dir(?:ect)?[ -]?dep(?:osit)?|(?:reg|fed)\.? ?sal|"
    r"net pay|weekly pay|monthly pay)\b"
)
_INVOICE = _any(r"\binv(?:oice)?\b[-\s#.:]*\d")
_CASHED_OUT = _any(
    r"\b(?:venmo|cash ?app)\b.*\bcash ?out\b", r"\bpaypal\b.*\btransfer\b(?!.*\binst)"
)
"""What a person takes out of a wallet of theirs."""
_TAX_REFUND = _any(r"\btax (?:ref(?:und)?|rebate|repayment|rfd)\b", r"\btaxrfd\b", r"\btax ?ref\b")
_TAXMAN = _any(
    r"\bhmrc\b", r"\birs\b", r"\brevenue\b", r"\btax ?back\b", r"\bstate of\b", r"\bfranchise tax\b"
)
_PENSION = _any(r"\bpension", r"\bannuit", r"\bretire", r"\bbenefit", r"\bclaim\b", r"\bassist")
_REFUND = _any(
    r"\brefund(?:ed)?\b",
    r"\bchargeback\b",
    r"\breversal\b",
    r"\breturn(?:ed)? (?:purchase|credit)\b",
    r"\bpurchase return\b",
    r"\bprovisional credit\b",
    r"\breimburse",
)


_FEES = (
    (_PENALTY, BankLine("taxes_fees.bank.penalty", True, 0.95)),
    (_USAGE, BankLine("taxes_fees.bank.usage", True, 0.95)),
    (_ACCOUNT, BankLine("taxes_fees.bank.account", True, 0.85)),
)


def _fee(text: str, reading: Reading, inflow: bool) -> BankLine | None:
    if not _FEE.search(text):
        return None
    if inflow:
        reversed_ = _REVERSED.search(text)
        return BankLine("income.money_back.refund", True, 0.9) if reversed_ else None
    if _about_somebody(reading):
        return None
    return next((line for pattern, line in _FEES if pattern.search(text)), None)


def _about_somebody(reading: Reading) -> bool:
    """Whether the line begins with a merchant whose name says what it is for."""
    found = reading.found
    return bool(found and found.distinct and found.merchant.category)


def _cash(reading: Reading, text: str, inflow: bool) -> BankLine | None:
    if reading.line.rail == "cash" and not inflow:
        return BankLine("transfers.cash.withdrawal", False, 0.97)
    if inflow and _DEPOSIT.search(text):
        return BankLine("transfers.cash.deposit", True, 0.9)
    if reading.line.rail == "cheque" and not re.search(r"[a-z]{3}", reading.line.name.casefold()):
        category = "transfers.cash.deposit" if inflow else "transfers.cash.cheque_written"
        return BankLine(category, False, 0.95)
    return None


def _interest(text: str, inflow: bool, account_type: str) -> BankLine | None:
    if not _INTEREST.search(text):
        return None
    if inflow and account_type != "credit":
        return BankLine("income.returns.interest", True, 0.97)
    return None if inflow else BankLine("debt.interest", True, 0.93)


def _paid_by(reading: Reading, text: str) -> BankLine | None:
    """Money from a platform, a tax office, a client or a person."""
    found, rail = reading.found, reading.line.rail
    if _CASHED_OUT.search(text):
        return BankLine("transfers.own_account", False, 0.85)
    if _INVOICE.search(text):
        return BankLine("income.pay.freelance", False, 0.9)
    payer = _payer(found) if found is not None and rail not in {"", "card"} else None
    if payer is not None:
        return payer
    if rail == "person" and not reading.line.memo and looks_personal(reading.name):
        return BankLine("transfers.person", False, 0.9)
    return None


def _payer(found: Found) -> BankLine | None:
    """What money from somebody who pays people is; a till with a name behind it pays for that."""
    merchant = found.merchant
    if merchant.id in PAYERS:
        return BankLine("income.pay.gig", False, 0.85)
    if merchant.id in TILLS and not found.left:
        return BankLine("income.pay.freelance", False, 0.85)
    if merchant.category.startswith("taxes_fees.income"):
        return BankLine("income.money_back.tax_refund", False, 0.85)
    if merchant.category.startswith("income."):
        return BankLine(merchant.category, False, 0.85)
    return None


_PAID_RAILS = frozenset({"", "ach", "direct_debit", "faster_payment"})


def _inflow(text: str, reading: Reading, account_type: str) -> BankLine | None:
    """Money that came in by a wording that names its reason."""
    if account_type == "credit" and reading.line.rail in _PAID_RAILS:
        if _REWARD.search(text):
            return BankLine("income.money_back.rewards", True, 0.92)
        if _CARD_PAYMENT.search(text) and not _REFUND.search(text):
            return BankLine("debt.credit_card", True, 0.97)
    back = _money_back(text)
    if back is not None:
        return back
    paid = _SALARY.search(text) or _by_payroll(reading)
    if paid and not _PENSION.search(text) and account_type != "credit":
        return BankLine("income.pay.salary", False, 0.93)
    if _REWARD.search(text):
        return BankLine("income.money_back.rewards", True, 0.85)
    return _paid_by(reading, text)


@cache
def _payrolls() -> frozenset[tuple[str, ...]]:
    """The spellings of those who pay out other companies' wages."""
    payers = (m for m in load_merchants() if m.category == "income.pay.salary")
    return frozenset(fold(said) for m in payers for said in (m.name, *m.aliases))


def _by_payroll(reading: Reading) -> bool:
    """Whether the company's own word for an entry names its payroll provider: `ADP DIRDEP`."""
    words = fold(reading.line.entry)
    return any(words[:size] in _payrolls() for size in range(1, 4)) if words else False


def _money_back(text: str) -> BankLine | None:
    if _TAX_REFUND.search(text) or (_REFUND.search(text) and _TAXMAN.search(text)):
        return BankLine("income.money_back.tax_refund", False, 0.93)
    if _REFUND.search(text):
        return BankLine("income.money_back.refund", False, 0.93)
    return None


_INSIDE = (
    (_any(r"\b(?:fuel|petrol|pfs|pump|filling|forecourt|gas)\b"), "transport.driving.fuel"),
    (_any(r"\b(?:pharmacy|pharm|rx)\b"), "health.pharmacy"),
    (_any(r"\b(?:optical|opticians?|vision)\b"), "health.optical"),
    (_any(r"\b(?:cafe|coffee)\b"), "eating_out.coffee"),
    (_any(r"\bmobile\b"), "utilities.telecom.mobile"),
    (_any(r"\btravel money\b"), "travel.packages"),
)
_CHARITY_SHOP = _any(r"\b(?:shop|store|books?hop|books|furniture)\b")
_SHOPS = ("groceries.", "shopping.stores.")
_BNPL = frozenset({"klarna", "sezzle", "afterpay", "clearpay", "affirm"})


_PLATFORM_KINDS = {
    "pushpay": "services.giving",
    "tithely": "services.giving",
    "yardi": "housing.rent",
    "lawpay": "services.professional.legal_financial",
    "glossgenius": "personal.hair_beauty",
    "vagaro": "personal.hair_beauty",
    "booksy": "personal.hair_beauty",
    "fresha": "personal.hair_beauty",
    "treatwell": "personal.hair_beauty",
    "fareharbor": "entertainment.attractions",
    "wisepay": "family.education.school",
    "vending": "eating_out.snack",
    "mindbody": "personal.fitness",
    "active": "entertainment.sports_clubs",
}
"""Processors that serve one trade only."""


def _counter(reading: Reading) -> BankLine | None:
    """A counter inside a known shop (its petrol station, cafe), or a trade's own processor."""
    line, merchant = reading.line, reading.merchant
    if line.processor in _BNPL:
        return BankLine("debt.bnpl", False, 0.95)
    if line.processor in _PLATFORM_KINDS:
        return BankLine(_PLATFORM_KINDS[line.processor], False, 0.85)
    if line.rail == "person" and not line.memo and looks_personal(reading.name):
        return BankLine("transfers.person", False, 0.9)
    return _inside(reading.name, merchant.category) if merchant else None


def _inside(name: str, category: str) -> BankLine | None:
    if category == "services.giving" and _CHARITY_SHOP.search(name):
        return BankLine("shopping.stores.discount", False, 0.7)
    if not category.startswith(_SHOPS):
        return None
    kinds = (kind for pattern, kind in _INSIDE if pattern.search(name))
    kind = next(kinds, None)
    return BankLine(kind, False, 0.9) if kind else None


FOR_MONEY_OUT = (_INTEREST, _FEE, _SAVING, _OWN)
"""The patterns that a line is held against where money went out."""
_TOLD = (
    "int", "fee", "charge", "sav", "pot", "vault", "goal", "space", "isa", "round", "the change",
    "transfer", "xfer", "dividend",
)  # fmt: skip
"""One of these stands in every line that one of them matches."""


def tells(text: str, *, inflow: bool) -> bool:
    """Whether the patterns of a bank's own lines are worth trying; most lines hold no such word."""
    if inflow or not text.isascii():
        return True
    return any(map(text.lower().__contains__, _TOLD))


def bank_line(
    reading: Reading, description: str, *, inflow: bool, account_type: str
) -> BankLine | None:
    """What a bank's own line is, or None for a line about somebody else.

    Args:
        reading: The line, read.
        description: The line as the bank wrote it.
        inflow: Whether money came in.
        account_type: Of the account.
    """
    text = description[:400]
    told = tells(text, inflow=inflow)
    found = _interest(text, inflow, account_type) or _fee(text, reading, inflow) if told else None
    found = found or _cash(reading, text, inflow)
    found = found or (_inflow(text, reading, account_type) if inflow else _counter(reading))
    if found or not told or _about_somebody(reading):
        return found
    if _SAVING.search(text) and reading.line.rail in {
        "",
        "faster_payment",
        "ach",
        "standing_order",
    }:
        return BankLine("savings.pot", True, 0.85)
    if _OWN.search(text) and reading.line.rail not in {"person", "card"}:
        saving = account_type == "savings"
        return BankLine("savings.pot" if saving else "transfers.own_account", True, 0.8)
    return None
