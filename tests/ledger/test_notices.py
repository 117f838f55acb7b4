"""Autosave, alerts and notices keep what they are given, on both databases; a fact is told once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ledger import alerts, autosave, inbox, notices, people, tables
from ledger.alerts import Alert
from ledger.autosave import Move, Rule
from ledger.crypto import new_id
from ledger.database import reading, writing
from ledger.notices import NoticeSettings
from ledger.scope import UserScope
from ledger.types import Person

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
DAY = AT.date()


@pytest.fixture
def scope(engine: Engine) -> UserScope:
    """A new person."""
    id_ = new_id("person")
    with writing(engine) as connection:
        person = Person(id_, "Ann", "GB", "GBP", "GB", "Europe/London")
        people.create_person(connection, person, AT)
    return UserScope(id_)


def chat(engine: Engine, scope: UserScope, name: str, at: datetime = AT) -> str:
    with writing(engine) as connection:
        account = f"{scope.person_id}-{name}"
        people.link_account(connection, scope, "web", account, at)
        id_ = f"web:{scope.person_id}:{account}"
        return people.open_conversation(connection, scope, "web", at, id_).id


def test_rules_moves_and_alerts_come_back_as_they_went_in(engine: Engine, scope: UserScope) -> None:
    rule = Rule("over", "overspend", "GBP", DAY, AT, minor=500, categories=("a",), cap=900)
    alert = Alert("spent", "spent", "GBP", AT, merchants=("m",), op="gt", minor=3000, unit="month")
    move = Move("over", "over 2026-11", 500, "GBP", None, DAY)
    with writing(engine) as connection:
        autosave.save_rule(connection, scope, replace(rule, minor=400))
        autosave.save_rule(connection, scope, rule)
        for _ in range(2):
            autosave.add_moves(connection, scope, [move])
            alerts.save_alert(connection, scope, alert)
    with reading(engine) as connection:
        assert autosave.rules(connection, scope) == [rule]
        assert autosave.moves(connection, scope) == [move]
        assert alerts.alerts(connection, scope) == [alert]
        assert scope in autosave.savers(connection)
    with writing(engine) as connection:
        autosave.set_state(connection, scope, ["over"], autosave.OFF, DAY)
        alerts.delete_alerts(connection, scope, ["spent"])
    with reading(engine) as connection:
        assert scope not in autosave.savers(connection)
        assert alerts.alerts(connection, scope) == []


def test_settings_are_the_defaults_until_they_are_chosen(engine: Engine, scope: UserScope) -> None:
    with reading(engine) as connection:
        assert notices.settings(connection, scope) == NoticeSettings()
    chosen = NoticeSettings(True, ("recap",), 7, 23, 6, "Asia/Tokyo", True)
    with writing(engine) as connection:
        notices.save_settings(connection, scope, NoticeSettings())
        notices.save_settings(connection, scope, chosen)
    with reading(engine) as connection:
        assert notices.settings(connection, scope) == chosen


@given(first=st.integers(0, 23), end=st.integers(0, 23))
def test_quiet_hours_are_those_from_the_first_to_before_the_end(first: int, end: int) -> None:
    settings = NoticeSettings(quiet_from=first, quiet_until=end)
    quiet = [hour for hour in range(24) if settings.is_quiet(hour)]
    assert sorted(quiet) == sorted((first + n) % 24 for n in range((end - first) % 24))


def test_of_many_that_note_a_fact_at_once_one_was_the_first(
    engine: Engine, scope: UserScope
) -> None:
    def note(_: int) -> frozenset[str]:
        with writing(engine) as connection:
            return notices.note(connection, scope, ["row:1", "row:2"], DAY)

    with ThreadPoolExecutor(4) as pool:
        first = [keys for keys in pool.map(note, range(4)) if keys]
    assert first == [frozenset({"row:1", "row:2"})]
    with reading(engine) as connection:
        assert notices.known(connection, scope, ["row:2", "row:3"]) == {"row:2"}
        assert notices.known(connection, UserScope("nobody"), ["row:2"]) == set()


def test_it_is_said_where_the_person_spoke_last(engine: Engine, scope: UserScope) -> None:
    with reading(engine) as connection:
        assert notices.thread(connection, scope) is None
    old, new = chat(engine, scope, "old"), chat(engine, scope, "new", AT + timedelta(hours=1))
    with reading(engine) as connection:
        assert notices.thread(connection, scope) == new
    key = new_id("update")
    spoken = inbox.Message(old, "web", key, "text", "hi", AT, AT + timedelta(hours=2))
    with writing(engine) as connection:
        inbox.accept(connection, spoken)
        assert notices.thread(connection, scope) == old
        assert scope in notices.reachable(connection)


def test_nothing_is_said_where_the_person_has_logged_out(engine: Engine, scope: UserScope) -> None:
    old, new = chat(engine, scope, "old"), chat(engine, scope, "new", AT + timedelta(hours=1))
    other = UserScope(new_id("person"))
    with writing(engine) as connection:
        account = new.rpartition(":")[2]
        person = Person(other.person_id, "Bob", "GB", "GBP", "GB", "Europe/London")
        people.create_person(connection, person, AT)
        people.link_account(connection, other, "web", account, AT)
        assert notices.thread(connection, scope) == old
        people.unlink_account(connection, scope, "web", old.rpartition(":")[2], AT)
        assert notices.thread(connection, scope) is None
        assert scope not in notices.reachable(connection)


def test_a_message_waits_for_the_turn_that_is_in_flight(engine: Engine, scope: UserScope) -> None:
    where = chat(engine, scope, "chat")
    with writing(engine) as connection:
        inbox.lease(connection, where, "gateway", AT, AT + timedelta(seconds=20))
        assert notices.send(connection, where, "Hello.", [], AT) is None
        later = AT + timedelta(seconds=21)
        turn = notices.send(connection, where, "Hello.", [("Stop", {"edit": 1})], later)
    with reading(engine) as connection:
        sent = connection.execute(
            select(tables.outbox).where(tables.outbox.c.conversation_id == where)
        ).all()
        leases = connection.execute(
            select(tables.leases).where(tables.leases.c.conversation_id == where)
        ).all()
    assert [(row.turn_id, row.payload["reply"], row.state) for row in sent] == [
        (turn, "Hello.", "waiting")
    ]
    assert leases == []


def test_what_was_put_to_a_goal_goes_with_it(engine: Engine, scope: UserScope) -> None:
    rule = Rule("fixed:tokyo", "fixed", "GBP", DAY, AT, "week", 500, goal_id="tokyo")
    with writing(engine) as connection:
        autosave.save_rule(connection, scope, rule)
        move = Move(rule.id, "week 2026-11-16", 500, "GBP", "tokyo", date(2026, 11, 16))
        autosave.add_moves(connection, scope, [move])
        autosave.forget_goals(connection, scope, ["tokyo"])
        assert autosave.moves(connection, scope) == [replace(move, minor=0, goal_id=None)]
        assert autosave.rules(connection, scope)[0].goal_id is None
