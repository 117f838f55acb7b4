"""A person's data as a file: everything, or the rows of a question. The channel hands it out."""

import re
from dataclasses import replace

from actions.answer import Answer
from actions.answers import last_query
from actions.desk import Desk
from actions.errors import UnclearError
from actions.evidence import coverage
from actions.followup import evidence_of
from actions.query import Period, Query
from actions.question import question
from actions.said import understand
from actions.say import count, fit
from actions.scope import Turn

_THAT = re.compile(
    r"\b(?:that|this|these|those|it|them|the (?:last )?(?:answer|list|result|rows))\b"
    r"(?! (?:month|week|year|quarter|tax|financial|card|account))"
)
_FROM = re.compile(r"\b(?:at|from|with|to)\b")
_WHOLE = re.compile(r"\b(?:all|everything|every|whole|full|complete|entire)\b")
FILES = "one archive with CSV, JSON and OFX inside"


def export(desk: Desk, turn: Turn) -> Answer:
    """Offers the file that is asked for; it is made when it is fetched.

    Raises:
        UnclearError: "That" means nothing yet, or no row matches.
    """
    said = understand(desk, turn.parse)
    known = tuple(ids for ids in said.merchants if any(desk.name_of(id_) for id_ in ids))
    if said.merchants and not known and not _FROM.search(said.text):
        said = replace(said, merchants=())  # "for my accountant" is who it is for
    narrowed = said.periods or said.merchants or said.categories or said.accounts or said.amounts
    last = last_query(turn)
    if narrowed:
        asked = replace(said, intent="list_transactions")
        return _rows(desk, replace(question(asked, desk.today), limit=said.number))
    if _THAT.search(said.text) and not _WHOLE.search(said.text):
        if last is None:
            raise UnclearError(
                "There is no answer before this to export. Say “export my data” for everything, or "
                "“export my tesco payments from march”."
            )
        return _rows(desk, last)
    return everything(desk)


def everything(desk: Desk) -> Answer:
    """The whole of what is kept of a person, as a file."""
    rows, accounts = desk.kept()
    first = (
        f"Here is everything I keep of you: {count(rows, 'transaction')} in "
        f"{count(accounts, 'account')}, what you taught me, budgets, goals and our "
        f"conversations, as {FILES}."
    )
    return Answer(
        first,
        counts=[("transactions", rows)],
        document={"name": _name(desk, "data"), "query": None},
    )


def _rows(desk: Desk, query: Query) -> Answer:
    query = query if query.period is not None else replace(query, period=Period())
    ids = rows_of(desk, query)
    if not ids:
        raise UnclearError(f"There is no transaction {coverage(desk, query)}, so no file was made.")
    are = "is" if len(ids) == 1 else "are"
    first = f"Here {are} {count(len(ids), 'transaction')} {coverage(desk, query)}, as {FILES}."
    return Answer(
        fit(first),
        query,
        counts=[("transactions", len(ids))],
        transactions=ids,
        document={"name": _name(desk, "transactions"), "query": query.to_json()},
        memory={"intent": query.measure, "query": query.to_json()},
    )


def rows_of(desk: Desk, query: Query) -> list[str]:
    """The ids of the rows that the answer to a question rests on, newest first."""
    return [entry.row.id for entry in evidence_of(desk, query)]


def _name(desk: Desk, what: str) -> str:
    return f"florin-{what}-{desk.today.isoformat()}.zip"
