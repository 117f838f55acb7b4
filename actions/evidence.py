"""The rows that a question rests on, and what its figures covered in words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from actions import counting
from actions.calendar import DAY, add_months, month_of, preceding
from actions.counting import Entry, Kinds
from actions.desk import Desk
from actions.query import Compare, Period, Query
from actions.say import Format, and_list, category_name, short, weekdays_name
from ledger.queries import Where

UNSURE_BELOW = 0.5
"""A category or counterparty that is more likely wrong than right is said to be unsure."""
UNSURE_PERCENT = 5
"""How much of a figure may rest on unsure rows before the reply says so."""
OPEN_ENDED = frozenset(["list_transactions", "last_transaction", "biggest_purchases", "bank_fees"])
"""Measures that look at all the data where no period is named."""
AHEAD_OF_ROWS = frozenset(
    ["safe_to_spend", "can_afford", "next_payday", "get_plan", "upcoming_bills", "bill_details"]
)
"""Measures that rest on whom a row was with and on what it was alike."""
LOOK_BACK = (31, 186)
"""Days that a search for the newest rows looks back before it reads everything."""
RANKED_MONTHS = 12
"""How far back a ranking looks where no period is named."""
AVERAGE_MONTHS = 6
"""How far back a usual amount looks where no period is named."""


def kinds(desk: Desk) -> Kinds:
    """Which of the person's accounts are cards and which hold savings."""
    return Kinds(desk.of_type("credit"), desk.of_type("savings"))


def format_of(desk: Desk) -> Format:
    """How the person writes money and dates."""
    return Format(desk.person.locale, desk.today)


def where(desk: Desk, query: Query) -> Where:
    """The rows to read: a superset of what counts, up to today."""
    period = query.period or Period()
    end = min(period.end, desk.tomorrow) if period.end else desk.tomorrow
    return Where(
        end=end,
        start=period.start,
        accounts=query.accounts,
        counterparties=() if query.either else query.merchants,
        categories=() if query.either else tuple(sorted(counting.below(query.categories))),
    )


def entries(desk: Desk, query: Query) -> list[Entry]:
    """The rows that count for one side of a question, newest first, its limit not yet applied."""
    rows = desk.rows(where(desk, query))
    if query.measure in {"list_transactions", "last_transaction"}:
        return counting.listed(rows, query, kinds(desk))
    if query.direction == "in":
        return counting.income(rows, query)
    if query.unit == "visits":
        return [e for e in counting.payments(rows, query, kinds(desk)) if not e.row.recurring]
    if query.measure in {"transaction_count", "biggest_purchases"} or query.unit == "payment":
        return counting.payments(rows, query, kinds(desk))
    return counting.spending(rows, query, kinds(desk))


def recent(desk: Desk, query: Query, enough: int) -> list[Entry]:
    """The newest entries, at least ``enough`` where there are so many.

    Looks back a little way first, so that the last payment of a long history is found at once.
    """
    for days in LOOK_BACK:
        period = Period(desk.tomorrow - timedelta(days=days), desk.tomorrow)
        found = entries(desk, replace(query, period=period))
        if len(found) >= enough:
            return found
    return entries(desk, query)


def largest(desk: Desk, query: Query, enough: int) -> list[Entry]:
    """The payments that can be among the ``enough`` largest, in no order.

    Reads as many rows by amount as are likely to hold them, and all where these are too few.
    """
    home = desk.person.currency
    some = replace(where(desk, query), largest=4 * enough + 40)
    found = counting.payments(desk.rows(some), query, kinds(desk))
    if sum(entry.row.currency == home for entry in found) >= enough:
        return found
    return entries(desk, query)


def other_side(query: Query) -> Query:
    """The question that a comparison holds the first one against."""
    return _side(query, query.compare or Compare())


def other_sides(query: Query) -> list[Query]:
    """Every question that a comparison holds the first one against; most have one."""
    compare = query.compare or Compare()
    return [_side(query, one) for one in (compare, *compare.others)]


