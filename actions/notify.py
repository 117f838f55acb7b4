"""What a person is told unasked, and telling it: each fact once, in their own waking hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from actions import autosave, steps
from actions.alerts import alerts, described, stop_button
from actions.desk import Desk
from actions.digests import KINDS, WHY, digest
from actions.errors import Button
from actions.facts import Fact, facts
from actions.say import MAX_TEXT, and_list, fit
from ledger import notices, people
from ledger.clock import now_for
from ledger.database import reading, writing
from ledger.notices import NoticeSettings
from ledger.scope import TurnScope, UserScope

NAMELESS = "notice"
"""The turn and conversation of a look that answers nobody."""
_LEADS = {
    "recap": "",
    "bills": "Due soon: ",
    "unusual": "Unusual: ",
    "goal": "Well done, ",
}
_MORE = {
    "recap": steps.say("Where did it go?", "spending_breakdown"),
    "bills": steps.say("Safe to spend", "safe_to_spend"),
    "balance": steps.say("Upcoming bills", "upcoming_bills"),
    "goal": steps.say("My goals", "check_goals"),
}


class BusyError(Exception):
    """A turn is in flight in the person's conversation; they are told in a moment."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell.

    Attributes:
        keys: Of the facts that it tells.
        buttons: Title and payload.
    """

    text: str
    keys: tuple[str, ...]
    buttons: tuple[tuple[str, dict[str, Any]], ...]


def messages(desk: Desk, settings: NoticeSettings, *, daily: bool) -> list[Message]:
    """What a person is to be told that they were not told yet: one message for each alert.

    What comes unasked for comes in one message, where there is room for all of it.

    Args:
        desk: Their ledger as of now.
        settings: What they want to be told.
        daily: Whether the hour of the day's digests has come.
    """
    reasons = [
        (alert.kind, alert.id, f"You asked me to tell you when {described(desk, alert)}", found)
        for alert in alerts(desk)
        if (found := facts(desk, alert))
    ]
    kinds = [kind for kind in KINDS if daily and kind not in settings.stopped]
    reasons += [
        (kind, f"digest {kind}", WHY[kind], found)
        for kind in kinds
        if (found := digest(desk, kind))
    ]
    keys = {fact.key for *_, found in reasons for fact in found}
    told = set(notices.known(desk.connection, desk.scope, keys))
    made: list[tuple[str, str, str, Sequence[Fact]]] = []
    digests_: list[tuple[str, str, str, Sequence[Fact]]] = []
    for kind, id_, why, found in reasons:
        new = [fact for fact in found if fact.key not in told]
        told |= {fact.key for fact in new}
        if new:
            told_as = digests_ if id_.startswith("digest ") else made
            told_as.append((kind, id_, why, new))
    together = _together([(kind, new) for kind, _, _, new in digests_])
    alone = [_message(*one) for one in (made if together else [*made, *digests_])]
    return [*alone, together] if together else alone


def _together(found: Sequence[tuple[str, Sequence[Fact]]]) -> Message | None:
    """Several digests in one message; None where there is only one, or no room for all."""
    if len(found) < 2:
        return None
    kinds = [kind for kind, _ in found]
    tail = f"Your {and_list([KINDS[kind] for kind in kinds])}; “stop” asks which of them ends."
    room = MAX_TEXT - len(tail) - 1
    said = []
    for place, (kind, new) in enumerate(found):
        waiting = sum(_shortest(other, facts_) + 1 for other, facts_ in found[place + 1 :])
        part = _said(_LEADS.get(kind, ""), new, room - waiting)
        room -= len(part) + 1
        said.append(part)
    if room < 0 or any(part.endswith("…") for part in said):
        return None
    buttons = [stop_button(f"digest {' '.join(kinds)}")]
    buttons += [_pair(_MORE[kind]) for kind in kinds if kind in _MORE][:2]
    keys = tuple(fact.key for _, new in found for fact in new)
    return Message(" ".join([*said, tail]), keys, tuple(buttons))


def _shortest(kind: str, found: Sequence[Fact]) -> int:
    """The length of what is said at least: the first fact, and how many more there are."""
    more = f"; and {len(found) - 1} more" if len(found) > 1 else ""
    return len(f"{_LEADS.get(kind, '')}{found[0].text}{more}.")


def _message(kind: str, id_: str, why: str, found: Sequence[Fact]) -> Message:
    """The facts, why they are told and how to stop that, within the limit of a reply."""
    tail = f"{why}; “stop” ends it."
    if len(tail) > MAX_TEXT // 2:
        tail = "It's one of your alerts; “stop” ends it."
    more = _MORE.get(kind)
    said = _said(_LEADS.get(kind, ""), found, MAX_TEXT - len(tail) - 1)
    buttons = (stop_button(id_), *([_pair(more)] if more else []))
    return Message(f"{said} {tail}", tuple(fact.key for fact in found), buttons)


def _pair(button: Button) -> tuple[str, dict[str, Any]]:
    return button.title, button.payload


def _said(lead: str, found: Sequence[Fact], room: int) -> str:
    """As many facts as there is room for, and how many more there are."""
    for shown in range(len(found), 0, -1):
        text = "; ".join(fact.text for fact in found[:shown])
        more = f"; and {len(found) - shown} more" if shown < len(found) else ""
        whole = f"{lead}{text}{more}."
        whole = whole[:1].upper() + whole[1:]
        if len(whole) <= room:
            return whole
    return f"{fit(whole)[: room - 1]}…"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person: what is to be told, and what keeps it from being told now.

    Attributes:
        held: Why nothing is sent (``off``, ``quiet``, ``nowhere``, ``first``); empty where it is.
    """

    messages: Sequence[Message]
    held: str = ""


