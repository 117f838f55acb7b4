"""Advice from the person's own rows: what could be saved, the largest first."""

from collections.abc import Sequence
from dataclasses import replace

from actions import counting, steps
from actions.answer import Answer, Figure
from actions.calendar import add_months
from actions.changes import rise_of
from actions.commitments import is_subscription, name_of, yearly
from actions.counting import within
from actions.desk import Desk
from actions.due import outgoing, rows_of
from actions.evidence import as_of, entries, format_of
from actions.insight import Insight
from actions.query import Period, Query
from actions.roadmap import road
from actions.say import and_list, category_name, count, fit
from ledger.types import Stream

MONTHS_BACK = 6
"""How far back costs are added up."""
USUAL_MONTHS = 3
"""The months that the last one is held against."""
ABOVE_USUAL_PERCENT = 25
"""A category is worth a word when the last month was this much above what is usual."""
SHOWN = 2


def advice(desk: Desk, query: Query, offset: int = 0) -> Answer:
    """Today's step, the one that is worth most, and the next; "more" goes on along the road.

    Args:
        desk: What the turn may look at.
        query: The question; its categories narrow the advice, its amount is what is to be saved.
        offset: How many steps were shown already.
    """
    found = sorted(insights(desk, query), key=lambda one: (-one.year, one.text))
    year = sum(one.year for one in found)
    found += [] if query.categories else road(desk)
    if not found:
        first = (
            "I found nothing that stands out: no fees, no doubled subscriptions, no price rises."
        )
        return Answer(fit(first, [_as_of(desk)]), query)
    shown = found[offset : offset + SHOWN]
    if not shown:
        return Answer(f"Those were all {count(len(found), 'step')}.", query, page=0)
    lead = "Next" if offset else "Today's step"
    sentences = [f"{lead}: {shown[0].text}", *(f"Then: {one.text}" for one in shown[1:])]
    more = len(found) > offset + len(shown)
    worth = "" if offset else _worth(desk, query, year)
    return Answer(
        fit(sentences[0], [*sentences[1:], worth, _as_of(desk)]),
        query,
        figures=[one.figure for one in shown],
        counts=[("steps", len(found))],
        transactions=list(dict.fromkeys(id_ for one in shown for id_ in one.rows)),
        buttons=[
            *([steps.MORE] if more else []),
            steps.WHY,
            steps.say("My subscriptions", "list_subscriptions"),
        ],
        page=offset + len(shown),
    )


def _worth(desk: Desk, query: Query, year: int) -> str:
    """What the cuts are worth in all, or how far they go towards what is to be saved a month."""
    form, home = format_of(desk), desk.person.currency
    if year <= 0:
        return ""
    if query.amount is None:
        return f"The cuts are worth {form.money(year, home)} a year."
    wanted = form.money(query.amount.minor, query.amount.currency or home)
    return f"The cuts come to {form.money(year // 12, home)} of your {wanted} a month."


def _as_of(desk: Desk) -> str:
    text = as_of(desk)
    return f"({text[0].upper()}{text[1:]}.)" if text else ""


def insights(desk: Desk, query: Query) -> list[Insight]:
    """Everything that stands out; within the named categories where there are any."""
    found = [*_costs(desk), *_doubled(desk), *_dearer(desk), *_above_usual(desk, query)]
    if not query.categories:
        return found
    wanted = counting.below(query.categories)
    about = [one for one in found if one.figure.name.split(":")[-1] in wanted]
    return about or _a_tenth_less(desk, query)


def _since(desk: Desk) -> Period:
    return Period(add_months(desk.today, -MONTHS_BACK), desk.tomorrow)


def _costs(desk: Desk) -> list[Insight]:
    """Interest and bank charges of the last months."""
    form, home = format_of(desk), desk.person.currency
    found = []
    for node, step in (
        ("debt.interest", "pay off what costs interest first, from savings if you can"),
        ("taxes_fees.bank", "keep a small reserve in the account that was charged"),
    ):
        query = Query("spending_total", _since(desk), direction="out", categories=(node,))
        rows = entries(desk, query)
        total = counting.totals(rows).get(home, 0)
        if total <= 0:
            continue
        what = "interest" if node == "debt.interest" else "bank charges"
        text = f"{form.money(total, home)} of {what} in {MONTHS_BACK} months: {step}."
        ids = tuple(entry.row.id for entry in rows)
        year = total * 12 // MONTHS_BACK
        found.append(Insight(text, year, Figure(f"cost:{node}", total, home), ids))
    return found


