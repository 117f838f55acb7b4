"""Answers about spending and income: the total, and how it splits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions import charting, counting, steps
from actions.answer import Answer, Figure
from actions.calendar import unit_start
from actions.counting import Entry
from actions.desk import Desk
from actions.errors import Button
from actions.evidence import (
    account_names,
    coverage,
    entries,
    format_of,
    merchant_name,
    outside,
    starts_late,
    unsure,
    unsure_sentence,
)
from actions.names import nearest
from actions.query import Period, Query
from actions.say import category_name, count, fit
from knowledge.taxonomy import load_taxonomy

SHOWN_GROUPS = 5
"""How many groups of a breakdown the text names; all of them are in the figures."""


def figures(totals: Mapping[str, int], home: str, name: str = "total") -> list[Figure]:
    """One figure for each currency, the home currency first; a zero where there is nothing."""
    order = sorted(totals or {home: 0}, key=lambda currency: (currency != home, currency))
    return [Figure(name, (totals or {home: 0})[currency], currency) for currency in order]


def ids(found: Sequence[Entry]) -> list[str]:
    """The transaction ids of entries."""
    return [entry.row.id for entry in found]


def buttons_for(found: Sequence[Entry], query: Query, more: Sequence[Button]) -> list[Button]:
    """Why?, the unsure rows where there are enough to say so, and the next steps; at most four."""
    check = [steps.CHECK] if unsure(found, query) else []
    return [steps.WHY, *check, *more][:4] if found else list(more)[:4]


def nothing(desk: Desk, query: Query) -> Answer:
    """The answer where no row counts: a plain zero, and the nearest that there is."""
    beyond = outside(desk, query)
    if beyond:
        return Answer(beyond, query)
    form, home = format_of(desk), desk.person.currency
    verb = "came in" if query.direction == "in" else "spent"
    first = f"Nothing {verb} {coverage(desk, query)}: {form.money(0, home)}."
    return Answer(
        fit(first, [_nearest(desk, query)]),
        query,
        figures=[Figure("total", 0, home)],
        counts=[("count", 0)],
        buttons=steps.earlier(query, form),
    )


def _nearest(desk: Desk, query: Query) -> str:
    if not query.merchants:
        return ""
    stranger = next((id_ for id_ in query.merchants if desk.name_of(id_) is None), None)
    if stranger is not None:
        near = nearest(stranger, desk.counterparties)
        hint = f" The nearest name I have is {near.name}." if near else ""
        return f"I see no transactions with {merchant_name(desk, stranger)} at all.{hint}"
    last = entries(desk, replace(query, period=Period()))
    if not last:
        return ""
    form, row = format_of(desk), last[0].row
    return f"The last was {form.money(abs(row.minor), row.currency)} on {form.day(row.booked)}."


def total(desk: Desk, query: Query) -> Answer:
    """The sum over everything that matches."""
    found = entries(desk, query)
    if not found:
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    sums = counting.totals(found)
    amount = form.sums(sums, home)
    plus = [entry for entry in found if entry.minor > 0]
    minus = [entry for entry in found if entry.minor < 0]
    if query.direction == "in":
        first = f"{amount} came in {coverage(desk, query)} ({count(len(plus), 'payment')})."
    else:
        back = f", after {form.sums(_negated(minus), home)} of refunds" if minus else ""
        spent = f"You spent {amount}" if _is_spending(query) else f"{amount} went out"
        if sums.get(home, 0) < 0 and len(sums) == 1:
            spent = f"{form.money(-sums[home], home)} more came back than you spent"
        first = f"{spent} {coverage(desk, query)} ({count(len(plus), 'payment')}{back})."
    parts = [unsure_sentence(desk, found, query), _money_back_note(query, found)]
    parts.append(starts_late(desk, query))
    more = [*steps.split(query), *steps.earlier(query, form)]
    return Answer(
        fit(first, parts),
        query,
        figures=figures(sums, home) + _refund_figures(minus, query, home),
        counts=[("count", len(plus))],
        transactions=ids(found),
        buttons=buttons_for(found, query, more),
    )


def _is_spending(query: Query) -> bool:
    """Whether what was named is spending; savings, cash and transfers only change place."""
    taxonomy = load_taxonomy()
    flows = {taxonomy.flow(id_) for id_ in query.categories}
    return flows != {"neutral"}


def _negated(found: Sequence[Entry]) -> dict[str, int]:
    return {currency: -minor for currency, minor in counting.totals(found).items()}


def _refund_figures(minus: Sequence[Entry], query: Query, home: str) -> list[Figure]:
    if not minus or query.direction == "in":
        return []
    return figures(_negated(minus), home, "refunds")


def _money_back_note(query: Query, found: Sequence[Entry]) -> str:
    back = [entry for entry in found if counting.within(entry.row.category, counting.MONEY_BACK)]
    if query.direction == "in" and query.merchants and back:
        return "That is money paid back, so it is not part of your income."
    return ""


def group_key(query: Query, entry: Entry) -> str:
    """The group that an entry belongs to: an id, or the first day of its unit."""
    if query.group_by == "merchant":
        return counting.merchant_key(entry)
    if query.group_by == "account":
        return entry.row.account_id
    if query.group_by in {"day", "week", "month"}:
        return unit_start(entry.row.booked, query.group_by).isoformat()
    return counting.category_key(query)(entry)


def group_label(desk: Desk, query: Query, key: str, found: Sequence[Entry]) -> str:
    """A group's name as people are shown it."""
    if query.group_by == "merchant":
        name = next((e.row.counterparty for e in found if e.row.counterparty_id == key), None)
        return name or _nameless(desk, key)
    if query.group_by == "account":
        return account_names(desk, (key,))
    if query.group_by in {"day", "week", "month"}:
        start = unit_start(found[0].row.booked, query.group_by)
        return format_of(desk).unit_label(start, query.group_by)
    return category_name(key)


