"""Words that people teach: used by every question, shown, edited, taken back."""

from datetime import date

import pytest
from sqlalchemy import Engine

from actions.context import context_of
from actions.desk import Desk
from actions.lessons import lesson_of
from ledger import store
from ledger.database import reading
from ledger.scope import TurnScope, UserScope

from .conftest import NOW, Talk, category, merchant, owned, period

MAYA = UserScope("maya")
PRET = merchant("pret", "pret_a_manger")
ALL = period("since may", "2026-05-01", "2026-11-11")
WORDS = "work lunch means pret and greggs on weekdays"


@pytest.fixture
def talk(own: Engine) -> Talk:
    found = Talk(own, "maya", NOW["maya"])
    found.action |= {"recategorize": "action_recategorize"}
    return found


def bought(engine: Engine, *ids: str) -> list[tuple[date, int]]:
    """The day and the size of every payment to these counterparties."""
    with reading(engine) as connection:
        known = {row.transaction_id: row for row in store.enriched(connection, MAYA)}
        return [
            (row.purchased or row.booked, -row.minor)
            for row in store.transactions(connection, MAYA)
            if known[row.id].counterparty_id in ids and row.minor < 0
        ]


def test_words_of_their_own_answer_questions(talk: Talk, own: Engine) -> None:
    noted = talk.parse("spending_average", WORDS, category("lunch", "eating_out"), PRET)
    assert "“work lunch” means Pret" in noted.text
    assert "on weekdays" in noted.text
    answer = talk.parse("spending_total", "how much on work lunch since may", ALL)
    lunches = [size for day, size in bought(own, "pret_a_manger", "greggs") if day.weekday() < 5]
    weekend = [size for day, size in bought(own, "pret_a_manger", "greggs") if day.weekday() > 4]
    assert lunches
    assert answer.figures[0].minor == sum(lunches)
    assert answer.figures[0].minor < sum(lunches) + sum(weekend) or not weekend
    assert answer.query is not None
    assert answer.query.weekdays == (0, 1, 2, 3, 4)
    assert "on weekdays" in answer.text
    taken_for = category("work", "services.work_costs"), category("lunch", "eating_out")
    again = talk.parse("spending_total", "how much on work lunch since may", *taken_for, ALL)
    assert again.figures == answer.figures, "what NLU makes of the words does not matter"
    tesco = talk.parse("refine_query", "what about tesco", merchant("tesco", "tesco"))
    assert tesco.query is not None
    assert tesco.query.weekdays == ()


def test_the_rows_behind_a_taught_word_are_those_of_its_days(talk: Talk) -> None:
    talk.parse("out_of_scope", WORDS)
    talk.parse("spending_total", "how much on work lunch since may", ALL)
    total = talk.parse("show_more", "why?")
    assert dict(total.counts)["count"] == len(total.transactions)


def test_a_phrase_taught_again_means_the_new_thing(talk: Talk) -> None:
    talk.parse("out_of_scope", WORDS)
    talk.parse("out_of_scope", "work lunch means tesco")
    answer = talk.parse("spending_total", "how much on work lunch since may", ALL)
    assert answer.query is not None
    assert answer.query.merchants == ("tesco",)
    assert talk.parse("out_of_scope", "what have I taught you?").text.count("work lunch") == 1
    talk.parse("out_of_scope", "forget work lunch")
    assert talk.parse("out_of_scope", "show my rules").text.startswith("You have taught me nothing")


def test_what_is_no_shop_and_no_category_is_asked(talk: Talk) -> None:
    asked = talk.parse("out_of_scope", "food means a lot to me")
    assert "I don't know" in asked.text
    unseen = talk.parse("out_of_scope", "coffee money means starbucks and costa coffee")
    assert "I see no payment to" in unseen.text
    shown = talk.parse("out_of_scope", "show my rules")
    assert "food" not in shown.text
    assert "Starbucks" in shown.text


def test_names_with_an_ampersand_stay_whole(talk: Talk) -> None:
    noted = talk.parse("refine_query", "house stuff = ikea, b&q & argos", merchant("b&q", "b_q"))
    assert "“house stuff” means" in noted.text
    assert " Q" not in noted.text.replace("B Q", "")
    gone = talk.parse("refine_query", "forget all my rules")
    assert gone.text.startswith("Forgotten")
    assert "taught me nothing" in talk.parse("out_of_scope", "show my rules").text


def test_that_rule_is_the_only_one_or_is_asked(talk: Talk) -> None:
    talk.parse("out_of_scope", "work lunch means tesco")
    talk.parse("check_balance", "my balance")
    assert talk.parse("refine_query", "forget that rule").text.startswith("Forgotten: “work lunch”")
    talk.parse("out_of_scope", "work lunch means tesco")
    talk.parse("out_of_scope", "house stuff means ikea and lidl")
    just_taught = talk.parse("refine_query", "forget that rule")
    assert just_taught.text.startswith("Forgotten: “house stuff”")
    talk.parse("out_of_scope", "house stuff means ikea and lidl")
    talk.parse("check_balance", "my balance")
    asked = talk.parse("refine_query", "forget that rule")
    assert asked.text == "Which of them shall I forget?"
    assert "Forgotten: “work lunch”" in talk.tap(asked, asked.buttons[1].title).text


