"""Answers about subscriptions: which there are, what they cost, where to end one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from actions import charting, steps
from actions.answer import Answer, Figure
from actions.bills import next_due, no_bill
from actions.changes import notes
from actions.commitments import (
    is_subscription,
    matches,
    name_of,
    on_accounts,
    row_ids,
    yearly,
)
from actions.counting import Entry, totals, within
from actions.desk import Desk
from actions.due import outgoing, rows_of, size
from actions.errors import Button, UnclearError
from actions.evidence import account_names, as_of, coverage, format_of, where
from actions.query import Query
from actions.say import and_list, count, fit, in_full
from actions.spending import figures, joined
from ledger.types import Stream

_ALL_RECURRING = re.compile(
    r"\b(?:recurring|regular|direct debits?|standing orders?|commitments|repeat\w*)\b"
)

WENT_UP = re.compile(
    r"\b(?:gone|went|going|go) up\b|\b(?:ris(?:e|es|en)|rose|rais(?:e|ed)|increas\w+|pricier|"
    r"more expensive|dearer|hike\w*)\b"
)


def subscriptions(desk: Desk, query: Query, text: str) -> Answer:
    """The subscriptions, or with "recurring" all regular payments, and what they cost.

    In a period that has begun it is what was paid for them then, and asked for what went up that.
    """
    if WENT_UP.search(text):
        return changed(desk, query)
    everything = bool(_ALL_RECURRING.search(text))
    candidates = [
        one
        for one in outgoing(desk)
        if matches(one, query) and (everything or query.categories or is_subscription(one))
    ]
    rows = rows_of(desk, candidates)
    chosen = sorted(on_accounts(candidates, rows, query), key=lambda s: (-yearly(s), s.id))
    what = "recurring payment" if everything else "subscription"
    gyms = [] if everything else [s for s in chosen if not within(s.category, "subscriptions")]
    main = [s for s in chosen if s not in gyms] or chosen
    extra = [s for s in gyms if s not in main]
    if query.period is not None and query.period.start and query.period.start <= desk.today:
        return _paid(desk, query, main, what)
    if not chosen:
        return Answer(fit(f"I see no active {what}s of yours ({_tail(desk, query)})."), query)
    named, told = _cost_figures(desk, main, extra), notes(desk, chosen, rows)
    return Answer(
        fit(_sentence(desk, query, main, extra, what), told[:1]),
        query,
        figures=named,
        picture=charting.ranks(desk, f"Your {what}s", query, named[-len(chosen) :]),
        further=_in_full(desk, [*main, *extra], what, told),
        counts=[("count", len(main)), *([("with_memberships", len(chosen))] if extra else [])],
        transactions=row_ids(chosen, rows),
        buttons=[steps.WHY, steps.say("Upcoming bills", "upcoming_bills")],
    )


def changed(desk: Desk, query: Query) -> Answer:
    """What changed about the subscriptions: prices, trials that ended, those without purchases."""
    chosen = [one for one in outgoing(desk) if matches(one, query) and is_subscription(one)]
    rows = rows_of(desk, chosen)
    told = notes(desk, on_accounts(chosen, rows, query), rows)
    if not told:
        return Answer(fit(f"None of them changed its price ({_tail(desk, query)})."), query)
    return Answer(fit(told[0], told[1:]), query, transactions=row_ids(chosen, rows))


def _in_full(desk: Desk, streams: Sequence[Stream], what: str, told: Sequence[str]) -> list[str]:
    """Each payment with its price, what it costs a year and when it is next due; all changes."""
    if len(streams) < 2:
        return []
    form, lines = format_of(desk), []
    for stream in streams:
        price = f"{form.money(size(stream)[0], stream.currency)}{_cadence(stream) or ' a month'}"
        year = f"{form.money(yearly(stream), stream.currency)} a year"
        due = next_due(desk, stream)
        parts = [price, *([year] if stream.cadence != "yearly" else [])]
        parts += [f"next {form.day(due.day, short=True)}"] if due else []
        lines.append(f"• {name_of(stream)}: {', '.join(parts)}")
    closing = list(told[1:])
    if what == "subscription":
        closing.append("Which ones you use, your bank can't show me; I see only what is paid.")
    return in_full(f"All {len(streams)}, the dearest first:", lines, closing)


def _tail(desk: Desk, query: Query) -> str:
    return ", ".join(p for p in (account_names(desk, query.accounts), as_of(desk)) if p)


def _sentence(
    desk: Desk, query: Query, main: Sequence[Stream], extra: Sequence[Stream], what: str
) -> str:
    form, home = format_of(desk), desk.person.currency
    year = _sum(main, yearly)
    more = ""
    if extra:
        both = form.sums(_monthly(_sum([*main, *extra], yearly)), home)
        more = f", with {and_list([name_of(s) for s in extra][:2])} {both}"
    first = (
        f"{count(len(main), what)}, {form.sums(_monthly(year), home)} a month or "
        f"{form.sums(year, home)} a year{more} ({_tail(desk, query)}):"
    )
    lines = [
        f"{name_of(s)} {form.money(size(s)[0], s.currency)}{_cadence(s)}" for s in [*main, *extra]
    ]
    return joined(first, lines, "")


def _cost_figures(desk: Desk, main: Sequence[Stream], extra: Sequence[Stream]) -> list[Figure]:
    home = desk.person.currency
    year, everything = _sum(main, yearly), _sum([*main, *extra], yearly)
    both = figures(_monthly(everything), home, "monthly_with_memberships") if extra else []
    return [
        *figures(_monthly(year), home, "monthly"),
        *figures(year, home, "yearly"),
        *both,
        *(
            Figure(s.counterparty_id or s.id, size(s)[0], s.currency, name_of(s))
            for s in [*main, *extra]
        ),
    ]


def _paid(desk: Desk, query: Query, streams: Sequence[Stream], what: str) -> Answer:
    """What was paid for recurring payments in a period."""
    ids = [stream.id for stream in streams]
    read = where(desk, replace(query, merchants=(), categories=()))
    rows = desk.rows(replace(read, streams=ids)) if ids else []
    found = [Entry(row, -row.minor) for row in rows if row.minor < 0]
    form, home = format_of(desk), desk.person.currency
    names = {stream.id: name_of(stream) for stream in streams}
    lines = [
        f"{names[str(e.row.stream_id)]} {form.money(e.minor, e.row.currency)}"
        for e in sorted(found, key=lambda e: -e.minor)
    ]
    sums = totals(found)
    covered = coverage(desk, replace(query, merchants=(), categories=()))
    first = f"{form.sums(sums, home)} for {count(len(found), f'{what} payment')} {covered}"
    return Answer(
        fit(joined(f"{first}:", lines, "") if lines else f"{first}."),
        query,
        figures=figures(sums, home),
        counts=[("count", len(found))],
        transactions=[e.row.id for e in found],
        buttons=[steps.WHY],
    )


def _monthly(year: Mapping[str, int]) -> dict[str, int]:
    return {currency: (minor + 6) // 12 for currency, minor in year.items()}


def _cadence(stream: Stream) -> str:
    words = {"weekly": "a week", "fortnightly": "every two weeks", "four_weekly": "every 4 weeks"}
    words |= {"quarterly": "a quarter", "half_yearly": "every half year", "yearly": "a year"}
    return f" {words[stream.cadence]}" if stream.cadence in words else ""


def _sum(streams: Sequence[Stream], of: Callable[[Stream], int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for stream in streams:
        sums[stream.currency] = sums.get(stream.currency, 0) + of(stream)
    return sums


def cancel(desk: Desk, query: Query) -> Answer:
    """Where to cancel a recurring payment; nothing is cancelled from here, and it says so.

    Raises:
        UnclearError: No payment was named.
    """
    if not query.merchants and not query.categories:
        raise UnclearError("Which one do you want to stop?", _choices(desk))
    chosen = [one for one in outgoing(desk) if matches(one, query)]
    if not chosen:
        return no_bill(desk, query, [])
    stream = max(chosen, key=lambda one: (one.confidence, one.id))
    rows = rows_of(desk, [stream])
    form = format_of(desk)
    due = next_due(desk, stream)
    before = f" before {form.day(due.day)}" if due else ""
    saved = form.money(yearly(stream), stream.currency)
    return Answer(
        fit(
            f"I can't cancel it for you. End {name_of(stream)} in your account with them{before}; "
            f"if it is a direct debit, your bank can stop it too. It would save {saved} a year."
        ),
        query,
        figures=[
            Figure("yearly", yearly(stream), stream.currency),
            Figure("amount", size(stream)[0], stream.currency),
        ],
        dates=[("due", due.day)] if due else [],
        transactions=row_ids([stream], rows),
        buttons=[steps.WHY, steps.say("My subscriptions", "list_subscriptions")],
    )


def _choices(desk: Desk) -> list[Button]:
    chosen = [one for one in outgoing(desk) if is_subscription(one) and one.counterparty_id]
    return [
        steps.ask(name_of(s), Query("cancel_subscription", merchants=(str(s.counterparty_id),)))
        for s in sorted(chosen, key=lambda s: -yearly(s))[:4]
    ]
