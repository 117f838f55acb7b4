"""Answers that hold two things side by side: periods, merchants or categories."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions import charting, counting, steps
from actions.answer import Answer, Figure
from actions.counting import Entry
from actions.desk import Desk
from actions.evidence import (
    account_names,
    as_of,
    coverage,
    entries,
    format_of,
    other_side,
    other_sides,
    outside,
    subject,
    unsure_sentence,
)
from actions.pictures.picture import Picture
from actions.query import Period, Query
from actions.say import count, fit, weekdays_name
from actions.spending import (
    SHOWN_GROUPS,
    buttons_for,
    figures,
    group_key,
    group_label,
    ids,
    joined,
    nothing,
)


def compare(desk: Desk, query: Query) -> Answer:
    """Both sums, their difference, and over two periods what drove it; more sides in a row."""
    if query.compare is not None and query.compare.others:
        return _several(desk, query)
    other = other_side(query)
    beyond = outside(desk, query) or outside(desk, other)
    if beyond:
        return Answer(beyond, query)
    mine, theirs = entries(desk, query), entries(desk, other)
    if not mine and not theirs:
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    one, two = counting.totals(mine), counting.totals(theirs)
    change = {c: one.get(c, 0) - two.get(c, 0) for c in sorted({*one, *two})}
    left, right, shared = _sides(desk, query, other)
    verb = "came in" if query.direction == "in" else "spent"
    first = (
        f"{_verdict(desk, change)}: {form.sums(one, home)} {verb} {left}, "
        f"{form.sums(two, home)} {right}{shared}."
    )
    driver = _driver(desk, query, mine, theirs, change.get(home, 0))
    parts = [_driver_sentence(desk, driver), _same_days(desk, query, other)]
    return Answer(
        fit(first, [unsure_sentence(desk, [*mine, *theirs], query), *parts]),
        query,
        figures=[
            *figures(one, home),
            *figures(two, home, "compared"),
            *figures(change, home, "difference"),
            *([driver] if driver else []),
        ],
        picture=_picture(desk, query, (left, right), (one, two), shared),
        transactions=list(dict.fromkeys([*ids(mine), *ids(theirs)])),
        buttons=buttons_for([*mine, *theirs], query, steps.split(replace(query, compare=None))),
    )


def _several(desk: Desk, query: Query) -> Answer:
    """Three sides or more, each with its sum, and which is the largest."""
    asked = [replace(query, compare=None), *other_sides(query)]
    beyond = next((said for one in asked if (said := outside(desk, one))), None)
    if beyond:
        return Answer(beyond, query)
    found = [entries(desk, one) for one in asked]
    if not any(found):
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    sums = [counting.totals(one) for one in found]
    left, _, shared = _sides(desk, query, asked[1])
    names = [left, *(_sides(desk, query, other)[1] for other in asked[1:])]
    lines = [f"{name} {form.sums(one, home)}" for name, one in zip(names, sums, strict=True)]
    most = max(range(len(sums)), key=lambda place: (sums[place].get(home, 0), -place))
    verb = "came in" if query.direction == "in" else "was spent"
    everything = [entry for one in found for entry in one]
    return Answer(
        fit(
            joined(f"Most {verb} {names[most]}{shared}:", lines, ""),
            [unsure_sentence(desk, everything, query)],
        ),
        query,
        figures=[
            figure
            for place, one in enumerate(sums)
            for figure in figures(one, home, charting.side_name(place))
        ],
        picture=_picture(desk, query, names, sums, shared),
        transactions=list(dict.fromkeys(ids(everything))),
        buttons=buttons_for(everything, query, []),
    )


def _picture(
    desk: Desk,
    query: Query,
    names: Sequence[str],
    sums: Sequence[Mapping[str, int]],
    shared: str,
) -> Picture | None:
    """All sums, where all of it is in the home currency."""
    home = desk.person.currency
    if {currency for one in sums for currency in one} != {home}:
        return None
    of_home = [one.get(home, 0) for one in sums]
    return charting.sides(desk, query, names, of_home, shared.strip(" ()"))


def _verdict(desk: Desk, change: dict[str, int]) -> str:
    form, home = format_of(desk), desk.person.currency
    if len(change) > 1:
        return "Side by side"
    currency, minor = next(iter(change.items()), (home, 0))
    if minor == 0:
        return "The same"
    return f"{form.money(abs(minor), currency)} {'more' if minor > 0 else 'less'}"


def _sides(desk: Desk, query: Query, other: Query) -> tuple[str, str, str]:
    """How each side is named, and what both have in common."""
    form = format_of(desk)
    if query.compare is not None and query.compare.period is not None:
        left = form.period(query.period, desk.span)
        right = form.period(other.period, desk.span)
        shared = [subject(desk, query), account_names(desk, query.accounts), as_of(desk)]
    else:
        left, right, rest = _named_sides(desk, query, other)
        shared = [coverage(desk, rest)]
    tail = ", ".join(part for part in shared if part)
    return left, right, f" ({tail})" if tail else ""


def _named_sides(desk: Desk, query: Query, other: Query) -> tuple[str, str, Query]:
    """What differs on each side, and the question with what both have in common."""
    if query.compare is not None and query.compare.weekdays:
        rest = replace(query, weekdays=())
        return weekdays_name(query.weekdays), weekdays_name(other.weekdays), rest
    rest = replace(query, merchants=(), categories=())
    return subject(desk, query), subject(desk, other), rest


def _driver(
    desk: Desk, query: Query, mine: Sequence[Entry], theirs: Sequence[Entry], change: int
) -> Figure | None:
    """The group that moved most in the direction of the whole difference."""
    if query.compare is None or query.compare.period is None or change == 0 or query.merchants:
        return None
    moved = _moves(desk, query, mine, theirs)
    towards = 1 if change > 0 else -1
    most = max(moved, key=lambda one: (one.minor * towards, one.name), default=None)
    if most is None or most.minor * towards <= 0 or len(moved) < 2:
        return None
    return replace(most, name=f"driver:{most.name}")


def _moves(
    desk: Desk, query: Query, mine: Sequence[Entry], theirs: Sequence[Entry]
) -> list[Figure]:
    """How much each group in the home currency is above the other side, by category or merchant."""
    home = desk.person.currency
    merchants = query.categories or query.merchants
    by = replace(query, group_by="merchant" if merchants else "category")
    groups: dict[str, list[tuple[int, Entry]]] = {}
    for sign, side in ((1, mine), (-1, theirs)):
        for entry in side:
            if entry.row.currency == home:
                groups.setdefault(group_key(by, entry), []).append((sign, entry))
    return [
        Figure(
            key,
            sum(sign * entry.minor for sign, entry in members),
            home,
            group_label(desk, by, key, [entry for _, entry in members]),
        )
        for key, members in groups.items()
    ]


def causes(desk: Desk, query: Query) -> Answer:
    """What the difference between two periods is made of, the largest moves first."""
    mine, theirs = entries(desk, query), entries(desk, other_side(query))
    form, home = format_of(desk), desk.person.currency
    sums = [counting.totals(side).get(home, 0) for side in (mine, theirs)]
    moved = sorted(_moves(desk, query, mine, theirs), key=lambda one: (-abs(one.minor), one.name))
    moved = [one for one in moved if one.minor != 0]
    if not moved:
        return Answer("Nothing changed between the two.", query)
    change = sum(one.minor for one in moved)
    words = "more" if change > 0 else "less"
    lines = [
        f"{one.label} {form.money(abs(one.minor), home)} {'more' if one.minor > 0 else 'less'}"
        for one in moved
    ]
    shown = lines[:SHOWN_GROUPS]
    tail = f"and {count(len(lines) - len(shown), 'more', 'more')}." if lines[len(shown) :] else ""
    left, right, shared = _sides(desk, query, other_side(query))
    first = f"{form.money(abs(change), home)} {words} {left} than {right}{shared}:"
    by = "merchant" if query.categories or query.merchants else "category"
    return Answer(
        fit(joined(first, shown, tail)),
        query,
        figures=[
            Figure("total", sums[0], home),
            Figure("compared", sums[1], home),
            Figure("difference", change, home),
            *moved,
        ],
        picture=charting.moves(desk, f"What changed, by {by}", f"{left} against {right}", moved),
        transactions=list(dict.fromkeys([*ids(mine), *ids(theirs)])),
        buttons=[steps.WHY],
    )


def _driver_sentence(desk: Desk, driver: Figure | None) -> str:
    if driver is None:
        return ""
    amount = format_of(desk).money(abs(driver.minor), driver.currency)
    return f"Mostly {driver.label}: {amount} {'more' if driver.minor > 0 else 'less'}."


def _same_days(desk: Desk, query: Query, other: Query) -> str:
    """A running period is also held against the same number of days of the one before."""
    period, before = query.period, other.period
    if (
        query.compare is None
        or query.compare.period is None
        or period is None
        or before is None
        or period.start is None
        or period.end is None
        or period.end <= desk.tomorrow
        or before.start is None
        or before.end is None
    ):
        return ""
    end = min(before.start + (desk.tomorrow - period.start), before.end)
    part = replace(other, period=Period(before.start, end))
    form, home = format_of(desk), desk.person.currency
    so_far = form.sums(counting.totals(entries(desk, part)), home)
    return f"By the same day it was {so_far}."
