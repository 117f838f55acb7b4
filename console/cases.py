"""Cases that people opened: listed, read, closed with an answer into their chat."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from bot import answer
from bot.answer import Reply
from console.errors import CaseEndedError, NoCaseError
from ledger import cases, outbox
from ledger.cases import Case
from ledger.scope import UserScope
from ledger.support import find_case

SAYS = "From the people who run Florin: "


def read_case(connection: Connection, case_id: str) -> Case:
    """A case with what was handed over.

    Raises:
        NoCaseError: There is none of this id.
    """
    case = find_case(connection, case_id)
    if case is None:
        raise NoCaseError(case_id)
    return case


def lines(case: Case) -> Iterator[str]:
    """A case as text: whose it is and what was said, the oldest first."""
    yield f"{case.id}  {case.state}  {case.person_id}  opened {case.opened_at:%Y-%m-%d %H:%M} UTC"
    for turn in case.transcript:
        yield f"  {str(turn['at'])[:16].replace('T', ' ')}  person: {turn['said']}"
        if turn["replied"]:
            yield f"{'':20}Florin: {turn['replied']}"


def close(connection: Connection, case_id: str, says: str | None, at: datetime) -> Case:
    """Close an open case; what support says is queued for the person's chat.

    Args:
        connection: A write transaction.
        case_id: Which.
        says: The answer to the person, if one.
        at: The real time.

    Raises:
        NoCaseError: There is none of this id.
        CaseEndedError: It was withdrawn or closed before; nothing is sent.
    """
    case = read_case(connection, case_id)
    if not cases.end(connection, UserScope(case.person_id), case.id, "closed", at):
        raise CaseEndedError(case.id, case.state)
    if says:
        message = answer.sendable(Reply(SAYS + says), [], None)
        outbox.add(connection, case.conversation_id, None, message, at)
    return case
