"""What a message yields: kinds, offsets, own names, directions, explanations."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlu.types import Context, Named, Request
from tests.nlu.extraction import NOW, extractor, found, resolved


def test_the_example_of_the_contract() -> None:
    text = "how much did I spend at tesco last month over £20"
    entities = extractor().extract(text, NOW)
    assert [(e.entity, e.start, e.end, e.value) for e in entities] == [
        ("merchant", 24, 29, "tesco"),
        ("period", 30, 40, "last month"),
        ("amount", 41, 49, "over £20"),
    ]
    assert entities[0].resolved == {"counterparty": "Tesco", "id": "tesco"}
    assert entities[1].resolved == {"start": "2026-10-01", "end": "2026-11-01", "grain": "month"}
    assert entities[2].resolved == {"op": "gt", "minor": 2000, "minor2": None, "currency": "GBP"}


@pytest.mark.parametrize(
    "text",
    [
        "🎉🎉 spent at tesco last month 👨‍👩‍👧",
        "cafe\u0301 spend, tesco, last month",
        "\u200b tesco\u00a0last month",
        "ｔｅｓｃｏ tesco last month",
    ],
)
def test_offsets_are_code_points_of_the_text_as_written(text: str) -> None:
    entities = extractor().extract(text, NOW)
    assert all(text[e.start : e.end] == e.value for e in entities)
    assert {"tesco", "last month"} <= {e.value for e in entities}


def test_the_persons_own_names_come_first() -> None:
    context = Context(
        accounts=(Named("a1", "Monzo current account"), Named("a2", "Easy Saver (Tokyo)")),
        goals=(Named("g1", "Tokyo"),),
        merchants=(Named("m1", "The Gas Lamp"),),
    )
    assert resolved("whats in my monzo", "account", context=context) == [
        {"id": "a1", "name": "Monzo current account"}
    ]
    assert resolved("put 50 in the tokyo pot", "goal", context=context) == [
        {"id": "g1", "name": "Tokyo"}
    ]
    assert resolved("gas lamp in october", "merchant", context=context) == [
        {"counterparty": "The Gas Lamp", "id": "m1"}
    ]


def test_a_strange_word_of_an_own_name_is_that_name_and_a_shared_one_is_itself() -> None:
    context = Context(
        merchants=(
            Named("m1", "Studio Quellor"),
            Named("m2", "Brimvale Dental"),
            Named("m3", "Brimvale Motors"),
        )
    )
    assert resolved("what did quellor charge in october", "merchant", context=context) == [
        {"counterparty": "Studio Quellor", "id": "m1"}
    ]
    assert resolved("how much at brimvale in october", "merchant", context=context) == [
        {"counterparty": "Brimvale", "id": "brimvale"}
    ]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("whole year", "period", "whole year"),
        ("and for the entire month?", "period", "the entire month"),
        ("lidl may", "period", "may"),
        ("how often did i order delivery", "category", "delivery"),
        ("without rent and the car loan", "category", "car loan"),
        ("payments out of checking", "account", "checking"),
        ("what have i sent w wise", "merchant", "wise"),
    ],
)
def test_what_is_said_in_few_words(text: str, kind: str, value: str) -> None:
    assert value in {e.value for e in extractor().extract(text, NOW) if e.entity == kind}


@pytest.mark.parametrize(
    "text", ["a full week", "i may", "pay may", "the whole lot", "every whole month"]
)
def test_what_is_no_time(text: str) -> None:
    assert "period" not in {e.entity for e in extractor().extract(text, NOW)}


def test_an_account_that_is_not_known_has_no_id() -> None:
    assert resolved("how much is in my savings", "account") == [{"id": None, "name": "savings"}]


def test_a_category_may_be_several_of_the_taxonomy() -> None:
    assert resolved("how much on food this month", "category") == [
        {"ids": ["groceries", "eating_out"]}
    ]


def test_counts_recurrence_and_grouping() -> None:
    assert resolved("top 5 merchants this year", "number") == [{"value": 5}]
    assert resolved("save £20 every other friday", "recurrence") == [{"unit": "week", "every": 2}]
    assert resolved("split my spending by category", "grouping") == [{"by": "category"}]


def test_the_currency_is_the_persons_own_unless_named() -> None:
    euros = Context(currency="EUR")
    assert resolved("anything over 50", "amount", context=euros) == [
        {"op": "gt", "minor": 5000, "minor2": None, "currency": "EUR"}
    ]
    assert resolved("anything over ¥5000", "amount", context=euros) == [
        {"op": "gt", "minor": 5000, "minor2": None, "currency": "JPY"}
    ]


def test_numeric_dates_follow_the_locale() -> None:
    assert resolved("spent on 3/4/2026", "period", locale="GB")[0]["start"] == "2026-04-03"
    assert resolved("spent on 3/4/2026", "period", locale="US")[0]["start"] == "2026-03-04"


def test_the_day_is_that_of_the_persons_zone() -> None:
    late = datetime.fromisoformat("2026-11-10T23:30:00-05:00")
    there = Context(timezone="America/New_York")
    assert resolved("today", "period", now=late, context=there)[0]["start"] == "2026-11-10"
    assert resolved("today", "period", now=late, context=Context(timezone="Europe/London"))[0][
        "start"
    ] == ("2026-11-11")


def test_bare_days_lie_ahead_once_the_intent_looks_ahead() -> None:
    entities = extractor().extract("what goes out on friday", NOW)
    past = extractor().orient(entities, "list_transactions", NOW)
    ahead = extractor().orient(entities, "upcoming_bills", NOW)
    assert [e.resolved["start"] for e in past if e.resolved] == ["2026-11-06"]
    assert [e.resolved["start"] for e in ahead if e.resolved] == ["2026-11-13"]


def test_the_head_word_of_an_intent_is_no_category() -> None:
    entities = extractor().extract("did they charge me an overdraft fee in may", NOW)
    assert [e.entity for e in extractor().orient(entities, "bank_fees", NOW)] == ["period"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("how much may i spend", "period"),
        ("when do i march on", "period"),
        ("call me on 07700 900461", "amount"),
        ("my sort code is 20-45-45", "period"),
        ("my next payment", "merchant"),
        ("top three this week", "merchant"),
        ("square one", "merchant"),
    ],
)
def test_words_that_are_something_else(text: str, kind: str) -> None:
    assert found(text, kind) == []


def test_every_proposal_is_explained() -> None:
    told = extractor().explain(Request("forever 21 in march", NOW))
    won = {(e.entity, e.text) for e in told if e.won}
    assert won == {("merchant", "forever 21"), ("period", "march")}
    assert all(e.why and e.source for e in told)


def test_a_message_that_says_nothing_yields_nothing() -> None:
    for text in ("", " ", "\n\t", "?", "👍", "\u0301", "." * 4096):
        assert extractor().extract(text, NOW) == []
