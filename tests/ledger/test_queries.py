"""Reading money on both databases: the right rows, never another person's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, Engine

from ledger import queries
from ledger.database import reading, writing
from ledger.people import create_person
from ledger.queries import Where
from ledger.scope import UserScope
from ledger.store import add_transactions, replace_enrichment, save_accounts
from ledger.types import Account, Enriched, Person, Transaction

ANN, BOB = UserScope("ann"), UserScope("bob")
ALWAYS = date(2030, 1, 1)


def payment(id_: str, account: str, day: int, minor: int, text: str = "") -> Transaction:
    return Transaction(
        id_, account, date(2026, 3, day), text, minor, "GBP", fingerprint=id_, line=day
    )


ROWS = [
    payment("1", "current", 1, -1000, "TESCO 100% REAL"),
    payment("2", "current", 2, -2000, "ASOS"),
    payment("3", "card", 3, -3000, "tesco petrol"),
    payment("4", "card", 4, 500, "ASOS REFUND"),
    payment("5", "current", 5, -700, "no idea"),
]
FILED = [
    Enriched("1", "Tesco", "tesco", 0.9, category="groceries.supermarket"),
    Enriched("2", "ASOS", "asos", 0.9, category="shopping.clothing"),
    Enriched("3", "Tesco", "tesco", 0.9, category="transport.driving.fuel"),
    Enriched("4", None, None, 0.1, category="income.money_back.refund", refund_of="2"),
]


@pytest.fixture(scope="module")
def filled(engine: Engine) -> Engine:
    with writing(engine) as connection:
        for scope in (ANN, BOB):
            person = Person(scope.person_id, "x", "GB", "GBP", "GB", "Europe/London")
            create_person(connection, person, datetime(2026, 1, 1, tzinfo=UTC))
            save_accounts(
                connection,
                scope,
                [Account(id_, "Bank", "checking", "GBP", id_) for id_ in ("current", "card")],
            )
        add_transactions(connection, ANN, ROWS)
        replace_enrichment(connection, ANN, FILED, [])
        add_transactions(connection, BOB, [payment("1", "current", 9, -9, "BOB TESCO")])
        replace_enrichment(connection, BOB, [Enriched("1", "Tesco", "tesco", 0.9)], [])
    return engine


@pytest.fixture
def connection(filled: Engine) -> Iterator[Connection]:
    with reading(filled) as opened:
        yield opened


def ids(connection: Connection, where: Where) -> list[str]:
    return [row.id for row in queries.rows(connection, ANN, where)]


def test_rows_are_the_newest_first_and_unfiled_ones_are_there(connection: Connection) -> None:
    assert ids(connection, Where(ALWAYS)) == ["5", "4", "3", "2", "1"]
    assert queries.rows(connection, ANN, Where(ALWAYS))[0].category is None


def test_a_period_is_half_open(connection: Connection) -> None:
    where = Where(end=date(2026, 3, 4), start=date(2026, 3, 2))
    assert ids(connection, where) == ["3", "2"]


def test_filters(connection: Connection) -> None:
    assert ids(connection, Where(ALWAYS, accounts=["card"])) == ["4", "3"]
    assert ids(connection, Where(ALWAYS, counterparties=["tesco"])) == ["3", "1"]
    assert ids(connection, Where(ALWAYS, categories=["groceries.supermarket"])) == ["1"]


def test_a_refund_is_read_with_its_purchase(connection: Connection) -> None:
    assert ids(connection, Where(ALWAYS, counterparties=["asos"])) == ["4", "2"]
    refund = queries.rows(connection, ANN, Where(ALWAYS, categories=["shopping.clothing"]))[0]
    assert (refund.id, refund.bought_from, refund.bought_as) == ("4", "asos", "shopping.clothing")


def test_bank_text_is_searched_as_it_stands(connection: Connection) -> None:
    def found(text: str) -> list[str]:
        return [row.id for row in queries.described(connection, ANN, Where(ALWAYS), text)]

    assert found("tesco") == ["3", "1"]
    assert found("100%") == ["1"]
    assert found("%") == ["1"]
    assert found("_") == []


def test_the_span_ends_with_what_is_known(connection: Connection) -> None:
    assert queries.span(connection, ANN, ALWAYS) == (date(2026, 3, 1), date(2026, 3, 5))
    assert queries.span(connection, ANN, date(2026, 3, 3)) == (date(2026, 3, 1), date(2026, 3, 2))
    assert queries.span(connection, UserScope("nobody"), ALWAYS) is None


def test_counterparties_with_their_categories(connection: Connection) -> None:
    tesco, asos = queries.counterparties(connection, ANN)
    assert (tesco.id, tesco.name, tesco.count) == ("tesco", "Tesco", 2)
    assert set(tesco.categories) == {"groceries.supermarket", "transport.driving.fuel"}
    assert asos.categories == ("shopping.clothing",)


def test_two_people_never_mix(connection: Connection) -> None:
    where = Where(ALWAYS, counterparties=["tesco", "asos"], accounts=["current", "card"])
    assert [row.minor for row in queries.rows(connection, BOB, where)] == [-9]
    assert [one.count for one in queries.counterparties(connection, BOB)] == [1]
    assert queries.rows(connection, UserScope("nobody"), where) == []