def _side(query: Query, side: Compare) -> Query:
    if side.period is not None:
        return replace(query, period=side.period, compare=None)
    if side.weekdays:
        return replace(query, weekdays=side.weekdays, compare=None)
    return replace(query, merchants=side.merchants, categories=side.categories, compare=None)


def completed(desk: Desk, query: Query) -> Query:
    """The question with a period where none was named; the reply says which was taken.

    Totals are of this month so far; where something named has no row in it, of all the data, and
    income of the month before. Lists of something named look at all the data, rankings at a year,
    averages at the last whole months.
    """
    if query.period is not None:
        return query
    return replace(query, period=_default_period(desk, query))


def _default_period(desk: Desk, query: Query) -> Period:
    if query.measure in OPEN_ENDED:
        last_month = Period(desk.tomorrow - timedelta(days=LOOK_BACK[0]), desk.tomorrow)
        return last_month if _lists_everything(query) else Period()
    if query.measure == "top_merchants":
        return _ranked_period(desk)
    if query.measure in {"spending_average", "spending_trend"}:
        return average_period(desk, query.unit)
    this = month_of(desk.today, desk.month_start)
    if entries(desk, replace(query, period=this)):
        return this
    if query.merchants or query.categories or query.amount:
        return Period()
    return preceding(this) if query.direction == "in" else this


def _lists_everything(query: Query) -> bool:
    """A list that nothing narrows: the last month is what can be read."""
    named = query.merchants or query.categories or query.accounts or query.amount or query.limit
    return query.measure == "list_transactions" and not named


def _ranked_period(desk: Desk) -> Period:
    """All the data, or the last months of a long history."""
    start = add_months(desk.today, -RANKED_MONTHS)
    first = desk.span[0] if desk.span else desk.today
    return Period() if first >= start else Period(start, desk.tomorrow)


def average_period(desk: Desk, unit: str | None) -> Period:
    """The last whole months that the data covers, at most `AVERAGE_MONTHS`.

    With less than one whole month it is all the data; an average per payment needs no whole units.
    """
    first, _ = desk.span or (desk.today, desk.today)
    if unit == "payment":
        return Period()
    end = desk.today.replace(day=1)
    whole = first if first.day == 1 else add_months(first, 1)
    start = max(whole, add_months(end, -AVERAGE_MONTHS))
    if start >= end:
        return Period(first, desk.tomorrow)
    return Period(start, end)


def as_of(desk: Desk) -> str:
    """For a demo person, who lives on the day after their last row, which day that is."""
    person = desk.person
    if not person.demo or person.clock != desk.today:
        return ""
    return f"as of {format_of(desk).day(desk.today, short=True)} {desk.today.year}"


def account_names(desk: Desk, ids: Sequence[str]) -> str:
    """The names of accounts, or ``all accounts``."""
    if not ids:
        return "all accounts but the hidden" if desk.hidden else "all accounts"
    named = [desk.account(id_) for id_ in ids]
    return and_list([short(account.name) for account in named if account])


def merchant_name(desk: Desk, id_: str) -> str:
    """A counterparty's name, or the words that were asked for."""
    return short(desk.name_of(id_) or id_.replace("_", " ").title())


def subject(desk: Desk, query: Query) -> str:
    """What the question is about: ``at Tesco``, ``on Groceries``, ``without Rent``."""
    form = format_of(desk)
    parts = []
    if query.merchants:
        joined = and_list([merchant_name(desk, id_) for id_ in query.merchants[:4]])
        more = f" and {len(query.merchants) - 4} more" if len(query.merchants) > 4 else ""
        parts.append(f"{'from' if query.direction == 'in' else 'at'} {joined}{more}")
    if query.categories:
        joined = and_list([category_name(id_) for id_ in query.categories[:4]], "or")
        also = "or " if query.either and query.merchants else ""
        parts.append(f"{also}{'from' if query.direction == 'in' else 'on'} {joined}")
    if query.amount is not None:
        parts.append(f"in payments {form.bound(query.amount, desk.person.currency)}")
    out = query.exclude
    left_out = [
        *(merchant_name(desk, id_) for id_ in out.merchants),
        *(category_name(id_) for id_ in out.categories),
        *(account_names(desk, (id_,)) for id_ in out.accounts),
        *(form.period(gap, desk.span) for gap in query.gaps),
    ]
    if left_out:
        parts.append(f"without {and_list(left_out)}")
    if query.weekdays:
        parts.append(weekdays_name(query.weekdays))
    return " ".join(parts)


