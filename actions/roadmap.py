"""The road after the cuts: budgets that ran over, a cushion, goals in time, what is left over."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from actions import autosave, counting, goals
from actions.answer import Figure
from actions.budgets import about, current_period, spent_query
from actions.calendar import add_months
from actions.desk import Desk
from actions.evidence import entries, format_of
from actions.insight import Insight
from actions.query import Period, Query
from actions.savings_history import balances
from actions.say import short
from ledger.queries import Where

LOOK_BACK = timedelta(days=90)
CUSHION_DAYS = 7
"""A week's spending should never be missing from the current accounts."""
USUAL_MONTHS = 3


def road(desk: Desk) -> list[Insight]:
    """The steps after what can be cut, in the order in which they help."""
    return [step for find in _STEPS for step in find(desk)]


def _over_budget(desk: Desk) -> list[Insight]:
    """Budgets whose running period is spent already."""
    form, found = format_of(desk), []
    for budget in desk.budgets:
        query = spent_query(budget, current_period(desk, budget.unit))
        rows = entries(desk, query)
        over = counting.totals(rows).get(budget.currency, 0) - budget.minor
        if over <= 0 or query.period is None or query.period.end is None:
            continue
        text = (
            f"you're {form.money(over, budget.currency)} over your budget {about(desk, query)}: "
            f"leave it until {form.day(query.period.end)}."
        )
        figure = Figure(f"over:{budget.id}", over, budget.currency)
        found.append(Insight(text, 0, figure, tuple(one.row.id for one in rows)))
    return found


def _cushion(desk: Desk) -> list[Insight]:
    """The lowest day of the last months, where less than a week's spending was left."""
    home = desk.person.currency
    if desk.span is None or desk.span[0] > desk.today - LOOK_BACK:
        return []
    start = desk.today - LOOK_BACK
    held = balances(desk, start)
    spent = counting.totals(
        entries(desk, Query("spending_total", Period(start, desk.tomorrow), direction="out"))
    ).get(home, 0)
    week = spent * CUSHION_DAYS // LOOK_BACK.days
    if not held or week <= 0:
        return []
    day = min(held, key=lambda one: (held[one], one))
    if held[day] >= week:
        return []
    form = format_of(desk)
    text = (
        f"your current accounts were down to {form.money(held[day], home)} on {form.day(day)}: "
        f"keep a week's spending there, {form.money(week, home)}."
    )
    rows = desk.rows(Where(day + timedelta(days=1), start=start))
    on_day = tuple(row.id for row in rows if row.booked == day) or tuple(r.id for r in rows[:1])
    return [Insight(text, 0, Figure("lowest", held[day], home), on_day)]


def _goals(desk: Desk) -> list[Insight]:
    """What each goal with a day needs a month, where no autosave rule puts money to it."""
    form, found = format_of(desk), []
    fed = {one.goal_id for one in autosave.rules(desk) if autosave.running(desk, one)}
    for goal in desk.goals:
        each = goals.monthly(desk, goal)
        if each is None or goal.id in fed:
            continue
        name, amount = short(goal.name), form.money(each, goal.currency)
        text = f"{name} needs {amount} a month; say “autosave {amount} a month for {name}”."
        found.append(Insight(text, 0, Figure(f"goal:{goal.id}", each, goal.currency), ()))
    return found


def _left_over(desk: Desk) -> list[Insight]:
    """What was left of income in the last whole months, where autosave is off."""
    form, home = format_of(desk), desk.person.currency
    end = desk.today.replace(day=1)
    period = Period(add_months(end, -USUAL_MONTHS), end)
    if desk.span is None or period.start is None or desk.span[0] > period.start:
        return []
    if any(autosave.running(desk, one) for one in autosave.rules(desk)):
        return []
    came = entries(desk, Query("income_total", period, direction="in"))
    went = entries(desk, Query("spending_total", period, direction="out"))
    left = counting.totals(came).get(home, 0) - counting.totals(went).get(home, 0)
    each = left // USUAL_MONTHS
    half = each // 200 * 100
    if half <= 0:
        return []
    text = (
        f"about {form.money(each, home)} a month was left {form.period(period, desk.span)}: "
        f"say “autosave {form.money(half, home)} a month”."
    )
    rows = tuple(one.row.id for one in (*came, *went))
    return [Insight(text, 0, Figure("left_over", each, home), rows)]


_STEPS: Sequence[Callable[[Desk], list[Insight]]] = (_over_budget, _cushion, _goals, _left_over)
