"""Answers about what is due: all bills ahead, or one of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from actions import charting, steps
from actions.answer import Answer, Figure
from actions.calendar import month_of
from actions.commitments import matches, name_of, on_accounts, row_ids
from actions.desk import Desk
from actions.due import Due, due_between, outgoing, rows_of, size
from actions.errors import UnclearError
from actions.evidence import account_names, as_of, format_of, merchant_name
from actions.paydays import next_payday
from actions.query import Period, Query
from actions.say import and_list, category_name, count, fit, in_full, short
from actions.spending import figures, joined
from knowledge.merchants import slug
from knowledge.taxonomy import load_taxonomy
from ledger.queries import Row
from ledger.types import Stream

SOON = timedelta(days=14)
"""How far ahead bills are listed where no date is named and the next payday is not known."""
_GONE = re.compile(
    r"\b(?:gone|paid|taken|come|came|went|left|cleared|been|hit)\b.*"
    r"\b(?:out|yet|already|through|thru|this (?:month|week))\b|\byet\b|\balready\b"
    r"|^\W*(?:and |so |ok |wait )*did\b.*\b(?:go|come|leave|clear|get|hit)\b"
)
_MOVED = re.compile(r"\b(?:gone|go|goes|going|went|come|came) (?:up|down)\b")


def upcoming(desk: Desk, query: Query) -> Answer:
    """What falls due before a date, or before the next payday."""
    period = query.period or _ahead(desk)
    query = replace(query, period=period)
    start = max(period.start or desk.today, desk.today)
    end = period.end or start + SOON
    candidates = [one for one in outgoing(desk) if matches(one, query)]
    rows = rows_of(desk, candidates)
    due = due_between(desk, on_accounts(candidates, rows, query), start, end)
    bound = query.amount
    if bound is not None:
        due = [one for one in due if bound.matches(one.minor, one.stream.currency)]
    form, home = format_of(desk), desk.person.currency
    until = form.days(start, max(end - timedelta(days=1), start))
    sized = f"each {form.bound(bound, home)}" if bound is not None else ""
    parts = (sized, until, account_names(desk, query.accounts), as_of(desk))
    tail = ", ".join(p for p in parts if p)
    if not due:
        return Answer(
            fit(f"Nothing that I know of falls due, {tail}."), query, counts=[("count", 0)]
        )
    sums = _sums(due)
    varies = "about " if any(o.low != o.high for o in due) else ""
    first = f"{varies}{form.sums(sums, home)} due in {count(len(due), 'payment')} ({tail}):"
    streams = list(dict.fromkeys(o.stream.id for o in due))
    text = joined(first[0].upper() + first[1:], _lines(desk, due), "")
    return Answer(
        fit(text),
        query,
        picture=charting.ranks(desk, "Due", query, [_figure(one) for one in due]),
        further=_in_full(desk, due) if text.endswith("and more.") else [],
        figures=figures(sums, home) + [_figure(one) for one in due],
        counts=[("count", len(due))],
        dates=[("due", o.day) for o in due],
        transactions=[row.id for id_ in streams for row in rows[id_]],
        buttons=[steps.WHY, steps.say("My subscriptions", "list_subscriptions")],
    )


def _in_full(desk: Desk, due: Sequence[Due]) -> list[str]:
    """Each payment on a line of its own."""
    form = format_of(desk)
    lines = [
        f"{form.day(one.day, short=True)}  {name_of(one.stream)}  "
        f"{form.money(one.minor, one.stream.currency)}"
        for one in due
    ]
    return in_full(f"All {len(due)}:", lines)


def _sums(due: Sequence[Due]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in due:
        sums[one.stream.currency] = sums.get(one.stream.currency, 0) + one.minor
    return sums


def _lines(desk: Desk, due: Sequence[Due]) -> list[str]:
    """Payee and amount of each payment; the day stands before the first one of it."""
    form = format_of(desk)
    lines, day = [], None
    for one in due:
        when = f"{form.day(one.day, short=True)} " if one.day != day else ""
        amount_ = form.money(one.minor, one.stream.currency)
        lines.append(f"{when}{name_of(one.stream)} {amount_}")
        day = one.day
    return lines


def _figure(due: Due) -> Figure:
    stream = due.stream
    return Figure(stream.counterparty_id or stream.id, due.minor, stream.currency, name_of(stream))


def _ahead(desk: Desk) -> Period:
    coming = next_payday(desk)
    return Period(desk.today, coming or desk.today + SOON)


def amount(desk: Desk, due: Due) -> str:
    """An expected size, as a range where it varies."""
    form, currency = format_of(desk), due.stream.currency
    if due.low == due.high:
        return form.money(due.minor, currency)
    low, high = form.money(due.low, currency), form.money(due.high, currency)
    return f"about {form.money(due.minor, currency)} ({low}–{high})"


def bill(desk: Desk, query: Query, text: str) -> Answer:
    """When one bill is due and how much it is, or whether it has gone out.

    Raises:
        UnclearError: No bill was named.
    """
    known = _known_bills(desk, query, text)
    if not query.merchants and not query.categories and not known:
        raise UnclearError("Which bill do you mean? Name whom it goes to, or rent, energy, phone …")
    active = [one for one in known if one.active and (one.next_minor or 0) < 0]
    if not active:
        return no_bill(desk, query, known)
    rows = rows_of(desk, active)
    gone = asks_whether_gone(text)
    chosen = sorted(active, key=lambda s: (s.next_on or date.max, -s.confidence, s.id))[:3]
    due = [one for one in (next_due(desk, stream) for stream in chosen) if one]
    parts = [_bill_sentence(desk, stream, due, rows[stream.id], asked=gone) for stream in chosen]
    when = as_of(desk)
    return Answer(
        fit(f"{' '.join(parts)}{f' ({when[0].upper()}{when[1:]}.)' if when else ''}"),
        query,
        figures=[
            *(_paid(s, rows[s.id]) for s in chosen if gone and rows[s.id]),
            *(Figure("amount", size(s)[0], s.currency, name_of(s)) for s in chosen),
        ]
        + [
            Figure(name, minor, o.stream.currency)
            for o in due
            if o.low != o.high
            for name, minor in (("low", o.low), ("high", o.high))
        ],
        dates=[*(("due", o.day) for o in due), *(("last", s.last_on) for s in chosen)],
        transactions=[rows[s.id][0].id for s in chosen if rows[s.id]]
        if gone
        else row_ids(chosen, rows),
        buttons=[steps.WHY, steps.say("Upcoming bills", "upcoming_bills")],
    )


def _paid(stream: Stream, rows: Sequence[Row]) -> Figure:
    """What was paid last."""
    return Figure("paid", -rows[0].minor, stream.currency, name_of(stream))


def asks_whether_gone(text: str) -> bool:
    """Whether a message asks if a bill was paid, not when it will be or what it costs."""
    return bool(_GONE.search(text)) and not _MOVED.search(text)


def _in_words(desk: Desk, text: str) -> list[Stream]:
    """The recurring payments whose payee or kind stands in a text ("octopus", "rent")."""
    words = {word for word in slug(text).split("_") if len(word) > 3}
    return [
        one
        for one in outgoing(desk)
        if words & {*slug(one.counterparty or "").split("_"), (one.category or "").split(".")[-1]}
    ]


def _known_bills(desk: Desk, query: Query, text: str) -> list[Stream]:
    """The recurring payments that are meant; a leaf without any widens to what is around it.

    "My electric" is the combined bill of somebody who has no separate one. Where no merchant and
    no category was understood, the words themselves may name one.
    """
    if not query.merchants and not query.categories:
        return _in_words(desk, text)
    found = [one for one in desk.streams if not one.income and matches(one, query)]
    if found or not query.categories or query.merchants:
        return found
    taxonomy = load_taxonomy()
    parents = tuple(
        dict.fromkeys(
            taxonomy.get(id_).parent or id_
            for id_ in query.categories
            if taxonomy.get(id_).level == 3
        )
    )
    wider = replace(query, categories=parents)
    return [one for one in desk.streams if parents and not one.income and matches(one, wider)]


def next_due(desk: Desk, stream: Stream) -> Due | None:
    """When a recurring payment falls due next, None where it is not expected within a year."""
    far = desk.today + timedelta(days=400)
    return next(iter(due_between(desk, [stream], desk.today, far)), None)


def _bill_sentence(
    desk: Desk, stream: Stream, due: Sequence[Due], rows: Sequence[Row], *, asked: bool
) -> str:
    form = format_of(desk)
    one = next((o for o in due if o.stream.id == stream.id), None)
    last = f"last paid {form.day(stream.last_on)}"
    if rows:
        paid = form.money(-rows[0].minor, rows[0].currency)
        last = f"last paid {paid} on {form.day(rows[0].booked)}"
    coming = f"{amount(desk, one)}, next due {form.day(one.day)}" if one else "no date known"
    lead = ""
    if asked:
        this = month_of(desk.today, desk.month_start)
        gone = rows and this.start is not None and rows[0].booked >= this.start
        lead = "Yes, it has gone out this month. " if gone else "Not yet this month. "
    return f"{lead}{name_of(stream)}: {coming}; {last}."


def no_bill(desk: Desk, query: Query, ended: Sequence[Stream]) -> Answer:
    """The answer where nothing regular is expected: it ended, or there never was one."""
    form = format_of(desk)
    names = [merchant_name(desk, id_) for id_ in query.merchants]
    names += [category_name(id_) for id_ in query.categories]
    if ended:
        latest = max(ended, key=lambda stream: stream.last_on)
        rows = rows_of(desk, [latest])
        last = form.day(latest.last_on)
        return Answer(
            f"{name_of(latest)} seems to have ended: the last payment was on {last}.",
            query,
            dates=[("last", latest.last_on)],
            transactions=row_ids([latest], rows),
            buttons=[steps.WHY],
        )
    paid = steps.ask("The last payment", replace(query, measure="last_transaction", period=None))
    what = and_list([short(name) for name in names], "or")
    return Answer(fit(f"I see no regular payment for {what}."), query, buttons=[paid])
