"""Answers about money that comes back or comes in next: refunds, the next payday."""

from dataclasses import replace
from datetime import date

from actions import steps
from actions.answer import Answer, Figure
from actions.counting import Entry, below, grouped, totals, within
from actions.desk import Desk
from actions.due import due_between, last_working, rows_of, size
from actions.evidence import as_of, coverage, format_of, where
from actions.paydays import CLOSE_CALL, income_streams
from actions.query import Period, Query
from actions.say import count, fit, row_name
from actions.spending import figures, ids, joined, nothing
from ledger.queries import Row
from ledger.types import Stream

MONEY_RETURNED = ("income.money_back.refund", "income.money_back.tax_refund")


def returned(desk: Desk, query: Query) -> list[Entry]:
    """The refunds that a question is about, newest first.

    One belongs to a merchant or a category where its purchase did, or where it came from there.
    """
    read = where(desk, replace(query, merchants=(), categories=()))
    rows = desk.rows(replace(read, categories=tuple(sorted(below(MONEY_RETURNED)))))
    return [Entry(row, row.minor) for row in rows if row.minor > 0 and _about(row, query)]


def _about(row: Row, query: Query) -> bool:
    if query.merchants and not {row.counterparty_id, row.bought_from} & set(query.merchants):
        return False
    # Who paid says enough: what a friend's share was for is often matched to no single purchase.
    narrowed = bool(query.categories) and not query.merchants
    wanted = below(query.categories) if narrowed else below(MONEY_RETURNED)
    if row.category not in wanted and row.bought_as not in wanted:
        return False
    return query.amount is None or query.amount.matches(row.minor, row.currency)


def refunds(desk: Desk, query: Query) -> Answer:
    """Whether a refund has come, or how much was refunded."""
    query = replace(query, period=query.period or Period())
    found = returned(desk, query)
    form, home = format_of(desk), desk.person.currency
    about = replace(query, direction="in")
    if not found:
        first = f"No refund has come {coverage(desk, about)}."
        if query.merchants:
            bought = nothing(desk, replace(query, measure="spending_total", direction="out"))
            hint = bought.text if "no transactions with" in bought.text else ""
            first = fit(first, [hint[hint.find("I see") :] if hint else ""])
        return Answer(first, query, figures=[Figure("total", 0, home)], counts=[("count", 0)])
    sums = totals(found)
    payers = grouped(found, lambda e: row_name(e.row.counterparty, e.row.description))
    order = sorted(payers.items(), key=lambda item: (-sum(e.minor for e in item[1]), item[0]))
    lines = [f"{name} {form.sums(totals(members), home)}" for name, members in order]
    newest = found[0].row.booked
    first = f"{form.sums(sums, home)} came back in {count(len(found), 'refund')}"
    tail = f"The latest was on {form.day(newest)}."
    return Answer(
        fit(joined(f"{first} {coverage(desk, about)}:", lines, ""), [tail]),
        query,
        figures=figures(sums, home),
        counts=[("count", len(found))],
        dates=[("refund", newest)],
        transactions=ids(found),
        buttons=[steps.WHY],
    )


def payday(desk: Desk, query: Query) -> Answer:
    """When the next pay comes and how much it will be, from the most certain income."""
    streams = [
        one
        for one in income_streams(desk)
        if (not query.merchants or one.counterparty_id in query.merchants) and one.next_on
    ]
    if query.categories:
        streams = [one for one in streams if one.category in below(query.categories)]
    if not streams:
        return Answer(
            "I can't see a regular income to tell the next payday from. When it has come three "
            "times I will know.",
            query,
        )
    chosen = streams[0]
    form = format_of(desk)
    day = expected_on(desk, chosen, query.limit or 1)
    rows = rows_of(desk, [chosen])[chosen.id]
    expected, low, high = size(chosen)
    amount = form.money(expected, chosen.currency)
    if low != high:
        bounds = f"{form.money(low, chosen.currency)}–{form.money(high, chosen.currency)}"
        amount = f"about {amount} ({bounds})"
    payer = f" from {chosen.counterparty}" if chosen.counterparty else ""
    percent = round(chosen.confidence * 100)
    also = runner_up(desk, streams) if (query.limit or 1) == 1 else ""
    which = "next pay" if (query.limit or 1) == 1 else "pay after that"
    first = f"Your {which}{payer} should come on {form.weekday(day)} {form.day(day)}: {amount}"
    tail = ", ".join(p for p in (f"{(day - desk.today).days} days", as_of(desk)) if p)
    return Answer(
        fit(f"{first} (in {tail}; {percent}% sure).", [also]),
        query,
        figures=[Figure("amount", expected, chosen.currency)]
        + (
            [Figure("low", low, chosen.currency), Figure("high", high, chosen.currency)]
            if low != high
            else []
        ),
        dates=[("next_payday", day)],
        transactions=[row.id for row in rows],
        buttons=[steps.WHY],
    )


def expected_on(desk: Desk, stream: Stream, nth: int = 1) -> date:
    """The next day a stream pays, strictly after the last row: pay moves to the day before.

    Args:
        desk: What the turn may look at.
        stream: Income that has a next day.
        nth: Which of the days to come, 1 for the next; at most so many as two years hold.
    """
    country = desk.person.country
    first = stream.next_on
    assert first is not None
    far = desk.today.replace(year=desk.today.year + 2)
    due = due_between(desk, [stream], desk.today, far)
    day = due[min(nth, len(due)) - 1].day if due else first
    return last_working(day, country) if within(stream.category, "income.pay") else day


def runner_up(desk: Desk, streams: list[Stream]) -> str:
    """The next most certain income where it is a close call which one is "the" pay."""
    if len(streams) < 2:
        return ""
    chosen, second = streams[0], streams[1]
    close = abs(chosen.confidence - second.confidence) <= CLOSE_CALL
    if not close or not within(second.category, "income.pay"):
        return ""
    form = format_of(desk)
    day = form.day(expected_on(desk, second))
    return f"Also expected: {second.counterparty or 'another'} on {day}."
