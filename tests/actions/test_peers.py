"""Comparing with others: who joined, when there is a group, and that nobody can be told."""

from collections.abc import Iterator
from datetime import date
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from actions.peers import MINIMUM, STEP, typical
from ledger import peers
from ledger.database import migrate, open_engine, reading, writing
from ledger.people import create_person
from ledger.scope import UserScope
from ledger.store import add_transactions, replace_enrichment, save_accounts
from ledger.types import Account, Enriched, Person, Transaction

from .conftest import BIRTH, NOW, Talk, category

INTENTS = ("compare_peers", "join_peers", "leave_peers")


def add(engine: Engine, name: str, minor: int, *, country: str = "GB", demo: bool = False) -> None:
    """Somebody who spent so much on groceries in October."""
    scope = UserScope(name)
    with writing(engine) as connection:
        person = Person(name, name, country, "GBP", "GB", "Europe/London", demo)
        create_person(connection, person, BIRTH)
        save_accounts(connection, scope, [Account("a", "Bank", "checking", "GBP", "Bank")])
        row = Transaction(f"{name}-1", "a", date(2026, 10, 5), "TESCO", -minor, "GBP")
        add_transactions(connection, scope, [row])
        filed = Enriched(
            f"{name}-1", "Tesco", "tesco", 0.9, category="groceries.supermarket",
            category_confidence=0.9,
        )  # fmt: skip
        replace_enrichment(connection, scope, [filed], [])


def join(engine: Engine, *names: str) -> None:
    with writing(engine) as connection:
        for name in names:
            peers.join(connection, UserScope(name), BIRTH)


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('peers') / 'florin.db'}"
    migrate(url)
    opened = open_engine(url)
    add(opened, "me", 20_000)
    yield opened
    opened.dispose()


@pytest.fixture
def talk(engine: Engine) -> Talk:
    found = Talk(engine, "me", NOW["maya"])
    found.action |= dict.fromkeys(INTENTS, "action_peers")
    return found


def test_the_choice_is_kept_and_taken_back(talk: Talk, engine: Engine) -> None:
    assert "haven't joined" in talk.parse("compare_peers", "compare me").text
    assert talk.parse("join_peers", "join").text.startswith("Done, you're in.")
    assert "joined before" in talk.parse("join_peers", "join").text
    with reading(engine) as connection:
        assert peers.joined_at(connection, UserScope("me")) is not None
    assert "no group yet" in talk.parse("compare_peers", "compare me").text
    assert talk.parse("leave_peers", "leave").text.startswith("Done, you're out")
    assert "never joined" in talk.parse("leave_peers", "leave").text
    with reading(engine) as connection:
        assert peers.joined_at(connection, UserScope("me")) is None


def test_nobody_is_joined_whose_words_do_not_say_so(talk: Talk, engine: Engine) -> None:
    compared = talk.parse("join_peers", "compare me to people like me")
    assert "haven't joined" in compared.text
    assert compared.intent == "compare_peers"
    with reading(engine) as connection:
        assert peers.joined_at(connection, UserScope("me")) is None


def test_only_who_joined_in_the_same_country_counts(talk: Talk, engine: Engine) -> None:
    join(engine, "me")
    for number in range(MINIMUM - 1):
        add(engine, f"p{number}", 10_000 + number * 1000)
        join(engine, f"p{number}")
    add(engine, "alone", 10_000)
    add(engine, "away", 10_000, country="US")
    add(engine, "sample", 10_000, demo=True)
    join(engine, "away", "sample")
    few = talk.parse("compare_peers", "compare me")
    assert f"Only {MINIMUM - 1} others" in few.text
    assert few.figures == ()
    join(engine, "alone")
    told = talk.parse("compare_peers", "compare me")
    assert f"beside {MINIMUM} others" in told.text
    figures = {figure.name: figure.minor for figure in told.figures}
    assert figures["total"] == 20_000
    everybody = [10_000, *(10_000 + number * 1000 for number in range(MINIMUM - 1))]
    assert abs(figures["peers_total"] - median(everybody)) <= STEP * 2
    assert figures["peers_total"] % STEP == 0
    with writing(engine) as connection:
        peers.leave(connection, UserScope("p3"))
    assert talk.parse("compare_peers", "compare me").figures == ()


def test_a_category_can_be_named(talk: Talk, engine: Engine) -> None:
    join(engine, "me")
    for number in range(MINIMUM):
        add(engine, f"p{number}", 10_000)
        join(engine, f"p{number}")
    told = talk.parse(
        "compare_peers", "do others spend more on groceries", category("groceries", "groceries")
    )
    assert "on Groceries you £200.00, others about £100.00" in told.text


@given(st.lists(st.integers(0, 5_000_00), min_size=MINIMUM, max_size=60), st.integers(0, 5_000_00))
def test_one_person_moves_a_peer_figure_by_little_and_whoever_is_far_off_not_at_all(
    figures: list[int], far: int
) -> None:
    before = typical(figures)
    assert before % STEP == 0
    ordered = sorted(figures)
    least, most = ordered[len(ordered) // 2 - 4], ordered[len(ordered) // 2 + 4]
    assert least - STEP <= typical([*figures, far]) <= most + STEP
    richer = [*ordered[:-1], ordered[-1] + 99_000_00]
    assert typical(richer) == before
