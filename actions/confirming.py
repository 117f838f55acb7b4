"""Rows that are filed without certainty: shown, and each confirmed or told with a tap."""

from collections.abc import Sequence
from dataclasses import replace

from actions.answer import Answer
from actions.answers import answer, last_query
from actions.corrections import UNDO, edit_button, refile, row_title, rows_of
from actions.counting import Entry, totals
from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.evidence import UNSURE_BELOW, format_of
from actions.query import Query
from actions.say import MAX_TEXT, category_name, count, fit, row_name
from actions.scope import Turn
from actions.spending import figures, ids
from ledger.queries import Row
from ledger.rules import CATEGORY, COUNTERPARTY, Rule

SHOWN = 3


def unsure_rows(desk: Desk, query: Query, found: Sequence[Entry]) -> Answer:
    """The rows that a figure is not sure of, the largest first, each with a button."""
    if not found:
        return Answer("I'm sure enough of every row behind that one.", query)
    form, home = format_of(desk), desk.person.currency
    order = sorted(found, key=lambda entry: (-abs(entry.minor), entry.row.id))
    sums = totals([Entry(entry.row, abs(entry.minor)) for entry in order])
    text = (
        f"I'm not sure of {count(len(order), 'row')}, {form.sums(sums, home)} in all. Tap what is "
        "right, or say, for example, “the last one was petrol”:"
    )
    shown: list[Row] = []
    for entry in order[:SHOWN]:
        trial = f"{text}\n{_line(desk, entry.row)}"
        if len(trial) > MAX_TEXT:
            break
        text, shown = trial, [*shown, entry.row]
    return Answer(
        text,
        query,
        figures=figures(sums, home),
        counts=[("count", len(order))],
        transactions=ids(order),
        buttons=[_button(desk, row) for row in shown],
    )


def _line(desk: Desk, row: Row) -> str:
    form = format_of(desk)
    amount = form.money(abs(row.minor), row.currency)
    guess = f"{category_name(row.category)}?" if row.category else "no idea"
    name = row_name(row.counterparty, row.description)
    return f"{form.day(row.booked, short=True)} · {name} · {amount} · {guess}"


def _button(desk: Desk, row: Row) -> Button:
    """A tap says that the guess is right; where there is none it asks what the row was."""
    form = format_of(desk)
    amount = form.money(abs(row.minor), row.currency)
    name = row_name(row.counterparty, row.description)[:24]
    if row.category is None:
        return edit_button(f"{name} {amount}: what?", ask=row.id)
    return edit_button(f"✓ {name} {amount}: {category_name(row.category)}"[:58], confirm=row.id)


def confirm(desk: Desk, turn: Turn, id_: str) -> Answer:
    """Takes what a row was guessed to be for right, and answers the last question again.

    Raises:
        UnclearError: The row is gone, or nothing was guessed.
    """
    rows = rows_of(desk, [id_])
    if not rows or rows[0].category is None:
        raise UnclearError("That button has gone stale. Please ask me again.")
    row, taught = rows[0], _rules(desk, turn, rows[0])
    desk.teach(*taught)
    refile(desk)
    done = [rule.id for rule in taught]
    first = f"Noted: {row_title(desk, row)}, is {category_name(row.category or '')}."
    last = last_query(turn)
    again = answer(desk, last, prior=last_query(turn, "prior")) if last else Answer(first)
    both = fit(first, [again.text]) if last else first
    return replace(
        again,
        text=both if again.text in both else again.text,
        buttons=[*again.buttons, edit_button(UNDO, undo=done)],
        memory={**(again.memory or turn.previous or {}), "undo": done},
    )


def _rules(desk: Desk, turn: Turn, row: Row) -> list[Rule]:
    """What the row is and, where that was unsure too, whom it was with."""
    name, at, turn_id = row_title(desk, row), turn.scope.now, turn.scope.turn_id
    value = {"category": row.category, "transaction_id": row.id}
    rules = [Rule(turn_id, CATEGORY, name, value, at)]
    if row.counterparty_id and row.counterparty_confidence < UNSURE_BELOW:
        said = {"transaction_id": row.id}
        rules.append(Rule(f"{turn_id}-who", COUNTERPARTY, name, said, at))
    return rules
