"""Inbox, leases, turns, buttons and outbox, on each database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ledger import conversations, inbox, outbox, people, uploads
from ledger.conversations import Button, Turn
from ledger.crypto import new_id
from ledger.database import reading, writing
from ledger.errors import LeaseLostError, UnknownUploadError
from ledger.inbox import Claimed, Message
from ledger.scope import UserScope
from ledger.types import Person
from ledger.uploads import Upload

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
SOON = AT + timedelta(seconds=6)
MAYA, JORDAN = UserScope("maya"), UserScope("jordan")


@pytest.fixture
def conversation(engine: Engine) -> str:
    """A fresh conversation of maya."""
    with writing(engine) as connection:
        for name in ("maya", "jordan"):
            person = Person(name, name, "GB", "GBP", "GB", "Europe/London")
            people.create_person(connection, person, AT)
        return people.open_conversation(connection, MAYA, "web", AT).id


def say(engine: Engine, conversation: str, text: str, key: str | None = None) -> tuple[int, bool]:
    message = Message(conversation, "web", key or new_id("key"), "text", text, AT, AT)
    with writing(engine) as connection:
        return inbox.accept(connection, message)


def claim(
    engine: Engine, holder: str = "a", at: datetime = AT, busy: Sequence[str] = ()
) -> Claimed | None:
    with writing(engine) as connection:
        found = inbox.claim(connection, holder, busy, at, at + timedelta(seconds=6))
    return found[0] if found else None


def answer(
    engine: Engine,
    claimed: Claimed,
    holder: str = "a",
    memory: dict[str, Any] | None = None,
    buttons: Sequence[Button] = (),
) -> str:
    turn = Turn(
        id=new_id("turn"),
        inbox_id=claimed.id,
        conversation_id=claimed.message.conversation_id,
        started_at=AT,
        done_at=AT,
        answer={"reply": f"re: {claimed.message.body}"},
        memory=memory,
        trace={},
        buttons=buttons,
        outgoing={"reply": f"re: {claimed.message.body}"},
    )
    with writing(engine) as connection:
        conversations.finish(connection, holder, turn)
    return turn.id


def must(claimed: Claimed | None) -> Claimed:
    assert claimed is not None
    return claimed


def test_the_same_key_is_the_same_message(engine: Engine, conversation: str) -> None:
    first = say(engine, conversation, "hi", "same")
    again = say(engine, conversation, "hi", "same")
    assert (first[1], again) == (True, (first[0], False))
    answer(engine, must(claim(engine)))
    assert claim(engine) is None


def test_one_message_of_a_conversation_is_claimed_at_a_time_in_order(
    engine: Engine, conversation: str
) -> None:
    for text in ("one", "two"):
        say(engine, conversation, text)
    first = must(claim(engine, "a"))
    assert (first.message.body, first.person_id, first.attempts) == ("one", "maya", 1)
    assert claim(engine, "b") is None
    answer(engine, first)
    second = must(claim(engine, "b"))
    assert second.message.body == "two"
    answer(engine, second, "b")


def test_several_conversations_are_claimed_at_once_each_with_its_oldest_message(
    engine: Engine, conversation: str
) -> None:
    with writing(engine) as connection:
        other = people.open_conversation(connection, JORDAN, "web", AT).id
    for where, text in ((conversation, "one"), (conversation, "two"), (other, "three")):
        say(engine, where, text)
    with writing(engine) as connection:
        found = inbox.claim(connection, "a", [], AT, SOON, most=10)
    assert [(one.person_id, one.message.body) for one in found] == [
        ("maya", "one"),
        ("jordan", "three"),
    ]
    for claimed in found:
        answer(engine, claimed)
    answer(engine, must(claim(engine)))


def test_a_lease_that_runs_out_is_taken_over_and_the_old_holder_keeps_nothing(
    engine: Engine, conversation: str
) -> None:
    say(engine, conversation, "hi")
    old = must(claim(engine, "a"))
    assert claim(engine, "b", SOON - timedelta(seconds=1)) is None
    new = must(claim(engine, "b", SOON))
    assert (new.id, new.attempts) == (old.id, 2)
    with pytest.raises(LeaseLostError):
        answer(engine, old, "a")
    answer(engine, new, "b")
    with reading(engine) as connection:
        assert len(conversations.stored_turns(connection, MAYA, conversation)) == 1
        assert conversations.answer_of(connection, MAYA, old.id) == {"reply": "re: hi"}


def test_a_renewed_lease_holds(engine: Engine, conversation: str) -> None:
    say(engine, conversation, "hi")
    held = must(claim(engine, "a"))
    with writing(engine) as connection:
        inbox.renew(connection, "a", [conversation], SOON + timedelta(seconds=6))
    assert claim(engine, "b", SOON) is None
    answer(engine, held)


def test_what_a_holder_works_on_it_does_not_claim_again(engine: Engine, conversation: str) -> None:
    say(engine, conversation, "hi")
    held = must(claim(engine, "a"))
    assert claim(engine, "a", SOON, [conversation]) is None
    answer(engine, held)


def test_memory_is_the_last_that_was_handed_on(engine: Engine, conversation: str) -> None:
    for text, memory in (("one", {"n": 1}), ("two", None)):
        say(engine, conversation, text)
        answer(engine, must(claim(engine)), memory=memory)
    with reading(engine) as connection:
        assert conversations.last_memory(connection, MAYA, conversation) == {"n": 1}


def test_a_button_belongs_to_its_conversation_and_its_turn(
    engine: Engine, conversation: str
) -> None:
    token = new_id("token")
    say(engine, conversation, "hi")
    why = Button(token, "Why?", {"intent": "show_more"})
    turn_id = answer(engine, must(claim(engine)), memory={"n": 1}, buttons=[why])
    with reading(engine) as connection:
        tapped = conversations.find_button(connection, MAYA, conversation, token)
        assert tapped == conversations.find_titled(connection, MAYA, conversation, " why? ")
        assert conversations.find_button(connection, MAYA, "another", token) is None
        assert conversations.find_titled(connection, MAYA, conversation, "why") is None
    assert tapped is not None
    assert (tapped.turn_id, tapped.memory) == (turn_id, {"n": 1})
    say(engine, conversation, "else")
    answer(engine, must(claim(engine)))
    with reading(engine) as connection:
        assert conversations.find_titled(connection, MAYA, conversation, "Why?") is None


def test_messages_go_out_in_order_and_wait_for_one_another(
    engine: Engine, conversation: str
) -> None:
    channel = new_id("channel")
    with writing(engine) as connection:
        conversation = people.open_conversation(connection, MAYA, channel, AT).id
    for text in ("one", "two"):
        say(engine, conversation, text)
        answer(engine, must(claim(engine)))
    with writing(engine) as connection:
        first = outbox.take(connection, channel, AT, SOON)
        assert first is not None
        assert (first.payload, first.seq, first.attempts) == ({"reply": "re: one"}, 1, 1)
        assert outbox.take(connection, channel, AT, SOON) is None
        assert outbox.take(connection, "telegram", AT, SOON) is None
        outbox.postpone(connection, first.id, SOON)
        assert outbox.take(connection, channel, AT, SOON) is None
        again = outbox.take(connection, channel, SOON, SOON)
        assert again is not None
        assert (again.id, again.attempts) == (first.id, 2)
        outbox.mark_sent(connection, conversation, again.seq, AT)
        second = outbox.take(connection, channel, AT, SOON)
        assert second is not None
        assert second.seq == 2
        outbox.mark_failed(connection, second.id)
        assert outbox.take(connection, channel, SOON, SOON) is None


def test_nobody_reads_another_persons_conversation(engine: Engine, conversation: str) -> None:
    say(engine, conversation, "one")
    first, why = must(claim(engine)), Button(new_id("token"), "Why?", {"intent": "show_more"})
    turn_id = answer(engine, first, memory={"n": 1}, buttons=[why])
    say(engine, conversation, "two")
    with reading(engine) as connection:
        assert [one.seq for one in outbox.after(connection, MAYA, conversation, 0)] == [1]
        assert outbox.after(connection, JORDAN, conversation, 0) == []
        assert outbox.newest(connection, JORDAN, conversation, 10) == []
        assert len(inbox.waiting_messages(connection, MAYA, conversation)) == 1
        assert inbox.waiting_messages(connection, JORDAN, conversation) == []
        assert len(conversations.stored_turns(connection, MAYA, conversation)) == 1
        assert conversations.stored_turns(connection, JORDAN, conversation) == []
        assert conversations.stored_turns(connection, JORDAN, turn_id) == []
        assert conversations.last_memory(connection, MAYA, conversation) == {"n": 1}
        assert conversations.last_memory(connection, JORDAN, conversation) is None
        assert conversations.answer_of(connection, MAYA, first.id) == {"reply": "re: one"}
        assert conversations.answer_of(connection, JORDAN, first.id) is None
        assert conversations.find_button(connection, MAYA, conversation, why.token) is not None
        assert conversations.find_button(connection, JORDAN, conversation, why.token) is None
        assert conversations.find_titled(connection, MAYA, conversation, "Why?") is not None
        assert conversations.find_titled(connection, JORDAN, conversation, "Why?") is None
    answer(engine, must(claim(engine)))


def test_uploads_are_their_owners_and_abandoned_ones_are_told_once(
    engine: Engine, conversation: str
) -> None:
    upload = Upload(new_id("upload"), "maya", conversation, "bank.csv", "hash", 7, "stored", AT)
    with writing(engine) as connection:
        uploads.add(connection, upload)
        assert uploads.get(connection, MAYA, upload.id) == upload
        with pytest.raises(UnknownUploadError):
            uploads.get(connection, JORDAN, upload.id)
        assert uploads.abandoned(connection, SOON) == []
        uploads.set_state(connection, JORDAN, upload.id, "late")
        assert uploads.abandoned(connection, SOON) == []
        uploads.set_state(connection, MAYA, upload.id, "late")
        assert uploads.abandoned(connection, AT) == []
        assert [one.id for one in uploads.abandoned(connection, SOON)] == [upload.id]
        assert uploads.abandoned(connection, SOON) == []
