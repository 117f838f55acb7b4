"""Autosave: tried on the person's own history, started by a yes, run once for each trigger."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from actions import autosave
from actions.desk import Desk
from actions.saving import Happened, History, daily, puts, tried
from actions.scheduler import Scheduler
from ledger import autosave as store
from ledger import plans
from ledger.autosave import Rule
from ledger.database import migrate, open_engine, reading, writing
from ledger.scope import TurnScope, UserScope
from ledger.tables import people

from .conftest import NOW, OCTOBER, Talk, amount, category, every, load

SCOPE = UserScope("maya")
BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
TAKEAWAYS = category("takeaways", "eating_out.delivery", "eating_out.fast_food")
FIVE_A_WEEK = (amount("£5", "eq", 500), every("a week", "week"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, people_folder: Path) -> Iterator[Any]:
    url = f"sqlite:///{tmp_path_factory.mktemp('autosave') / 'florin.db'}"
    migrate(url)
    engine = open_engine(url)
    load(engine, people_folder / "maya", "maya")
    yield engine
    engine.dispose()


@pytest.fixture
def talk(engine: Any) -> Iterator[Talk]:
    talk = Talk(engine, "maya", NOW["maya"])
    plan = (
        "enable_autosave",
        "disable_autosave",
        "create_goal",
        "delete_goal",
        "set_alert",
        "set_budget",
    )
    talk.action |= dict.fromkeys(plan, "action_plans")
    talk.action |= dict.fromkeys(
        ("autosave_status", "check_goals", "safe_to_spend"), "action_outlook"
    )
    yield talk
    with writing(engine) as connection:
        connection.execute(delete(store.autosave_rules))
        plans.delete_goals(connection, SCOPE, ["tokyo"])


def figures(answer: Any) -> dict[str, int]:
    return {figure.name: figure.minor for figure in answer.figures}


def run_on(engine: Any, day: date) -> int:
    """What the scheduler puts aside on a day, in all."""
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    with writing(engine) as connection:
        return sum(
            m.minor for m in autosave.run(Desk(connection, TurnScope("maya", "c", "t", now)))
        )


def test_a_rule_is_tried_on_the_history_and_starts_with_a_yes(talk: Talk) -> None:
    asked = talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK)
    assert figures(asked)["amount"] == 500
    days = dict(asked.counts)["days"]
    assert days <= 365
    assert f"On your last {days} days it would have saved" in asked.text
    assert "never below" in asked.text
    assert "No, autosave is off" in talk.parse("autosave_status", "is autosave on").text
    asked = talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK)
    started = talk.parse("affirm", "yes")
    assert started.text.startswith("Autosave is on: £5.00 a week, first on 16 November.")
    assert "money at your bank stays where it is" in started.text
    status = talk.parse("autosave_status", "is autosave on")
    assert status.text.startswith("Yes, autosave is on: £5.00 a week.")
    assert "asked" not in (talk.memory or {})


def test_the_button_starts_it_too_and_not_now_leaves_it(talk: Talk) -> None:
    asked = talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK)
    talk.parse("deny", "not now")
    assert talk.parse("affirm", "yes").text.startswith(("Good", "All right", "OK"))
    assert "Autosave is on" in talk.tap(asked, "Start it").text


def test_what_was_asked_between_is_answered_and_a_later_yes_starts_nothing(talk: Talk) -> None:
    talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK)
    assert talk.parse("spending_total", "how much in october", OCTOBER).figures
    talk.parse("affirm", "yes")
    assert talk.parse("autosave_status", "is it on").text.startswith("No")


def test_another_amount_changes_the_proposal_and_a_budget_is_none(talk: Talk) -> None:
    talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK)
    changed = talk.parse("set_budget", "make it £10", amount("£10", "eq", 1000))
    assert changed.text.startswith("£10.00 a week.")
    changed = talk.parse("set_budget", "a month then", every("a month", "month"))
    assert changed.text.startswith("£10.00 a month.")
    assert talk.parse("affirm", "ok").text.startswith("Autosave is on: £10.00 a month")
    talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK)
    talk.parse("spending_total", "how much in october", OCTOBER)
    assert talk.parse("set_budget", "£90 a month", amount("£90", "eq", 9000)).text.startswith(
        "Done"
    )


def test_missing_parts_are_asked_and_given_alone(talk: Talk) -> None:
    asked = talk.parse("enable_autosave", "turn on autosave")
    assert "How much shall I put aside" in asked.text
    assert "How often" in talk.parse("out_of_scope", "15").text
    proposed = talk.parse("enable_autosave", "every payday", every("every payday", "month"))
    assert proposed.text.startswith("£15.00 every payday.")
    talk.parse("enable_autosave", "turn on autosave")
    assert talk.parse("contribute_goal", "10% of my pay").text.startswith("10% of each pay.")
    talk.parse("enable_autosave", "turn on autosave")
    assert "each payment rounded up" in talk.parse("out_of_scope", "round up").text.lower()


def test_change_pause_resume_stop(talk: Talk) -> None:
    talk.tap(talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK), "Start it")
    changed = talk.parse("enable_autosave", "make it twenty", amount("twenty", "eq", 2000))
    assert "£20.00 a week instead of £5.00 a week" in changed.text
    talk.tap(changed, "Change it")
    paused = talk.parse("disable_autosave", "pause autosave for two weeks")
    assert "paused until 24 November" in paused.text
    assert talk.parse("autosave_status", "is it on").text.startswith("No, autosave is paused")
    assert "on again: £20.00 a week" in talk.parse("enable_autosave", "resume autosave").text
    assert talk.parse("disable_autosave", "turn it off").text.startswith("Autosave is off")
    assert talk.parse("disable_autosave", "turn it off").text.startswith("Autosave is off already")


def test_moves_are_made_once_and_lower_what_is_safe_to_spend(talk: Talk) -> None:
    before = figures(talk.parse("safe_to_spend", "what can i spend"))
    talk.parse(
        "create_goal", "save 1000 for tokyo", amount("1000", "eq", 100_000),
        {"entity": "goal", "value": "tokyo", "resolved": None},
    )  # fmt: skip
    week = (amount("£5", "eq", 500), every("a week", "week"))
    talk.tap(talk.parse("enable_autosave", "autosave £5 a week for tokyo", *week), "Start it")
    assert run_on(talk.engine, date(2026, 11, 24)) == 1000
    assert run_on(talk.engine, date(2026, 11, 24)) == 0
    after = figures(talk.parse("safe_to_spend", "what can i spend"))
    assert after["aside"] == 1000
    assert after["safe"] == before["safe"] - 1000
    assert figures(talk.parse("check_goals", "my goals"))["saved"] == 1000
    talk.parse("delete_goal", "delete tokyo")
    assert figures(talk.parse("safe_to_spend", "what can i spend")) == before
    assert run_on(talk.engine, date(2026, 11, 24)) == 0
    assert run_on(talk.engine, date(2026, 12, 1)) == 500


def test_the_scheduler_puts_it_aside_for_somebody_without_a_channel_too(talk: Talk) -> None:
    talk.tap(talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK), "Start it")
    with writing(talk.engine) as connection:
        connection.execute(update(people).values(demo=False))
    Scheduler(talk.engine, lambda: datetime(2026, 11, 24, 9, tzinfo=UTC), 9).round()
    with reading(talk.engine) as connection:
        assert sum(move.minor for move in store.moves(connection, SCOPE)) == 1000


def test_money_put_aside_can_be_let_go(talk: Talk) -> None:
    talk.tap(talk.parse("enable_autosave", "autosave £5 a week", *FIVE_A_WEEK), "Start it")
    run_on(talk.engine, date(2026, 11, 24))
    stopped = talk.parse("disable_autosave", "stop autosave")
    assert "£10.00 stays put aside" in stopped.text
    assert "£10.00 counts as spendable again" in talk.tap(stopped, "Let the money go").text
    assert "aside" not in figures(talk.parse("safe_to_spend", "what can i spend"))


def test_on_overspending(talk: Talk) -> None:
    asked = talk.parse(
        "set_alert", "save £5 when I overspend on takeaways", amount("£5", "eq", 500), TAKEAWAYS
    )
    assert "£5.00 whenever a month on" in asked.text
    assert "passes" in asked.text
    assert "Autosave is on" in talk.parse("affirm", "go for it").text


# --- the laws of the trial -----------------------------------------------------------------------

START = date(2026, 1, 1)
DAYS = 120
rows = st.lists(
    st.builds(
        Happened,
        st.uuids().map(str),
        st.integers(0, DAYS - 1).map(lambda n: START + timedelta(days=n)),
        st.integers(1, 400_000),
    ),
    max_size=30,
    unique_by=lambda row: row.id,
).map(lambda found: sorted(found, key=lambda row: row.day))
rules = st.one_of(
    st.builds(
        lambda unit, minor: Rule("r", "fixed", "GBP", START, BIRTH, unit=unit, minor=minor),
        st.sampled_from(["day", "week", "fortnight", "month", "payday"]),
        st.integers(1, 50_000),
    ),
    st.just(Rule("r", "round_up", "GBP", START, BIRTH)),
    st.builds(
        lambda share: Rule("r", "share", "GBP", START, BIRTH, share=share), st.integers(1, 5_000)
    ),
    st.builds(
        lambda cap, minor: Rule("r", "overspend", "GBP", START, BIRTH, minor=minor, cap=cap),
        st.integers(0, 500_000),
        st.integers(1, 50_000),
    ),
)


def wanted(rule: Rule, pays: list[Happened], bought: list[Happened]) -> list[tuple[date, int]]:
    """Each day and sum that a rule is triggered by, told day by day."""
    found = []
    for number in range(DAYS):
        day = START + timedelta(days=number)
        paid = [row for row in pays if row.day == day]
        spent = [row for row in bought if row.day == day]
        if rule.kind == "share":
            found += [(day, row.minor * (rule.share or 0) // 10_000) for row in paid]
        elif rule.kind == "round_up":
            found += [(day, (100 - row.minor % 100) % 100) for row in spent]
        elif rule.kind == "overspend":
            month = [
                row for row in bought if (row.day.year, row.day.month) == (day.year, day.month)
            ]
            until = sum(row.minor for row in month if row.day <= day)
            before = sum(row.minor for row in month if row.day < day)
            if before <= (rule.cap or 0) < until:
                found.append((day, rule.minor or 0))
        else:
            first_monday = START + timedelta(days=-START.weekday() % 7)
            is_due = {
                "day": True,
                "week": day.weekday() == 0,
                "fortnight": (day - first_monday).days % 14 == 0,
                "month": day.day == 1,
                "payday": bool(paid),
            }[rule.unit or ""]
            if is_due:
                found.append((day, rule.minor or 0))
    return [(day, minor) for day, minor in found if minor > 0]


@settings(max_examples=60, deadline=None)
@given(rule=rules, pays=rows, bought=rows)
def test_without_balances_the_moves_are_every_trigger(
    rule: Rule, pays: list[Happened], bought: list[Happened]
) -> None:
    trial = tried(rule, History(pays, bought, bought), START, START + timedelta(days=DAYS))
    expected = wanted(rule, pays, bought)
    assert trial.saved == sum(minor for _, minor in expected)
    assert sorted((put.day, put.minor) for put in trial.puts) == sorted(expected)
    assert len({put.trigger for put in trial.puts}) == len(trial.puts)


@settings(max_examples=60, deadline=None)
@given(rule=rules, pays=rows, bought=rows, opening=st.integers(0, 300_000))
def test_a_move_never_takes_what_is_not_there(
    rule: Rule, pays: list[Happened], bought: list[Happened], opening: int
) -> None:
    end = START + timedelta(days=DAYS)
    booked = [*pays, *(Happened(row.id, row.day, -row.minor) for row in bought)]
    last = opening + sum(row.minor for row in booked)
    balances = daily(end - timedelta(days=1), last, booked, DAYS)
    for day, balance in balances.items():
        assert balance == opening + sum(row.minor for row in booked if row.day <= day)
    trial = tried(rule, History(pays, bought, bought, balances), START, end)
    aside = 0
    for put in trial.puts:
        assert 0 < put.minor <= balances[put.day] - aside
        aside += put.minor
    lefts = [
        balance - sum(put.minor for put in trial.puts if put.day <= day)
        for day, balance in sorted(balances.items())
    ]
    assert trial.lowest == min(lefts)
    assert trial.worst == START + timedelta(days=lefts.index(min(lefts)))


@settings(max_examples=60, deadline=None)
@given(rule=rules, pays=rows, bought=rows, cut=st.integers(0, DAYS))
def test_run_in_parts_it_is_the_same_once(
    rule: Rule, pays: list[Happened], bought: list[Happened], cut: int
) -> None:
    history, end = History(pays, bought, bought), START + timedelta(days=DAYS)
    first = puts(rule, history, START, START + timedelta(days=cut))
    made = {put.trigger: put.minor for put in first}
    rest = puts(rule, history, START, end, made=made)
    again = puts(rule, history, START, end, made=made | {put.trigger: put.minor for put in rest})
    assert again == []
    assert [*first, *rest] == puts(rule, history, START, end)


def test_nobody_elses_rules_are_seen(engine: Any) -> None:
    with reading(engine) as connection:
        assert store.rules(connection, UserScope("jordan")) == []
