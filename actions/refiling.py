"""Which row a correction means, and what it should be: asked where it is not plain."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions import rulebook
from actions.answer import Answer
from actions.answers import last_query
from actions.confirming import confirm
from actions.corrections import edit_button, file_always, file_rows, rows_of
from actions.counting import below, within
from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.evidence import entries, format_of, merchant_name
from actions.followup import evidence_of
from actions.query import Period, Query
from actions.question import one_of
from actions.said import Said, understand
from actions.say import category_name, row_name
from actions.scope import Turn
from knowledge.category_words import categories_of
from knowledge.taxonomy import load_taxonomy
from ledger.queries import Row, Where

MONTH = timedelta(days=31)
MOST_ROWS = 50
"""More single rows than this are filed by their merchant, not one by one."""
SHOWN = 3
_NOT = re.compile(
    r"(?:\b(?:not|never|isnt|wasnt|aint|arent|werent|instead of|rather than|from|no)|n['’]t)"
    r"(?:\s+(?:a|an|the|under|in|as|for|be|it|my|really|actually))*\s*$"
)
_BLAMES = re.compile(
    r"^\W*(?:why|how come)\b|\b(?:you|florin|u|it|app)(?:['’]?(?:ve|s))? "
    r"(?:have |has |keep |got |just )*"
    r"(?:put|putting|filed|filing|got|counted|marked|listed|says?)\b"
    r"|\b(?:stop|quit|don['’]?t|do not) (?:put|fil|count|mark|list|call)\w*\b"
)
_ALWAYS = re.compile(
    r"\b(?:always|every|all|everything|whenever|from now(?: on)?|in future|going forward|each)\b"
)
_MANY = re.compile(r"\b(?:those|these|them|they|both|all|payments|ones|purchases|orders)\b")
_ONE = re.compile(
    r"\b(?:one|that|this|it|it['’]?s|that['’]?s|charge|payment|transaction|purchase|debit|last|"
    r"latest|was|were|wasn['’]?t|trip|bit|thing)\b"
)
_DECLARES = re.compile(
    r"^\W*(?:all|every\w*)\b[^?]+\b"
    r"(?:are|is|were|was|should be|counts? as|belongs? (?:in|to|under)) (?!what\b|how\b)[^?]+$"
)
_TAKEN_FOR = frozenset({"list_transactions", "refine_query", "spending_total", "set_budget"})
_LAST_OF_ALL = re.compile(
    r"\bmy (?:last|latest|most recent) (?:payment|transaction|purchase|charge|spend)\b"
)
_LATEST = re.compile(r"\b(?:last|latest|most recent)\b")
_SAYS = re.compile(r"\b(?:was|were|is|are|as|under|to|into|be|its|it['’]s|that['’]s|thats)\s+(.+)$")
_LEAD = re.compile(r"^(?:a|an|the|my|for|under|in|as|actually|really)\s+")


def declared(turn: Turn) -> Turn:
    """A message that says what all of something are is a correction, whatever NLU took it for."""
    text = str(turn.parse.get("text") or "").casefold()
    kinds = {one.get("entity") for one in turn.parse.get("entities") or []}
    if turn.intent not in _TAKEN_FOR or "category" not in kinds or not _DECLARES.search(text):
        return turn
    return turn.read_as("recategorize")


def recategorize(desk: Desk, turn: Turn) -> Answer:
    """Files what is meant as it is said to be.

    Raises:
        UnclearError: The row or the category is not plain; nothing was changed.
    """
    edit = turn.parse.get("edit")
    edit = edit if isinstance(edit, Mapping) else {}
    done = rulebook.edited(desk, turn, edit)
    if done is not None:
        return done
    if "confirm" in edit:
        return confirm(desk, turn, str(edit["confirm"]))
    if "file" in edit:
        return _tapped(desk, turn, edit["file"])
    said = understand(desk, _without_one(desk, turn.parse))
    new, old = _categories(turn, said.text)
    always: Sequence[str]
    if "ask" in edit:
        rows, always = rows_of(desk, [str(edit["ask"])]), ()
    else:
        rows, always = _subject(desk, turn, said, old)
    category = _one_category(new, rows, always)
    if always:
        return file_always(desk, turn, category, always)
    return file_rows(desk, turn, category, _meant(desk, said.text, category, rows))


def _without_one(desk: Desk, parse: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parse with "the uber one" as a payment to Uber, where they never paid an Uber One."""
    entities = []
    for entity in parse.get("entities") or []:
        value, resolved = str(entity.get("value") or ""), entity.get("resolved") or {}
        stranger = not desk.name_of(str(resolved.get("id") or ""))
        if entity.get("entity") == "merchant" and value.endswith(" one") and stranger:
            shorter = {"value": value.removesuffix(" one"), "resolved": None}
            entity = {**entity, **shorter}  # noqa: PLW2901  # the same entity, read anew
        entities.append(entity)
    return {**parse, "entities": entities}


