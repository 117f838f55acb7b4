"""What people teach is kept, and corrections are done and undone on the rows themselves."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from enrichment import corrections
from ledger import rules, store
from ledger.database import reading, writing
from ledger.filing import SURE, Filing, keep_guesses, refile
from ledger.people import create_person
from ledger.rules import Rule, add_rule, list_rules, remove_rules
from ledger.scope import UserScope
from ledger.tables import people
from ledger.types import Account, Enriched, Guess, Person, Stream, Transaction

AT = datetime(2026, 11, 1, tzinfo=UTC)
ANN, BEN = UserScope("ann"), UserScope("ben")
FUEL = Filing("transport.driving.fuel", (True, 0.9), counterparty_id="asda")


@pytest.fixture
def shops(engine: Engine) -> Engine:
    """Two people with three rows at Asda each, one of them money back, in one stream."""
    with writing(engine) as connection:
        connection.execute(delete(people))
        for scope in (ANN, BEN):
            id_ = scope.person_id
            person = Person(id_, id_, "GB", "GBP", "GB", "Europe/London")
            create_person(connection, person, AT)
            store.save_accounts(
                connection, scope, [Account("a", "Bank", "checking", "GBP", "Bank")]
            )
            rows = [
                Transaction(
                    f"r{n}", "a", date(2026, 10, n), "ASDA", minor, "GBP", fingerprint=f"{n}"
                )
                for n, minor in ((1, -100), (2, -200), (3, 300))
            ]
            store.add_transactions(connection, scope, rows)
            known = [
                Enriched(
                    row.id,
                    counterparty="Asda",
                    counterparty_id="asda",
                    category="groceries",
                    category_confidence=0.6,
                    category_source="trees",
                    essential=True,
                    essential_confidence=0.8,
                    stream_id="s",
                )
                for row in rows
            ]
            stream = Stream(
                "s", "Asda", "asda", "groceries", "weekly", False, "active", 0.9, None, None, None,
                None, "GBP", rows[0].booked, rows[2].booked, 3,
            )  # fmt: skip
            store.replace_enrichment(connection, scope, known, [stream])
    return engine


def filed(engine: Engine, scope: UserScope = ANN) -> dict[str, tuple[str | None, float]]:
    with reading(engine) as connection:
        rows = store.enriched(connection, scope)
    return {row.transaction_id: (row.category, row.category_confidence) for row in rows}


def apply(engine: Engine, *filings: Filing) -> None:
    with writing(engine) as connection:
        refile(connection, ANN, filings)


def test_a_counterparty_s_rows_are_filed_and_nobody_else_s(shops: Engine) -> None:
    before = filed(shops, BEN)
    apply(shops, FUEL)
    assert set(filed(shops).values()) == {("transport.driving.fuel", SURE)}
    assert filed(shops, BEN) == before


def test_taking_it_back_restores_every_row_and_the_stream(shops: Engine) -> None:
    with reading(shops) as connection:
        before = store.enriched(connection, ANN), store.streams(connection, ANN)
    apply(shops, FUEL)
    with reading(shops) as connection:
        assert store.streams(connection, ANN)[0].category == "transport.driving.fuel"
    apply(shops)
    with reading(shops) as connection:
        assert (store.enriched(connection, ANN), store.streams(connection, ANN)) == before


def test_a_row_s_own_rule_outranks_its_counterparty_s_and_the_last_said_holds(
    shops: Engine,
) -> None:
    once = Filing("shopping.gifts", (False, 0.9), transaction_id="r1")
    later = Filing("housing", (True, 0.9), counterparty_id="asda", inflow=False)
    apply(shops, once, FUEL, later)
    categories = {id_: category for id_, (category, _) in filed(shops).items()}
    assert categories == {
        "r1": "shopping.gifts",
        "r2": "housing",
        "r3": "transport.driving.fuel",
    }
    apply(shops, FUEL)
    assert {category for category, _ in filed(shops).values()} == {FUEL.category}


def test_what_a_new_model_thinks_is_what_a_row_goes_back_to(shops: Engine) -> None:
    apply(shops, FUEL)
    with writing(shops) as connection:
        guess = Guess("r1", "shopping", 0.7, "trees", False, 0.7, "category")
        keep_guesses(connection, ANN, [guess])
    apply(shops)
    assert filed(shops)["r1"] == ("shopping", 0.7)


def test_rules_are_numbered_kept_once_and_removed(shops: Engine) -> None:
    words = Rule("t1", rules.WORDS, "work lunch", {"merchants": ["pret"]}, AT)
    with writing(shops) as connection:
        add_rule(connection, ANN, words)
        add_rule(connection, ANN, words)
        add_rule(connection, ANN, Rule("t2", rules.MONTH, "", {"day": 25}, AT))
        assert [(rule.id, rule.seq) for rule in list_rules(connection, ANN)] == [
            ("t1", 1),
            ("t2", 2),
        ]
        assert list_rules(connection, BEN) == []
        remove_rules(connection, BEN, ["t1"])
        remove_rules(connection, ANN, ["t2", "unknown"])
        assert [rule.name for rule in list_rules(connection, ANN)] == ["work lunch"]


FILINGS = st.lists(
    st.builds(
        lambda category, target, inflow: Filing(category, (False, 0.9), *target, inflow),
        st.sampled_from(["groceries", "housing", "shopping", "transport"]),
        st.sampled_from([("asda", None), (None, "r1"), (None, "r3"), ("nobody", None)]),
        st.sampled_from([None, True, False]),
    ),
    max_size=5,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(FILINGS, FILINGS)
def test_the_rows_are_filed_as_enrichment_would_and_go_back_whatever_came_between(
    shops: Engine, first: list[Filing], second: list[Filing]
) -> None:
    apply(shops)
    before = filed(shops)
    with reading(shops) as connection:
        minor = {row.id: row.minor for row in store.transactions(connection, ANN)}
    for filings in (first, second):
        apply(shops, *filings)
        said = [
            corrections.Rule(one.category, one.counterparty_id, one.transaction_id, one.inflow)
            for one in filings
        ]
        for id_, (category, _) in filed(shops).items():
            rule = corrections.rule_for(said, id_, "asda", minor[id_])
            assert category == (rule.category if rule else before[id_][0])
    apply(shops)
    assert filed(shops) == before
