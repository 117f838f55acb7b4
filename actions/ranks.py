"""Answers that rank: where most money or most visits go, and the largest single payments."""

from collections.abc import Sequence
from dataclasses import replace

from actions import charting, counting, steps
from actions.answer import Answer, Figure
from actions.counting import Entry
from actions.desk import Desk
from actions.errors import Button
from actions.evidence import coverage, entries, format_of, largest, unsure_sentence
from actions.query import Query
from actions.say import and_list, count, fit, row_name
from actions.spending import buttons_for, group_label, ids, joined, nothing
from ledger.queries import Where

Group = tuple[str, Sequence[Entry]]
"""A counterparty and its payments."""
NOBODY = frozenset({"unknown", counting.REFUND})
"""Groups that are no counterparty, so that they have no rank."""
SHOWN_RANKS = 5
"""How many merchants or purchases are named where no number was asked for."""


def top(desk: Desk, query: Query, offset: int = 0) -> Answer:
    """The merchants with the most money or, per visits, the most payments.

    Args:
        desk: What the turn may look at.
        query: The question; its limit is how many are named at a time.
        offset: How many were named already.
    """
    found = entries(desk, query)
    if not found:
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    often = query.unit is not None
    ranks = _ranks(found, often=often)[offset:]
    order = ranks[: _shown(ranks, query, often=often)]
    if not order:
        return Answer("That was all of them.", query, page=offset)
    by_merchant = replace(query, group_by="merchant")
    named: list[Figure] = []
    lines: list[str] = []
    for key, members in order:
        label = group_label(desk, by_merchant, key, members)
        parts = counting.totals(members)
        named += [Figure(key, minor, currency, label) for currency, minor in parts.items()]
        times = f"{len(members):,}" if lines else count(len(members), "payment")
        lines.append(f"{label} ({times})" if often else f"{label} {form.sums(parts, home)}")
    chosen = [entry for _, members in order for entry in members]
    what = "You paid most often" if often else "Most money went to"
    also = _as_many(ranks[len(order) :], order[-1]) if often else ""
    doubt = unsure_sentence(desk, chosen, query)
    body = joined(f"{what} ({coverage(desk, query)}):", lines, "", len(doubt))
    return Answer(
        fit(body, [doubt, also]),
        query,
        figures=named,
        picture=charting.ranks(desk, what, query, named),
        counts=[(key, len(members)) for key, members in order],
        transactions=ids(chosen),
        buttons=buttons_for(chosen, query, [steps.MORE, _other_rank(query)]),
        page=offset + len(order),
    )


def _ranks(found: Sequence[Entry], *, often: bool) -> list[Group]:
    """The counterparties, by number of payments or by money; of equal numbers by money."""
    groups = counting.grouped(found, counting.merchant_key)
    return sorted(
        ((key, members) for key, members in groups.items() if key not in NOBODY),
        key=lambda group: (
            -len(group[1]) if often else 0,
            -sum(entry.minor for entry in group[1]),
            group[0],
        ),
    )


def _shown(ranks: Sequence[Group], query: Query, *, often: bool) -> int:
    """How many ranks are named; where no number was asked for, nobody with as many is left out."""
    number = query.limit or SHOWN_RANKS
    if query.limit or not often or number >= len(ranks):
        return number
    last = len(ranks[number - 1][1])
    return sum(len(members) >= last for _, members in ranks)


def _as_many(left: Sequence[Group], last: Group) -> str:
    """Who has as many payments as the last that was named, where a number was asked for."""
    names = [
        row_name(members[0].row.counterparty, members[0].row.description)
        for _, members in left
        if len(members) == len(last[1])
    ]
    more = [count(len(names) - 3, "more", "more")] if len(names) > 3 else []
    has = "has" if len(names) == 1 else "have"
    return f"{and_list([*names[:3], *more])} {has} as many." if names else ""


def _other_rank(query: Query) -> Button:
    if query.unit is not None:
        return steps.ask("By money", replace(query, unit=None))
    return steps.ask("By visits", replace(query, unit="visits"))


def biggest(desk: Desk, query: Query, offset: int = 0) -> Answer:
    """The largest single payments, or with the unit ``smallest`` the least, from a rank on."""
    least = query.unit == "smallest"
    enough = offset + (query.limit or SHOWN_RANKS)
    found = entries(desk, query) if least else largest(desk, query, enough)
    if not found:
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    order = sorted(
        found,
        key=lambda e: (
            e.row.currency != home,
            e.minor if least else -e.minor,
            -e.row.booked.toordinal(),
            e.row.id,
        ),
    )
    chosen = order[offset : offset + (query.limit or SHOWN_RANKS)]
    if not chosen:
        return Answer("That was all of them.", query, page=offset)
    lines = [
        f"{form.money(e.minor, e.row.currency)} {_name(e)} on {form.day(e.row.booked, short=True)}"
        for e in chosen
    ]
    covered = coverage(desk, query)
    size = "smallest" if least else "biggest"
    what = f"Your {'next ' if offset else ''}{size} payment{'' if len(chosen) == 1 else 's'}"
    named = [
        Figure(e.row.counterparty_id or e.row.id, e.minor, e.row.currency, _name(e)) for e in chosen
    ]
    doubt = unsure_sentence(desk, chosen, query)
    return Answer(
        fit(joined(f"{what} {covered}:", lines, "", len(doubt)), [doubt]),
        query,
        figures=named,
        picture=charting.ranks(desk, what, query, named),
        transactions=ids(chosen),
        buttons=buttons_for(chosen, query, [steps.MORE, *steps.earlier(query, form)]),
        page=offset + len(chosen),
    )


def _name(entry: Entry) -> str:
    return row_name(entry.row.counterparty, entry.row.description)


def ranked(desk: Desk, query: Query) -> list[Entry]:
    """The rows that a ranking shows: those of its merchants, or its payments."""
    answer = biggest(desk, query) if query.measure == "biggest_purchases" else top(desk, query)
    rows = desk.rows(Where(desk.tomorrow, ids=answer.transactions)) if answer.transactions else []
    return [Entry(row, -row.minor) for row in rows]
