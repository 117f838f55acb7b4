"""A payment is filed as its person says: one or always, at once, visible, and taken back."""

import pytest
from sqlalchemy import Engine

from actions.answer import Answer
from ledger import store
from ledger.database import reading
from ledger.filing import SURE
from ledger.rules import list_rules
from ledger.scope import UserScope

from .conftest import NOW, OCTOBER, SEPTEMBER, Talk, amount, category, merchant, period

MAYA = UserScope("maya")
FUEL = category("petrol", "transport.driving.fuel")
FOOD = category("groceries", "groceries")
OUT = category("eating out", "eating_out")


@pytest.fixture
def talk(own: Engine) -> Talk:
    found = Talk(own, "maya", NOW["maya"])
    found.action |= {"recategorize": "action_recategorize"}
    return found


def filed(engine: Engine, counterparty: str) -> dict[str, str | None]:
    with reading(engine) as connection:
        rows = store.enriched(connection, MAYA)
    return {row.transaction_id: row.category for row in rows if row.counterparty_id == counterparty}


def total(answer: Answer) -> int:
    return answer.figures[0].minor


def test_one_row_after_the_answer_that_showed_it(talk: Talk, own: Engine) -> None:
    last = talk.parse("last_transaction", "when did I last go to tesco", merchant("tesco", "tesco"))
    done = talk.parse("recategorize", "no that was petrol", FUEL)
    assert done.transactions == last.transactions
    assert "Fuel" in done.text
    assert "Groceries" in done.text or "Supermarket" in done.text
    now = filed(own, "tesco")
    assert now[last.transactions[0]] == "transport.driving.fuel"
    assert sum(one == "transport.driving.fuel" for one in now.values()) == 1
    with reading(own) as connection:
        row = next(
            one
            for one in store.enriched(connection, MAYA)
            if one.transaction_id == last.transactions[0]
        )
    assert (row.category_source, row.category_confidence) == ("rule", SURE)


def test_an_ambiguous_row_is_asked_and_a_tap_answers(talk: Talk, own: Engine) -> None:
    before = filed(own, "tesco")
    asked = talk.parse("recategorize", "the tesco one was petrol", merchant("tesco", "tesco"), FUEL)
    assert asked.text.startswith("Which Tesco payment")
    assert filed(own, "tesco") == before
    assert len(asked.buttons) == 4
    done = talk.tap(asked, asked.buttons[0].title)
    assert len(done.transactions) == 1
    changed = {id_ for id_, one in filed(own, "tesco").items() if one != before[id_]}
    assert changed == set(done.transactions)


def test_a_day_or_an_amount_names_the_row(talk: Talk, own: Engine) -> None:
    with reading(own) as connection:
        rows = store.transactions(connection, MAYA)
    row = next(one for one in reversed(rows) if one.id in filed(own, "tesco"))
    day = period(
        "that day", row.booked.isoformat(), row.booked.replace(day=row.booked.day + 1).isoformat()
    )
    done = talk.parse(
        "recategorize",
        "the tesco one that day was petrol",
        merchant("tesco", "tesco"),
        day,
        FUEL,
    )
    assert row.id in done.transactions
    sums = talk.parse(
        "recategorize",
        "the £%.2f at tesco was petrol" % (-row.minor / 100),
        amount("£%.2f" % (-row.minor / 100), "eq", -row.minor),
        merchant("tesco", "tesco"),
        FUEL,
    )
    assert row.id in sums.transactions or "Which" in sums.text


def test_always_changes_every_row_and_the_figures_at_once(talk: Talk, own: Engine) -> None:
    food = talk.parse("spending_total", "how much on groceries in october", FOOD, OCTOBER)
    tesco = talk.parse("spending_total", "at tesco in october", merchant("tesco", "tesco"), OCTOBER)
    done = talk.parse(
        "recategorize", "always put tesco under petrol", merchant("tesco", "tesco"), FUEL
    )
    assert "from now on" in done.text
    assert dict(done.counts)["changed"] == len(done.transactions) > 1
    after = talk.parse("spending_total", "how much on groceries in october", FOOD, OCTOBER)
    assert total(after) == total(food) - total(tesco)
    fuel = talk.parse("spending_total", "how much on petrol in october", FUEL, OCTOBER)
    assert total(fuel) >= total(tesco)


def test_undo_by_word_and_by_button_restores_everything(talk: Talk, own: Engine) -> None:
    before = filed(own, "tesco")
    for take_back in (
        lambda answer: talk.parse("deny", "undo that"),
        lambda answer: talk.tap(answer, "Undo"),
    ):
        done = talk.parse(
            "recategorize", "tesco is always petrol", merchant("tesco", "tesco"), FUEL
        )
        assert filed(own, "tesco") != before
        undone = take_back(done)
        assert undone.text.startswith("Undone")
        assert filed(own, "tesco") == before
        with reading(own) as connection:
            assert list_rules(connection, MAYA) == []
    again = talk.parse("deny", "undo")
    assert not again.text.startswith("Undone")


