"""From what was said to a `Query`: a full question makes a new one. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from actions.errors import UnclearError
from actions.query import Period, Query
from actions.said import Said
from actions.sides import compared
from knowledge.taxonomy import load_taxonomy

SPENDING = frozenset(
    [
        "spending_total",
        "spending_breakdown",
        "spending_compare",
        "spending_average",
        "spending_trend",
        "top_merchants",
        "biggest_purchases",
        "transaction_count",
        "bank_fees",
    ]
)
INCOME = frozenset(["income_total", "refunds", "next_payday"])
BILLS = frozenset(["list_subscriptions", "upcoming_bills", "bill_details", "cancel_subscription"])
ROWS = frozenset(["list_transactions", "last_transaction"])
GAPPED = (SPENDING | ROWS | {"income_total"}) - {"spending_average", "spending_trend"}
"""Measures that days can be left out of."""

_EITHER_WAY = frozenset({"spending_compare", "spending_average", "spending_trend"})
"""Measures of money in as well, which no intent of income has."""
_EARNS = re.compile(
    r"\b(?:i|we) (?:was|got|get|am|be|been) paid\b|\b(?:earn(?:ed|t|ing|ings)?|income|wages?)\b"
    r"|\b(?:do|did|have|has|was|were) (?:i|we) (?:make|made|making|bring\w* in|brought in)\b"
    r"|\b(?:come|came|coming|comes) in\b|\bmoney in\b"
)
_SUMMED = frozenset({"spending_total", "spending_breakdown"})
_WHOLE_SUMS = frozenset({"spending_total", "income_total", "transaction_count"})
_EVER = re.compile(r"\b(?:in total|altogether|all told|overall|ever|all time|to date)\b")
_HAVE = re.compile(r"\b(?:have|has|ive|weve)\b|\b(?:i|we|they|he|she|it)['’](?:ve|s)\b")
"""Up to now: of somebody who is named, since the first payment."""
_BESIDE = re.compile(r"\b(?:side by side|compar\w+|vs?|versus|against|next to)\b")
_INWARDS = re.compile(
    r"\b(?:paid me|pays? me|sent me|gave me|given me|i (?:was|got|get) paid|am i paid|received|"
    r"receive|came in|coming in|money in|incoming|credited|deposits?|earned|earnt)\b"
)
_OUTWARDS = re.compile(
    r"\bout of\b|\b(?:left|leaving) (?:my|the|our)\b"
    r"|\b(?:buy|bought|purchases?d?|spend|spent|spending|money out|went out|outgoing)\b"
)
_LEFT = re.compile(r"\b(?:out of|left|leaving) \b|\b(?:went|gone) out of\b")
_OFTEN = re.compile(r"\b(?:visit\w*|often|times|frequent\w*)\b")
_GOES = re.compile(r"\b(?:go|went|been|going|use|visit\w*)\b")
_PLACES = re.compile(r"\b(?:which|what|top|favourite|favorite|my|\d+) (?:shops?|stores?|places?)\b")
_PAYS = re.compile(r"\b(?:pay\w*|paid|transactions?)\b")
_MONEY = re.compile(r"\b(?:spen[dt]\w*|money|cost\w*|cash)\b")
_EACH = re.compile(
    r"\b(?:per|each|every|a) (?:\w+ )?"
    r"(?:visit|time|trip|shop|order|ride|purchase|transaction|go|payment)\b"
    r"|\b(?:average|usual|typical) (?:\w+ ){0,2}"
    r"(?:transaction|purchase|payment|order|shop|ride|fare|basket)\b"
    r"|\bwhen i go\b|\ba pop\b"
)
_SHARE = re.compile(r"\b(?:percent\w*|share|proportion|fraction|how much of)\b|%")
_BETWEEN_ACCOUNTS = re.compile(r"\bbetween (?:my |the |our )*(?:\w+ )?(?:accounts?|cards?)\b")
_REPAYMENT = ("debt.credit_card",)
_NAMED = (
    (re.compile(r"\b(?:cash|withdr\w+|atms?|cashpoints?)\b"), ("transfers.cash.withdrawal",)),
    (re.compile(r"\b(?:subscriptions?|subs)\b"), ("subscriptions",)),
    (re.compile(r"\bp(?:ay|aid|aying) off\b.*\bcards?\b|\bcard repayments?\b"), _REPAYMENT),
    (
        re.compile(r"\btax(?:es)?\b(?! (?:refund|rebate|year))"),
        ("taxes_fees.income_tax", "taxes_fees.other_tax"),
    ),
)
_CHARGED = (
    (re.compile(r"\binterest\b"), ("debt.interest",)),
    (
        re.compile(r"\b(?:bank|overdraft|account|late|atm|card) (?:fees?|charges?)\b"),
        ("taxes_fees.bank",),
    ),
)
"""What a bank takes; in a list the same words may be what it pays."""
_COMES_IN = (
    (re.compile(r"\brefund(?:s|ed)?\b"), ("income.money_back.refund",)),
    (
        re.compile(
            r"\bi (?:was|got|get|am|been|have been)(?: last)? paid\b|\bam i paid\b"
            r"|\bmy (?:pay|wages?)\b"
        ),
        ("income.pay",),
    ),
)
_EARNED = (
    (re.compile(r"\binterest\b"), ("income.returns.interest",)),
    (re.compile(r"\bdividends?\b"), ("income.returns.dividends",)),
    (re.compile(r"\bcash ?back\b|\brewards?\b"), ("income.money_back.rewards",)),
)
"""Kinds of money in that words tell which are other things where money goes out."""
_TAX = re.compile(r"\b(?:tax|hmrc|irs|rebate)\b")
_PAYDAY = re.compile(r"\bpay ?days?\b|\bbetween pays\b")
_PENALTY = ("taxes_fees.bank.penalty",)
_FEES = (
    (re.compile(r"\b(?:overdraft|overdrawn|late|returned|nsf|bounced)\b"), _PENALTY),
    (re.compile(r"\b(?:atm|foreign|fx|cash machine)\b"), ("taxes_fees.bank.usage",)),
    (re.compile(r"\b(?:interest|finance charges?)\b"), ("debt.interest",)),
    (re.compile(r"\bfees?\b"), ("taxes_fees.bank",)),
)
_SINGLE = re.compile(
    r"\b(?:purchase|transaction|payment|thing|expense|charge|item|buy|spend|one|bill|"
    r"shop|order|meal|trip|most i)\b"
)
_LEAST = re.compile(r"\b(?:smallest|cheapest|lowest|least expensive|tiniest)\b")
_YES_NO = re.compile(r"^\W*(?:did|have|has|am|is|was|were|do|does)\b")
_SPLIT = re.compile(r"\b(?:per|each|every|by)\b|\b(?:daily|weekly|monthly)\b")


def question(said: Said, today: date) -> Query:
    """The question that a message asks.

    Args:
        said: The message, resolved.
        today: The person's day, for "than last month" and the like.
    """
    query = Query(
        measure=said.intent,
        period=_one_period(said),
        merchants=tuple(dict.fromkeys(id_ for ids in said.merchants for id_ in ids)),
        direction=direction(said),
        categories=tuple(dict.fromkeys(id_ for ids in said.categories for id_ in ids)),
        accounts=said.accounts,
        exclude=said.exclude,
        amount=None if asks_threshold(said) else next(iter(said.amounts), None),
        group_by=said.grouping or _split_unit(said),
        limit=said.number,
        weekdays=said.weekdays,
        either=said.either,
        gaps=said.gaps,
        moves=_asks_what_left(said),
    )
    check_gaps(query)
    query = _by_words(query, said)
    named = query.merchants or query.categories
    ever = named and _EVER.search(said.text)
    ever = ever or (query.merchants and _HAVE.search(said.text))
    if query.period is None and said.intent in _WHOLE_SUMS and ever:
        query = replace(query, period=Period())
    if said.into_savings and said.intent in SPENDING:
        query = replace(query, accounts=(), categories=("savings.pot",))
    if said.intent == "income_total":
        query = _of_income(query, said)
    if said.intent in _SUMMED and len(said.periods) > 1 and _BESIDE.search(said.text):
        query = replace(query, measure="spending_compare", group_by=None, period=said.periods[0])
        return compared(query, said, today)
    shape = _SHAPES.get(said.intent)
    return shape(query, said, today) if shape else query


def _of_income(query: Query, said: Said) -> Query:
    """Kinds of spending narrow no income; where nothing else is named they are what was spent."""
    taxonomy = load_taxonomy()
    if not query.categories and not query.merchants and not said.leaves_out:
        named = next((ids for words, ids in _EARNED if words.search(said.text)), ())
        return replace(query, categories=named)
    spent = tuple(id_ for id_ in query.categories if taxonomy.flow(id_) == "out")
    if not spent or spent != query.categories or _INWARDS.search(said.text):
        return query
    if query.merchants:
        return replace(query, categories=())
    return replace(query, measure="spending_total", direction="out")


def _asks_what_left(said: Said) -> bool:
    """Whether rows are asked for that left an account, wherever the money went."""
    listed = said.intent in ROWS and bool(said.accounts) and not said.leaves_out
    return listed and bool(_LEFT.search(said.text))


def check_gaps(query: Query) -> None:
    """Make sure that days are left out only of what is summed or listed.

    Raises:
        UnclearError: It is an average, a trend or a forecast, which days cannot be taken out of.
    """
    if query.gaps and query.measure not in GAPPED:
        raise UnclearError(
            "I can't leave days out of that. Tell me the days themselves, from and to."
        )


def _by_words(query: Query, said: Said) -> Query:
    """What the words name though no entity says so.

    Without this "how much cash did I take out" would be answered with all spending.
    """
    named = query.merchants or query.categories
    if named or said.intent not in SPENDING | ROWS or said.intent == "bank_fees":
        return query
    if said.leaves_out:
        return query
    for words, categories in _NAMED + (_CHARGED if said.intent in SPENDING else ()):
        if words.search(said.text):
            accounts = () if categories == _REPAYMENT else query.accounts
            return replace(query, categories=categories, accounts=accounts)
    if said.intent in ROWS | {"transaction_count"}:
        for words, categories in _COMES_IN:
            if words.search(said.text):
                return replace(query, categories=categories, direction="in")
    return query


def _one_period(said: Said) -> Period | None:
    """The period of a question that is about one; neighbours that are both named are one period.

    Raises:
        UnclearError: They lie apart, so that the days between would be counted too.
    """
    if len(said.periods) < 2 or said.intent == "spending_compare":
        return said.periods[0] if said.periods else None
    joined = one_of(said.periods)
    if joined is None:
        raise UnclearError("I can take one time at a time. Which of them first?")
    return joined


def one_of(periods: Sequence[Period]) -> Period | None:
    """Several periods as one: the inner of two that overlap, neighbours joined, else None."""
    first, *others = sorted(periods, key=lambda p: (p.start or date.min, p.end or date.max))
    for other in others:
        if first.end == other.start:
            first = Period(first.start, other.end)
        elif first.end is None or (other.start is not None and other.start < first.end):
            end = min(first.end or date.max, other.end or date.max)
            first = Period(other.start, None if end == date.max else end)
        else:
            return None
    return first


def direction(said: Said) -> str | None:
    """Whether money out, money in or both is asked about."""
    if said.intent in INCOME:
        return "in"
    flows = {load_taxonomy().flow(id_) for ids in said.categories for id_ in ids}
    if said.intent in ROWS or said.intent == "transaction_count":
        if flows == {"in"} or _INWARDS.search(said.text):
            return "in"
        if _OUTWARDS.search(said.text) and not (said.leaves_out and "leav" in said.text):
            return "out"
    if said.intent in SPENDING:
        earns = said.intent in _EITHER_WAY and not flows and _EARNS.search(said.text)
        return "in" if flows == {"in"} or earns else "out"
    return "out" if said.intent in BILLS else None


def asks_threshold(said: Said) -> bool:
    """Whether an amount is what a total is held against ("have I spent over £200 on food")."""
    return said.intent in {"spending_total", "income_total"} and bool(_YES_NO.search(said.text))


def _split_unit(said: Said) -> str | None:
    if said.unit in {"day", "week", "month"} and _SPLIT.search(said.text):
        return said.unit
    return None


def _breakdown(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    """A split, or the share that something named has of all spending."""
    if _SHARE.search(said.text) and (query.merchants or query.categories or query.accounts):
        return replace(query, group_by=None, unit="share")
    if len(query.accounts) > 1 and query.group_by is None:
        return replace(query, group_by="account")
    if query.group_by is None and _BETWEEN_ACCOUNTS.search(said.text):
        return replace(query, group_by="account", accounts=())
    return query if query.group_by else replace(query, group_by=default_grouping(query))


def default_grouping(query: Query) -> str:
    """By category, or by merchant where the question is within one category already."""
    taxonomy = load_taxonomy()
    leaves = query.categories and all(taxonomy.is_leaf(id_) for id_ in query.categories)
    return "merchant" if leaves or query.merchants else "category"


def _average(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    grouped = query.group_by if query.group_by in {"day", "week", "month"} else None
    unit = "payment" if _EACH.search(said.text) else said.unit or grouped or "month"
    return replace(query, unit=unit, group_by=None)


def _top(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    often = _OFTEN.search(said.text) or (_GOES.search(said.text) and not _MONEY.search(said.text))
    unit = ("payment" if _PAYS.search(said.text) else "visits") if often else None
    head = {"shopping"} if _PLACES.search(said.text) else set()
    categories = tuple(id_ for id_ in query.categories if id_ not in head)
    return replace(query, group_by="merchant", unit=unit, categories=categories)


def _biggest(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    single = query.limit is None and _SINGLE.search(said.text)
    query = replace(query, limit=1) if single else query
    return replace(query, unit="smallest") if _LEAST.search(said.text) else query


def _fees(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    """Fees, interest or both, as the words narrow it."""
    if query.categories:
        return query
    chosen = fees_named(said.text)
    return replace(query, categories=chosen or ("taxes_fees.bank", "debt.interest"))


def fees_named(text: str) -> tuple[str, ...]:
    """What of all that a bank takes the folded words name; empty where they name nothing."""
    named = [ids for words, ids in _FEES if words.search(text)]
    if any(ids[0].startswith("taxes_fees.bank.") for ids in named):
        named = [ids for ids in named if ids != ("taxes_fees.bank",)]
    return tuple(id_ for ids in named for id_ in ids)


def _refunds(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    """Tax rebates alone where the words say so; "refund" itself narrows nothing."""
    if _TAX.search(said.text):
        return replace(query, categories=("income.money_back.tax_refund",))
    if any(id_.startswith("income") for id_ in query.categories):
        return replace(query, categories=())
    return query


def _subscriptions(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    """The word "subscriptions" is the question itself; it narrows nothing."""
    return replace(query, categories=tuple(c for c in query.categories if c != "subscriptions"))


def _daily(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    """Per day where the words say so."""
    return replace(query, unit="day" if said.unit == "day" else None, group_by=None)


def _budget(query: Query, said: Said, today: date) -> Query:  # noqa: ARG001
    """The unit that a cap is for; an amount here is the cap, not a bound on payments."""
    unit = "payday" if _PAYDAY.search(said.text) else said.unit
    return replace(query, unit=unit, group_by=None, direction="out")


_SHAPES: Mapping[str, Callable[[Query, Said, date], Query]] = {
    "spending_breakdown": _breakdown,
    "spending_average": _average,
    "top_merchants": _top,
    "biggest_purchases": _biggest,
    "spending_compare": compared,
    "bank_fees": _fees,
    "refunds": _refunds,
    "list_subscriptions": _subscriptions,
    "set_budget": _budget,
    "safe_to_spend": _daily,
}
