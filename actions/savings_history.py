"""What happened to a person, as autosave's rules look at it, and what they have put aside."""

from collections.abc import Iterable
from datetime import date

from actions.calendar import month_of
from actions.counting import Entry
from actions.desk import Desk
from actions.evidence import entries
from actions.paydays import pay_rows
from actions.query import Period, Query
from actions.saving import Happened, History, daily
from ledger import autosave
from ledger.autosave import Rule
from ledger.queries import Where
from ledger.types import Account


def history_of(desk: Desk, rule: Rule, start: date) -> History:
    """The rows from a day to today that a rule is triggered by, with the daily balance.

    The watched spending begins with the month of the first day, since its cap is a month's.
    """
    pays = [
        Happened(row.id, row.booked, row.minor)
        for row in reversed(pay_rows(desk))
        if row.currency == rule.currency
    ]
    period = Period(start, desk.tomorrow)
    payments: list[Happened] = []
    watched: list[Happened] = []
    if rule.kind == "round_up":
        bought = entries(desk, Query("biggest_purchases", period, direction="out"))
        payments = _in_order(bought, rule.currency)
    if rule.kind == "overspend":
        whole = Period(month_of(start).start, desk.tomorrow)
        query = Query("spending_total", whole, rule.merchants, "out", rule.categories)
        watched = _in_order(entries(desk, query), rule.currency)
    return History(pays, payments, watched, balances(desk, start))


def _in_order(found: Iterable[Entry], currency: str) -> list[Happened]:
    """The entries of a currency, the oldest first."""
    return [
        Happened(entry.row.id, entry.row.booked, entry.minor)
        for entry in reversed(list(found))
        if entry.row.currency == currency
    ]


def balances(desk: Desk, start: date) -> dict[date, int]:
    """What was in the current accounts at the end of each day since one; empty where unknown."""
    home = desk.person.currency
    accounts = [one for one in desk.accounts if one.type == "checking" and one.currency == home]
    each = [daily_balance(desk, one, start) for one in accounts]
    if not each or not all(each):
        return {}
    return {day: sum(days[day] for days in each) for day in each[0]}


def daily_balance(desk: Desk, account: Account, start: date) -> dict[date, int]:
    """What was in an account at the end of each day since one; empty where it is unknown."""
    known = {one.account.id: one.minor for one in desk.balances(desk.today)}[account.id]
    if known is None:
        return {}
    rows = desk.rows(Where(desk.tomorrow, start=start, accounts=(account.id,)))
    signed = [Happened(row.id, row.booked, row.minor) for row in rows]
    return daily(desk.today, known, signed, (desk.tomorrow - start).days)


def set_aside(desk: Desk) -> int:
    """What autosave holds aside in the home currency, for goals or none.

    Of a goal it is no more than what is left in it: the person may have taken some out.
    """
    home = desk.person.currency
    held: dict[str | None, int] = {}
    for move in autosave.moves(desk.connection, desk.scope):
        if move.currency == home:
            held[move.goal_id] = held.get(move.goal_id, 0) + move.minor
    left = {goal.id: max(goal.saved, 0) for goal in desk.goals}
    return sum(
        minor if goal_id is None else min(minor, left.get(goal_id, 0))
        for goal_id, minor in held.items()
    )