def test_what_it_should_be_is_told_from_what_it_should_not(talk: Talk, own: Engine) -> None:
    done = talk.parse(
        "recategorize",
        "tesco isn't groceries, it's always eating out",
        merchant("tesco", "tesco"),
        FOOD,
        OUT,
    )
    assert "Eating & Drinking Out" in done.text
    done = talk.parse(
        "recategorize",
        "why is tesco under eating out, file it always under groceries",
        merchant("tesco", "tesco"),
        OUT,
        FOOD,
    )
    assert "is Groceries from now on" in done.text
    done = talk.parse(
        "recategorize",
        "tesco is always eating out not groceries",
        merchant("tesco", "tesco"),
        OUT,
        FOOD,
    )
    assert "is Eating & Drinking Out from now on" in done.text


def test_several_rows_of_a_time_are_filed_one_by_one(talk: Talk, own: Engine) -> None:
    done = talk.parse(
        "recategorize",
        "all my tesco payments since august were eating out",
        merchant("tesco", "tesco"),
        period("since august", "2026-08-01", "2026-11-11"),
        OUT,
    )
    assert len(done.transactions) > 1
    with reading(own) as connection:
        booked = {row.id: row.booked for row in store.transactions(connection, MAYA)}
    days = {booked[id_].isoformat() for id_ in done.transactions}
    assert days == {
        booked[id_].isoformat()
        for id_ in filed(own, "tesco")
        if booked[id_].isoformat() >= "2026-08-01"
    }
    undone = talk.parse("deny", "undo")
    assert undone.text.startswith("Undone")


def test_a_missing_category_or_row_is_asked_and_completed(talk: Talk, own: Engine) -> None:
    talk.parse("last_transaction", "when did I last go to tesco", merchant("tesco", "tesco"))
    asked = talk.parse("recategorize", "that's in the wrong category")
    assert asked.text.startswith("What shall I file it under")
    done = talk.parse("refine_query", "petrol", FUEL)
    assert done.intent == "recategorize"
    assert "Fuel" in done.text
    lost = Talk(own, "maya", NOW["maya"], action=talk.action)
    assert "Which payment" in lost.parse("recategorize", "no that's groceries", FOOD).text
    unknown = talk.parse(
        "recategorize", "the tesco one in 1999 was petrol", merchant("tesco", "tesco"),
        period("1999", "1999-01-01", "2000-01-01"), FUEL,
    )  # fmt: skip
    assert "changed nothing" in unknown.text


def test_a_row_s_own_rule_outlives_a_later_one_of_its_merchant(talk: Talk, own: Engine) -> None:
    last = talk.parse("last_transaction", "when did I last go to tesco", merchant("tesco", "tesco"))
    talk.parse("recategorize", "that was petrol", FUEL)
    talk.parse("recategorize", "tesco is always eating out", merchant("tesco", "tesco"), OUT)
    now = filed(own, "tesco")
    assert now.pop(last.transactions[0]) == "transport.driving.fuel"
    assert set(now.values()) == {"eating_out"}
    shown = talk.parse("out_of_scope", "show my rules")
    assert "1. Tesco" in shown.text
    assert "2. Tesco is always Eating & Drinking Out" in shown.text
    forgotten = talk.parse("out_of_scope", "forget rule 2")
    assert "Forgotten: Tesco is always Eating & Drinking Out" in forgotten.text
    assert filed(own, "tesco")[last.transactions[0]] == "transport.driving.fuel"
    assert "eating_out" not in filed(own, "tesco").values()


def test_a_merchant_s_refunds_stay_refunds(talk: Talk, own: Engine) -> None:
    before = talk.parse("refunds", "refunds from asos", merchant("asos", "asos"))
    talk.parse("recategorize", "asos is always a gift", merchant("asos", "asos"),
               category("gift", "shopping.flowers_gifts"))  # fmt: skip
    after = talk.parse("refunds", "refunds from asos", merchant("asos", "asos"))
    assert [one.minor for one in after.figures] == [one.minor for one in before.figures]
    assert talk.parse("spending_total", "in september", SEPTEMBER).figures


def test_a_part_of_what_it_should_be_is_right_already(talk: Talk, own: Engine) -> None:
    before = filed(own, "tesco")
    told = talk.parse("recategorize", "tesco is groceries", merchant("tesco", "tesco"), FOOD)
    assert "already" in told.text
    talk.parse("last_transaction", "when did I last go to tesco", merchant("tesco", "tesco"))
    noted = talk.parse("recategorize", "that was groceries", FOOD)
    assert "stays Supermarket" in noted.text
    assert filed(own, "tesco") == before


def test_my_last_payment_is_the_newest_of_all(talk: Talk, own: Engine) -> None:
    talk.parse("last_transaction", "when did I last go to boots", merchant("boots", "boots"))
    done = talk.parse("recategorize", "mark my last payment as petrol", FUEL)
    with reading(own) as connection:
        newest = max(row.booked for row in store.transactions(connection, MAYA))
        days = {row.id: row.booked for row in store.transactions(connection, MAYA)}
    assert [days[id_] for id_ in done.transactions] == [newest]


def test_what_all_of_something_are_is_a_correction_whatever_nlu_says(
    talk: Talk, own: Engine
) -> None:
    aldi = merchant("aldi", "aldi")
    done = talk.parse("list_transactions", "all my aldi payments are eating out", aldi, OUT)
    assert done.intent == "recategorize"
    assert set(filed(own, "aldi").values()) == {"eating_out"}
    asked = talk.parse(
        "list_transactions", "what are all my aldi payments on eating out", aldi, OUT
    )
    assert asked.intent is None
