"""Answers that show rows: lists, the last one, how many, and the rows behind a figure."""

from collections.abc import Sequence
from dataclasses import replace

from actions import averages, counting, ranks, steps
from actions.answer import Answer, Figure
from actions.counting import Entry
from actions.desk import Desk
from actions.errors import Button
from actions.evidence import (
    as_of,
    coverage,
    entries,
    format_of,
    other_sides,
    recent,
    subject,
    unsure_sentence,
)
from actions.query import Period, Query
from actions.say import count, fit, row_name
from actions.spending import buttons_for, figures, ids, nothing

PAGE = 5
"""Rows of one page; more do not fit a reply of 300 characters."""


def line(desk: Desk, entry: Entry) -> str:
    """A row as people read it: ``28 Oct · Tesco · £12.30``; money in has a plus."""
    form, row = format_of(desk), entry.row
    sign = "+" if row.minor > 0 else ""
    amount = f"{sign}{form.money(row.minor if row.minor > 0 else -row.minor, row.currency)}"
    name = row_name(row.counterparty, row.description)
    disputed = " · not yours" if row.id in desk.disputed else ""
    return f"{form.day(row.booked, short=True)} · {name} · {amount}{disputed}"


def page(desk: Desk, first: str, found: Sequence[Entry], offset: int) -> tuple[str, int]:
    """The first sentence with the rows from ``offset`` that fit, and how many were shown then."""
    text, shown = first, offset
    for entry in found[offset : offset + PAGE]:
        trial = f"{text}\n{line(desk, entry)}"
        if len(trial) > 290:
            break
        text, shown = trial, shown + 1
    return text, shown


def sides(desk: Desk, found: Sequence[Entry]) -> list[Figure]:
    """The sums of money out and money in of listed rows, each where there is any."""
    home = desk.person.currency
    out = counting.totals([Entry(e.row, -e.row.minor) for e in found if e.row.minor < 0])
    into = counting.totals([Entry(e.row, e.row.minor) for e in found if e.row.minor > 0])
    named = [(out, "out"), (into, "in")]
    present = [(sums, name) for sums, name in named if sums]
    if len(present) == 1:
        return figures(present[0][0], home)
    return [figure for sums, name in present for figure in figures(sums, home, name)]


def listing(desk: Desk, query: Query, offset: int = 0) -> Answer:
    """The rows that match, newest first, a page at a time; "more" goes on past a limit."""
    wanted = max(query.limit or 0, offset) + PAGE + 1
    everything = recent(desk, query, wanted) if query.limit else entries(desk, query)
    if not everything:
        return nothing(desk, query)
    if offset >= len(everything):
        return Answer("That was all of them.", query, page=offset)
    if offset:
        return _next_page(desk, query, everything, offset)
    found = everything[: query.limit]
    form = format_of(desk)
    totals = sides(desk, found)
    amounts = " and ".join(
        f"{form.money(f.minor, f.currency)}{'' if f.name == 'total' else f' {f.name}'}"
        for f in totals
    )
    number = count(len(found), "transaction")
    first = f"{number} {coverage(desk, query)}: {amounts}."
    text, shown = page(desk, first, found, 0)
    more = [steps.MORE] if shown < len(everything) else []
    return Answer(
        text,
        query,
        figures=totals,
        counts=[("count", len(found))],
        transactions=ids(found),
        buttons=[*more, *buttons_for(found, query, steps.earlier(query, form))][:4],
        page=shown,
    )


def _next_page(desk: Desk, query: Query, everything: Sequence[Entry], offset: int) -> Answer:
    first = f"From {offset + 1} on, of {len(everything)}:"
    text, shown = page(desk, first, everything, offset)
    these = everything[offset:shown]
    return Answer(
        text,
        query,
        figures=sides(desk, these),
        counts=[("count", len(these))],
        transactions=ids(these),
        buttons=[steps.MORE] if shown < len(everything) else [],
        page=shown,
    )


