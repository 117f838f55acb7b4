"""Answers about whether something is affordable: now, or by a date, and what it would displace."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions import charting, steps
from actions.answer import Answer, Figure
from actions.budgets import chosen, current_period, spent_query
from actions.counting import totals
from actions.desk import DAY, Desk
from actions.due import Due
from actions.errors import UnclearError
from actions.evidence import as_of, entries, format_of, subject
from actions.forecast import FURTHEST_DAYS, project
from actions.outlook import Ahead, ahead, bills_until, last_paid, spendable
from actions.paydays import next_payday
from actions.query import Query
from actions.say import and_list, fit, short


def can_afford(desk: Desk, query: Query) -> Answer:
    """Whether an amount fits into what is safe to spend, or into the balance of a later day.

    Raises:
        UnclearError: No amount was named, or the day is too far ahead.
    """
    if query.amount is None:
        raise UnclearError("How much would it cost? Tell me the amount and I'll check.")
    price = query.amount.minor2 or query.amount.minor
    home = desk.person.currency
    if query.amount.currency not in {None, home}:
        raise UnclearError(f"Please give me the price in {home}; I don't convert currencies.")
    payday = next_payday(desk)
    end = query.period.end if query.period else None
    if end is not None and payday is not None and end > payday + DAY:
        return _by(desk, query, price, end - DAY)
    return _now(desk, query, price)


def _now(desk: Desk, query: Query, price: int) -> Answer:
    """Before the next payday, or a day before it: after all bills that fall due until then."""
    found = ahead(desk, query)
    form, home = format_of(desk), desk.person.currency
    left = found.safe - price
    when = form.day(found.until)
    basis = f"{form.money(max(found.safe, 0), home)} is safe to spend before {when}"
    days = max((found.until - desk.today).days, 1)
    if left >= 0:
        first = (
            f"Yes: {basis}, so {form.money(price, home)} leaves {form.money(left, home)}, "
            f"{form.money(left // days, home)} a day instead of "
            f"{form.money(found.safe // days, home)}."
        )
    else:
        first = (
            f"Not before {when} without going short: {basis}, {form.money(-left, home)} too little."
        )
    short_of = [_bills_hit(desk, found, -left), _from_savings(desk, -left)] if left < 0 else []
    rest = [*short_of, _budget_hit(desk, query, price), _as_of(desk)]
    return Answer(
        fit(first, rest),
        query,
        figures=[
            Figure("left" if left >= 0 else "short", abs(left), home),
            Figure("price", price, home),
            Figure("safe", found.safe, home),
        ],
        transactions=last_paid(desk, found.due),
        buttons=[bills_until(found), steps.say("Safe to spend", "safe_to_spend")],
    )


def _by(desk: Desk, query: Query, price: int, day: date) -> Answer:
    """By a day after the next payday: what should be there then, pay, bills and habits included."""
    if (day - desk.today).days > FURTHEST_DAYS:
        raise UnclearError("That is too far ahead to say anything useful; ask within three months.")
    form, home, accounts = format_of(desk), desk.person.currency, spendable(desk)
    ids = frozenset(account.id for account in accounts)
    known = [one.minor for one in desk.balances(desk.today) if one.account.id in ids]
    if not accounts or any(minor is None for minor in known):
        raise UnclearError("I need a current account whose balance I know before I can tell that.")
    found = project(desk, ids, sum(minor or 0 for minor in known), day)
    low, high = found.end - found.spread, found.end + found.spread
    left = found.end - price
    verdict = "Yes" if low >= price else "Probably" if left >= 0 else "Probably not"
    rest = (
        f"so {form.money(price, home)} would leave about {form.money(left, home)}"
        if left >= 0
        else f"about {form.money(-left, home)} too little"
    )
    first = (
        f"{verdict}: by {form.day(day)} about {form.money(found.end, home)} should be there after "
        f"pay, bills and everyday spending (probably {form.money(low, home)} to "
        f"{form.money(high, home)}), {rest}."
    )
    return Answer(
        fit(first, [_from_savings(desk, -left) if left < 0 else "", _as_of(desk)]),
        query,
        figures=[
            Figure("left" if left >= 0 else "short", abs(left), home),
            Figure("price", price, home),
            Figure("forecast", found.end, home),
            Figure("low", low, home),
            Figure("high", high, home),
        ],
        picture=replace(
            charting.ahead(desk, sorted(ids), found.days, found.spreads, home), asked_only=True
        ),
        buttons=[
            steps.ask("The forecast", replace(query, measure="forecast_balance", amount=None))
        ],
    )


def displaced(due: Sequence[Due], missing: int) -> list[Due]:
    """The payments that there would be too little for: the last ones that fall due, until enough.

    Args:
        due: What falls due, the soonest first.
        missing: What there is too little of, minor units.
    """
    found: list[Due] = []
    for one in reversed(due):
        if sum(hit.high for hit in found) >= missing:
            break
        found.append(one)
    return found[::-1]


def _bills_hit(desk: Desk, found: Ahead, missing: int) -> str:
    hit = displaced(found.due, missing)
    if not hit:
        return ""
    form = format_of(desk)
    names = [
        f"{short(one.stream.counterparty or 'a payment')} "
        f"({form.money(one.high, found.currency)}, {form.day(one.day, short=True)})"
        for one in hit[:3]
    ]
    more = " and more" if len(hit) > 3 else ""
    return f"It would displace {and_list(names)}{more}."


def _budget_hit(desk: Desk, query: Query, price: int) -> str:
    """What it takes of the budget on what it is for."""
    if not query.categories and not query.merchants:
        return ""
    budget = next(iter(chosen(desk, query)), None)
    if budget is None or budget.currency != desk.person.currency:
        return ""
    asked = spent_query(budget, current_period(desk, budget.unit))
    left = budget.minor - totals(entries(desk, asked)).get(budget.currency, 0)
    form = format_of(desk)
    what = subject(desk, asked) or "on everything"
    if price > left:
        over = form.money(price - max(left, 0), budget.currency)
        return f"It takes your budget {what} {over} over."
    return f"It takes your budget {what} down to {form.money(left - price, budget.currency)}."


def _as_of(desk: Desk) -> str:
    text = as_of(desk)
    return f"({text[0].upper()}{text[1:]}.)" if text else ""


def _from_savings(desk: Desk, missing: int) -> str:
    home = desk.person.currency
    saved = sum(
        one.minor or 0
        for one in desk.balances(desk.today)
        if one.account.type == "savings" and one.account.currency == home
    )
    if saved < missing:
        return ""
    return f"Your savings of {format_of(desk).money(saved, home)} could cover that."