def look(desk: Desk, settings: NoticeSettings, hour: int) -> Look:
    """What a person is to be told now.

    Args:
        desk: Their ledger as of now.
        settings: What they want, and when.
        hour: The hour of the day's digests where they chose none.
    """
    zone = ZoneInfo(settings.timezone or desk.person.timezone)
    local = desk.turn.now.astimezone(zone).hour
    daily = local >= (hour if settings.hour is None else settings.hour)
    if settings.off:
        return Look([], "off")
    found = messages(desk, settings, daily=daily or not settings.begun)
    if not settings.begun:
        return Look(found, "first")
    if settings.is_quiet(local):
        return Look(found, "quiet")
    if notices.thread(desk.connection, desk.scope) is None:
        return Look(found, "nowhere")
    return Look(found)


def desk_at(connection: Connection, scope: UserScope, at: datetime, now: datetime | None) -> Desk:
    """A person's ledger as of their now; ``now`` overrides a demo person's clock."""
    person = people.get_person(connection, scope.person_id)
    when = now or now_for(person, at)
    return Desk(connection, TurnScope(scope.person_id, NAMELESS, NAMELESS, when))


def tell(
    engine: Engine, scope: UserScope, at: datetime, hour: int, now: datetime | None = None
) -> Look:
    """Puts aside what autosave is triggered by, and queues what the person is to be told.

    At the first look at a person what there is to tell is noted and not sent: it is no news.

    Args:
        engine: The ledger's database.
        scope: Whose.
        at: The real time.
        hour: The local hour of the day's digests where they chose none.
        now: The time that it is for them; by the clock unless given.

    Raises:
        BusyError: They are being answered; nothing was queued. Try again in a moment.
    """
    with reading(engine) as connection:
        desk = desk_at(connection, scope, at, now)
        chosen = notices.settings(connection, scope)
        found = look(desk, chosen, hour)
        waits = found.messages and found.held in {"", "first"}
        if not waits and chosen.begun and not autosave.planned(desk):
            return found
    with writing(engine) as connection:
        desk = desk_at(connection, scope, at, now)
        autosave.run(desk)
        chosen = notices.settings(connection, scope)
        found = look(desk, chosen, hour)
        if found.held == "first":
            keys = [key for message in found.messages for key in message.keys]
            notices.note(connection, scope, keys, desk.today)
            notices.save_settings(connection, scope, replace(chosen, begun=True))
        elif not found.held:
            _queue(desk, found.messages, at)
        return found


def _queue(desk: Desk, found: Sequence[Message], at: datetime) -> None:
    """Queue messages where the person spoke last, each with its facts noted as told."""
    conversation = notices.thread(desk.connection, desk.scope)
    for message in found:
        fresh = notices.note(desk.connection, desk.scope, message.keys, desk.today)
        if conversation is None or not fresh:
            continue
        sent = notices.send(desk.connection, conversation, message.text, message.buttons, at)
        if sent is None:
            raise BusyError
