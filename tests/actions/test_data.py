"""What people ask about their own data, and what they have done to it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from actions.answer import Answer
from actions.deletion import WORDS
from actions.run import TOPICS, reply
from actions.scope import read_turn
from ledger import cases, people
from ledger.crypto import sign_turn
from ledger.database import migrate, open_engine, reading, writing
from ledger.scope import TurnScope, UserScope

from .conftest import KEY, NOW, OCTOBER, Talk, amount, load, merchant, owned

DATA = (
    "delete_data", "unlink_account", "link_account", "privacy_question", "report_fraud",
    "human_handoff",
)  # fmt: skip
MAYA = UserScope("maya")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, people_folder: Path) -> Path:
    """A file to copy: loading takes longer than a test."""
    path = tmp_path_factory.mktemp("data") / "florin.db"
    migrate(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    load(engine, people_folder / "maya", "maya")
    with writing(engine) as connection:
        people.open_conversation(connection, MAYA, "web", NOW["maya"], "conv-1")
    engine.dispose()
    return path


@pytest.fixture
def own(loaded: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(loaded, tmp_path / "florin.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'florin.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def talk(own: Engine) -> Talk:
    found = Talk(own, "maya", NOW["maya"])
    found.action |= dict.fromkeys(DATA, "action_data")
    return found


def titles(answer: Answer) -> list[str]:
    return [button.title for button in answer.buttons]


# --- deletion ------------------------------------------------------------------------------------


def test_everything_goes_after_a_button_and_the_words(talk: Talk) -> None:
    asked = talk.parse("delete_data", "delete my account and all my data")
    assert "There is no way back" in asked.text
    assert asked.ends is None
    last = talk.tap(asked, "Yes, go on")
    assert WORDS in last.text
    assert last.ends is None
    done = talk.parse("out_of_scope", "Delete everything!")
    assert done.text.startswith("Done: everything I kept about you is deleted")
    assert done.custom("delete_data", 1.0)["ends"] == "person"


def test_a_yes_in_words_asks_for_the_words(talk: Talk) -> None:
    talk.parse("delete_data", "erase me")
    assert WORDS in talk.parse("affirm", "yes").text


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("affirm", "yes"),
        ("affirm", "yes, go on"),
        ("deny", "no"),
        ("delete_data", "delete everything please and quickly"),
        ("delete_data", "delete my data"),
        ("check_balance", "what's my balance"),
        ("delete_goal", "delete"),
    ],
)
def test_anything_else_leaves_the_data(talk: Talk, intent: str, text: str) -> None:
    talk.action |= {"check_balance": "action_balances", "delete_goal": "action_plans"}
    talk.tap(talk.parse("delete_data", "delete my data"), "Yes, go on")
    assert talk.parse(intent, text).ends is None
    assert talk.parse("delete_data", WORDS).ends is None, "the words came too late"


def test_the_words_alone_delete_nothing(talk: Talk) -> None:
    assert talk.parse("delete_data", WORDS).ends is None


def test_an_old_button_only_asks_again(talk: Talk) -> None:
    asked = talk.parse("delete_data", "delete my data")
    talk.tap(asked, "Yes, go on")
    assert talk.tap(asked, "Yes, go on").ends is None


# --- accounts ------------------------------------------------------------------------------------


def test_which_account_is_asked_and_a_hidden_one_is_in_no_answer(talk: Talk) -> None:
    whole = talk.parse("spending_total", "october", OCTOBER)
    asked = talk.parse("unlink_account", "disconnect my bank")
    assert "Which account" in asked.text
    (first, *_) = titles(asked)
    how = talk.tap(asked, first)
    assert "transactions here" in how.text
    hidden = talk.tap(how, "Hide it")
    assert "is hidden" in hidden.text
    assert first not in titles(talk.parse("unlink_account", "disconnect a bank"))
    less = talk.parse("spending_total", "october", OCTOBER)
    assert less.figures[0].minor < whole.figures[0].minor
    assert set(less.transactions) < set(whole.transactions)
    talk.tap(hidden, "Undo")
    assert talk.parse("spending_total", "october", OCTOBER).figures == whole.figures


def test_a_hidden_account_comes_back_by_asking(talk: Talk) -> None:
    asked = talk.parse("unlink_account", "disconnect my bank")
    name = titles(asked)[0]
    talk.tap(talk.tap(asked, name), "Hide it")
    back = talk.parse("link_account", "connect it again")
    assert "is back" in talk.tap(back, f"Show {name} again").text


def test_a_question_about_a_hidden_account_says_so(talk: Talk) -> None:
    talk.action["check_balance"] = "action_balances"
    savings = owned("my savings")
    talk.tap(talk.parse("unlink_account", "unlink my savings", savings), "Hide it")
    asked = talk.parse("check_balance", "what's in my savings", savings)
    assert "is hidden, so I leave it out" in asked.text
    talk.tap(asked, titles(asked)[0])
    assert talk.parse("check_balance", "what's in my savings", savings).figures


def test_removing_an_account_asks_and_takes_its_rows(talk: Talk) -> None:
    how = talk.parse("unlink_account", "unlink my savings", owned("my savings"))
    sure = talk.tap(how, "Remove it for good")
    assert "Shall I?" in sure.text
    before = set(talk.parse("list_transactions", "october", OCTOBER).transactions)
    done = talk.tap(sure, "Yes, remove it")
    assert done.text.startswith("Removed: ")
    after = set(talk.parse("list_transactions", "october", OCTOBER).transactions)
    assert after < before
    assert "not here any more" in talk.tap(sure, "Yes, remove it").text


class Chat(Talk):
    """The same talk on a channel that one can log out of."""

    def say(self, channel: str, intent: str, text: str) -> Answer:
        self.turns += 1
        scope = TurnScope(self.person, f"{channel}:maya:7", f"turn-{self.turns}", self.now)
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [],
            "metadata": {"scope": sign_turn(KEY, scope), "previous": None},
        }
        return reply(self.engine, TOPICS["action_small_talk"], read_turn(KEY, message))


@pytest.mark.parametrize(
    "text", ["log me out", "sign out please", "Logout!", "log out of this chat"]
)
@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_logging_out_whatever_it_is_taken_for(own: Engine, channel: str, text: str) -> None:
    answer = Chat(own, "maya", NOW["maya"]).say(channel, "goodbye", text)
    assert answer.ends == "session"
    assert "data stays" in " ".join(answer.text.split())


def test_a_terminal_has_nothing_to_log_out_of(talk: Talk) -> None:
    assert talk.parse("unlink_account", "log me out").ends is None


def test_telegram_is_unlinked_from_elsewhere_and_everything_at_once(own: Engine) -> None:
    with writing(own) as connection:
        for channel, account in (("telegram", "7"), ("web", "7"), ("web", "8")):
            people.link_account(connection, MAYA, channel, account, NOW["maya"])
    chat = Chat(own, "maya", NOW["maya"])
    chat.action["unlink_account"] = "action_data"
    assert "1 Telegram account unlinked" in chat.parse("unlink_account", "unlink telegram").text
    assert chat.say("web", "goodbye", "log out everywhere").ends == "session"
    with reading(own) as connection:
        assert people.channel_accounts(connection, MAYA) == [("web", "7")]


# --- charges that are not theirs -----------------------------------------------------------------


def test_a_named_charge_is_marked_shown_and_taken_back(talk: Talk) -> None:
    row = talk.parse("last_transaction", "last tesco", merchant("tesco", "tesco"))
    asked = talk.parse("report_fraud", "that's not mine")
    assert asked.text.startswith("Marked as not yours: £")
    assert "159" in asked.text
    assert asked.transactions == row.transactions
    shown = talk.parse("list_transactions", "tesco", merchant("tesco", "tesco"))
    assert "not yours" in shown.text
    again = talk.tap(asked, "Undo")
    assert again.text.startswith("Taken back: £")
    shown = talk.parse("list_transactions", "tesco", merchant("tesco", "tesco"))
    assert "not yours" not in shown.text


def test_several_charges_are_asked_about_and_none_is_marked(talk: Talk) -> None:
    said = (merchant("tesco", "tesco"),)
    asked = talk.parse("report_fraud", "the tesco one isn't me", *said)
    assert asked.text.startswith("Which one is not yours?")
    assert "not yours" not in talk.parse("list_transactions", "tesco", *said).text
    done = talk.tap(asked, titles(asked)[0])
    assert done.text.startswith("Marked as not yours")
    assert len(done.transactions) == 1


@pytest.mark.parametrize(
    "text", ["not mine", "that wasn't me", "I don't recognise it", "it's not me"]
)
def test_words_that_say_so_are_enough(talk: Talk, text: str) -> None:
    talk.parse("last_transaction", "last tesco", merchant("tesco", "tesco"))
    assert talk.parse("complain", text).text.startswith("Marked as not yours: £")


def test_a_figure_of_one_payment_can_be_disowned(talk: Talk) -> None:
    one = talk.parse("spending_total", "tesco in october", merchant("tesco", "tesco"), OCTOBER)
    assert talk.parse("report_fraud", "that one wasn't mine").transactions == one.transactions


def test_the_last_one_of_those_offered(talk: Talk) -> None:
    offered = talk.parse("report_fraud", "tesco isn't me", merchant("tesco", "tesco"))
    done = talk.parse("deny", "the last one")
    assert done.transactions == [offered.transactions[0]]
    assert done.intent == "report_fraud"


def test_explaining_a_marked_row_says_so(talk: Talk) -> None:
    explained = talk.parse("explain_transaction", "tesco", merchant("tesco", "tesco"))
    talk.tap(explained, "That's not mine")
    again = talk.parse("explain_transaction", "tesco", merchant("tesco", "tesco"))
    assert "You marked it as not yours on 10 November" in again.text
    talk.tap(again, "It was mine")
    again = talk.parse("explain_transaction", "tesco", merchant("tesco", "tesco"))
    assert "You marked it" not in again.text


def test_a_lost_card_is_told_what_to_do_first(talk: Talk) -> None:
    said = talk.parse("report_fraud", "i've lost my card")
    assert said.text.startswith("Freeze the card in your bank's app")
    assert talk.tap(said, "My latest payments").transactions


def test_a_charge_that_is_not_there_is_not_invented(talk: Talk) -> None:
    said = talk.parse("report_fraud", "£9,999", amount("£9,999", "eq", 999_900))
    assert said.text.startswith("I see no such charge, so nothing is marked.")
    assert said.transactions == ()


def test_in_the_united_states_other_places_are_named(ledger: Engine) -> None:
    talk = Talk(ledger, "jordan", NOW["jordan"])
    talk.action |= dict.fromkeys(DATA, "action_data")
    said = talk.parse("report_fraud", "someone used my card")
    assert "FTC" in said.text
    assert "159" not in said.text


# --- a person of support -------------------------------------------------------------------------


def test_a_case_is_taken_back_as_that(talk: Talk) -> None:
    talk.parse("human_handoff", "let me talk to a human")
    assert talk.parse("deny", "cancel that").text.startswith("Withdrawn: ")


def test_a_case_is_opened_shown_and_withdrawn(talk: Talk, own: Engine) -> None:
    opened = talk.parse("human_handoff", "let me talk to a human")
    assert "Nobody is on duty right now" in opened.text
    with reading(own) as connection:
        case = cases.open_case(connection, MAYA)
    assert case is not None
    assert case.transcript[-1]["said"] == "let me talk to a human"
    assert "is open since 10 November" in talk.parse("human_handoff", "a real person please").text
    shown = talk.tap(opened, "What they see")
    assert "You: let me talk to a human" in shown.text
    gone = talk.tap(opened, "Withdraw it")
    assert gone.text.startswith("Withdrawn: ")
    with reading(own) as connection:
        assert cases.open_case(connection, MAYA) is None
    assert "no open case" in talk.tap(opened, "Withdraw it").text
    assert "no open case" in talk.parse("out_of_scope", "show my case").text


def test_who_is_on_duty_is_said(talk: Talk, own: Engine) -> None:
    until = NOW["maya"] + timedelta(hours=3)
    with writing(own) as connection:
        cases.set_duty(connection, until)
    assert "Somebody is on duty until 12:00" in talk.parse("human_handoff", "human please").text
    with writing(own) as connection:
        cases.set_duty(connection, datetime(2026, 11, 9, tzinfo=UTC))
    assert "Nobody is on duty" in talk.parse("human_handoff", "human please").text


# --- privacy -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what do you store about me", "I keep "),
        ("who can see my data", "whoever runs this Florin"),
        ("is it safe", "bank's login"),
        ("where is my data kept", "On the machine that runs this Florin"),
        ("do you sell my data", "Nothing is sold"),
        ("how long do you keep it", "Until you delete it"),
        ("what happens to my data if i leave", "Until you delete it"),
        ("does telegram see my messages", "Telegram carries"),
        ("how do you protect my privacy", "bank's login"),
        ("are you reading my emails", "and nothing else"),
        ("how do you make money", "free"),
        ("is my data used to train an ai", "corrections"),
    ],
)
def test_privacy_is_answered_as_asked(talk: Talk, text: str, said: str) -> None:
    assert said in talk.parse("privacy_question", text).text


def test_how_data_comes_in(talk: Talk) -> None:
    assert "CSV, OFX" in talk.parse("link_account", "how do i add a bank").text
    assert "florin link telegram --user maya" in talk.parse("link_account", "link telegram").text
