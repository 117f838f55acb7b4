"""Answers about recurring payments: subscriptions, what is due, one bill, how to cancel."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from actions import steps
from actions.answer import Answer, Figure
from actions.calendar import month_of
from actions.counting import covered, within
from actions.desk import Desk
from actions.due import PER_YEAR, Due, due_between, outgoing, rows_of, size
from actions.errors import Button, UnclearError
from actions.evidence import account_names, as_of, format_of, merchant_name
from actions.paydays import next_payday
from actions.query import Period, Query
from actions.say import and_list, category_name, count, fit, short
from actions.spending import figures, joined
from knowledge.taxonomy import load_taxonomy
from ledger.queries import Row
from ledger.types import Stream

MEMBERSHIPS = ("personal.fitness", "entertainment.sports_clubs", "services.dues")
"""Recurring memberships outside the taxonomy's `subscriptions` branch."""
SOON = timedelta(days=14)
"""How far ahead bills are listed where no date is named and the next payday is not known."""
_ALL_RECURRING = re.compile(
    r"\b(?:recurring|regular|direct debits?|standing orders?|commitments|repeat\w*)\b"
)
_GONE = re.compile(
    r"\b(?:gone|paid|taken|come|came|went|left|cleared|been|hit)\b.*\b(?:out|yet|already|through|"
    r"this (?:month|week))\b|\byet\b|\balready\b"
)


def name_of(stream: Stream) -> str:
    """Whom a recurring payment goes to."""
    return short(stream.counterparty or category_name(stream.category or "") or stream.id)


def is_subscription(stream: Stream) -> bool:
    """Whether a recurring payment is a subscription or a membership."""
    return any(within(stream.category, node) for node in ("subscriptions", *MEMBERSHIPS))


def matches(stream: Stream, query: Query) -> bool:
    """Whether a stream passes the question's merchants, categories and what it leaves out."""
    if query.merchants and stream.counterparty_id not in query.merchants:
        return False
    if query.categories and stream.category not in covered(query.categories):
        return False
    out = query.exclude
    return stream.counterparty_id not in out.merchants and stream.category not in covered(
        out.categories
    )


def _on_accounts(
    streams: Sequence[Stream], rows: Mapping[str, Sequence[Row]], query: Query
) -> list[Stream]:
    if not query.accounts:
        return list(streams)
    return [s for s in streams if rows[s.id] and rows[s.id][0].account_id in query.accounts]


def _ids(streams: Sequence[Stream], rows: Mapping[str, Sequence[Row]]) -> list[str]:
    return [row.id for stream in streams for row in rows[stream.id]]


def yearly(stream: Stream) -> int:
    """What a recurring payment costs a year at its expected size, minor units."""
    return size(stream)[0] * PER_YEAR.get(stream.cadence, 12)


