"""The rules of counting: which rows a question counts, and with which sign. Pure.

Spending is money out less refunds, without neutral flows. A refund (a friend's paid-back share
too) lowers total spending on its own booking date; it lowers a merchant's or a category's spending
only where it is matched to such a purchase. Money back and borrowed money never enter income. A
neutral category or a counterparty that the question names outright is counted. Currencies are never
added.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from actions.query import Period, Query
from knowledge.taxonomy import load_taxonomy
from ledger.queries import Row

REFUND = "income.money_back.refund"
MONEY_BACK = "income.money_back"
BORROWED = "debt.borrowed"
CARD_COSTS = ("debt.interest", "taxes_fees.bank")
"""What a card itself charges: left out of "on the amex" unless asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that counts, and how much it adds to the figure (a refund lowers spending)."""

    row: Row
    minor: int


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which of the person's accounts are cards and which hold savings."""

    credit: frozenset[str] = frozenset()
    savings: frozenset[str] = frozenset()


def within(category: str | None, node: str) -> bool:
    """Whether a category is the node or below it."""
    return category is not None and (category == node or category.startswith(f"{node}."))


@lru_cache(maxsize=512)
def covered(named: tuple[str, ...]) -> frozenset[str]:
    """Every category that naming these counts.

    A node covers its descendants of the same flow: "debt" is no card repayment, "transfers" is all
    of them. Money back and borrowed money are covered only where they are named themselves.
    """
    taxonomy = load_taxonomy()
    found: set[str] = set()
    for node in (*named, *_combined(named)):
        flow = taxonomy.flow(node)
        for id_ in taxonomy.descendants(node):
            hidden = (within(id_, MONEY_BACK) and not within(node, MONEY_BACK)) or (
                id_ == BORROWED and node != BORROWED
            )
            if taxonomy.flow(id_) == flow and not hidden:
                found.add(id_)
    return frozenset(found)


def _combined(named: tuple[str, ...]) -> tuple[str, ...]:
    """A bill for gas and electricity in one is part of either."""
    parts = {"utilities.energy.electricity", "utilities.energy.gas"}
    return ("utilities.energy.combined",) if parts & set(named) else ()


@lru_cache(maxsize=512)
def below(named: tuple[str, ...]) -> frozenset[str]:
    """These categories with all their descendants, whatever their flow."""
    taxonomy = load_taxonomy()
    nodes = (*named, *_combined(named))
    return frozenset(id_ for node in nodes for id_ in taxonomy.descendants(node))


@lru_cache(maxsize=512)
def _flow(category: str | None) -> str | None:
    taxonomy = load_taxonomy()
    return taxonomy.flow(category) if category is not None and category in taxonomy else None


def _is_left_out(row: Row, query: Query) -> bool:
    out = query.exclude
    if not (out.merchants or out.categories or out.accounts):
        return False
    gone = below(out.categories)
    return (
        row.account_id in out.accounts
        or row.counterparty_id in out.merchants
        or row.bought_from in out.merchants
        or row.category in gone
        or row.bought_as in gone
    )


def _passes(row: Row, query: Query) -> bool:
    """The filters that hold for every row alike: account, amount, days, what is left out."""
    if query.accounts and row.account_id not in query.accounts:
        return False
    if query.amount is not None and not query.amount.matches(row.minor, row.currency):
        return False
    if query.weekdays and (row.purchased or row.booked).weekday() not in query.weekdays:
        return False
    if query.gaps and any(_is_in(row.booked, gap) for gap in query.gaps):
        return False
    return not _is_left_out(row, query)


def _is_in(day: date, period: Period) -> bool:
    after = period.start is None or period.start <= day
    return after and (period.end is None or day < period.end)


def _named(
    query: Query, counterparty: str | None, category: str | None, categories: Collection[str]
) -> bool:
    if query.either and query.merchants and query.categories:
        return counterparty in query.merchants or category in categories
    if query.merchants and counterparty not in query.merchants:
        return False
    return not query.categories or category in categories


def _is_own_savings_leg(row: Row, query: Query, kinds: Kinds) -> bool:
    """Money that leaves a savings account is taken out of savings, not put in."""
    return (
        within(row.category, "savings") and row.account_id in kinds.savings and not query.accounts
    )


def _is_card_cost(row: Row, query: Query, kinds: Kinds) -> bool:
    """Interest and fees on a card that the question is about, which it did not ask for."""
    on_cards = bool(query.accounts) and set(query.accounts) <= kinds.credit
    if not on_cards or query.categories or query.merchants:
        return False
    return any(within(row.category, node) for node in CARD_COSTS)