def _preposition(desk: Desk, query: Query) -> str:
    start, end = clipped(desk, query.period)
    return "on" if (end - start).days == 1 else "over"


def coverage(desk: Desk, query: Query) -> str:
    """What a figure covered: ``at Tesco, 1–31 October, all accounts``."""
    about = subject(desk, query)
    when = format_of(desk).period(query.period, desk.span)
    if not about and not when.startswith(("since", "up to", "in ")):
        when = f"{_preposition(desk, query)} {when}"
    accounts = account_names(desk, query.accounts)
    parts = [about, when, f"on {accounts}" if query.accounts else accounts, as_of(desk)]
    return ", ".join(part for part in parts if part)


def outside(desk: Desk, query: Query) -> str | None:
    """A sentence where the period lies wholly outside the data, None where it does not."""
    if desk.span is None:
        return "I have no transactions of yours yet. Send me a bank file to begin."
    first, last = desk.span
    period = query.period or Period()
    form = format_of(desk)
    if (period.end is not None and period.end <= first) or (
        period.start is not None and period.start > desk.today
    ):
        asked = form.period(period, desk.span)
        known = f"{form.full_day(first)} to {form.full_day(last)}"
        return f"I have no data for {asked}: your transactions run from {known}."
    return None


def starts_late(desk: Desk, query: Query) -> str:
    """A sentence where the data begins within the period."""
    first = desk.span[0] if desk.span else None
    start = query.period.start if query.period else None
    if first is None or start is None or start >= first - DAY * 3:
        return ""
    return f"(My data begins on {format_of(desk).day(first)}.)"


def unsure(found: Sequence[Entry], query: Query) -> list[Entry]:
    """The rows whose filing is below the serving threshold, if they make up enough to be said."""
    doubtful = [entry for entry in found if _is_unsure(entry, query)]
    doubt = sum(abs(entry.minor) for entry in doubtful)
    whole = sum(abs(entry.minor) for entry in found)
    return doubtful if doubt * 100 > whole * UNSURE_PERCENT else []


def _is_unsure(entry: Entry, query: Query) -> bool:
    row = entry.row
    if query.measure in AHEAD_OF_ROWS:
        return min(row.category_confidence, row.counterparty_confidence) < UNSURE_BELOW
    if query.merchants:
        return row.counterparty_id is None or row.counterparty_confidence < UNSURE_BELOW
    return row.category is None or row.category_confidence < UNSURE_BELOW


def unsure_sentence(desk: Desk, found: Sequence[Entry], query: Query, what: str = "it") -> str:
    """How much of a figure rests on rows that are filed without certainty; empty if little."""
    doubtful = unsure(found, query)
    if not doubtful:
        return ""
    sizes: dict[str, int] = {}
    for entry in doubtful:
        sizes[entry.row.currency] = sizes.get(entry.row.currency, 0) + abs(entry.minor)
    amount = format_of(desk).sums(sizes, desk.person.currency)
    return f"I'm unsure how to file {amount} of {what}."


def clipped(desk: Desk, period: Period | None) -> tuple[date, date]:
    """The days of a period that have data: from ``start`` to before ``end``."""
    first = desk.span[0] if desk.span else desk.today
    start = max(period.start, first) if period and period.start else first
    end = min(period.end, desk.tomorrow) if period and period.end else desk.tomorrow
    return start, max(end, start)
