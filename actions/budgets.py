"""Budgets: set, look at, remove. A cap on a category, a merchant or all spending."""

from dataclasses import replace

from actions import charting, counting, steps
from actions.answer import Answer, Figure
from actions.calendar import month_of, week_of
from actions.desk import Desk
from actions.errors import UnclearError
from actions.evidence import as_of, entries, format_of, subject
from actions.paydays import next_payday, paydays
from actions.query import Period, Query
from actions.say import fit, in_full
from ledger.plans import Budget

UNITS = ("week", "month", "payday")
EVERYTHING = "all"
"""The id of the budget on all spending."""
SHOWN = 3


def budget_id(query: Query) -> str:
    """The id that a subject's budget has, so that one subject has one."""
    days = "".join(map(str, query.weekdays))
    about = "+".join(sorted([*query.categories, *query.merchants])) or EVERYTHING
    return f"{about}@{days}" if days else about


def about(desk: Desk, query: Query) -> str:
    """What a budget is for: ``on Groceries``, or all spending."""
    return subject(desk, replace(query, amount=None)) or "on everything"


def spent_query(budget: Budget, period: Period) -> Query:
    """The question of how much of a budget is spent in a period."""
    return Query(
        "check_budget",
        period,
        budget.merchants,
        "out",
        budget.categories,
        weekdays=budget.weekdays,
    )


def current_period(desk: Desk, unit: str) -> Period:
    """The week, month or time from pay to pay that is running."""
    if unit == "week":
        return week_of(desk.today)
    if unit == "payday":
        return _between_pays(desk) or month_of(desk.today, desk.month_start)
    return month_of(desk.today, desk.month_start)


def _between_pays(desk: Desk) -> Period | None:
    """From the last pay to the next, None where either is not known."""
    known, coming = paydays(desk), next_payday(desk)
    return Period(known[0], coming) if known and coming else None


def set_budget(desk: Desk, query: Query) -> Answer:
    """Creates a budget or changes the one on the same subject.

    Raises:
        UnclearError: The cap, or a unit that there is, is missing.
    """
    if query.amount is None:
        what = about(desk, query)
        named = query.categories or query.merchants
        raise UnclearError(
            f"How much do you want to cap spending {what} at, say “200 a month”?",
            wants=("amount",) if named else ("amount", "category", "merchant"),
        )
    unit = query.unit or "month"
    if unit not in UNITS:
        raise UnclearError(
            "I keep budgets by week, by month or from payday to payday. Which one?",
            wants=("recurrence",),
        )
    minor = query.amount.minor2 or query.amount.minor
    home = desk.person.currency
    if query.amount.currency not in {None, home} or minor <= 0:
        raise UnclearError(f"Please give me the budget as an amount in {home}.", wants=("amount",))
    before = next((one for one in desk.budgets if one.id == budget_id(query)), None)
    about_ = (query.categories, query.merchants)
    days = query.weekdays
    budget = Budget(budget_id(query), *about_, unit, minor, home, desk.turn.now, days)
    desk.save_budget(budget)
    form = format_of(desk)
    was = f" (it was {form.money(before.minor, before.currency)})" if before else ""
    first = f"Done: {form.money(minor, home)} {_each(unit)} {about(desk, query)}{was}."
    standing = _standing(desk, budget)
    unknown = unit == "payday" and _between_pays(desk) is None
    caveat = "I don't know your paydays yet, so I count months until I do." if unknown else ""
    asked = replace(query, direction="out", unit=unit)
    return Answer(
        fit(first, [caveat, standing.text]),
        asked,
        figures=[Figure("budget", minor, home), *standing.figures[:2]],
        transactions=standing.transactions,
        buttons=[steps.say("My budgets", "check_budget"), steps.say("Remove it", "delete_budget")],
        plan=_plan(budget),
    )


def _plan(budget: Budget) -> dict[str, object]:
    about_ = {"merchants": list(budget.merchants), "categories": list(budget.categories)}
    return {"kind": "budget", "unit": budget.unit, **about_}


def _each(unit: str) -> str:
    return "from payday to payday" if unit == "payday" else f"a {unit}"


