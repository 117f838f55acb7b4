"""Handing a chat over to a person of support: a case that its person can see and withdraw."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.answer import Answer
from actions.desk import Desk
from actions.errors import Button
from actions.evidence import format_of
from actions.say import MAX_TEXT, count, fit
from actions.scope import Turn
from ledger import cases
from ledger.cases import Case
from ledger.conversations import stored_turns
from ledger.inbox import last_received

HANDED_OVER = 20
"""Turns of the chat, the newest: enough to see what went wrong."""
_WITHDRAWS = re.compile(
    r"\b(?:withdraw|cancel|close|take back|drop|stop)\b|\bnever ?mind\b|\bdon'?t need\b"
)
_SHOWS = re.compile(r"\b(?:what (?:do|does|can|will|would) (?:they|he|she|it)|show|transcript)\b")
_OWN_CASE = re.compile(r"\b(?:my|the|that) case\b")
_LINE = 110


def human_handoff(desk: Desk, turn: Turn) -> Answer:
    """Open a case with this chat, show what was handed over, or withdraw it."""
    edit = turn.parse.get("edit") or {}
    text = str(turn.parse.get("text") or "").casefold()
    known = cases.open_case(desk.connection, desk.scope)
    if known is None:
        if edit.get("case") or _WITHDRAWS.search(text) or _OWN_CASE.search(text):
            return Answer("You have no open case, so nobody is looking at your chat.")
        return _open(desk, turn)
    if edit.get("case") == "withdraw" or (not edit and _WITHDRAWS.search(text)):
        return _withdraw(desk, known)
    if edit.get("case") == "show" or _SHOWS.search(text):
        return _shown(known, int(edit.get("before") or len(known.transcript)))
    opened = format_of(desk).day(_day(desk, known.opened_at))
    return Answer(
        f"Your case {known.id} is open since {opened}. {_duty(desk)}",
        buttons=_buttons(),
        plan={"kind": "case"},
    )


def _open(desk: Desk, turn: Turn) -> Answer:
    transcript = _transcript(desk, turn)
    case = Case(
        f"C-{desk.turn.turn_id.rpartition('-')[2]}",
        desk.scope.person_id,
        desk.turn.conversation_id,
        "open",
        _at(desk),
        None,
        transcript,
    )
    cases.add(desk.connection, case)
    return Answer(
        fit(
            f"Done: case {case.id} is open for whoever runs this Florin, with the last "
            f"{count(len(transcript), 'message')} of this chat and nothing else of yours.",
            [_duty(desk), "You can look at it and take it back at any time."],
        ),
        buttons=_buttons(),
        plan={"kind": "case"},
    )


def _duty(desk: Desk) -> str:
    until = cases.on_duty_until(desk.connection, _at(desk))
    if until is None:
        return "Nobody is on duty right now, and I can't say when somebody will look."
    hour = until.astimezone(ZoneInfo(desk.person.timezone)).strftime("%H:%M")
    return f"Somebody is on duty until {hour}; the answer comes in this chat."


def _at(desk: Desk) -> datetime:
    """The real time, which a demo person's own is not: people of support live in it."""
    conversation = desk.turn.conversation_id
    return last_received(desk.connection, desk.scope, conversation) or desk.turn.now


def _day(desk: Desk, at: datetime) -> date:
    return at.astimezone(ZoneInfo(desk.person.timezone)).date()


def _buttons() -> list[Button]:
    show = {"intent": "human_handoff", "entities": [], "edit": {"case": "show"}}
    withdraw = {"intent": "human_handoff", "entities": [], "edit": {"case": "withdraw"}}
    return [Button("What they see", show), Button("Withdraw it", withdraw)]


def _transcript(desk: Desk, turn: Turn) -> list[dict[str, Any]]:
    """The last turns of this chat and the message that asks for a person."""
    chat, newest = desk.turn.conversation_id, HANDED_OVER - 1
    before = stored_turns(desk.connection, desk.scope, chat, newest)
    said = [
        {
            "at": one.message.received_at.isoformat(),
            "said": str(one.answer.get("text") or ""),
            "replied": str(one.answer.get("reply") or ""),
        }
        for one in before
    ]
    now = {"at": _at(desk).isoformat(), "said": str(turn.parse.get("text") or "")}
    return [*said, {**now, "replied": ""}]


def _withdraw(desk: Desk, case: Case) -> Answer:
    cases.end(desk.connection, desk.scope, case.id, "withdrawn", _at(desk))
    return Answer(
        f"Withdrawn: case {case.id} is closed and its copy of the chat is deleted. Say “I want to "
        "talk to a person” to open a new one."
    )


def _shown(case: Case, before: int) -> Answer:
    """A page of what was handed over, the newest first; the button goes further back."""
    lines: list[str] = []
    first = f"In case {case.id}, the newest first:" if before >= len(case.transcript) else "Before:"
    left = before
    for turn in reversed(case.transcript[:before]):
        trial = [*lines, *_lines(turn)]
        if len("\n".join([first, *trial])) > MAX_TEXT:
            break
        lines, left = trial, left - 1
    if not left:
        return Answer("\n".join([first, *lines]), buttons=[_buttons()[1]])
    edit = {"case": "show", "before": left}
    older = Button("Earlier", {"intent": "human_handoff", "entities": [], "edit": edit})
    return Answer("\n".join([first, *lines]), buttons=[older, _buttons()[1]])


def _lines(turn: Mapping[str, Any]) -> Sequence[str]:
    said = [f"You: {_cut(turn['said'])}"]
    return [*said, f"Florin: {_cut(turn['replied'])}"] if turn["replied"] else said


def _cut(text: str) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= _LINE else f"{whole[: _LINE - 1]}…"
