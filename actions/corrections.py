"""A row or a merchant is filed otherwise from now on, because its person says so."""

from collections import Counter
from collections.abc import Mapping, Sequence

from actions.answer import Answer, Figure
from actions.counting import within
from actions.desk import Desk
from actions.errors import Button
from actions.evidence import format_of, merchant_name
from actions.say import and_list, category_name, count, fit, row_name
from actions.scope import Turn
from knowledge.taxonomy import load_taxonomy
from ledger.filing import Filing
from ledger.queries import Row, Where
from ledger.rules import CATEGORY, Rule

UNDO = "Undo"
SPOKEN_OF = 20
"""So many rows that were just filed are what "that" means in the next message."""
_ESSENTIAL: Mapping[str, tuple[bool, float]] = {
    "yes": (True, 0.9),
    "no": (False, 0.95),
    "depends": (False, 0.55),
}
"""Whether spending in a category is essential by default, and how sure that is."""


def edit_button(title: str, **edit: object) -> Button:
    """A button that changes how something is filed, or asks on."""
    return Button(title, {"intent": "recategorize", "entities": [], "edit": edit})


def rows_of(desk: Desk, ids: Sequence[str]) -> list[Row]:
    """These rows, newest first."""
    return desk.rows(Where(desk.tomorrow, ids=ids)) if ids else []


def of_counterparty(desk: Desk, id_: str) -> list[Row]:
    """Every row with a counterparty, not the refunds of what was bought there."""
    rows = desk.rows(Where(desk.tomorrow, counterparties=(id_,)))
    return [row for row in rows if row.counterparty_id == id_]


def refile(desk: Desk) -> None:
    """Files every row as the person's corrections say."""
    taxonomy = load_taxonomy()
    desk.refile(
        [
            Filing(
                essential=_ESSENTIAL[taxonomy.essential(str(rule.value["category"]))],
                category=str(rule.value["category"]),
                counterparty_id=rule.value.get("counterparty_id"),
                transaction_id=rule.value.get("transaction_id"),
                inflow=rule.value.get("inflow"),
            )
            for rule in desk.rules
            if rule.kind == CATEGORY and rule.value.get("category") in taxonomy
        ]
    )


def _way(category: str, rows: Sequence[Row]) -> dict[str, bool]:
    """A shop's refunds are no purchases: a spending category files money out alone."""
    flow = load_taxonomy().flow(category)
    if flow == "neutral" or len({row.minor > 0 for row in rows}) < 2:
        return {}
    return {"inflow": flow == "in"}


def row_title(desk: Desk, row: Row) -> str:
    """A row as it is named in a sentence: ``Asda, £12.30 on 3 October``."""
    form = format_of(desk)
    amount = form.money(abs(row.minor), row.currency)
    return f"{row_name(row.counterparty, row.description)}, {amount} on {form.day(row.booked)}"


def file_rows(desk: Desk, turn: Turn, category: str, rows: Sequence[Row]) -> Answer:
    """Files single rows, just these, and says what they were before."""
    rules = [
        Rule(
            turn.scope.turn_id if place == 0 else f"{turn.scope.turn_id}-{place}",
            CATEGORY,
            row_title(desk, row),
            {"category": _finer(row, category), "transaction_id": row.id},
            turn.scope.now,
        )
        for place, row in enumerate(rows)
    ]
    desk.teach(*rules)
    refile(desk)
    changed = _changed(desk, rows)
    name = category_name(category)
    if len(rows) == 1:
        was = _before(rows)
        first = f"Done: {row_title(desk, rows[0])}, is now {name}{was}."
        if not changed:
            stays = category_name(_finer(rows[0], category))
            first = f"Noted: {row_title(desk, rows[0])}, stays {stays}."
    else:
        sums = _sums(desk, rows)
        first = f"Done: {count(len(rows), 'row')}, {sums} in all, are now {name}{_before(rows)}."
    always = _always_button(category, rows) if changed else []
    return _told(turn, first, rows, rules, always)