def test_a_rule_is_edited_by_its_number(talk: Talk, own: Engine) -> None:
    talk.parse("out_of_scope", "work lunch means tesco")
    talk.parse("out_of_scope", "my month starts on the 25th")
    talk.parse(
        "recategorize", "tesco is always petrol", merchant("tesco", "tesco"),
        category("petrol", "transport.driving.fuel"),
    )  # fmt: skip
    assert (
        "means Aldi on weekdays"
        in talk.parse("refine_query", "change rule 1 to aldi on weekdays").text
    )
    assert "27th" in talk.parse("set_budget", "change rule 2 to the 27th").text
    done = talk.parse("recategorize", "change rule 3 to eating out")
    assert "Tesco is Eating & Drinking Out from now on" in done.text
    shown = talk.parse("out_of_scope", "show my rules").text
    assert "25th" not in shown
    assert "Fuel" not in shown
    assert shown.startswith("You taught me 3 things")
    assert "can't change" in talk.parse("refine_query", "change rule 99 to aldi").text


def test_categories_can_be_meant_too(talk: Talk) -> None:
    noted = talk.parse("out_of_scope", "fun money means eating out and cinema")
    assert "Eating & Drinking Out" in noted.text
    answer = talk.parse("spending_total", "how much fun money since may", ALL)
    assert answer.query is not None
    assert "eating_out" in answer.query.categories
    mixed = talk.parse("out_of_scope", "treats means tesco and cinema")
    assert "not both" in mixed.text


@pytest.mark.parametrize(
    ("today", "this", "last"),
    [
        (date(2026, 11, 10), ("2026-10-25", "2026-11-25"), ("2026-09-25", "2026-10-25")),
        (date(2026, 10, 26), ("2026-10-25", "2026-11-25"), ("2026-09-25", "2026-10-25")),
        (date(2026, 10, 24), ("2026-09-25", "2026-10-25"), ("2026-08-25", "2026-09-25")),
    ],
)
def test_this_month_starts_when_theirs_does(
    own: Engine, today: date, this: tuple[str, str], last: tuple[str, str]
) -> None:
    talk = Talk(own, "maya", NOW["maya"].replace(month=today.month, day=today.day))
    noted = talk.parse("out_of_scope", "my month starts on the 25th")
    assert "25th" in noted.text
    first = today.replace(day=1)
    nlu = {"this month": first, "last month": first.replace(month=first.month - 1)}
    for words, expected in (("this month", this), ("last month", last)):
        start = nlu[words]
        end = start.replace(month=start.month + 1)
        said = period(words, start.isoformat(), end.isoformat())
        answer = talk.parse("spending_total", f"how much did I spend {words}", said)
        assert answer.query is not None
        assert answer.query.period is not None
        assert answer.query.period.to_json() == dict(zip(("start", "end"), expected, strict=True))
    named = period("september", "2026-09-01", "2026-10-01")
    answer = talk.parse("spending_total", "how much in september", named)
    assert answer.query is not None
    assert answer.query.period is not None
    assert answer.query.period.to_json() == {"start": "2026-09-01", "end": "2026-10-01"}


def test_without_a_period_the_month_is_theirs_and_the_one_before_is_one_month_back(
    talk: Talk,
) -> None:
    talk.parse("out_of_scope", "my month starts on the 25th")
    answer = talk.parse("spending_total", "how much have I spent")
    assert answer.query is not None
    assert answer.query.period is not None
    assert answer.query.period.to_json() == {"start": "2026-10-25", "end": "2026-11-25"}
    before = talk.parse("refine_query", "and the month before?")
    assert before.query is not None
    assert before.query.period is not None
    assert before.query.period.to_json() == {"start": "2026-09-25", "end": "2026-10-25"}


def test_an_account_has_the_name_they_give_it(talk: Talk, own: Engine) -> None:
    with reading(own) as connection:
        account = store.accounts(connection, MAYA)[0]
        ids = {one.id for one in store.accounts(connection, MAYA)}
    plain = talk.parse("check_balance", f"my {account.name}", owned(account.name, account.id))
    noted = talk.parse("out_of_scope", f"call my {account.name.lower()} the bills account")
    assert f"“bills account” is {account.name}" in noted.text
    named = talk.parse("check_balance", "what's in the bills account", owned("bills account"))
    assert named.figures == plain.figures
    with reading(own) as connection:
        desk = Desk(connection, TurnScope("maya", "c", "t", NOW["maya"]))
        told = context_of(desk)["accounts"]
    assert {"id": account.id, "name": "bills account"} in told
    assert {one["id"] for one in told} == ids
    lost = talk.parse("out_of_scope", "call my nothing at all the moon account")
    assert "Which account" in lost.text


def test_undo_takes_back_the_last_lesson_alone(talk: Talk) -> None:
    talk.parse("out_of_scope", WORDS)
    second = talk.parse("out_of_scope", "my month starts on the 25th")
    talk.tap(second, "Undo")
    shown = talk.parse("out_of_scope", "show my rules")
    assert "work lunch" in shown.text
    assert "25th" not in shown.text


def test_many_rules_are_shown_a_page_at_a_time(talk: Talk) -> None:
    for number in range(9):
        talk.parse("out_of_scope", f"treat {'abcdefghi'[number]} means tesco")
    shown, seen = talk.parse("out_of_scope", "show my rules"), 0
    while True:
        seen += shown.text.count("means Tesco")
        if not any(button.title == "More" for button in shown.buttons):
            break
        shown = talk.tap(shown, "More")
    assert seen == 9


@pytest.mark.parametrize(
    "text",
    [
        "what does pending means",
        "no I meant tesco",
        "no i mean tesco",
        "how much did I spend on food this month",
        "does this mean I'm broke?",
        "my month was expensive",
        "what's in my savings",
        "call my bank",
        "call my mum tomorrow",
        "that means nothing to me",
        "I mean last month",
        "forget it",
        "can I start my month of gym on the house?",
    ],
)
def test_what_teaches_nothing_is_answered_as_before(text: str) -> None:
    assert lesson_of(text, "out_of_scope") is None
