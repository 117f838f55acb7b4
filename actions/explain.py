"""Answers about a single row: what a charge is, why it is filed so, when it was seen before."""

from dataclasses import replace

from actions import marks, steps
from actions.answer import Answer, Figure
from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.evidence import UNSURE_BELOW, entries, format_of
from actions.listing import listing
from actions.query import Period, Query
from actions.say import category_name, count, fit, row_name
from actions.spending import nothing
from ledger.queries import Row, Where


def explain(desk: Desk, query: Query) -> Answer:
    """What a row is, why it is filed so, and when it was seen before.

    Raises:
        UnclearError: Nothing says which row is meant.
    """
    if not (query.merchants or query.amount or query.period or query.categories):
        raise UnclearError("Which one? Tell me its amount, its date or the name on your statement.")
    found = entries(desk, replace(query, measure="list_transactions", direction=None))
    if not found:
        return nothing(desk, query)
    names = {entry.row.counterparty_id for entry in found}
    if len(names) > 1 and len(found) > 1:
        listed = listing(desk, replace(query, measure="list_transactions", direction=None))
        return replace(listed, text=fit(f"Which of these? {listed.text}"), query=query)
    row = found[0].row
    form = format_of(desk)
    name = row_name(row.counterparty, row.description)
    sign = "from" if row.minor > 0 else "to"
    amount = form.money(abs(row.minor), row.currency)
    first = f"{amount} {sign} {name} on {form.day(row.booked)}, {_account(desk, row)}."
    wrote = f"Your bank wrote “{' '.join(row.description.split())[:60].strip()}”."
    return Answer(
        fit(first, [marks.note(desk, row), _filed(row), _seen(desk, row), wrote]),
        query,
        figures=[Figure("amount", abs(row.minor), row.currency)],
        dates=[("last", row.booked)],
        transactions=[row.id],
        buttons=[*_all_from(row), *marks.toggle(desk, row)],
    )


def _all_from(row: Row) -> list[Button]:
    if row.counterparty_id is None:
        return []
    return [steps.ask("All of them", Query("list_transactions", Period(), (row.counterparty_id,)))]


def _account(desk: Desk, row: Row) -> str:
    account = desk.account(row.account_id)
    return account.name if account else row.account_id


def _filed(row: Row) -> str:
    """The category, how sure it is, and what it was told from."""
    if row.category is None:
        return "I could not tell what it was for."
    percent = round(row.category_confidence * 100)
    doubt = " (a guess)" if row.category_confidence < UNSURE_BELOW else ""
    told = f", by {row.category_source}" if row.category_source else ""
    return f"I file it under {category_name(row.category)}{doubt}, {percent}% sure{told}."


def _seen(desk: Desk, row: Row) -> str:
    if row.counterparty_id is None:
        return ""
    rows = desk.rows(Where(desk.tomorrow, counterparties=(row.counterparty_id,)))
    before = [one for one in rows if one.booked < row.booked]
    if not before:
        return "It is the first one from them."
    form = format_of(desk)
    regular = " It is a regular payment." if row.recurring else ""
    last = before[0]
    return (
        f"Seen {count(len(before), 'time')} before, last on {form.day(last.booked)} "
        f"({form.money(abs(last.minor), last.currency)}).{regular}"
    )
