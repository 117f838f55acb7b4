"""What names, kinds and times settle where the intent layers know none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlu.extract import Extractor
from nlu.settled import familiarly, is_bare, settled
from nlu.types import Context, Previous, Ranked, Request, Understanding

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
OWN = Context.of(
    {"merchants": [{"id": "salt_on_the_quay", "name": "Salt on the Quay"},
                   {"id": "millbrook_pediatrics", "name": "Millbrook Pediatrics"}]}
)  # fmt: skip
AFTER_TESCO = Previous("spending_total", {"measure": "spending_total"})


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def asked(text: str, previous: Previous | None = None) -> Request:
    return Request(text, NOW, "GB", OWN, previous)


def read(extractor: Extractor, request: Request, first: str, then: str = "out_of_scope") -> str:
    found = extractor.extract(request.text, NOW, "GB", OWN)

    def understood(name: str) -> Understanding:
        return Understanding(Ranked(name, 0.8), (Ranked(name, 0.8),), "model")

    return settled(understood(first), request, found, lambda _: understood(then)).intent.name


@pytest.mark.parametrize(
    ("text", "first", "meant"),
    [
        ("boots this month", "can_afford", "spending_total"),
        ("train tickets since august", "spending_trend", "spending_total"),
        ("aldi october", "refine_query", "spending_total"),
        ("overdraft fees last month", "bank_fees", "bank_fees"),
        ("salary this year", "out_of_scope", "income_total"),
        ("is boots going up this month", "spending_trend", "spending_trend"),
        ("boots next month", "can_afford", "can_afford"),
        ("boots £20 this month", "set_budget", "set_budget"),
    ],
)
def test_a_name_and_a_time_ask_what_was_spent(
    extractor: Extractor, text: str, first: str, meant: str
) -> None:
    assert read(extractor, asked(text), first) == meant


def test_after_a_question_they_change_it(extractor: Extractor) -> None:
    request = asked("boots this month", AFTER_TESCO)
    assert read(extractor, request, "can_afford") == "refine_query"


def test_a_time_alone_is_left_to_the_model(extractor: Extractor) -> None:
    request = asked("this month")
    assert not is_bare(request, extractor.extract(request.text, NOW, "GB", OWN))


def test_an_own_name_that_the_model_does_not_know_is_read_as_a_known_one(
    extractor: Extractor,
) -> None:
    request = asked("what is SALT ON THE QUAY")
    found = extractor.extract(request.text, NOW, "GB", OWN)
    assert familiarly(request.text, found) == "what is tesco"
    assert read(extractor, request, "out_of_scope", "explain_transaction") == "explain_transaction"


def test_a_word_of_an_own_name_is_enough(extractor: Extractor) -> None:
    request = asked("list the pediatrics visits")
    assert read(extractor, request, "out_of_scope", "list_transactions") == "list_transactions"


@pytest.mark.parametrize("then", ["refine_query", "praise", "out_of_scope"])
def test_small_talk_about_a_shop_stays_outside(extractor: Extractor, then: str) -> None:
    assert read(extractor, asked("course its bloody greggs"), "out_of_scope", then) == (
        "out_of_scope"
    )


def test_without_a_known_name_nothing_is_read_again(extractor: Extractor) -> None:
    request = asked("stick fifty quid on the horse for us")
    assert read(extractor, request, "out_of_scope", "set_budget") == "out_of_scope"


@pytest.mark.parametrize(
    "text", ["salt on the quay.", "and the pediatrics bill?", "excl. pediatrics"]
)
def test_after_a_question_a_name_alone_changes_it(extractor: Extractor, text: str) -> None:
    assert read(extractor, asked(text, AFTER_TESCO), "out_of_scope") == "refine_query"


def test_a_shop_of_nobodys_is_not_read_again(extractor: Extractor) -> None:
    request = asked("order us a large dominos")
    assert read(extractor, request, "out_of_scope", "biggest_purchases") == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("coffee spend april?", "spending_total"),
        ("spend on savings in september", "spending_total"),
        ("groceries total june", "spending_total"),
        ("coffee spend april vs may", "spending_compare"),
        ("average coffee spend april", "spending_compare"),
        ("spend april", "spending_compare"),
    ],
)
def test_spend_a_kind_and_one_time_are_a_sum(extractor: Extractor, text: str, meant: str) -> None:
    assert read(extractor, asked(text), "spending_compare") == meant