def _doubled(desk: Desk) -> list[Insight]:
    """Two or more subscriptions to the same kind of service; the cheapest would do."""
    form, home = format_of(desk), desk.person.currency
    kinds: dict[str, list[Stream]] = {}
    for stream in outgoing(desk):
        if within(stream.category, "subscriptions") and stream.currency == home:
            kinds.setdefault(str(stream.category), []).append(stream)
    found = []
    for category, streams in kinds.items():
        payees = {stream.counterparty_id for stream in streams}
        if len(payees) < 2 or category == "subscriptions.memberships":
            continue
        rows = rows_of(desk, streams)
        cheapest = min(streams, key=lambda one: (yearly(one), one.id))
        spare = sum(map(yearly, streams)) - yearly(cheapest)
        names = and_list([name_of(stream) for stream in streams])
        text = (
            f"you pay for {names}, all {category_name(category)}; keeping only "
            f"{name_of(cheapest)} would save {form.money(spare, home)} a year."
        )
        ids = tuple(row.id for stream in streams for row in rows[stream.id])
        found.append(Insight(text, spare, Figure(f"doubled:{category}", spare, home), ids))
    return found


def _dearer(desk: Desk) -> list[Insight]:
    """Price rises: what the new price costs more in a year."""
    form, home = format_of(desk), desk.person.currency
    streams = [one for one in outgoing(desk) if is_subscription(one) and one.currency == home]
    rows = rows_of(desk, streams)
    found = []
    for stream in streams:
        rise = rise_of(stream, rows[stream.id])
        if rise is None:
            continue
        more = yearly(stream) * (rise.after - rise.before) // rise.after
        was, now = form.money(rise.before, home), form.money(rise.after, home)
        text = (
            f"{name_of(stream)} rose from {was} to {now}, {form.money(more, home)} a year: look "
            "for a cheaper plan."
        )
        ids = tuple(row.id for row in rows[stream.id])
        found.append(Insight(text, more, Figure(f"rise:{stream.category}", more, home), ids))
    return found


def _above_usual(desk: Desk, query: Query) -> list[Insight]:
    """Everyday categories that were well above their usual month in the last one."""
    form, home = format_of(desk), desk.person.currency
    end = desk.today.replace(day=1)
    last = Period(add_months(end, -1), end)
    usual = Period(add_months(end, -1 - USUAL_MONTHS), add_months(end, -1))
    if desk.span is None or usual.start is None or desk.span[0] > usual.start:
        return []
    found = []
    for node in query.categories or EVERYDAY:
        asked = Query("spending_total", last, direction="out", categories=(node,))
        rows = entries(desk, asked)
        now = counting.totals(rows).get(home, 0)
        before = counting.totals(entries(desk, replace(asked, period=usual))).get(home, 0)
        mean = before // USUAL_MONTHS
        more = now - mean
        if mean <= 0 or more * 100 < mean * ABOVE_USUAL_PERCENT:
            continue
        text = (
            f"{category_name(node)} was {form.money(now, home)} last month, "
            f"{form.money(more, home)} above your usual: set yourself {form.money(mean, home)}."
        )
        ids = tuple(entry.row.id for entry in rows)
        found.append(Insight(text, more * 12 // 4, Figure(f"above:{node}", more, home), ids))
    return found


def _a_tenth_less(desk: Desk, query: Query) -> list[Insight]:
    """Where nothing stands out in a category: what it usually is, and what a little less saves."""
    form, home = format_of(desk), desk.person.currency
    end = desk.today.replace(day=1)
    period = Period(add_months(end, -USUAL_MONTHS), end)
    if desk.span is None or period.start is None or desk.span[0] > period.start:
        return []
    rows = entries(
        desk, Query("spending_total", period, direction="out", categories=query.categories)
    )
    mean = counting.totals(rows).get(home, 0) // USUAL_MONTHS
    if mean <= 0:
        return []
    groups = counting.grouped(rows, counting.merchant_key)
    key = max(groups, key=lambda one: (sum(e.minor for e in groups[one]), one))
    name = groups[key][0].row.counterparty or "one place"
    year = mean * 12 // 10
    text = (
        f"you spend {form.money(mean, home)} a month on {category_name(query.categories[0])}, most "
        f"at {name}; a tenth less saves {form.money(year, home)} a year."
    )
    ids = tuple(entry.row.id for entry in rows)
    return [Insight(text, year, Figure(f"usual:{query.categories[0]}", mean, home), ids)]


EVERYDAY: Sequence[str] = ("eating_out", "groceries", "shopping", "entertainment", "transport")
"""Categories that a person can change from one month to the next."""
