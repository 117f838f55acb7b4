"""People, link codes, channel accounts and conversations."""

import secrets
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from ledger import people, tables
from ledger.clock import now_for
from ledger.database import reading, writing
from ledger.errors import LinkError, UnknownConversationError, UnknownPersonError
from ledger.scope import UserScope
from ledger.types import Person

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def person(engine: Engine) -> Person:
    made = Person(f"p-{secrets.token_hex(4)}", "Maya", "GB", "GBP", "GB", "Europe/London")
    with writing(engine) as connection:
        people.create_person(connection, made, NOW)
    return made


def test_a_person_is_made_once(engine: Engine, person: Person) -> None:
    with writing(engine) as connection:
        assert not people.create_person(connection, person, NOW)
        assert people.get_person(connection, person.id) == person
        assert person in people.list_people(connection)
        with pytest.raises(UnknownPersonError):
            people.get_person(connection, "nobody")


def test_a_code_links_once_on_its_channel_and_in_time(engine: Engine, person: Person) -> None:
    chat = secrets.token_hex(4)
    with writing(engine) as connection:
        code = people.issue_code(connection, UserScope(person.id), "telegram", NOW)
    for channel, at in (("web", NOW), ("telegram", NOW + timedelta(hours=1))):
        with writing(engine) as connection, pytest.raises(LinkError):
            people.redeem_code(connection, channel, code, chat, at)
        with reading(engine) as connection, pytest.raises(LinkError):
            people.person_behind(connection, channel, code, at)
    with reading(engine) as connection:
        assert people.person_behind(connection, "telegram", code, NOW) == person
    with writing(engine) as connection:
        assert people.redeem_code(connection, "telegram", code, chat, NOW) == person
        assert people.person_of(connection, "telegram", chat) == person
    with writing(engine) as connection, pytest.raises(LinkError):
        people.redeem_code(connection, "telegram", code, "another", NOW)
    with reading(engine) as connection, pytest.raises(LinkError):
        people.person_behind(connection, "telegram", code, NOW)


def test_only_the_hash_of_a_code_is_kept(engine: Engine, person: Person) -> None:
    with writing(engine) as connection:
        code = people.issue_code(connection, UserScope(person.id), "web", NOW)
        for table in (tables.link_codes, tables.audit):
            assert all(code not in str(row) for row in connection.execute(select(table)))


def test_unlinking_needs_the_owner(engine: Engine, person: Person) -> None:
    chat = secrets.token_hex(4)
    with writing(engine) as connection:
        people.link_account(connection, UserScope(person.id), "telegram", chat, NOW)
        assert not people.unlink_account(connection, UserScope("another"), "telegram", chat, NOW)
        assert people.unlink_account(connection, UserScope(person.id), "telegram", chat, NOW)
        assert people.person_of(connection, "telegram", chat) is None


def test_a_conversation_belongs_to_one_person(engine: Engine, person: Person) -> None:
    scope, id_ = UserScope(person.id), secrets.token_hex(4)
    with writing(engine) as connection:
        made = people.open_conversation(connection, scope, "web", NOW, id_)
        assert people.open_conversation(connection, scope, "web", NOW, id_) == made
        assert people.latest_conversation(connection, scope, "web") == made
        other = Person(f"q-{id_}", "Q", "US", "USD", "US", "America/New_York")
        people.create_person(connection, other, NOW)
        with pytest.raises(UnknownConversationError):
            people.open_conversation(connection, UserScope(other.id), "web", NOW, id_)


def test_a_failed_block_leaves_nothing(engine: Engine, person: Person) -> None:
    class StopError(Exception):
        pass

    def fail() -> None:
        with writing(engine) as connection:
            people.open_conversation(connection, UserScope(person.id), "web", NOW, "gone")
            raise StopError

    with pytest.raises(StopError):
        fail()
    with reading(engine) as connection:
        assert people.find_conversation(connection, "gone") is None


def test_a_demo_person_lives_on_the_day_after_their_last_row() -> None:
    demo = Person("m", "M", "GB", "GBP", "GB", "Europe/London", demo=True, clock=date(2026, 7, 1))
    now = now_for(demo, datetime(2026, 11, 25, 22, 30, tzinfo=UTC))
    assert now.isoformat() == "2026-07-01T22:30:00+01:00"
    real = Person("r", "R", "US", "USD", "US", "America/New_York")
    assert now_for(real, NOW).isoformat() == "2026-11-25T04:00:00-05:00"