def subscriptions(desk: Desk, query: Query, text: str) -> Answer:
    """The subscriptions, or with "recurring" all regular payments, and what they cost."""
    everything = bool(_ALL_RECURRING.search(text))
    candidates = [
        one
        for one in outgoing(desk)
        if matches(one, query) and (everything or query.categories or is_subscription(one))
    ]
    rows = rows_of(desk, candidates)
    chosen = sorted(_on_accounts(candidates, rows, query), key=lambda s: (-yearly(s), s.id))
    form, home = format_of(desk), desk.person.currency
    what = "recurring payment" if everything else "subscription"
    tail = ", ".join(p for p in (account_names(desk, query.accounts), as_of(desk)) if p)
    if not chosen:
        return Answer(fit(f"I see no active {what}s of yours ({tail})."), query)
    gyms = [] if everything else [s for s in chosen if not within(s.category, "subscriptions")]
    main = [s for s in chosen if s not in gyms] or chosen
    extra = [s for s in gyms if s not in main]
    year, all_year = _sum(main, yearly), _sum(chosen, yearly)
    month, all_month = _monthly(year), _monthly(all_year)
    lines = [f"{name_of(s)} {form.money(size(s)[0], s.currency)}{_cadence(s)}" for s in chosen]
    with_extra = (
        f", with {and_list([name_of(s) for s in extra][:2])} {form.sums(all_month, home)}"
        if extra
        else ""
    )
    first = (
        f"{count(len(main), what)}, {form.sums(month, home)} a month or "
        f"{form.sums(year, home)} a year{with_extra} ({tail}):"
    )
    return Answer(
        fit(joined(first, lines, ""), [rises(desk, chosen, rows)]),
        query,
        figures=[
            *figures(month, home, "monthly"),
            *figures(year, home, "yearly"),
            *(figures(all_month, home, "monthly_with_memberships") if extra else []),
            *(
                Figure(s.counterparty_id or s.id, size(s)[0], s.currency, name_of(s))
                for s in chosen
            ),
        ],
        counts=[
            ("count", len(main)),
            *([("with_memberships", len(chosen))] if extra else []),
        ],
        transactions=_ids(chosen, rows),
        buttons=[steps.WHY, steps.say("Upcoming bills", "upcoming_bills")],
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


def rises(desk: Desk, streams: Sequence[Stream], rows: Mapping[str, Sequence[Row]]) -> str:
    """The latest price rise among fixed-price payments, and trials that turned paid."""
    form = format_of(desk)
    for stream in streams:
        members = rows[stream.id]
        sizes = [-row.minor for row in members]
        if len(sizes) > 1 and sizes[-1] == 0 and sizes[0] > 0:
            began = next(row.booked for row in reversed(members) if row.minor < 0)
            return f"{name_of(stream)}'s free trial turned paid on {form.day(began)}."
        rise = price_rise(sizes)
        if rise:
            before, after, position = rise
            day = form.day(members[position].booked)
            return (
                f"{name_of(stream)} rose from {form.money(before, stream.currency)} to "
                f"{form.money(after, stream.currency)} on {day}."
            )
    return ""


def price_rise(sizes: Sequence[int]) -> tuple[int, int, int] | None:
    """The step of a price that was level before and has been since: old, new, position of the new.

    Amounts that vary from payment to payment, such as exchange rates, are no rise.
    """
    steps_ = [n for n in range(len(sizes) - 1) if sizes[n] != sizes[n + 1]]
    if len(steps_) != 1 or sizes[0] <= sizes[-1] or sizes[-1] == 0:
        return None
    return sizes[-1], sizes[0], steps_[0]


def upcoming(desk: Desk, query: Query) -> Answer:
    """What falls due before a date, or before the next payday."""
    period = query.period or _ahead(desk)
    query = replace(query, period=period)
    start = max(period.start or desk.today, desk.today)
    end = period.end or start + SOON
    candidates = [one for one in outgoing(desk) if matches(one, query)]
    rows = rows_of(desk, candidates)
    due = due_between(desk, _on_accounts(candidates, rows, query), start, end)
    form, home = format_of(desk), desk.person.currency
    until = form.days(start, max(end - timedelta(days=1), start))
    tail = ", ".join(p for p in (until, account_names(desk, query.accounts), as_of(desk)) if p)
    if not due:
        return Answer(
            fit(f"Nothing that I know of falls due, {tail}."), query, counts=[("count", 0)]
        )
    sums: dict[str, int] = {}
    for one in due:
        sums[one.stream.currency] = sums.get(one.stream.currency, 0) + one.minor
    lines = [f"{name_of(o.stream)} {amount(desk, o)} on {form.day(o.day, short=True)}" for o in due]
    varies = "about " if any(o.low != o.high for o in due) else ""
    first = f"{varies}{form.sums(sums, home)} due in {count(len(due), 'payment')} ({tail}):"
    streams = list(dict.fromkeys(o.stream.id for o in due))
    return Answer(
        fit(joined(first[0].upper() + first[1:], lines, "")),
        query,
        figures=[
            *figures(sums, home),
            *(
                Figure(
                    o.stream.counterparty_id or o.stream.id,
                    o.minor,
                    o.stream.currency,
                    name_of(o.stream),
                )
                for o in due
            ),
        ],
        counts=[("count", len(due))],
        dates=[("due", o.day) for o in due],
        transactions=[row.id for id_ in streams for row in rows[id_]],
        buttons=[steps.WHY, steps.say("My subscriptions", "list_subscriptions")],
    )


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
    if not query.merchants and not query.categories:
        raise UnclearError("Which bill do you mean? Name whom it goes to, or rent, energy, phone …")
    known = _known_bills(desk, query)
    active = [one for one in known if one.status == "active" and (one.next_minor or 0) < 0]
    if not active:
        return _no_bill(desk, query, known)
    rows = rows_of(desk, active)
    chosen = sorted(active, key=lambda s: (-s.confidence, -abs(s.next_minor or 0), s.id))[:3]
    due = [one for one in (_next(desk, stream) for stream in chosen) if one]
    parts = [_bill_sentence(desk, stream, due, rows[stream.id], text) for stream in chosen]
    when = as_of(desk)
    return Answer(
        fit(f"{' '.join(parts)}{f' ({when[0].upper()}{when[1:]}.)' if when else ''}"),
        query,
        figures=[Figure("amount", size(s)[0], s.currency, name_of(s)) for s in chosen]
        + [
            Figure(name, minor, o.stream.currency)
            for o in due
            if o.low != o.high
            for name, minor in (("low", o.low), ("high", o.high))
        ],
        dates=[*(("due", o.day) for o in due), *(("last", s.last_on) for s in chosen)],
        transactions=_ids(chosen, rows),
        buttons=[steps.WHY, steps.say("Upcoming bills", "upcoming_bills")],
    )


def _known_bills(desk: Desk, query: Query) -> list[Stream]:
    """The recurring payments that are meant; a leaf without any widens to what is around it.

    "My electric" is the combined bill of somebody who has no separate one.
    """
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


def _next(desk: Desk, stream: Stream) -> Due | None:
    far = desk.today + timedelta(days=400)
    return next(iter(due_between(desk, [stream], desk.today, far)), None)


def _bill_sentence(
    desk: Desk, stream: Stream, due: Sequence[Due], rows: Sequence[Row], text: str
) -> str:
    form = format_of(desk)
    one = next((o for o in due if o.stream.id == stream.id), None)
    last = f"last paid {form.day(stream.last_on)}"
    if rows:
        paid = form.money(-rows[0].minor, rows[0].currency)
        last = f"last paid {paid} on {form.day(rows[0].booked)}"
    coming = f"{amount(desk, one)}, next due {form.day(one.day)}" if one else "no date known"
    lead = ""
    if _GONE.search(text):
        this = month_of(desk.today)
        gone = rows and this.start is not None and rows[0].booked >= this.start
        lead = "Yes, it has gone out this month. " if gone else "Not yet this month. "
    return f"{lead}{name_of(stream)}: {coming}; {last}."


def _no_bill(desk: Desk, query: Query, ended: Sequence[Stream]) -> Answer:
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
            transactions=_ids([latest], rows),
            buttons=[steps.WHY],
        )
    paid = steps.ask("The last payment", replace(query, measure="last_transaction", period=None))
    what = and_list([short(name) for name in names], "or")
    return Answer(fit(f"I see no regular payment for {what}."), query, buttons=[paid])


def cancel(desk: Desk, query: Query) -> Answer:
    """Where to cancel a recurring payment; nothing is cancelled from here, and it says so.

    Raises:
        UnclearError: No payment was named.
    """
    if not query.merchants and not query.categories:
        raise UnclearError("Which one do you want to stop?", _choices(desk))
    chosen = [one for one in outgoing(desk) if matches(one, query)]
    if not chosen:
        return _no_bill(desk, query, [])
    stream = max(chosen, key=lambda one: (one.confidence, one.id))
    rows = rows_of(desk, [stream])
    form = format_of(desk)
    due = _next(desk, stream)
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
        transactions=_ids([stream], rows),
        buttons=[steps.WHY, steps.say("My subscriptions", "list_subscriptions")],
    )


def _choices(desk: Desk) -> list[Button]:
    chosen = [one for one in outgoing(desk) if is_subscription(one) and one.counterparty_id]
    return [
        steps.ask(name_of(s), Query("cancel_subscription", merchants=(str(s.counterparty_id),)))
        for s in sorted(chosen, key=lambda s: -yearly(s))[:4]
    ]
