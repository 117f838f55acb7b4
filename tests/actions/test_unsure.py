"""Lower what is sure: the replies say so, offer the rows, and change once these are confirmed."""

import pytest
from sqlalchemy import Engine, update

from actions.answer import Answer
from ledger import store, tables
from ledger.database import reading, writing
from ledger.rules import list_rules
from ledger.scope import UserScope

from .conftest import NOW, OCTOBER, Talk, category, merchant

MAYA = UserScope("maya")
FOOD = category("groceries", "groceries")
UNSURE = ("I'm not sure", "I'm unsure how to file")


@pytest.fixture
def talk(own: Engine) -> Talk:
    found = Talk(own, "maya", NOW["maya"])
    found.action |= {
        "recategorize": "action_recategorize",
        "safe_to_spend": "action_outlook",
        "get_plan": "action_outlook",
        "next_payday": "action_income",
    }
    return found


def doubt(engine: Engine, **confidences: float) -> None:
    """Make every row as sure as this."""
    with writing(engine) as connection:
        connection.execute(
            update(tables.enriched).where(tables.enriched.c.person_id == "maya").values(confidences)
        )


def says_unsure(answer: Answer) -> bool:
    return any(words in answer.text for words in UNSURE)


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("spending_total", "how much on groceries in october"),
        ("spending_breakdown", "where did my money go in october"),
        ("spending_trend", "how is my spending going"),
        ("spending_average", "what do I usually spend"),
        ("spending_compare", "did I spend more than last month"),
        ("top_merchants", "where do I spend most"),
        ("biggest_purchases", "my biggest purchases in october"),
        ("safe_to_spend", "how much can I spend"),
        ("get_plan", "how can I save"),
        ("next_payday", "when do I get paid"),
    ],
)
def test_replies_change_with_what_is_sure(talk: Talk, own: Engine, intent: str, text: str) -> None:
    entities = [OCTOBER] if "october" in text else []
    assert not says_unsure(talk.parse(intent, text, *entities))
    doubt(own, category_confidence=0.4, counterparty_confidence=0.4)
    answer = talk.parse(intent, text, *entities)
    assert says_unsure(answer), answer.text
    assert "Show the unsure ones" in [button.title for button in answer.buttons]
    shown = talk.tap(answer, "Show the unsure ones")
    assert shown.transactions
    assert any(button.title.startswith("✓") for button in shown.buttons)


def test_a_tap_confirms_a_row_and_the_unsure_part_shrinks(talk: Talk, own: Engine) -> None:
    doubt(own, category_confidence=0.4)
    first = talk.parse("spending_total", "how much on groceries in october", FOOD, OCTOBER)
    shown = talk.tap(first, "Show the unsure ones")
    before = shown.figures[0].minor
    rows = len(shown.transactions)
    largest = shown.transactions[0]
    with reading(own) as connection:
        known = {row.transaction_id: row for row in store.enriched(connection, MAYA)}
        size = {row.id: abs(row.minor) for row in store.transactions(connection, MAYA)}
    again = talk.tap(shown, next(b.title for b in shown.buttons if b.title.startswith("✓")))
    assert again.figures == first.figures, "the sum stays, what is unsure of it shrinks"
    assert again.text != first.text
    rest = talk.tap(again, "Show the unsure ones")
    assert rest.figures[0].minor == before - size[largest]
    assert len(rest.transactions) == rows - 1
    with reading(own) as connection:
        (rule,) = list_rules(connection, MAYA)
    assert rule.value == {
        "category": known[largest].category,
        "transaction_id": largest,
    }


def test_a_row_that_is_told_leaves_the_figure(talk: Talk, own: Engine) -> None:
    doubt(own, category_confidence=0.4)
    first = talk.parse("spending_total", "how much on groceries in october", FOOD, OCTOBER)
    shown = talk.tap(first, "Show the unsure ones")
    row = shown.transactions[0]
    with reading(own) as connection:
        size = {one.id: abs(one.minor) for one in store.transactions(connection, MAYA)}[row]
    asked = talk.parse(
        "recategorize", "the last one was petrol", category("petrol", "transport.driving.fuel")
    )
    assert len(asked.transactions) == 1
    moved = {one.id: abs(one.minor) for one in _rows(own)}[asked.transactions[0]]
    again = talk.parse("spending_total", "how much on groceries in october", FOOD, OCTOBER)
    assert again.figures[0].minor == first.figures[0].minor - moved
    assert size


def _rows(engine: Engine) -> list[store.Transaction]:
    with reading(engine) as connection:
        return store.transactions(connection, MAYA)


def test_a_row_that_nothing_is_known_of_is_asked(talk: Talk, own: Engine) -> None:
    doubt(own, category_confidence=0.1)
    total = talk.parse("spending_total", "how much did I spend in october", OCTOBER)
    shown = talk.tap(total, "Show the unsure ones")
    what = next(button.title for button in shown.buttons if button.title.endswith("what?"))
    asked = talk.tap(shown, what)
    assert "What shall I file it under" in asked.text
    done = talk.parse("refine_query", "petrol", category("petrol", "transport.driving.fuel"))
    assert "is now Fuel" in done.text
    assert list(done.transactions) == [shown.transactions[0]]


def test_whom_a_row_was_with_is_confirmed_too(talk: Talk, own: Engine) -> None:
    doubt(own, counterparty_confidence=0.4)
    tesco = merchant("tesco", "tesco")
    first = talk.parse("spending_total", "how much at tesco in october", tesco, OCTOBER)
    assert says_unsure(first)
    shown = talk.tap(first, "Show the unsure ones")
    for _ in shown.transactions:
        again = talk.tap(shown, next(b.title for b in shown.buttons if b.title.startswith("✓")))
        if not says_unsure(again):
            break
        shown = talk.tap(again, "Show the unsure ones")
    assert not says_unsure(again)
    assert again.figures == first.figures


def test_the_runner_up_is_named_where_it_is_close(talk: Talk, own: Engine) -> None:
    plain = talk.parse("safe_to_spend", "how much can I spend")
    with writing(own) as connection:
        streams = tables.streams
        pay = connection.execute(
            streams.select().where(streams.c.person_id == "maya", streams.c.income)
        ).mappings()
        main = next(row for row in pay if row["category"] == "income.pay.salary")
        other = {
            **main,
            "id": "second",
            "counterparty": "Second Job",
            "counterparty_id": "second_job",
            "confidence": 0.95,
        }
        connection.execute(streams.insert().values(other))
    close = talk.parse("safe_to_spend", "how much can I spend")
    assert "Second Job" not in plain.text
    assert "Second Job" in close.text
    assert "Second Job" in talk.parse("next_payday", "when do I get paid").text