def _nameless(desk: Desk, key: str) -> str:
    if key == counting.REFUND:
        return category_name(key)
    return "Unknown" if key == "unknown" else merchant_name(desk, key)


def _ordered(query: Query, found: Sequence[Entry]) -> list[tuple[str, Sequence[Entry]]]:
    groups = list(counting.grouped(found, lambda entry: group_key(query, entry)).items())
    if query.group_by in {"day", "week", "month"}:
        return sorted(groups)
    return sorted(groups, key=lambda group: (-sum(e.minor for e in group[1]), group[0]))


def breakdown(desk: Desk, query: Query) -> Answer:
    """The sum and its split; every row is in one group, so the groups add up to the sum."""
    found = entries(desk, query)
    if not found:
        return nothing(desk, query)
    form, home = format_of(desk), desk.person.currency
    groups = _ordered(query, found)
    sums = counting.totals(found)
    named: list[Figure] = []
    lines: list[str] = []
    for key, members in groups:
        label = group_label(desk, query, key, members)
        parts = counting.totals(members)
        named += [Figure(key, minor, currency, label) for currency, minor in parts.items()]
        lines.append(f"{label} {form.sums(parts, home)}")
    shown = query.limit or (SHOWN_GROUPS if len(lines) > SHOWN_GROUPS + 1 else len(lines))
    first = f"{form.sums(sums, home)} {coverage(desk, query)}:"
    rest = len(lines) - shown
    tail = f"and {count(rest, 'more', 'more')}." if rest > 0 else ""
    doubt = unsure_sentence(desk, found, query)
    return Answer(
        fit(joined(first, lines[:shown], tail, len(doubt)), [doubt]),
        query,
        figures=figures(sums, home) + named,
        picture=charting.split(desk, query, named),
        transactions=ids(found),
        buttons=buttons_for(found, query, steps.earlier(query, form)),
    )


def share(desk: Desk, query: Query) -> Answer:
    """Which part of all spending something is, as a whole percent, rounded half up."""
    whole = replace(query, merchants=(), categories=(), accounts=(), unit=None)
    found, everything = entries(desk, query), entries(desk, whole)
    form, home = format_of(desk), desk.person.currency
    part, all_ = counting.totals(found).get(home, 0), counting.totals(everything).get(home, 0)
    if not found or all_ <= 0 or part < 0:
        return nothing(desk, query)
    percent = (200 * part + all_) // (2 * all_)
    verb = "what came in" if query.direction == "in" else "your spending"
    first = (
        f"{percent}% of {verb}: {form.money(part, home)} of {form.money(all_, home)}, "
        f"{coverage(desk, query)}."
    )
    return Answer(
        fit(first, [unsure_sentence(desk, found, query)]),
        query,
        figures=[Figure("total", part, home), Figure("all", all_, home)],
        counts=[("percent", percent)],
        transactions=ids(found),
        buttons=buttons_for(found, query, steps.earlier(query, form)),
    )


def joined(first: str, lines: Sequence[str], tail: str, spare: int = 0) -> str:
    """A list in one sentence, cut at whole items so that it stays within the limit.

    Args:
        first: What it is a list of.
        lines: Its items.
        tail: What ends it.
        spare: Room for what must be said after it.
    """
    kept: list[str] = []
    for line in lines:
        trial = f"{first} {', '.join([*kept, line])} {tail or 'and 99 more.'}"
        if len(trial) + spare > 290:
            break
        kept.append(line)
    missing = len(lines) - len(kept)
    if missing:
        tail = "and more."
    text = f"{first} {', '.join(kept)}"
    return f"{text} {tail}" if tail else f"{text}."
