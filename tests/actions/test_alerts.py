"""Alerts are set, listed, changed and removed; each fact is told once, by day, with how to stop."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from actions.digests import digest
from actions.notify import BusyError, Look, desk_at, tell
from actions.scheduler import Scheduler
from ledger import alerts as alert_store
from ledger import inbox, notices, people, plans, tables
from ledger.accounts import balances
from ledger.crypto import new_id
from ledger.database import migrate, open_engine, reading, writing
from ledger.plans import Goal
from ledger.scope import UserScope
from ledger.store import add_transactions
from ledger.types import PriceRise, Transaction

from .conftest import NOW, Talk, amount, category, load, merchant, owned

SCOPE = UserScope("maya")
CHAT = "telegram:maya:7"
NINE = datetime(2026, 11, 10, 9, tzinfo=UTC)
HOUR = 9
RENT = category("rent", "housing.rent")
MONZO = owned("monzo")
TESCO = merchant("tesco", "tesco")
OVER_200 = amount("over £200", "gt", 20_000)
UNDER_100 = amount("under £100", "lt", 10_000)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, people_folder: Path) -> Path:
    """A database file with maya and her chat, to copy."""
    path = tmp_path_factory.mktemp("alerts") / "florin.db"
    migrate(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    load(engine, people_folder / "maya", "maya")
    with writing(engine) as connection:
        people.link_account(connection, SCOPE, "telegram", "7", NINE)
        people.open_conversation(connection, SCOPE, "telegram", NINE, CHAT, address="7")
    engine.dispose()
    return path


@pytest.fixture
def engine(filled: Path, tmp_path: Path) -> Iterator[Any]:
    shutil.copy(filled, tmp_path / "florin.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'florin.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def talk(engine: Any) -> Talk:
    talk = Talk(engine, "maya", NOW["maya"])
    talk.action |= dict.fromkeys(("set_alert", "delete_alert", "delete_budget"), "action_plans")
    talk.action |= {"list_alerts": "action_outlook", "next_payday": "action_income"}
    return talk


def look(engine: Any, at: datetime = NINE) -> Look:
    return tell(engine, SCOPE, at, HOUR, at)


def sent(engine: Any) -> list[str]:
    with reading(engine) as connection:
        rows = connection.execute(select(tables.outbox.c.payload).order_by(tables.outbox.c.seq))
        return [row.payload["reply"] for row in rows]


def book(
    engine: Any, minor: int, text: str = "BIG SHOP LONDON", day: date = date(2026, 11, 10)
) -> str:
    """A row that an import brings."""
    id_ = new_id("row")
    row = Transaction(id_, "maya-monzo", day, text, minor, "GBP", fingerprint=id_)
    with reading(engine) as connection:
        account = connection.execute(
            select(tables.accounts.c.id).where(tables.accounts.c.type == "checking")
        ).scalar_one()
    with writing(engine) as connection:
        add_transactions(
            connection, SCOPE, [Transaction(**{**_fields(row), "account_id": account})]
        )
    return id_


def _fields(row: Transaction) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Transaction.__dataclass_fields__}


@pytest.mark.parametrize(
    ("text", "entities", "says", "kind"),
    [
        ("ping me if monzo is under £100", (MONZO, UNDER_100), "goes under £100.00", "balance"),
        ("tell me when my balance goes below 100", (UNDER_100,), "goes under £100.00", "balance"),
        ("warn me before i go overdrawn", (), "goes under £0.00", "balance"),
        ("alert me when a payment is over £200", (OVER_200,), "a payment over £200.00", "payment"),
        ("let me know when a bill is due", (), "a payment is due within 3 days", "bill"),
        ("tell me 2 days before rent is due", (RENT,), "for Rent is due within 2 days", "bill"),
        ("tell me when rent goes out", (RENT,), "a payment for Rent goes out", "payment"),
        ("shout me when tesco takes anything", (TESCO,), "to Tesco goes out", "payment"),
        ("ping me when i get paid", (), "your pay comes in", "payday"),
        ("tell me every time i spend over £200 at tesco", (OVER_200, TESCO),
         "a payment over £200.00 to Tesco", "payment"),
        ("text me if i spend more than £30 on takeaways",
         (amount("more than £30", "gt", 3000), category("takeaways", "eating_out.delivery")),
         "you spend over £30.00", "spent"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_asked_for_is_what_is_set(
    talk: Talk, text: str, entities: tuple[dict[str, Any], ...], says: str, kind: str
) -> None:
    done = talk.parse("set_alert", text, *entities)
    assert done.text.startswith("Done: I'll tell you when")
    assert says in done.text
    with reading(talk.engine) as connection:
        assert [one.kind for one in alert_store.alerts(connection, SCOPE)] == [kind]
    assert says in talk.parse("list_alerts", "what alerts do i have").text


def test_a_missing_amount_is_asked_and_given_alone(talk: Talk) -> None:
    assert "Payments over which" in talk.parse("set_alert", "ping me about big payments").text
    over = amount("over 150", "gt", 15_000)
    assert "a payment over £150.00" in talk.parse("out_of_scope", "over 150", over).text
    assert "Below which balance" in talk.parse("set_alert", "balance alert please").text
    assert (
        "goes under £50.00"
        in talk.parse("out_of_scope", "under 50", amount("under 50", "lt", 5000)).text
    )


def test_what_to_tell_of_is_asked_and_a_question_is_not_taken_for_it(talk: Talk) -> None:
    assert "What shall I tell you of?" in talk.parse("set_alert", "alert me").text
    assert "your pay comes in" in talk.parse("next_payday", "when i get paid").text
    talk.parse("set_alert", "alert me")
    assert "Your next pay" in talk.parse("next_payday", "when do i get paid").text
    talk.parse("set_alert", "alert me")
    over = talk.parse("list_transactions", "payments over £200", OVER_200)
    assert "a payment over £200.00 goes out" in over.text


def test_another_amount_changes_it_and_one_is_removed(talk: Talk) -> None:
    talk.parse("set_alert", "tell me when a payment is over £200", OVER_200)
    changed = talk.parse("set_alert", "payments over £300", amount("over £300", "gt", 30_000))
    assert "(it was £200.00)" in changed.text
    talk.parse("set_alert", "tell me when i get paid")
    asked = talk.parse("delete_alert", "turn that alert off")
    assert asked.text == "Which alert shall I remove?"
    assert "payday" not in talk.parse("list_alerts", "my alerts").text
    assert "your pay comes in" in talk.parse("delete_alert", "delete my payday alert").text
    assert talk.parse("list_alerts", "my alerts").figures[0].minor == 30_000
    assert "Removed" in talk.parse("delete_alert", "remove all alerts").text
    assert "You have set no alerts" in talk.parse("list_alerts", "my alerts").text


def test_at_the_first_look_nothing_is_sent_and_after_it_only_news(talk: Talk) -> None:
    first = look(talk.engine)
    assert first.held == "first"
    assert look(talk.engine).messages == []
    assert sent(talk.engine) == []


def test_a_large_payment_is_told_once_with_why_and_how_to_stop(talk: Talk) -> None:
    look(talk.engine)
    talk.parse("set_alert", "alert me when a payment is over £200", OVER_200)
    assert sent(talk.engine) == []
    book(talk.engine, -25_000)
    book(talk.engine, -1_000)
    look(talk.engine)
    look(talk.engine)
    assert sent(talk.engine) == [
        "£250.00 to BIG SHOP LONDON on 10 November. You asked me to tell you when a payment over "
        "£200.00 goes out; “stop” ends it."
    ]


def test_its_stop_button_ends_it(talk: Talk) -> None:
    look(talk.engine)
    talk.parse("set_alert", "alert me when a payment is over £200", OVER_200)
    book(talk.engine, -25_000)
    look(talk.engine)
    with reading(talk.engine) as connection:
        button = connection.execute(select(tables.buttons)).first()
    assert button is not None
    assert button.title == "Stop"
    stopped = talk.parse(button.payload["intent"], "Stop", edit=button.payload["edit"])
    assert stopped.text.startswith("Removed")
    book(talk.engine, -25_000)
    assert look(talk.engine).messages == []


def test_a_balance_is_told_each_time_it_passes_the_bound(talk: Talk) -> None:
    look(talk.engine)
    with reading(talk.engine) as connection:
        held = {b.account.type: b.minor for b in balances(connection, SCOPE, NINE.date())}[
            "checking"
        ]
    assert held is not None
    bound = amount("under £10", "lt", 1000)
    talk.parse("set_alert", "tell me when my balance is under £10", bound)
    book(talk.engine, 500 - held)
    look(talk.engine)
    look(talk.engine, NINE + timedelta(days=1))
    assert len([text for text in sent(talk.engine) if "under your £10.00" in text]) == 1
    book(talk.engine, 5_000, day=date(2026, 11, 12))
    look(talk.engine, NINE + timedelta(days=2))
    book(talk.engine, -5_000, day=date(2026, 11, 13))
    look(talk.engine, NINE + timedelta(days=3))
    assert len([text for text in sent(talk.engine) if "under your £10.00" in text]) == 2


def test_the_recap_comes_on_monday_from_the_hour_on_once(talk: Talk) -> None:
    look(talk.engine)
    monday = datetime(2026, 11, 16, 8, tzinfo=UTC)
    book(talk.engine, -12_345, day=date(2026, 11, 12))
    look(talk.engine, monday)
    assert not any("you spent" in text for text in sent(talk.engine))
    for minutes in (60, 90, 600, 60 * 24):
        look(talk.engine, monday + timedelta(minutes=minutes))
    recaps = [text for text in sent(talk.engine) if "you spent" in text]
    assert len(recaps) == 1
    assert recaps[0].startswith("Last week (9–15 November) you spent £180.88, ")
    assert recaps[0].endswith("“stop” asks which of them ends.")


def test_digests_of_one_morning_come_in_one_message(talk: Talk) -> None:
    look(talk.engine)
    book(talk.engine, -12_345, day=date(2026, 11, 12))
    look(talk.engine, datetime(2026, 11, 16, 9, tzinfo=UTC))
    assert len(sent(talk.engine)) == 1
    told = sent(talk.engine)[0]
    assert told.startswith("Last week (9–15 November) you spent £180.88, ")
    assert "Due soon: " in told
    assert told.endswith("“stop” asks which of them ends.")
    assert len(told) <= 300
    stop = {"stop": "digest recap bills"}
    asked = talk.parse("delete_alert", "Stop", edit=stop)
    assert [one.title for one in asked.buttons] == [
        "No weekly recap",
        "No bills of the next days",
        "All messages",
    ]
    assert "no more weekly recap" in talk.tap(asked, "No weekly recap").text


def test_quiet_hours_hold_in_the_persons_time_zone(talk: Talk) -> None:
    look(talk.engine)
    talk.parse("set_alert", "alert me when a payment is over £200", OVER_200)
    book(talk.engine, -25_000)
    night = datetime(2026, 11, 10, 22, tzinfo=UTC)
    assert look(talk.engine, night).held == "quiet"
    assert sent(talk.engine) == []
    talk.parse("set_alert", "my time zone is new york")
    look(talk.engine, night)
    assert len(sent(talk.engine)) == 1


def test_hour_quiet_hours_and_off_are_said_in_the_chat(talk: Talk) -> None:
    assert "from 18:00" in talk.parse("set_alert", "send me my weekly recap at 6pm").text
    assert "between 22:00 and 7:00" in talk.parse("set_alert", "set quiet hours 10 to 7").text
    stopped = talk.parse("delete_budget", "stop the weekly recap")
    assert stopped.text == "Done: no more weekly recap."
    off = talk.parse("delete_alert", "stop sending me messages")
    assert "nothing unasked" in off.text
    assert look(talk.engine).held == "off"
    assert "weekly recap" in talk.tap(off, "Turn on again").text
    with reading(talk.engine) as connection:
        chosen = notices.settings(connection, SCOPE)
    assert (chosen.off, chosen.hour, chosen.quiet_from, chosen.stopped) == (False, 18, 22, ())


def change(engine: Any, table: Any, where: Any, **values: Any) -> None:
    """What enrichment finds out after an import."""
    with writing(engine) as connection:
        connection.execute(update(table).where(where).values(**values))


def test_a_price_rise_and_a_trial_that_turned_paid_are_told_once(talk: Talk) -> None:
    look(talk.engine)
    assert "goes up" in talk.parse("set_alert", "tell me if a subscription price goes up").text
    streams, day = tables.streams, date(2026, 11, 4)
    rises = (PriceRise(day, -1299, -1399), PriceRise(date(2026, 6, 4), -1199, -1299))
    change(talk.engine, streams, streams.c.id == "spotify", price_rises=rises)
    change(talk.engine, streams, streams.c.id == "netflix", trial_ended_on=day)
    for _ in range(2):
        look(talk.engine)
    (told,) = [text for text in sent(talk.engine) if "Spotify" in text and "went" in text]
    assert "Spotify went from £12.99 to £13.99 on 4 November" in told
    assert "Netflix's free trial turned paid on 4 November" in told
    assert "£11.99" not in told


def test_a_second_charge_is_told_once_whether_or_not_it_was_asked_for(talk: Talk) -> None:
    look(talk.engine)
    first, second = (book(talk.engine, -1_999, "PHONE SHOP") for _ in range(2))
    with writing(talk.engine) as connection:
        connection.execute(
            insert(tables.enriched).values(
                person_id="maya", transaction_id=second, duplicate_of=first,
                category_confidence=0.0, counterparty_confidence=0.0, essential_confidence=0.0,
                recurring_confidence=0.0, location_confidence=0.0,
            )
        )  # fmt: skip
    for _ in range(2):
        look(talk.engine)
    told = [text for text in sent(talk.engine) if "charged twice, it seems: £19.99" in text]
    assert len(told) == 1
    assert "charged twice" in talk.parse("set_alert", "let me know if i'm charged twice").text


def test_a_first_and_large_payment_is_unusual_and_an_everyday_one_is_not(talk: Talk) -> None:
    def unusual(day: int) -> list[str]:
        with reading(talk.engine) as connection:
            now = datetime(2026, 10, day, 9, tzinfo=UTC)
            return [fact.text for fact in digest(desk_at(connection, SCOPE, now, now), "unusual")]

    assert unusual(20) == []
    (text,) = unusual(21)
    assert text.startswith("£612.40 to Finnair on 21 October, your first payment there")


def test_a_goal_that_is_reached(talk: Talk) -> None:
    look(talk.engine)
    with writing(talk.engine) as connection:
        plans.save_goal(connection, SCOPE, Goal("tokyo", "Tokyo", 1000, "GBP", None, NINE))
        plans.move_to_goal(connection, SCOPE, "tokyo", turn_id="t", minor=1000, on=NINE.date())
    look(talk.engine)
    assert sent(talk.engine)[-1].startswith("Well done, you've reached Tokyo: £10.00 saved.")


def test_a_person_who_is_being_answered_is_told_a_moment_later(talk: Talk) -> None:
    look(talk.engine)
    talk.parse("set_alert", "alert me when a payment is over £200", OVER_200)
    book(talk.engine, -25_000)
    with writing(talk.engine) as connection:
        assert inbox.lease(connection, CHAT, "gateway", NINE, NINE + timedelta(seconds=20))
    with pytest.raises(BusyError):
        look(talk.engine)
    assert sent(talk.engine) == []
    with writing(talk.engine) as connection:
        inbox.release(connection, CHAT, "gateway")
    look(talk.engine)
    assert len(sent(talk.engine)) == 1


def imported(engine: Any, at: datetime) -> None:
    """The record of an import."""
    with writing(engine) as connection:
        connection.execute(
            insert(tables.imports).values(
                **dict.fromkeys(("name", "sha256", "kind", "layout"), "x"),
                **dict.fromkeys(("added", "matched", "held", "rejected"), 0),
                id=new_id("import"),
                person_id="maya",
                imported_at=at,
            )
        )


@pytest.fixture
def awake(talk: Talk) -> list[datetime]:
    """A clock that a test may move, for a person who lives by it."""
    with writing(talk.engine) as connection:
        connection.execute(update(tables.people).values(clock=None, demo=False))
    return [NINE]


def test_a_round_looks_after_an_import_and_a_restart_repeats_nothing(
    talk: Talk, awake: list[datetime]
) -> None:
    first, second = (Scheduler(talk.engine, lambda: awake[0], HOUR) for _ in range(2))
    first.round()
    talk.parse("set_alert", "alert me when a payment is over £200", OVER_200)
    book(talk.engine, -25_000)
    first.round()
    assert sent(talk.engine) == []
    imported(talk.engine, awake[0])
    awake[0] += timedelta(minutes=3)  # its rows are never enriched, and not waited for any longer
    first.round()
    second.round()
    Scheduler(talk.engine, lambda: awake[0], HOUR).round()
    assert len([text for text in sent(talk.engine) if "£250.00" in text]) == 1


def test_what_falls_due_is_looked_at_in_its_hour_and_not_between(
    talk: Talk, awake: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[datetime] = []

    def noted(*given: Any) -> Look:
        looks.append(given[2])
        return tell(*given)

    monkeypatch.setattr("actions.scheduler.tell", noted)
    scheduler = Scheduler(talk.engine, lambda: awake[0], HOUR)
    for _ in range(24):
        scheduler.round()
        awake[0] += timedelta(hours=1)
    # At the start, and when the quiet hours end; the hour of the digests is that of the start.
    assert [at.hour for at in looks] == [9, 8]


def test_a_new_chat_is_looked_at_at_once(talk: Talk, awake: list[datetime]) -> None:
    with writing(talk.engine) as connection:
        connection.execute(delete(tables.conversations))
    scheduler = Scheduler(talk.engine, lambda: awake[0], HOUR)
    scheduler.round()
    with writing(talk.engine) as connection:
        people.open_conversation(connection, SCOPE, "telegram", awake[0], CHAT, address="7")
    awake[0] += timedelta(seconds=5)
    scheduler.round()
    with reading(talk.engine) as connection:
        assert notices.settings(connection, SCOPE).begun


def test_nobody_without_a_channel_is_written_to(talk: Talk) -> None:
    with writing(talk.engine) as connection:
        connection.execute(delete(tables.conversations))
        notices.save_settings(connection, SCOPE, notices.NoticeSettings(begun=True))
    found = look(talk.engine)
    assert found.held == "nowhere"
    assert found.messages
