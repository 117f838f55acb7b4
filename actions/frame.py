"""The frame of an answer as buttons: what it is about, when, and on which accounts.

Tapping a part offers others in its place; tapping one of those answers the question again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from actions import counting, steps
from actions.answer import Answer
from actions.calendar import DAY, add_months, month_of, preceding, week_of
from actions.desk import Desk
from actions.errors import Button
from actions.evidence import account_names, entries, format_of, merchant_name
from actions.outlook import spendable
from actions.query import Compare, Exclude, Period, Query
from actions.say import category_name, month_title, short
from knowledge.taxonomy import load_taxonomy

SUBJECT, PERIOD, ACCOUNTS = "subject", "period", "accounts"
_ALL = (SUBJECT, PERIOD, ACCOUNTS)
PARTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("spending_total", "spending_breakdown", "spending_compare", "spending_average"),
            *("spending_trend", "top_merchants", "biggest_purchases", "transaction_count"),
            *("income_total", "list_transactions"),
        ),
        _ALL,
    ),
    "last_transaction": (SUBJECT, ACCOUNTS),
    "bank_fees": (PERIOD, ACCOUNTS),
    "refunds": (PERIOD,),
    "upcoming_bills": (PERIOD,),
    "safe_to_spend": (PERIOD,),
    "forecast_balance": (PERIOD, ACCOUNTS),
    "check_balance": (ACCOUNTS,),
    "list_subscriptions": (ACCOUNTS,),
}
"""Which parts of a question can be changed with a tap, by measure."""
AHEAD = frozenset({"upcoming_bills", "safe_to_spend", "forecast_balance"})
"""Measures whose time lies ahead."""
MOST_CHOICES = 8
MOST_STEPS = 3
"""Further buttons of an answer with a frame: a phone shows no more without scrolling."""


def framed(desk: Desk, answer: Answer, query: Query) -> Answer:
    """The answer with its frame before its next steps."""
    parts = [part for part in PARTS.get(query.measure, ()) if _can_change(desk, query, part)]
    if not parts or desk.span is None:
        return answer
    buttons = [_part(title_of(desk, query, part), part) for part in parts]
    taken = {button.title for button in buttons}
    others = [button for button in answer.buttons if button.title not in taken]
    return replace(answer, buttons=[*buttons, *others[:MOST_STEPS]])


def _part(title: str, part: str) -> Button:
    payload = {"intent": "refine_query", "entities": [], "edit": {"frame": part}}
    return Button(title, payload)


def _can_change(desk: Desk, query: Query, part: str) -> bool:
    if part == ACCOUNTS:
        return len(_accounts(desk, query)) > 1
    held_against_another = query.compare is not None and query.compare.period is None
    return part != SUBJECT or not held_against_another


def title_of(desk: Desk, query: Query, part: str) -> str:
    """What a part of the frame says: ``Groceries``, ``October``, ``All accounts``."""
    if part == ACCOUNTS:
        ahead = query.measure == "forecast_balance" and not query.accounts
        ids = [one.id for one in spendable(desk)] if ahead else list(query.accounts)
        name = account_names(desk, ids[:1])
        more = f" +{len(ids) - 1}" if len(ids) > 1 else ""
        return f"{name[:1].upper()}{name[1:]}{more}"
    if part == PERIOD:
        return period_title(desk, query)
    names = [
        *(merchant_name(desk, id_) for id_ in query.merchants),
        *(category_name(id_) for id_ in query.categories),
    ]
    if not names:
        everything = {"in": "All income", None: "Everything"}
        return everything.get(query.direction, "All spending")
    return short(names[0]) + (f" +{len(names) - 1}" if len(names) > 1 else "")


def period_title(desk: Desk, query: Query) -> str:
    """A period in a word or two: ``October``, ``This year``, ``1–10 Nov``."""
    period = query.period
    if period is None or (period.start is None and period.end is None):
        ahead = {"safe_to_spend": "Until payday", "forecast_balance": "This month"}
        return ahead.get(query.measure, "Any time" if query.measure in AHEAD else "All time")
    known = {choice: title for title, choice in _periods(desk, query)}
    if period in known:
        return known[period]
    title = month_title(period, desk.today)
    return title if title != "The time before" else _days(desk, period)


def _days(desk: Desk, period: Period) -> str:
    """The first and the last day, short; an open side is the first or the last day of all."""
    form = format_of(desk)
    if period.start is None:
        return f"Until {form.day((period.end or desk.tomorrow) - DAY, short=True)}"
    if period.end is None:
        return f"Since {form.day(period.start, short=True)}"
    first, last = form.day(period.start, short=True), form.day(period.end - DAY, short=True)
    return first if first == last else f"{first} – {last}"


def _periods(desk: Desk, query: Query) -> list[tuple[str, Period]]:
    """The times that are offered in place of the one that was asked about."""
    this = month_of(desk.today, desk.month_start)
    if query.measure in AHEAD:
        after = Period(this.end, add_months(this.end, 1)) if this.end else this
        return [
            ("Next 7 days", Period(desk.tomorrow, desk.tomorrow + timedelta(days=7))),
            ("This month", this),
            ("Next month", after),
        ]
    last = preceding(this)
    before = preceding(last)
    january = desk.today.replace(month=1, day=1)
    return [
        ("This week", week_of(desk.today)),
        ("This month", this),
        (month_title(last, desk.today), last),
        (month_title(before, desk.today), before),
        ("Last 3 months", Period(preceding(before).start, last.end)),
        ("This year", Period(january, add_months(january, 12))),
        ("All time", Period()),
    ]


def offer(desk: Desk, query: Query, part: str) -> Answer:
    """Other choices for a part of the last question; the question itself stays as it is.

    Args:
        desk: What the turn may look at.
        query: The last question.
        part: One of the parts of `PARTS`.
    """
    now = title_of(desk, query, part)
    ask, choices = _OFFERS[part]
    buttons = [
        steps.ask(title, changed)
        for title, changed in choices(desk, query)
        if changed != query and title != now
    ]
    return Answer(ask.format(now=now), buttons=buttons[:MOST_CHOICES])


def _other_periods(desk: Desk, query: Query) -> list[tuple[str, Query]]:
    return [
        (title, _kept_apart(replace(query, period=period), query))
        for title, period in _periods(desk, query)
    ]


def _kept_apart(query: Query, before: Query) -> Query:
    """A comparison with the time before stays one."""
    period = query.period
    if before.compare is None or before.compare.period is None or period is None:
        return query
    if period.start is None or period.end is None:
        return replace(query, compare=None)
    return replace(query, compare=Compare(period=preceding(period)))


def _accounts(desk: Desk, query: Query) -> list[str]:
    """The accounts that the measure can be asked of."""
    if query.measure != "forecast_balance":
        return [account.id for account in desk.accounts]
    return [account.id for account in desk.accounts if account.type in {"checking", "savings"}]


def _other_accounts(desk: Desk, query: Query) -> list[tuple[str, Query]]:
    one_by_one = [
        (account_names(desk, (id_,)), replace(query, accounts=(id_,)))
        for id_ in _accounts(desk, query)
    ]
    return [("All accounts", replace(query, accounts=())), *one_by_one]


def _other_subjects(desk: Desk, query: Query) -> list[tuple[str, Query]]:
    """Everything, then the categories and the merchants with most money in the same time."""
    whole = replace(
        query,
        merchants=(),
        categories=(),
        exclude=Exclude(accounts=query.exclude.accounts),
        unit=None if query.unit == "share" else query.unit,
        weekdays=(),
    )
    sizing = replace(whole, measure="spending_total", group_by=None, compare=None, unit=None)
    found = entries(desk, replace(sizing, direction=query.direction or "out"))
    nobody = {"unknown", counting.REFUND}
    categories = [
        id_ for id_ in _largest(found, counting.category_key(sizing)) if id_ not in nobody
    ]
    merchants = [id_ for id_ in _largest(found, counting.merchant_key) if id_ not in nobody]
    everything = title_of(desk, whole, SUBJECT)
    return [
        (everything, whole),
        *((category_name(id_), replace(whole, categories=(id_,))) for id_ in _inner(categories)),
        *((merchant_name(desk, id_), replace(whole, merchants=(id_,))) for id_ in merchants[:3]),
    ]


def _inner(categories: Sequence[str]) -> list[str]:
    """The largest categories that are known to the taxonomy."""
    taxonomy = load_taxonomy()
    return [id_ for id_ in categories if id_ in taxonomy][:5]


def _largest(found: Sequence[counting.Entry], key: Callable[[counting.Entry], str]) -> list[str]:
    groups = counting.grouped(found, key)
    return sorted(groups, key=lambda id_: (-sum(e.minor for e in groups[id_]), id_))


_OFFERS: Mapping[str, tuple[str, Callable[[Desk, Query], list[tuple[str, Query]]]]] = {
    SUBJECT: ("What instead of “{now}”? Tap one, or just type it.", _other_subjects),
    PERIOD: ("Which time instead of “{now}”? Tap one, or just type it.", _other_periods),
    ACCOUNTS: ("Which account instead of “{now}”?", _other_accounts),
}
