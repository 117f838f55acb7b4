"""Turns that change a plan: each is done once, however often it is delivered."""

import re
from dataclasses import replace

from actions import alerts, autosave, budgets, goals
from actions.answer import Answer
from actions.answers import last_query
from actions.autosave_said import is_overspend_rule
from actions.desk import Desk
from actions.query import Amount, Query
from actions.question import question
from actions.resume import bare_amount
from actions.said import understand
from actions.scope import Turn

_TAKES = re.compile(
    r"\b(?:take|took|taken|withdraw\w*|remove|removed|pull|pulled|use|used|spent)\b|\bout of\b"
)
_PUTS = re.compile(r"\b(?:put|add|added|chuck|stick|move|save|saved|contribute|into|towards)\b")

_REMINDS = re.compile(
    r"\bremind me\b|\bbefore(?: (?:it|that))?\b|\b(?:it|that) (?:is |comes )?due\b"
)
_OF_A_SUM = frozenset({"set_budget", "create_goal", "contribute_goal"})


def _of_that_bill(query: Query, turn: Turn, text: str) -> Query:
    """A reminder right after one bill was looked at is one of that bill."""
    last = last_query(turn)
    if last is None or last.measure != "bill_details" or not _REMINDS.search(text):
        return query
    return replace(query, merchants=last.merchants, categories=last.categories)


def change(desk: Desk, turn: Turn) -> Answer:
    """Does what the turn's intent says to the person's budgets, goals and autosave.

    Raises:
        UnclearError: A part is missing; nothing was changed.
    """
    said = understand(desk, turn.parse)
    query = question(said, desk.today)
    if query.amount is None and turn.intent in _OF_A_SUM:
        text, parts = str(turn.parse.get("text") or ""), turn.parse.get("entities") or []
        minor = bare_amount(text, parts, desk.person.currency)
        query = query if minor is None else replace(query, amount=Amount("eq", minor))
    goal = said.goal or goals.named_in(desk, said.text)
    edit = turn.parse.get("edit") or {}
    if turn.intent == "set_alert" and not (query.merchants or query.categories or query.amount):
        query = _of_that_bill(query, turn, said.text)
    saves = "autosave" in edit or is_overspend_rule(said.text)
    intent = "enable_autosave" if saves else turn.intent
    takes = bool(_TAKES.search(said.text)) and not _PUTS.search(said.text)
    return {
        "set_budget": lambda: budgets.set_budget(desk, query),
        "delete_budget": lambda: budgets.delete_budget(desk, query),
        "create_goal": lambda: goals.create(desk, query, said.goal or goals.title_in(said.text)),
        "contribute_goal": lambda: goals.contribute(
            desk, query, goal, takes=takes, instead=int(edit.get("instead") or 0)
        ),
        "delete_goal": lambda: goals.remove(desk, query, goal),
        "enable_autosave": lambda: autosave.enable(desk, said, query, edit),
        "set_alert": lambda: alerts.set_alert(desk, said, query, edit),
        "delete_alert": lambda: alerts.delete_alert(desk, said, query, edit),
        "disable_autosave": lambda: autosave.disable(desk, said, query, edit),
    }[intent]()