def _meant(desk: Desk, text: str, category: str, rows: list[Row]) -> list[Row]:
    """Of the rows that fit those that are meant: one, unless the words speak of several.

    Raises:
        UnclearError: Several fit and one is meant, or far too many are.
    """
    rows = [row for row in rows if not within(row.category, category)] or rows
    if len(rows) > 1 and not _MANY.search(text):
        if not _LATEST.search(text):
            raise UnclearError(_which(rows), _row_buttons(desk, category, rows))
        return rows[:1]
    if len(rows) > MOST_ROWS:
        raise UnclearError(
            f"Those are {len(rows):,} rows. Name a merchant and I'll file all of its payments so."
        )
    return rows


def _tapped(desk: Desk, turn: Turn, body: Mapping[str, Any]) -> Answer:
    category = str(body.get("category"))
    rows = rows_of(desk, [str(id_) for id_ in body.get("transactions") or []])
    if category not in load_taxonomy() or not (rows or body.get("counterparty")):
        raise UnclearError("That button has gone stale. Please tell me again.")
    if body.get("counterparty"):
        return file_always(desk, turn, category, [str(body["counterparty"])])
    return file_rows(desk, turn, category, rows)


def _categories(turn: Turn, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What it should be, and what it should not: the ids of either, empty where nothing is said."""
    named = [
        (int(one["start"]) if isinstance(one.get("start"), int) else 0, _ids(one))
        for one in turn.parse.get("entities") or []
        if one.get("entity") == "category" and _ids(one)
    ]
    named.sort()
    old = [ids for start, ids in named if _NOT.search(text[:start])]
    new = [ids for start, ids in named if not _NOT.search(text[:start])]
    if new and _BLAMES.search(text):
        old, new = [*old, new[0]], new[1:]
    target = new[-1] if new else _by_words(text) if not old else ()
    return target, tuple(id_ for ids in old for id_ in ids)


def _ids(entity: Mapping[str, Any]) -> tuple[str, ...]:
    resolved = entity.get("resolved")
    ids = resolved.get("ids") if isinstance(resolved, Mapping) else None
    return tuple(id_ for id_ in ids or () if id_ in load_taxonomy())


def _by_words(text: str) -> tuple[str, ...]:
    """A category that no entity names, by the words at the end."""
    found = _SAYS.search(text)
    words = found[1].strip(" .!?") if found else ""
    for _ in range(3):
        ids = categories_of(words) or load_taxonomy().with_name(words)
        if ids:
            return ids
        words = _LEAD.sub("", words)
    return ()


def _one_category(ids: tuple[str, ...], rows: Sequence[Row], always: Sequence[str]) -> str:
    """The one category that is meant.

    Raises:
        UnclearError: None was said, or words that mean several.
    """
    taxonomy = load_taxonomy()
    other_way = {"in": "out", "out": "in"}["in" if rows and rows[0].minor > 0 else "out"]
    fitting = [id_ for id_ in ids if not rows or taxonomy.flow(id_) != other_way] or list(ids)
    if len(fitting) == 1:
        return fitting[0]
    subject: dict[str, object] = {"transactions": [row.id for row in rows]}
    if always:
        subject = {"counterparty": always[0]}
    if fitting:
        offered = fitting[:4] if len(rows) == 1 or always else []
        buttons = [_choice(id_, subject) for id_ in offered]
        names = " or ".join(category_name(id_) for id_ in fitting[:4])
        raise UnclearError(f"Which of them do you mean: {names}?", buttons, wants=("category",))
    raise UnclearError(
        "What shall I file it under? Name a category, such as groceries, eating out or work "
        "expenses.",
        wants=("category",),
    )


def _choice(id_: str, subject: Mapping[str, object]) -> Button:
    return edit_button(category_name(id_), file={"category": id_, **subject})


def _subject(
    desk: Desk, turn: Turn, said: Said, old: tuple[str, ...]
) -> tuple[list[Row], Sequence[str]]:
    """The rows that are meant, or the counterparties of which all are.

    Raises:
        UnclearError: Nothing says which, or there is none.
    """
    merchants = tuple(dict.fromkeys(id_ for ids in said.merchants for id_ in ids))
    narrowed = bool(said.periods or said.amounts)
    general = _ALWAYS.search(said.text) or not _ONE.search(said.text)
    if merchants and general and not narrowed:
        return [], _known(desk, merchants)
    shown = _newest(desk) if _LAST_OF_ALL.search(said.text) else _shown(desk, turn)
    if not (merchants or narrowed or said.accounts):
        if not shown:
            raise UnclearError(
                "Which payment do you mean? Tell me the merchant, the amount or the day.",
                wants=("merchant", "amount", "period"),
            )
        return _of_old(shown, old), ()
    found = _matching(desk, said, merchants)
    if not found:
        raise UnclearError(_none(desk, merchants))
    ids = {row.id for row in shown}
    return _of_old([row for row in found if row.id in ids] or found, old), ()


def _known(desk: Desk, merchants: tuple[str, ...]) -> tuple[str, ...]:
    """Of the counterparties that a name may mean those that the person has rows of."""
    return tuple(id_ for id_ in merchants if desk.name_of(id_)) or merchants[:1]


def _of_old(rows: list[Row], old: tuple[str, ...]) -> list[Row]:
    """The rows that are filed under what they should not be, where there are any."""
    wrong = below(old)
    return [row for row in rows if row.category in wrong] or rows


def _shown(desk: Desk, turn: Turn) -> list[Row]:
    """The rows that were just filed, or those that the last answer rested on."""
    filed = (turn.previous or {}).get("filed")
    if isinstance(filed, list) and filed:
        return rows_of(desk, [str(id_) for id_ in filed])
    last = last_query(turn)
    return [entry.row for entry in evidence_of(desk, last)] if last is not None else []


def _newest(desk: Desk) -> list[Row]:
    """The rows of the last month, newest first; without any all of them."""
    recent = desk.rows(Where(desk.tomorrow, start=desk.tomorrow - MONTH))
    return recent or desk.rows(Where(desk.tomorrow))


def _matching(desk: Desk, said: Said, merchants: tuple[str, ...]) -> list[Row]:
    query = Query(
        "list_transactions",
        (one_of(said.periods) if said.periods else None) or Period(),
        merchants,
        accounts=said.accounts,
        amount=said.amounts[0] if said.amounts else None,
    )
    found = [entry.row for entry in entries(desk, query)]
    if found or not said.amounts:
        return found
    return [entry.row for entry in entries(desk, replace(query, amount=None))]


def _none(desk: Desk, merchants: tuple[str, ...]) -> str:
    where = f" with {merchant_name(desk, merchants[0])}" if merchants else ""
    return f"I see no such payment{where}, so I changed nothing. When was it, or how much?"


def _which(rows: Sequence[Row]) -> str:
    names = {row_name(row.counterparty, row.description) for row in rows}
    name = f"{next(iter(names))} " if len(names) == 1 else ""
    return f"Which {name}payment do you mean? There are {len(rows):,}, the latest are below."


def _row_buttons(desk: Desk, category: str, rows: Sequence[Row]) -> list[Button]:
    form = format_of(desk)
    names = {row.counterparty_id for row in rows}
    buttons = []
    for row in rows[:SHOWN]:
        amount = form.money(abs(row.minor), row.currency)
        name = "" if len(names) == 1 else f"{row_name(row.counterparty, row.description)[:24]} · "
        title = f"{form.day(row.booked, short=True)} · {name}{amount}"
        buttons.append(edit_button(title, file={"category": category, "transactions": [row.id]}))
    id_ = rows[0].counterparty_id
    if len(names) == 1 and id_:
        title = f"Always for {row_name(rows[0].counterparty, rows[0].description)}"
        buttons.append(edit_button(title, file={"category": category, "counterparty": id_}))
    return buttons
