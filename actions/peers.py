"""Comparing with others: only who joined counts, and only once enough have.

What is compared is spending by category in the last whole month. A peer figure is the mean of the
middle figures of the group, rounded, so that it is nobody's own, and one person more or less does
not show.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from actions import steps
from actions.answer import Answer, Figure
from actions.calendar import month_of, preceding
from actions.desk import Desk
from actions.evidence import entries, format_of
from actions.query import Query
from actions.said import understand
from actions.say import category_name, count, fit
from actions.scope import Turn
from ledger import peers as members
from ledger.scope import UserScope

MINIMUM = 20
"""Others of the same country and currency who must have joined."""
MOST = 200
"""Others that are looked at; more make no better a median and take longer."""
MIDDLE = 5
"""Figures around the median whose mean is told."""
STEP = 500
"""Minor units to which a peer figure is rounded: 5 pounds or dollars."""
SHOWN = 3
TOTAL = "total"
_MEANS = (
    "Only your monthly sums by category count, never a payment or a name, and you can leave at "
    "any time."
)


_JOINS = re.compile(
    r"\b(?:join\w*|opt\w*|sign\w*|enrol\w*|enter\w*|includ\w*|add|count me|part|participat\w*|"
    r"share|contribut\w*|enable|turn|switch|start|activate|in)\b",
    re.IGNORECASE,
)
"""Nobody is joined whose words do not say so, whatever NLU takes them for."""


def peers(desk: Desk, turn: Turn, minimum: int = MINIMUM) -> Answer:
    """Join, leave, or compare.

    Args:
        desk: What the turn may look at.
        turn: The turn.
        minimum: How many others must have joined before anything is compared.
    """
    joins = turn.intent == "join_peers" and _JOINS.search(str(turn.parse.get("text") or ""))
    if joins:
        return _join(desk, minimum)
    if turn.intent == "leave_peers":
        return _leave(desk)
    return replace(_compare(desk, turn, minimum), intent="compare_peers")


def _join(desk: Desk, minimum: int) -> Answer:
    known = members.joined_at(desk.connection, desk.scope)
    members.join(desk.connection, desk.scope, desk.turn.now)
    others = len(members.others(desk.connection, desk.scope))
    so_far = "" if others >= minimum else _too_few(others, minimum)
    first = "You joined before; nothing changed." if known else f"Done, you're in. {_MEANS}"
    leave = steps.say("Leave", "leave_peers")
    compare = steps.say("Compare me", "compare_peers")
    return Answer(fit(first, [so_far]), buttons=[compare, leave], plan={"kind": "peers"})


def _leave(desk: Desk) -> Answer:
    if members.leave(desk.connection, desk.scope):
        said = "Done, you're out: your figures count in no comparison from now on."
    else:
        said = "You never joined, so nothing of yours is in a comparison."
    return Answer(said, buttons=[steps.say("Join", "join_peers")])


def _too_few(others: int, minimum: int) -> str:
    there = "Nobody else" if others == 0 else f"Only {count(others, 'other')}"
    return (
        f"{there} in your country {'has' if others < 2 else 'have'} joined so far, and I compare "
        f"from {minimum} on, so that nobody can be told. So there is no group yet."
    )


def _compare(desk: Desk, turn: Turn, minimum: int) -> Answer:
    """Their last month beside the group's, or why there is no comparison."""
    if members.joined_at(desk.connection, desk.scope) is None:
        return Answer(
            fit("I compare only people who chose it, and you haven't joined.", [_MEANS]),
            buttons=[steps.say("Join", "join_peers")],
        )
    query = Query("compare_peers", preceding(month_of(desk.today)), direction="out")
    query = replace(query, categories=_asked(desk, turn))
    found = members.others(desk.connection, desk.scope)[:MOST]
    group = [sums for one in found if (sums := _sums(_other(desk, one), query))]
    if len(group) < minimum:
        leave = steps.say("Leave", "leave_peers")
        return Answer(_too_few(len(group), minimum), buttons=[leave])
    return _compared(desk, query, group)


def _asked(desk: Desk, turn: Turn) -> tuple[str, ...]:
    named = understand(desk, turn.parse).categories
    return named[0] if named else ()


def _other(desk: Desk, scope: UserScope) -> Desk:
    """What somebody else who joined may look at: their own rows, for their sums alone."""
    return Desk(desk.connection, replace(desk.turn, person_id=scope.person_id))


def _sums(desk: Desk, query: Query) -> Mapping[str, int]:
    """What was spent by top category in the person's own currency; empty without any row."""
    home = desk.person.currency
    found = [entry for entry in entries(desk, query) if entry.row.currency == home]
    sums: dict[str, int] = {TOTAL: 0} if found else {}
    for entry in found:
        top = (entry.row.bought_as or entry.row.category or "").split(".")[0]
        for name in (TOTAL, *([top] if top else [])):
            sums[name] = sums.get(name, 0) + entry.minor
    return sums


def typical(figures: Sequence[int]) -> int:
    """The mean of the middle figures, rounded to `STEP`."""
    ordered = sorted(figures)
    first = max((len(ordered) - MIDDLE) // 2, 0)
    middle = ordered[first : first + MIDDLE]
    return round(Fraction(sum(middle), len(middle) * STEP)) * STEP


def _compared(desk: Desk, query: Query, group: Sequence[Mapping[str, int]]) -> Answer:
    form, home = format_of(desk), desk.person.currency
    own = _sums(desk, query)
    named = sorted(own, key=lambda name: (name != TOTAL, -own[name], name))
    shown = named[:1] if query.categories else named[: SHOWN + 1]
    parts, figures = [], []
    for name in shown or [TOTAL]:
        theirs = typical([sums.get(name, 0) for sums in group])
        label = _label(query, name)
        yours = own.get(name, 0)
        parts.append(
            f"{label} you {form.money(yours, home)}, others about {form.money(theirs, home)}"
        )
        figures += [Figure(name, yours, home, "you"), Figure(f"peers_{name}", theirs, home)]
    when = form.period(query.period, desk.span)
    first = f"{when}, beside {len(group)} others in your country: {parts[0]}."
    return Answer(
        fit(first, [f"{part[:1].upper()}{part[1:]}." for part in parts[1:]]),
        query,
        figures=figures,
        transactions=[entry.row.id for entry in entries(desk, query)],
        buttons=[steps.say("Leave", "leave_peers")],
    )


def _label(query: Query, name: str) -> str:
    if name != TOTAL:
        return f"on {category_name(name)}"
    return f"on {category_name(query.categories[0])}" if query.categories else "in all"