def last(desk: Desk, query: Query) -> Answer:
    """The most recent row that matches, and when it was."""
    found = recent(desk, query, 1) if query.period == Period() else entries(desk, query)
    if query.direction is None and query.merchants:
        found = [entry for entry in found if entry.row.minor < 0] or found
    found = [entry for entry in found if entry.row.minor != 0]
    if not found:
        return nothing(desk, query)
    form, row = format_of(desk), found[0].row
    amount = form.money(abs(row.minor), row.currency)
    name = row_name(row.counterparty, row.description)
    bought = (
        f" (bought on {form.day(row.purchased)})"
        if row.purchased and row.purchased != row.booked
        else ""
    )
    way = f"{amount} from {name}" if row.minor > 0 else f"{amount} at {name}"
    about = subject(desk, replace(query, merchants=()))
    ago = _ago((desk.today - row.booked).days)
    what = f"The last{f' {about}' if about else ''} was"
    tail = ", ".join(part for part in (ago, as_of(desk)) if part)
    first = f"{what} {way} on {form.day(row.booked)}{bought}, {tail}."
    return Answer(
        fit(first, [unsure_sentence(desk, found[:1], query)]),
        query,
        figures=[Figure("amount", abs(row.minor), row.currency)],
        dates=[("last", row.booked)],
        transactions=[row.id],
        buttons=[steps.WHY, _all_of(query)],
    )


def _ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def _all_of(query: Query) -> Button:
    return steps.ask("All of them", replace(query, measure="list_transactions", limit=None))


def number(desk: Desk, query: Query) -> Answer:
    """How many payments match, and their sum."""
    found = entries(desk, query)
    if not found:
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    sums = counting.totals(found)
    times = count(len(found), "payment")
    first = f"{times} {coverage(desk, query)}: {form.sums(sums, home)} in all."
    return Answer(
        fit(first, [unsure_sentence(desk, found, query)]),
        query,
        figures=figures(sums, home),
        counts=[("count", len(found))],
        transactions=ids(found),
        buttons=buttons_for(found, query, [*steps.split(query), *steps.earlier(query, form)]),
    )


def behind(desk: Desk, query: Query) -> list[Entry]:
    """Every row that the answer to a question rests on, newest first."""
    if query.measure in {"top_merchants", "biggest_purchases"}:
        return ranks.ranked(desk, query)
    if query.measure == "spending_average":
        return averages.evidence(desk, query)[1]
    found = entries(desk, query)
    if query.compare is not None:
        seen = {entry.row.id for entry in found}
        for other in other_sides(query):
            found += [e for e in entries(desk, other) if e.row.id not in seen]
            seen |= {entry.row.id for entry in found}
        found.sort(key=lambda entry: (entry.row.booked, entry.row.id), reverse=True)
    if query.measure == "last_transaction":
        return [e for e in found if e.row.id in set(last(desk, query).transactions)]
    return found[: query.limit] if query.measure == "list_transactions" else found


def rows(desk: Desk, query: Query, found: Sequence[Entry], offset: int = 0) -> Answer:
    """The rows behind a figure with date, counterparty and amount, a page at a time."""
    if not found:
        return Answer("No rows stand behind that one.", query)
    if offset >= len(found):
        return Answer("That was all of them.", query, page=offset, view="rows")
    number = count(len(found), "row")
    covered = f" {coverage(desk, query)}" if query.period is not None else ""
    first = (
        f"It rests on {number}{covered}"
        if offset == 0
        else f"Rows {offset + 1} and on, of {len(found)}"
    )
    text, shown = page(desk, f"{first}:", found, offset)
    return Answer(
        text,
        query,
        figures=figures(counting.totals(found), desk.person.currency),
        counts=[("count", len(found))],
        transactions=ids(found),
        buttons=[steps.MORE] if shown < len(found) else [],
        page=shown,
        view="rows",
    )