def _finer(row: Row, category: str) -> str:
    """The category, or the part of it that the row has: a supermarket is right for "groceries"."""
    return row.category if row.category and within(row.category, category) else category


def file_always(desk: Desk, turn: Turn, category: str, counterparties: Sequence[str]) -> Answer:
    """Files every row of a merchant, the coming ones too, and says how many changed."""
    rows = [row for id_ in counterparties for row in of_counterparty(desk, id_)]
    names = and_list([merchant_name(desk, id_) for id_ in counterparties])
    if rows and all(within(row.category, category) for row in rows):
        return _right_already(turn, names, category, rows)
    rules = [
        Rule(
            turn.scope.turn_id if place == 0 else f"{turn.scope.turn_id}-{place}",
            CATEGORY,
            merchant_name(desk, id_),
            {
                "category": category,
                "counterparty_id": id_,
                **_way(category, of_counterparty(desk, id_)),
            },
            turn.scope.now,
        )
        for place, id_ in enumerate(counterparties)
    ]
    desk.teach(*rules)
    refile(desk)
    changed = _changed(desk, rows)
    verb = "is" if len(counterparties) == 1 else "are"
    first = f"Done: {names} {verb} {category_name(category)} from now on"
    if not rows:
        first = f"{first}; you have no payment there yet."
    elif changed:
        first = f"{first}. {count(len(changed), 'row')} changed{_before(changed)}."
    else:
        first = f"{first}. No row changed: what you said of single ones stays."
    return _told(turn, first, changed, rules, [])


def _right_already(turn: Turn, names: str, category: str, rows: Sequence[Row]) -> Answer:
    """Nothing to change: every row is in the category or in a part of it."""
    parts = {category_name(row.category or "") for row in rows} - {category_name(category)}
    part = f", as {and_list(sorted(parts)[:3])}" if parts else ""
    number = count(len(rows), "row")
    return Answer(
        f"{names} is under {category_name(category)} already{part} ({number}), so nothing changed.",
        transactions=[row.id for row in rows],
        memory={**(turn.previous or {}), "filed": [row.id for row in rows[:SPOKEN_OF]]},
    )


def _told(
    turn: Turn,
    first: str,
    rows: Sequence[Row],
    rules: Sequence[Rule],
    buttons: Sequence[Button],
) -> Answer:
    ids = [rule.id for rule in rules]
    filed = [row.id for row in rows[:SPOKEN_OF] if "transaction_id" in rules[0].value]
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + abs(row.minor)
    return Answer(
        fit(first, ["Say “undo” to take it back."]),
        figures=[Figure("filed", minor, currency) for currency, minor in sums.items()],
        counts=[("changed", len(rows))],
        transactions=[row.id for row in rows],
        buttons=[edit_button(UNDO, undo=ids), *buttons],
        memory={
            **(turn.previous or {}),
            "undo": ids,
            "filed": filed,
        },
    )


def _changed(desk: Desk, before: Sequence[Row]) -> list[Row]:
    """The rows, as they were, that are filed otherwise now."""
    after = {row.id: row.category for row in rows_of(desk, [row.id for row in before])}
    return [row for row in before if after.get(row.id) != row.category]


def _before(rows: Sequence[Row]) -> str:
    """What rows were filed under: `` (was Groceries)``."""
    named = Counter(category_name(row.category or "") for row in rows).most_common()
    if len(rows) == 1:
        return f" (was {named[0][0]})"
    shown = [f"{name} {number}" for name, number in named[:3]]
    return f" (before: {', '.join(shown)}{' and more' if len(named) > 3 else ''})"


def _sums(desk: Desk, rows: Sequence[Row]) -> str:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + abs(row.minor)
    return format_of(desk).sums(sums, desk.person.currency)


def _always_button(category: str, rows: Sequence[Row]) -> list[Button]:
    row = rows[0]
    if len(rows) > 1 or row.counterparty_id is None or within(row.category, "transfers"):
        return []
    title = f"Always for {row_name(row.counterparty, row.description)}"
    return [edit_button(title, file={"category": category, "counterparty": row.counterparty_id})]