def _standing(desk: Desk, budget: Budget) -> Answer:
    """How a budget stands in its running period."""
    period = current_period(desk, budget.unit)
    query = spent_query(budget, period)
    found = entries(desk, query)
    form, currency = format_of(desk), budget.currency
    spent = counting.totals(found).get(currency, 0)
    left = budget.minor - spent
    days = (period.end - desk.today).days if period.end else 1
    start = period.start or desk.today
    tail = ", ".join(part for part in (form.days(start, desk.today), as_of(desk)) if part)
    verdict = (
        f"{form.money(left, currency)} left, {form.money(left // max(days, 1), currency)} a day "
        f"for {days} days"
        if left >= 0
        else f"{form.money(-left, currency)} over"
    )
    text = (
        f"{form.money(spent, currency)} of {form.money(budget.minor, currency)} spent "
        f"{about(desk, query)} ({tail}): {verdict}."
    )
    cap = Figure("budget", budget.minor, currency, about(desk, query))
    return Answer(
        text,
        query,
        figures=[
            Figure("spent", spent, currency, about(desk, query)),
            Figure("left", left, currency, about(desk, query)),
            cap,
        ],
        picture=charting.pace(desk, f"Budget {about(desk, query)}", period, found, cap),
        counts=[("days", days)],
        transactions=[entry.row.id for entry in found],
    )


def chosen(desk: Desk, query: Query) -> list[Budget]:
    """The budgets that are meant: the one on the subject, one around or within it, or all."""
    if not query.categories and not query.merchants:
        return desk.budgets
    exact = [one for one in desk.budgets if one.id == budget_id(query)]
    if exact:
        return exact
    named = counting.below(query.categories)
    return [
        one
        for one in desk.budgets
        if set(one.merchants) & set(query.merchants)
        or any(
            id_ in named or set(query.categories) & counting.below((id_,)) for id_ in one.categories
        )
    ]


def check_budget(desk: Desk, query: Query) -> Answer:
    """How the named budget stands, or each of them."""
    found = chosen(desk, query)
    if not found:
        what = about(desk, query) if query.categories or query.merchants else ""
        hint = "Say, for example, “cap eating out at 200 a month”."
        named = {"categories": list(query.categories), "merchants": list(query.merchants)}
        plan = {"kind": "budget", "unit": "month", **named} if what else None
        return Answer(
            fit(f"You have no budget {what}".rstrip() + f" yet. {hint}"), query, plan=plan
        )
    standings = [_standing(desk, one) for one in found]
    first, *others = standings
    names = f"You have {len(found)} budgets. " if len(found) > 1 else ""
    return Answer(
        fit(f"{names}{first.text}", [one.text for one in others[: SHOWN - 1]]),
        first.query if len(found) == 1 else query,
        figures=[figure for one in standings for figure in one.figures],
        picture=first.picture if len(found) == 1 else None,
        counts=[("budgets", len(found))] if len(found) > 1 else first.counts,
        transactions=list(dict.fromkeys(id_ for one in standings for id_ in one.transactions)),
        further=in_full("All of them:", [one.text for one in standings])
        if len(standings) > 1
        else [],
        plan=_plan(found[0]) if len(found) == 1 else {"kind": "budget", "unit": "month"},
        buttons=[steps.WHY],
    )


def delete_budget(desk: Desk, query: Query) -> Answer:
    """Removes the named budget, or the only one.

    Raises:
        UnclearError: There are several and none was named.
    """
    found = chosen(desk, query)
    if not found:
        return Answer("There is no such budget, so nothing was changed.", query)
    if len(found) > 1:
        names = ", ".join(about(desk, spent_query(one, Period())) for one in found[:5])
        raise UnclearError(
            fit(f"Which budget shall I remove: {names}?"), wants=("category", "merchant")
        )
    budget = found[0]
    desk.delete_budgets([budget.id])
    what = about(desk, spent_query(budget, Period()))
    amount = format_of(desk).money(budget.minor, budget.currency)
    return Answer(
        fit(f"Removed: your budget of {amount} {_each(budget.unit)} {what}."),
        query,
        figures=[Figure("budget", budget.minor, budget.currency)],
    )