def is_payment(row: Row, query: Query, kinds: Kinds) -> bool:
    """Whether a row is money out that the question counts as spending."""
    if row.minor >= 0 or not _passes(row, query):
        return False
    if not _named(query, row.counterparty_id, row.category, covered(query.categories)):
        return False
    if not query.categories and not query.merchants and _flow(row.category) == "neutral":
        return False
    return not _is_own_savings_leg(row, query, kinds) and not _is_card_cost(row, query, kinds)


def is_refund(row: Row, query: Query) -> bool:
    """Whether a row is a refund that lowers the spending the question is about."""
    if row.minor <= 0 or row.category != REFUND or not _passes(row, query):
        return False
    if not query.merchants and not query.categories:
        return True
    matched = row.refund_of is not None
    return matched and _named(query, row.bought_from, row.bought_as, covered(query.categories))


def is_income(row: Row, query: Query) -> bool:
    """Whether a row is money in that the question counts as income."""
    if row.minor <= 0 or not _passes(row, query):
        return False
    if not _named(query, row.counterparty_id, row.category, covered(query.categories)):
        return False
    if query.merchants or query.categories:
        return True
    if within(row.category, MONEY_BACK) or row.category == BORROWED:
        return False
    return _flow(row.category) in {"in", None}


def spending(rows: Iterable[Row], query: Query, kinds: Kinds) -> list[Entry]:
    """The payments and refunds of a spending question, refunds negative."""
    return [
        Entry(row, -row.minor)
        for row in rows
        if is_payment(row, query, kinds) or is_refund(row, query)
    ]


def payments(rows: Iterable[Row], query: Query, kinds: Kinds) -> list[Entry]:
    """The payments alone: what was bought or how often, refunds aside."""
    return [Entry(row, -row.minor) for row in rows if is_payment(row, query, kinds)]


def income(rows: Iterable[Row], query: Query) -> list[Entry]:
    """The money in of an income question."""
    return [Entry(row, row.minor) for row in rows if is_income(row, query)]


def listed(rows: Iterable[Row], query: Query, kinds: Kinds) -> list[Entry]:
    """The rows of a question that lists; without a direction every row that is named."""
    if query.direction == "out" and query.moves:
        return [
            Entry(row, -row.minor)
            for row in rows
            if row.minor < 0
            and _passes(row, query)
            and _named(query, row.counterparty_id, row.category, covered(query.categories))
        ]
    if query.direction == "out":
        return payments(rows, query, kinds)
    if query.direction == "in":
        return [
            Entry(row, row.minor)
            for row in rows
            if row.minor > 0
            and _passes(row, query)
            and _named(query, row.counterparty_id, row.category, below(query.categories))
            and (query.merchants or query.categories or _flow(row.category) != "neutral")
        ]
    return [
        Entry(row, row.minor)
        for row in rows
        if _passes(row, query)
        and _named(query, row.counterparty_id, row.category, below(query.categories))
    ]


def totals(entries: Iterable[Entry]) -> dict[str, int]:
    """The sum of each currency, minor units."""
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.row.currency] = sums.get(entry.row.currency, 0) + entry.minor
    return sums


def grouped(entries: Sequence[Entry], key: Callable[[Entry], str]) -> Mapping[str, Sequence[Entry]]:
    """The entries by key; every entry is in exactly one group, so that groups add up."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return groups


@lru_cache(maxsize=512)
def _path(category: str) -> tuple[str, ...]:
    """A category with all above it, the top first."""
    return (*reversed(load_taxonomy().ancestors(category)), category)


def category_key(query: Query) -> Callable[[Entry], str]:
    """Groups by the category below the one that is named, by the named ones, or at the top.

    A matched refund belongs to its purchase's category; an unmatched one is a group of its own.
    """
    taxonomy = load_taxonomy()

    below = 0 if len(query.categories) > 1 else 1

    def key(entry: Entry) -> str:
        row = entry.row
        category = row.bought_as if row.refund_of and row.bought_as else row.category
        if category is None or category not in taxonomy:
            return "unknown"
        if within(category, MONEY_BACK) and entry.minor < 0:
            return REFUND
        path = _path(category)
        depth = max(
            (len(taxonomy.ancestors(n)) + below for n in query.categories if within(category, n)),
            default=0,
        )
        return path[min(depth, len(path) - 1)]

    return key


def merchant_key(entry: Entry) -> str:
    """Groups by counterparty; a matched refund belongs to where the purchase was.

    An unmatched refund lowers no counterparty's spending; those are a group of their own.
    """
    row = entry.row
    if row.refund_of and row.bought_from:
        return row.bought_from
    if row.category == REFUND and entry.minor < 0:
        return REFUND
    return row.counterparty_id or "unknown"
